// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rules that can never win, since rules before them take everything they would.
 *
 * A compiled rule B is dead when each of its services is taken by some earlier
 * compiled rule that is as wide or wider in every other criterion. A rule of
 * the file is dead when all it was compiled to is. Dead rules take no part any
 * more: what they would cover is covered by what killed them. A rule's own
 * compiled rules do not kill each other, as the rule wins by either.
 *
 * Looking at every pair would be quadratic. What B asks for in process and
 * prefixes can be covered by few combinations only: each is a key in a hash
 * table. Where there would be more keys than rules, the rules are walked.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "pattern.h"
#include "policy_tree.h"

#define MASKS_MAX 129		/* prefix lengths */
#define NOBODY 0xffffffffu	/* the end of a chain */

struct key {
	u64 proc;
	u64 sets;	/* of both ends */
	u64 local[2], local_mask[2];
	u64 remote[2], remote_mask[2];
};

/* Prefix masks in use; there are few, whatever the number of prefixes. */
struct masks {
	u64 mask[MASKS_MAX][2];
	size_t count;
};

struct wider {
	u16 *procs;	/* the patterns at least as wide, 0 (any) first, itself too */
	size_t count;	/* 0: not known yet */
};

struct search {
	const struct policy *policy;
	u32 *kept;	/* compiled rules that may win, in order */
	size_t kept_count;
	u32 *next;	/* chain of the hash table, by compiled rule */
	u32 *buckets;
	size_t bucket_mask;
	struct masks local, remote;
	struct wider *wider;	/* by process pattern */
};

/* What is not yet taken of one compiled rule, and by whom the rest was. */
struct claim {
	const struct imtc_rule *rule;
	u64 left[IMTC_SERVICE_MAX / 64];
	bool any_left;	/* the rule asks for any service, and nobody took that */
	struct shadow by;
};

/* --- wider or equal --------------------------------------------------------- */

static bool mask_covers(u64 wide, u64 narrow)
{
	return !wide || (narrow && !(narrow & ~wide));
}

static bool prefix_covers(const struct imtc_prefix *wide, const struct imtc_prefix *narrow)
{
	for (int i = 0; i < 2; i++)
		if ((wide->mask[i] & ~narrow->mask[i]) ||
		    ((wide->addr[i] ^ narrow->addr[i]) & wide->mask[i]))
			return false;
	return true;
}

static bool ports_cover(const struct imtc_ports *wide, const struct imtc_ports *narrow)
{
	return !wide->last || (narrow->last && wide->first <= narrow->first &&
			       wide->last >= narrow->last);
}

/* By the hashes: what is below a domain that is not its own is not found. */
static bool domain_covers(const struct imtc_rule *wide, const struct imtc_rule *narrow)
{
	if (wide->domain_set)
		return wide->domain_set == narrow->domain_set;
	return !wide->domain_labels ||
	       (wide->domain_labels == narrow->domain_labels && wide->domain == narrow->domain &&
		(wide->domain_kind == IMTC_DOMAIN_SUFFIX ||
		 wide->domain_kind == narrow->domain_kind));
}

/* In all but services, processes and prefixes. */
static bool rest_covers(const struct imtc_rule *wide, const struct imtc_rule *narrow)
{
	u8 both = IMTC_DIRECTION_OUT | IMTC_DIRECTION_IN;
	bool all_directions = (wide->directions & both) == both;

	/* Each rule counts for itself, and not what rules before it have taken. */
	return !imtc_rule_has_rates(wide) &&
	       wide->confidence <= narrow->confidence && domain_covers(wide, narrow) &&
	       (wide->peers == IMTC_PEER_ALL || mask_covers(wide->peers, narrow->peers)) &&
	       (!wide->ifindex || wide->ifindex == narrow->ifindex) &&
	       (!wide->schedule || wide->schedule == narrow->schedule) &&
	       ports_cover(&wide->local_port, &narrow->local_port) &&
	       ports_cover(&wide->remote_port, &narrow->remote_port) &&
	       mask_covers(wide->features, narrow->features) &&
	       (all_directions || mask_covers(wide->directions, narrow->directions)) &&
	       mask_covers(wide->encryptions, narrow->encryptions);
}

/* --- process patterns ------------------------------------------------------- */

/* The patterns as wide as number, found once. False: no memory. */
static bool find_wider(struct search *search, u16 number)
{
	const struct policy *policy = search->policy;
	struct wider *wider = &search->wider[number];

	if (wider->count)
		return true;
	wider->procs = calloc(policy->proc_count + 1, sizeof(*wider->procs));
	if (!wider->procs)
		return false;
	wider->procs[wider->count++] = 0;
	for (size_t i = 0; number && i < policy->proc_count; i++)
		if (pattern_covers(&policy->procs[i], &policy->procs[number - 1]))
			wider->procs[wider->count++] = (u16)(i + 1);
	return true;
}

