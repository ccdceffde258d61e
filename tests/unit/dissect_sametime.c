/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/sametime.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/sametime.h"

DISSECT_TESTS(sametime, IMTC_L4_TCP)
DISSECT_MAIN(sametime)
