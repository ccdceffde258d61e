// SPDX-License-Identifier: GPL-2.0-only
/*
 * Loads two policies in turn, as often as it is told: reload COUNT FILE FILE.
 * With the module over netlink, else into the BPF maps, as `imctl policy load`
 * does, without the cost of starting a program for each.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ctl/diag.h"
#include "ctl/loader.h"
#include "ctl/nl.h"
#include "ctl/policy.h"

static struct policy *read_policy(const char *file)
{
	struct diag *diag = diag_new();
	struct policy *policy = policy_read(file, diag);

	if (policy)
		policy_find_devices(policy, true, diag);
	if (!policy || diag_errors(diag)) {
		diag_print(diag, stderr);
		exit(1);
	}
	diag_free(diag);
	return policy;
}

int main(int argc, char **argv)
{
	struct imtc_nl *nl = NULL;
	struct policy *policies[2];
	u32 epoch, last = 0;

	if (argc != 4) {
		fprintf(stderr, "usage: reload COUNT FILE FILE\n");
		return 2;
	}
	policies[0] = read_policy(argv[2]);
	policies[1] = read_policy(argv[3]);
	if (nl_session_open(&nl))
		nl = NULL;
	for (int i = 0; i < atoi(argv[1]); i++) {
		int error = nl ? nl_policy_load(nl, policies[i & 1], &epoch) :
				 bpf_policy_load(policies[i & 1], &epoch);

		if (error || epoch == last) {
			fprintf(stderr, "load %d: %s: %s\n", i, strerror(-error),
				nl ? nl_sentence(nl) : loader_sentence());
			return 1;
		}
		last = epoch;
	}
	policy_free(policies[0]);
	policy_free(policies[1]);
	nl_session_close(nl);
	return 0;
}
