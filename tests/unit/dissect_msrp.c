/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/msrp.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/msrp.h"

DISSECT_TESTS(msrp, IMTC_L4_TCP)
DISSECT_MAIN(msrp)
