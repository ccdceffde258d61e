// SPDX-License-Identifier: GPL-2.0-only
/*
 * Identities: one object for each process, as it was when it first acted on a
 * socket; found by key and by handle. An exec, a change of user or group, or a
 * move to another cgroup makes another identity of the same process.
 *
 * Those that were decided about stay in a list of recent ones, so that a
 * process that is gone can still be named; so do those that wait for a
 * connection, so that it finds them.
 */
#include <linux/hash.h>
#include <linux/jhash.h>
#include <linux/mm.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/rculist.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/ktime.h>

#include "imtc.h"

#define BUCKETS_BITS 14
#define BUCKETS (1U << BUCKETS_BITS)
#define STEPS_MAX 256	/* processes up from one, until the search for its ancestors ends */

static DEFINE_SPINLOCK(identities_lock);	/* both tables, the recent list, the counts */
static struct hlist_head *keys;
static struct hlist_head *handles;
static LIST_HEAD(recent);	/* oldest first; each holds a reference */
static u32 recent_count;
static u32 identities_count;
static u64 last_handle;
static struct kmem_cache *cache;

static struct hlist_head *key_bucket(const struct imtc_identity_key *key)
{
	u32 hash = jhash2((const u32 *)key, sizeof(*key) / sizeof(u32), 0);

	return &keys[hash & (BUCKETS - 1)];
}

static u32 handle_bucket(u64 handle)
{
	return hash_64(handle, BUCKETS_BITS);
}

bool imtc_identity_get(struct imtc_identity *id)
{
	return refcount_inc_not_zero(&id->refs);
}

static void free_identity(struct rcu_head *rcu)
{
	kmem_cache_free(cache, container_of(rcu, struct imtc_identity, rcu));
}

/*
 * Two phases. At zero it leaves the tables: nobody can find it any more, and
 * nobody who has found it can take a reference. Readers may still look at it
 * under RCU (a table walk, a socket entry that is being replaced, the fast
 * path of a probe): it is freed when they are through. It is not on the recent
 * list, which would hold a reference. Then those above it, which it held.
 */
void imtc_identity_put(struct imtc_identity *id)
{
	struct imtc_identity *above;
	unsigned long flags;

	for (; id && refcount_dec_and_test(&id->refs); id = above) {
		above = id->above;
		spin_lock_irqsave(&identities_lock, flags);
		hlist_del_rcu(&id->by_key);
		hlist_del_rcu(&id->by_handle);
		WRITE_ONCE(identities_count, identities_count - 1);
		spin_unlock_irqrestore(&identities_lock, flags);
		call_rcu(&id->rcu, free_identity);
	}
}

static struct imtc_identity *find_key(const struct imtc_identity_key *key)
{
	struct imtc_identity *id;

	hlist_for_each_entry_rcu(id, key_bucket(key), by_key,
				 lockdep_is_held(&identities_lock))
		if (!memcmp(&id->key, key, sizeof(*key)) && imtc_identity_get(id))
			return id;
	return NULL;
}

/* The oldest recent one, taken off the list; the caller drops its reference. */
static struct imtc_identity *pop_recent(void)
{
	struct imtc_identity *id = list_first_entry_or_null(&recent, struct imtc_identity, recent);

	lockdep_assert_held(&identities_lock);
	if (id) {
		list_del_init(&id->recent);
		recent_count--;
	}
	return id;
}

/* When the table is full, the oldest recent ones make room, if that helps. */
static void make_room(void)
{
	struct imtc_identity *oldest;
	unsigned long flags;
	int tries;

	for (tries = 0; tries < 8; tries++) {
		if (READ_ONCE(identities_count) < IMTC_IDENTITIES_MAX)
			return;
		spin_lock_irqsave(&identities_lock, flags);
		oldest = pop_recent();
		spin_unlock_irqrestore(&identities_lock, flags);
		if (!oldest)
			return;
		imtc_identity_put(oldest);
	}
}

static struct imtc_identity *alloc_identity(const struct imtc_identity_key *key)
{
	struct imtc_identity *id = kmem_cache_zalloc(cache, GFP_ATOMIC | __GFP_NOWARN);

	if (!id) {
		imtc_count(lost_memory);
		return NULL;
	}
	refcount_set(&id->refs, 1);
	INIT_LIST_HEAD(&id->recent);
	spin_lock_init(&id->lock);
	id->key = *key;
	id->owner.start_ns = key->start_ns;
	id->owner.pid = key->pid;
	id->owner.uid = key->uid;
	id->owner.gid = key->gid;
	return id;
}

/* Publishes id, unless another CPU was first (its reference is returned) or the table is full. */
static struct imtc_identity *publish(struct imtc_identity *id)
{
	struct imtc_identity *other;
	unsigned long flags;

