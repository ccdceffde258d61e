#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# kernels: 6.1
# The tests of imctl without the module where there is no tcx; the host has run them with it.
exec "$(dirname "$0")/../netns/imctl.sh"
