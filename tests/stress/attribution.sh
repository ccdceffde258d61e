# SPDX-License-Identifier: GPL-2.0-only
# Compares the owners imtc names with those that really spoke. Sourced after tap.sh and lab.sh;
# attribution COUNT: short-lived processes in rounds that fit the flow and process tables.
# shellcheck shell=bash

ATTRIBUTE=$IMTC_TOP/build/tests/stress/attribute
ATTRIBUTION_ROUND=5000

attribution_up() {
	lab_network || return 1
	sysctl -qw net.ipv4.tcp_fastopen=3 net.ipv4.ip_local_port_range='10000 65000'
	lab_in_server sysctl -qw net.ipv4.tcp_fastopen=3
	lab_in_server "$ATTRIBUTE" sink 7777 > "$LAB_DIR/sink.out" 2>&1 & disown
	lab_wait 20 lab_listening 7777
}

# One round: makes flows, then compares. Prints what differs, nothing when all is right.
attribution_round() {
	local truth=$LAB_DIR/truth flows=$LAB_DIR/flows
	rm -f "$truth"
	"$ATTRIBUTE" run "$1" "$LAB_V4" "$LAB_V6" 7777 "$truth" > "$LAB_DIR/run" 2>&1 ||
		{ cat "$LAB_DIR/run"; return 1; }
	"$IMCTL" flows --json > "$flows" || return 1
	python3 "$IMTC_TOP/tests/stress/compare.py" "$truth" "$flows"
}

attribution() {
	local left=$1 round=0 out
	while [ "$left" -gt 0 ]; do
		round=$((round + 1))
		out=$(attribution_round $((left < ATTRIBUTION_ROUND ? left : ATTRIBUTION_ROUND)) 2>&1) ||
			{ not_ok "round $round: every flow has its owner" "$out"; return; }
		diag "round $round: $out"
		left=$((left - ATTRIBUTION_ROUND))
	done
	ok "$1 processes: no flow without an owner, none with a wrong one"
}
