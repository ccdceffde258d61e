#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# imctl policy and ps with the module and without: what runs, what is refused and by whom, and that
# a load that fails leaves the running policy as it was.
. "$(dirname "$0")/../lib/tap.sh"
need_root
scratch
jsonq=tests/lib/jsonq

asks() {
	local out
	out=$("$IMCTL" $1 --json 2>&1)
	if "$jsonq" "$2" <<< "$out" >/dev/null 2>&1; then ok "$3"
	else not_ok "$3" "imctl $1 --json; $2" "${out:0:3000}"; fi
}

cat > "$SCRATCH/small.conf" <<END
name = "small"; default = "drop"; on_failure = "closed";
rules = (
	{ name = "chat of one user"; service = "irc"; process = { user = 1; comm = [ "a", "b" ]; };
	  remote = [ "10.0.0.0/8", "2001:db8::/32" ]; verdict = "allow"; log = true; },
	{ name = "away"; service = "oscar"; direction = "in"; encrypted = false; feature = "file";
	  verdict = "redirect"; device = "lo"; },
	{ name = "groups"; local = "192.0.2.1"; process = { exe = "/opt/a"; group = 5;
	  cgroup = "/system.slice"; }; verdict = "reject"; }
);
END
sed 's/"small"/"other"/' "$SCRATCH/small.conf" > "$SCRATCH/other.conf"
sed 's/"lo"/"gone0"/' "$SCRATCH/small.conf" > "$SCRATCH/device.conf"
cp tests/policy/bad/many-errors.conf "$SCRATCH/broken.conf"
printf 'name = "plain";\nrules = ( { service = "irc"; verdict = "drop"; } );\n' > "$SCRATCH/plain.conf"

# --- without the module ---
if [ -d /sys/module/imtc ]; then rmmod imtc; fi
out=$("$IMCTL" policy load "$SCRATCH/small.conf" 2>&1)
is $? 4 "a policy about processes without the module: status 4"
like "$out" "small.conf:3: error: rule \"chat of one user\" needs imtc.ko" "it names the first such rule"
like "$out" "small.conf:7: error: rule \"groups\" needs imtc.ko" "and the other"
unlike "$out" "away" "and not the rule that needs none"
out=$("$IMCTL" ps 2>&1)
is $? 4 "ps without the module: status 4"
like "$out" "imtc.ko is not loaded" "ps says why"
out=$("$IMCTL" policy show 2>&1)
is $? 1 "show with no policy: status 1"
like "$out" "no policy is loaded" "show says so"

out=$("$IMCTL" policy load "$SCRATCH/plain.conf" 2>&1)
is $? 0 "a policy that needs no module loads without it"
like "$out" 'policy "plain": 1 rule \(1 compiled\), epoch [0-9]+, judged by the BPF programs alone' \
	"load says who judges"
like "$out" "warning: nothing is attached" "load warns that nothing is attached"
asks "policy show" 'd["policy"]["name"] == "plain" and d["policy"]["engine"] == "bpf" and d["policy"]["on_failure"] == "open" and d["policy"]["default"] == "allow" and d["rules"][0]["compiled"][0]["services"] == ["irc"]' \
	"show: the policy of the programs"
asks "policy show" 'd["policy"]["digest"] == "'"$(sha256sum < "$SCRATCH/plain.conf" | cut -d' ' -f1)"'"' \
	"show: its digest"
"$IMCTL" policy load "$SCRATCH/small.conf" >/dev/null 2>&1
is $? 4 "the policy about processes is refused again"
asks "policy show" 'd["policy"]["name"] == "plain"' "and the one that runs goes on"
check "attach without the module" "$IMCTL" attach lo

# --- with it, and with programs that do without ---
need_module
out=$("$IMCTL" policy load "$SCRATCH/small.conf" 2>&1)
is $? 0 "the module takes the policy"
like "$out" "warning: the attached programs were loaded without the module" \
	"load warns that the programs do not ask it"
out=$("$IMCTL" policy show 2>&1)
like "$out" "^policy: +plain" "show: the policy that judges is that of the programs"
like "$out" "warning: imtc.ko is loaded, but the programs do without it" "show says so"
out=$("$IMCTL" policy load --bpf-only "$SCRATCH/small.conf" 2>&1)
is $? 4 "--bpf-only refuses rules about processes"
like "$out" "--bpf-only leaves the module out" "and says why"
check "flush the programs' policy" "$IMCTL" policy flush
check "detach" "$IMCTL" detach --all
# Now the module's own is what is shown, and flushed.
check "flush the module's policy" "$IMCTL" policy flush

# --- with the module alone ---
out=$("$IMCTL" policy show 2>&1)
like "$out" "no policy is loaded" "the module has no policy at first"
out=$("$IMCTL" policy load "$SCRATCH/small.conf" 2>&1)
is $? 0 "load"
like "$out" 'policy "small": 3 rules \(6 compiled\), epoch [0-9]+, judged by imtc.ko' "load says what runs"
like "$out" "warning: nothing is attached" "load warns that nothing is attached"
asks "policy show" 'd["policy"]["name"] == "small" and d["policy"]["default"] == "drop" and d["policy"]["on_failure"] == "closed" and d["policy"]["engine"] == "module" and d["policy"]["rules"] == 6' \
	"show: the policy"
asks "policy show" 'd["policy"]["digest"] == "'"$(sha256sum < "$SCRATCH/small.conf" | cut -d' ' -f1)"'"' \
	"show: the digest is that of the file"
