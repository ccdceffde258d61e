/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/sip.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/sip.h"

DISSECT_TESTS(sip, IMTC_L4_UDP)
DISSECT_MAIN(sip)
