/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector tox of bpf/dissect/tox.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/tox.h"

DISSECT_TESTS(tox, IMTC_L4_UDP)
DISSECT_MAIN(tox)
