/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector "socks_udp" of bpf/dissect/socks.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/socks_udp.h"

DISSECT_TESTS(socks_udp, IMTC_L4_UDP)
DISSECT_MAIN(socks_udp)
