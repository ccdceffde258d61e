/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector media of bpf/dissect/media.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/media.h"

DISSECT_TESTS(media, IMTC_L4_UDP)
DISSECT_MAIN(media)
