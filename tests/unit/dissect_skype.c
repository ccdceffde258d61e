/* SPDX-License-Identifier: GPL-2.0-only */
/* The dissector skype of bpf/dissect/skype.h against its vectors and random payloads. */
#include "dissect.h"
#include "vectors/dissect/skype.h"

DISSECT_TESTS(skype, IMTC_L4_TCP)
DISSECT_MAIN(skype)
