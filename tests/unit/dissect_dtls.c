/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/dtls.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/dtls.h"

DISSECT_TESTS(dtls, IMTC_L4_UDP)
DISSECT_MAIN(dtls)
