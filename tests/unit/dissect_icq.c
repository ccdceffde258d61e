/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/icq.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/icq.h"

DISSECT_TESTS(icq, IMTC_L4_UDP)
DISSECT_MAIN(icq)
