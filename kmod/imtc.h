/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the files of imtc.ko share: types, limits and prototypes, grouped by
 * the file that implements them.
 *
 * LOCKS. Two levels; within a level none is taken while another is held.
 *	1. they sleep: imtc_policy_mutex (transaction.c), the transaction and the
 *	   swap; hooks_mutex (hook.c), the list of hooks. Within the first,
 *	   epoch_lock (transaction.c), the swap and the epoch: a spin lock, so that
 *	   a schedule's edge does not wait for a load.
 *	2. leaves, interrupts off: identities_lock (identity.c), a stripe of
 *	   sockets (socket.c), a set of lingering tuples (linger.c),
 *	   identity->lock, bucket_lock (notify.c), rate_table.lock (rate.c).
 * Leaves nest within the kernel's own locks: a task's and its files' (sweep.c),
 * a socket's where an act on it is seen. References are dropped after leaves are
 * released: the last one takes identities_lock itself.
 *
 * LIFETIME. An identity is held by each socket entry, each lingering tuple,
 * the list of recent ones and each verdict under way. At zero it is unhashed,
 * then freed after a grace period. A socket entry lives from the first act
 * seen on the socket to security_sk_free() of it. A policy is replaced whole:
 * the pointer first, the epoch after it; the old one is freed by a work after
 * a grace period. Its index is replaced in the same way, alone, when a set
 * changes. Readers of any of these are under rcu_read_lock().
 *
 * State is global, not per network namespace: an owner is looked for in all of
 * them, and one policy rules the host.
 */
#ifndef IMTC_KMOD_H
#define IMTC_KMOD_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/refcount.h>
#include <linux/skbuff.h>
#include <linux/spinlock.h>
#include <linux/types.h>
#include <linux/in6.h>

#include <imtc/kfunc.h>
#include <imtc/policy_domain.h>
#include <imtc/policy_pick.h>
#include <imtc/process.h>

struct file;
struct netlink_ext_ack;
struct sock;
struct task_struct;

/* Limits. Reaching one is counted in STATUS, and stated where it is tested. */
#define IMTC_SOCKETS_MAX (512 * 1024)
#define IMTC_IDENTITIES_MAX (64 * 1024)
#define IMTC_RECENT_MAX (16 * 1024)
#define IMTC_LOOKUPS_MAX 4096	/* socket look-ups a query */
#define IMTC_POLICIES_MAX 64	/* and indexes: alive at once, before a commit waits */

/* ---- counters.c: what happened, per CPU ---- */

struct imtc_counters {
	u64 asked;
	u64 unowned;
	u64 lost_full;
	u64 lost_memory;
	u64 events;
	u64 events_lost;
};

DECLARE_PER_CPU(struct imtc_counters, imtc_counters);
#define imtc_count(what) this_cpu_inc(imtc_counters.what)

void imtc_counters_sum(struct imtc_counters *ret_sum);
void imtc_service_count(u16 service, u8 verdict);
u64 imtc_service_counted(u16 service, u8 verdict);

/* ---- capture.c: the facts about a task ---- */

/* What makes two moments of a process the same identity. */
struct imtc_identity_key {
	u64 start_ns;	/* CLOCK_BOOTTIME */
	u64 exec_id;
	u64 cgroup_id;
	u32 pid;	/* tgid in the initial pid namespace */
	u32 uid;
	u32 gid;
	u32 reserved;
	/*
	 * 0, or whose root the paths are told from: for an ancestor that has not acted
	 * itself. A child in another root must not name its parent.
	 */
	u64 viewer;
};

bool imtc_task_is_process(const struct task_struct *task);
/* Under rcu_read_lock(). task: current, or one whose task_lock() is held. */
void imtc_capture_key(struct task_struct *task, struct imtc_identity_key *ret_key);
void imtc_capture_paths(struct task_struct *task, struct imtc_owner *owner);
u64 imtc_capture_viewer(void);
/* The process that it was forked by, or that took it over; NULL: the kernel. RCU. */
struct task_struct *imtc_task_parent(const struct task_struct *task);
/* False, and nothing: it ends, or is not to be had now. RCU. */
bool imtc_capture_ancestor(struct task_struct *task, struct imtc_owner *owner);

