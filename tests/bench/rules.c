// SPDX-License-Identifier: GPL-2.0-only
/* Policies of many rules for the bench; see rules.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <bpf/bpf.h>
#include <imtc/policy_index_build.h>

#include "diag.h"
#include "nl.h"
#include "policy.h"
#include "rules.h"

/* Puts an array into the slot, as imctl does. */
static int put_slot(int outer, const void *values, uint32_t bytes, uint32_t count)
{
	LIBBPF_OPTS(bpf_map_create_opts, opts, .map_flags = BPF_F_INNER_MAP);
	int inner = bpf_map_create(BPF_MAP_TYPE_ARRAY, "inner", 4, bytes, count, &opts);
	uint32_t slot = RULES_EPOCH & 1;
	int err = inner < 0;

	for (uint32_t i = 0; i < count && !err; i++)
		err = bpf_map_update_elem(inner, &i, (const char *)values + (size_t)i * bytes,
					  BPF_ANY);
	if (!err)
		err = bpf_map_update_elem(outer, &slot, &inner, BPF_ANY);
	if (inner >= 0)
		close(inner);
	return err ? -1 : 0;
}

static int load_into_bpf(const struct policy *policy, int policies, int indexes)
{
	uint32_t count = (uint32_t)policy->compiled_count;
	struct imtc_rule *entries = calloc(count + 1, sizeof(*entries));
	struct imtc_policy_head head = {
		.epoch = RULES_EPOCH, .count = count, .default_verdict = IMTC_VERDICT_PASS,
	};
	struct imtc_index index;
	int err;

	if (!entries || imtc_index_build(&index, policy->compiled, count, NULL))
		return -1;
	memcpy(entries, &head, sizeof(head));
	memcpy(entries + 1, policy->compiled, count * sizeof(*entries));
	err = put_slot(policies, entries, sizeof(*entries), count + 1) ||
	      put_slot(indexes, index.pages, IMTC_PAGE_BYTES, index.count);
	imtc_index_free(&index);
	free(entries);
	return err ? -1 : 0;
}

static int load_into_module(const struct policy *policy)
{
	struct imtc_nl *nl;
	uint32_t epoch;
	int err;

	if (nl_session_open(&nl))
		return -1;
	err = nl_policy_load(nl, policy, &epoch);
	nl_session_close(nl);
	return err ? -1 : 0;
}

/* All but the last ask for prefixes that no packet of the bench comes from. */
static struct policy *make_policy(uint32_t count)
{
	static const char *const services[] = { "irc", "xmpp", "sip", "@public" };
	struct diag *diag = diag_new();
	struct policy *policy;
	char *text = NULL;
	size_t len;
	FILE *f = open_memstream(&text, &len);

	if (!diag || !f)
		return NULL;
	fprintf(f, "rules = (\n");
	for (uint32_t i = 1; i < count; i++)
		fprintf(f, "{ service = \"%s\"; remote = \"11.%u.%u.0/24\"; verdict = \"drop\"; },\n",
			services[i % 4], i >> 8, i & 255);
	fprintf(f, "{ service = \"irc\"; verdict = \"allow\"; } );\n");
	fclose(f);
	policy = policy_read_bytes("bench", text, len, diag);
	free(text);
	diag_free(diag);
	return policy;
}

int rules_load(uint32_t count, int policies, int indexes)
{
	struct policy *policy = make_policy(count);
	int err = -1;

	if (policy && policy->compiled_count == count)
		err = policies < 0 ? load_into_module(policy) :
				     load_into_bpf(policy, policies, indexes);
	policy_free(policy);
	return err;
}
