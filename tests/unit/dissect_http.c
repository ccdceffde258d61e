/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector of bpf/dissect/http.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/http.h"

DISSECT_TESTS(http, IMTC_L4_TCP)
DISSECT_MAIN(http)
