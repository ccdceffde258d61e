/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector line_call of bpf/dissect/line_call.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/line_call.h"

DISSECT_TESTS(line_call, IMTC_L4_UDP)
DISSECT_MAIN(line_call)
