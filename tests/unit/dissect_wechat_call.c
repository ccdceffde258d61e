/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector wechat_call of bpf/dissect/wechat_call.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/wechat_call.h"

DISSECT_TESTS(wechat_call, IMTC_L4_UDP)
DISSECT_MAIN(wechat_call)
