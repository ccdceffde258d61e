#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The module's sources pass sparse: address spaces, byte order, lock balance. Only what it says of
# our files counts; it has things to say of the kernel's headers too.
# timeout: 300
. "$(dirname "$0")/../lib/tap.sh"

ls kmod/*.c >/dev/null 2>&1 || skip_all "no kmod/ yet"
command -v sparse >/dev/null || skip_all "sparse is not installed"
[ -e build/kernels/6.1/version ] || skip_all "no headers: scripts/fetch-kernel 6.1"
said=$(make -s sparse KDIR=build/kernels/6.1/headers 2>&1) && status=0 || status=$?
is "$status" 0 "sparse runs"
[ "$status" = 0 ] || diag "$said"
is "$(grep -E '^(/[^ ]*/)?(kmod|include/(imtc|uapi/linux/imtc))[^ ]*: (warning|error)' <<< "$said")" "" \
	"sparse has nothing to say of our files"
done_testing
