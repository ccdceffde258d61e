/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/torrent_udp.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/torrent_udp.h"

DISSECT_TESTS(torrent_udp, IMTC_L4_UDP)
DISSECT_MAIN(torrent_udp)
