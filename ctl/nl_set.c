// SPDX-License-Identifier: GPL-2.0-only
/*
 * Sets of addresses to the module, and back: many messages, of which each holds a
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

static void put_record(unsigned char *record, const struct imtc_prefix *prefix)
{
	memcpy(record, prefix->addr, 16);
	record[16] = (unsigned char)(__builtin_popcountll(prefix->mask[0]) +
				     __builtin_popcountll(prefix->mask[1]));
}

static int send_part(struct imtc_nl *nl, const char *name, const unsigned char *records,
		     size_t count, u32 transaction)
{
	struct nl_msg *msg = nl_request(nl, IMTC_CMD_POLICY_SET, 0);
	struct nlattr *nest;

	if (!msg)
		return -ENOMEM;
	if (nla_put_u32(msg, IMTC_A_TRANSACTION, transaction))
		goto full;
	nest = nla_nest_start(msg, IMTC_A_SET);
	if (!nest || nla_put_string(msg, IMTC_SET_A_NAME, name) ||
	    nla_put(msg, IMTC_SET_A_PREFIXES, (int)(count * RECORD_BYTES), records))
		goto full;
	nla_nest_end(msg, nest);
	return nl_call(nl, msg, NULL, NULL);
full:
	nlmsg_free(msg);
	return -EMSGSIZE;
}

/* One without a prefix is sent as well: it is there, and holds nothing. */
static int send_set(struct imtc_nl *nl, const struct policy_sets *sets, u32 set,
		    unsigned char *records, u32 transaction)
{
	size_t count = 0;
	int error = send_part(nl, sets->names[set - 1], records, 0, transaction);

	for (size_t i = 0; i < sets->entry_count && !error; i++) {
		if (sets->entries[i].set != set)
			continue;
		put_record(records + RECORD_BYTES * count++, &sets->entries[i].prefix);
		if (count < RECORDS_MAX)
			continue;
		error = send_part(nl, sets->names[set - 1], records, count, transaction);
		count = 0;
	}
	if (!error && count)
		error = send_part(nl, sets->names[set - 1], records, count, transaction);
	return error;
}

int nl_send_sets(struct imtc_nl *nl, const struct policy_sets *sets, u32 transaction)
{
	unsigned char *records = malloc(RECORDS_MAX * RECORD_BYTES);
	int error = records ? 0 : -ENOMEM;

	for (u32 set = 1; set <= sets->count && !error; set++)
		error = send_set(nl, sets, set, records, transaction);
	free(records);
	return error;
}

/* --- and back -------------------------------------------------------------------- */

static int take_set(struct nlattr **attrs, void *data)
{
	struct nlattr *tb[IMTC_SET_A_MAX + 1];
	struct policy_sets *sets = data;
	const unsigned char *record;
	char name[IMTC_NAME_BYTES];
	int left, error;
	u32 set;

	if (!attrs[IMTC_A_SET] ||
	    nla_parse_nested(tb, IMTC_SET_A_MAX, attrs[IMTC_A_SET], NULL) < 0 ||
	    !tb[IMTC_SET_A_NAME] || !tb[IMTC_SET_A_PREFIXES])
		return -EBADMSG;
	nla_strlcpy(name, tb[IMTC_SET_A_NAME], sizeof(name));
	error = policy_sets_name(sets, name, &set);
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
