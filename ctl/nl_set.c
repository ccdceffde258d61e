// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets to the module, and back: many messages, of which each holds a
 * part of one set.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "nl_internal.h"
#include "policy.h"
#include "policy_sets.h"

#define RECORD_BYTES 17		/* address and length */
#define RECORDS_MAX 3000	/* a message: an attribute has less than 64 KiB */
#define PART_BYTES (RECORDS_MAX * RECORD_BYTES)

static void put_record(unsigned char *record, const struct imtc_prefix *prefix)
{
	memcpy(record, prefix->addr, 16);
	record[16] = (unsigned char)(__builtin_popcountll(prefix->mask[0]) +
				     __builtin_popcountll(prefix->mask[1]));
}

/* What is sent of a set at a time: records of addresses, or words. */
struct part {
	const char *name;
	u8 kind;
	u32 transaction;
	size_t bytes;
	unsigned char data[PART_BYTES];
};

static int send_part(struct imtc_nl *nl, struct part *part)
{
	struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_SET, 0);
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, IMTC_A_TRANSACTION, part->transaction))
		goto full;
	nest = nla_nest_start(msg, IMTC_A_SET);
	if (!nest || nla_put_string(msg, IMTC_SET_A_NAME, part->name) ||
	    (part->kind && nla_put_u8(msg, IMTC_SET_A_KIND, part->kind)) ||
	    nla_put(msg, part->kind ? IMTC_SET_A_WORDS : IMTC_SET_A_PREFIXES, (int)part->bytes,
		    part->data))
		goto full;
	nla_nest_end(msg, nest);
	part->bytes = 0;
	return nl_call(nl, msg, NULL, NULL);
full:
	nlmsg_free(msg);
	return -EMSGSIZE;
}

/* What is there already goes first, where this does not fit. */
static int add_to_part(struct imtc_nl *nl, struct part *part, const void *data, size_t bytes)
{
	int error = part->bytes + bytes > PART_BYTES ? send_part(nl, part) : 0;

	if (error)
		return error;
	memcpy(part->data + part->bytes, data, bytes);
	part->bytes += bytes;
	return 0;
}

static int add_prefixes(struct imtc_nl *nl, const struct policy_sets *sets, u32 set,
			struct part *part)
{
	unsigned char record[RECORD_BYTES];
	int error = 0;

	for (size_t i = 0; i < sets->entry_count && !error; i++) {
		if (sets->entries[i].set != set)
			continue;
		put_record(record, &sets->entries[i].prefix);
		error = add_to_part(nl, part, record, sizeof(record));
	}
	return error;
}

static int add_words(struct imtc_nl *nl, const struct policy_sets *sets, u32 set,
		     struct part *part)
{
	const char *word;
	size_t at = 0;
	int error = 0;

	while (!error && (word = policy_sets_word(sets, set, &at)))
		error = add_to_part(nl, part, word, strlen(word) + 1);
	return error;
}

/* One that holds nothing is sent as well: it is there. */
static int send_set(struct imtc_nl *nl, const struct policy_sets *sets, u32 set,
		    struct part *part)
{
	int error;

	part->name = sets->names[set - 1];
	part->kind = sets->kinds[set - 1];
	part->bytes = 0;
	error = send_part(nl, part);
	if (!error)
		error = part->kind ? add_words(nl, sets, set, part) :
				     add_prefixes(nl, sets, set, part);
	return !error && part->bytes ? send_part(nl, part) : error;
}

int nl_send_sets(struct imtc_nl *nl, const struct policy_sets *sets, u32 transaction)
{
	struct part *part = calloc(1, sizeof(*part));
	int error = part ? 0 : -ENOMEM;

	if (part)
		part->transaction = transaction;
	for (u32 set = 1; set <= sets->count && !error; set++)
		error = send_set(nl, sets, set, part);
	free(part);
	return error;
}

/* --- and back -------------------------------------------------------------------- */

/* Words end within the attribute, or are left out. */
static int take_words(struct policy_sets *sets, u32 set, const struct nlattr *attr)
{
	const char *word = nla_data(attr), *end = word + nla_len(attr);
	int error = 0;

	while (word < end && !error) {
		size_t bytes = strnlen(word, (size_t)(end - word)) + 1;

		if (bytes > (size_t)(end - word))
			return -EBADMSG;
		error = policy_sets_add_word(sets, set, word);
		word += bytes;
	}
	return error;
}

static int take_set(struct nlattr **attrs, void *data)
{
	struct nlattr *tb[IMTC_SET_A_MAX + 1];
	struct policy_sets *sets = data;
	const unsigned char *record;
	char name[IMTC_NAME_BYTES];
	int left, error;
	u32 set;
	u8 kind;

	if (!attrs[IMTC_A_SET] ||
	    nla_parse_nested(tb, IMTC_SET_A_MAX, attrs[IMTC_A_SET], NULL) < 0 ||
	    !tb[IMTC_SET_A_NAME] || !(tb[IMTC_SET_A_PREFIXES] || tb[IMTC_SET_A_WORDS]))
		return -EBADMSG;
	kind = tb[IMTC_SET_A_KIND] ? nla_get_u8(tb[IMTC_SET_A_KIND]) : IMTC_SET_ADDRESSES;
	if (kind >= IMTC_SET_KINDS || !kind != !tb[IMTC_SET_A_WORDS])
		return -EBADMSG;
	nla_strlcpy(name, tb[IMTC_SET_A_NAME], sizeof(name));
	error = policy_sets_name(sets, name, kind, &set);
	if (!error && kind)
		error = take_words(sets, set, tb[IMTC_SET_A_WORDS]);
	if (error || kind)
		return error;
	record = nla_data(tb[IMTC_SET_A_PREFIXES]);
	left = nla_len(tb[IMTC_SET_A_PREFIXES]);
	for (; left >= RECORD_BYTES && !error; left -= RECORD_BYTES, record += RECORD_BYTES) {
		struct imtc_prefix prefix = { { 0 }, { 0 } };
		unsigned char *mask = (unsigned char *)prefix.mask;

		memcpy(prefix.addr, record, 16);
		for (int i = 0; i < record[16] && i < 128; i++)
			mask[i / 8] |= (unsigned char)(0x80 >> i % 8);
		error = policy_sets_add(sets, set, &prefix);
	}
	return error;
}

int nl_sets_get(struct imtc_nl *nl, struct policy_sets *ret_sets)
{
	memset(ret_sets, 0, sizeof(*ret_sets));
	return nl_call(nl, nl_request(nl, IMTC_CMD_SET_GET, NLM_F_DUMP), take_set, ret_sets);
}
