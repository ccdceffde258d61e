#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# 1,000 policy loads while flows run: no packet is judged by neither policy, no label is lost, no
# policy object is left behind.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"

jsonq=$IMTC_TOP/tests/lib/jsonq
cleanup() {
	touch "$LAB_DIR/stop"
	"$IMCTL" policy flush
	"$IMCTL" detach --all
	lab_down
	rmmod imtc
}
on_exit cleanup

# counted EXPRESSION NAME
counted() {
	if "$jsonq" "$1" < "$LAB_DIR/$address" 2>/dev/null; then ok "$address: $2"
	else not_ok "$address: $2" "$(cat "$LAB_DIR/$address")"; fi
}

lab_network
lab_in_server python3 tests/stress/traffic.py serve "$LAB_DIR/leaked" & disown
check "the peers are up" lab_wait 30 lab_listening 7001
check "the module loads" insmod "build/kmod-$(uname -r)/imtc.ko"
check "attach" "$IMCTL" attach im0
check "policy load" "$IMCTL" policy load tests/stress/reload-a.conf
for address in "$LAB_V4" "$LAB_V6"; do
	python3 tests/stress/traffic.py talk "$address" "$LAB_DIR/stop" "$LAB_DIR/$address" & disown
done
sleep 2
check "1,000 loads" build/tests/stress/reload 1000 tests/stress/reload-a.conf tests/stress/reload-b.conf
touch "$LAB_DIR/stop"
for address in "$LAB_V4" "$LAB_V6"; do
	wait_for -t 20 test -s "$LAB_DIR/$address"
	counted 'd["reset"] > 50' "refused connections were reset throughout"
	counted 'd["passed"] == 0 and d["closed"] == 0' "not one refused payload got an answer"
	counted 'd["echoes"] > 200 and not d["broken"]' "allowed connections never broke"
done
refuse "not one refused byte arrived" test -s "$LAB_DIR/leaked"
one_policy() { "$IMCTL" status --json | "$jsonq" 'd["module"]["policies"] == 1'; }
check "one policy object is left" wait_for one_policy
done_testing
