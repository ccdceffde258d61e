// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where acts on sockets are seen: at the entry of the kernel's LSM calls, by
 * ftrace, in the context of the one who acts. Function entry alone: arguments
 * are read, nothing is changed, and a call that fails later has done no harm,
 * for only its own socket's owner was noted.
 *
 * The operations are PERMANENT: while the module is loaded, tracing cannot be
 * switched off under it (kernel.ftrace_enabled), and it refuses to load where
 * tracing is off.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/net.h>
#include <linux/sched.h>
#include <net/sock.h>

#include "imtc.h"
#include "compat/ftrace.h"

static bool is_inet(const struct sock *sk)
{
	return sk && (sk->sk_family == AF_INET || sk->sk_family == AF_INET6);
}

static void act_on(struct sock *sk, enum imtc_act act)
{
	if (is_inet(sk) && imtc_task_is_process(current))
		imtc_socket_act(sk, act);
}

static void act_on_socket(struct ftrace_regs *fregs, enum imtc_act act)
{
	struct socket *sock = (struct socket *)ftrace_regs_get_argument(fregs, 0);

	if (sock)
		act_on(READ_ONCE(sock->sk), act);
}

/* security_socket_post_create(sock, family, type, protocol, kern) */
static void on_create(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		      struct ftrace_regs *fregs)
{
	if (!(int)ftrace_regs_get_argument(fregs, 4))
		act_on_socket(fregs, IMTC_ACT_CREATED);
}

/* security_socket_listen(sock, backlog) */
static void on_listen(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		      struct ftrace_regs *fregs)
{
	act_on_socket(fregs, IMTC_ACT_LISTENED);
}

/* security_socket_connect(sock, address, addrlen) */
static void on_connect(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		       struct ftrace_regs *fregs)
{
	act_on_socket(fregs, IMTC_ACT_CONNECTED);
}

/* security_socket_sendmsg(sock, msg, size); inet_sendpage(sock, page, ...) */
static void on_send(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		    struct ftrace_regs *fregs)
{
	act_on_socket(fregs, IMTC_ACT_SPOKE);
}

/*
 * security_socket_accept(sock, newsock): accept() begins. Who accepts must be known by its end.
 */
static void on_accepting(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			 struct ftrace_regs *fregs)
{
	struct socket *sock = (struct socket *)ftrace_regs_get_argument(fregs, 0);
	struct imtc_identity *id;

	if (!sock || !is_inet(READ_ONCE(sock->sk)) || !imtc_task_is_process(current))
		return;
	id = imtc_identity_of(current);
	if (!id)
		return;
	imtc_identity_keep(id);
	imtc_identity_put(id);
}

/*
 * security_sock_graft(sk, parent): within accept(), sk is the new connection. One who is not known,
 * for it changed user, group or cgroup while it waited, is noted when it speaks; until then the
 * connection is the listener's.
 */
static void on_accept(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		      struct ftrace_regs *fregs)
{
	act_on((struct sock *)ftrace_regs_get_argument(fregs, 0), IMTC_ACT_ACCEPTED);
}

/* security_sk_free(sk): any context */
static void on_free(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
		    struct ftrace_regs *fregs)
{
	struct sock *sk = (struct sock *)ftrace_regs_get_argument(fregs, 0);

	if (is_inet(sk))
		imtc_socket_freed(sk);
}

/*
 * The end is armed first and disarmed last, so that no entry outlives its
 * socket. sendfile() passes no LSM call before 6.5 (where inet_sendpage() is no
 * more): there it is seen by itself.
 */
static struct {
	const char *function;
	bool is_optional;
	struct ftrace_ops ops;
} probes[] = {
#define PROBE(name, handler, optional) { \
	.function = name, \
	.is_optional = optional, \
	.ops = { .func = handler, .flags = FTRACE_OPS_FL_PERMANENT }, \
}
	PROBE("security_sk_free", on_free, false),
	PROBE("security_socket_post_create", on_create, false),
	PROBE("security_socket_listen", on_listen, false),
	PROBE("security_socket_connect", on_connect, false),
	PROBE("security_socket_sendmsg", on_send, false),
	PROBE("security_socket_accept", on_accepting, false),
	PROBE("security_sock_graft", on_accept, false),
	PROBE("inet_sendpage", on_send, true),
#undef PROBE
};

static int arm(int i)
{
	unsigned char name[64];
	int error;

	strscpy(name, probes[i].function, sizeof(name));
	error = ftrace_set_filter(&probes[i].ops, name, strlen(name), 1);
	if (error && probes[i].is_optional)
		return 0;
	if (error) {
		pr_err("cannot trace %s: the kernel has no such function to trace (%d)\n", name,
		       error);
		return error;
	}
	error = register_ftrace_function(&probes[i].ops);
	if (error) {
		pr_err("cannot trace %s: %d%s\n", name, error,
		       error == -EBUSY ? " (is kernel.ftrace_enabled 0?)" : "");
		ftrace_free_filter(&probes[i].ops);
	}
	return error;
}

/* Returns when no handler runs any more: unregistering waits for them. */
static void disarm(int i)
{
	if (!(probes[i].ops.flags & FTRACE_OPS_FL_ENABLED))
		return;
	unregister_ftrace_function(&probes[i].ops);
	ftrace_free_filter(&probes[i].ops);
}

int imtc_probes_start(void)
{
	int i, error;

	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		error = arm(i);
		if (error)
			break;
	}
	if (i == ARRAY_SIZE(probes))
		return 0;
	while (--i >= 0)
		disarm(i);
	return error;
}

void imtc_probes_stop(void)
{
	int i;

	for (i = ARRAY_SIZE(probes) - 1; i >= 0; i--)
		disarm(i);
}
