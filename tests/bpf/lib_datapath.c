// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loading, feeding and reading the data path for the tests.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <linux/pkt_cls.h>
#include <net/if.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>
#include <imtc/policy_index_build.h>
#include <imtc/signature.h>

#include "lib_datapath.h"
#include "imtc.skel.h"
#include "nl.h"
#include "policy.h"

#define CPUS_MAX 1024

static struct imtc_imtc *path;
static struct ring_buffer *ring;
static struct imtc_event last_event;
static int n_events;
static u32 epoch;
static const struct policy_sets no_sets, *sets_used = &no_sets;
static struct imtc_nl *module;	/* NULL: the programs judge alone */

int map_fd(const char *name)
{
	int fd = bpf_object__find_map_fd_by_name(path->obj, name);

	assert_true(fd >= 0);
	return fd;
}

static int on_event(void *context, void *data, size_t len)
{
	(void)context;
	assert_true(len >= sizeof(last_event));
	memcpy(&last_event, data, sizeof(last_event));
	n_events++;
	return 0;
}

static int lo_up(void)
{
	struct ifreq request = { .ifr_flags = IFF_UP, .ifr_name = "lo" };
	int fd = socket(AF_INET, SOCK_DGRAM, 0), err;

	err = fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request);
	close(fd);
	return err;
}

int datapath_load(void **state)
{
	(void)state;
	if (geteuid()) {
		printf("1..0 # SKIP needs root\n");
		exit(0);
	}
	if (unshare(CLONE_NEWNET) || lo_up())
		return -1;
	path = imtc_imtc__open();
	if (!path || bpf_map__set_max_entries(path->maps.flows4, 4096) ||
	    bpf_map__set_max_entries(path->maps.flows6, 4096) ||
	    bpf_map__set_max_entries(path->maps.streams4, 256) ||
	    bpf_map__set_max_entries(path->maps.streams6, 256) ||
	    bpf_map__set_max_entries(path->maps.clients4, 256) ||
	    bpf_map__set_max_entries(path->maps.clients6, 256) ||
	    bpf_map__set_max_entries(path->maps.names, 256))
		return -1;
	if (getenv("IMTC_TEST_MODULE") && nl_session_open(&module))
		return -1;
	path->rodata->imtc_with_module = module;
	if (imtc_imtc__load(path))
		return -1;
	ring = ring_buffer__new(map_fd("events"), on_event, NULL, NULL);
	path->data_control->control.domain_seed[0] = 0x0123456789abcdefULL;
	path->data_control->control.domain_seed[1] = 0xfedcba9876543210ULL;
	return ring ? 0 : -1;
}

int datapath_unload(void **state)
{
	(void)state;
	ring_buffer__free(ring);
	imtc_imtc__destroy(path);
	nl_session_close(module);
	return 0;
}

static void empty_hash(const char *name)
{
	u8 key[64];
	int fd = map_fd(name);

	while (!bpf_map_get_next_key(fd, NULL, key))
		bpf_map_delete_elem(fd, key);
}

/* Sets every CPU's value of the array's first n entries to zero. */
static void zero_array(const char *name, u32 n, u32 bytes)
{
	void *zero = calloc((size_t)n * (size_t)libbpf_num_possible_cpus(), bytes);
	u32 *keys = calloc(n, sizeof(*keys));

	assert_non_null(zero);
	assert_non_null(keys);
	for (u32 i = 0; i < n; i++)
		keys[i] = i;
	assert_int_equal(bpf_map_update_batch(map_fd(name), keys, zero, &n, NULL), 0);
	free(keys);
	free(zero);
}

int datapath_reset(void **state)
{
	static const char *const hashes[] = {
		"flows4", "flows6", "streams4", "streams6", "clients4", "clients6", "names", "fragments",
		"zones", "domains", "prefixes", "hints", "claims", "limits", "scrubs",
		"rates", "counted",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(hashes) / sizeof(hashes[0]); i++)
		empty_hash(hashes[i]);
	zero_array("outcomes", IMTC_OUTCOME_MAX, sizeof(u64));
	zero_array("counters", IMTC_COUNTER_SLOTS, sizeof(struct imtc_counter));
	zero_array("rule_hits", IMTC_HIT_SLOTS, sizeof(u64));
	path->data_control->control.epoch = 0;
	path->data_control->control.has_zones = 0;
	path->data_control->control.on_failure = 0;
	path->data_control->control.patterns = 0;
	events_take(NULL);
	return 0;
}

/* --- running ------------------------------------------------------------------- */

