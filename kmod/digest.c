// SPDX-License-Identifier: GPL-2.0-only
/*
 * The SHA-256 of what a process executes, for rules that ask for it. It is read by a
 * work: packets only find that it is not there yet, and are held until it is.
 *
 * A file is read once, and known again by where it is, its size and its times. ctime
 * is the kernel's own and moves with each write, but not within one tick of its clock:
 * what was changed just now is not remembered. Nobody can write a file that is executed.
 */
#include <linux/kernel.h>
#include <linux/ktime.h>
#include <linux/magic.h>
#include <linux/mutex.h>
#include <linux/pid_namespace.h>
#include <linux/sched/mm.h>
#include <linux/sched/task.h>
#include <linux/slab.h>
#include <linux/stat.h>
#include <linux/workqueue.h>

#include <imtc/sha256_bytes.h>

#include "imtc.h"
#include "compat/file.h"

#define KNOWN 256			/* files; the one asked for longest ago goes */
#define CHUNK (64 << 10)
#define FILE_BYTES_MAX (1LL << 30)	/* of a larger one no digest is known */
#define WORKS 8				/* at a time: a file system that is gone may keep one */
#define SETTLED_S 2

bool imtc_digests_wanted;

struct known_file {
	u64 dev, ino, size;
	struct timespec64 mtime, ctime;
	u64 used;			/* 0: free */
	char sha256[IMTC_SHA256_HEX + 1];
};

static DEFINE_MUTEX(known_mutex);	/* the two below */
static struct known_file known[KNOWN];
static u64 known_turn;

static struct workqueue_struct *queue;

struct digest_work {
	struct work_struct work;
	struct imtc_identity *id;	/* counted */
};

/* --- what a file holds --------------------------------------------------------- */

static bool describe(struct file *file, struct known_file *ret_what)
{
	struct kstat stat;

	if (vfs_getattr(&file->f_path, &stat, STATX_BASIC_STATS, AT_STATX_SYNC_AS_STAT))
		return false;
	memset(ret_what, 0, sizeof(*ret_what));
	ret_what->dev = stat.dev;
	ret_what->ino = stat.ino;
	ret_what->size = stat.size;
	ret_what->mtime = stat.mtime;
	ret_what->ctime = stat.ctime;
	return true;
}

static bool is_same(const struct known_file *a, const struct known_file *b)
{
	return a->dev == b->dev && a->ino == b->ino && a->size == b->size &&
	       timespec64_equal(&a->mtime, &b->mtime) && timespec64_equal(&a->ctime, &b->ctime);
}

static bool recall(struct known_file *what)
{
	bool found = false;
	u32 i;

	mutex_lock(&known_mutex);
	for (i = 0; i < KNOWN && !found; i++) {
		found = known[i].used && is_same(&known[i], what);
		if (found) {
			known[i].used = ++known_turn;
			memcpy(what->sha256, known[i].sha256, sizeof(what->sha256));
		}
	}
	mutex_unlock(&known_mutex);
	return found;
}

static void remember(const struct known_file *what)
{
	u32 i, oldest = 0;

	if (ktime_get_real_seconds() - what->ctime.tv_sec < SETTLED_S)
		return;
	mutex_lock(&known_mutex);
	for (i = 1; i < KNOWN; i++)
		if (known[i].used < known[oldest].used)
			oldest = i;
	known[oldest] = *what;
	known[oldest].used = ++known_turn;
	mutex_unlock(&known_mutex);
}

/* False: it cannot be read to its end, or is too large. */
static bool hash_file(struct file *file, char text[IMTC_SHA256_HEX + 1])
{
	struct imtc_sha256_bytes *hash = kzalloc(sizeof(*hash), GFP_KERNEL);
	u8 *chunk = kvmalloc(CHUNK, GFP_KERNEL);
	u8 digest[IMTC_SHA256_HEX / 2];
	ssize_t n = -ENOMEM;
	loff_t at = 0;

	if (hash)
		imtc_sha256_bytes_start(hash);
	while (hash && chunk && (n = kernel_read(file, chunk, CHUNK, &at)) > 0) {
		if (at > FILE_BYTES_MAX)
			break;
		imtc_sha256_bytes_add(hash, chunk, n);
		cond_resched();
	}
	if (!n) {
		imtc_sha256_bytes_finish(hash, digest);
		*bin2hex(text, digest, sizeof(digest)) = '\0';
	}
	kvfree(chunk);
	kfree(hash);
	return !n;
}

