// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a tuple to the kernel's socket, and from that to its owner. One
 * namespace at a time; where to look is owner.c's.
 */
#include <linux/inetdevice.h>
#include <linux/net.h>
#include <net/addrconf.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/sock.h>
#include <net/tcp.h>
#include <net/udp.h>

#include "imtc.h"
#include "compat/inet.h"

void imtc_tuple_of(const struct sock *sk, struct imtc_tuple *ret_tuple)
{
	const struct inet_sock *inet = inet_sk(sk);
	struct imtc_tuple *t = ret_tuple;

	t->l4 = sk->sk_protocol == IPPROTO_UDP ? IMTC_L4_UDP : IMTC_L4_TCP;
	t->local_port = inet->inet_sport;
	t->remote_port = inet->inet_dport;
	t->family = 4;
#if IS_ENABLED(CONFIG_IPV6)
	if (sk->sk_family == AF_INET6 && !ipv6_addr_v4mapped(&sk->sk_v6_daddr)) {
		t->family = 6;
		t->local = sk->sk_v6_rcv_saddr;
		t->remote = sk->sk_v6_daddr;
		return;
	}
#endif
	ipv6_addr_set_v4mapped(inet->inet_rcv_saddr, &t->local);
	ipv6_addr_set_v4mapped(inet->inet_daddr, &t->remote);
}

/*
 * A subflow of MPTCP is the kernel's own socket; it is grafted to the struct
 * socket of the connection it serves, which the process acts on.
 */
static struct imtc_identity *master_owner(const struct sock *sk, u8 *ret_acts)
{
	const struct socket *socket = READ_ONCE(sk->sk_socket);
	const struct sock *master = socket ? READ_ONCE(socket->sk) : NULL;

	return master && master != sk ? imtc_socket_owner(master, ret_acts) : NULL;
}

/* A UDP socket that only was made so far may be another process' in the end. */
static bool entry_owner(const struct sock *sk, struct imtc_found *found)
{
	u8 acts = 0;

	found->id = imtc_socket_owner(sk, &acts);
	if (!found->id)
		found->id = master_owner(sk, &acts);
	found->again = found->id && sk->sk_protocol == IPPROTO_UDP && acts == IMTC_ACT_CREATED;
	return found->id;
}

static struct sock *listener4(struct net *net, const struct imtc_tuple *t, int dif)
{
	return __inet_lookup_listener(net, IMTC_TCP_TABLE(net) NULL, 0,
				      t->remote.s6_addr32[3], t->remote_port,
				      t->local.s6_addr32[3], ntohs(t->local_port), dif, 0);
}

static struct sock *established4(struct net *net, const struct imtc_tuple *t, int dif)
{
	return __inet_lookup_established(net, IMTC_TCP_TABLE(net) t->remote.s6_addr32[3],
					 t->remote_port, t->local.s6_addr32[3],
					 ntohs(t->local_port), dif, 0);
}

static struct sock *udp4(struct net *net, const struct imtc_tuple *t, int dif)
{
	return udp4_lib_lookup(net, t->remote.s6_addr32[3], t->remote_port,
			       t->local.s6_addr32[3], t->local_port, dif);
}

#if IS_ENABLED(CONFIG_IPV6)
static struct sock *listener6(struct net *net, const struct imtc_tuple *t, int dif)
{
	return inet6_lookup_listener(net, IMTC_TCP_TABLE(net) NULL, 0, &t->remote,
				     t->remote_port, &t->local, ntohs(t->local_port), dif, 0);
}

static struct sock *established6(struct net *net, const struct imtc_tuple *t, int dif)
{
	return __inet6_lookup_established(net, IMTC_TCP_TABLE(net) &t->remote, t->remote_port,
					  &t->local, ntohs(t->local_port), dif, 0);
}

static struct sock *udp6(struct net *net, const struct imtc_tuple *t, int dif)
{
	return udp6_lib_lookup(net, &t->remote, t->remote_port, &t->local, t->local_port, dif);
}