/* ---- identity.c: identities, by key and by handle ---- */

/* Decisions about one process, by service and verdict. */
#define IMTC_TALLIES 40
struct imtc_tally {
	u16 service;
	u8 verdict;
	u64 count;	/* 0: free */
};

struct imtc_identity {
	refcount_t refs;
	struct hlist_node by_key;
	struct hlist_node by_handle;
	struct list_head recent;	/* empty: not on the list */
	struct imtc_identity_key key;
	struct imtc_owner owner;	/* does not change, save for exe_sha256 (digest.c) */
	struct imtc_identity *above;	/* owner.above is of it; counted */
	u32 depth;			/* how many are above it */
	u32 digest;			/* enum imtc_digest: is owner.exe_sha256 there? */
	spinlock_t lock;		/* the fields below */
	bool has_procs;
	u32 procs_epoch;
	u64 procs[IMTC_PROC_WORDS];	/* patterns of that epoch that match */
	struct imtc_tally tallies[IMTC_TALLIES];
	struct rcu_head rcu;
};

int imtc_identities_start(void);
void imtc_identities_stop(void);
/*
 * These return a counted reference, or NULL: no memory, or full (counted). _of() makes one where
 * there is none, and reads paths for that: never under a lock that softirqs take, for the kernel's
 * locks of paths are not safe from them. _known() makes none.
 */
struct imtc_identity *imtc_identity_of(struct task_struct *task);
struct imtc_identity *imtc_identity_known(struct task_struct *task);
struct imtc_identity *imtc_identity_by_handle(u64 handle);
bool imtc_identity_get(struct imtc_identity *id);
void imtc_identity_put(struct imtc_identity *id);
bool imtc_identity_is_alive(const struct imtc_identity *id);
u32 imtc_identities_count(void);
/* Puts the identity at the young end of the recent ones; the other notes a decision too. */
void imtc_identity_keep(struct imtc_identity *id);
void imtc_identity_decided(struct imtc_identity *id, u16 service, u8 verdict);
/*
 * Walks identities with decisions: the one after (bucket, below), which move
 * on. Returns a counted reference, NULL at the end.
 */
struct imtc_identity *imtc_identity_next(u32 *bucket, u64 *below);

/* ---- digest.c: what a process executes ---- */

/* imtc_identity.digest */
enum imtc_digest {
	IMTC_DIGEST_NONE,
	IMTC_DIGEST_ASKED,	/* a work is on its way */
	IMTC_DIGEST_AWAITED,	/* and flows wait for it */
	IMTC_DIGEST_DONE,	/* owner.exe_sha256 does not change any more */
};

extern bool imtc_digests_wanted;	/* the running policy asks for digests */
int imtc_digests_start(void);
void imtc_digests_stop(void);
/* Has it read, unless that was asked already. Does not sleep. */
void imtc_digest_ask(struct imtc_identity *id);
/* The same; false: the flow has to wait. The epoch moves when it is there. */
bool imtc_digest_is_there(struct imtc_identity *id);

/* ---- socket.c: which identity acts on a socket ---- */

/* imtc_socket.acts */
enum imtc_act {
	IMTC_ACT_CREATED = 0x01,
	IMTC_ACT_LISTENED = 0x02,
	IMTC_ACT_CONNECTED = 0x04,
	IMTC_ACT_ACCEPTED = 0x08,
	IMTC_ACT_SPOKE = 0x10,
	IMTC_ACT_SWEPT = 0x20,	/* older than the module */
};

int imtc_sockets_start(void);
void imtc_sockets_stop(void);
/* The running task acts on sk. */
void imtc_socket_act(struct sock *sk, enum imtc_act act);
/* sk was held by id before the module came; nothing where an entry is there. */
void imtc_socket_adopt(struct sock *sk, struct imtc_identity *id);
/* A counted reference or NULL; *ret_acts is set with it. Any sk that cannot be freed. */
struct imtc_identity *imtc_socket_owner(const struct sock *sk, u8 *ret_acts);
/* sk is about to be freed; what it owned lingers. */
void imtc_socket_freed(struct sock *sk);
u32 imtc_sockets_count(void);

