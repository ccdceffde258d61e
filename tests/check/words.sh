#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Commands and options are the same in --help, in imctl(8) and in the completion.
. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
scratch
page=docs/man/imctl.8 completion=ctl/completion/imctl.bash

# One line a command or verb: its words, then its options, from the program's own table.
"$IMCTL" --help --json | python3 -c '
import json, re, sys

def walk(command, before):
    name = (before + " " + command["name"]).strip()
    text = command["arguments"] + " " + (command["help"] or "")
    print(name, *sorted(set(re.findall(r"--[a-z][a-z-]*", text))), sep="|")
    for verb in command["verbs"]:
        walk(verb, name)

for command in json.load(sys.stdin):
    walk(command, "")' > "$SCRATCH/table" 2> "$SCRATCH/err" || diag "$(cat "$SCRATCH/err")"
num "$(wc -l < "$SCRATCH/table")" -ge 15 "the table of commands is read"

# The page without its macros and escapes.
sed -e 's/\\-/-/g; s/\\f[A-Z]//g; s/^\.[A-Z]* *//; s/"//g' "$page" > "$SCRATCH/page"
"$IMCTL" --help | grep -oE -e '--[a-z-]+' | sort -u > "$SCRATCH/globals"
num "$(wc -l < "$SCRATCH/globals")" -ge 4 "global options are read"

# shellcheck source=/dev/null
. "$IMTC_TOP/$completion"
offered() { # LINE: what completion offers after it
	local COMP_WORDS COMP_CWORD COMPREPLY
	read -ra COMP_WORDS <<< "imctl $1"
	COMP_WORDS+=("$2")
	COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
	compopt() { :; }
	_imctl
	printf '%s\n' "${COMPREPLY[@]}"
}

while IFS='|' read -r name opts; do
	grep -qE -- "^$name( |$)" "$SCRATCH/page" || echo "$name: not in the page"
	before=${name% *}
	[ "$before" != "$name" ] || before=
	offered "$before" "${name##* }" | grep -qx -- "${name##* }" || echo "$name: not completed"
	for option in ${opts//|/ }; do
		grep -qw -e "$option" "$SCRATCH/page" || echo "$name $option: not in the page"
		offered "$name" "$option" | grep -qx -e "$option" || echo "$name $option: not completed"
	done
done < "$SCRATCH/table" > "$SCRATCH/missing"
is "$(cat "$SCRATCH/missing")" "" "page and completion have every command and option"

# And nothing that is not there.
cut -d'|' -f2- "$SCRATCH/table" | tr '|' '\n' | cat - "$SCRATCH/globals" | sort -u > "$SCRATCH/known"
is "$(grep -oE -e '--[a-z][a-z-]*' "$SCRATCH/page" | sort -u | comm -23 - "$SCRATCH/known")" "--net" \
	"the page names no option that is not there (--net is nsenter's)"
is "$(grep -oE -e '--[a-z][a-z-]*' "$completion" | grep -v -- --help | sort -u | comm -23 - "$SCRATCH/known")" "" \
	"nor does the completion"
is "$(grep -oE -e '--[a-z][a-z-]*' "$SCRATCH/globals" | while read -r o; do grep -qw -e "$o" "$SCRATCH/page" || echo "$o"; done)" \
	"" "the page has the global options"
is "$(offered "" --)" "$(offered status --)" "the completion has them everywhere"

# Every command answers --help, with its name.
bad=$(cut -d'|' -f1 "$SCRATCH/table" | while read -r name; do
	# shellcheck disable=SC2086 # words
	"$IMCTL" $name --help | grep -q "^Usage: imctl $name" || echo "$name"
done)
is "$bad" "" "every command has help"
if command -v man >/dev/null; then
	is "$(MANROFFSEQ='' LC_ALL=C man --warnings -l "$page" 2>&1 >/dev/null | head -3)" "" "the page formats without warnings"
else
	skip "the page formats without warnings" "no man"
fi
done_testing
