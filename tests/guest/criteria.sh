#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# kernels: 6.12
# Criteria of where a flow is, judged by the module: what tests/netns/criteria.sh shows without it.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_module
# Not by exec: the module is taken out again at the end.
IMTC_ENGINE='' tests/netns/criteria.sh
