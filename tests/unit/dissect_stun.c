/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/stun.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/stun.h"

DISSECT_TESTS(stun, IMTC_L4_UDP)
DISSECT_MAIN(stun)
