# SPDX-License-Identifier: GPL-2.0-only
# install and uninstall; included by the top Makefile. DESTDIR and PREFIX are honoured.

SBIN	:= $(DESTDIR)$(PREFIX)/sbin
MAN	:= $(DESTDIR)$(PREFIX)/share/man
SHARE	:= $(DESTDIR)$(PREFIX)/share
ETC	:= $(DESTDIR)$(SYSCONFDIR)/imtc
SRC	:= $(DESTDIR)/usr/src/imtc-$(VERSION)

# A kernel asked for by KDIR= gets its module even where the target has no such kernel yet.
KMOD_RELEASE = $(if $(filter command environment,$(origin KDIR)),$(shell \
	sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h))

.PHONY: install uninstall
## install: imctl, its unit, manual, completion, signatures, examples, module source for DKMS, module if built
install: imctl
	$(say) INSTALL $(or $(DESTDIR),/)
	$(Q)DESTDIR="$(DESTDIR)" SBIN="$(SBIN)" MAN="$(MAN)" SHARE="$(SHARE)" ETC="$(ETC)" SRC="$(SRC)" \
		VERSION="$(VERSION)" KMOD_RELEASE="$(KMOD_RELEASE)" scripts/install

## uninstall: remove what install put there; the policy, its history and local signatures stay
uninstall:
	$(say) REMOVE $(or $(DESTDIR),/)
	$(Q)DESTDIR="$(DESTDIR)" SBIN="$(SBIN)" MAN="$(MAN)" SHARE="$(SHARE)" ETC="$(ETC)" SRC="$(SRC)" \
		VERSION="$(VERSION)" scripts/install --remove
