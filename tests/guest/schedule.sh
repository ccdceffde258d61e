#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 400
# kernels: 6.1
# Someone on IRC is cut off when office hours end, with no daemon running; whichever way the clock
# comes over an edge, in the morning, and in the nights in which clocks in Berlin change.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
need_root
grep -q imtc.top= /proc/cmdline || skip_all "sets the clock: in a guest alone"
need_bpffs
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
# is_open WORD [SCHEDULE]
is_open() {
	imctl --json policy show |
		"$jsonq" "[s['open'] for s in d['policy']['schedules'] if s['name'] == '${2:-office}'][0] is $1"
}
epoch() { imctl --json policy show | "$jsonq" 'd["policy"]["epoch"]'; }
log=$SCRATCH/weechat/logs/irc.server.lab.weechatlog
# lines TEXT: how often the client was told.
lines() { grep -cs "$1" "$log" || true; }
told() { [ "$(lines "$1")" -ge "$2" ]; }

clock '2026-03-27 12:00:00Z'	# a Friday, UTC+1
cat > "$SCRATCH/policy.conf" <<END
name = "hours";
schedules = {
	office = { days = "mon-fri"; from = "09:00"; to = "17:30"; zone = "Europe/Berlin"; };
	half = { from = "02:30"; to = "02:45"; zone = "Europe/Berlin"; };
	night = { from = "22:00"; to = "06:00"; zone = "Europe/Berlin"; };
};
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

# --- the clock is set over an edge while a talk goes on --------------------------------------
talk() { # PORT: one that goes on for ever, its end in the file "talk-PORT"
	# Not the output that "check" reads to its end.
	in_ns server python3 "$IMTC_TOP/tests/lib/talk.py" server :: "$1" > "$SCRATCH/server-$1" 2>&1 &
	netns_wait_port server "$1"
	in_ns client python3 "$IMTC_TOP/tests/lib/talk.py" client 10.77.1.2 "$1" --opening irc \
		--messages 1000000 --pause 100 --limit 60 > "$SCRATCH/talk-$1" 2>&1 &
	until_true 200 has_verdict "$1" "${2:-pass}"
}
has_verdict() {
	imctl --json flows | "$jsonq" "any(f['server_port'] == $1 and f['verdict'] == '$2' for f in d)"
}
ended() { grep -q "$2" "$SCRATCH/talk-$1"; }

clock '2026-03-27 12:00:00Z'
check "set back over the end of office hours: they are open again" until_true 100 is_open True
check "and who begins to talk may" talk 7001
clock '2026-03-27 20:00:00Z'
check "set forward over it: the talk is cut off" until_true 200 ended 7001 reset
clock '2026-03-27 08:10:00Z'	# ten past nine
until_true 100 is_open True
check "in the morning one may talk again" talk 7002
clock '2026-03-27 07:30:00Z'
check "set back over their beginning: the talk is cut off" until_true 200 ended 7002 reset

clock '2026-03-30 06:40:00Z'	# the Monday after, UTC+2
check "closed before nine" until_true 100 is_open False
check "who begins before is refused" talk 7003 reject
clock '2026-03-30 06:59:58Z'
check "at nine the morning after they open" until_true 200 is_open True
num "$(date +%s)" -ge "$(date -d '2026-03-30 07:00:00Z' +%s)" "not before"
check "and one may talk" talk 7004
ended 7004 sent && not_ok "the talk goes on" || ok "the talk goes on"

# --- clocks change in Berlin ------------------------------------------------------------------
# at TIME SCHEDULE WORD WHAT: after the clock was set; the module looks at it each second
at() {
	clock "$1"
	sleep 2
	check "$4 ($1)" until_true 100 is_open "$3" "$2"
}
# ends BEFORE SCHEDULE EDGE WHAT: open two minutes before the edge, and closed once the clock has passed it
ends() {
	at "$(date -u -d "$3 2 minutes ago" '+%F %TZ')" "$2" True "$4: not yet"
	clock "$1"
	check "$4" until_true 200 is_open False "$2"
	num "$(date +%s)" -ge "$(date -d "$3" +%s)" "$4: not before"
}
at '2026-03-28 01:35:00Z' half True "02:35 the night before is within 02:30 to 02:45"
at '2026-03-28 01:50:00Z' half False "02:50 is not"
at '2026-03-29 00:59:59Z' half False "01:59:59 is not"
at '2026-03-29 01:35:00Z' half False "03:35, when clocks went forward, is not"
at '2026-03-29 00:35:00Z' half False "01:35 is not, and there is no 02:35"
ends '2026-03-29 03:59:57Z' night '2026-03-29 04:00:00Z' "that night ends at six, an hour early"
at '2026-10-25 00:35:00Z' half True "02:35 of summer, in the night that clocks go back, is"
at '2026-10-25 00:50:00Z' half False "02:50 of summer is not"
at '2026-10-25 01:35:00Z' half True "02:35 of winter, an hour later, is"
at '2026-10-25 01:50:00Z' half False "02:50 of winter is not"
at '2026-10-25 04:30:00Z' night True "05:30 of winter is in the night still"
ends '2026-10-25 04:59:57Z' night '2026-10-25 05:00:00Z' "it ends at six"
check "detach" imctl detach --all
done_testing
