# SPDX-License-Identifier: GPL-2.0-only
# TAP results for shell tests: source it, call the checks, end with done_testing.
# shellcheck shell=bash
#
#	. "$(dirname "$0")/../lib/tap.sh"
#	is "$(imctl version)" "imtc 0.1.0" "version is printed"
#	done_testing

set -u
# Tests start in any folder; everything they name is relative to the top of the tree.
IMTC_TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # used by the tests
IMCTL=${IMCTL:-$IMTC_TOP/build/imctl}
# shellcheck disable=SC2034 # by a test that starts itself again
IMTC_TEST=$(realpath "$0")
cd "$IMTC_TOP" || exit 1
export PATH=$PATH:/usr/sbin:/sbin

tap_count=0
tap_failed=0
tap_planned=

# plan N: print the plan first, when the number is known.
plan() {
	tap_planned=$1
	echo "1..$1"
}

ok() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $*"
}

# not_ok NAME [DETAIL...]: each detail becomes a comment line.
not_ok() {
	tap_count=$((tap_count + 1))
	tap_failed=$((tap_failed + 1))
	echo "not ok $tap_count - $1"
	shift
	[ $# -eq 0 ] || printf '%s\n' "$@" | sed 's/^/# /'
	return 0
}

# skip NAME WHY
skip() {
	tap_count=$((tap_count + 1))
	echo "ok $tap_count - $1 # SKIP ${2:-}"
}

# skip_all WHY: nothing here can run; ends the test.
skip_all() {
	skip "$(basename "$0")" "$1"
	done_testing
}

diag() { printf '%s\n' "$*" | sed 's/^/# /'; }

# check NAME COMMAND...: passes when the command succeeds; its output is shown when it does not.
check() {
	local name=$1 out rc
	shift
	out=$("$@" 2>&1) && rc=0 || rc=$?
	if [ "$rc" -eq 0 ]; then ok "$name"; else not_ok "$name" "exit $rc: $*" "$out"; fi
}

# refuse NAME COMMAND...: passes when the command fails (but not by a signal).
refuse() {
	local name=$1 out rc
	shift
	out=$("$@" 2>&1) && rc=0 || rc=$?
	if [ "$rc" -gt 0 ] && [ "$rc" -lt 126 ]; then ok "$name"; else not_ok "$name" "exit $rc: $*" "$out"; fi
}

# is GOT WANT NAME
is() {
	if [ "$1" = "$2" ]; then ok "$3"; else not_ok "$3" "got:  $1" "want: $2"; fi
}

isnt() {
	if [ "$1" != "$2" ]; then ok "$3"; else not_ok "$3" "got what it must not be: $1"; fi
}

# like GOT EXTENDED-REGEX NAME
like() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then ok "$3"; else not_ok "$3" "got: $1" "want match: $2"; fi
}

unlike() {
	if printf '%s\n' "$1" | grep -Eq -e "$2"; then not_ok "$3" "got: $1" "want no match: $2"; else ok "$3"; fi
}

# num GOT OP WANT NAME: OP as in test(1): -eq -lt -ge ...
num() {
	if [ "$1" "$2" "$3" ] 2>/dev/null; then ok "$4"; else not_ok "$4" "got: $1, want: $2 $3"; fi
}

# wait_for [-t SECONDS] COMMAND...: polls until the command succeeds; fails at the limit.
# The limit is scaled by IMTC_SLOW, which guests set (emulation is slow).
wait_for() {
	local limit=10 end
	if [ "$1" = -t ]; then limit=$2; shift 2; fi
	end=$((SECONDS + limit * ${IMTC_SLOW:-1}))
	until "$@" >/dev/null 2>&1; do
		[ $SECONDS -lt $end ] || return 1
		sleep 0.05
	done
}

# on_exit COMMAND: run at the end, last given first; several may be given.
tap_on_exit=
on_exit() {
	tap_on_exit="$1"$'\n'"$tap_on_exit"
	trap tap_cleanup EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM
}

tap_cleanup() {
	local todo=$tap_on_exit
	tap_on_exit=
	eval "$todo" >/dev/null 2>&1
}

# scratch: a folder of the test's own, removed at its end, in $SCRATCH.
scratch() {
	SCRATCH=$(mktemp -d "${TMPDIR:-/tmp}/imtc-test.XXXXXX")
	on_exit "rm -rf '$SCRATCH'"
}

need_root() { [ "$(id -u)" = 0 ] || skip_all "needs root"; }

# need_bpffs: pins have a place, in a guest as elsewhere.
need_bpffs() {
	mountpoint -q /sys/fs/bpf || mount -t bpf bpf /sys/fs/bpf ||
		skip_all "cannot mount a bpf file system"
}

# need_module: load imtc.ko of the running kernel, skip where there is none.
need_module() {
	[ -d /sys/module/imtc ] && return 0
	local ko=$IMTC_TOP/build/kmod-$(uname -r)/imtc.ko
	[ -e "$ko" ] || skip_all "no imtc.ko for $(uname -r)"
	# insmod, unlike modprobe, brings no dependencies.
	local depends
	depends=$(modinfo -F depends "$ko" | tr ',' ' ')
	# shellcheck disable=SC2086 # a list
	[ -z "$depends" ] || modprobe -a -q $depends
	insmod "$ko" || { not_ok "insmod $ko"; done_testing; }
	# What is detached last lets it go a moment later.
	on_exit "wait_for rmmod imtc"
}

done_testing() {
	[ -n "$tap_planned" ] || echo "1..$tap_count"
	[ "$tap_failed" -eq 0 ] || exit 1
	exit 0
}
