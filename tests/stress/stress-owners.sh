#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 7200
# 100,000 processes that connect, send and exit at once: ten times what make check does.
ATTRIBUTION_COUNT=100000 exec "$(dirname "$0")/../guest/attribution.sh"