static bool is_wider(const struct search *search, u16 wide, u16 narrow)
{
	const struct wider *wider = &search->wider[narrow];

	for (size_t i = 0; i < wider->count; i++)
		if (wider->procs[i] == wide)
			return true;
	return false;
}

/* --- the table of rules that may win ---------------------------------------- */

static size_t hash_key(const struct key *key)
{
	const u64 *word = (const u64 *)key;
	u64 hash = 0x9e3779b97f4a7c15ULL;

	for (size_t i = 0; i < sizeof(*key) / sizeof(*word); i++) {
		hash = (hash ^ word[i]) * 0xd6e8feb86659fd93ULL;
		hash ^= hash >> 32;
	}
	return (size_t)hash;
}

static u64 sets_of(const struct imtc_rule *rule)
{
	return rule->local_set | (u64)rule->remote_set << 8;
}

/* A set is within itself, and within any address. */
static bool sets_cover(u64 wide, u64 narrow)
{
	return (!(wide & 0xff) || (wide & 0xff) == (narrow & 0xff)) &&
	       (!(wide >> 8) || wide >> 8 == narrow >> 8);
}

/* The key of a rule as wide as B: B's own prefixes under wider masks. */
static struct key make_key(const struct imtc_rule *rule, u16 proc, u64 sets,
			   const u64 local_mask[2], const u64 remote_mask[2])
{
	struct key key = { .proc = proc, .sets = sets };

	for (int i = 0; i < 2; i++) {
		key.local[i] = rule->local.addr[i] & local_mask[i];
		key.local_mask[i] = local_mask[i];
		key.remote[i] = rule->remote.addr[i] & remote_mask[i];
		key.remote_mask[i] = remote_mask[i];
	}
	return key;
}

static struct key own_key(const struct imtc_rule *rule)
{
	return make_key(rule, rule->proc, sets_of(rule), rule->local.mask, rule->remote.mask);
}

static void note_mask(struct masks *masks, const u64 mask[2])
{
	for (size_t i = 0; i < masks->count; i++)
		if (!memcmp(masks->mask[i], mask, sizeof(masks->mask[i])))
			return;
	if (masks->count < MASKS_MAX)
		memcpy(masks->mask[masks->count++], mask, sizeof(masks->mask[0]));
}

static void keep(struct search *search, u32 index)
{
	const struct imtc_rule *rule = &search->policy->compiled[index];
	struct key key = own_key(rule);
	u32 *bucket = &search->buckets[hash_key(&key) & search->bucket_mask];

	search->next[index] = *bucket;
	*bucket = index;
	search->kept[search->kept_count++] = index;
	note_mask(&search->local, rule->local.mask);
	note_mask(&search->remote, rule->remote.mask);
}

/* --- one compiled rule ------------------------------------------------------ */

static void note_by(struct shadow *by, u32 id)
{
	size_t named = by->count < 4 ? by->count : 4;

	for (size_t i = 0; i < named; i++)
		if (by->by[i] == id)
			return;
	if (by->count < 4)
		by->by[by->count] = id;
	by->count++;
}

static bool is_dead(const struct claim *claim)
{
	return !claim->any_left && !(claim->left[0] | claim->left[1]);
}

/* An earlier rule as wide in processes and prefixes: what does it take? */
static void offer(struct claim *claim, const struct imtc_rule *earlier)
{
	const struct imtc_rule *rule = claim->rule;
	u64 takes[2] = { claim->left[0], claim->left[1] };
	bool is_any = !(earlier->services[0] | earlier->services[1]);

	if (earlier->id == rule->id || !rest_covers(earlier, rule))
		return;
	for (int i = 0; i < 2 && !is_any; i++)
		takes[i] &= earlier->services[i];
	if (!(takes[0] | takes[1]) && !(is_any && claim->any_left))
		return;
	if (is_any)
		claim->any_left = false;
	claim->left[0] &= ~takes[0];
	claim->left[1] &= ~takes[1];
	note_by(&claim->by, earlier->id);
}

static bool is_wider_mask(const u64 wide[2], const u64 narrow[2])
{
	return !(wide[0] & ~narrow[0]) && !(wide[1] & ~narrow[1]);
}

static void look_up(struct search *search, struct claim *claim, const struct key *key)
{
	u32 index = search->buckets[hash_key(key) & search->bucket_mask];

	for (; index != NOBODY && !is_dead(claim); index = search->next[index]) {
		const struct imtc_rule *earlier = &search->policy->compiled[index];
		struct key other = own_key(earlier);

		if (!memcmp(key, &other, sizeof(other)))
			offer(claim, earlier);
	}
}

/* The rule's own sets, one of them, and none. */
static void look_up_sets(struct search *search, struct claim *claim, u16 proc,
			 const u64 local_mask[2], const u64 remote_mask[2])
{
	static const u64 kept[] = { 0, 0xff, 0xff00, 0xffff };
	u64 sets = sets_of(claim->rule);

	for (size_t i = 0; i < (sets ? 4 : 1) && !is_dead(claim); i++) {
		struct key key = make_key(claim->rule, proc, sets & kept[i], local_mask,
					  remote_mask);

		look_up(search, claim, &key);
	}
}

