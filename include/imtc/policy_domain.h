/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Domains in rules. A rule has the hash of its domain and of how many labels that is;
 * a flow has the hash of the last 1, 2, 3 ... labels of its name: one compare tells.
 * Hashes are those of imtc/signature.h under a seed that nobody outside knows; each
 * place that evaluates has its own.
 */
#ifndef IMTC_POLICY_DOMAIN_H
#define IMTC_POLICY_DOMAIN_H

#include <imtc/policy.h>
#include <imtc/signature.h>

/* Never 0, which is that of no name. */
static __always_inline u64 imtc_domain_fold(const struct imtc_domain_key *key)
{
	u64 hash = key->hash[0] ^ (key->hash[1] << 32 | key->hash[1] >> 32);

	return hash ? hash : 1;
}

/* What has been walked of the name, from its end, is a whole number of labels. */
static __always_inline void imtc_facts_label(struct imtc_facts *f,
					     const struct imtc_domain_key *key)
{
	u32 labels = f->domain_labels;

	if (labels < 0xff)
		f->domain_labels = (u8)++labels;
	if (labels < IMTC_LABELS_MAX)
		f->domain[labels & (IMTC_LABELS_MAX - 1)] = imtc_domain_fold(key);
}

/* Another byte of the name, from the last to the first; then imtc_facts_label() once. */
static __always_inline void imtc_facts_byte(struct imtc_facts *f, struct imtc_domain_key *key,
					    u8 byte)
{
	if (byte == '.')
		imtc_facts_label(f, key);
	imtc_domain_step(key, byte);
}

#ifndef __bpf__

/* The name of a flow; len 0: none is known. */
static inline void imtc_facts_domain(struct imtc_facts *f, const char *name, u32 len,
				     const u64 seed[2])
{
	struct imtc_domain_key key;

	for (u32 i = 0; i < IMTC_LABELS_MAX; i++)
		f->domain[i] = 0;
	f->domain_labels = 0;
	if (!len)
		return;
	imtc_domain_start(&key, seed);
	while (len--)
		imtc_facts_byte(f, &key, (u8)name[len]);
	imtc_facts_label(f, &key);
}

static inline int imtc_is_domain_byte(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

/* The labels of a domain as patterns have it, lower-case; 0 where it is none. */
static inline u32 imtc_domain_labels(const char *domain)
{
	u32 labels = 1, len = 0, at;

	for (at = 0; domain[at]; at++) {
		if (at >= IMTC_DOMAIN_LEN_MAX)
			return 0;
		if (domain[at] == '.') {
			if (!len)
				return 0;
			labels++;
			len = 0;
		} else if (!imtc_is_domain_byte(domain[at]) || ++len > IMTC_LABEL_LEN_MAX) {
			return 0;
		}
	}
	return len ? labels : 0;
}

/*
 * Puts a pattern into the rule: "example.org" is that and all below it,
 * "*.example.org" what is below alone, "=example.org" that alone. -1, and nothing,
 * where it is no pattern.
 */
static inline int imtc_rule_domain(struct imtc_rule *rule, const char *pattern,
				   const u64 seed[2])
{
	struct imtc_domain_key key;
	u8 kind = IMTC_DOMAIN_SUFFIX;
	u32 labels, len = 0;

	if (pattern[0] == '=') {
		kind = IMTC_DOMAIN_EXACT;
		pattern++;
	} else if (pattern[0] == '*' && pattern[1] == '.') {
		kind = IMTC_DOMAIN_BELOW;
		pattern += 2;
	}
	labels = imtc_domain_labels(pattern);
	if (!labels || labels >= IMTC_LABELS_MAX)
		return -1;
	while (pattern[len])
		len++;
	imtc_domain_start(&key, seed);
	while (len--)
		imtc_domain_step(&key, (u8)pattern[len]);
	rule->domain = imtc_domain_fold(&key);
	rule->domain_labels = (u8)labels;
	rule->domain_kind = kind;
	return 0;
}

#endif /* !__bpf__ */

#endif /* IMTC_POLICY_DOMAIN_H */