int program_fd(enum hook hook)
{
	switch (hook) {
	case XDP:
		return bpf_program__fd(path->progs.imtc_xdp);
	case EGRESS:
		return bpf_program__fd(path->progs.imtc_tc_egress);
	case INGRESS:
		return bpf_program__fd(path->progs.imtc_tc_ingress);
	}
	return -1;
}

void run_frame(enum hook hook, const u8 *frame, u32 len, struct ran *ret_ran)
{
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = frame, .data_size_in = len,
		    .data_out = ret_ran->frame, .data_size_out = PKT_BYTES, .repeat = 1);

	if (bpf_prog_test_run_opts(program_fd(hook), &opts))
		fail_msg("BPF_PROG_TEST_RUN of %u bytes at hook %d: %s", len, hook, strerror(errno));
	ret_ran->answer = opts.retval;
	ret_ran->len = opts.data_size_out;
}

u32 run(enum hook hook, const struct pkt *p)
{
	u8 frame[PKT_BYTES];
	struct ran ran;

	run_frame(hook, frame, pkt_build(p, frame), &ran);
	return ran.answer;
}

bool passes(enum hook hook, u32 answer)
{
	return answer == (hook == XDP ? XDP_PASS : (u32)TC_ACT_UNSPEC);
}

bool drops(enum hook hook, u32 answer)
{
	return answer == (hook == XDP ? XDP_DROP : TC_ACT_SHOT);
}

/* --- reading ------------------------------------------------------------------- */

/* Independent of the programs: from the frame, by the words of imtc/flow.h. */
bool flow_get(const struct pkt *p, struct imtc_flow *ret_flow)
{
	struct pkt plain = *p;
	u8 frame[PKT_BYTES], *ip, *l4;
	u32 zone_l4 = 1U << 8 | (u32)(p->l4 ? p->l4 : 6);
	bool swap;

	plain.frag_offset = 0;
	pkt_build(&plain, frame);
	ip = frame + pkt_l3(&plain);
	l4 = frame + pkt_l4(&plain);
	if (p->family == 6) {
		struct imtc_flow_key6 key = { .zone_l4 = zone_l4 };
		u64 from[2], to[2];

		memcpy(from, ip + 8, 16);
		memcpy(to, ip + 24, 16);
		swap = from[0] != to[0] ? from[0] > to[0] : from[1] > to[1];
		memcpy(key.addr[swap], ip + 8, 16);
		memcpy(key.addr[!swap], ip + 24, 16);
		memcpy(&key.port[swap], l4, 2);
		memcpy(&key.port[!swap], l4 + 2, 2);
		return !bpf_map_lookup_elem(map_fd("flows6"), &key, ret_flow);
	}
	struct imtc_flow_key4 key = { .zone_l4 = zone_l4 };
	u32 from, to;

	memcpy(&from, ip + 12, 4);
	memcpy(&to, ip + 16, 4);
	swap = from > to;
	key.addr[swap] = from;
	key.addr[!swap] = to;
	memcpy(&key.port[swap], l4, 2);
	memcpy(&key.port[!swap], l4 + 2, 2);
	return !bpf_map_lookup_elem(map_fd("flows4"), &key, ret_flow);
}

static u32 count_keys(const char *name)
{
	u8 key[64], next[64];
	int fd = map_fd(name);
	u32 n = 0;

	for (void *from = NULL; !bpf_map_get_next_key(fd, from, next); from = key) {
		memcpy(key, next, sizeof(key));
		n++;
	}
	return n;
}

u32 flow_count(void)
{
	return count_keys("flows4") + count_keys("flows6");
}

u32 stream_count(void)
{
	return count_keys("streams4") + count_keys("streams6");
}

static u64 sum_entry(const char *name, u32 entry)
{
	u64 values[CPUS_MAX], sum = 0;

	assert_int_equal(bpf_map_lookup_elem(map_fd(name), &entry, values), 0);
	for (int i = 0; i < libbpf_num_possible_cpus(); i++)
		sum += values[i];
	return sum;
}

u64 outcome(enum imtc_outcome which)
{
	return sum_entry("outcomes", which);
}

u64 hits_of_rule(u32 id)
{
	return sum_entry("rule_hits", imtc_hit_slot(epoch, id));
}

struct imtc_counter counter(u32 service, u32 feature, u32 verdict)
{
	struct imtc_counter values[CPUS_MAX], sum = { 0 };
	u32 slot = imtc_counter_slot(service, feature, verdict);

	assert_int_equal(bpf_map_lookup_elem(map_fd("counters"), &slot, values), 0);
	for (int i = 0; i < libbpf_num_possible_cpus(); i++) {
		for (int k = 0; k < 2; k++) {
			sum.packets[k] += values[i].packets[k];
			sum.bytes[k] += values[i].bytes[k];
		}
	}
	return sum;
}

