#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# The module's netlink family: what it refuses and in which words, transactions, dumps, limits.
. "$(dirname "$0")/../lib/tap.sh"
need_root
scratch
need_module

# Each program prints results and a plan of its own; the runner adds them up.
for program in nl_refuse nl_transaction; do
	"build/tests/kmod/$program"
	num $? -lt 2 "$program ran to its end"
done
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
