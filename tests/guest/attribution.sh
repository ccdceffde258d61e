#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 900
# 10,000 processes that connect, send and exit at once, in every way that hides an owner.
. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/e2e/lab.sh"
. "$IMTC_TOP/tests/stress/attribution.sh"

cleanup() {
	"$IMCTL" detach --all >/dev/null 2>&1
	lab_down
	rmmod imtc 2>/dev/null
}
on_exit cleanup

check "the peers are up" attribution_up
check "the module loads" insmod "build/kmod-$(uname -r)/imtc.ko"
check "attach" "$IMCTL" attach im0
check "policy load" "$IMCTL" policy load tests/stress/policy.conf
attribution "${ATTRIBUTION_COUNT:-10000}"
done_testing
