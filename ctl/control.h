/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The control block that programs read for each packet, mapped for writing, and
 * imctl's own state beside it. Under the lock of bpffs.h only.
 */
#ifndef IMCTL_CONTROL_H
#define IMCTL_CONTROL_H

#include <imtc/control.h>
#include <stddef.h>
#include <string.h>

/*
 * Epochs of BPF-only policies carry this bit, the module's do not: a flow judged
 * by the one is always asked again by the other. People are not shown it.
 */
#define EPOCH_BPF 0x80000000U

static inline u32 epoch_shown(u32 epoch)
{
	return epoch & ~EPOCH_BPF;
}

/* Maps the pinned control block; -ENOENT where nothing is loaded. */
int control_map(struct imtc_control **ret_control);
void control_unmap(struct imtc_control *control);

/* One store each; programs see the old value or the new. */
static inline void control_set_on_failure(struct imtc_control *control, u8 verdict)
{
	__atomic_store_n(&control->on_failure, verdict, __ATOMIC_RELEASE);
}

/* The first word of the control block, which holds all that belongs to a policy. */
union control_word {
	struct {
		u32 epoch;
		u8 on_failure, has_zones;
		u16 patterns;
	};
	u64 whole;
};
IMTC_STATIC_ASSERT(offsetof(struct imtc_control, epoch) == 0);
IMTC_STATIC_ASSERT(offsetof(struct imtc_control, on_failure) == 4);
IMTC_STATIC_ASSERT(offsetof(struct imtc_control, domain_seed) == sizeof(union control_word));

/*
 * A policy's epoch and its on_failure in one store: a loader that is killed leaves
 * those of the old one or those of the new. What else is in the word is only
 * written under the lock, which the caller has.
 */
static inline void control_commit(struct imtc_control *control, u32 epoch, u8 on_failure)
{
	union control_word word;

	memcpy(&word, control, sizeof(word));
	word.epoch = epoch;
	word.on_failure = on_failure;
	/* Release: what the epoch stands for was written before. */
	__atomic_store_n((u64 __attribute__((may_alias)) *)control, word.whole, __ATOMIC_RELEASE);
}

static inline void control_set_has_zones(struct imtc_control *control, u8 has)
{
	__atomic_store_n(&control->has_zones, has, __ATOMIC_RELEASE);
}

static inline void control_set_patterns(struct imtc_control *control, u16 patterns)
{
	/* Release: the half that is named was written before. */
	__atomic_store_n(&control->patterns, patterns, __ATOMIC_RELEASE);
}

/* Gives the domain hash its random seeds where it has none. */
int control_seed(struct imtc_control *control);

/* What imctl must remember of a load; in the pinned map "state". */
struct loader_state {
	u64 build;		/* object_build() of the pinned programs */
	u32 with_module;
	u32 last_epoch;		/* the last that was in force here, with its bit */
	char version[32];
};

int state_get(struct loader_state *ret_state);	/* -ENOENT: none yet */
/* Makes and pins the map where it is absent. */
int state_put(const struct loader_state *state);

#endif /* IMCTL_CONTROL_H */
