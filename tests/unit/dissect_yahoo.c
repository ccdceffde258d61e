/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/yahoo.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/yahoo.h"

DISSECT_TESTS(yahoo, IMTC_L4_TCP)
DISSECT_MAIN(yahoo)
