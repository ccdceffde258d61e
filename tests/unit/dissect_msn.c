/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/msn.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/msn.h"

DISSECT_TESTS(msn, IMTC_L4_TCP)
DISSECT_MAIN(msn)
