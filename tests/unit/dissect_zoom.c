/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector zoom of bpf/dissect/zoom.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/zoom.h"

DISSECT_TESTS(zoom, IMTC_L4_UDP)
DISSECT_MAIN(zoom)
