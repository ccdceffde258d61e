// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies of hosts without the module: the idle slot is filled, then one store
 * of the epoch is the commit. Until it, nothing a program reads has changed;
 * after it, nothing can fail.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <imtc/policy_index_build.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bpffs.h"
#include "bpfpolicy.h"
#include "control.h"
#include "loader.h"
#include "mapread.h"
#include "policy_domain.h"
#include "sentence.h"
#include "timestamp.h"

/*
 * An epoch that was never in force, whose slot is the idle one. A load that was
 * killed before its commit has used up a number: the next one's slot may then be
 * that of the running policy, and the number after it is taken.
 */
static u32 next_epoch(const struct loader_state *state, u32 running)
{
	u32 next = state->last_epoch;

	/* 0 without the bit is shown as "none". */
	do
		next = (next + 1) | EPOCH_BPF;
	while (!epoch_shown(next) || (running && (next & 1) == (running & 1)));
	return next;
}

/* --- the maps of one policy ----------------------------------------------------- */

static u32 count_domains(const struct policy *policy)
{
	u32 count = 0;

	for (size_t i = 0; i < policy->compiled_count; i++)
		count += policy_domain(policy, &policy->compiled[i]) != NULL;
	return count;
}

static bool asks_for_domain(const struct policy *policy)
{
	for (size_t i = 0; i < policy->compiled_count; i++)
		if (policy->compiled[i].domain_labels || policy->compiled[i].domain_set)
			return true;
	return false;
}

static int rules_make(const struct policy *policy, u32 epoch, const u64 seed[2])
{
	u32 count = (u32)policy->compiled_count, inside = (u32)policy->inside_count;
	struct imtc_rule *entries = calloc(count + inside + 1, sizeof(*entries));
	struct imtc_policy_head head = {
		.epoch = epoch,
		.count = count,
		.default_verdict = policy->default_verdict,
		.on_failure = policy->on_failure,
		.flags = (policy->observe ? IMTC_POLICY_OBSERVE : 0) |
			 (asks_for_domain(policy) ? IMTC_POLICY_DOMAINS : 0),
		.inside = (u16)inside,
	};
	int fd;

	if (!entries)
		return -ENOMEM;
	head.loaded_ns = policy->first_ns ? policy->first_ns : time_now_ns(CLOCK_MONOTONIC);
	memcpy(head.name, policy->name, sizeof(head.name));
	memcpy(&entries[0], &head, sizeof(head));
	if (count)
		memcpy(&entries[1], policy->compiled, count * sizeof(*entries));
	policy_seed_domains(policy, entries + 1, seed);
	for (u32 i = 1; i <= count; i++)
		entries[i].ifindex = policy_ifindex(policy, &entries[i]);
	for (u32 i = 0; i < inside; i++)
		entries[1 + count + i].remote = policy->inside[i];
	fd = bpf_array_make("imtc_rules", BPF_F_INNER_MAP, entries, sizeof(*entries),
			    1 + count + inside);
	free(entries);
	return fd;
}

static int index_make(const struct policy *policy, const u64 seed[2])
{
	const struct imtc_index_sets sets = {
		.entries = policy->sets.entries,
		.entries_count = (u32)policy->sets.entry_count,
		.words = policy->sets.words,
		.words_bytes = (u32)policy->sets.words_bytes,
		.seed = seed,
	};
	struct imtc_index index;
	int fd = imtc_index_build(&index, policy->compiled, (u32)policy->compiled_count, &sets);

	if (fd)
		return fd;
	fd = bpf_array_make("imtc_index", BPF_F_INNER_MAP, index.pages, IMTC_PAGE_BYTES,
			    index.count);
	imtc_index_free(&index);
	return fd;
}

static void note_domains(const struct policy *policy, struct policy_note *to)
{
	for (size_t i = 0; i < policy->compiled_count; i++) {
		const char *domain = policy_domain(policy, &policy->compiled[i]);

		if (!domain)
			continue;
		memcpy(to, domain, strlen(domain));
		to += POLICY_NOTES_DOMAIN;
	}
}

