// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads the programs and pins them: the order of things, and their undoing. Devices
 * are attached in loader_attach.c.
 */
#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include "bpffs.h"
#include "control.h"
#include "devices.h"
#include "loader_internal.h"
#include "mapread.h"
#include "sentence.h"

#define MODULE_BTF "/sys/kernel/btf/imtc"

int loader_take_lock(bool make)
{
	int lock = make ? bpffs_prepare() : bpffs_lock();

	if (lock == -EPERM || lock == -EACCES)
		return fail(lock, "the bpf file system needs root");
	if (lock < 0 && make)
		return fail(lock, "cannot use the bpf file system at /sys/fs/bpf");
	return lock;
}

/* --- the programs that are pinned --------------------------------------------- */

void loader_close_programs(int programs[PROGRAM_MAX])
{
	for (size_t i = 0; i < PROGRAM_MAX; i++)
		if (programs[i] >= 0)
			close(programs[i]);
}

int loader_open_programs(int programs[PROGRAM_MAX])
{
	int err = 0;

	for (size_t i = 0; i < PROGRAM_MAX; i++) {
		programs[i] = bpffs_open(BPFFS_PROGRAMS, object_program_pin(i));
		if (programs[i] < 0)
			err = programs[i];
	}
	if (err)
		loader_close_programs(programs);
	return err;
}

static int pin_programs(const int programs[PROGRAM_MAX])
{
	int err = 0;

	for (size_t i = 0; i < PROGRAM_MAX && !err; i++)
		err = bpffs_pin(programs[i], BPFFS_PROGRAMS, object_program_pin(i));
	return err ? fail(err, "cannot pin the programs") : 0;
}

bool loader_is_loaded(void)
{
	int programs[PROGRAM_MAX];

	if (loader_open_programs(programs))
		return false;
	loader_close_programs(programs);
	return true;
}

bool loader_with_module(void)
{
	struct loader_state state;

	return !state_get(&state) && state.with_module;
}

/* --- load ----------------------------------------------------------------------- */

static int remember(bool with_module)
{
	struct loader_state state = { 0 };
	int err = state_get(&state);

	if (err && err != -ENOENT)
		return err;
	state.build = object_build();
	state.with_module = with_module;
	snprintf(state.version, sizeof(state.version), "%s", IMTC_VERSION);
	return state_put(&state);
}

static bool is_current(bool with_module)
{
	struct loader_state state;

	return loader_is_loaded() && !state_get(&state) && state.build == object_build() &&
	       state.with_module == with_module;
}

static int seed_control(void)
{
	struct imtc_control *control;
	int err = control_map(&control);

	if (err)
		return err;
	err = control_seed(control);
	control_unmap(control);
	return err;
}

/* New programs take the place of the pinned ones, on the devices too. */
static int install(const struct object *object, bool with_module)
{
	int programs[PROGRAM_MAX], before[PROGRAM_MAX];
	bool had = !loader_open_programs(before);
	int devices = devices_open(true);
	int err;

	for (size_t i = 0; i < PROGRAM_MAX; i++)
		programs[i] = object_program_fd(object, i);
	err = devices < 0 ? fail(devices, "cannot note devices") : 0;
	if (!err && had)
		err = loader_replace_all(devices, programs, before);
	if (!err)
		err = pin_programs(programs);
	if (!err) {
		err = remember(with_module);
		if (err)
			fail(err, "cannot note what was loaded");
	}
	if (err && had && devices >= 0) {
		loader_replace_all(devices, before, programs);
		pin_programs(before);
	}
	if (had)
		loader_close_programs(before);
	if (devices >= 0)
		close(devices);
	return err;
}

void loader_unpin_all(void)
{
	bpffs_empty(BPFFS_LINKS);
	bpffs_empty(BPFFS_PROGRAMS);
	bpffs_empty(BPFFS_POLICY);
	bpffs_empty(BPFFS_MAPS);
	bpffs_remove();
}

static bool is_anything_pinned(void)
{
	struct imtc_control control;

	return map_control(&control) != -ENOENT || loader_is_loaded();
}

static int load_now(bool with_module)
{
	bool first = !is_anything_pinned();
	struct object *object;
	int err = object_load(with_module, &object);

	if (err) {
		/* Folders that hold something stay. */
		bpffs_remove();
		return err;
	}
	err = object_pin_maps(object);
	if (!err) {
		err = seed_control();
		if (err)
			fail(err, "cannot write the control block");
	}
	if (!err)
		err = install(object, with_module);
	if (err) {
		object_unpin_new(object);
		if (first)
			loader_unpin_all();
	}
	object_free(object);
	return err;
}

int loader_load(enum loader_engine engine, bool *ret_loaded)
{
	bool with_module = engine == ENGINE_DETECT && !access(MODULE_BTF, F_OK);
	int lock = loader_take_lock(true);
	bool load;
	int err = 0;

	if (lock < 0)
		return lock;
	load = !is_current(with_module);
	if (load)
		err = load_now(with_module);
	if (!err && ret_loaded)
		*ret_loaded = load;
	close(lock);
	return err;
}

int loader_set_on_failure(u8 verdict)
{
	struct imtc_control *control;
	int err = control_map(&control);

	if (err)
		return err == -ENOENT ? err : fail(err, "cannot write the control block");
	control_set_on_failure(control, verdict);
	control_unmap(control);
	return 0;
}
