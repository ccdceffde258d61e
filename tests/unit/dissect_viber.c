/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/viber.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/viber.h"

DISSECT_TESTS(viber, IMTC_L4_TCP)
DISSECT_MAIN(viber)
