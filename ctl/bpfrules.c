// SPDX-License-Identifier: GPL-2.0-only
/*
 * The running BPF-only policy, read back from the maps. A load at the same time
 * moves the epoch: then all is read again.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "bpffs.h"
#include "bpfpolicy.h"
#include "control.h"
#include "json.h"
#include "loader.h"
#include "mapread.h"
#include "names.h"
#include "policy.h"
#include "sentence.h"

/* Loads that may come between before reading is given up. */
#define TRIES_MAX 8

struct running {
	u32 epoch;
	struct imtc_policy_head head;
	struct policy_note note;
	struct imtc_rule *rules;	/* head.count of them, then head.inside */
	/* Of rules, then of sets: note.head.rules and .sets of them; then the sets' kinds. */
	char *names;
};

static void running_free(struct running *r)
{
	free(r->rules);
	free(r->names);
	r->rules = NULL;
	r->names = NULL;
}

/* The map of rules in a slot; -ENOENT where it has none. */
static int rules_open(u32 epoch)
{
	int policies = map_open("policies", sizeof(u32), sizeof(u32));
	u32 slot = epoch & 1, id;
	int err = 0, fd = -1;

	if (policies < 0)
		return policies;
	if (bpf_map_lookup_elem(policies, &slot, &id))
		err = -errno;
	close(policies);
	if (err)
		return err;
	fd = bpf_map_get_fd_by_id(id);
	return fd < 0 ? -errno : fd;
}

static int read_rules(struct running *r)
{
	int fd = rules_open(r->epoch);
	void *rules = NULL;
	u32 zero = 0;
	int err = 0;

	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, &r->head))
		err = -errno;
	else if (r->head.epoch != r->epoch)
		err = -EAGAIN;
	else if (r->head.count > IMTC_RULES_MAX || r->head.inside > IMTC_INSIDE_MAX)
		err = -EPROTO;
	if (!err)
		err = bpf_array_read(fd, sizeof(struct imtc_rule), 1,
				     r->head.count + r->head.inside, &rules);
	if (!err)
		r->rules = rules;
	close(fd);
	return err;
}

static int read_note(struct running *r)
{
	char pin[POLICY_PIN_BYTES];
	void *names = NULL;
	u32 zero = 0, plain, count;
	int fd, err = 0;

	policy_pin(pin, r->epoch);
	fd = bpffs_open(BPFFS_POLICY, pin);
	if (fd < 0)
		return fd;
	if (bpf_map_lookup_elem(fd, &zero, &r->note))
		err = -errno;
	else if (r->note.head.rules > IMTC_RULES_MAX || r->note.head.sets >= IMTC_SETS_MAX ||
		 r->note.head.domains > IMTC_RULES_MAX)
		err = -EPROTO;
	plain = r->note.head.rules + r->note.head.sets + 1;
	count = plain + r->note.head.domains * POLICY_NOTES_DOMAIN;
	if (!err)
		err = bpf_array_read(fd, sizeof(struct policy_note), 1, count, &names);
	close(fd);
	if (err)
		return err;
	r->names = names;
	for (u32 i = 0; i < plain; i++)
		r->names[(i + 1) * IMTC_NAME_BYTES - 1] = '\0';
	for (u32 i = plain + POLICY_NOTES_DOMAIN; i <= count; i += POLICY_NOTES_DOMAIN)
		r->names[i * IMTC_NAME_BYTES - 1] = '\0';
	return 0;
}

static int running_read(struct running *r)
{
	struct imtc_control now;
	int err = -EAGAIN;

	for (int i = 0; i < TRIES_MAX && err == -EAGAIN; i++) {
		memset(r, 0, sizeof(*r));
		err = map_control(&now);
		if (!err && !now.epoch)
			err = -ENOENT;
		if (err)
			break;
		r->epoch = now.epoch;
		err = read_rules(r);
		if (!err)
			err = read_note(r);
		if (!map_control(&now) && now.epoch != r->epoch)
			err = -EAGAIN;
		if (err)
			running_free(r);
	}
	if (err == -ENOENT)
		fail(0, "no policy is loaded");
	else if (err)
		fail(err, "cannot read the policy");
	return err;
}

int bpf_policy_names(u32 epoch, char **ret_names, u32 *ret_count)
{
	struct running r = { .epoch = epoch };
	int err = read_note(&r);

	if (err)
		return err;
	*ret_names = r.names;
	*ret_count = r.note.head.rules;
	return 0;
}

