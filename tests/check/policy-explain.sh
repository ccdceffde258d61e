#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# imctl policy explain and test, without root: described flows, captures, expectations that hold and
# that do not, and every mistake in a file of tests.
. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
scratch
cat > "$SCRATCH/office.conf" <<'CONF'
name = "office";
rules = (
	{ name = "managed"; service = "xmpp"; process = { exe = [ "/opt/a", "/opt/b" ]; user = 0; }; verdict = "allow"; },
	{ name = "inside"; service = "xmpp"; remote = [ "10.0.0.0/8", "192.0.2.1" ]; encrypted = true; verdict = "allow"; },
	{ name = "no files"; service = [ "irc", "xmpp" ]; feature = "file"; verdict = "drop"; log = true; },
	{ name = "no IRC"; service = "irc"; direction = "out"; verdict = "reject"; }
);
CONF
explain() { (cd "$SCRATCH" && "$IMCTL" policy explain --policy office.conf "$@" 2>&1); }

# --- explain --------------------------------------------------------------------------------
is "$(explain service=xmpp feature=file exe=/opt/c user=0 remote=10.1.2.3 encrypted=no)" \
'flow: service xmpp, feature file, direction out, encryption clear, confidence payload, remote 10.1.2.3, exe /opt/c, uid 0
  office.conf:3: rule 1 "managed": no, wants exe /opt/a|/opt/b
  office.conf:4: rule 2 "inside": no, wants encrypted encrypted
  office.conf:5: rule 3 "no files": matches
verdict: drop, by rule 3 "no files" (office.conf:5), log info' "each rule in order, the one that decides, its place"
is "$(explain service=xmpp exe=/opt/a user=1 remote=11.1.2.3 encrypted=yes | sed -n '2,5p')" \
'  office.conf:3: rule 1 "managed": no, wants uid 0
  office.conf:4: rule 2 "inside": no, wants remote 10.0.0.0/8|192.0.2.1
  office.conf:5: rule 3 "no files": no, wants feature file
  office.conf:6: rule 4 "no IRC": no, wants service irc' "what each wants"
printf 'rules = ( { service = "irc"; verdict = "require-encryption"; } );\n' > "$SCRATCH/tls.conf"
for words in "no reject" "yes allow" "pending allow" "unknown allow"; do
	# shellcheck disable=SC2086 # two words
	set -- $words
	like "$("$IMCTL" policy explain --policy "$SCRATCH/tls.conf" service=irc encrypted="$1" 2>&1 | tail -1)" \
		"^verdict: $2, by rule 1" "require-encryption: $2 where encrypted is $1"
done
printf 'rules = ( { feature = "file"; verdict = "scrub"; } );\n' > "$SCRATCH/scrub.conf"
for words in "irc scrub" "xmpp reject" "sip scrub"; do
	# shellcheck disable=SC2086 # two words
	set -- $words
	like "$("$IMCTL" policy explain --policy "$SCRATCH/scrub.conf" service="$1" feature=file 2>&1 | tail -1)" \
		"^verdict: $2, by rule 1" "scrub: $2 for $1"
done
like "$(explain service=slack | tail -1)" "^verdict: allow, the policy's default: no rule matches" "the default"
like "$(explain service=irc direction=in | tail -2)" 'wants direction out' "direction"
is "$(explain --json service=xmpp exe=/opt/b user=0 | tests/lib/jsonq '[d[k] for k in ("verdict", "rule", "rule_name", "line", "reason")], d["flow"]["owner"]["exe"]')" \
	"(['allow', 1, 'managed', 3, 'rule'], '/opt/b')" "in JSON"
for words in "" "service=nothing" "service=xmpp remote=10.0.0.0/8" "xmpp" "service=xmpp colour=red" \
	"service=@public" "--flow --pcap x"; do
	# shellcheck disable=SC2086 # words
	explain $words > "$SCRATCH/out"
	is $? 2 "wrong usage: explain $words"
done
explain --pcap "$SCRATCH/none.pcap" > "$SCRATCH/out"
is $? 1 "a capture that is not there"
"$IMCTL" policy explain --policy "$SCRATCH/none.conf" service=irc > "$SCRATCH/out" 2>&1
is $? 1 "a policy that is not there"

sed 's/^rules/mode = "observe";\nrules/' "$SCRATCH/office.conf" > "$SCRATCH/observe.conf"
is "$("$IMCTL" policy explain --json --policy "$SCRATCH/observe.conf" service=irc | tests/lib/jsonq 'd["verdict"], d["observed"], d["rule"]')" \
	"('allow', 'reject', 4)" "what is only observed"

