/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/line.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/line.h"

DISSECT_TESTS(line, IMTC_L4_TCP)
DISSECT_MAIN(line)
