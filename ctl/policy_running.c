// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which policy runs, and in which engine.
 */
#include <errno.h>
#include <string.h>

#include "cmd_policy.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "nl.h"
#include "out.h"

#define READ_TRIES 8	/* of a policy that is loaded anew all the time */

int policy_open_engine(const char *what, struct imtc_nl **ret_nl)
{
	int error;

	*ret_nl = NULL;
	if (!may_administer())
		return refuse_unprivileged(what);
	error = nl_session_open(ret_nl);
	if (error && error != -ENOENT) {
		out_error("cannot ask for the module: %s", strerror(-error));
		return EXIT_REFUSED;
	}
	if (error || !loader_is_loaded() || loader_with_module())
		return EXIT_OK;
	out_warning("imtc.ko is loaded, but the programs do without it: this is about theirs");
	nl_session_close(*ret_nl);
	*ret_nl = NULL;
	return EXIT_OK;
}

static int get_policy(struct imtc_nl *nl, struct json_object **ret_policy)
{
	return nl ? nl_policy_get(nl, ret_policy) : bpf_policy_get(ret_policy);
}

/* Of one state where the epoch did not move between. */
int policy_get_running(struct imtc_nl *nl, struct json_object **ret_policy,
		       struct json_object **ret_compiled)
{
	struct json_object *policy = NULL, *compiled, *again;
	int error = get_policy(nl, &policy);

	for (int i = 0; i < READ_TRIES && !error; i++) {
		compiled = again = NULL;
		error = nl ? nl_rules_get(nl, &compiled) : bpf_rules_get(&compiled);
		if (!error)
			error = get_policy(nl, &again);
		if (!error && json_number(policy, "epoch") == json_number(again, "epoch")) {
			json_object_put(again);
			*ret_policy = policy;
			*ret_compiled = compiled;
			return 0;
		}
		json_object_put(compiled);
		json_object_put(policy);
		policy = again;
	}
	json_object_put(policy);
	return error ? error : -EAGAIN;
}

void policy_running_digest(struct imtc_nl *nl, char digest[65])
{
	struct json_object *policy = NULL;

	digest[0] = '\0';
	if (get_policy(nl, &policy))
		return;
	snprintf(digest, 65, "%s", json_text(policy, "digest"));
	json_object_put(policy);
}
