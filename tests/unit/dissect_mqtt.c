/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/mqtt.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/mqtt.h"

DISSECT_TESTS(mqtt, IMTC_L4_TCP)
DISSECT_MAIN(mqtt)
