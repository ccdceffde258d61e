/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/xmpp.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/xmpp.h"

DISSECT_TESTS(xmpp, IMTC_L4_TCP)
DISSECT_MAIN(xmpp)
