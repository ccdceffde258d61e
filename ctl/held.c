// SPDX-License-Identifier: GPL-2.0-only
/*
 * The maps of held flows and of answers; held.h says what they are.
 */
#include <bpf/bpf.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "held.h"
#include "mapread.h"
#include "sentence.h"

struct reading {
	struct held_flow *flows;
	size_t count, room;
};

static int open_map(const char *name, u32 key_bytes, u32 value_bytes)
{
	int fd = map_open(name, key_bytes, value_bytes);

	return fd >= 0 ? fd : fail(fd, fd == -ENOENT ? "no programs are loaded" :
					  "cannot open the map \"%s\"", name);
}

static int open_held(void)
{
	return open_map("held", sizeof(struct imtc_held_key), sizeof(struct imtc_held));
}

static int open_answers(void)
{
	return open_map("answers", sizeof(struct imtc_answer_key), sizeof(u32));
}

static int keep(const void *key, const void *value, void *data)
{
	struct reading *reading = data;
	struct held_flow *flow;

	if (reading->count == reading->room) {
		size_t room = reading->room ? reading->room * 2 : 64;
		void *larger = reallocarray(reading->flows, room, sizeof(*reading->flows));

		if (!larger)
			return -ENOMEM;
		reading->flows = larger;
		reading->room = room;
	}
	flow = &reading->flows[reading->count++];
	memcpy(&flow->key, key, sizeof(flow->key));
	memcpy(&flow->held, value, sizeof(flow->held));
	return 0;
}

int held_read(struct held_flow **ret_flows, size_t *ret_count)
{
	struct reading reading = { 0 };
	int fd = open_held(), err;

	if (fd < 0)
		return fd;
	err = map_each(fd, keep, &reading);
	close(fd);
	if (err) {
		free(reading.flows);
		return fail(err, "cannot read the held flows");
	}
	*ret_flows = reading.flows;
	*ret_count = reading.count;
	return 0;
}

bool held_waits(const struct imtc_held *held, u64 now_ns)
{
	return !held->answer && now_ns < held->deadline_ns;
}

int held_answer(const struct held_flow *flow, u8 verdict)
{
	struct imtc_held held = flow->held;
	int fd = open_held(), err;

	if (fd < 0)
		return fd;
	held.answer = verdict;
	/* The entry may have had to go meanwhile: then this makes it again. */
	err = bpf_map_update_elem(fd, &flow->key, &held, BPF_ANY);
	close(fd);
	return err ? fail(err, "cannot answer for the flow") : 0;
}

int held_answer_process(const struct held_flow *flow, u8 verdict)
{
	struct imtc_answer_key key = {
		.owner = flow->held.query.answer_owner,
		.service = flow->held.query.label.service,
	};
	u32 answer = verdict;
	int fd, err;

	if (!key.owner)
		return fail(-ENOENT, "the flow's process is not known");
	fd = open_answers();
	if (fd < 0)
		return fd;
	err = bpf_map_update_elem(fd, &key, &answer, BPF_ANY);
	close(fd);
	return err ? fail(err, "cannot answer for the process") : held_answer(flow, verdict);
}

struct keys {
	struct imtc_answer_key *keys;
	size_t count;
	u32 room;
};

static int keep_key(const void *key, const void *value, void *data)
{
	struct keys *keys = data;

	(void)value;
	if (keys->count < keys->room)
		memcpy(&keys->keys[keys->count++], key, sizeof(keys->keys[0]));
	return 0;
}

int held_forget(size_t *ret_count)
{
	struct keys keys = { 0 };
	int fd = open_answers(), err;

	*ret_count = 0;
	if (fd < 0)
		return fd;
	err = map_max_entries(fd, &keys.room);
	keys.keys = err ? NULL : calloc(keys.room, sizeof(*keys.keys));
	if (!err && !keys.keys)
		err = -ENOMEM;
	if (!err)
		err = map_each(fd, keep_key, &keys);
	/* First all are read: a map is not walked while it loses entries. */
	for (size_t i = 0; !err && i < keys.count; i++)
		*ret_count += !bpf_map_delete_elem(fd, &keys.keys[i]);
	free(keys.keys);
	close(fd);
	return err ? fail(err, "cannot forget the answers") : 0;
}