int events_take(struct imtc_event *ret_event)
{
	n_events = 0;
	ring_buffer__consume(ring);
	if (ret_event && n_events)
		*ret_event = last_event;
	return n_events;
}

/* --- what imctl would write ---------------------------------------------------- */

volatile struct imtc_control *control_get(void)
{
	return &path->data_control->control;
}

u8 policy_flags;

/* Puts an array of n values into the slot of the epoch to come. */
static void slot_set(const char *outer, u32 bytes, const void *values, u32 n)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_INNER_MAP);
	int fd = bpf_map_create(BPF_MAP_TYPE_ARRAY, "inner", sizeof(u32), bytes, n, &opts);
	u32 slot = epoch & 1;

	assert_true(fd >= 0);
	for (u32 i = 0; i < n; i++)
		assert_int_equal(bpf_map_update_elem(fd, &i, (const char *)values +
						     (size_t)i * bytes, BPF_ANY), 0);
	assert_int_equal(bpf_map_update_elem(map_fd(outer), &slot, &fd, BPF_ANY), 0);
	close(fd);
}

void policy_sets_use(const struct policy_sets *sets)
{
	sets_used = sets ? sets : &no_sets;
}

bool judged_by_module(void)
{
	return module;
}

static char **domains;

void policy_domains_use(char **use)
{
	domains = use;
}

void domain_seed_get(u64 seed[2])
{
	seed[0] = control_get()->domain_seed[0];
	seed[1] = control_get()->domain_seed[1];
}

/* Each rule's pattern is one that no process matches. */
static void make_proc(struct imtc_proc *proc, u32 number)
{
	proc->flags = IMTC_PROC_EXE;
	snprintf(proc->exe, sizeof(proc->exe), "/nowhere/%u", number);
}

static u32 policy_to_module(const struct imtc_rule *rules, u32 n, u8 default_verdict,
			    const struct imtc_prefix *inside, u16 inside_count)
{
	/* Rules name devices by their place here. */
	struct policy_interface interfaces[] = { { .ifindex = 1 }, { .ifindex = 2 } };
	struct imtc_prefix *inside_copy = calloc(inside_count + 1U, sizeof(*inside_copy));
	struct imtc_rule *compiled = calloc(n + 1, sizeof(*compiled));
	struct imtc_proc *procs = calloc(IMTC_PROCS_MAX, sizeof(*procs));
	u32 last = n ? rules[n - 1].id : 0, loaded;
	struct policy_rule *names = calloc(last + 1, sizeof(*names));
	struct policy policy = {
		.name = "test", .default_verdict = default_verdict,
		.on_failure = IMTC_VERDICT_PASS,
		.observe = policy_flags & IMTC_POLICY_OBSERVE, .rules = names, .rule_count = last,
		.compiled = compiled, .compiled_count = n, .domains = domains,
		.procs = procs, .proc_count = IMTC_PROCS_MAX - 1,
		.sets = *sets_used,
		.interfaces = interfaces, .interface_count = 2,
		.inside = inside_copy, .inside_count = inside_count,
	};

	assert_true(compiled && procs && names && inside_copy);
	if (inside_count)
		memcpy(inside_copy, inside, inside_count * sizeof(*inside));
	if (n)
		memcpy(compiled, rules, n * sizeof(*rules));
	for (u32 i = 0; i < IMTC_PROCS_MAX - 1; i++)
		make_proc(&procs[i], i);
	for (u32 i = 0; i < last; i++)
		snprintf(names[i].name, sizeof(names[i].name), "rule %u", i + 1);
	if (nl_policy_load(module, &policy, &loaded))
		fail_msg("the module refuses: %s", nl_sentence(module));
	free(inside_copy);
	free(names);
	free(procs);
	free(compiled);
	return loaded;
}

u32 policy_set(const struct imtc_rule *rules, u32 n, u8 default_verdict)
{
	return policy_set_inside(rules, n, default_verdict, NULL, 0);
}