/* What programs do not need: names, digest, who and when. Pinned by its epoch. */
static int note_make(const struct policy *policy, const struct policy_before *before, u32 epoch)
{
	size_t names = 2 + policy->rule_count + policy->sets.count;
	size_t count = names + (size_t)count_domains(policy) * POLICY_NOTES_DOMAIN;
	struct policy_note *entries = calloc(count, sizeof(*entries));
	struct timespec now;
	char pin[POLICY_PIN_BYTES];
	int fd, err;

	if (!entries)
		return -ENOMEM;
	clock_gettime(CLOCK_REALTIME, &now);
	memcpy(entries[0].head.digest, policy->digest, sizeof(policy->digest));
	entries[0].head.loaded_ns = (u64)now.tv_sec * 1000000000ULL + (u64)now.tv_nsec;
	entries[0].head.loader_uid = getuid();
	if (before) {
		entries[0].head.loaded_ns = before->loaded_ns;
		entries[0].head.loader_uid = before->loader_uid;
	}
	entries[0].head.rules = (u32)policy->rule_count;
	entries[0].head.domains = count_domains(policy);
	entries[0].head.sets = (u32)policy->sets.count;
	entries[0].head.set_entries = (u32)policy->sets.entry_count;
	entries[0].head.words_bytes = (u32)policy->sets.words_bytes;
	for (size_t i = 0; i < policy->rule_count; i++)
		memcpy(entries[i + 1].name, policy->rules[i].name, IMTC_NAME_BYTES);
	for (size_t i = 0; i < policy->sets.count; i++)
		memcpy(entries[1 + policy->rule_count + i].name, policy->sets.names[i],
		       IMTC_NAME_BYTES);
	memcpy(entries[names - 1].name, policy->sets.kinds, policy->sets.count);
	note_domains(policy, entries + names);
	fd = bpf_array_make("imtc_policy", 0, entries, sizeof(*entries), (u32)count);
	free(entries);
	if (fd < 0)
		return fd;
	policy_pin(pin, epoch);
	err = bpffs_pin(fd, BPFFS_POLICY, pin);
	close(fd);
	return err;
}

/* The half of rule_hits that the epoch counts in: begins with `hits`, or with zero. */
static int hits_begin(u32 epoch, u32 rules, const u64 *hits)
{
	int cpus = libbpf_num_possible_cpus();
	int fd = map_open("rule_hits", sizeof(u32), sizeof(u64));
	u32 count = rules + 1, done = count;
	u64 *values;
	u32 *keys;
	int err = 0;

	if (fd < 0)
		return fd;
	if (cpus < 0) {
		close(fd);
		return cpus;
	}
	keys = calloc(count, sizeof(*keys));
	values = calloc((size_t)count * (size_t)cpus, sizeof(*values));
	for (u32 i = 0; keys && i < count; i++)
		keys[i] = imtc_hit_slot(epoch, i);
	for (u32 i = 0; values && hits && i < count; i++)
		values[(size_t)i * (size_t)cpus] = hits[i];
	if (!keys || !values)
		err = -ENOMEM;
	else if (bpf_map_update_batch(fd, keys, values, &done, NULL))
		err = -errno;
	free(keys);
	free(values);
	close(fd);
	return err;
}

/* --- commit ---------------------------------------------------------------------- */

struct commit {
	struct imtc_control *control;
	struct loader_state state;
	int policies, indexes;
	int lock;
};

/* Both maps of a policy, the rules and their index, in its slot. */
struct slot {
	int rules;
	int index;
};

/*
 * Puts maps into a slot, the rules first: a program that still reads an older
 * policy there finds another epoch. The kernel returns when every program that may
 * have seen what the slot held before has ended.
 */
static int slot_put(const struct commit *c, u32 epoch, const struct slot *put)
{
	u32 slot = epoch & 1;

	if (bpf_map_update_elem(c->policies, &slot, &put->rules, BPF_ANY) ||
	    bpf_map_update_elem(c->indexes, &slot, &put->index, BPF_ANY))
		return -errno;
	return 0;
}

static void slot_close(struct slot *put)
{
	if (put->rules >= 0)
		close(put->rules);
	if (put->index >= 0)
		close(put->index);
}

static int drop_other_note(const char *name, void *keep)
{
	char note[POLICY_PIN_BYTES], sets[POLICY_PIN_BYTES], words[POLICY_PIN_BYTES];

	policy_pin(note, *(u32 *)keep);
	sets_pin(sets, *(u32 *)keep);
	words_pin(words, *(u32 *)keep);
	return strcmp(name, note) && strcmp(name, sets) && strcmp(name, words) ?
		       bpffs_unpin(BPFFS_POLICY, name) : 0;
}

static void commit_end(struct commit *c)
{
	control_unmap(c->control);
	if (c->policies >= 0)
		close(c->policies);
	if (c->indexes >= 0)
		close(c->indexes);
	if (c->lock >= 0)
		close(c->lock);
}

static int commit_begin(struct commit *c)
{
	int err;

	memset(c, 0, sizeof(*c));
	c->policies = c->indexes = -1;
	c->lock = bpffs_lock();
	err = c->lock < 0 ? c->lock : state_get(&c->state);
	if (!err)
		err = control_map(&c->control);
	if (!err) {
		c->policies = map_open("policies", sizeof(u32), sizeof(u32));
		err = c->policies < 0 ? c->policies : 0;
	}
	if (!err) {
		c->indexes = map_open("indexes", sizeof(u32), sizeof(u32));
		err = c->indexes < 0 ? c->indexes : 0;
	}
	if (!err)
		return 0;
	commit_end(c);
	return fail(err, err == -ENOENT ? "no programs are loaded" :
		    "cannot open the maps of the policy");
}