/* Such a file system says what it likes, or nothing for ever; also below an overlay. */
static bool is_served_by_program(const struct file *file)
{
	return file_inode(file)->i_sb->s_magic == FUSE_SUPER_MAGIC ||
	       d_real_inode(file->f_path.dentry)->i_sb->s_magic == FUSE_SUPER_MAGIC;
}

static void digest_of(struct file *file, char sha256[IMTC_SHA256_HEX + 1])
{
	struct known_file what, after;

	if (is_served_by_program(file) || !describe(file, &what))
		return;
	if (!recall(&what)) {
		if (!hash_file(file, what.sha256) || !describe(file, &after) ||
		    !is_same(&what, &after))
			return;
		remember(&what);
	}
	memcpy(sha256, what.sha256, sizeof(what.sha256));
}

/* --- of a process --------------------------------------------------------------- */

static bool is_still(const struct task_struct *task, const struct imtc_identity_key *key)
{
	return task->start_boottime == key->start_ns &&
	       READ_ONCE(task->self_exec_id) == key->exec_id;
}

/* Counted; NULL: it has ended, or executes something else. */
static struct file *file_of(const struct imtc_identity_key *key)
{
	struct task_struct *task;
	struct file *file = NULL;
	struct mm_struct *mm;

	rcu_read_lock();
	task = pid_task(find_pid_ns(key->pid, &init_pid_ns), PIDTYPE_TGID);
	if (task && is_still(task, key))
		get_task_struct(task);
	else
		task = NULL;
	rcu_read_unlock();
	if (!task)
		return NULL;
	mm = get_task_mm(task);
	if (mm) {
		file = imtc_mm_exe_file(mm);
		mmput(mm);
	}
	if (file && !is_still(task, key)) {
		fput(file);
		file = NULL;
	}
	put_task_struct(task);
	return file;
}

static void digest(struct work_struct *work)
{
	struct digest_work *w = container_of(work, struct digest_work, work);
	struct imtc_identity *id = w->id;
	struct file *file = file_of(&id->key);

	if (file) {
		digest_of(file, id->owner.exe_sha256);
		fput(file);
	}
	/* Pairs with imtc_digest_is_there(): who sees it done sees what it is. */
	if (cmpxchg_release(&id->digest, IMTC_DIGEST_ASKED, IMTC_DIGEST_DONE) !=
	    IMTC_DIGEST_ASKED) {
		smp_store_release(&id->digest, IMTC_DIGEST_DONE);
		imtc_transaction_renew();
	}
	imtc_identity_put(id);
	kfree(w);
}

void imtc_digest_ask(struct imtc_identity *id)
{
	struct digest_work *w;

	if (READ_ONCE(id->digest) != IMTC_DIGEST_NONE)
		return;
	w = kmalloc(sizeof(*w), GFP_ATOMIC | __GFP_NOWARN);
	if (!w)
		return;
	if (cmpxchg(&id->digest, IMTC_DIGEST_NONE, IMTC_DIGEST_ASKED) != IMTC_DIGEST_NONE) {
		kfree(w);
		return;
	}
	INIT_WORK(&w->work, digest);
	refcount_inc(&id->refs);
	w->id = id;
	queue_work(queue, &w->work);
}

bool imtc_digest_is_there(struct imtc_identity *id)
{
	imtc_digest_ask(id);
	/* Flows wait from now on: they are asked about again when it is there. */
	cmpxchg(&id->digest, IMTC_DIGEST_ASKED, IMTC_DIGEST_AWAITED);
	return smp_load_acquire(&id->digest) == IMTC_DIGEST_DONE;
}

int imtc_digests_start(void)
{
	queue = alloc_workqueue("imtc_digest", WQ_UNBOUND, WORKS);
	return queue ? 0 : -ENOMEM;
}

/* Waits for those under way: nobody asks any more. */
void imtc_digests_stop(void)
{
	destroy_workqueue(queue);
}
