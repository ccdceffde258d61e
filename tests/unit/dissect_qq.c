/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/qq.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/qq.h"

DISSECT_TESTS(qq, IMTC_L4_TCP)
DISSECT_MAIN(qq)
