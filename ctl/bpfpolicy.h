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

/* Entry 0 is the head, entry i the name of rule i of the policy file. */
struct policy_note {
	union {
		struct {
			u8 digest[32];
			u64 loaded_ns;	/* CLOCK_REALTIME */
			u32 loader_uid;
			u32 rules;	/* of the policy file */
			u8 reserved[16];
		} head;
		char name[IMTC_NAME_BYTES];
	};
};
IMTC_STATIC_ASSERT(sizeof(struct policy_note) == IMTC_NAME_BYTES);

#define POLICY_PIN_BYTES 16

static inline void policy_pin(char pin[POLICY_PIN_BYTES], u32 epoch)
{
	snprintf(pin, POLICY_PIN_BYTES, "%x", epoch);
}

/*
 * Names of the rules of that epoch's policy, for free(): name i *
 * IMTC_NAME_BYTES is that of rule i + 1; always NUL-terminated. -ENOENT: the
 * policy is gone.
 */
int bpf_policy_names(u32 epoch, char **ret_names, u32 *ret_count);

#endif /* IMCTL_BPFPOLICY_H */
