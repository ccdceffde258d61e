// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of the module: its multicast group, by libmnl. What arrives is of the
 * kernel, but of a module that may be another version: lengths are checked.
 */
#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/imtc.h>
#include <imtc/process.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "events.h"
#include "hostnet.h"
#include "json.h"
#include "sentence.h"

#define SOCKET_BYTES (4 << 20)	/* a burst of decisions while the reader is not scheduled */
#define MESSAGE_BYTES 65536

struct stream {
	struct mnl_socket *socket;
	u16 family;
	u32 group;
	u64 lost;	/* times that the socket was full */
	event_visit visit;
	void *data;
	int answer;	/* of visit */
};

/* --- family and group ------------------------------------------------------------- */

struct group_search {
	u16 family;
	u32 group;
};

static int collect(const struct nlattr *attr, void *table, u16 max)
{
	const struct nlattr **attrs = table;

	if (mnl_attr_get_type(attr) <= max)
		attrs[mnl_attr_get_type(attr)] = attr;
	return MNL_CB_OK;
}

static int collect_group(const struct nlattr *attr, void *table)
{
	return collect(attr, table, CTRL_ATTR_MCAST_GRP_MAX);
}

static int collect_family(const struct nlattr *attr, void *table)
{
	return collect(attr, table, CTRL_ATTR_MAX);
}

static bool is_string(const struct nlattr *attr, const char *text)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 &&
	       !strcmp(mnl_attr_get_str(attr), text);
}

static void take_group(const struct nlattr *nest, struct group_search *search)
{
	const struct nlattr *attrs[CTRL_ATTR_MCAST_GRP_MAX + 1] = { NULL };
	const struct nlattr *id;

	mnl_attr_parse_nested(nest, collect_group, attrs);
	id = attrs[CTRL_ATTR_MCAST_GRP_ID];
	if (id && mnl_attr_validate(id, MNL_TYPE_U32) >= 0 &&
	    is_string(attrs[CTRL_ATTR_MCAST_GRP_NAME], IMTC_GENL_MCGRP_EVENTS))
		search->group = mnl_attr_get_u32(id);
}

static int take_family(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attrs[CTRL_ATTR_MAX + 1] = { NULL }, *attr;
	struct group_search *search = data;

	mnl_attr_parse(message, sizeof(struct genlmsghdr), collect_family, attrs);
	attr = attrs[CTRL_ATTR_FAMILY_ID];
	if (attr && mnl_attr_validate(attr, MNL_TYPE_U16) >= 0)
		search->family = mnl_attr_get_u16(attr);
	if (attrs[CTRL_ATTR_MCAST_GROUPS])
		mnl_attr_for_each_nested(attr, attrs[CTRL_ATTR_MCAST_GROUPS])
			take_group(attr, search);
	return MNL_CB_OK;
}

static int find_group(struct stream *s)
{
	char room[MESSAGE_BYTES] __attribute__((aligned(8)));
	struct nlmsghdr *request = mnl_nlmsg_put_header(room);
	struct group_search search = { 0 };
	struct genlmsghdr *genl;
	u32 sequence = (u32)time(NULL);
	ssize_t n;
	int more = MNL_CB_OK;

	request->nlmsg_type = GENL_ID_CTRL;
	request->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
	request->nlmsg_seq = sequence;
	genl = mnl_nlmsg_put_extra_header(request, sizeof(*genl));
	genl->cmd = CTRL_CMD_GETFAMILY;
	genl->version = 1;
	mnl_attr_put_strz(request, CTRL_ATTR_FAMILY_NAME, IMTC_GENL_NAME);
	if (mnl_socket_sendto(s->socket, request, request->nlmsg_len) < 0)
		return -errno;
	while (more == MNL_CB_OK) {
		n = mnl_socket_recvfrom(s->socket, room, sizeof(room));
		if (n < 0)
			return -errno;
		more = mnl_cb_run(room, (size_t)n, sequence,
				  mnl_socket_get_portid(s->socket), take_family, &search);
	}
	if (more == MNL_CB_ERROR)
		return -errno;
	if (!search.family || !search.group)
		return -ENOENT;
	s->family = search.family;
	s->group = search.group;
	return 0;
}

/* --- attributes -------------------------------------------------------------------- */

