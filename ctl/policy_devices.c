// SPDX-License-Identifier: GPL-2.0-only
/*
 * The devices that a policy names: found when it is checked or loaded.
 */
#include <net/if.h>
#include <string.h>

#include "diag.h"
#include "policy.h"

static unsigned int find_interfaces(struct policy *policy, enum diag_kind kind, struct diag *diag)
{
	unsigned int missing = 0;

	for (size_t i = 0; i < policy->interface_count; i++) {
		struct policy_interface *interface = &policy->interfaces[i];
		const struct policy_rule *rule = &policy->rules[interface->rule - 1];
		struct diag_at at = { .file = rule->file, .line = rule->line };

		interface->ifindex = if_nametoindex(interface->name);
		if (interface->ifindex)
			continue;
		missing++;
		diag_message(diag, kind, &at, "rule \"%s\": there is no device \"%s\"",
			     rule->name, interface->name);
	}
	return missing;
}

u32 policy_ifindex(const struct policy *policy, const struct imtc_rule *rule)
{
	if (!rule->ifindex || rule->ifindex > policy->interface_count)
		return 0;
	return policy->interfaces[rule->ifindex - 1].ifindex;
}

unsigned int policy_find_devices(struct policy *policy, bool must_exist, struct diag *diag)
{
	enum diag_kind kind = must_exist ? DIAG_ERROR : DIAG_WARNING;
	unsigned int missing = find_interfaces(policy, kind, diag);

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		struct diag_at at = { .file = rule->file, .line = rule->line };

		if (!rule->redirect[0] || if_nametoindex(rule->redirect))
			continue;
		missing++;
		diag_message(diag, kind, &at, "rule \"%s\": there is no device \"%s\"",
			     rule->name, rule->redirect);
	}
	for (size_t i = 0; i < policy->compiled_count; i++) {
		struct imtc_rule *compiled = &policy->compiled[i];

		if (imtc_verdict_has_device(compiled->verdict))
			compiled->argument =
				if_nametoindex(policy->rules[compiled->id - 1].redirect);
	}
	return missing;
}
