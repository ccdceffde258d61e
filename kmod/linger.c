// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners of sockets that are gone while packets of theirs still travel: what
 * was sent just before the end and crosses a veth later, answers that come
 * after it, TIME_WAIT. By tuple, for a minute.
 *
 * A cache of sets: where a set is full its oldest goes, and that flow's owner
 * is known only by the handle it was answered with. Live sockets are always
 * asked first, so a tuple in use again is never answered from here.
 */
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/tcp.h>
#include <linux/workqueue.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/sock.h>

#include "imtc.h"

#define SETS 4096
#define WAYS 4
#define LINGER_JIFFIES (60 * HZ)

struct lingering {
	struct imtc_identity *id;	/* NULL: free */
	u64 net_cookie;
	u64 since;			/* jiffies_64 */
	struct imtc_tuple tuple;
};

struct linger_set {
	spinlock_t lock;
	struct lingering ways[WAYS];
};

static struct linger_set *sets;

static struct linger_set *set_of(u64 net_cookie, u8 l4, __be16 local_port, __be16 remote_port)
{
	u32 ports = (__force u32)local_port << 16 | (__force u32)remote_port;

	return &sets[jhash_3words(ports, (u32)net_cookie, l4, 0) % SETS];
}

static bool is_any(const struct in6_addr *a)
{
	return ipv6_addr_any(a) || (ipv6_addr_v4mapped(a) && !a->s6_addr32[3]);
}

/* Unconnected UDP: its remote end is nobody's, its local one may be any. */
static bool may_be_bound(const struct imtc_tuple *bound, const struct imtc_tuple *t)
{
	return bound->l4 == t->l4 && bound->local_port == t->local_port && !bound->remote_port &&
	       (is_any(&bound->local) || ipv6_addr_equal(&bound->local, &t->local));
}

static bool is_connected(const struct imtc_tuple *a, const struct imtc_tuple *t)
{
	return a->l4 == t->l4 && a->local_port == t->local_port &&
	       a->remote_port == t->remote_port && ipv6_addr_equal(&a->local, &t->local) &&
	       ipv6_addr_equal(&a->remote, &t->remote);
}

static bool is_over(const struct lingering *l)
{
	return time_after64(get_jiffies_64(), l->since + LINGER_JIFFIES);
}

/* The way to overwrite: a free one, one with the same tuple, or the oldest. */
static struct lingering *pick_way(struct linger_set *set, const struct imtc_tuple *t)
{
	struct lingering *pick = &set->ways[0];
	int i;

	for (i = 0; i < WAYS; i++) {
		struct lingering *l = &set->ways[i];

		if (!l->id || is_connected(&l->tuple, t))
			return l;
		if (l->since < pick->since)
			pick = l;
	}
	return pick;
}

void imtc_linger_add(const struct sock *sk, u64 net_cookie, struct imtc_identity *id)
{
	struct imtc_identity *old;
	struct imtc_tuple tuple;
	struct linger_set *set;
	struct lingering *l;
	unsigned long flags;

	if (sk->sk_protocol != IPPROTO_TCP && sk->sk_protocol != IPPROTO_UDP)
		return;
	imtc_tuple_of(sk, &tuple);
	if (!tuple.local_port || (tuple.l4 == IMTC_L4_TCP && !tuple.remote_port))
		return;
	if (!imtc_identity_get(id))
		return;
	set = set_of(net_cookie, tuple.l4, tuple.local_port, tuple.remote_port);
	spin_lock_irqsave(&set->lock, flags);
	l = pick_way(set, &tuple);
	old = l->id;
	l->id = id;
	l->net_cookie = net_cookie;
	l->since = get_jiffies_64();
	l->tuple = tuple;
	spin_unlock_irqrestore(&set->lock, flags);
	imtc_identity_put(old);
}

static struct imtc_identity *look_up(struct linger_set *set, u64 net_cookie,
				     const struct imtc_tuple *t,
				     bool (*matches)(const struct imtc_tuple *,
						     const struct imtc_tuple *))
{
	struct imtc_identity *id = NULL;
	unsigned long flags;
	u64 since = 0;
	int i;

	spin_lock_irqsave(&set->lock, flags);
	for (i = 0; i < WAYS; i++) {
		const struct lingering *l = &set->ways[i];

		if (l->id && l->net_cookie == net_cookie && l->since >= since && !is_over(l) &&
		    matches(&l->tuple, t)) {
			id = l->id;
			since = l->since;
		}
	}
	/* Held by the set: not at zero. */
	if (id)
		refcount_inc(&id->refs);
	spin_unlock_irqrestore(&set->lock, flags);
	return id;
}

struct imtc_identity *imtc_linger_owner(u64 net_cookie, const struct imtc_tuple *t)
{
	struct imtc_identity *id;

	id = look_up(set_of(net_cookie, t->l4, t->local_port, t->remote_port), net_cookie, t,
		     is_connected);
	if (!id && t->l4 == IMTC_L4_UDP)
		id = look_up(set_of(net_cookie, t->l4, t->local_port, 0), net_cookie, t,
			     may_be_bound);
	return id;
}

static void forget(struct linger_set *set, bool all)
{
	struct imtc_identity *gone[WAYS];
	unsigned long flags;
	int i;

	spin_lock_irqsave(&set->lock, flags);
	for (i = 0; i < WAYS; i++) {
		struct lingering *l = &set->ways[i];

		gone[i] = NULL;
		if (l->id && (all || is_over(l))) {
			gone[i] = l->id;
			l->id = NULL;
		}
	}
	spin_unlock_irqrestore(&set->lock, flags);
	for (i = 0; i < WAYS; i++)
		imtc_identity_put(gone[i]);
}

static void forget_over(struct work_struct *work);
static DECLARE_DELAYED_WORK(forget_work, forget_over);

static void forget_over(struct work_struct *work)
{
	int i;

	for (i = 0; i < SETS; i++) {
		forget(&sets[i], false);
		cond_resched();
	}
	schedule_delayed_work(&forget_work, LINGER_JIFFIES / 2);
}

int imtc_linger_start(void)
{
	int i;

	sets = kvcalloc(SETS, sizeof(*sets), GFP_KERNEL);
	if (!sets)
		return -ENOMEM;
	for (i = 0; i < SETS; i++)
		spin_lock_init(&sets[i].lock);
	schedule_delayed_work(&forget_work, LINGER_JIFFIES / 2);
	return 0;
}

void imtc_linger_stop(void)
{
	int i;

	cancel_delayed_work_sync(&forget_work);
	for (i = 0; i < SETS; i++)
		forget(&sets[i], true);
	kvfree(sets);
}
