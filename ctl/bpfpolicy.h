/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What is kept of a BPF-only policy besides its rules: a map pinned under the
 * policy's epoch before the commit. It can only ever speak of that epoch: a
 * load that failed leaves nothing that is read as the running policy's.
 */
#ifndef IMCTL_BPFPOLICY_H
#define IMCTL_BPFPOLICY_H

#include <imtc/policy.h>
#include <stdio.h>

/*
 * Entry 0 is the head, entry i the name of rule i of the policy file; then those of
 * sets; then the kinds of the sets, a byte each; then, POLICY_NOTES_DOMAIN each, the
 * domains of the compiled rules that ask for one, in their order.
 */
struct policy_note {
	union {
		struct {
			u8 digest[32];
			u64 loaded_ns;	/* CLOCK_REALTIME */
			u32 loader_uid;
			u32 rules;	/* of the policy file */
			u32 sets;
			u32 set_entries;
			u32 domains;	/* that rules ask for */
			u32 words_bytes;	/* of sets */
		} head;
		char name[IMTC_NAME_BYTES];
	};
};
IMTC_STATIC_ASSERT(sizeof(struct policy_note) == IMTC_NAME_BYTES);

#define POLICY_NOTES_DOMAIN ((IMTC_DOMAIN_PATTERN_BYTES + IMTC_NAME_BYTES - 1) / IMTC_NAME_BYTES)

#define POLICY_PIN_BYTES 16

static inline void policy_pin(char pin[POLICY_PIN_BYTES], u32 epoch)
{
	snprintf(pin, POLICY_PIN_BYTES, "%x", epoch);
}

static inline void sets_pin(char pin[POLICY_PIN_BYTES], u32 epoch)
{
	snprintf(pin, POLICY_PIN_BYTES, "%x-sets", epoch);
}

/* What imtc/policy_words.h says, in pieces of so many bytes; the last is filled with NULs. */
#define POLICY_WORDS_PIECE 4096

static inline void words_pin(char pin[POLICY_PIN_BYTES], u32 epoch)
{
	snprintf(pin, POLICY_PIN_BYTES, "%x-words", epoch);
}

struct policy;
struct policy_sets;

/* What a policy that is put in force again keeps of the time before. */
struct policy_before {
	u32 epoch;
	u64 loaded_ns;
	u32 loader_uid;
	u64 *hits;	/* entry i: decisions of rule i; for free() */
};

/* The running policy, for policy_free(). Negative errno, said to loader_sentence(). */
int bpf_policy_read(struct policy **ret_policy, struct policy_before *ret_before);
/* As bpf_policy_load(). -EAGAIN: another policy was loaded meanwhile. */
int bpf_policy_renew(const struct policy *policy, const struct policy_before *before,
		     u32 *ret_epoch);
/*
 * bpfkept.c: keeps what sets hold, and reads so many prefixes and bytes of words into
 * sets that have their names and kinds; for policy_sets_free(), also on failure.
 */
int bpf_sets_keep(const struct policy_sets *sets, u32 epoch);
int bpf_sets_kept(u32 epoch, u32 entries, u32 words_bytes, struct policy_sets *sets);

/* bpfarray.c: the fd of an array of count entries of bytes each, its own copy of values. */
int bpf_array_make(const char *name, u32 flags, const void *values, u32 bytes, u32 count);
/* All entries from `first` on of an array, for free(). */
int bpf_array_read(int fd, u32 bytes, u32 first, u32 count, void **ret_values);

/* bpfsets.c: as nl_sets_get() and nl_sets_replace(), of the programs' own policy. */
int bpf_sets_get(struct policy_sets *ret_sets);
int bpf_sets_replace(const struct policy_sets *sets, u32 *ret_epoch);

/*
 * Names of the rules of that epoch's policy, for free(): name i *
 * IMTC_NAME_BYTES is that of rule i + 1; always NUL-terminated. -ENOENT: the
 * policy is gone.
 */
int bpf_policy_names(u32 epoch, char **ret_names, u32 *ret_count);

#endif /* IMCTL_BPFPOLICY_H */
