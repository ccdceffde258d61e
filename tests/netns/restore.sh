#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What a boot brings back, BPF-only: all pins are taken away as a boot takes them, and imctl restore
# is asked. In a pid and network namespace of the test's own, which is "this host" to imctl.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
[ -x "$IMCTL" ] || skip_all "no $IMCTL"
[ -n "${IMTC_TEST_HOST:-}" ] ||
	IMTC_TEST_HOST=1 exec unshare --net --pid --fork --mount-proc "$IMTC_TEST"
own_mounts
scratch
STATE=/var/lib/imtc
mkdir -p /etc/imtc && mount -t tmpfs imtc /etc/imtc || skip_all "cannot mount a tmpfs"
imctl() { "$IMCTL" "$@"; }
status_of() { "$@" >/dev/null 2>&1; echo $?; }
running() { imctl policy show --json 2>/dev/null | tests/lib/jsonq 'd["policy"]["name"]' 2>/dev/null || echo none; }
attached() { imctl status --json | tests/lib/jsonq '[(a["device"], a["ingress"][:3], a["zone"]) for a in d["attachments"]]'; }
kept() { tests/lib/jsonq '[a["device"] for a in d]' < $STATE/attachments.json; }
policy() { printf 'name = "%s";\nrules = ( { service = "irc"; verdict = "%s"; } );\n' "$1" "$2" > "$SCRATCH/$1.conf"; }
# As a boot: nothing attached, nothing pinned, the state as it was.
boot() {
	cp -a $STATE "$SCRATCH/state"
	imctl detach --all >/dev/null
	rm -rf ${STATE:?}/* && cp -a "$SCRATCH"/state/. $STATE && rm -rf "$SCRATCH/state"
}
ip link add one type veth peer name two
ip link add three type veth peer name four
policy first drop
policy second reject

check "nothing kept: restore does nothing" imctl restore
check "nothing is loaded by it" test ! -e /sys/fs/bpf/imtc/links
check "attach" imctl attach one --no-module --tc --zone 7
check "and another" imctl attach three --no-module
check "load" imctl policy load --bpf-only "$SCRATCH/first.conf"
check "and another" imctl policy load --bpf-only "$SCRATCH/second.conf"
before=$(attached)
is "$(kept)" "['one', 'three']" "attachments are kept"
boot
is "$(running)" none "after a boot nothing runs"
check "restore" imctl restore
is "$(running)" second "the policy that ran last"
is "$(attached)" "$before" "the attachments, as they were asked for"
is "$(imctl policy history --json | tests/lib/jsonq 'len(d)')" 2 "a boot is no entry of the history"
check "restore again changes nothing" imctl restore
is "$(attached)" "$before" "they are as they were"

ip link del three
boot
is "$(status_of imctl restore)" 1 "a device that is gone is a failure"
like "$(attached)" "one" "the other is attached"
is "$(running)" second "and the policy runs"

# --- a policy that cannot be loaded ------------------------------------------------------------
rm "$SCRATCH"/*.conf
boot
check "the files need not be there" test "$(imctl restore >/dev/null 2>&1; running)" = second
echo "# changed" >> $STATE/policies/00000002.conf
boot
is "$(status_of imctl restore)" 1 "a text that was changed is refused"
is "$(running)" first "and the one before it runs"
mkdir /etc/imtc/trusted.d
openssl genpkey -algorithm ed25519 2>/dev/null | openssl pkey -pubout > /etc/imtc/trusted.d/fleet.pem
boot
is "$(status_of imctl restore)" 1 "what no trusted key signed"
is "$(running)" none "is not loaded at boot either"
like "$(attached)" "one" "the devices are attached all the same"
rm -r /etc/imtc/trusted.d

# --- what was taken back ---------------------------------------------------------------------------
imctl policy rollback 1 >/dev/null 2>&1
imctl policy flush >/dev/null
boot
imctl restore >/dev/null 2>&1
is "$(running)" none "after a flush a boot loads none"
imctl detach one >/dev/null
is "$(kept)" "['three']" "what is detached is not kept"
imctl attach one --no-module >/dev/null
imctl detach --all >/dev/null
is "$(kept)" "[]" "nor anything after detach --all"
echo '[ { "device": "one", "mode": "quick" }, 7 ]' > $STATE/attachments.json
is "$(status_of imctl restore)" 1 "what is no attachment is refused"
echo 'nonsense' > $STATE/attachments.json
is "$(status_of imctl restore)" 1 "so is a file that is none"
done_testing
