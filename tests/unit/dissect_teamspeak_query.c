/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/teamspeak_query.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/teamspeak_query.h"

DISSECT_TESTS(teamspeak_query, IMTC_L4_TCP)
DISSECT_MAIN(teamspeak_query)
