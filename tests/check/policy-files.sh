#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Every policy in tests/policy: what the good ones compile to, and what is said of the bad ones,
# to the letter. "policy-files.sh --update" writes what is said now into the golden files.
# timeout: 300
. "$(dirname "$0")/../lib/tap.sh"

[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
update=${1:-}
export LC_ALL=C.UTF-8 IMTC_SIGNATURES=$IMTC_TOP/signatures

# golden FOLDER FILE SUFFIX OPTION...: names in the text are relative to the folder.
golden() {
	local folder=$1 file=$2 suffix=$3 got
	shift 3
	got=$(cd "$folder" && "$IMCTL" policy check "$@" "$file" 2>&1; echo "exit $?")
	[ "$update" = --update ] && printf '%s\n' "$got" > "$folder/${file%.conf}.$suffix"
	is "$got" "$(cat "$folder/${file%.conf}.$suffix" 2>&1)" "$folder/$file"
}

for file in tests/policy/good/*.conf; do
	golden tests/policy/good "${file##*/}" rules --print
done
for file in tests/policy/bad/*.conf; do
	golden tests/policy/bad "${file##*/}" err
done

# Each is told something of its own: message, what was expected and what was found.
bad=$(find tests/policy/bad -name '*.conf' | wc -l)
num "$bad" -ge 150 "at least 150 malformed policies ($bad)"
is "$(grep -L '^exit 3$' tests/policy/bad/*.err)" "" "each bad policy ends with status 3"
is "$(grep -L '^exit 0$' tests/policy/good/*.rules)" "" "each good policy ends with status 0"
twins=$(for err in tests/policy/bad/*.err; do
	sed -n 's/^[^ ]* error: //p; s/^  *\(expected\|found\): //p' "$err" | tr '\n' ' '
	echo
done | sort | uniq -d)
is "$twins" "" "no two bad policies are told the same"

# What is not a text at all, and what cannot be read.
scratch
is "$("$IMCTL" policy check "$SCRATCH/none.conf" 2>&1; echo "exit $?")" \
	"$SCRATCH/none.conf: error: cannot read it: No such file or directory
$SCRATCH/none.conf: 1 error
exit 1" "a missing file"
is "$("$IMCTL" policy check "$SCRATCH" 2>&1; echo "exit $?")" \
	"$SCRATCH: error: cannot read it: it is a directory
$SCRATCH: 1 error
exit 1" "a folder"
if [ "$(id -u)" = 0 ] && command -v setpriv >/dev/null; then
	echo 'rules = ();' > "$SCRATCH/secret.conf"
	chmod 600 "$SCRATCH/secret.conf"
	chmod 755 "$SCRATCH"
	like "$(setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all \
		"$IMCTL" policy check "$SCRATCH/secret.conf" 2>&1; echo "exit $?")" \
		'cannot read it: Permission denied' "an unreadable file"
else
	skip "an unreadable file" "needs root and setpriv"
fi
truncate -s 17M "$SCRATCH/large.conf"
like "$("$IMCTL" policy check "$SCRATCH/large.conf" 2>&1)" 'larger than 16 MiB' "a huge file"
like "$("$IMCTL" policy check /dev/zero 2>&1)" 'larger than 16 MiB' "an endless file"
like "$("$IMCTL" policy check <(echo 'rules = ();') 2>&1)" ': ok: ' "a pipe"

# JSON says the same.
json=$("$IMCTL" --json policy check tests/policy/bad/many-errors.conf)
is $? 3 "--json keeps the exit status"
is "$(tests/lib/jsonq '[d["file"], len(d["errors"]), len(d["warnings"])]' <<<"$json")" \
	"['tests/policy/bad/many-errors.conf', 12, 0]" "--json lists every error"
is "$(tests/lib/jsonq '[d["errors"][2][k] for k in ("file", "line", "column", "message", "found")]' \
	<<<"$json")" \
	"['tests/policy/bad/many-errors.conf', 5, 16, 'unknown service \"icr\"; did you mean \"irc\"?', None]" \
	"--json has position and message"
json=$("$IMCTL" policy check --json --print tests/policy/good/office.conf)
is "$(tests/lib/jsonq '[d["policy"], d["rules"], d["compiled"], d["compiled_rules"][4]["remote"]]' \
	<<<"$json")" "['office', 5, 6, '10.0.0.0/8']" "--json of a good policy"

# Whole words, and the right number of them.
for word in "policy check" "policy check a b" "policy check --prnt a" "policy load" "policy chek a" \
	"policy" "plicy" "--jsn policy show"; do
	# shellcheck disable=SC2086
	"$IMCTL" $word >/dev/null 2>&1
	is $? 2 "wrong usage: imctl $word"
done

# Ten thousand rules, each with a process and a prefix, compile in under half a second.
awk 'BEGIN {
	print "rules = ("
	for (i = 0; i < 10000; i++)
		printf "%s{ service = \"irc\"; remote = \"10.%d.%d.0/24\"; process = { user = %d; }; verdict = \"drop\"; }\n",
			i ? "," : "", i / 250, i % 250, i % 1000
	print ");"
}' > "$SCRATCH/many.conf"
# Time on the CPU: what else runs here is not the compiler's fault. The best of three.
best=999999
TIMEFORMAT='%U %S'
for _ in 1 2 3; do
	spent=$({ time "$IMCTL" policy check "$SCRATCH/many.conf" > "$SCRATCH/many.out" 2>&1; } 2>&1)
	ms=$(awk '{ printf "%d", ($1 + $2) * 1000 }' <<<"$spent")
	[ "$ms" -lt "$best" ] && best=$ms
done
like "$(cat "$SCRATCH/many.out")" '10000 rules \(10000 compiled\)$' "10,000 rules compile"
num "$best" -lt $((500 * ${IMTC_SLOW:-1})) "in under 500 ms ($best)"
done_testing
