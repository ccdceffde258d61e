/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector viber_call of bpf/dissect/viber_call.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/viber_call.h"

DISSECT_TESTS(viber_call, IMTC_L4_UDP)
DISSECT_MAIN(viber_call)
