// SPDX-License-Identifier: GPL-2.0-only
/*
 * Address translation: what conntrack knows of a flow whose tuple here is not
 * its sockets' own. The entry is on the packet where netfilter has seen it;
 * before that (XDP, tc ingress) it is looked up.
 *
 * nf_conntrack is used where it is loaded and held only while it is used: imtc
 * neither needs it nor keeps it from being unloaded.
 */
#include <linux/module.h>
#include <linux/skbuff.h>
#include <net/ipv6.h>
#include <net/netfilter/nf_conntrack.h>
#include <net/netfilter/nf_conntrack_core.h>
#include <net/netfilter/nf_conntrack_zones.h>

#include "imtc.h"

#if IS_ENABLED(CONFIG_NF_CONNTRACK)

static void address_of(const struct nf_conn *ct, const union nf_inet_addr *from,
		       struct in6_addr *to)
{
	if (nf_ct_l3num(ct) == NFPROTO_IPV4)
		ipv6_addr_set_v4mapped(from->ip, to);
	else
		*to = from->in6;
}

/* The end that speaks in direction dir, as its own host sees it. */
static void end_of(const struct nf_conn *ct, enum ip_conntrack_dir dir, u8 family,
		   struct imtc_tuple *ret_end)
{
	const struct nf_conntrack_tuple *tuple = &ct->tuplehash[dir].tuple;

	address_of(ct, &tuple->src.u3, &ret_end->local);
	address_of(ct, &tuple->dst.u3, &ret_end->remote);
	ret_end->local_port = tuple->src.u.all;
	ret_end->remote_port = tuple->dst.u.all;
	ret_end->l4 = tuple->dst.protonum;
	ret_end->family = family;
}

static bool read_ends(const struct nf_conn *ct, const struct imtc_tuple *t,
		      struct imtc_tuple ret_ends[2])
{
	if (!(READ_ONCE(ct->status) & IPS_NAT_MASK))
		return false;
	if (nf_ct_protonum(ct) != t->l4 ||
	    nf_ct_l3num(ct) != (t->family == 6 ? NFPROTO_IPV6 : NFPROTO_IPV4))
		return false;
	end_of(ct, IP_CT_DIR_ORIGINAL, t->family, &ret_ends[0]);
	end_of(ct, IP_CT_DIR_REPLY, t->family, &ret_ends[1]);
	return true;
}

static void tuple_from(const struct imtc_tuple *t, bool is_from_local,
		       struct nf_conntrack_tuple *ret_tuple)
{
	const struct in6_addr *src = is_from_local ? &t->local : &t->remote;
	const struct in6_addr *dst = is_from_local ? &t->remote : &t->local;

	memset(ret_tuple, 0, sizeof(*ret_tuple));
	if (t->family == 6) {
		ret_tuple->src.u3.in6 = *src;
		ret_tuple->dst.u3.in6 = *dst;
	} else {
		ret_tuple->src.u3.ip = src->s6_addr32[3];
		ret_tuple->dst.u3.ip = dst->s6_addr32[3];
	}
	ret_tuple->src.l3num = t->family == 6 ? NFPROTO_IPV6 : NFPROTO_IPV4;
	ret_tuple->src.u.all = is_from_local ? t->local_port : t->remote_port;
	ret_tuple->dst.u.all = is_from_local ? t->remote_port : t->local_port;
	ret_tuple->dst.protonum = t->l4;
}

/* Either direction of an entry may be the one that is seen here. */
static bool search(struct net *net, const struct imtc_tuple *t, struct imtc_tuple ret_ends[2])
{
	static const struct nf_conntrack_zone zone = {
		.id = NF_CT_DEFAULT_ZONE_ID,
		.dir = NF_CT_DEFAULT_ZONE_DIR,
	};
	typeof(nf_conntrack_find_get) *find_get = symbol_get(nf_conntrack_find_get);
	struct nf_conntrack_tuple_hash *hash;
	struct nf_conntrack_tuple tuple;
	bool is_translated = false;
	struct nf_conn *ct;
	int i;

	if (!find_get)
		return false;
	for (i = 0; i < 2 && !is_translated; i++) {
		tuple_from(t, i, &tuple);
		hash = find_get(net, &zone, &tuple);
		if (!hash)
			continue;
		ct = nf_ct_tuplehash_to_ctrack(hash);
		is_translated = read_ends(ct, t, ret_ends);
		nf_conntrack_put(&ct->ct_general);
	}
	symbol_put(nf_conntrack_find_get);
	return is_translated;
}

bool imtc_translated(const struct sk_buff *skb, struct net *net, const struct imtc_tuple *t,
		     struct imtc_tuple ret_ends[2])
{
	enum ip_conntrack_info info;
	const struct nf_conn *ct = skb ? nf_ct_get(skb, &info) : NULL;

	return ct ? read_ends(ct, t, ret_ends) : search(net, t, ret_ends);
}

#else

bool imtc_translated(const struct sk_buff *skb, struct net *net, const struct imtc_tuple *t,
		     struct imtc_tuple ret_ends[2])
{
	return false;
}

#endif
