/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The BPF object inside imctl: loaded into the kernel on top of the maps that
 * are pinned already. Nothing is attached here, and nothing pinned but maps.
 */
#ifndef IMCTL_OBJECT_H
#define IMCTL_OBJECT_H

#include <stdbool.h>
#include <imtc/types.h>

/*
 * What is pinned as a program, in the order of object_program_pin(): those that
 * are attached, and the arrays of those that they jump to (bpf/stages.h).
 */
enum object_program {
	PROGRAM_XDP, PROGRAM_INGRESS, PROGRAM_EGRESS, PROGRAM_ACT,
	PROGRAM_STAGES_XDP, PROGRAM_STAGES_TC, PROGRAM_MAX,
};

struct object;

/* A number that tells one build of the BPF code from another. */
u64 object_build(void);
/* The name it is pinned under: "xdp", "tc_ingress", ... (imtc/control.h). */
const char *object_program_pin(enum object_program program);

/*
 * Loads with or without calls into imtc.ko. Pinned maps are taken as they are;
 * -EPROTO where one has another shape. The sentence says what failed.
 */
int object_load(bool with_module, struct object **ret_object);
/* Pins the maps that were not; object_unpin_new() takes back what this did. */
int object_pin_maps(struct object *object);
void object_unpin_new(struct object *object);
int object_program_fd(const struct object *object, enum object_program program);
void object_free(struct object *object);

#endif /* IMCTL_OBJECT_H */