u32 policy_set_inside(const struct imtc_rule *rules, u32 n, u8 default_verdict,
		      const struct imtc_prefix *inside, u16 inside_count)
{
	struct imtc_rule *values = calloc(1 + n + inside_count, sizeof(*values));
	struct imtc_policy_head head = {
		.epoch = ++epoch, .count = n, .default_verdict = default_verdict,
		.on_failure = IMTC_VERDICT_PASS, .inside = inside_count, .flags = policy_flags,
	};
	struct imtc_index_sets sets;
	struct imtc_index index;
	u64 seed[2];

	if (module) {
		free(values);
		return policy_to_module(rules, n, default_verdict, inside, inside_count);
	}
	assert_non_null(values);
	for (u32 i = 0; i < n; i++)
		if (rules[i].domain_labels || rules[i].domain_set)
			head.flags |= IMTC_POLICY_DOMAINS;
	memcpy(values, &head, sizeof(head));
	if (n)
		memcpy(values + 1, rules, n * sizeof(*rules));
	for (u32 i = 0; i < inside_count; i++)
		values[1 + n + i].remote = inside[i];
	slot_set("policies", sizeof(*values), values, 1 + n + inside_count);
	free(values);
	domain_seed_get(seed);
	sets = (struct imtc_index_sets){
		.entries = sets_used->entries, .entries_count = (u32)sets_used->entry_count,
		.words = sets_used->words, .words_bytes = (u32)sets_used->words_bytes,
		.seed = seed,
	};
	assert_int_equal(imtc_index_build(&index, rules, n, &sets), 0);
	slot_set("indexes", IMTC_PAGE_BYTES, index.pages, index.count);
	imtc_index_free(&index);
	path->data_control->control.epoch = epoch;
	return epoch;
}

static struct imtc_domain_value meaning(u32 service, u32 feature, u32 encryption)
{
	return (struct imtc_domain_value){
		.service = (u16)service, .feature = (u8)feature, .encryption = (u8)encryption,
	};
}

static void seed_get(u64 seed[2])
{
	seed[0] = control_get()->domain_seed[0];
	seed[1] = control_get()->domain_seed[1];
}

void domain_set(const char *suffix, u32 service, u32 feature, u32 encryption)
{
	struct imtc_domain_value value = meaning(service, feature, encryption);
	struct imtc_domain_key key;
	u64 seed[2];

	seed_get(seed);
	imtc_domain_start(&key, seed);
	for (size_t i = strlen(suffix); i > 0; i--)
		imtc_domain_step(&key, (u8)suffix[i - 1]);
	assert_int_equal(bpf_map_update_elem(map_fd("domains"), &key, &value, BPF_ANY), 0);
}

void word_set(u8 kind, const char *word, u32 service, u32 feature)
{
	struct imtc_domain_value value = meaning(service, feature, 0);
	struct imtc_domain_key key;
	u64 seed[2];

	seed_get(seed);
	imtc_domain_start(&key, seed);
	imtc_domain_step(&key, kind);
	for (size_t i = 0; word[i]; i++)
		imtc_domain_step(&key, (u8)word[i]);
	assert_int_equal(bpf_map_update_elem(map_fd("domains"), &key, &value, BPF_ANY), 0);
}

/* An address as in keys of hints and prefixes. */
static bool address_of(const char *text, u32 addr[4])
{
	if (inet_pton(AF_INET6, text, addr) == 1)
		return true;
	addr[0] = addr[1] = 0;
	addr[2] = htonl(0xffff);
	assert_int_equal(inet_pton(AF_INET, text, &addr[3]), 1);
	return false;
}

void prefix_set(const char *address, u32 bits, u32 service, u32 feature)
{
	struct imtc_domain_value value = meaning(service, feature, 0);
	struct imtc_prefix_key key;

	key.bits = bits + (address_of(address, key.addr) ? 0 : 96);
	assert_int_equal(bpf_map_update_elem(map_fd("prefixes"), &key, &value, BPF_ANY), 0);
}

static struct imtc_hint_key hint_key(const char *address, u16 port, u8 l4)
{
	struct imtc_hint_key key = { .port = htons(port), .l4 = l4 };

	address_of(address, key.addr);
	return key;
}

void hint_set(const char *address, u16 port, u8 l4, const struct imtc_hint *hint)
{
	struct imtc_hint_key key = hint_key(address, port, l4);

	assert_int_equal(bpf_map_update_elem(map_fd("hints"), &key, hint, BPF_ANY), 0);
}

bool hint_get(const char *address, u16 port, u8 l4, struct imtc_hint *ret_hint)
{
	struct imtc_hint_key key = hint_key(address, port, l4);

	return !bpf_map_lookup_elem(map_fd("hints"), &key, ret_hint);
}

u64 ktime_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (u64)now.tv_sec * 1000000000ULL + (u64)now.tv_nsec;
}

void pattern_set(u32 entry, const struct imtc_pattern *pattern)
{
	assert_int_equal(bpf_map_update_elem(map_fd("patterns"), &entry, pattern, BPF_ANY), 0);
}

void zone_set(u32 ifindex, u32 zone)
{
	assert_int_equal(bpf_map_update_elem(map_fd("zones"), &ifindex, &zone, BPF_ANY), 0);
	path->data_control->control.has_zones = 1;
}
