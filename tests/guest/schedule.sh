#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 200
# kernels: 6.1
# Someone on IRC is cut off when office hours end, with no daemon running.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
grep -q imtc.top= /proc/cmdline || skip_all "sets the clock: in a guest alone"
mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf || skip_all "cannot mount a bpf file system"
for program in ngircd weechat-headless; do
	command -v "$program" >/dev/null || skip_all "needs $program"
done
scratch
need_module
netns_new client server
netns_link client server 1
imctl() { imctl_in client "$@"; }
jsonq=$IMTC_TOP/tests/lib/jsonq

# The clock of before the test, which goes on by the time since boot.
uptime() { cut -d. -f1 /proc/uptime; }
boot=$(($(date +%s) - $(uptime)))
on_exit 'date -s "@$((boot + $(uptime)))" >/dev/null'
clock() { date -u -s "$1" >/dev/null; }
# until_true TENTHS COMMAND...: counts sleeps, for the shell's own seconds jump with the clock.
until_true() {
	local left=$1
	shift
	until "$@" >/dev/null 2>&1; do
		[ $((left -= 1)) -ge 0 ] || return 1
		sleep 0.1
	done
}
is_open() { imctl --json policy show | "$jsonq" "d['policy']['schedules'][0]['open'] is $1"; }
epoch() { imctl --json policy show | "$jsonq" 'd["policy"]["epoch"]'; }
log=$SCRATCH/weechat/logs/irc.server.lab.weechatlog
# lines TEXT: how often the client was told.
lines() { grep -cs "$1" "$log" || true; }
told() { [ "$(lines "$1")" -ge "$2" ]; }

clock '2026-03-27 12:00:00Z'	# a Friday, UTC+1
cat > "$SCRATCH/policy.conf" <<END
name = "hours";
schedules = { office = { days = "mon-fri"; from = "09:00"; to = "17:30"; zone = "Europe/Berlin"; }; };
rules = ( { name = "after hours"; service = "irc"; schedule = "!office"; verdict = "reject"; } );
END
check "attach" imctl attach toserver
check "a policy with a schedule is loaded" imctl policy load "$SCRATCH/policy.conf"
shown=$(imctl policy show)
like "$shown" 'schedule !office' "the rule is shown with it"
like "$shown" 'schedules: +office open' "and what is open"

cat > "$SCRATCH/ngircd.conf" <<END
[Global]
	Name = irc.im.test
	Info = imtc
	Listen = 0.0.0.0
	Ports = 443
	MotdPhrase = imtc
[Options]
	DNS = no
	Ident = no
	PAM = no
	SyslogFacility = daemon
END
# It binds its port after it has given up root.
in_ns server sysctl -qw net.ipv4.ip_unprivileged_port_start=0
in_ns server ngircd --nodaemon --config "$SCRATCH/ngircd.conf" > "$SCRATCH/ngircd.out" 2>&1 &
netns_wait_port server 443
# It asks the server each second, as a person's typing would: that meets the verdict.
in_ns client env HOME="$SCRATCH" TERM=dumb weechat-headless --dir "$SCRATCH/weechat" \
	-r "/set logger.file.flush_delay 0" -r "/set irc.network.lag_check 1" \
	-r "/set irc.network.autoreconnect_delay_growing 1" \
	-r "/server add lab 10.77.1.2/443 -nicks=alice -notls -autoreconnect -autoreconnect_delay=1" \
	-r "/connect lab" > "$SCRATCH/out" 2>&1 &
check "the client is welcomed in office hours" until_true 200 told 'Welcome to the Internet' 1
[ "$(lines 'Welcome to the Internet')" -ge 1 ] ||
	{ tail -n 5 "$SCRATCH/out" "$SCRATCH/ngircd.out" "$log" | sed 's/^/# /'; done_testing; }

clock '2026-03-27 16:20:00Z'
before=$(epoch)
check "it is open before the end" is_open True
is "$(lines 'disconnected from server')" 0 "and the client is still there"
clock '2026-03-27 16:29:59Z'
check "at half past five in Berlin, UTC+1, the client is cut off" until_true 200 told 'disconnected from server' 1
after=$(($(date +%s) - $(date -d '2026-03-27 16:30:00Z' +%s)))
num "$after" -ge 0 "not before ($after s after)"
num "$after" -le $((5 * ${IMTC_SLOW:-1} + 15)) "and at once"
check "the schedule is closed" is_open False
is "$(epoch)" $((before + 1)) "an edge moves the epoch once"

clock '2026-03-30 06:40:00Z'	# the Monday after, UTC+2
check "closed before nine" is_open False
check "detach" imctl detach --all
done_testing