/* Everything that may fail; programs see none of it. */
static int prepare(struct commit *c, const struct policy *policy,
		   const struct policy_before *before, u32 epoch, struct slot *put)
{
	u64 seed[2];
	int err = control_seed(c->control);

	if (!err)
		err = note_make(policy, before, epoch);

	if (!err)
		err = bpf_sets_keep(&policy->sets, epoch);
	if (err)
		return fail(err, "cannot note the policy");
	seed[0] = c->control->domain_seed[0];
	seed[1] = c->control->domain_seed[1];
	put->rules = rules_make(policy, epoch, seed);
	if (put->rules < 0)
		return fail(put->rules, "cannot make the map of rules");
	put->index = index_make(policy, seed);
	if (put->index < 0)
		return fail(put->index, "cannot make the index of the rules");
	err = hits_begin(epoch, (u32)policy->rule_count, before ? before->hits : NULL);
	c->state.last_epoch = epoch;
	if (!err)
		err = state_put(&c->state);
	if (!err)
		err = slot_put(c, epoch, put);
	return err ? fail(err, "cannot fill the idle policy") : 0;
}

static int load_programs(void)
{
	int err = loader_is_loaded() ? 0 : loader_load(ENGINE_DETECT, NULL);

	if (!err && loader_with_module())
		err = fail(-EBUSY, "the programs take verdicts from the module: load the policy "
			   "into it");
	return err;
}

static int refuse_module_rules(const struct policy *policy)
{
	for (size_t i = 0; i < policy->rule_count; i++)
		if (policy->rules[i].needs_module)
			return fail(-EOPNOTSUPP, "rule \"%s\" needs imtc.ko: %s",
				    policy->rules[i].name, policy->rules[i].needs_module);
	return 0;
}

static void unpin_policy(u32 epoch)
{
	char pin[POLICY_PIN_BYTES];

	policy_pin(pin, epoch);
	bpffs_unpin(BPFFS_POLICY, pin);
	sets_pin(pin, epoch);
	bpffs_unpin(BPFFS_POLICY, pin);
	words_pin(pin, epoch);
	bpffs_unpin(BPFFS_POLICY, pin);
}

static int put_in_force(const struct policy *policy, const struct policy_before *before,
			u32 *ret_epoch)
{
	struct slot put = { -1, -1 };
	struct commit c;
	u32 epoch, slot;
	int err;

	if (policy->compiled_count > IMTC_RULES_MAX || policy->rule_count > IMTC_RULES_MAX)
		return fail(-E2BIG, "more than %u rules", IMTC_RULES_MAX);
	err = refuse_module_rules(policy);
	if (!err)
		err = load_programs();
	if (!err)
		err = commit_begin(&c);
	if (err)
		return err;
	epoch = next_epoch(&c.state, c.control->epoch);
	if (before && before->epoch != c.control->epoch) {
		commit_end(&c);
		return fail(-EAGAIN, "another policy was loaded meanwhile");
	}
	err = prepare(&c, policy, before, epoch, &put);
	if (err) {
		slot_close(&put);
		unpin_policy(epoch);
		commit_end(&c);
		return err;
	}
	control_commit(c.control, epoch, policy->on_failure);
	/*
	 * The same map once more, to wait: when this returns no program judges by
	 * the old policy, so that the next load may overwrite that one's slot.
	 */
	slot = epoch & 1;
	bpf_map_update_elem(c.policies, &slot, &put.rules, BPF_ANY);
	slot_close(&put);
	bpffs_each(BPFFS_POLICY, drop_other_note, &epoch);
	commit_end(&c);
	*ret_epoch = epoch_shown(epoch);
	return 0;
}

int bpf_policy_load(const struct policy *policy, u32 *ret_epoch)
{
	return put_in_force(policy, NULL, ret_epoch);
}

int bpf_policy_renew(const struct policy *policy, const struct policy_before *before,
		     u32 *ret_epoch)
{
	return put_in_force(policy, before, ret_epoch);
}

int bpf_policy_flush(u32 *ret_epoch)
{
	static const union {
		struct imtc_policy_head head;
		u64 page[IMTC_PAGE_WORDS];
	} nothing;
	struct slot put = { -1, -1 };
	struct commit c;
	int err = commit_begin(&c);

	if (err)
		return err;
	put.rules = bpf_array_make("imtc_rules", BPF_F_INNER_MAP, &nothing.head,
				   sizeof(nothing.head), 1);
	put.index = bpf_array_make("imtc_index", BPF_F_INNER_MAP, nothing.page, IMTC_PAGE_BYTES, 1);
	err = put.rules < 0 ? put.rules : put.index < 0 ? put.index : 0;
	if (err) {
		slot_close(&put);
		commit_end(&c);
		return fail(err, "cannot make the maps of no policy");
	}
	control_commit(c.control, 0, IMTC_VERDICT_NONE);
	/* Waits as above, and lets the rules' memory go. */
	slot_put(&c, 0, &put);
	slot_put(&c, 1, &put);
	slot_close(&put);
	bpffs_empty(BPFFS_POLICY);
	commit_end(&c);
	*ret_epoch = 0;
	return 0;
}
