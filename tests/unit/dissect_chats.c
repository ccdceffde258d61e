/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/chats.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/chats.h"

DISSECT_TESTS(chats, IMTC_L4_TCP)
DISSECT_MAIN(chats)
