#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 400
# kernels: 6.12
# How much begins, counted by the module: what tests/netns/rates.sh shows without it, and more.
. "$(dirname "$0")/../lib/tap.sh"
need_root
scratch
need_module
check "the same numbers" env IMTC_TEST_MODULE=1 CMOCKA_MESSAGE_OUTPUT=STDOUT build/tests/bpf/t_rate
# Not by exec: the module is taken out again at the end.
IMTC_ENGINE='' tests/netns/rates.sh > "$SCRATCH/netns" 2>&1
is "$(grep -v '^ok ' "$SCRATCH/netns" | head -20)" "1..$(grep -c '^ok ' "$SCRATCH/netns")" \
	"real traffic ($(grep -c '^ok ' "$SCRATCH/netns"))"
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
