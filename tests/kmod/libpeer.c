// SPDX-License-Identifier: GPL-2.0-only
/*
 * A netlink socket to the family "imtc", by libmnl.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <imtc/verdict.h>

#include "libpeer.h"
#include "libtap.h"

/* Rules of peer_rules() in one message. */
#define RULES_A_MESSAGE 200

static void switch_on(struct mnl_socket *nl, int option)
{
	int one = 1;

	if (mnl_socket_setsockopt(nl, option, &one, sizeof(one)) < 0)
		tap_die("setsockopt");
}

static void read_group(const struct nlattr *group, u32 *events)
{
	const struct nlattr *attr;
	u32 id = 0, is_events = 0;

	mnl_attr_for_each_nested(attr, group) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_ID)
			id = mnl_attr_get_u32(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GRP_NAME)
			is_events = !strcmp(mnl_attr_get_str(attr), IMTC_GENL_MCGRP_EVENTS);
	}
	if (is_events)
		*events = id;
}

static void read_family(const struct nlattr *head, size_t bytes, void *data)
{
	const struct nlattr *attr, *group;
	struct peer *peer = data;

	mnl_attr_for_each_payload(head, bytes) {
		if (mnl_attr_get_type(attr) == CTRL_ATTR_FAMILY_ID)
			peer->family = mnl_attr_get_u16(attr);
		if (mnl_attr_get_type(attr) == CTRL_ATTR_MCAST_GROUPS)
			mnl_attr_for_each_nested(group, attr)
				read_group(group, &peer->events);
	}
}

bool peer_open(struct peer *peer)
{
	/* Emulated guests are slow: what takes longer than this hangs. */
	struct timeval limit = { .tv_sec = 60 };
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh;
	struct answer answer;

	memset(peer, 0, sizeof(*peer));
	peer->nl = mnl_socket_open(NETLINK_GENERIC);
	if (!peer->nl || mnl_socket_bind(peer->nl, 0, MNL_SOCKET_AUTOPID) < 0)
		tap_die("netlink socket");
	switch_on(peer->nl, NETLINK_EXT_ACK);
	switch_on(peer->nl, NETLINK_CAP_ACK);
	if (setsockopt(mnl_socket_get_fd(peer->nl), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)))
		tap_die("SO_RCVTIMEO");
	peer->family = GENL_ID_CTRL;
	nlh = peer_request(peer, buffer, CTRL_CMD_GETFAMILY, false);
	peer->family = 0;
	mnl_attr_put_strz(nlh, CTRL_ATTR_FAMILY_NAME, IMTC_GENL_NAME);
	peer_ask(peer, nlh, &answer);
	if (!answer.error)
		answer_each(&answer, read_family, peer);
	answer_free(&answer);
	return peer->family;
}

void peer_close(struct peer *peer)
{
	if (peer->nl)
		mnl_socket_close(peer->nl);
	peer->nl = NULL;
}

struct nlmsghdr *peer_request(struct peer *peer, void *buffer, u8 command, bool is_dump)
{
	struct nlmsghdr *nlh = mnl_nlmsg_put_header(buffer);
	struct genlmsghdr *genl;

	nlh->nlmsg_type = peer->family;
	nlh->nlmsg_flags = NLM_F_REQUEST | (is_dump ? NLM_F_DUMP : NLM_F_ACK);
	nlh->nlmsg_seq = ++peer->seq;
	genl = mnl_nlmsg_put_extra_header(nlh, sizeof(*genl));
	genl->cmd = command;
	genl->version = IMTC_GENL_VERSION;
	return nlh;
}

void peer_send(struct peer *peer, const struct nlmsghdr *request)
{
	if (mnl_socket_sendto(peer->nl, request, request->nlmsg_len) < 0)
		tap_die("sendto");
}

