/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/zephyr.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/zephyr.h"

DISSECT_TESTS(zephyr, IMTC_L4_UDP)
DISSECT_MAIN(zephyr)
