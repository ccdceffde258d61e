/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/telegram.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/telegram.h"

DISSECT_TESTS(telegram, IMTC_L4_TCP)
DISSECT_MAIN(telegram)
