// SPDX-License-Identifier: GPL-2.0-only
/*
 * Counting what begins, for rules that ask for rates (imtc/rate.h). A policy with
 * such rules has a table: sets of a few entries each, by a keyed hash, so that who
 * sends packets cannot choose the set; in a full set the entry used longest ago goes.
 */
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/siphash.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "imtc.h"

#define WAYS 8			/* entries of a set */
#define COUNT_SETS 512		/* counts, apart from what was counted: that is much more */
#define COUNTED_SETS 2048

struct rate_entry {
	struct imtc_rate_key key;
	u64 word;		/* 0: free */
	u64 used;		/* rate_table.turn when it was last asked for */
};

struct rate_table {
	spinlock_t lock;	/* all below */
	siphash_key_t hash;
	u64 turn;
	struct rate_entry counts[COUNT_SETS][WAYS];
	struct rate_entry counted[COUNTED_SETS][WAYS];
};

int imtc_rates_make(struct imtc_policy *policy)
{
	struct rate_table *table;
	u32 i = 0;

	while (i < policy->head.count && !imtc_rule_has_rates(&policy->rules[i]))
		i++;
	if (i == policy->head.count)
		return 0;
	table = kvzalloc(sizeof(*table), GFP_KERNEL_ACCOUNT);
	if (!table)
		return -ENOMEM;
	spin_lock_init(&table->lock);
	get_random_bytes(&table->hash, sizeof(table->hash));
	policy->rates = table;
	return 0;
}

void imtc_rates_free(struct imtc_policy *policy)
{
	kvfree(policy->rates);
}

static struct rate_entry *set_of(struct rate_table *table, struct rate_entry (*sets)[WAYS],
				 u32 count, const struct imtc_rate_key *key)
{
	return sets[siphash(key, sizeof(*key), &table->hash) % count];
}

/* The key's entry; where it has none, with `make` a free one or the oldest, else NULL. */
static struct rate_entry *find(struct rate_table *table, struct rate_entry *set,
			       const struct imtc_rate_key *key, bool make)
{
	struct rate_entry *oldest = set;
	u32 i;

	lockdep_assert_held(&table->lock);
	for (i = 0; i < WAYS; i++) {
		if (set[i].word && !memcmp(&set[i].key, key, sizeof(*key))) {
			set[i].used = ++table->turn;
			return &set[i];
		}
		if (set[i].used < oldest->used)
			oldest = &set[i];
	}
	if (!make)
		return NULL;
	oldest->key = *key;
	oldest->word = 0;
	oldest->used = ++table->turn;
	return oldest;
}

static u64 rate_look(struct rate_table *table, const struct imtc_rate_key *key)
{
	struct rate_entry *entry = find(table, set_of(table, table->counted, COUNTED_SETS, key),
					key, false);

	return entry ? entry->word : 0;
}

static void rate_keep(struct rate_table *table, const struct imtc_rate_key *key, u64 word)
{
	find(table, set_of(table, table->counted, COUNTED_SETS, key), key, true)->word = word;
}

static u64 rate_more(struct rate_table *table, const struct imtc_rate_key *key, u32 rate,
		     u64 now_ms)
{
	struct rate_entry *entry = find(table, set_of(table, table->counts, COUNT_SETS, key),
					key, true);

	entry->word = imtc_rate_more(entry->word, rate, now_ms);
	return entry->word;
}

#include <imtc/rate_count.h>

/* The same for all processes that run it: a worm may begin each flow in one of its own. */
static u64 program_of(struct rate_table *table, const struct imtc_owner *owner)
{
	return owner ? siphash(owner->exe, strnlen(owner->exe, sizeof(owner->exe)),
			       &table->hash) | 1 : 0;
}

void imtc_rates_count(void *context, const struct imtc_rule *rule, struct imtc_facts *facts)
{
	const struct imtc_asked *asked = context;
	struct rate_table *table = asked->policy->rates;
	const struct imtc_query *q = asked->q;
	struct imtc_rate_flow flow;
	unsigned long flags;
	u32 i;

	for (i = 0; i < IMTC_RATES; i++) {
		struct imtc_rate_key key;

		facts->rates[i] = 0;
		if (!rule->rates[i] ||
		    !imtc_rate_is_new(q->first_ns, q->flow_flags, asked->policy->head.loaded_ns))
			continue;
		key = (struct imtc_rate_key){
			.local = { facts->local[0], facts->local[1] },
			.remote = { facts->remote[0], facts->remote[1] },
			.first_ns = q->first_ns,
			.ports = (u32)facts->remote_port << 16 | facts->local_port,
			.l4 = q->l4,
			.program = program_of(table, asked->owner),
			.loaded_ns = asked->policy->head.loaded_ns,
			.rule = rule->id,
			.ifindex = facts->ifindex,
			.which = i,
		};
		spin_lock_irqsave(&table->lock, flags);
		facts->rates[i] = imtc_rate_count(table, &key, &flow, rule->rates[i],
						  div_u64(ktime_get_ns(), NSEC_PER_MSEC));
		spin_unlock_irqrestore(&table->lock, flags);
	}
}
