// SPDX-License-Identifier: GPL-2.0-only
/*
 * The table of sockets: who last acted on each. Filled by the probes in the
 * context of the one who acts, read by address.
 *
 * An address names one socket from the first act to security_sk_free(), which
 * is traced by ftrace and cannot be missed (unlike a kprobe, which is skipped
 * while another one runs on the CPU): an entry is never another socket's.
 *
 * Full, or without memory: the act is not noted, and counted.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <net/sock.h>

#include "imtc.h"
#include "trace.h"

#define BUCKETS_BITS 16
#define BUCKETS (1U << BUCKETS_BITS)
#define STRIPES 256

struct imtc_socket {
	struct hlist_node node;
	const struct sock *sk;
	struct imtc_identity __rcu *id;	/* holds a reference */
	u64 net_cookie;			/* when sk is freed its namespace may be gone */
	u8 acts;			/* enum imtc_act, since id came */
	struct rcu_head rcu;
};

static struct {
	spinlock_t lock;
} ____cacheline_aligned_in_smp stripes[STRIPES];
static struct hlist_head *buckets;
static atomic_t sockets_count = ATOMIC_INIT(0);
static struct kmem_cache *cache;

static u32 bucket_of(const struct sock *sk)
{
	return hash_ptr(sk, BUCKETS_BITS);
}

static spinlock_t *stripe_of(u32 bucket)
{
	return &stripes[bucket % STRIPES].lock;
}

/* Under RCU or the bucket's stripe. */
static struct imtc_socket *find(const struct sock *sk, u32 bucket)
{
	struct imtc_socket *s;

	hlist_for_each_entry_rcu(s, &buckets[bucket], node, lockdep_is_held(stripe_of(bucket)))
		if (s->sk == sk)
			return s;
	return NULL;
}

static void free_socket(struct rcu_head *rcu)
{
	kmem_cache_free(cache, container_of(rcu, struct imtc_socket, rcu));
}

static struct imtc_socket *alloc_socket(const struct sock *sk, struct imtc_identity *id, u8 acts)
{
	struct imtc_socket *s;

	if (atomic_inc_return(&sockets_count) > IMTC_SOCKETS_MAX) {
		atomic_dec(&sockets_count);
		imtc_count(lost_full);
		return NULL;
	}
	s = kmem_cache_alloc(cache, GFP_ATOMIC | __GFP_NOWARN);
	if (!s) {
		atomic_dec(&sockets_count);
		imtc_count(lost_memory);
		return NULL;
	}
	s->sk = sk;
	s->acts = acts;
	s->net_cookie = sock_net(sk)->net_cookie;
	RCU_INIT_POINTER(s->id, id);
	return s;
}

/*
 * Makes id (whose reference it takes) the owner of sk. Without may_replace an
 * owner that is there stays.
 */
static void set_owner(const struct sock *sk, struct imtc_identity *id, enum imtc_act act,
		      bool may_replace)
{
	u32 bucket = bucket_of(sk);
	struct imtc_identity *spare = id;
	struct imtc_socket *s, *fresh = NULL;
	unsigned long flags;

	rcu_read_lock();
	if (!find(sk, bucket)) {
		fresh = alloc_socket(sk, id, act);
		if (!fresh) {
			rcu_read_unlock();
			imtc_identity_put(id);
			return;
		}
	}
	rcu_read_unlock();

	spin_lock_irqsave(stripe_of(bucket), flags);
	s = find(sk, bucket);
	if (!s && fresh) {
		hlist_add_head_rcu(&fresh->node, &buckets[bucket]);
		fresh = NULL;
		spare = NULL;
	} else if (s && may_replace) {
		spare = rcu_replace_pointer(s->id, id, lockdep_is_held(stripe_of(bucket)));
		WRITE_ONCE(s->acts, act);
	}
	spin_unlock_irqrestore(stripe_of(bucket), flags);

	if (fresh) {
		kmem_cache_free(cache, fresh);
		atomic_dec(&sockets_count);
	}
	imtc_identity_put(spare);
}

