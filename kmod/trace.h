/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Tracepoints imtc:imtc_owner (a socket's owner is noted) and imtc:imtc_verdict
 * (a verdict is given), for perf, bpftrace and trace-cmd.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM imtc

#if !defined(IMTC_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define IMTC_TRACE_H

#include <linux/tracepoint.h>

#include "imtc.h"

TRACE_EVENT(imtc_owner,
	TP_PROTO(const struct sock *sk, unsigned int act, const struct imtc_owner *owner),
	TP_ARGS(sk, act, owner),
	TP_STRUCT__entry(
		__field(const void *, sk)
		__field(u64, handle)
		__field(u32, act)
		__field(u32, pid)
		__field(u32, uid)
		__array(char, comm, IMTC_COMM_BYTES)
	),
	TP_fast_assign(
		__entry->sk = sk;
		__entry->handle = owner->handle;
		__entry->act = act;
		__entry->pid = owner->pid;
		__entry->uid = owner->uid;
		memcpy(__entry->comm, owner->comm, IMTC_COMM_BYTES);
	),
	TP_printk("sk=%p act=%s handle=%llu pid=%u uid=%u comm=%s", __entry->sk,
		  __print_symbolic(__entry->act,
				   { IMTC_ACT_CREATED, "create" },
				   { IMTC_ACT_LISTENED, "listen" },
				   { IMTC_ACT_CONNECTED, "connect" },
				   { IMTC_ACT_ACCEPTED, "accept" },
				   { IMTC_ACT_SPOKE, "send" },
				   { IMTC_ACT_SWEPT, "sweep" }),
		  __entry->handle, __entry->pid, __entry->uid, __entry->comm)
);

TRACE_EVENT(imtc_verdict,
	TP_PROTO(const struct imtc_query *q, const struct imtc_decision *decision,
		 const struct imtc_owner *owner),
	TP_ARGS(q, decision, owner),
	TP_STRUCT__entry(
		__array(u8, client, 16)
		__array(u8, server, 16)
		__field(u64, handle)
		__field(u32, pid)
		__field(u32, rule)
		__field(u32, epoch)
		__field(u32, ifindex)
		__field(u16, client_port)
		__field(u16, server_port)
		__field(u16, service)
		__field(u8, l4)
		__field(u8, hook)
		__field(u8, verdict)
		__field(u8, reason)
		__array(char, comm, IMTC_COMM_BYTES)
	),
	TP_fast_assign(
		memcpy(__entry->client, q->client, 16);
		memcpy(__entry->server, q->server, 16);
		__entry->handle = owner ? owner->handle : 0;
		__entry->pid = owner ? owner->pid : 0;
		__entry->rule = decision->rule;
		__entry->epoch = decision->epoch;
		__entry->ifindex = q->ifindex;
		__entry->client_port = ntohs((__force __be16)q->client_port);
		__entry->server_port = ntohs((__force __be16)q->server_port);
		__entry->service = q->label.service;
		__entry->l4 = q->l4;
		__entry->hook = q->hook;
		__entry->verdict = decision->verdict;
		__entry->reason = decision->reason;
		if (owner)
			memcpy(__entry->comm, owner->comm, IMTC_COMM_BYTES);
		else
			memset(__entry->comm, 0, IMTC_COMM_BYTES);
	),
	TP_printk("l4=%u client=%pI6c/%u server=%pI6c/%u ifindex=%u hook=%u service=%u verdict=%u reason=%u rule=%u epoch=%u handle=%llu pid=%u comm=%s",
		  __entry->l4, __entry->client, __entry->client_port, __entry->server,
		  __entry->server_port, __entry->ifindex, __entry->hook, __entry->service,
		  __entry->verdict, __entry->reason, __entry->rule, __entry->epoch,
		  __entry->handle, __entry->pid, __entry->comm)
);

#endif /* IMTC_TRACE_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH .
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
