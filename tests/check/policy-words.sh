#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every service and feature of the lists in include/ is in the reference and in the manual page,
# and what these show as policies is one.
. "$(dirname "$0")/../lib/tap.sh"

# words LIST: the names of a .def file, none for 0.
words() { sed -n 's/^IMTC_[A-Z]*([1-9][0-9]*, [A-Z0-9_]*, "\([^"]*\)".*/\1/p' "include/imtc/$1.def"; }

for list in services features; do
	num "$(words $list | wc -l)" -ge 10 "$list are read from the list"
	missing=$(for word in $(words $list); do
		grep -q "\`$word\`" docs/policy.md || echo "$word"
	done)
	is "$missing" "" "docs/policy.md names all $list"
	missing=$(for word in $(words $list); do
		grep -qw -e "$word" docs/man/imtc-policy.5 || echo "$word"
	done)
	is "$missing" "" "imtc-policy(5) names all $list"
done

# Services stand in the row of their group.
for group in PUBLIC CORPORATE FEDERATED; do
	row=$(grep "^| \`@${group,,}\` |" docs/policy.md)
	missing=$(sed -n "s/^IMTC_SERVICE(.*, [A-Z0-9_]*, \"\([^\"]*\)\", \".*\", $group)/\1/p" \
		include/imtc/services.def | while read -r word; do
			[[ $row == *"\`$word\`"* ]] || echo "$word"
		done)
	is "$missing" "" "docs/policy.md: $group"
done

[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
scratch
# The first block of code in the reference is a whole policy; bob is nobody's name here.
awk '/^    name = /{on=1} on && /^[^ ]/{exit} on' docs/policy.md | sed 's/"bob"/"nobody"/' \
	> "$SCRATCH/reference.conf"
out=$("$IMCTL" policy check "$SCRATCH/reference.conf" 2>&1)
like "$out" ': ok: policy "office", 5 rules' "the policy of the reference"
for file in examples/*.conf; do
	check "$file" "$IMCTL" policy check "$file"
done
done_testing
