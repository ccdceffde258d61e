#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 200
# kernels: 6.1
# What a boot brings back with the module: module and pins are taken away as a boot takes them, the
# module comes first, as imtc.service has it, and imctl restore is asked. Then policy, attachments
# and owners are as they were.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_bpffs
scratch
need_module
ko=$IMTC_TOP/build/kmod-$(uname -r)/imtc.ko
peer=$IMTC_TOP/build/tests/kmod/im_peer
jsonq=$IMTC_TOP/tests/lib/jsonq
STATE=/var/lib/imtc
mkdir -p $STATE && mount -t tmpfs imtc $STATE || skip_all "cannot mount a tmpfs"
on_exit "$IMCTL policy flush; $IMCTL detach --all; ip link del one"

imctl() { "$IMCTL" "$@"; }
running() { imctl policy show --json 2>/dev/null | "$jsonq" '(d["policy"]["name"], d["policy"]["engine"])' 2>/dev/null || echo none; }
attached() { imctl status --json | "$jsonq" '(d["mode"], [(a["device"], a["ingress"][:3], a["zone"]) for a in d["attachments"]])'; }
unload() { wait_for rmmod imtc; }
# What of the unit's commands is imctl's.
start=$(sed -n 's|^ExecStart=@SBIN@/imctl ||p' systemd/imtc.service.in)
is "$start" restore "the unit starts imctl restore"
is "$(grep -n 'modprobe -q imtc\|^ExecStart=' systemd/imtc.service.in | cut -d: -f2 | cut -d= -f1 | tr '\n' ' ')" \
	"ExecStartPre ExecStart " "after the module"

# boot: nothing attached, nothing pinned, no module; the state as it was.
boot() {
	cp -a $STATE "$SCRATCH/state"
	imctl detach --all >/dev/null
	unload
	rm -rf ${STATE:?}/* && cp -a "$SCRATCH"/state/. $STATE && rm -rf "$SCRATCH/state"
}

ip link add one type veth peer name two
printf 'name = "plain"; rules = ( { service = "irc"; verdict = "drop"; } );\n' > "$SCRATCH/plain.conf"
cat > "$SCRATCH/owners.conf" <<END
name = "owners"; default = "allow"; on_failure = "closed";
rules = ( { name = "not for nobody"; service = "xmpp"; process = { user = "nobody"; }; verdict = "reject"; } );
END
check "attach" imctl attach lo --zone 7
check "and another" imctl attach one --tc
check "load" imctl policy load "$SCRATCH/plain.conf"
check "and one about processes" imctl policy load "$SCRATCH/owners.conf"
is "$(running)" "('owners', 'module')" "which the module judges by"
before=$(attached)
like "$before" "^\('module', \[\('lo', 'cls', 7\), \('one', 'cls', " "both are attached, by the module's programs"

boot
check "after a boot the module is gone" test ! -d /sys/module/imtc
check "and what was pinned" test ! -e /sys/fs/bpf/imtc
check "the module comes back" insmod "$ko"
is "$(running)" none "without a policy"
check "restore" imctl "$start"
is "$(running)" "('owners', 'module')" "the policy that ran last, by the module"
is "$(attached)" "$before" "the attachments, as they were"
like "$(imctl policy show --json)" '"on_failure": ?"closed"' "on_failure as it was"

"$peer" serve 7300 1 > "$SCRATCH/served" & disown
on_exit "kill $!"
check "it judges: root is answered" wait_for "$peer" talk tcp 127.0.0.1 7300
setpriv --reuid 65534 --regid 65534 --clear-groups "$peer" talk tcp 127.0.0.1 7300 >/dev/null 2>&1
like $? '^[34]$' "nobody is not"
is "$(imctl policy history --json | "$jsonq" 'len(d)')" 2 "a boot is no entry of the history"

dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