/* Is id the running process, as it is now? The fast path of each sendmsg(). */
static bool is_current(const struct imtc_identity *id)
{
	const struct imtc_identity_key *key = &id->key;
	const struct cred *cred = current_cred();

	return key->pid == (u32)current->tgid &&
	       key->start_ns == READ_ONCE(current->group_leader)->start_boottime &&
	       key->exec_id == current->self_exec_id &&
	       key->uid == __kuid_val(cred->euid) &&
	       key->gid == __kgid_val(cred->egid) &&
	       key->cgroup_id == cgroup_id(task_dfl_cgroup(current));
}

void imtc_socket_act(struct sock *sk, enum imtc_act act)
{
	struct imtc_identity *id;
	struct imtc_socket *s;

	rcu_read_lock();
	s = find(sk, bucket_of(sk));
	if (s && is_current(rcu_dereference(s->id))) {
		/* Only its owner adds acts, and losing a race costs one more question. */
		if (!(READ_ONCE(s->acts) & act))
			WRITE_ONCE(s->acts, s->acts | act);
		rcu_read_unlock();
		return;
	}
	rcu_read_unlock();

	/* Accepting holds the callback lock of the socket, which softirqs take. */
	id = act == IMTC_ACT_ACCEPTED ? imtc_identity_known(current) : imtc_identity_of(current);
	if (!id)
		return;
	trace_imtc_owner(sk, act, &id->owner);
	set_owner(sk, id, act, true);
}

void imtc_socket_adopt(struct sock *sk, struct imtc_identity *id)
{
	if (imtc_identity_get(id))
		set_owner(sk, id, IMTC_ACT_SWEPT, false);
}

struct imtc_identity *imtc_socket_owner(const struct sock *sk, u8 *ret_acts)
{
	struct imtc_identity *id = NULL;
	struct imtc_socket *s;
	bool has_one = false;

	rcu_read_lock();
	s = find(sk, bucket_of(sk));
	if (s) {
		*ret_acts = READ_ONCE(s->acts);
		/* At zero because it was replaced just now: the next one is there already. */
		do {
			id = rcu_dereference(s->id);
			has_one = imtc_identity_get(id);
		} while (!has_one && id != rcu_access_pointer(s->id));
	}
	rcu_read_unlock();
	return has_one ? id : NULL;
}

/* Phase one: unreachable. The owner is let go here, the entry after its readers. */
static void remove_socket(struct imtc_socket *s)
{
	hlist_del_rcu(&s->node);
	atomic_dec(&sockets_count);
}

void imtc_socket_freed(struct sock *sk)
{
	u32 bucket = bucket_of(sk);
	struct imtc_identity *id;
	struct imtc_socket *s;
	unsigned long flags;

	if (hlist_empty(&buckets[bucket]))
		return;
	spin_lock_irqsave(stripe_of(bucket), flags);
	s = find(sk, bucket);
	if (s)
		remove_socket(s);
	spin_unlock_irqrestore(stripe_of(bucket), flags);
	if (!s)
		return;
	id = rcu_dereference_protected(s->id, 1);
	imtc_linger_add(sk, s->net_cookie, id);
	imtc_identity_put(id);
	call_rcu(&s->rcu, free_socket);
}

u32 imtc_sockets_count(void)
{
	return atomic_read(&sockets_count);
}

int imtc_sockets_start(void)
{
	int i;

	for (i = 0; i < STRIPES; i++)
		spin_lock_init(&stripes[i].lock);
	buckets = kvcalloc(BUCKETS, sizeof(*buckets), GFP_KERNEL);
	cache = KMEM_CACHE(imtc_socket, 0);
	if (buckets && cache)
		return 0;
	kmem_cache_destroy(cache);
	kvfree(buckets);
	return -ENOMEM;
}

/* The probes are gone: nothing is added or removed beside this. */
void imtc_sockets_stop(void)
{
	struct imtc_socket *s;
	struct hlist_node *next;
	u32 bucket;

	for (bucket = 0; bucket < BUCKETS; bucket++) {
		hlist_for_each_entry_safe(s, next, &buckets[bucket], node) {
			remove_socket(s);
			imtc_identity_put(rcu_dereference_protected(s->id, 1));
			call_rcu(&s->rcu, free_socket);
		}
		cond_resched();
	}
	rcu_barrier();
	kmem_cache_destroy(cache);
	kvfree(buckets);
}
