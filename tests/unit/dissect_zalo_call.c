/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector zalo_call of bpf/dissect/zalo_call.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/zalo_call.h"

DISSECT_TESTS(zalo_call, IMTC_L4_UDP)
DISSECT_MAIN(zalo_call)
