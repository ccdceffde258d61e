/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/calls.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/calls.h"

DISSECT_TESTS(calls, IMTC_L4_UDP)
DISSECT_MAIN(calls)