/* The running half of rule_hits, entry i of rule i, for free(). */
static int hits_read(u32 epoch, u64 **ret_hits)
{
	u64 *sums = calloc(IMTC_HIT_SLOTS, sizeof(*sums));
	int fd = map_open("rule_hits", sizeof(u32), sizeof(u64));
	int err = fd < 0 ? fd : sums ? 0 : -ENOMEM;

	if (!err)
		err = map_sums(fd, IMTC_HIT_SLOTS, 1, sums);
	if (fd >= 0)
		close(fd);
	if (err) {
		free(sums);
		return err;
	}
	memmove(sums, sums + imtc_hit_slot(epoch, 0), (IMTC_RULES_MAX + 1) * sizeof(*sums));
	*ret_hits = sums;
	return 0;
}

static const char *set_name(const struct running *r, u32 set)
{
	if (!set || set > r->note.head.sets)
		return NULL;
	return r->names + (r->note.head.rules + set - 1) * IMTC_NAME_BYTES;
}

/* The domain of the so-manieth rule that asks for one. */
static const char *domain_text(const struct running *r, u32 number)
{
	u32 before = r->note.head.rules + r->note.head.sets + 1;

	if (number >= r->note.head.domains)
		return NULL;
	return r->names + (size_t)(before + number * POLICY_NOTES_DOMAIN) * IMTC_NAME_BYTES;
}

/* --- as it was loaded ------------------------------------------------------------- */

static int read_sets(const struct running *r, struct policy_sets *sets)
{
	const char *kinds = r->names + (size_t)(r->note.head.rules + r->note.head.sets) *
				       IMTC_NAME_BYTES;

	sets->names = calloc(IMTC_SETS_MAX, sizeof(*sets->names));
	if (!sets->names)
		return -ENOMEM;
	sets->count = r->note.head.sets;
	for (size_t i = 0; i < sets->count; i++)
		memcpy(sets->names[i], set_name(r, (u32)i + 1), IMTC_NAME_BYTES);
	memcpy(sets->kinds, kinds, sets->count);
	for (size_t i = 0; i < sets->count; i++)
		if (sets->kinds[i] >= IMTC_SET_KINDS)
			return -EPROTO;
	return bpf_sets_kept(r->epoch, r->note.head.set_entries, r->note.head.words_bytes, sets);
}

/* As lowering numbers devices: they are told by their ifindex alone here. */
static int interfaces_from(struct policy *policy)
{
	for (size_t i = 0; i < policy->compiled_count; i++) {
		struct imtc_rule *rule = &policy->compiled[i];
		struct policy_interface *all = policy->interfaces;
		size_t n = 0;

		if (!rule->ifindex)
			continue;
		while (n < policy->interface_count && all[n].ifindex != rule->ifindex)
			n++;
		if (n == policy->interface_count) {
			all = reallocarray(all, n + 1, sizeof(*all));
			if (!all)
				return -ENOMEM;
			all[n] = (struct policy_interface){ .ifindex = rule->ifindex };
			policy->interfaces = all;
			policy->interface_count++;
		}
		rule->ifindex = (u32)n + 1;
	}
	return 0;
}

static int inside_from(const struct running *r, struct policy *policy)
{
	policy->inside = calloc(r->head.inside + 1U, sizeof(*policy->inside));
	if (!policy->inside)
		return -ENOMEM;
	for (u32 i = 0; i < r->head.inside; i++)
		policy->inside[i] = r->rules[r->head.count + i].remote;
	policy->inside_count = r->head.inside;
	return 0;
}

static int domains_from(const struct running *r, struct policy *policy)
{
	policy->domains = calloc(r->head.count + 1, sizeof(*policy->domains));
	if (!policy->domains)
		return -ENOMEM;
	for (u32 i = 0, number = 0; i < r->head.count; i++) {
		const char *domain = r->rules[i].domain_labels ? domain_text(r, number++) : NULL;

		policy->domains[i] = domain ? strdup(domain) : NULL;
		if (domain && !policy->domains[i])
			return -ENOMEM;
	}
	return 0;
}

static int policy_from(struct running *r, struct policy *policy)
{
	int err;

	policy->rule_count = r->note.head.rules;
	policy->rules = calloc(policy->rule_count + 1, sizeof(*policy->rules));
	if (!policy->rules)
		return -ENOMEM;
	memcpy(policy->name, r->head.name, sizeof(policy->name));
	policy->name[sizeof(policy->name) - 1] = '\0';
	memcpy(policy->digest, r->note.head.digest, sizeof(policy->digest));
	policy->default_verdict = r->head.default_verdict;
	policy->on_failure = r->head.on_failure;
	policy->observe = r->head.flags & IMTC_POLICY_OBSERVE;
	policy->first_ns = r->head.loaded_ns;
	for (size_t i = 0; i < policy->rule_count; i++)
		memcpy(policy->rules[i].name, r->names + i * IMTC_NAME_BYTES, IMTC_NAME_BYTES);
	policy->compiled = r->rules;
	policy->compiled_count = r->head.count;
	err = inside_from(r, policy);
	if (!err)
		err = domains_from(r, policy);
	r->rules = NULL;
	if (!err)
		err = interfaces_from(policy);
	return err ? err : read_sets(r, &policy->sets);
}

