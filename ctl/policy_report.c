// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the verbs of "imctl policy" say alike: errors in the file, refusals, and
 * what a policy is in numbers.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cmd_policy.h"
#include "imctl.h"
#include "loader.h"
#include "nl.h"
#include "out.h"

const char *policy_plural(unsigned long n)
{
	return n == 1 ? "" : "s";
}

void policy_add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

void policy_add_number(struct json_object *object, const char *key, unsigned long number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

struct json_object *policy_member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

/*
 * The effective CAP_NET_ADMIN: asked for before anything is begun, so that the
 * answer is the same for each command whatever it would fail at.
 */
bool may_administer(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN);
}

int refuse_unprivileged(const char *what)
{
	out_error("%s needs CAP_NET_ADMIN (run as root)", what);
	return EXIT_REFUSED;
}

/* What went wrong in the module, in its own words where it has any. */
int policy_say_module(const struct imtc_nl *nl, const char *what, int error)
{
	if (error == -EPERM)
		return refuse_unprivileged(what);
	if (nl_sentence(nl)[0])
		out_error("the module refuses to %s: %s", what, nl_sentence(nl));
	else
		out_error("the module refuses to %s: %s", what, strerror(-error));
	return EXIT_REFUSED;
}

int policy_say_bpf(const char *what, int error)
{
	if (error == -EPERM)
		return refuse_unprivileged(what);
	out_error("cannot %s: %s", what,
		  loader_sentence()[0] ? loader_sentence() : strerror(-error));
	return error == -EOPNOTSUPP ? EXIT_UNSUPPORTED : EXIT_REFUSED;
}

/* --- errors in the file ----------------------------------------------------- */

/* Everything that was found, on one stream; in JSON one document on stdout. */
void policy_report(struct diag *diag, const char *file, struct json_object *document)
{
	struct json_object *object;

	if (!options.json) {
		diag_print(diag, stderr);
		return;
	}
	object = diag_json(diag, file);
	if (document) {
		json_object_object_foreach(document, key, value)
			json_object_object_add(object, key, json_object_get(value));
	}
	out_record(object, NULL, 0);
	json_object_put(object);
}

/* Errors of one run, counted, after the last of them. */
int policy_fail(struct diag *diag, const char *file)
{
	unsigned int errors = diag_errors(diag), warnings = diag_warnings(diag);

	policy_report(diag, file, NULL);
	if (!options.json && warnings)
		fprintf(stderr, "%s: %u error%s, %u warning%s\n", file, errors,
			policy_plural(errors), warnings, policy_plural(warnings));
	else if (!options.json)
		fprintf(stderr, "%s: %u error%s\n", file, errors, policy_plural(errors));
	return diag_is_system(diag) ? EXIT_REFUSED : EXIT_POLICY;
}

static struct json_object *compiled_list(const struct policy *policy)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < policy->compiled_count; i++) {
		const struct imtc_rule *rule = &policy->compiled[i];

		struct json_object *object = policy_compiled_json(policy, rule);
		struct json_object *tags = policy->rules[rule->id - 1].tags;

		if (object && tags)
			json_object_object_add(object, "tags", json_object_get(tags));
		json_object_array_add(list, object);
	}
	return list;
}

struct json_object *policy_summary(const struct policy *policy, bool print)
{
	struct json_object *object = json_object_new_object();

	policy_add_text(object, "policy", policy->name);
	policy_add_number(object, "rules", policy->rule_count);
	policy_add_number(object, "compiled", policy->compiled_count);
	if (print)
		json_object_object_add(object, "compiled_rules", compiled_list(policy));
	return object;
}
