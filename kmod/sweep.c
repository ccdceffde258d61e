// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sockets and processes older than the module: one walk over the files of all
 * tasks, after the probes are armed, so that nothing falls between. The first
 * holder, in the order processes were made, owns a socket until somebody acts
 * on it; what the probes have seen meanwhile stays.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/net.h>
#include <linux/rcupdate.h>
#include <linux/sched/signal.h>
#include <linux/sched/task.h>
#include <net/sock.h>

#include "imtc.h"

#define TASKS_A_PAUSE 64
#define RESTARTS_MAX 16

struct holder {
	struct task_struct *task;
	struct imtc_identity *id;	/* made when the first socket is met */
};

static int adopt_file(const void *data, struct file *file, unsigned int fd)
{
	struct holder *holder = (struct holder *)data;
	struct socket *sock = sock_from_file(file);
	struct sock *sk = sock ? READ_ONCE(sock->sk) : NULL;

	if (!sk || (sk->sk_family != AF_INET && sk->sk_family != AF_INET6))
		return 0;
	if (!holder->id)
		holder->id = imtc_identity_of(holder->task);
	if (holder->id)
		imtc_socket_adopt(sk, holder->id);
	return 0;
}

/* task_lock() keeps files and mm; the files' own lock, taken inside, the sockets. */
static void adopt_task(struct task_struct *task)
{
	struct holder holder = { .task = task };

	task_lock(task);
	if (task->files && imtc_task_is_process(task))
		iterate_fd(task->files, 0, adopt_file, &holder);
	task_unlock(task);
	imtc_identity_put(holder.id);
}

/* A thread may have parted with its process' table of files. */
static void adopt_process(struct task_struct *process)
{
	struct task_struct *thread;

	adopt_task(process);
	for_each_thread(process, thread)
		if (READ_ONCE(thread->files) != READ_ONCE(process->files))
			adopt_task(thread);
}

/*
 * Leaves the RCU section for a moment. False when the process ended in it and
 * the walk cannot go on from there.
 */
static bool pause_at(struct task_struct *process)
{
	bool may_go_on;

	get_task_struct(process);
	rcu_read_unlock();
	cond_resched();
	rcu_read_lock();
	may_go_on = pid_alive(process);
	put_task_struct(process);
	return may_go_on;
}

static bool sweep_once(void)
{
	struct task_struct *process;
	unsigned int seen = 0;
	bool is_whole = true;

	rcu_read_lock();
	for_each_process(process) {
		adopt_process(process);
		if (++seen % TASKS_A_PAUSE == 0 && !pause_at(process)) {
			is_whole = false;
			break;
		}
	}
	rcu_read_unlock();
	return is_whole;
}

/* What is adopted stays so: to start again costs time alone. */
void imtc_sweep(void)
{
	int restarts;

	for (restarts = 0; restarts < RESTARTS_MAX; restarts++)
		if (sweep_once())
			return;
	pr_warn("processes end too fast: some sockets older than the module have no owner yet\n");
}