/* ---- linger.c: owners of sockets that are gone ---- */

struct imtc_tuple {
	struct in6_addr local;	/* IPv4 as ::ffff:a.b.c.d */
	struct in6_addr remote;
	__be16 local_port;
	__be16 remote_port;
	u8 l4;
	u8 family;	/* 4 or 6 */
};

int imtc_linger_start(void);
void imtc_linger_stop(void);
void imtc_linger_add(const struct sock *sk, u64 net_cookie, struct imtc_identity *id);
/* Of a socket that was connected so, or (unconnected UDP) bound to the local end. */
struct imtc_identity *imtc_linger_owner(u64 net_cookie, const struct imtc_tuple *t);

/* ---- probes.c: where acts are seen ---- */

int imtc_probes_start(void);
void imtc_probes_stop(void);

/* ---- sweep.c: sockets older than the module ---- */

void imtc_sweep(void);

/* ---- lookup.c: sockets by tuple ---- */

/* The owner of a socket, and whether it may still change. */
struct imtc_found {
	struct imtc_identity *id;	/* counted; NULL: none */
	bool again;
};

void imtc_tuple_of(const struct sock *sk, struct imtc_tuple *ret_tuple);
/* The owner of sk, or of its listener while it is not accepted. RCU. */
bool imtc_lookup_sock(struct sock *sk, int dif, struct imtc_found *found);
/* The owner of the local end of t in net. *budget falls by each look-up. RCU. */
bool imtc_lookup_tuple(struct net *net, const struct imtc_tuple *t, int dif, int *budget,
		       struct imtc_found *found);

/* ---- translated.c: what conntrack knows of a tuple ---- */

/* The tuples of both ends as their own hosts see them; false: not translated. RCU. */
bool imtc_translated(const struct sk_buff *skb, struct net *net, const struct imtc_tuple *t,
		     struct imtc_tuple ret_ends[2]);

/* ---- owner.c: whose flow a query is about ---- */

/* Where a query comes from. skb is NULL from XDP. */
struct imtc_origin {
	struct sk_buff *skb;
	struct net *net;
	int ifindex;
};

void imtc_owner_find(const struct imtc_origin *from, const struct imtc_query *q,
		     struct imtc_found *found);

/* ---- policy.c: a policy and its rules ---- */

struct imtc_policy_rule {
	u32 name;	/* offset in names */
	u32 domain;	/* the same, where the rule asks for one */
	atomic64_t hits;
};

struct imtc_policy {
	struct imtc_policy_head head;	/* epoch, count, verdicts, name */
	bool is_empty;			/* no policy: everything passes */
	bool has_digest;
	u8 digest[32];
	u64 loaded_ns;			/* CLOCK_REALTIME */
	u32 loader_uid;
	u32 rules_room;
	struct imtc_rule *rules;	/* head.count of rules_room */
	struct imtc_policy_rule *extras;	/* one a rule */
	char *names;			/* NUL-terminated: one a rule id, domains of rules */
	u32 names_bytes;
	u32 names_room;
	struct imtc_prefix *inside;	/* head.inside of them */
	struct imtc_proc *procs;	/* pattern n is procs[n - 1] */
	u32 procs_count;
	u32 procs_room;
	bool asks_digests;		/* a pattern has exe_sha256 */
	bool is_update;			/* no policy: other contents for sets of the running one */
	char (*set_names)[IMTC_NAME_BYTES];	/* set n is set_names[n - 1]; NULL: no sets */
	u8 set_kinds[IMTC_SETS_MAX];	/* enum imtc_set_kind, one a name */
	u32 sets_count;
	/* What is in all sets, in no order: imtc_policy_mutex. */
	struct imtc_set_entry *entries;
	u32 entries_count;
	u32 entries_room;
	char *words;			/* as in imtc/policy_words.h */
	u32 words_count;
	u32 words_bytes;
	u32 words_room;
	char (*schedule_names)[IMTC_NAME_BYTES];	/* schedule n is schedule_names[n - 1] */
	u32 schedules_count;
	struct imtc_turn *turns;
	u32 turns_count;		/* 0: no schedules */
	u32 open;			/* schedules that are, as in imtc_turn */
	struct rate_table *rates;	/* NULL: no rule asks for rates */
	struct imtc_policy_index __rcu *index;	/* made by the commit, anew when a set changes */
	struct rcu_work rcu_work;
};