static bool owns6(struct net *net, const struct in6_addr *addr)
{
	return ipv6_addr_is_multicast(addr) || ipv6_chk_addr(net, addr, NULL, 0);
}
#else
#define listener6(net, t, dif) NULL
#define established6(net, t, dif) NULL
#define udp6(net, t, dif) NULL
#define owns6(net, addr) false
#endif

/*
 * A socket bound to any address answers for each: it counts only where the
 * address is the namespace's own, else a packet that is forwarded would be the
 * server's that happens to listen on the same port here.
 */
static bool owns_local(struct net *net, const struct imtc_tuple *t)
{
	unsigned int type;

	if (t->family == 6)
		return owns6(net, &t->local);
	type = inet_addr_type(net, t->local.s6_addr32[3]);
	return type == RTN_LOCAL || type == RTN_BROADCAST || type == RTN_MULTICAST;
}

static bool listener_owner(struct net *net, const struct imtc_tuple *t, int dif,
			   struct imtc_found *found)
{
	const struct sock *sk = t->family == 6 ? listener6(net, t, dif) : listener4(net, t, dif);

	if (!sk || !entry_owner(sk, found))
		return false;
	found->again = true;
	return true;
}

bool imtc_lookup_sock(struct sock *sk, int dif, struct imtc_found *found)
{
	struct imtc_tuple t;

	if (entry_owner(sk, found))
		return true;
	if (sk->sk_protocol != IPPROTO_TCP || sk->sk_state == TCP_LISTEN)
		return false;
	/* Not accepted yet: nobody has acted on it but its listener's owner. */
	imtc_tuple_of(sk, &t);
	return listener_owner(sock_net(sk), &t, dif, found);
}

static bool linger_owner(struct net *net, const struct imtc_tuple *t, struct imtc_found *found)
{
	found->id = imtc_linger_owner(net->net_cookie, t);
	found->again = false;
	return found->id;
}

/* What the table of connections holds: a request, a connection or its TIME_WAIT. */
static bool connection_owner(struct sock *sk, int dif, struct imtc_found *found)
{
	if (sk->sk_state == TCP_TIME_WAIT)
		return false;
	if (sk->sk_state != TCP_NEW_SYN_RECV)
		return imtc_lookup_sock(sk, dif, found);
	if (!entry_owner(inet_reqsk(sk)->rsk_listener, found))
		return false;
	found->again = true;
	return true;
}

static bool lookup_tcp(struct net *net, const struct imtc_tuple *t, int dif, int *budget,
		       struct imtc_found *found)
{
	struct sock *sk = t->family == 6 ? established6(net, t, dif) : established4(net, t, dif);
	bool has_owner;

	(*budget)--;
	if (sk) {
		has_owner = connection_owner(sk, dif, found);
		sock_gen_put(sk);
		if (has_owner)
			return true;
	}
	if (linger_owner(net, t, found))
		return true;
	if (!owns_local(net, t))
		return false;
	*budget -= 2;
	return listener_owner(net, t, dif, found);
}

static bool lookup_udp(struct net *net, const struct imtc_tuple *t, int dif, int *budget,
		       struct imtc_found *found)
{
	struct sock *sk = t->family == 6 ? udp6(net, t, dif) : udp4(net, t, dif);
	bool has_owner = false;

	*budget -= 2;
	if (sk) {
		if (inet_sk(sk)->inet_dport || owns_local(net, t))
			has_owner = entry_owner(sk, found);
		sock_put(sk);
		if (has_owner)
			return true;
	}
	return owns_local(net, t) && linger_owner(net, t, found);
}

bool imtc_lookup_tuple(struct net *net, const struct imtc_tuple *t, int dif, int *budget,
		       struct imtc_found *found)
{
	if (t->l4 == IMTC_L4_TCP)
		return lookup_tcp(net, t, dif, budget, found);
	return lookup_udp(net, t, dif, budget, found);
}
