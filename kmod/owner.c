// SPDX-License-Identifier: GPL-2.0-only
/*
 * Whose flow a query is about. The places, in order:
 *
 *	1. at egress, the socket that the packet carries
 *	2. the local end of the flow in the device's namespace
 *	3. the socket that the packet carries at ingress: it came over a veth
 *	4. the sender's socket in any namespace of the host, by its tuple here,
 *	   then by the one it has behind address translation
 *	5. the receiver's, likewise
 *	6. the owner of an earlier answer, while it is remembered
 *
 * 2, 4 and 5 share a budget of look-ups: a host with more namespaces than that
 * has flows without an owner, which are counted.
 */
#include <linux/netdevice.h>
#include <net/inet_sock.h>
#include <net/net_namespace.h>
#include <net/request_sock.h>
#include <net/sock.h>

#include "imtc.h"

static void make_tuple(const struct imtc_query *q, bool is_client_local,
		       struct imtc_tuple *ret_tuple)
{
	memcpy(&ret_tuple->local, is_client_local ? q->client : q->server, 16);
	memcpy(&ret_tuple->remote, is_client_local ? q->server : q->client, 16);
	ret_tuple->local_port = (__force __be16)(is_client_local ? q->client_port :
								   q->server_port);
	ret_tuple->remote_port = (__force __be16)(is_client_local ? q->server_port :
								    q->client_port);
	ret_tuple->l4 = q->l4;
	ret_tuple->family = q->family;
}

/* A packet may carry a request or a TIME_WAIT: only a full socket has an owner. */
static bool find_carried(const struct imtc_origin *from, struct imtc_found *found)
{
	struct sock *sk = from->skb ? skb_to_full_sk(from->skb) : NULL;

	if (!sk || !sk_fullsock(sk) || (sk->sk_family != AF_INET && sk->sk_family != AF_INET6))
		return false;
	if (!imtc_lookup_sock(sk, from->ifindex, found))
		return false;
	/* The answer to a SYN: its listener's, until it is accepted. */
	if (sk != from->skb->sk)
		found->again = true;
	return true;
}

static bool find_everywhere(const struct imtc_tuple *t, int *budget, struct imtc_found *found)
{
	struct net_device *dev;
	struct net *net;

	for_each_net_rcu(net) {
		if (*budget <= 0)
			return false;
		if (imtc_lookup_tuple(net, t, 0, budget, found))
			return true;
	}
	/* Sockets bound to a device are found by naming it. */
	for_each_net_rcu(net) {
		for_each_netdev_rcu(net, dev) {
			if (*budget <= 0)
				return false;
			if (imtc_lookup_tuple(net, t, dev->ifindex, budget, found))
				return true;
		}
	}
	return false;
}

/* One end of the flow behind address translation: the initiator is the client. */
static bool find_translated(const struct imtc_origin *from, const struct imtc_tuple *local,
			    bool is_client, int *budget, struct imtc_found *found)
{
	struct imtc_tuple ends[2];

	return imtc_translated(from->skb, from->net, local, ends) &&
	       find_everywhere(&ends[is_client ? 0 : 1], budget, found);
}

/*
 * What a listener answers for may go to a container instead: a published port
 * has a proxy listening on it that the packets never reach.
 */
static void find_better(const struct imtc_origin *from, const struct imtc_tuple *local,
			bool is_client, int *budget, struct imtc_found *found)
{
	struct imtc_found better = {};

	if (!find_translated(from, local, is_client, budget, &better))
		return;
	imtc_identity_put(found->id);
	*found = better;
}

static bool find_ends(const struct imtc_origin *from, const struct imtc_query *q,
		      struct imtc_found *found)
{
	bool is_client_local = q->flow_flags & IMTC_FLOW_OUT;
	bool is_ingress = q->hook != IMTC_HOOK_TC_EGRESS;
	/* What comes in was sent by the remote end. */
	bool is_client_sender = is_client_local != is_ingress;
	struct imtc_tuple local, sender, receiver;
	int budget = IMTC_LOOKUPS_MAX;

	make_tuple(q, is_client_local, &local);
	if (imtc_lookup_tuple(from->net, &local, from->ifindex, &budget, found)) {
		if (found->again)
			find_better(from, &local, is_client_local, &budget, found);
		return true;
	}
	if (is_ingress && find_carried(from, found))
		return true;
	make_tuple(q, is_client_sender, &sender);
	make_tuple(q, !is_client_sender, &receiver);
	return find_everywhere(&sender, &budget, found) ||
	       find_translated(from, &local, is_client_sender, &budget, found) ||
	       find_everywhere(&receiver, &budget, found) ||
	       find_translated(from, &local, !is_client_sender, &budget, found);
}

void imtc_owner_find(const struct imtc_origin *from, const struct imtc_query *q,
		     struct imtc_found *found)
{
	memset(found, 0, sizeof(*found));
	if (q->hook == IMTC_HOOK_TC_EGRESS && find_carried(from, found))
		return;
	if (find_ends(from, q, found))
		return;
	found->again = false;
	found->id = imtc_identity_by_handle(q->owner);
}
