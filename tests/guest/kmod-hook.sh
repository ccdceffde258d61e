#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 400
# Another kernel module's say in a verdict: the sample module (tests/kmod/sample_hook) drops what
# the policy lets pass, for one user.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"
need_root
built=build/kmod-$(uname -r)
[ -e "$built/imtc.ko" ] || skip_all "no imtc.ko for $(uname -r)"

sample=$built/sample_hook/imtc_sample_hook.ko
peer=$IMTC_TOP/build/tests/kmod/im_peer
jsonq=$IMTC_TOP/tests/lib/jsonq
USER_ID=4321
export IMTC_PATIENCE=4

scratch
LAB_DIR=$SCRATCH
cleanup() {
	# shellcheck disable=SC2046 # a list
	kill $(jobs -p)
	rmmod imtc_sample_hook
	"$IMCTL" policy flush
	"$IMCTL" detach --all
	lab_down
	wait_for rmmod imtc
}
on_exit cleanup

as_user() { setpriv --reuid "$USER_ID" --clear-groups "$@"; }
is_status() { "$IMCTL" status --json | "$jsonq" "$1"; }

# flow_is LINE VERDICT REASON NAME: what became of the flow of which a client said LINE.
flow_is() {
	local port
	port=$(cut -d' ' -f2 <<< "$1")
	is "$("$IMCTL" flows --json |
		"$jsonq" "[f['verdict'] + ' ' + f['reason'] for f in d if f['client_port'] == ${port:-0}][0]" 2>&1)" \
		"$2 $3" "$4"
}

# talks STATUS VERDICT REASON NAME [COMMAND...]: over IPv4 and IPv6, TCP and UDP.
talks() {
	local want=$1 verdict=$2 reason=$3 name=$4 address way line status
	shift 4
	for address in "$LAB_V4" "$LAB_V6"; do
		for way in tcp udp; do
			line=$("$@" "$peer" talk "$way" "$address" 9300 < /dev/null)
			status=$?
			is "$status" "$want" "$name, $way to $address"
			flow_is "$line" "$verdict" "$reason" "$name, $way to $address: $verdict, $reason"
		done
	done
}

# says WORD NAME: the client that lives through it all speaks once more.
says() {
	echo >&"$long_fd"
	wait_for -t 20 sh -c "[ \$(grep -c -E 'answered|silent|reset' '$SCRATCH/long') -gt $said ]"
	said=$((said + 1))
	is "$(grep -E 'answered|silent|reset' "$SCRATCH/long" | tail -1)" "$1" "$2"
}

lab_network
lab_in_server "$peer" serve 9300 1 > /dev/null 2>&1 &
check "the peers are up" lab_wait 30 lab_listening 9300
check "imtc loads" insmod "$built/imtc.ko"
check "attach" "$IMCTL" attach im0
check "policy load" "$IMCTL" policy load tests/kmod/owners.conf

talks 0 pass rule "before, the user" as_user
mkfifo "$SCRATCH/long.in"
as_user "$peer" talk udp-repeat "$LAB_V4" 9300 < "$SCRATCH/long.in" > "$SCRATCH/long" 2>&1 &
exec {long_fd}> "$SCRATCH/long.in"
said=0
says answered "before, a socket that stays"

check "the sample loads" insmod "$sample" uid=$USER_ID
check "status counts it" is_status 'd["module"]["hooks"] == 1'
refuse "imtc cannot be unloaded while it is used" rmmod imtc
says silent "a flow already decided is asked again"
talks 4 drop hook "with the hook, the user" as_user
talks 0 pass rule "with the hook, root"
num "$(cat /sys/module/imtc_sample_hook/parameters/asked)" -ge 9 "the hook was asked"

check "the sample unloads" rmmod imtc_sample_hook
check "status counts it no more" is_status 'd["module"]["hooks"] == 0'
says answered "the socket that stays goes on"
talks 0 pass rule "after, the user" as_user

check "the sample loads, to reject" insmod "$sample" uid=$USER_ID verdict=3
talks 3 reject hook "to reject, the user" as_user
check "and unloads" rmmod imtc_sample_hook
check "the sample loads, with a verdict that is none" insmod "$sample" uid=$USER_ID verdict=7
talks 0 pass rule "no verdict, the user" as_user
check "and unloads" rmmod imtc_sample_hook

# Redirect without a device is no verdict either; then as often as one can, while flows come.
check "the sample loads, to redirect nowhere" insmod "$sample" uid=$USER_ID verdict=4
talks 0 pass rule "redirect to nowhere, the user" as_user
check "and unloads" rmmod imtc_sample_hook
# shellcheck disable=SC2016 # for the other shell
sh -c 'while :; do "$1" talk udp "$2" 9300; done' sh "$peer" "$LAB_V4" > /dev/null 2>&1 < /dev/null &
churn() {
	local i
	for i in $(seq 20); do
		insmod "$sample" && rmmod imtc_sample_hook || return 1
	done
}
check "20 times while flows come" churn
check "no hook is left" is_status 'd["module"]["hooks"] == 0'
done_testing
