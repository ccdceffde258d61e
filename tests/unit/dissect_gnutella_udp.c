/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/gnutella_udp.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/gnutella_udp.h"

DISSECT_TESTS(gnutella_udp, IMTC_L4_UDP)
DISSECT_MAIN(gnutella_udp)
