/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/wechat.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/wechat.h"

DISSECT_TESTS(wechat, IMTC_L4_TCP)
DISSECT_MAIN(wechat)
