#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# kernels: 6.1
# The verdict "ask" given by the module: what tests/netns/ask.sh shows without it, and processes.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_module
# Not by exec: the module is taken out again at the end.
IMTC_ENGINE='' tests/netns/ask.sh