struct imtc_policy_index {
	struct imtc_index index;
	struct rcu_work rcu_work;
};

/* One compiled rule as it came off the wire. */
struct imtc_new_rule {
	struct imtc_rule rule;	/* proc not yet set */
	struct imtc_proc proc;	/* flags 0: any process */
	char name[IMTC_NAME_BYTES];
	char domain[IMTC_DOMAIN_PATTERN_BYTES];	/* "": any */
};

/* How far a policy was built: what imtc_policy_cut() goes back to. */
struct imtc_policy_mark {
	u32 rules;
	u32 names_bytes;
	u32 procs;
};

/* NULL: no memory. */
struct imtc_policy *imtc_policy_new(void);
void imtc_policy_free(struct imtc_policy *policy);
u32 imtc_policies_count(void);
/* While it is built. 0 or a negative errno, with the sentence in extack. */
int imtc_policy_add(struct imtc_policy *policy, const struct imtc_new_rule *add,
		    struct netlink_ext_ack *extack);
struct imtc_policy_mark imtc_policy_mark(const struct imtc_policy *policy);
void imtc_policy_cut(struct imtc_policy *policy, struct imtc_policy_mark mark);
static inline const char *imtc_policy_rule_name(const struct imtc_policy *policy, u32 i)
{
	return policy->names + policy->extras[i].name;
}

/* Of a rule that asks for a domain: as it was given. */
static inline const char *imtc_policy_rule_domain(const struct imtc_policy *policy, u32 i)
{
	return policy->names + policy->extras[i].domain;
}

/* Drawn when the module is loaded; for imtc/policy_domain.h. */
extern u64 imtc_domain_seed[2];

/* ---- policy_set.c: sets, and the index of rules and sets ---- */

/* Prefixes as on the wire: 17 bytes each. */
#define IMTC_SET_RECORD 17

/* While a policy is built: more prefixes for the set of that name. All or none. */
int imtc_policy_add_set(struct imtc_policy *policy, const char *name, const u8 *records, u32 count,
			struct netlink_ext_ack *extack);
/* The number of the set of that name, made where there is none; all of it is of one kind. */
int imtc_policy_name_set(struct imtc_policy *policy, const char *name, u8 kind, u32 *ret_set,
			 struct netlink_ext_ack *extack);
/* The number of the set of that name, 0: none. */
u32 imtc_policy_set(const struct imtc_policy *policy, const char *name);
/* Makes the index, before the policy is put in force. */
int imtc_policy_index(struct imtc_policy *policy, struct netlink_ext_ack *extack);
/*
 * Gives sets of the running policy what they have in `update`. The old
 * index in *ret_old, to be freed after a grace period.
 */
int imtc_policy_change(struct imtc_policy *policy, const struct imtc_policy *update,
		       struct imtc_policy_index **ret_old, struct netlink_ext_ack *extack);
void imtc_policy_index_free(struct imtc_policy_index *index);
u32 imtc_indexes_count(void);

/* ---- policy_words.c: sets of words ---- */

/*
 * While a policy is built: more words for the set, each with its NUL, `bytes` of them.
 * All or none.
 */
int imtc_policy_add_words(struct imtc_policy *policy, const char *name, u8 kind,
			  const char *words, u32 bytes, struct netlink_ext_ack *extack);
/*
 * Into ret_merged, which is empty, the words of the policy's sets and, of those in
 * `changed` (bit a set), of the update's; its words are for kvfree().
 */
