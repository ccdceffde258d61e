// SPDX-License-Identifier: GPL-2.0-only
/*
 * The part of a signature file that names services of the user's own.
 */
#include <stdio.h>
#include <string.h>

#include "names.h"
#include "own.h"
#include "signature_read.h"

static bool is_own_name(const char *name)
{
	size_t len = strlen(name);

	if (!len || len >= sizeof(((struct own_service *)0)->name) || name[0] < 'a' ||
	    name[0] > 'z' || name[len - 1] == '-')
		return false;
	return strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-") == len;
}

static void take_own_name(struct reader *r, const config_setting_t *group,
			  struct own_service *own)
{
	config_setting_t *setting = config_setting_get_member(group, "name");
	const char *name = setting ? config_setting_get_string(setting) : NULL;
	int number = name ? service_number(name) : -1;

	if (!setting)
		complain(r, group, "name = \"acme-chat\"", "no name is given");
	else if (!name || !is_own_name(name))
		complain(r, setting, "lower-case letters, digits and \"-\", at most 31",
			 "this is no name for a service");
	else if (number >= 0 && number < OWN_FIRST)
		complain(r, setting, NULL, "\"%s\" is known without being named", name);
	else
		snprintf(own->name, sizeof(own->name), "%s", name);
}

static void take_own_title(struct reader *r, const config_setting_t *group,
			   struct own_service *own)
{
	config_setting_t *setting = config_setting_get_member(group, "title");
	const char *title = setting ? config_setting_get_string(setting) : NULL;

	if (!setting)
		snprintf(own->title, sizeof(own->title), "%s", own->name);
	else if (!title || !title[0] || strlen(title) >= sizeof(own->title))
		complain(r, setting, "a string of 1 to 63 bytes", "this is no title");
	else
		snprintf(own->title, sizeof(own->title), "%s", title);
}

static void take_own_group(struct reader *r, const config_setting_t *group,
			   struct own_service *own)
{
	config_setting_t *setting = config_setting_get_member(group, "group");
	const char *word = setting ? config_setting_get_string(setting) : NULL;
	int number = word ? group_number(word) : -1;

	if (!setting)
		own->group = IMTC_GROUP_CORPORATE;
	else if (number < 0)
		complain(r, setting, "\"public\", \"corporate\", \"federated\" or \"sharing\"",
			 "this is no group of services");
	else
		own->group = (u32)number;
}

static void take_own(struct reader *r, const config_setting_t *group)
{
	static const char *const keys[] = { "name", "title", "group", NULL };
	struct own_service own = { 0 };

	if (!config_setting_is_group(group)) {
		complain(r, group, "{ name = \"acme-chat\"; }",
			 "an entry of own_services is not a group");
		return;
	}
	refuse_unknown(r, group, keys, "of a service of one's own");
	take_own_name(r, group, &own);
	take_own_title(r, group, &own);
	take_own_group(r, group, &own);
	if (own.name[0] && own.title[0] && own.group && own_add(&own) < 0)
		complain(r, group, NULL, "there is room for %d services of one's own", OWN_MAX);
}

void take_own_services(struct reader *r, const config_setting_t *root)
{
	config_setting_t *list = config_setting_get_member(root, "own_services");
	int count;

	if (!list)
		return;
	if (!config_setting_is_list(list)) {
		complain(r, list, "own_services = ( { name = \"acme-chat\"; } )",
			 "own_services is not a list");
		return;
	}
	count = config_setting_length(list);
	for (int i = 0; i < count; i++)
		take_own(r, config_setting_get_elem(list, (unsigned int)i));
}
