/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/kakaotalk.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/kakaotalk.h"

DISSECT_TESTS(kakaotalk, IMTC_L4_TCP)
DISSECT_MAIN(kakaotalk)
