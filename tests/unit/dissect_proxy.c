/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector "proxy" of bpf/dissect/proxy.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/proxy.h"

DISSECT_TESTS(proxy, IMTC_L4_TCP)
DISSECT_MAIN(proxy)