# --- a capture --------------------------------------------------------------------------------
python3 - "$SCRATCH/irc.pcap" <<'PY'
import struct, sys
def packet(seq, flags, payload):
    tcp = struct.pack("!HHIIBBHHH", 40000, 12345, seq, 1, 5 << 4, flags, 65535, 0, 0) + payload
    ip = struct.pack("!BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, bytes([10, 0, 0, 1]), bytes([192, 0, 2, 9]))
    return b"\2" * 12 + b"\x08\x00" + ip + tcp
frames = [packet(9, 2, b""), packet(10, 0x18, b"NICK alice\r\nUSER alice 0 * :Alice\r\n")]
with open(sys.argv[1], "wb") as f:
    f.write(struct.pack("=IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 1))
    for i, frame in enumerate(frames):
        f.write(struct.pack("=IIII", 1000 + i, 0, len(frame), len(frame)) + frame)
PY
got=$(explain --pcap "$SCRATCH/irc.pcap")
like "$got" 'flow: service irc, .*local 10.0.0.1, local_port 40000, remote 192.0.2.9, remote_port 12345' "the flows of a capture"
like "$got" 'verdict: reject, by rule 4 "no IRC"' "and what becomes of them"
got=$(explain --pcap "$SCRATCH/irc.pcap" direction=in exe=/x)
like "$got" 'direction in, .*local 192.0.2.9, local_port 12345, remote 10.0.0.1, remote_port 40000, exe /x' "as the server sees it, with what is said"
like "$got" "verdict: allow, the policy's default" "that counts"

# --- test ---------------------------------------------------------------------------------------
tests() { # TEXT
	printf '%s\n' "$1" > "$SCRATCH/x.tests"
	(cd "$SCRATCH" && "$IMCTL" policy test x.tests 2>&1; echo "exit $?")
}
is "$(tests 'policy = "office.conf"; tests = (
{ name = "by rule and verdict"; flow = { service = "irc"; encrypted = false; }; rule = "no IRC"; verdict = "reject"; },
{ flow = { service = "slack"; }; rule = ""; },
{ flow = { service = "xmpp"; exe = "/opt/a"; user = 0; }; verdict = "allow"; } );')" \
'ok 1 - by rule and verdict
ok 2 - test 2
ok 3 - test 3
1..3
exit 0' "expectations that hold"
is "$(tests 'policy = "office.conf"; tests = (
{ flow = { service = "irc"; }; rule = "no IRC"; verdict = "drop"; },
{ flow = { service = "irc"; }; rule = "no files"; },
{ flow = { service = "irc"; }; rule = ""; } );')" \
'not ok 1 - test 1
# x.tests:2
# expected: drop, by "no IRC"
# got: reject, by "no IRC"
not ok 2 - test 2
# x.tests:3
# expected: by "no files"
# got: reject, by "no IRC"
not ok 3 - test 3
# x.tests:4
# expected: by no rule
# got: reject, by "no IRC"
1..3
exit 3' "and that do not"
"$IMCTL" policy test --json "$SCRATCH/x.tests" > "$SCRATCH/out"
is $? 3 "--json keeps the exit status"
is "$(tests/lib/jsonq 'd["passed"], d["failed"], d["tests"][1]["rule_name"], d["tests"][1]["expected_rule"], d["tests"][1]["tests_line"]' < "$SCRATCH/out")" \
	"(0, 3, 'no IRC', 'no files', 3)" "and says what failed"
printf 'rules = ();' > "$SCRATCH/empty.conf"
is "$("$IMCTL" policy test -q --policy "$SCRATCH/empty.conf" "$SCRATCH/x.tests" 2>/dev/null | grep -c '^ok')" 1 \
	"--policy holds another policy against them"

is "$("$IMCTL" policy test --policy "$SCRATCH/observe.conf" "$SCRATCH/x.tests" 2>/dev/null | grep -m1 got)" \
	'# got: observe:reject, by "no IRC"' "what is only observed is not what is done"

# Mistakes: the file, what is wrong, in which line.
wrong() { # TEXT REGEX
	local got
	got=$(tests "$1")
	like "$got" "$2" "wrong: $2"
	like "$got" '^exit 3$' "  ends with 3"
}
wrong 'policy = "office.conf";' 'there are no tests'
wrong 'tests = ();' 'wrong type of value for "tests"'
wrong 'tests = ( { rule = "x"; } );' 'x.tests:1:.*a test without a flow'
wrong 'tests = ( { flow = { service = "irc"; }; } );' 'a test that expects nothing'
wrong 'tests = (
{ flow = { service = "irk"; }; rule = ""; } );' 'x.tests:2:.*unknown service "irk"; did you mean "irc"'
wrong 'tests = ( { flow = { servce = "irc"; }; rule = ""; } );' 'a flow has no "servce"; did you mean "service"'
wrong 'tests = ( { flow = { service = [ "irc" ]; }; rule = ""; } );' 'wrong type of value for "service"'
wrong 'tests = ( { flow = "irc"; rule = ""; } );' 'wrong type of value for "flow"'
wrong 'tests = ( "irc" );' 'wrong type of value for "tests"'
wrong 'test = ( );' 'unknown key "test" in a file of tests'
wrong 'policy = "office.conf"; tests = ( { flow = { service = "irc"; }; rule = 5; } );' 'wrong type of value for "rule"'
is "$(tests 'tests = ( { flow = { service = "irc"; }; rule = ""; } );' | tail -1)" "exit 2" "no policy named"
is "$(tests 'policy = "none.conf"; tests = ( { flow = { service = "irc"; }; rule = ""; } );' | tail -1)" "exit 1" "one that is not there"
done_testing
