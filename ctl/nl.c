// SPDX-License-Identifier: GPL-2.0-only
/*
 * The socket to the module: find the family, send, receive, and read what the
 * kernel says when it refuses. libnl hands an error on as a number alone, so
 * extended acknowledgements are read from the raw message here.
 */
#include <errno.h>
#include <linux/netlink.h>
#include <netlink/genl/ctrl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "hostnet.h"
#include "nl_internal.h"

/* One call under way. */
struct call {
	struct imtc_nl *nl;
	nl_reply reply;
	void *data;
	int error;
	bool done;
	bool interrupted;	/* the dump is not of one state */
};

/* libnl's own numbers, for what did not come from the kernel as errno. */
static int to_errno(int nl_error)
{
	switch (-nl_error) {
	case NLE_NOMEM:
		return -ENOMEM;
	case NLE_PERM:
	case NLE_NOACCESS:
		return -EPERM;
	case NLE_OBJ_NOTFOUND:
		return -ENOENT;
	case NLE_AGAIN:
		return -EAGAIN;
	case NLE_INTR:
		return -EINTR;
	case NLE_PROTO_MISMATCH:
	case NLE_AF_NOSUPPORT:
		return -EPROTONOSUPPORT;
	default:
		return -EIO;
	}
}

/* --- extended acknowledgements ---------------------------------------------- */

/* Where the attributes begin: past the request's echo, unless that was left out. */
static size_t extack_start(const struct nlmsghdr *header, const struct nlmsgerr *error)
{
	size_t start = NLMSG_HDRLEN + sizeof(*error);

	if (!(header->nlmsg_flags & NLM_F_CAPPED) && error->msg.nlmsg_len > NLMSG_HDRLEN)
		start += NLMSG_ALIGN(error->msg.nlmsg_len - NLMSG_HDRLEN);
	return start;
}

void nl_read_extack(const struct nlmsghdr *header, struct nl_extack *ret_extack)
{
	const struct nlmsgerr *error = NLMSG_DATA(header);
	size_t start = extack_start(header, error);
	struct nlattr *attr;
	int remaining;

	memset(ret_extack, 0, sizeof(*ret_extack));
	if (!(header->nlmsg_flags & NLM_F_ACK_TLVS) || start >= header->nlmsg_len)
		return;
	nla_for_each_attr(attr, (struct nlattr *)((char *)header + start),
			  (int)(header->nlmsg_len - start), remaining) {
		int len = nla_len(attr);

		if (nla_type(attr) == NLMSGERR_ATTR_MSG && len > 0)
			snprintf(ret_extack->sentence, sizeof(ret_extack->sentence), "%.*s",
				 len, (char *)nla_data(attr));
		else if (nla_type(attr) == NLMSGERR_ATTR_OFFS && len == sizeof(u32))
			ret_extack->offset = nla_get_u32(attr);
	}
}

/* --- one call --------------------------------------------------------------- */

static int on_valid(struct nl_msg *msg, void *data)
{
	struct nlattr *attrs[IMTC_A_MAX + 1];
	struct call *call = data;
	int error;

	if (call->error || !call->reply)
		return NL_OK;
	error = genlmsg_parse(nlmsg_hdr(msg), 0, attrs, IMTC_A_MAX, NULL);
	if (error < 0)
		call->error = -EBADMSG;
	else
		call->error = call->reply(attrs, call->data);
	return NL_OK;
}

static int on_ack(struct nl_msg *msg, void *data)
{
	struct call *call = data;

	(void)msg;
	call->done = true;
	return NL_STOP;
}

/* A dump ends with an errno of its own, which libnl does not look at. */
static int on_finish(struct nl_msg *msg, void *data)
{
	struct nlmsghdr *header = nlmsg_hdr(msg);
	struct call *call = data;
	int error = 0;

	if (nlmsg_datalen(header) >= (int)sizeof(error))
		memcpy(&error, nlmsg_data(header), sizeof(error));
	if (error < 0 && !call->error)
		call->error = error;
	call->done = true;
	return NL_STOP;
}

static int on_interrupted(struct nl_msg *msg, void *data)
{
	struct call *call = data;

	(void)msg;
	call->interrupted = true;
	return NL_OK;
}

