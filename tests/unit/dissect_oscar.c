/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/oscar.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/oscar.h"

DISSECT_TESTS(oscar, IMTC_L4_TCP)
DISSECT_MAIN(oscar)
