# SPDX-License-Identifier: GPL-2.0-only
# The kernel module; included by the top Makefile. Each kernel gets its own copy of the sources
# under build/kmod-KERNEL, so that objects of several kernels never mix.

# Headers: the running kernel's, else the unpacked ones of the oldest supported kernel.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(wildcard $(B)/kernels/6.1/headers))

## kmod: imtc.ko for KDIR (default: the running kernel's headers, else the fetched 6.1)
kmod:
	$(Q)$(if $(KDIR),,echo "no kernel headers: give KDIR=, or run scripts/fetch-kernel 6.1" >&2; exit 1;) \
		V=$(V) W=$(W) C=$(C) WERROR=$(WERROR) scripts/build-kmod "$(KDIR)"
