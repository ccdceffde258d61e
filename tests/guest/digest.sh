#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# kernels: 6.12
# Programs by what they hold: the managed client under whatever path may talk, and nothing else; its
# first connection is held until its digest is there, and goes on.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
need_bpffs
scratch
need_module
netns_new client server
netns_link client server 1
imctl() { imctl_in client "$@"; }
jsonq=$IMTC_TOP/tests/lib/jsonq
TALK=$IMTC_TOP/tests/lib/talk.py
python=$(readlink -f "$(command -v python3)")
ip netns exec "$(ns server)" python3 "$TALK" server :: 6667 &
netns_wait_port server 6667

# talk PROGRAM ADDRESS: how its talk ends
talk() {
	in_ns client env PYTHONHOME="$("$python" -c 'import sys; print(sys.prefix)')" timeout 60 "$1" "$TALK" \
		client "$2" 6667 --opening irc --messages 2 --limit 40 | sed 's/.*, //'
}

mkdir "$SCRATCH/bin"
managed=$SCRATCH/bin/managed other=$SCRATCH/bin/other
cp "$python" "$managed"
cp "$python" "$other"
# One more byte behind what is loaded: it runs as before.
printf 'x' >> "$other"
digest=$(sha256sum "$managed" | cut -d' ' -f1)
cat > "$SCRATCH/policy.conf" <<END
rules = (
	{ name = "managed"; service = "irc"; process = { exe_sha256 = "$digest"; }; verdict = "allow"; },
	{ name = "no other"; service = "irc"; direction = "out"; verdict = "reject"; }
);
END
check "attach" imctl attach toserver
is "$(talk "$other" 10.77.1.2)" ok "without a policy all may talk"
check "load" imctl policy load "$SCRATCH/policy.conf"
like "$(imctl policy show)" "exe sha256 $digest" "show says it"
is "$(talk "$managed" 10.77.1.2)" ok "the managed client may, from its first connection on"
is "$(talk "$managed" fd77:1::2)" ok "and again, over IPv6"
is "$(talk "$other" 10.77.1.2)" reset "one byte more is refused"
cp "$managed" "$SCRATCH/bin/elsewhere"
is "$(talk "$SCRATCH/bin/elsewhere" 10.77.1.2)" ok "the same under another path may"

# The same path, changed while nobody runs it: at once, and with the size and mtime of before.
cp -p "$managed" "$SCRATCH/kept"
touch -r "$managed" "$SCRATCH/stamp"
sleep 3
is "$(talk "$managed" 10.77.1.2)" ok "known from before"
at=$(($(stat -c %s "$managed") - 1))
last=$(tail -c 1 "$managed" | od -An -tu1)
# shellcheck disable=SC2059 # a byte as an octal escape
printf "\\$(printf %o $(((last + 1) % 256)))" | dd of="$managed" bs=1 seek="$at" conv=notrunc status=none
touch -r "$SCRATCH/stamp" "$managed"
is "$(stat -c %Y-%s "$managed")" "$(stat -c %Y-%s "$SCRATCH/kept")" "one byte is changed, with the times and size of before"
is "$(talk "$managed" 10.77.1.2)" reset "and it is refused"

# Who ran before the policy was loaded is asked about, too.
in_ns client env PYTHONHOME="$("$python" -c 'import sys; print(sys.prefix)')" "$SCRATCH/bin/elsewhere" "$TALK" \
	client 10.77.1.2 6667 --opening irc --messages 100000 --pause 200 --limit 60 > "$SCRATCH/long" &
in_ns client env PYTHONHOME="$("$python" -c 'import sys; print(sys.prefix)')" "$other" "$TALK" \
	client 10.77.1.2 6667 --opening irc --messages 100000 --pause 200 --limit 60 > "$SCRATCH/refused" &
check "flush" imctl policy flush
sleep 2
check "load again" imctl policy load "$SCRATCH/policy.conf"
wait_for -t 40 grep -q reset "$SCRATCH/refused"
like "$(cat "$SCRATCH/refused")" reset "the other is cut off"
is "$(cat "$SCRATCH/long")" "" "the managed one goes on"
check "detach" imctl detach --all
dmesg > "$SCRATCH/dmesg"
refuse "the kernel has nothing to complain of" tests/vm/splat "$SCRATCH/dmesg"
done_testing
