/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/paltalk.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/paltalk.h"

DISSECT_TESTS(paltalk, IMTC_L4_TCP)
DISSECT_MAIN(paltalk)