# What runs is what was compiled: the rules read back are those that check prints.
"$IMCTL" policy check --json --print "$SCRATCH/small.conf" | "$jsonq" \
	'[{k: v for k, v in r.items() if k not in ("hits", "ifindex")} for r in d["compiled_rules"]]' > "$SCRATCH/sent"
"$IMCTL" policy show --json | "$jsonq" \
	'[{k: v for k, v in c.items() if k not in ("hits", "ifindex")} for r in d["rules"] for c in r["compiled"]]' > "$SCRATCH/runs"
is "$(cat "$SCRATCH/runs")" "$(cat "$SCRATCH/sent")" "show: every rule as compiled"
like "$("$IMCTL" policy show)" '^ +2  away +.*redirect to lo' "show: a table"

epoch() { "$IMCTL" policy show --json | "$jsonq" 'd["policy"]["epoch"]'; }
before=$(epoch)
for bad in device broken missing; do
	"$IMCTL" policy load "$SCRATCH/$bad.conf" >/dev/null 2>&1
	isnt $? 0 "load of $bad.conf fails"
	is "$(epoch)" "$before" "and leaves the policy as it was"
done
out=$("$IMCTL" policy load "$SCRATCH/device.conf" 2>&1)
is $? 1 "a device that is not there: status 1"
like "$out" 'device.conf:5: error: rule "away": there is no device "gone0"' "it names rule and device"
check "another policy replaces it" "$IMCTL" policy load "$SCRATCH/other.conf"
num "$(epoch)" -gt "$before" "the epoch moves"
asks "policy show" 'd["policy"]["name"] == "other"' "show: the new policy"
out=$("$IMCTL" policy load --dry-run "$SCRATCH/plain.conf" 2>&1)
is $? 0 "a dry run"
asks "policy show" 'd["policy"]["name"] == "other"' "changes nothing"

# Ten thousand rules go over in batches.
awk 'BEGIN {
	print "rules = ("
	for (i = 0; i < 10000; i++)
		printf "%s{ service = \"irc\"; remote = \"10.%d.%d.0/24\"; process = { user = %d; }; verdict = \"drop\"; }\n",
			i ? "," : "", i / 250, i % 250, i % 1000
	print ");"
}' > "$SCRATCH/many.conf"
check "10,000 rules load" "$IMCTL" policy load "$SCRATCH/many.conf"
asks "policy show" 'len(d["rules"]) == 10000' "show: all of them"

if [ -x build/tests/kmod/policy_refused ]; then
	build/tests/kmod/policy_refused
	num $? -lt 2 "policy_refused ran to its end"
else
	not_ok "build/tests/kmod/policy_refused is built"
fi
check "a policy loads after it" "$IMCTL" policy load "$SCRATCH/small.conf"
asks "ps" 'd == []' "ps: no process yet"

# --- processes ---
peer=$PWD/build/tests/kmod/im_peer
cat > "$SCRATCH/ps.conf" <<END
name = "ps";
rules = (
	{ name = "not for nobody"; service = "xmpp"; process = { user = "nobody"; }; verdict = "reject"; },
	{ name = "others"; service = "xmpp"; process = { exe = "$peer"; }; verdict = "allow"; }
);
END
check "attach with the module" "$IMCTL" attach lo
check "a policy about the peers" "$IMCTL" policy load "$SCRATCH/ps.conf"
"$peer" serve 7300 1 > "$SCRATCH/served" & disown
server=$!
on_exit "kill $server"
wait_for "$peer" talk tcp 127.0.0.1 7300
check "root is answered" "$peer" talk tcp 127.0.0.1 7300
setpriv --reuid 65534 --regid 65534 --clear-groups "$peer" talk tcp 127.0.0.1 7300 >/dev/null 2>&1
status=$?
like "$status" '^[34]$' "nobody gets no answer (status $status)"
asks ps 'any(p["user"] == "root" and p["exe"] == "'"$peer"'" and p["service"] == "xmpp" and p["verdicts"].get("pass", 0) >= 1 and p["flows"] >= 1 and p["bytes"] > 100 for p in d)' \
	"ps: root talks, with flows and bytes"
asks ps 'any(p["user"] == "nobody" and p["uid"] == 65534 and p["service"] == "xmpp" and p["verdicts"].get("reject", 0) >= 1 and "pass" not in p["verdicts"] for p in d)' \
	"ps: nobody was rejected"
asks ps 'not any(p["service"] == "none" for p in d)' "ps: no process without IM"
like "$("$IMCTL" ps)" "^ *[0-9]+ +$peer( <ended>)? +nobody +xmpp " "ps: a table"
asks "policy show" '[r["hits"] > 0 for r in d["rules"]] == [True, True]' "show: both rules have decided"
check "detach" "$IMCTL" detach --all
check "flush" "$IMCTL" policy flush
like "$("$IMCTL" policy show 2>&1)" "no policy is loaded" "and no policy is left"

# --- without rights ---
user() { setpriv --reuid 65534 --regid 65534 --clear-groups --inh-caps=-all --bounding-set=-all "$@"; }
for words in "policy load $SCRATCH/plain.conf" "policy show" "policy flush" ps; do
	chmod 755 "$SCRATCH"
	# shellcheck disable=SC2086
	out=$(user "$IMCTL" $words 2>&1)
	is $? 1 "imctl ${words%% /*} without rights: status 1"
	like "$out" 'needs CAP_NET_ADMIN \(run as root\)' "and says what it needs"
done
check "check needs no rights" user "$IMCTL" policy check "$SCRATCH/plain.conf"
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
