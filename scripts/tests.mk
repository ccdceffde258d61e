# SPDX-License-Identifier: GPL-2.0-only
# Test programs and the targets that run tests; included by the top Makefile.

CHECK_KERNELS = $(shell tests/vm/kernels check)
ALL_KERNELS = $(shell tests/vm/kernels check-kernels)
DEBUG_KERNELS = $(shell tests/vm/kernels check-debug)
# What reaches every part of the module; the rest would only be slow.
DEBUG_TESTS := $(wildcard tests/guest/kmod-*.sh) tests/guest/policy.sh tests/guest/reload.sh
KERNEL	?= 6.1
# Compilers at a time, where a target builds all that it needs.
JOBS	?= $(shell nproc)
FUZZ_SECONDS ?= 60

# tests/unit/foo.c becomes build/tests/unit/foo, with the address and undefined-behaviour
# sanitizers; tests/bpf/foo.c becomes build/tests/bpf/foo, without (it holds kernel objects).
# A file beginning with "lib" or "util" in either folder is linked into all its neighbours.
helpers = $(sort $(wildcard tests/$(1)/lib*.c tests/$(1)/util*.c))
programs = $(patsubst %.c,$(B)/%,$(filter-out $(call helpers,$(1)) %.bpf.c,$(sort $(wildcard tests/$(1)/*.c))))

UNIT_TESTS := $(call programs,unit)
BPF_TESTS := $(call programs,bpf)
STRESS	:= $(call programs,stress)
# Programs that guest tests run.
KMOD_TESTS := $(call programs,kmod)
FUZZERS	:= $(call programs,fuzz)
# The measurements are one program of all their files, with BPF programs of their own to compare.
BENCH_SRCS := $(filter-out %.bpf.c,$(sort $(wildcard tests/bench/*.c)))
BENCH	:= $(if $(and $(BENCH_SRCS),$(wildcard bpf/imtc.bpf.c)),$(B)/tests/bench/bench)
TEST_BPF := $(sort $(wildcard tests/*/*.bpf.c))
TEST_SKELS := $(patsubst %.bpf.c,$(B)/skel/%.skel.h,$(notdir $(TEST_BPF)))
TEST_LIBS = -lcmocka $(PKG_LIBS) -lcrypto
TEST_INC := -Itests -Itests/lib -Ibpf

.PHONY: test-programs check check-prepare check-kernels check-debug check-quick guest-modules demo bench stress fuzz vm-shell
.PHONY: fuzzers
fuzzers: bpf $(FUZZERS)

## test-programs: build the C tests
test-programs: $(UNIT_TESTS) $(BPF_TESTS) $(KMOD_TESTS) $(STRESS) $(BENCH)

$(UNIT_TESTS): $(B)/tests/unit/%: $(B)/obj-san/tests/unit/%.o \
		$(patsubst %.c,$(B)/obj-san/%.o,$(call helpers,unit)) $(B)/libimctl-san.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(SAN) $(LDFLAGS) $^ -o $@ $(TEST_LIBS)

# Frames are built for it as for the programs' tests.
$(B)/tests/unit/classify $(B)/tests/unit/generated $(B)/tests/unit/link $(B)/tests/unit/random: $(B)/obj-san/tests/bpf/lib_pkt.o
$(B)/tests/fuzz/stream: $(B)/obj-fuzz/tests/bpf/lib_pkt.o

$(BPF_TESTS): $(B)/tests/bpf/%: $(B)/obj/tests/bpf/%.o \
		$(patsubst %.c,$(B)/obj/%.o,$(call helpers,bpf)) $(B)/libimctl.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(TEST_LIBS)

$(FUZZERS): $(B)/tests/fuzz/%: $(B)/obj-fuzz/tests/fuzz/%.o \
		$(patsubst %.c,$(B)/obj-fuzz/%.o,$(call helpers,fuzz)) $(B)/libimctl-fuzz.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CLANG) -fsanitize=fuzzer,address,undefined $(LDFLAGS) $^ -o $@ $(TEST_LIBS)

$(B)/obj/tests/%.o $(B)/obj-san/tests/%.o $(B)/obj-fuzz/tests/%.o: CFLAGS += $(TEST_INC)

-include $(wildcard $(B)/obj*/tests/*/*.d $(B)/bpf/*.d)

$(STRESS): $(B)/tests/stress/%: $(B)/obj/tests/stress/%.o \
		$(patsubst %.c,$(B)/obj/%.o,$(call helpers,stress)) $(B)/libimctl.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(PKG_LIBS) -lpthread -luring

$(KMOD_TESTS): $(B)/tests/kmod/%: $(B)/obj/tests/kmod/%.o \
		$(patsubst %.c,$(B)/obj/%.o,$(call helpers,kmod)) $(B)/libimctl.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(PKG_LIBS)

$(BENCH): $(patsubst %.c,$(B)/obj/%.o,$(BENCH_SRCS)) $(B)/libimctl.a
	$(say) LINK $@
	@mkdir -p $(@D)
	$(Q)$(CC) $(LDFLAGS) $^ -o $@ $(PKG_LIBS) -lcrypto

# BPF programs of the tests: objects in build/bpf as the product's, so that names must differ.
define test_bpf
$(B)/bpf/$(notdir $(1:.c=.o)): $(1)
	$$(say) BPF $$<
	@mkdir -p $$(@D)
	$$(Q)$$(CLANG) $$(BPF_CFLAGS) -MMD -MP -c $$< -o $$@
endef
$(foreach f,$(TEST_BPF),$(eval $(call test_bpf,$(f))))
$(patsubst tests/%.c,$(B)/obj/tests/%.o,$(BENCH_SRCS)) $(patsubst $(B)/%,$(B)/obj/%.o,$(BPF_TESTS)): | $(TEST_SKELS)

# What the tests run with: built before the runner starts, never by it.
guest-modules:
	$(Q)for k in $(KERNELS); do scripts/fetch-kernel $$k && tests/vm/build-module $$k || exit 1; done

# All of "check" but the run itself.
check-prepare: deps
	$(Q)$(MAKE) -j$(JOBS) all test-programs fuzzers
	$(Q)$(MAKE) guest-modules KERNELS="$(CHECK_KERNELS)"

## check: everything that must hold; a fresh clone needs nothing before it (root)
check: check-prepare
	$(Q)tests/run $(addprefix --kernel ,$(CHECK_KERNELS))

## check-quick: what needs no guest
check-quick: all test-programs
	$(Q)tests/run --no-guests

## check-kernels: the guest tests on every listed kernel (root)
check-kernels: deps
	$(Q)$(MAKE) -j$(JOBS) all test-programs
	$(Q)$(MAKE) guest-modules KERNELS="$(ALL_KERNELS)"
	$(Q)tests/run --guests-only $(addprefix --kernel ,$(ALL_KERNELS))

## check-debug: the module under KASAN, lockdep and kmemleak, in a kernel built for it (root)
check-debug: deps
	$(Q)$(MAKE) -j$(JOBS) all test-programs
	$(Q)$(MAKE) guest-modules KERNELS="$(DEBUG_KERNELS)"
	$(Q)tests/run $(addprefix --kernel ,$(DEBUG_KERNELS)) $(DEBUG_TESTS)

## demo: the guided tour, in a guest (root)
demo: deps
	$(Q)$(MAKE) -j$(JOBS) all
	$(Q)$(MAKE) guest-modules KERNELS="$(KERNEL)"
	$(Q)tests/vm/run --kernel $(KERNEL) --timeout 900 -- demo/run

## bench: the measurements (root)
bench: all test-programs
	$(Q)$(MAKE) guest-modules KERNELS="$(KERNEL)"
	$(Q)tests/bench/run

## stress: load, churn and failure, in a guest (root)
stress: all test-programs
	$(Q)$(MAKE) guest-modules KERNELS="$(KERNEL)"
	$(Q)tests/run --kernel $(KERNEL) $(wildcard tests/stress/stress-*.sh)

## fuzz: each fuzzer for FUZZ_SECONDS (60)
fuzz: fuzzers
	$(Q)for f in $(FUZZERS); do FUZZ_SECONDS=$(FUZZ_SECONDS) tests/fuzz/run $${f##*/} || exit 1; done

## vm-shell: a shell in a guest (KERNEL=6.1)
vm-shell:
	$(Q)scripts/fetch-kernel $(KERNEL)
	$(Q)tests/vm/run --kernel $(KERNEL) --shell