/* libnl has seen that a whole struct nlmsgerr is there. */
static int on_error(struct sockaddr_nl *from, struct nlmsgerr *error, void *data)
{
	struct call *call = data;

	(void)from;
	nl_read_extack((struct nlmsghdr *)((char *)error - NLMSG_HDRLEN), &call->nl->extack);
	call->error = error->error < 0 ? error->error : -EBADMSG;
	call->done = true;
	return NL_STOP;
}

static struct nl_cb *make_callbacks(struct call *call)
{
	struct nl_cb *cb = nl_cb_alloc(NL_CB_DEFAULT);

	if (!cb)
		return NULL;
	nl_cb_set(cb, NL_CB_VALID, NL_CB_CUSTOM, on_valid, call);
	nl_cb_set(cb, NL_CB_ACK, NL_CB_CUSTOM, on_ack, call);
	nl_cb_set(cb, NL_CB_FINISH, NL_CB_CUSTOM, on_finish, call);
	nl_cb_set(cb, NL_CB_DUMP_INTR, NL_CB_CUSTOM, on_interrupted, call);
	nl_cb_err(cb, NL_CB_CUSTOM, on_error, call);
	return cb;
}

struct nl_msg *nl_request(const struct imtc_nl *nl, u8 command, int flags)
{
	struct nl_msg *msg = nlmsg_alloc_size(64 << 10);

	if (!msg)
		return NULL;
	if (genlmsg_put(msg, NL_AUTO_PORT, NL_AUTO_SEQ, nl->family, 0,
			NLM_F_REQUEST | NLM_F_ACK | flags, command, IMTC_GENL_VERSION))
		return msg;
	nlmsg_free(msg);
	return NULL;
}

int nl_call(struct imtc_nl *nl, struct nl_msg *msg, nl_reply reply, void *data)
{
	struct call call = { .nl = nl, .reply = reply, .data = data };
	struct nl_cb *cb;
	int error;

	memset(&nl->extack, 0, sizeof(nl->extack));
	nl->refused_rule = 0;
	if (!msg)
		return -ENOMEM;
	cb = make_callbacks(&call);
	error = cb ? nl_send_auto(nl->sock, msg) : -NLE_NOMEM;
	nlmsg_free(msg);
	while (error >= 0 && !call.done)
		error = nl_recvmsgs(nl->sock, cb);
	nl_cb_put(cb);
	if (call.error)
		return call.error;
	if (!call.done)
		return to_errno(error);
	return call.interrupted ? -EAGAIN : 0;
}

/* --- the socket ------------------------------------------------------------- */

/* The kernel's sentences, and no echo of the request that they are about. */
static void ask_for_sentences(struct nl_sock *sock)
{
	int fd = nl_socket_get_fd(sock), on = 1;

	/* Where one is refused the number alone is told: no reason to fail. */
	setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof(on));
	setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, &on, sizeof(on));
}

static int connect_family(struct imtc_nl *nl)
{
	int error = genl_connect(nl->sock);

	if (error < 0)
		return to_errno(error);
	nl_socket_enable_msg_peek(nl->sock);
	nl->family = genl_ctrl_resolve(nl->sock, IMTC_GENL_NAME);
	if (nl->family < 0)
		return to_errno(nl->family);
	ask_for_sentences(nl->sock);
	return 0;
}

int nl_session_open(struct imtc_nl **ret_nl)
{
	struct imtc_nl *nl = calloc(1, sizeof(*nl));
	int error, namespace;

	if (!nl)
		return -ENOMEM;
	nl->sock = nl_socket_alloc();
	namespace = hostnet_enter();
	error = nl->sock ? connect_family(nl) : -ENOMEM;
	hostnet_leave(namespace);
	if (error) {
		nl_session_close(nl);
		return error;
	}
	*ret_nl = nl;
	return 0;
}

void nl_session_close(struct imtc_nl *nl)
{
	if (!nl)
		return;
	nl_socket_free(nl->sock);
	free(nl);
}

const char *nl_sentence(const struct imtc_nl *nl)
{
	return nl->extack.sentence;
}

unsigned int nl_refused_rule(const struct imtc_nl *nl)
{
	return nl->refused_rule;
}
