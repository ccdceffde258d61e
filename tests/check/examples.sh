#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The example policies: each is a good policy, and its tests hold and ask for every rule of it.
. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
scratch

for file in examples/*.conf; do
	tests=${file%.conf}.tests
	check "$file" "$IMCTL" policy check "$file"
	check "$tests" "$IMCTL" policy test "$tests"
	"$IMCTL" policy check --print "$file" | sed -n 's/^[0-9]* "\([^"]*\)".*/\1/p' | sort -u > "$SCRATCH/rules"
	grep -o 'rule = "[^"]*"' "$tests" | sed 's/rule = "\(.*\)"/\1/; /^$/d' | sort -u > "$SCRATCH/asked"
	is "$(cat "$SCRATCH/rules")" "$(cat "$SCRATCH/asked")" "each rule of $file is asked for"
done
done_testing
