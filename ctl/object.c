// SPDX-License-Identifier: GPL-2.0-only
/*
 * The BPF object inside imctl: open, take over the pinned maps, load, pin maps.
 */
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <errno.h>
#include <imtc/control.h>	/* the skeleton names its struct */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpffs.h"
#include "imtc.skel.h"
#include "object.h"
#include "sentence.h"

/* Maps that outlive the programs (imtc/control.h); all others are a load's own. */
static const char *const lasting[] = {
	"flows4", "flows6", "streams4", "streams6", "clients4", "clients6", "names",
	"counters", "outcomes",
	"control", "zones", "domains", "prefixes", "patterns",
	"hints", "fragments", "policies", "indexes", "rule_hits", "events",
	"held", "answers",
};
#define N_LASTING (sizeof(lasting) / sizeof(lasting[0]))

static const struct {
	const char *name, *pin;
} programs[PROGRAM_MAX] = {
	[PROGRAM_XDP] = { "imtc_xdp", "xdp" },
	[PROGRAM_INGRESS] = { "imtc_tc_ingress", "tc_ingress" },
	[PROGRAM_EGRESS] = { "imtc_tc_egress", "tc_egress" },
	[PROGRAM_ACT] = { "imtc_tc_act", "tc_act" },
	[PROGRAM_STAGES_XDP] = { "stages_xdp", "stages_xdp" },
	[PROGRAM_STAGES_TC] = { "stages_tc", "stages_tc" },
};

struct object {
	struct imtc_imtc *skeleton;
	bool pinned_now[N_LASTING];
};

u64 object_build(void)
{
	size_t n;
	const unsigned char *bytes = imtc_imtc__elf_bytes(&n);
	u64 hash = 0xcbf29ce484222325ULL;

	for (size_t i = 0; i < n; i++)
		hash = (hash ^ bytes[i]) * 0x100000001b3ULL;
	return hash;
}

const char *object_program_pin(enum object_program program)
{
	return programs[program].pin;
}

static struct bpf_map *lasting_map(const struct object *object, size_t i)
{
	/* A variable of the programs' (bpf/maps.h). */
	if (!strcmp(lasting[i], "control"))
		return object->skeleton->maps.data_control;
	return bpf_object__find_map_by_name(object->skeleton->obj, lasting[i]);
}

static bool has_shape(int fd, const struct bpf_map *map)
{
	struct bpf_map_info info;
	u32 bytes = sizeof(info);

	memset(&info, 0, sizeof(info));
	if (bpf_obj_get_info_by_fd(fd, &info, &bytes))
		return false;
	/* The size of a ring is rounded to pages by libbpf at load: not compared. */
	return info.type == bpf_map__type(map) && info.key_size == bpf_map__key_size(map) &&
	       info.value_size == bpf_map__value_size(map) &&
	       info.map_flags == bpf_map__map_flags(map) &&
	       (info.type == BPF_MAP_TYPE_RINGBUF ||
		info.max_entries == bpf_map__max_entries(map));
}

static int take_pinned(const struct object *object, size_t i)
{
	struct bpf_map *map = lasting_map(object, i);
	int fd, err = 0;

	if (!map)
		return fail(-ENOENT, "the BPF object has no map \"%s\"", lasting[i]);
	fd = bpffs_open(BPFFS_MAPS, lasting[i]);
	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return fail(fd, "cannot open the pinned map \"%s\"", lasting[i]);
	if (!has_shape(fd, map))
		fail(err = -EPROTO, "the pinned map \"%s\" was made by another version of imtc "
		     "(\"imctl detach --all\" removes it)", lasting[i]);
	else if (bpf_map__reuse_fd(map, fd))
		fail(err = -errno, "cannot reuse the pinned map \"%s\"", lasting[i]);
	close(fd);
	return err;
}

int object_load(bool with_module, struct object **ret_object)
{
	struct object *object = calloc(1, sizeof(*object));
	int err = 0;

	if (!object)
		return fail(-ENOMEM, "cannot load the BPF programs");
	libbpf_listen();
	object->skeleton = imtc_imtc__open();
	if (!object->skeleton) {
		err = fail(-errno, "cannot open the BPF object (%s)", libbpf_said());
		goto out;
	}
	object->skeleton->rodata->imtc_with_module = with_module;
	for (size_t i = 0; i < N_LASTING && !err; i++)
		err = take_pinned(object, i);
	if (!err && imtc_imtc__load(object->skeleton))
		err = fail(-errno, "cannot load the BPF programs (%s)", libbpf_said());
	for (size_t i = 0; i < PROGRAM_MAX && !err; i++)
		if (object_program_fd(object, i) < 0)
			err = fail(-ENOENT, "the BPF object has no program \"%s\"",
				   programs[i].name);
out:
	if (err)
		object_free(object);
	else
		*ret_object = object;
	return err;
}

int object_pin_maps(struct object *object)
{
	for (size_t i = 0; i < N_LASTING; i++) {
		int fd = bpffs_open(BPFFS_MAPS, lasting[i]);
		int err;

		if (fd >= 0) {
			close(fd);
			continue;
		}
		err = bpffs_pin(bpf_map__fd(lasting_map(object, i)), BPFFS_MAPS, lasting[i]);
		if (err)
			return fail(err, "cannot pin the map \"%s\"", lasting[i]);
		object->pinned_now[i] = true;
	}
	return 0;
}

void object_unpin_new(struct object *object)
{
	for (size_t i = 0; i < N_LASTING; i++) {
		if (object->pinned_now[i])
			bpffs_unpin(BPFFS_MAPS, lasting[i]);
		object->pinned_now[i] = false;
	}
}

int object_program_fd(const struct object *object, enum object_program program)
{
	const struct bpf_object *o = object->skeleton->obj;
	const struct bpf_program *p = bpf_object__find_program_by_name(o, programs[program].name);
	const struct bpf_map *map;

	if (p)
		return bpf_program__fd(p);
	map = bpf_object__find_map_by_name(o, programs[program].name);
	return map ? bpf_map__fd(map) : -ENOENT;
}

void object_free(struct object *object)
{
	if (!object)
		return;
	imtc_imtc__destroy(object->skeleton);
	free(object);
}
