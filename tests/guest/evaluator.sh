#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# The module's evaluator against the plain one on the host: random policies, random flows.
. "$(dirname "$0")/../lib/tap.sh"
need_root
scratch
need_module
check "the same answers" env IMTC_TEST_MODULE=1 CMOCKA_MESSAGE_OUTPUT=STDOUT build/tests/bpf/t_verdict
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
