#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every file says its license near the top; prose, data and what has no comments aside.
. "$(dirname "$0")/../lib/tap.sh"

git rev-parse --is-inside-work-tree >/dev/null 2>&1 || skip_all "not a git tree"
lacking=$(git ls-files -- '*.c' '*.h' '*.sh' '*.py' '*.mk' '*.in' Makefile Kbuild scripts tests/vm tests/run .ci demo |
	sort -u | while read -r file; do
		[ ! -f "$file" ] || head -n 3 "$file" | grep -q 'SPDX-License-Identifier: ' || echo "$file"
	done | grep -v -E '\.(md|txt|json|xml|conf|cfg|rules|expect|out|pcap|bin|lua)$')
is "$lacking" "" "every source has its SPDX line"
done_testing