/* The extack attributes follow the error and, as NETLINK_CAP_ACK is on, a bare header. */
static void read_extack(const struct nlmsghdr *nlh, size_t skip, struct answer *answer)
{
	const struct nlattr *attr;

	if (!(nlh->nlmsg_flags & NLM_F_ACK_TLVS))
		return;
	mnl_attr_for_each(attr, nlh, skip) {
		switch (mnl_attr_get_type(attr)) {
		case NLMSGERR_ATTR_MSG:
			snprintf(answer->text, sizeof(answer->text), "%s", mnl_attr_get_str(attr));
			break;
		case NLMSGERR_ATTR_OFFS:
			answer->offset = mnl_attr_get_u32(attr);
			break;
		case NLMSGERR_ATTR_MISS_TYPE:
			answer->missing = mnl_attr_get_u32(attr);
			break;
		}
	}
}

/*
 * Payloads are kept as one run of (u32 length, bytes), so that two answers are
 * equal when their runs are.
 */
static void keep(const struct nlmsghdr *nlh, struct answer *answer)
{
	u32 length = mnl_nlmsg_get_payload_len(nlh);
	u8 *more = realloc(answer->payloads, answer->bytes + sizeof(length) + length);

	if (!more)
		tap_die("realloc");
	memcpy(more + answer->bytes, &length, sizeof(length));
	memcpy(more + answer->bytes + sizeof(length), mnl_nlmsg_get_payload(nlh), length);
	answer->payloads = more;
	answer->bytes += sizeof(length) + length;
	answer->messages++;
}

static bool receive_message(const struct nlmsghdr *nlh, struct answer *answer)
{
	if (nlh->nlmsg_flags & NLM_F_DUMP_INTR)
		answer->was_interrupted = true;
	switch (nlh->nlmsg_type) {
	case NLMSG_ERROR:
		answer->error = -((const struct nlmsgerr *)mnl_nlmsg_get_payload(nlh))->error;
		read_extack(nlh, sizeof(struct nlmsgerr), answer);
		return true;
	case NLMSG_DONE:
		answer->error = -*(const int *)mnl_nlmsg_get_payload(nlh);
		read_extack(nlh, sizeof(int), answer);
		return true;
	default:
		keep(nlh, answer);
		return false;
	}
}

bool peer_receive(struct peer *peer, struct answer *answer)
{
	unsigned int before = answer->messages;
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh;
	bool was_last = false;
	int left;

	left = mnl_socket_recvfrom(peer->nl, buffer, sizeof(buffer));
	if (left < 0)
		tap_die("recvfrom");
	for (nlh = (struct nlmsghdr *)buffer; mnl_nlmsg_ok(nlh, left);
	     nlh = mnl_nlmsg_next(nlh, &left))
		if (nlh->nlmsg_seq == peer->seq && receive_message(nlh, answer))
			was_last = true;
	answer->datagrams += answer->messages != before;
	return was_last;
}

void peer_ask(struct peer *peer, const struct nlmsghdr *request, struct answer *ret_answer)
{
	memset(ret_answer, 0, sizeof(*ret_answer));
	peer_send(peer, request);
	while (!peer_receive(peer, ret_answer))
		;
}

void answer_free(struct answer *answer)
{
	free(answer->payloads);
	answer->payloads = NULL;
	answer->bytes = 0;
}

void answer_each(const struct answer *answer,
		 void (*each)(const struct nlattr *head, size_t bytes, void *data), void *data)
{
	size_t at = 0;
	u32 length;

	while (at < answer->bytes) {
		memcpy(&length, answer->payloads + at, sizeof(length));
		at += sizeof(length);
		each((const struct nlattr *)(answer->payloads + at + sizeof(struct genlmsghdr)),
		     length - sizeof(struct genlmsghdr), data);
		at += length;
	}
}

struct wanted {
	u16 nest, type;
	u32 number;
	bool has_one;
};

