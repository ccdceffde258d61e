// SPDX-License-Identifier: GPL-2.0-only
/*
 * Reads the facts about a task: who it is, what it executes, where it stands
 * in the cgroup tree. Never sleeps. Paths are as the reading task sees them,
 * which at a probe is the process itself.
 */
#include <linux/cgroup.h>
#include <linux/cred.h>
#include <linux/dcache.h>
#include <linux/fs_struct.h>
#include <linux/pid.h>
#include <linux/sched.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/uidgid.h>
#include <linux/user_namespace.h>

#include "imtc.h"
#include "compat/file.h"

/* A lock of a task is held for some instructions; whoever holds it may not run, though. */
#define LOCK_TRIES 1000

/* What d_path() appends to a file that has no name any more. */
#define DELETED " (deleted)"

/* Workers of io_uring belong to their process and are not PF_KTHREAD. */
bool imtc_task_is_process(const struct task_struct *task)
{
	return !(task->flags & PF_KTHREAD);
}

void imtc_capture_key(struct task_struct *task, struct imtc_identity_key *ret_key)
{
	const struct task_struct *leader = READ_ONCE(task->group_leader);
	const struct cred *cred;

	rcu_read_lock();
	cred = __task_cred(task);
	ret_key->start_ns = READ_ONCE(leader->start_boottime);
	ret_key->exec_id = READ_ONCE(task->self_exec_id);
	ret_key->cgroup_id = cgroup_id(task_dfl_cgroup(task));
	ret_key->pid = task_tgid_nr(task);
	ret_key->uid = from_kuid(&init_user_ns, cred->euid);
	ret_key->gid = from_kgid(&init_user_ns, cred->egid);
	ret_key->reserved = 0;
	ret_key->viewer = 0;
	rcu_read_unlock();
}

/*
 * A path too long for the record is left empty, so that no rule matches it:
 * rules name at most IMTC_PATH_BYTES - 1 bytes. A program replaced by an
 * upgrade while it runs keeps its name.
 */
static void capture_exe(struct task_struct *task, char exe[IMTC_PATH_BYTES])
{
	char room[IMTC_PATH_BYTES + sizeof(DELETED)];
	struct file *file;
	char *path;
	size_t n;

	exe[0] = '\0';
	if (!task->mm)
		return;
	file = imtc_mm_exe_file(task->mm);
	if (!file)
		return;
	path = d_path(&file->f_path, room, sizeof(room));
	if (!IS_ERR(path)) {
		n = strlen(path);
		if (d_unlinked(file->f_path.dentry) && n > strlen(DELETED))
			n -= strlen(DELETED);
		if (n < IMTC_PATH_BYTES) {
			memcpy(exe, path, n);
			exe[n] = '\0';
		}
	}
	fput(file);
}

/*
 * The nearest ancestor whose path fits: a rule about it, or about one above,
 * holds for the process all the same, so that depth does not evade a rule.
 */
static void capture_cgroup(struct task_struct *task, char path[IMTC_PATH_BYTES])
{
	struct cgroup *cgroup;

	rcu_read_lock();
	for (cgroup = task_dfl_cgroup(task); cgroup; cgroup = cgroup_parent(cgroup)) {
		int n = cgroup_path(cgroup, path, IMTC_PATH_BYTES);

		if (n > 0 && n < IMTC_PATH_BYTES)
			break;
	}
	rcu_read_unlock();
	if (!cgroup)
		path[0] = '\0';
}

void imtc_capture_paths(struct task_struct *task, struct imtc_owner *owner)
{
	strscpy(owner->comm, READ_ONCE(task->group_leader)->comm, sizeof(owner->comm));
	capture_exe(task, owner->exe);
	capture_cgroup(task, owner->cgroup);
}

u64 imtc_capture_viewer(void)
{
	const struct fs_struct *fs = current->fs;

	return fs ? (unsigned long)READ_ONCE(fs->root.dentry) : 1;
}

struct task_struct *imtc_task_parent(const struct task_struct *task)
{
	struct task_struct *parent = rcu_dereference(task->real_parent);

	return parent && parent != task && imtc_task_is_process(parent) ? parent : NULL;
}

/*
 * The lock keeps the address space. Never waited for: the caller may hold another
 * task's.
 */
bool imtc_capture_ancestor(struct task_struct *task, struct imtc_owner *owner)
{
	bool is_running;
	int tries;

	for (tries = 0; !spin_trylock(&task->alloc_lock); tries++) {
		if (tries == LOCK_TRIES)
			return false;
		cpu_relax();
	}
	is_running = task->mm;
	if (is_running)
		imtc_capture_paths(task, owner);
	task_unlock(task);
	return is_running;
}
