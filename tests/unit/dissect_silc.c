/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/silc.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/silc.h"

DISSECT_TESTS(silc, IMTC_L4_TCP)
DISSECT_MAIN(silc)
