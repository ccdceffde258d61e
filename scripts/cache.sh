# SPDX-License-Identifier: GPL-2.0-only
# Where downloads and unpacked kernels are kept between clones; sourced by the scripts.
# shellcheck shell=sh
if [ -z "${IMTC_CACHE:-}" ]; then
	if [ "$(id -u)" = 0 ]; then
		IMTC_CACHE=/var/cache/imtc
	else
		IMTC_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/imtc
	fi
fi
export IMTC_CACHE