	spin_lock_irqsave(&identities_lock, flags);
	other = find_key(&id->key);
	if (other || identities_count >= IMTC_IDENTITIES_MAX) {
		spin_unlock_irqrestore(&identities_lock, flags);
		imtc_identity_put(id->above);
		kmem_cache_free(cache, id);
		if (!other)
			imtc_count(lost_full);
		return other;
	}
	id->owner.handle = ++last_handle;
	WRITE_ONCE(identities_count, identities_count + 1);
	hlist_add_head_rcu(&id->by_key, key_bucket(&id->key));
	hlist_add_head_rcu(&id->by_handle, &handles[handle_bucket(id->owner.handle)]);
	spin_unlock_irqrestore(&identities_lock, flags);
	return id;
}

static struct imtc_identity *find_task(struct task_struct *task, struct imtc_identity_key *ret_key)
{
	struct imtc_identity *id;

	imtc_capture_key(task, ret_key);
	rcu_read_lock();
	id = find_key(ret_key);
	rcu_read_unlock();
	return id;
}

struct imtc_identity *imtc_identity_known(struct task_struct *task)
{
	struct imtc_identity_key key;

	return find_task(task, &key);
}

/* --- ancestors ------------------------------------------------------------------- */

/* As it acted itself, else as it is seen from here. */
static struct imtc_identity *find_ancestor(struct task_struct *ancestor,
					   struct imtc_identity_key *ret_key)
{
	struct imtc_identity *id = find_task(ancestor, ret_key);

	if (id)
		return id;
	ret_key->viewer = imtc_capture_viewer();
	return find_key(ret_key);
}

/*
 * Makes identities of the task's ancestors, the nearest first, up to one that is
 * known: it is returned, and has its own above it. NULL: none is.
 */
static struct imtc_identity *make_ancestors(struct task_struct *task,
					    struct imtc_identity *ret_fresh[IMTC_ANCESTORS_MAX],
					    u32 *ret_count)
{
	struct imtc_identity_key key;
	struct imtc_identity *id = NULL;
	u32 steps;

	*ret_count = 0;
	for (steps = 0; steps < STEPS_MAX && *ret_count < IMTC_ANCESTORS_MAX; steps++) {
		task = imtc_task_parent(task);
		id = task ? find_ancestor(task, &key) : NULL;
		if (!task || id)
			break;
		id = alloc_identity(&key);
		if (!id)
			break;
		/* One that ends, or repeats the one below it, tells nothing. */
		if (imtc_capture_ancestor(task, &id->owner) &&
		    (!*ret_count || strcmp(ret_fresh[*ret_count - 1]->owner.exe, id->owner.exe)))
			ret_fresh[(*ret_count)++] = id;
		else
			kmem_cache_free(cache, id);
		id = NULL;
	}
	return id;
}

static bool has_exe(const struct imtc_identity *id, const char *exe)
{
	for (; id; id = id->above)
		if (!strcmp(id->owner.exe, exe))
			return true;
	return false;
}

/*
 * Puts id below its parent, whose reference it takes over. A parent whose exe is above
 * it already, or that is too deep, is left out: so processes that fork for ever hold
 * no chain that grows.
 */
static void put_below(struct imtc_identity *id, struct imtc_identity *parent)
{
	struct imtc_identity *above = parent;

	if (parent && (parent->depth >= IMTC_ANCESTORS_MAX - 1 ||
		       has_exe(parent->above, parent->owner.exe))) {
		above = parent->above;
		if (above)
			refcount_inc(&above->refs);
		imtc_identity_put(parent);
	}
	id->above = above;
	id->owner.above = above ? &above->owner : NULL;
	id->depth = above ? above->depth + 1 : 0;
}

struct imtc_identity *imtc_identity_of(struct task_struct *task)
{
	struct imtc_identity *fresh[IMTC_ANCESTORS_MAX], *parent;
	struct imtc_identity_key key;
	struct imtc_identity *id = find_task(task, &key);
	u32 count;

	if (id)
		return id;
	make_room();
	id = alloc_identity(&key);
	if (!id)
		return NULL;
	imtc_capture_paths(task, &id->owner);
	rcu_read_lock();
	parent = make_ancestors(task, fresh, &count);
	rcu_read_unlock();
	/* From the top down: whoever finds one finds those above it. */
	while (count--) {
		put_below(fresh[count], parent);
		parent = publish(fresh[count]);
	}
	put_below(id, parent);
	id = publish(id);
	/* Before it sends anything: then it is there, as a rule, when a packet asks. */
	if (id && READ_ONCE(imtc_digests_wanted))
		imtc_digest_ask(id);
	return id;
}

struct imtc_identity *imtc_identity_by_handle(u64 handle)
{
	struct imtc_identity *id, *found = NULL;