static void look_up_all(struct search *search, struct claim *claim)
{
	const struct imtc_rule *rule = claim->rule;
	const struct wider *wider = &search->wider[rule->proc];

	for (size_t l = 0; l < search->local.count; l++) {
		if (!is_wider_mask(search->local.mask[l], rule->local.mask))
			continue;
		for (size_t r = 0; r < search->remote.count; r++) {
			if (!is_wider_mask(search->remote.mask[r], rule->remote.mask))
				continue;
			for (size_t p = 0; p < wider->count && !is_dead(claim); p++)
				look_up_sets(search, claim, wider->procs[p],
					     search->local.mask[l], search->remote.mask[r]);
		}
	}
}

static void walk_all(struct search *search, struct claim *claim)
{
	const struct imtc_rule *rule = claim->rule;

	for (size_t i = 0; i < search->kept_count && !is_dead(claim); i++) {
		const struct imtc_rule *earlier = &search->policy->compiled[search->kept[i]];

		if (sets_cover(sets_of(earlier), sets_of(rule)) &&
		    prefix_covers(&earlier->local, &rule->local) &&
		    prefix_covers(&earlier->remote, &rule->remote) &&
		    is_wider(search, earlier->proc, rule->proc))
			offer(claim, earlier);
	}
}

/* Dead: true, and claim->by says by whom. */
static int judge(struct search *search, u32 index, struct claim *claim)
{
	const struct imtc_rule *rule = &search->policy->compiled[index];
	size_t keys;

	memset(claim, 0, sizeof(*claim));
	claim->rule = rule;
	memcpy(claim->left, rule->services, sizeof(claim->left));
	claim->any_left = !(rule->services[0] | rule->services[1]);
	if (!find_wider(search, rule->proc))
		return -ENOMEM;
	keys = search->local.count * search->remote.count * search->wider[rule->proc].count;
	if (keys < search->kept_count)
		look_up_all(search, claim);
	else
		walk_all(search, claim);
	return is_dead(claim);
}

/* --- all -------------------------------------------------------------------- */

static bool start(struct search *search, const struct policy *policy)
{
	size_t count = policy->compiled_count, buckets = 64;

	while (buckets < 2 * count)
		buckets *= 2;
	search->policy = policy;
	search->bucket_mask = buckets - 1;
	search->kept = calloc(count + 1, sizeof(*search->kept));
	search->next = calloc(count + 1, sizeof(*search->next));
	search->buckets = malloc(buckets * sizeof(*search->buckets));
	search->wider = calloc(policy->proc_count + 1, sizeof(*search->wider));
	if (!search->kept || !search->next || !search->buckets || !search->wider)
		return false;
	memset(search->buckets, 0xff, buckets * sizeof(*search->buckets));
	return true;
}

static void finish(struct search *search)
{
	for (size_t i = 0; search->wider && i <= search->policy->proc_count; i++)
		free(search->wider[i].procs);
	free(search->wider);
	free(search->buckets);
	free(search->next);
	free(search->kept);
}

static int compare_ids(const void *left, const void *right)
{
	u32 a = *(const u32 *)left, b = *(const u32 *)right;

	return (a > b) - (a < b);
}

static void merge(struct shadow *rule, const struct shadow *compiled)
{
	size_t named = compiled->count < 4 ? compiled->count : 4;

	for (size_t i = 0; i < named; i++)
		note_by(rule, compiled->by[i]);
	/* Of those that are not named at least as many. */
	if (compiled->count > rule->count)
		rule->count = compiled->count;
	named = rule->count < 4 ? rule->count : 4;
	qsort(rule->by, named, sizeof(rule->by[0]), compare_ids);
}

int policy_find_shadows(const struct policy *policy, struct shadow *shadows)
{
	struct search *search = calloc(1, sizeof(*search));
	bool started = search && start(search, policy);
	int dead = started ? 0 : -ENOMEM;
	struct claim claim;

	memset(shadows, 0, policy->rule_count * sizeof(*shadows));
	for (u32 i = 0; i < policy->compiled_count && dead >= 0; i++) {
		struct shadow *shadow = &shadows[policy->compiled[i].id - 1];

		dead = judge(search, i, &claim);
		if (dead > 0)
			merge(shadow, &claim.by);
		else if (!dead)
			keep(search, i);
	}
	/* A rule of which a part was kept may win. */
	for (size_t i = 0; dead >= 0 && i < search->kept_count; i++)
		memset(&shadows[policy->compiled[search->kept[i]].id - 1], 0, sizeof(*shadows));
	if (search)
		finish(search);
	free(search);
	return dead < 0 ? dead : 0;
}
