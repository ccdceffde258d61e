#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# timeout: 600
# The tests of imctl without the module, on this kernel: clsact before 6.6, tcx since.
exec "$(dirname "$0")/../netns/imctl.sh"