static void find_number(const struct nlattr *head, size_t bytes, void *data)
{
	struct wanted *wanted = data;
	const struct nlattr *attr, *inner;

	mnl_attr_for_each_payload(head, bytes) {
		if (wanted->has_one)
			return;
		if (!wanted->nest && mnl_attr_get_type(attr) == wanted->type) {
			wanted->number = mnl_attr_get_u32(attr);
			wanted->has_one = true;
		}
		if (!wanted->nest || mnl_attr_get_type(attr) != wanted->nest)
			continue;
		mnl_attr_for_each_nested(inner, attr) {
			if (mnl_attr_get_type(inner) == wanted->type) {
				wanted->number = mnl_attr_get_u32(inner);
				wanted->has_one = true;
			}
		}
	}
}

u32 answer_u32(const struct answer *answer, u16 type)
{
	return answer_nested_u32(answer, 0, type);
}

u32 answer_nested_u32(const struct answer *answer, u16 nest, u16 type)
{
	struct wanted wanted = { .nest = nest, .type = type };

	answer_each(answer, find_number, &wanted);
	return wanted.number;
}

/* What must succeed for the test to make sense; the number it answers with. */
static u32 ask_or_die(struct peer *peer, const struct nlmsghdr *request, u16 nest, u16 type)
{
	struct answer answer;
	u32 number;

	peer_ask(peer, request, &answer);
	if (answer.error) {
		tap_note("refused: %s", answer.text);
		errno = answer.error;
		tap_die("a request that is right");
	}
	number = answer_nested_u32(&answer, nest, type);
	answer_free(&answer);
	return number;
}

u32 peer_begin(struct peer *peer, const char *name)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_BEGIN, false);
	struct nlattr *nest = mnl_attr_nest_start(nlh, IMTC_A_POLICY);

	mnl_attr_put_strz(nlh, IMTC_POLICY_A_NAME, name);
	mnl_attr_put_u8(nlh, IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS);
	mnl_attr_put_u8(nlh, IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS);
	mnl_attr_nest_end(nlh, nest);
	return ask_or_die(peer, nlh, 0, IMTC_A_TRANSACTION);
}

void peer_put_rule(struct nlmsghdr *request, u32 id)
{
	struct nlattr *nest = mnl_attr_nest_start(request, IMTC_A_RULE);
	u64 services[2] = { 1ULL << 1, 0 };
	char name[32];

	snprintf(name, sizeof(name), "rule %u", id);
	mnl_attr_put_u32(request, IMTC_RULE_A_ID, id);
	mnl_attr_put_strz(request, IMTC_RULE_A_NAME, name);
	mnl_attr_put_u8(request, IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP);
	mnl_attr_put(request, IMTC_RULE_A_SERVICES, sizeof(services), services);
	mnl_attr_nest_end(request, nest);
}

void peer_rules(struct peer *peer, u32 transaction, u32 first, u32 count)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh;
	u32 i, n;

	for (i = 0; i < count; i += n) {
		nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_RULE, false);
		mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
		for (n = 0; n < RULES_A_MESSAGE && i + n < count; n++)
			peer_put_rule(nlh, first + i + n);
		ask_or_die(peer, nlh, 0, 0);
	}
}

u32 peer_commit(struct peer *peer, u32 transaction, u32 count)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_COMMIT, false);

	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	mnl_attr_put_u32(nlh, IMTC_A_COUNT, count);
	return ask_or_die(peer, nlh, 0, IMTC_A_EPOCH);
}

void peer_abort(struct peer *peer, u32 transaction)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_POLICY_ABORT, false);

	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	ask_or_die(peer, nlh, 0, 0);
}

u32 peer_load(struct peer *peer, const char *name, u32 count)
{
	u32 transaction = peer_begin(peer, name);

	peer_rules(peer, transaction, 1, count);
	return peer_commit(peer, transaction, count);
}

u32 peer_status_u32(struct peer *peer, u16 type)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(peer, buffer, IMTC_CMD_STATUS_GET, false);

	return ask_or_die(peer, nlh, IMTC_A_STATUS, type);
}
