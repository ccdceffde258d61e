// SPDX-License-Identifier: GPL-2.0-only
/*
 * Criteria of where a flow is: its ends, their ports, the device, the direction;
 * and what of the network is inside.
 */
#include <stdlib.h>
#include <string.h>

#include "policy_checker.h"
#include "policy_sets.h"

/* --- ends ------------------------------------------------------------------- */

/* Where the addresses of a rule's end go, and the sets there are. */
struct end_target {
	struct prefix_list *prefixes;
	struct number_list *sets;
	const struct policy_sets *known;
};

static bool take_prefix(const char *word, void *target, struct value_error *error)
{
	struct imtc_prefix prefix;

	return value_prefix(word, &prefix, error) && list_add_prefix(target, &prefix, error);
}

static bool take_address(const char *word, void *target, struct value_error *error)
{
	struct end_target *end = target;

	if (word[0] == '@')
		return policy_sets_take(word + 1, end->known, IMTC_SET_ADDRESSES, end->sets, error);
	return take_prefix(word, end->prefixes, error);
}

void read_local(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	struct end_target end = { &rule->local, &rule->local_sets, &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_address, &end);
}

void read_remote(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;
	struct end_target end = { &rule->remote, &rule->remote_sets, &checker->tree->sets };

	check_words(checker, setting, STRINGS, take_address, &end);
}

/* --- ports ------------------------------------------------------------------ */

static bool take_ports(const char *word, void *target, struct value_error *error)
{
	struct imtc_ports ports;

	return value_ports(word, &ports, error) && list_add_ports(target, &ports, error);
}

void read_local_port(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, PORTS, take_ports, &rule->local_ports);
	list_merge_ports(&rule->local_ports);
}

void read_remote_port(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, PORTS, take_ports, &rule->remote_ports);
	list_merge_ports(&rule->remote_ports);
}

/* --- device and direction --------------------------------------------------- */

/* Once each, so that lists do not multiply for nothing. */
static bool take_interface(const char *word, void *target, struct value_error *error)
{
	struct string_list *list = target;

	if (!value_device(word, error))
		return false;
	for (size_t i = 0; i < list->count; i++)
		if (!strcmp(list->items[i], word))
			return true;
	return list_add_string(list, word, error);
}

void read_interface(struct checker *checker, config_setting_t *setting, void *target)
{
	struct tree_rule *rule = target;

	check_words(checker, setting, STRINGS, take_interface, &rule->interfaces);
}

void read_direction(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "out", "in", "forward", NULL };
	static const u8 bits[] = { IMTC_DIRECTION_OUT, IMTC_DIRECTION_IN, IMTC_DIRECTION_FORWARD };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "direction");

	if (index >= 0)
		rule->criteria.directions = bits[index];
}

/* --- inside and outside ----------------------------------------------------- */

void read_peer(struct checker *checker, config_setting_t *setting, void *target)
{
	static const char *const words[] = { "inside", "outside", NULL };
	static const u8 bits[] = { IMTC_PEER_INSIDE, IMTC_PEER_OUTSIDE };
	struct tree_rule *rule = target;
	int index = check_choice(checker, setting, words, "peer");

	if (index >= 0)
		rule->criteria.peers = bits[index];
}

void read_inside(struct checker *checker, config_setting_t *setting, void *target)
{
	struct diag_at at = document_value_at(checker->document, setting);
	struct prefix_list *inside = &checker->tree->inside;
	char message[64];

	(void)target;
	check_words(checker, setting, STRINGS, take_prefix, inside);
	if (inside->count <= IMTC_INSIDE_MAX)
		return;
	snprintf(message, sizeof(message), "%zu inside prefixes are too many", inside->count);
	check_say(checker, &at, message, "at most 64", NULL);
}

/*
 * Where the policy does not say: private (RFC 1918, RFC 4193), link-local (RFC
 * 3927, RFC 4291 2.5.6) and loopback (RFC 1122 3.2.1.3, RFC 4291 2.5.3).
 */
bool check_inside_default(struct policy_tree *tree)
{
	static const char *const words[] = {
		"10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8",
		"fc00::/7", "fe80::/10", "::1",
	};
	struct value_error error;

	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (!take_prefix(words[i], &tree->inside, &error))
			return false;
	return true;
}
