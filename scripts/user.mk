# SPDX-License-Identifier: GPL-2.0-only
# BPF objects with their skeletons, and imctl; included by the top Makefile.

# --- BPF ---------------------------------------------------------------------
BPF_SRCS := $(sort $(wildcard bpf/*.bpf.c))
BPF_OBJS := $(BPF_SRCS:bpf/%.bpf.c=$(B)/bpf/%.bpf.o)
SKELS	 := $(BPF_SRCS:bpf/%.bpf.c=$(B)/skel/%.skel.h)
# Whether a loop is unrolled differs by compiler, and the verifier takes both.
BPF_CFLAGS := -target bpf -mcpu=v3 -g -O2 -std=gnu11 $(WARN) -Wno-pass-failed -D__TARGET_ARCH_x86 \
	$(INCLUDES) -Ibpf $(if $(MULTIARCH),-idirafter /usr/include/$(MULTIARCH))

## bpf: the BPF objects and their skeletons (build/bpf, build/skel)
bpf: $(BPF_OBJS) $(SKELS)

$(B)/bpf/%.bpf.o: bpf/%.bpf.c
	$(say) BPF $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(BPF_CFLAGS) $(BPF_EXTRA) -MMD -MP -c $< -o $@

# xdp.bpf.c becomes "struct imtc_xdp" in build/skel/xdp.skel.h.
$(B)/skel/%.skel.h: $(B)/bpf/%.bpf.o
	$(say) SKEL $@
	@mkdir -p $(@D)
	$(Q)$(BPFTOOL) gen skeleton $< name imtc_$(subst -,_,$*) > $@

# --- imctl -------------------------------------------------------------------
PKGS	 := libbpf libnl-genl-3.0 libnl-3.0 libnl-route-3.0 libmnl libconfig json-c libmicrohttpd libelf zlib libpcap libcrypto ncursesw libsystemd
PKG_CFLAGS = $(eval PKG_CFLAGS := $(shell pkg-config --cflags $(PKGS) 2>/dev/null))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $(shell pkg-config --libs $(PKGS) 2>/dev/null) -lpthread -lm)$(PKG_LIBS)
OPT	 ?= -O2 -g
CTL_CFLAGS = $(OPT) -std=gnu11 -D_GNU_SOURCE= $(WARN) $(INCLUDES) -I$(B)/skel -Ictl -I. \
	-DIMTC_VERSION='"$(VERSION)"' $(PKG_CFLAGS) $(CFLAGS)
SAN	 := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer

CTL_SRCS := $(sort $(wildcard ctl/*.c ctl/*/*.c))
# The library is imctl without its main(): what the tests link.
LIB_SRCS := $(filter-out ctl/imctl.c,$(CTL_SRCS))
CTL_OBJS := $(CTL_SRCS:%.c=$(B)/obj/%.o)
LIB_OBJS := $(LIB_SRCS:%.c=$(B)/obj/%.o)
SAN_OBJS := $(LIB_SRCS:%.c=$(B)/obj-san/%.o)
FUZZ_OBJS := $(LIB_SRCS:%.c=$(B)/obj-fuzz/%.o)

## imctl: the command line tool (build/imctl)
imctl: $(if $(CTL_SRCS),$(B)/imctl)

$(B)/imctl: $(CTL_OBJS)
	$(say) LINK $@
	$(Q)$(CC) $(OPT) $(LDFLAGS) $^ -o $@ $(PKG_LIBS)

$(B)/libimctl.a: $(LIB_OBJS)
$(B)/libimctl-san.a: $(SAN_OBJS)
$(B)/libimctl-fuzz.a: $(FUZZ_OBJS)
$(B)/libimctl.a $(B)/libimctl-san.a $(B)/libimctl-fuzz.a:
	$(say) AR $@
	@mkdir -p $(@D)
	$(Q)rm -f $@ && $(AR) rcs $@ $^

# Skeletons are made first (order-only); -MMD then tracks which object needs which.
$(B)/obj/%.o: %.c VERSION | $(SKELS)
	$(say) CC $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CTL_CFLAGS) -MMD -MP -c $< -o $@

$(B)/obj-san/%.o: %.c VERSION | $(SKELS)
	$(say) CC/san $<
	@mkdir -p $(@D)
	$(Q)$(CC) $(CTL_CFLAGS) $(SAN) -MMD -MP -c $< -o $@

$(B)/obj-fuzz/%.o: %.c VERSION | $(SKELS)
	$(say) CC/fuzz $<
	@mkdir -p $(@D)
	$(Q)$(CLANG) $(CTL_CFLAGS) -fsanitize=fuzzer-no-link,address,undefined -MMD -MP -c $< -o $@

# The data path's source on the host: read with the kernel's idea of aliasing.
%/ctl/classify/engine.o: CFLAGS += -Ibpf -fno-strict-aliasing

-include $(BPF_OBJS:.o=.d) $(CTL_OBJS:.o=.d) $(SAN_OBJS:.o=.d) $(FUZZ_OBJS:.o=.d)
