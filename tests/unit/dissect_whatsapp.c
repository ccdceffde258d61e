/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/whatsapp.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/whatsapp.h"

DISSECT_TESTS(whatsapp, IMTC_L4_TCP)
DISSECT_MAIN(whatsapp)
