#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 300
# Criteria of where a flow is, judged by the module: what tests/netns/criteria.sh shows without it.
. "$(dirname "$0")/../lib/tap.sh"
need_root
need_module
IMTC_ENGINE='' exec tests/netns/criteria.sh
