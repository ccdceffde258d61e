#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# Sets of addresses by the module: what tests/netns/sets.sh shows without it.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_module
SETS_ATTACH='' exec tests/netns/sets.sh
