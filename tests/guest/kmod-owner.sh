#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# Every way a socket comes to a process: the module names the one who acts.
. "$(dirname "$0")/../lib/tap.sh"
need_root
ko=build/kmod-$(uname -r)/imtc.ko
[ -e "$ko" ] || skip_all "no imtc.ko for $(uname -r)"
[ -e build/bpf/owner.bpf.o ] || skip_all "no build/bpf/owner.bpf.o: make test-programs"
modprobe -a -q veth nf_nat nft_masq nft_nat nft_chain_nat sch_ingress cls_bpf
PYTHONDONTWRITEBYTECODE=1 exec python3 tests/kmod/owner.py "$ko"
