/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector skype_peer of bpf/dissect/skype.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/skype_peer.h"

DISSECT_TESTS(skype_peer, IMTC_L4_UDP)
DISSECT_MAIN(skype_peer)
