/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/gadugadu.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/gadugadu.h"

DISSECT_TESTS(gadugadu, IMTC_L4_TCP)
DISSECT_MAIN(gadugadu)
