// SPDX-License-Identifier: GPL-2.0-only
/*
 * What this host can do, found by trying.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <imtc/types.h>
#include <linux/capability.h>
#include <stdio.h>
#include <unistd.h>

#include "probe.h"

/* enum bpf_attach_type; newer than the headers of the oldest build host. */
#define ATTACH_TCX_INGRESS 46
/* No device has it. */
#define NO_IFINDEX 0x7fffffff

enum module_state probe_module(void)
{
	if (access("/sys/module/imtc", F_OK))
		return MODULE_ABSENT;
	return access("/sys/kernel/btf/imtc", F_OK) ? MODULE_NO_BTF : MODULE_READY;
}

bool probe_is_privileged(void)
{
	const unsigned long long needed = 1ULL << CAP_SYS_ADMIN | 1ULL << CAP_NET_ADMIN;
	unsigned long long effective = 0;
	FILE *file = fopen("/proc/self/status", "re");
	char line[256];

	if (!file)
		return geteuid() == 0;
	while (fgets(line, sizeof(line), file))
		if (sscanf(line, "CapEff: %llx", &effective) == 1)
			break;
	fclose(file);
	return (effective & needed) == needed;
}

static bool closes(int fd)
{
	if (fd < 0)
		return false;
	close(fd);
	return true;
}

static bool has_ring(void)
{
	return closes(bpf_map_create(BPF_MAP_TYPE_RINGBUF, "imtc_probe", 0, 0,
				     (u32)sysconf(_SC_PAGESIZE), NULL));
}

static bool has_inner_map(void)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_INNER_MAP);

	return closes(bpf_map_create(BPF_MAP_TYPE_ARRAY, "imtc_probe", 4, 8, 1, &opts));
}

static bool has_loop(void)
{
	return libbpf_probe_bpf_helper(BPF_PROG_TYPE_XDP, BPF_FUNC_loop, NULL) == 1;
}

static bool has_vmlinux_btf(void)
{
	return !access("/sys/kernel/btf/vmlinux", R_OK);
}

/* A kernel with tcx misses the device; one without does not get that far. */
static bool has_tcx(void)
{
	struct bpf_insn insns[] = {
		{ .code = BPF_ALU64 | BPF_MOV | BPF_K, .dst_reg = BPF_REG_0 },
		{ .code = BPF_JMP | BPF_EXIT },
	};
	int prog = bpf_prog_load(BPF_PROG_TYPE_SCHED_CLS, "imtc_probe", "GPL", insns, 2, NULL);
	int link, err;

	if (prog < 0)
		return false;
	link = bpf_link_create(prog, NO_IFINDEX, (enum bpf_attach_type)ATTACH_TCX_INGRESS, NULL);
	err = errno;
	close(prog);
	return closes(link) || err == ENODEV;
}

static const struct {
	const char *what;
	bool (*try)(void);
	bool needed;
	const char *without, *get;
} trials[] = {
	{ "kernel type information", has_vmlinux_btf, true, "programs cannot be loaded",
	  "a kernel with CONFIG_DEBUG_INFO_BTF, as Debian's are" },
	{ "BPF ring buffer", has_ring, true, "programs cannot be loaded", "Linux 5.8 or later" },
	{ "maps of policies", has_inner_map, true, "programs cannot be loaded",
	  "Linux 5.10 or later" },
	{ "bpf_loop()", has_loop, true, "programs cannot be loaded", "Linux 5.17 or later" },
	{ "tcx", has_tcx, false, "clsact filters are used instead", "Linux 6.6 or later" },
};
#define N_TRIALS (sizeof(trials) / sizeof(trials[0]))

static void fill_module(struct probe *probe)
{
	enum module_state state = probe_module();

	probe->what = "module imtc";
	probe->there = state == MODULE_READY;
	probe->without = "rules about processes or with schedules cannot be loaded, owners of flows are not known";
	probe->get = state == MODULE_NO_BTF ?
		     "it is loaded without BTF: build it with \"make kmod\", which adds it" :
		     "modprobe imtc, then attach again";
}

const struct probe *probe_all(size_t *ret_count)
{
	static struct probe probes[N_TRIALS + 1];

	/* What fails is the answer, not a message. */
	libbpf_set_print(NULL);
	for (size_t i = 0; i < N_TRIALS; i++)
		probes[i] = (struct probe){
			.what = trials[i].what,
			.there = trials[i].try(),
			.needed = trials[i].needed,
			.without = trials[i].without,
			.get = trials[i].get,
		};
	fill_module(&probes[N_TRIALS]);
	*ret_count = N_TRIALS + 1;
	return probes;
}

const struct probe *probe_needed(void)
{
	size_t count;
	const struct probe *probes = probe_all(&count);

	for (size_t i = 0; i < count; i++)
		if (probes[i].needed && !probes[i].there)
			return &probes[i];
	return NULL;
}