static int collect_top(const struct nlattr *attr, void *table)
{
	return collect(attr, table, IMTC_A_MAX);
}

static int collect_event(const struct nlattr *attr, void *table)
{
	return collect(attr, table, IMTC_EVENT_A_MAX);
}

static int collect_process(const struct nlattr *attr, void *table)
{
	return collect(attr, table, IMTC_PROCESS_A_MAX);
}

/* Any unsigned width; 0 where absent or of no such width. */
static u64 number(const struct nlattr *attr)
{
	u64 wide;

	if (!attr)
		return 0;
	switch (mnl_attr_get_payload_len(attr)) {
	case 1:
		return mnl_attr_get_u8(attr);
	case 2:
		return mnl_attr_get_u16(attr);
	case 4:
		return mnl_attr_get_u32(attr);
	case 8:
		memcpy(&wide, mnl_attr_get_payload(attr), sizeof(wide));
		return wide;
	}
	return 0;
}

/* NULL where absent or without an end. */
static const char *text(const struct nlattr *attr)
{
	return attr && mnl_attr_validate(attr, MNL_TYPE_NUL_STRING) >= 0 ?
	       mnl_attr_get_str(attr) : NULL;
}

static void take_address(u8 to[16], const struct nlattr *attr)
{
	if (attr && mnl_attr_get_payload_len(attr) == 16)
		memcpy(to, mnl_attr_get_payload(attr), 16);
}

static void add_process(struct json_object *event, const struct nlattr *nest)
{
	static const struct {
		int attr;
		const char *key;
	} numbers[] = {
		{ IMTC_PROCESS_A_HANDLE, "handle" }, { IMTC_PROCESS_A_PID, "pid" },
		{ IMTC_PROCESS_A_START_NS, "start_ns" }, { IMTC_PROCESS_A_UID, "uid" },
		{ IMTC_PROCESS_A_GID, "gid" },
	}, texts[] = {
		{ IMTC_PROCESS_A_COMM, "comm" }, { IMTC_PROCESS_A_EXE, "exe" },
		{ IMTC_PROCESS_A_CGROUP, "cgroup" },
	};
	const struct nlattr *attrs[IMTC_PROCESS_A_MAX + 1] = { NULL };
	struct json_object *o = json_object_new_object();

	mnl_attr_parse_nested(nest, collect_process, attrs);
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
		if (attrs[numbers[i].attr])
			json_add_number(o, numbers[i].key, number(attrs[numbers[i].attr]));
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
		if (text(attrs[texts[i].attr]))
			json_add_text(o, texts[i].key, text(attrs[texts[i].attr]));
	json_object_object_add(event, "process", o);
}

static struct json_object *describe(const struct nlattr *nest)
{
	const struct nlattr *a[IMTC_EVENT_A_MAX + 1] = { NULL };
	struct event_facts f = { 0 };
	struct json_object *o;

	mnl_attr_parse_nested(nest, collect_event, a);
	f.time_ns = number(a[IMTC_EVENT_A_TIME_NS]);
	take_address(f.client, a[IMTC_EVENT_A_CLIENT]);
	take_address(f.server, a[IMTC_EVENT_A_SERVER]);
	f.client_port = (u16)number(a[IMTC_EVENT_A_CLIENT_PORT]);
	f.server_port = (u16)number(a[IMTC_EVENT_A_SERVER_PORT]);
	f.l4 = (u8)number(a[IMTC_EVENT_A_L4]);
	f.hook = (u8)number(a[IMTC_EVENT_A_HOOK]);
	f.flow_flags = (u8)number(a[IMTC_EVENT_A_FLOW_FLAGS]);
	f.service = (u16)number(a[IMTC_EVENT_A_SERVICE]);
	f.feature = (u8)number(a[IMTC_EVENT_A_FEATURE]);
	f.confidence = (u8)number(a[IMTC_EVENT_A_CONFIDENCE]);
	f.encryption = (u8)number(a[IMTC_EVENT_A_ENCRYPTION]);
	f.verdict = (u8)number(a[IMTC_EVENT_A_VERDICT]);
	f.reason = (u8)number(a[IMTC_EVENT_A_REASON]);
	f.ifindex = (u32)number(a[IMTC_EVENT_A_IFINDEX]);
	f.epoch = (u32)number(a[IMTC_EVENT_A_EPOCH]);
	f.rule = (u32)number(a[IMTC_EVENT_A_RULE]);
	f.rule_name = text(a[IMTC_EVENT_A_RULE_NAME]);
	f.domain = text(a[IMTC_EVENT_A_DOMAIN]);
	f.log = (u8)number(a[IMTC_EVENT_A_LOG]);
	f.observed = (u8)number(a[IMTC_EVENT_A_OBSERVED]);
	o = event_json(&f);
	if (a[IMTC_EVENT_A_PROCESS])
		add_process(o, a[IMTC_EVENT_A_PROCESS]);
	return o;
}

