/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/irc.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/irc.h"

DISSECT_TESTS(irc, IMTC_L4_TCP)
DISSECT_MAIN(irc)