	if (!handle)
		return NULL;
	rcu_read_lock();
	hlist_for_each_entry_rcu(id, &handles[handle_bucket(handle)], by_handle) {
		if (id->owner.handle == handle) {
			if (imtc_identity_get(id))
				found = id;
			break;
		}
	}
	rcu_read_unlock();
	return found;
}

/* Does the process live, still executing what it did? */
bool imtc_identity_is_alive(const struct imtc_identity *id)
{
	struct task_struct *task;
	bool is_alive = false;

	rcu_read_lock();
	task = pid_task(find_pid_ns(id->key.pid, &init_pid_ns), PIDTYPE_TGID);
	if (task)
		is_alive = task->start_boottime == id->key.start_ns &&
			   READ_ONCE(task->self_exec_id) == id->key.exec_id &&
			   (!READ_ONCE(task->exit_state) || !thread_group_empty(task));
	rcu_read_unlock();
	return is_alive;
}

u32 imtc_identities_count(void)
{
	return READ_ONCE(identities_count);
}

/*
 * The last slots are kept, one a verdict, for services that find no other:
 * their decisions are counted under service 0.
 */
static void tally(struct imtc_identity *id, u16 service, u8 verdict)
{
	struct imtc_tally *t;
	unsigned long flags;
	int i;

	spin_lock_irqsave(&id->lock, flags);
	for (i = 0; i < IMTC_TALLIES - IMTC_VERDICT_MAX; i++) {
		t = &id->tallies[i];
		if (!t->count || (t->service == service && t->verdict == verdict))
			break;
	}
	if (i == IMTC_TALLIES - IMTC_VERDICT_MAX) {
		t = &id->tallies[i + verdict % IMTC_VERDICT_MAX];
		service = IMTC_SERVICE_NONE;
	}
	t->service = service;
	t->verdict = verdict;
	t->count++;
	spin_unlock_irqrestore(&id->lock, flags);
}

void imtc_identity_keep(struct imtc_identity *id)
{
	struct imtc_identity *oldest = NULL;
	unsigned long flags;

	spin_lock_irqsave(&identities_lock, flags);
	if (!list_empty(&id->recent)) {
		list_move_tail(&id->recent, &recent);
	} else {
		if (recent_count >= IMTC_RECENT_MAX)
			oldest = pop_recent();
		refcount_inc(&id->refs);
		list_add_tail(&id->recent, &recent);
		recent_count++;
	}
	spin_unlock_irqrestore(&identities_lock, flags);
	imtc_identity_put(oldest);
}

void imtc_identity_decided(struct imtc_identity *id, u16 service, u8 verdict)
{
	tally(id, service, verdict);
	imtc_identity_keep(id);
}

/*
 * Within a bucket handles fall, for each is larger than those before it and
 * goes to the front: "below" is where to go on, whatever came or went.
 */
struct imtc_identity *imtc_identity_next(u32 *bucket, u64 *below)
{
	struct imtc_identity *id;

	rcu_read_lock();
	for (; *bucket < BUCKETS; (*bucket)++, *below = U64_MAX) {
		hlist_for_each_entry_rcu(id, &handles[*bucket], by_handle) {
			if (id->owner.handle >= *below || !READ_ONCE(id->tallies[0].count))
				continue;
			if (!imtc_identity_get(id))
				continue;
			*below = id->owner.handle;
			rcu_read_unlock();
			return id;
		}
	}
	rcu_read_unlock();
	return NULL;
}

int imtc_identities_start(void)
{
	/*
	 * Never reused, across loads of the module too: none is given a
	 * nanosecond, which is how far apart two loads start.
	 */
	last_handle = ktime_get_boottime_ns();
	keys = kvcalloc(BUCKETS, sizeof(*keys), GFP_KERNEL);
	handles = kvcalloc(BUCKETS, sizeof(*handles), GFP_KERNEL);
	cache = KMEM_CACHE(imtc_identity, 0);
	if (keys && handles && cache)
		return 0;
	kmem_cache_destroy(cache);
	kvfree(handles);
	kvfree(keys);
	return -ENOMEM;
}

/*
 * Nobody can find or make one any more: probes and netlink are gone, programs
 * hold the module. Sockets and lingering tuples have dropped theirs; the recent
 * list drops the last references, and the callbacks that free run before the
 * cache goes.
 */
void imtc_identities_stop(void)
{
	struct imtc_identity *id;
	unsigned long flags;

	for (;;) {
		spin_lock_irqsave(&identities_lock, flags);
		id = pop_recent();
		spin_unlock_irqrestore(&identities_lock, flags);
		if (!id)
			break;
		imtc_identity_put(id);
	}
	rcu_barrier();
	kmem_cache_destroy(cache);
	kvfree(handles);
	kvfree(keys);
}
