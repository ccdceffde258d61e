# SPDX-License-Identifier: GPL-2.0-only
# Builds, tests and installs imtc. "make help" lists the targets.

VERSION	:= $(shell cat VERSION)
PREFIX	?= /usr
DESTDIR	?=
SYSCONFDIR ?= /etc
B	:= build
export PATH := $(PATH):/usr/sbin:/sbin

# V=1 shows the commands; otherwise one word and a file per line.
ifeq ($(V),1)
  Q :=
  say = @:
else
  Q := @
  say = @printf '  %-8s%s\n'
  MAKEFLAGS += --no-print-directory
endif

WERROR	?= 1
WARN	:= -Wall -Wextra $(if $(filter 1,$(WERROR)),-Werror)
CLANG	?= clang
BPFTOOL	?= bpftool
MULTIARCH := $(shell $(CC) -print-multiarch 2>/dev/null)
INCLUDES := -Iinclude -Iinclude/uapi

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SECONDARY:
.PHONY: all kmod bpf imctl

include scripts/user.mk
include scripts/kmod.mk
include scripts/tests.mk
include scripts/install.mk

## all: the module (where headers are), the BPF programs and imctl
all: $(if $(and $(KDIR),$(wildcard kmod/*.c)),kmod) bpf imctl

.PHONY: deps deps-build docs clean help
## deps: install the Debian packages that building and testing need (root)
deps:
	$(Q)scripts/deps build test

## deps-build: only those that building needs
deps-build:
	$(Q)scripts/deps build

## docs: write docs/services.md anew, from the lists and the signature files
docs:
	$(say) DOC docs/services.md
	@mkdir -p $(B)
	$(Q)scripts/services-doc > $(B)/services.md && mv $(B)/services.md docs/services.md

## clean: remove everything built (the package cache stays)
clean:
	$(say) CLEAN $(B)
	$(Q)rm -rf $(B)

## help: this list
help:
	@echo "imtc $(VERSION). Targets:"
	@sed -n 's/^## \([a-z-]*\): /\1|/p' Makefile scripts/*.mk | \
		awk -F'|' '{ printf "  %-14s %s\n", $$1, $$2 }'
	@echo "Variables: V=1 verbose, WERROR=0, KDIR=kernel headers, KERNEL=6.1 (guest), DESTDIR, PREFIX"
