#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# kernels: 6.12
# Sets of domains by the module: what tests/netns/domain_sets.sh shows without it.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_module
# Not by exec: the module is taken out again at the end.
SETS_ATTACH='' tests/netns/domain_sets.sh
