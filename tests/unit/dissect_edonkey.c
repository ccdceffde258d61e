/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/edonkey.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/edonkey.h"

DISSECT_TESTS(edonkey, IMTC_L4_TCP)
DISSECT_MAIN(edonkey)
