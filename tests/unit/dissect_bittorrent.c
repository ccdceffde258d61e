/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/bittorrent.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/bittorrent.h"

DISSECT_TESTS(bittorrent, IMTC_L4_TCP)
DISSECT_MAIN(bittorrent)