/* --- reading ----------------------------------------------------------------------- */

static int take_message(const struct nlmsghdr *message, void *data)
{
	const struct nlattr *attrs[IMTC_A_MAX + 1] = { NULL };
	struct stream *s = data;
	const struct genlmsghdr *genl;
	struct json_object *o;

	if (message->nlmsg_type != s->family ||
	    mnl_nlmsg_get_payload_len(message) < sizeof(*genl))
		return MNL_CB_OK;
	genl = mnl_nlmsg_get_payload(message);
	if (genl->cmd != IMTC_CMD_EVENT)
		return MNL_CB_OK;
	mnl_attr_parse(message, sizeof(*genl), collect_top, attrs);
	if (!attrs[IMTC_A_EVENT])
		return MNL_CB_OK;
	o = describe(attrs[IMTC_A_EVENT]);
	s->answer = s->visit(o, s->data);
	json_object_put(o);
	return s->answer ? MNL_CB_STOP : MNL_CB_OK;
}

static int stream_read(void *source, event_visit visit, void *data)
{
	char room[MESSAGE_BYTES] __attribute__((aligned(8)));
	struct stream *s = source;

	s->visit = visit;
	s->data = data;
	s->answer = 0;
	while (!s->answer) {
		ssize_t n = recv(mnl_socket_get_fd(s->socket), room, sizeof(room), MSG_DONTWAIT);

		if (n < 0 && errno == ENOBUFS) {
			s->lost++;
			continue;
		}
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return 0;
		if (n < 0)
			return fail(-errno, "cannot read events of the module");
		/* Sequence and port 0: multicast answers nobody. */
		if (mnl_cb_run(room, (size_t)n, 0, 0, take_message, s) == MNL_CB_ERROR)
			return fail(-errno, "an event of the module cannot be read");
	}
	return s->answer;
}

static int stream_fd(void *source)
{
	return mnl_socket_get_fd(((struct stream *)source)->socket);
}

static int stream_lost(void *source, u64 *ret_lost)
{
	struct stream *s = source;

	*ret_lost = s->lost;
	s->lost = 0;
	return 0;
}

static void stream_close(void *source)
{
	struct stream *s = source;

	if (s->socket)
		mnl_socket_close(s->socket);
	free(s);
}

static int join(struct stream *s)
{
	int bytes = SOCKET_BYTES;
	int fd = mnl_socket_get_fd(s->socket);

	/* Forced past the host's limit, which root may; refused, the limit stays. */
	if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, &bytes, sizeof(bytes)))
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &bytes, sizeof(bytes));
	return mnl_socket_setsockopt(s->socket, NETLINK_ADD_MEMBERSHIP, &s->group,
				     sizeof(s->group)) ? -errno : 0;
}

int event_module_open(void **ret_source)
{
	struct stream *s = calloc(1, sizeof(*s));
	int err = 0, namespace;

	if (!s)
		return fail(-ENOMEM, "cannot read events");
	namespace = hostnet_enter();
	s->socket = mnl_socket_open(NETLINK_GENERIC);
	if (!s->socket || mnl_socket_bind(s->socket, 0, MNL_SOCKET_AUTOPID))
		err = -errno;
	hostnet_leave(namespace);
	if (!err)
		err = find_group(s);
	if (!err)
		err = join(s);
	if (err) {
		stream_close(s);
		return fail(err, "cannot listen to the module");
	}
	*ret_source = s;
	return 0;
}

const struct event_source event_source_module = {
	.fd = stream_fd,
	.read = stream_read,
	.lost = stream_lost,
	.close = stream_close,
};
