# SPDX-License-Identifier: GPL-2.0-only
# The kernel module; included by the top Makefile. Each kernel gets its own copy of the sources
# under build/kmod-KERNEL, so that objects of several kernels never mix.

# Headers: the running kernel's, else the unpacked ones of the oldest supported kernel.
KDIR ?= $(firstword $(wildcard /lib/modules/$(shell uname -r)/build) \
	$(wildcard $(B)/kernels/6.1/headers))

# Only what was given: build-kmod has its own defaults, and other flags mean a new build.
KMOD_ENV = $(foreach v,V W C WERROR,$(if $(filter command environment,$(origin $(v))),$(v)="$($(v))"))

.PHONY: sparse
## kmod: imtc.ko for KDIR (default: the running kernel's headers, else the fetched 6.1)
kmod:
	$(Q)$(if $(KDIR),,echo "no kernel headers: give KDIR=, or run scripts/fetch-kernel 6.1" >&2; exit 1;) \
		$(KMOD_ENV) scripts/build-kmod "$(KDIR)"

## sparse: check the module's sources with sparse, against KDIR
sparse:
	$(Q)command -v sparse > /dev/null || { echo "sparse is not installed" >&2; exit 1; }
	$(Q)$(KMOD_ENV) C=2 OUT=$(CURDIR)/$(B)/sparse scripts/build-kmod "$(KDIR)"
