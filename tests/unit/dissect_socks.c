/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector "socks" of bpf/dissect/socks.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/socks.h"

DISSECT_TESTS(socks, IMTC_L4_TCP)
DISSECT_MAIN(socks)
