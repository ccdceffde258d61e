/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/gnutella.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/gnutella.h"

DISSECT_TESTS(gnutella, IMTC_L4_TCP)
DISSECT_MAIN(gnutella)
