// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events of hosts without the module: the ring "events". It has one reader's
 * place only, so a second reader is refused.
 */
#include <arpa/inet.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <fcntl.h>
#include <imtc/event.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "bpffs.h"
#include "bpfpolicy.h"
#include "control.h"
#include "events.h"
#include "mapread.h"
#include "sentence.h"
#include "timestamp.h"

struct ring {
	struct ring_buffer *buffer;
	int map, lock;
	u64 began_ns;		/* CLOCK_MONOTONIC: what is older was there before */
	u64 realtime_ns;	/* CLOCK_REALTIME - CLOCK_MONOTONIC */
	u64 lost;		/* the counter, when it was last looked at */
	char *names;		/* of the rules of this epoch */
	u32 name_count, epoch;
	event_visit visit;
	void *data;
};

/* Names change with the policy: read again where the event is of another epoch. */
static const char *rule_name(struct ring *ring, u32 epoch, u32 rule)
{
	if (!rule)
		return NULL;
	if (ring->epoch != epoch) {
		free(ring->names);
		ring->names = NULL;
		ring->name_count = 0;
		ring->epoch = epoch;
		if (bpf_policy_names(epoch, &ring->names, &ring->name_count))
			ring->names = NULL;
	}
	return rule <= ring->name_count ? ring->names + (rule - 1) * IMTC_NAME_BYTES : NULL;
}

static struct json_object *describe(struct ring *ring, struct imtc_event *event)
{
	struct imtc_query *q = &event->query;
	struct event_facts f = {
		.time_ns = event->time_ns + ring->realtime_ns,
		.client_port = ntohs(q->client_port),
		.server_port = ntohs(q->server_port),
		.l4 = q->l4,
		.hook = q->hook,
		.flow_flags = q->flow_flags,
		.service = q->label.service,
		.feature = q->label.feature,
		.confidence = q->label.confidence,
		.encryption = q->label.encryption,
		.verdict = q->verdict,
		.reason = q->reason,
		.ifindex = q->ifindex,
		.epoch = epoch_shown(q->epoch),
		.rule = q->rule,
		.log = (q->answer_flags & IMTC_ANSWER_LOG) >> 1,
		.observed = imtc_counted_as(q->verdict, q->argument) == IMTC_VERDICT_OBSERVE ?
				    (u8)q->argument : 0,
		.domain = q->domain,
		.rule_name = rule_name(ring, q->epoch, q->rule),
	};

	q->domain[sizeof(q->domain) - 1] = '\0';
	memcpy(f.client, q->client, sizeof(f.client));
	memcpy(f.server, q->server, sizeof(f.server));
	return event_json(&f);
}

static int take_record(void *context, void *bytes, size_t n)
{
	struct ring *ring = context;
	struct json_object *o;
	struct imtc_event event;
	int answer;

	/* Of another version: what follows the first fields is not known. */
	if (n < sizeof(event))
		return 0;
	memcpy(&event, bytes, sizeof(event));
	if (event.size != sizeof(event) || event.time_ns < ring->began_ns)
		return 0;
	o = describe(ring, &event);
	answer = ring->visit(o, ring->data);
	json_object_put(o);
	/* libbpf takes a negative answer for the end. */
	return answer > 0 ? -ECANCELED : answer;
}

static int ring_read(void *source, event_visit visit, void *data)
{
	struct ring *ring = source;
	int n;

	ring->visit = visit;
	ring->data = data;
	n = ring_buffer__consume(ring->buffer);
	if (n == -ECANCELED)
		return 1;
	return n < 0 ? fail(n, "cannot read the ring of events") : 0;
}

static int ring_fd(void *source)
{
	return ring_buffer__epoll_fd(((struct ring *)source)->buffer);
}

static int count_lost(u64 *ret_lost)
{
	u64 outcomes[IMTC_OUTCOME_MAX];
	int fd = map_open("outcomes", sizeof(u32), sizeof(u64));
	int err = fd < 0 ? fd : map_sums(fd, IMTC_OUTCOME_MAX, 1, outcomes);

	if (fd >= 0)
		close(fd);
	if (err)
		return fail(err, "cannot read how many events were lost");
	*ret_lost = outcomes[IMTC_OUTCOME_EVENT_LOST];
	return 0;
}

static int ring_lost(void *source, u64 *ret_lost)
{
	struct ring *ring = source;
	u64 lost;
	int err = count_lost(&lost);

	if (err)
		return err;
	*ret_lost = lost - ring->lost;
	ring->lost = lost;
	return 0;
}

static void ring_close(void *source)
{
	struct ring *ring = source;

	ring_buffer__free(ring->buffer);
	if (ring->map >= 0)
		close(ring->map);
	if (ring->lock >= 0)
		close(ring->lock);
	free(ring->names);
	free(ring);
}

/* One reader; the lock ends with the process. */
static int lock_reader(struct ring *ring)
{
	char path[BPFFS_PATH_BYTES];

	bpffs_path(path, BPFFS_MAPS, ".");
	ring->lock = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (ring->lock < 0)
		return errno == ENOENT ? fail(-ENOENT, "no programs are loaded") :
		       fail(-errno, "cannot open the folder of maps");
	if (!flock(ring->lock, LOCK_EX | LOCK_NB))
		return 0;
	return errno == EWOULDBLOCK ? fail(-EBUSY, "another process reads the ring of events") :
	       fail(-errno, "cannot lock the ring of events");
}

static int skip_record(struct json_object *event, void *data)
{
	(void)event;
	(void)data;
	return 0;
}

int event_ring_open(void **ret_source)
{
	struct ring *ring = calloc(1, sizeof(*ring));
	int err;

	if (!ring)
		return fail(-ENOMEM, "cannot read events");
	ring->map = ring->lock = -1;
	err = lock_reader(ring);
	if (!err) {
		ring->map = map_open_any("events");
		if (ring->map < 0)
			err = fail(ring->map, "cannot open the ring of events");
	}
	if (!err) {
		libbpf_listen();
		ring->buffer = ring_buffer__new(ring->map, take_record, ring, NULL);
		if (!ring->buffer)
			err = fail(-errno, "cannot read the ring of events");
	}
	if (!err) {
		ring->began_ns = time_now_ns(CLOCK_MONOTONIC);
		ring->realtime_ns = time_now_ns(CLOCK_REALTIME) - ring->began_ns;
		/* Makes room: without a reader the ring is full of what is long past. */
		err = ring_read(ring, skip_record, NULL);
	}
	if (!err)
		err = count_lost(&ring->lost);
	if (err)
		ring_close(ring);
	else
		*ret_source = ring;
	return err;
}

const struct event_source event_source_ring = {
	.fd = ring_fd,
	.read = ring_read,
	.lost = ring_lost,
	.close = ring_close,
};
