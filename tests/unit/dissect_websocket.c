/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector "websocket" of bpf/dissect/websocket.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/websocket.h"

DISSECT_TESTS(websocket, IMTC_L4_TCP)
DISSECT_MAIN(websocket)
