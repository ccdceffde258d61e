/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A netlink socket that speaks to the family "imtc" as a test needs it: any
 * message can be sent, well formed or not, and all of the answer is kept.
 */
#ifndef TESTS_KMOD_LIBPEER_H
#define TESTS_KMOD_LIBPEER_H

#include <libmnl/libmnl.h>
#include <linux/imtc.h>
#include <stdbool.h>
#include <stddef.h>

#include <imtc/types.h>

/* Of a request; the largest that a test sends. */
#define PEER_BYTES 65536

struct peer {
	struct mnl_socket *nl;
	u32 seq;
	u16 family;	/* 0: there is none */
	u32 events;	/* multicast group */
};

/* What came back for one request. Offsets are from the request's header. */
struct answer {
	int error;		/* errno, 0: accepted */
	char text[256];		/* extack text, "" without */
	u32 offset;		/* of the attribute at fault, 0: none is named */
	u32 missing;		/* type of the attribute that is missing, 0: none is named */
	bool was_interrupted;	/* NLM_F_DUMP_INTR was set */
	unsigned int messages;	/* of the family */
	unsigned int datagrams;	/* that held such messages */
	size_t bytes;		/* of payloads: genetlink headers and attributes, one after the other */
	u8 *payloads;
};

/* A socket of its own and the family's number. False: the family is not there. */
bool peer_open(struct peer *peer);
void peer_close(struct peer *peer);

/* A request in buffer (PEER_BYTES), with its headers. is_dump: NLM_F_DUMP, else NLM_F_ACK. */
struct nlmsghdr *peer_request(struct peer *peer, void *buffer, u8 command, bool is_dump);
void peer_send(struct peer *peer, const struct nlmsghdr *request);
/* One datagram of the answer: true when it was the last. */
bool peer_receive(struct peer *peer, struct answer *answer);
/* Sends and receives all; an answer is begun anew and must be freed by answer_free(). */
void peer_ask(struct peer *peer, const struct nlmsghdr *request, struct answer *ret_answer);
void answer_free(struct answer *answer);

/* A number in the first message of an answer, by top-level attribute; 0 where there is none. */
u32 answer_u32(const struct answer *answer, u16 type);
/* A number within a nest of the first message. */
u32 answer_nested_u32(const struct answer *answer, u16 nest, u16 type);
/* Calls each() for the messages of an answer, with the first attribute and the bytes of all. */
void answer_each(const struct answer *answer,
		 void (*each)(const struct nlattr *head, size_t bytes, void *data), void *data);

/* Short cuts that end the program when they fail. */
u32 peer_begin(struct peer *peer, const char *name);
/* Each rule: id i (from first), a name made of it, drop, service XMPP. */
void peer_put_rule(struct nlmsghdr *request, u32 id);
void peer_rules(struct peer *peer, u32 transaction, u32 first, u32 count);
u32 peer_commit(struct peer *peer, u32 transaction, u32 count);
void peer_abort(struct peer *peer, u32 transaction);
u32 peer_load(struct peer *peer, const char *name, u32 count);
u32 peer_status_u32(struct peer *peer, u16 type);

#endif /* TESTS_KMOD_LIBPEER_H */