int bpf_policy_read(struct policy **ret_policy, struct policy_before *ret_before)
{
	struct policy *policy = calloc(1, sizeof(*policy));
	struct running r;
	int err = running_read(&r);

	memset(ret_before, 0, sizeof(*ret_before));
	if (err) {
		free(policy);
		return err;
	}
	ret_before->epoch = r.epoch;
	ret_before->loaded_ns = r.note.head.loaded_ns;
	ret_before->loader_uid = r.note.head.loader_uid;
	err = policy ? policy_from(&r, policy) : -ENOMEM;
	if (!err)
		err = hits_read(r.epoch, &ret_before->hits);
	running_free(&r);
	if (err) {
		policy_free(policy);
		return fail(err, "cannot read the policy");
	}
	*ret_policy = policy;
	return 0;
}

/* --- JSON ------------------------------------------------------------------------ */

static void add_time(struct json_object *object, const char *key, u64 ns)
{
	time_t seconds = (time_t)(ns / 1000000000ULL);
	char text[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	json_add_text(object, key, text);
}

static void add_hex(struct json_object *object, const char *key, const u8 *bytes, size_t n)
{
	char text[2 * 32 + 1];

	for (size_t i = 0; i < n && i < 32; i++)
		snprintf(text + 2 * i, 3, "%02x", bytes[i]);
	json_add_text(object, key, text);
}

static void add_inside(struct json_object *object, const struct running *r)
{
	struct imtc_prefix prefixes[IMTC_INSIDE_MAX];

	for (u32 i = 0; i < r->head.inside; i++)
		prefixes[i] = r->rules[r->head.count + i].remote;
	policy_add_inside(object, prefixes, r->head.inside);
}

int bpf_policy_get(struct json_object **ret_policy)
{
	struct json_object *o;
	struct running r;
	int err = running_read(&r);

	if (err)
		return err;
	o = json_object_new_object();
	r.head.name[sizeof(r.head.name) - 1] = '\0';
	json_add_text(o, "name", r.head.name);
	json_add_number(o, "epoch", epoch_shown(r.epoch));
	json_add_text(o, "default", action_name(r.head.default_verdict));
	json_add_text(o, "on_failure", failure_name(r.head.on_failure));
	json_add_text(o, "mode", mode_name(r.head.flags & IMTC_POLICY_OBSERVE));
	add_hex(o, "digest", r.note.head.digest, sizeof(r.note.head.digest));
	add_time(o, "loaded", r.note.head.loaded_ns);
	json_add_number(o, "loader_uid", r.note.head.loader_uid);
	json_add_number(o, "rules", r.head.count);
	add_inside(o, &r);
	running_free(&r);
	*ret_policy = o;
	return 0;
}

static struct json_object *rules_json(const struct running *r, const u64 *hits)
{
	struct json_object *list = json_object_new_array();
	u32 last = 0, domains = 0;

	for (u32 i = 0; i < r->head.count; i++) {
		const struct imtc_rule *rule = &r->rules[i];
		bool known = rule->id && rule->id <= r->note.head.rules;
		struct rule_words words = {
			.name = known ? r->names + (rule->id - 1) * IMTC_NAME_BYTES : NULL,
			.local_set = set_name(r, rule->local_set),
			.remote_set = set_name(r, rule->remote_set),
			.domain = rule->domain_labels ? domain_text(r, domains++) : NULL,
			.domain_set = set_name(r, rule->domain_set),
		};
		struct json_object *o = policy_rule_json(rule, &words);

		/* Counted by rule of the file: all stand at its first compiled one. */
		if (known)
			json_add_number(o, "hits", rule->id == last ? 0 : hits[rule->id]);
		last = rule->id;
		json_object_array_add(list, o);
	}
	return list;
}

int bpf_rules_get(struct json_object **ret_rules)
{
	struct running r;
	u64 *hits;
	int err = running_read(&r);

	if (err)
		return err;
	err = hits_read(r.epoch, &hits);
	if (err) {
		running_free(&r);
		return fail(err, "cannot read the decisions of rules");
	}
	*ret_rules = rules_json(&r, hits);
	free(hits);
	running_free(&r);
	return 0;
}