int imtc_policy_merge_words(const struct imtc_policy *policy, const struct imtc_policy *update,
			    u64 changed, struct imtc_policy *ret_merged,
			    struct netlink_ext_ack *extack);

/* ---- transaction.c: the policy in force and the one being loaded ---- */

extern struct imtc_policy __rcu *imtc_policy;	/* never NULL */
extern u32 imtc_policy_epoch;

int imtc_transaction_start(void);
void imtc_transaction_stop(void);
/*
 * owner is the netlink port that began the transaction. All return 0 or a
 * negative errno, with the sentence in extack. begin takes the policy over
 * when it returns 0.
 */
int imtc_transaction_begin(struct imtc_policy *policy, u32 owner, u32 *ret_transaction,
			   struct netlink_ext_ack *extack);
/* Holds imtc_policy_mutex on success, until imtc_transaction_unlock(). */
int imtc_transaction_lock(u32 owner, u32 transaction, struct imtc_policy **ret_policy,
			  struct netlink_ext_ack *extack);
void imtc_transaction_unlock(void);
int imtc_transaction_commit(u32 owner, u32 transaction, u32 count, u32 *ret_epoch,
			    struct netlink_ext_ack *extack);
int imtc_transaction_abort(u32 owner, u32 transaction, struct netlink_ext_ack *extack);
int imtc_transaction_flush(u32 *ret_epoch, struct netlink_ext_ack *extack);
/* Calls with the running policy held: its sets do not change. */
void imtc_transaction_running(void (*look)(struct imtc_policy *policy, void *data), void *data);
/* The same policy under another epoch: decided flows are asked again. Sleeps. */
void imtc_transaction_renew(void);
/* The socket is closed: what it had open goes. */
void imtc_transaction_drop(u32 owner);

/* A schedule of the running policy opened or closed. Does not sleep. */
void imtc_transaction_turn(void);

/* ---- schedule.c: the clock ---- */

int imtc_schedules_start(void);
void imtc_schedules_stop(void);
/* What is open now; 0 where the policy has no schedules. */
u32 imtc_schedules_open(const struct imtc_policy *policy);
/* A policy with schedules was put in force. */
void imtc_schedules_watch(void);

/* ---- rate.c: what begins, counted ---- */

/* Who asks, and about what. */
struct imtc_asked {
	const struct imtc_policy *policy;
	const struct imtc_query *q;
	const struct imtc_owner *owner;	/* NULL: not known */
};

/* A table for the policy before it is put in force, where a rule asks for rates. -ENOMEM. */
int imtc_rates_make(struct imtc_policy *policy);
void imtc_rates_free(struct imtc_policy *policy);
/* context: a struct imtc_asked. Fills in the rates of a rule that fits the facts. */
void imtc_rates_count(void *context, const struct imtc_rule *rule, struct imtc_facts *facts);

/* ---- decide.c: the verdict ---- */

struct imtc_decision {
	u32 epoch;
	u32 argument;		/* as in imtc_flow */
	u32 parameters[IMTC_PARAMETERS];
	u32 rule;		/* id, 0: none */
	u8 verdict;
	u8 reason;
	u8 log;			/* enum imtc_log */
	const char *rule_name;	/* under the same rcu_read_lock(); or NULL */
};

/* 0 and the answer in q, or -EINVAL and nothing. */
int imtc_decide(const struct imtc_origin *from, struct imtc_query *q);

/* ---- hook.c: other modules' say ---- */

u32 imtc_hooks_count(void);
/* Under rcu_read_lock(). */
void imtc_hooks_run(const struct imtc_query *q, const struct imtc_owner *owner,
		    struct imtc_decision *decision);

/* ---- kfunc.c ---- */

int imtc_kfuncs_start(void);

/* ---- netlink.c ---- */

int imtc_netlink_start(void);
void imtc_netlink_stop(void);

/* ---- notify.c: events ---- */

/* Tells netlink's listeners, unless there are none or too much was said. */
void imtc_notify(const struct imtc_query *q, const struct imtc_decision *decision,
		 struct imtc_identity *id);

#endif /* IMTC_KMOD_H */
