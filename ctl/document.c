// SPDX-License-Identifier: GPL-2.0-only
/*
 * libconfig's tree, with a place for every setting.
 */
#include <stdlib.h>
#include <string.h>

#include "document.h"

struct walk {
	struct place *places;
	size_t count, next;
	const char *text;
	bool lost;	/* tree and text disagree: no more places are given */
};

/* Both are in the order of the text. A name that differs ends the giving. */
static void give_places(struct walk *walk, config_setting_t *setting)
{
	int n = config_setting_is_aggregate(setting) ? config_setting_length(setting) : 0;

	for (int i = 0; i < n && !walk->lost; i++) {
		config_setting_t *inner = config_setting_get_elem(setting, (unsigned int)i);
		const char *name = config_setting_name(inner);
		struct place *place = &walk->places[walk->next];

		if (walk->next++ >= walk->count ||
		    place->name_length != (name ? strlen(name) : 0) ||
		    (name && memcmp(walk->text + place->name, name, place->name_length))) {
			walk->lost = true;
			return;
		}
		config_setting_set_hook(inner, place);
		give_places(walk, inner);
	}
}

static bool read_config(struct document *document, struct diag *diag)
{
	struct source *source = document->source;
	struct walk walk = { .text = source->text };
	struct diag_at at;

	if (!config_read_string(&document->config, source->text)) {
		at = source_at_line(source,
				    (unsigned int)config_error_line(&document->config));
		diag_message(diag, DIAG_ERROR, &at, "%s", config_error_text(&document->config));
		return false;
	}
	walk.places = document->places;
	walk.count = document->place_count;
	give_places(&walk, config_root_setting(&document->config));
	return true;
}

struct document *document_parse(struct source *source, struct diag *diag)
{
	struct document *document = calloc(1, sizeof(*document));
	struct diag_at at = { .file = source->files[0] };

	if (!document) {
		diag_message(diag, DIAG_SYSTEM, &at, "out of memory");
		source_free(source);
		return NULL;
	}
	document->source = source;
	config_init(&document->config);
	if (syntax_scan(source, &document->places, &document->place_count, diag) &&
	    read_config(document, diag))
		return document;
	document_free(document);
	return NULL;
}

void document_free(struct document *document)
{
	if (!document)
		return;
	config_destroy(&document->config);
	source_free(document->source);
	free(document->places);
	free(document);
}

/* --- positions -------------------------------------------------------------- */

struct diag_at document_value_at(const struct document *document, const config_setting_t *setting)
{
	const struct place *place = config_setting_get_hook(setting);

	if (!place)
		return source_at_line(document->source, config_setting_source_line(setting));
	return source_at(document->source, place->value, place->value_length);
}

struct diag_at document_name_at(const struct document *document, const config_setting_t *setting)
{
	const struct place *place = config_setting_get_hook(setting);

	if (!place || !place->name_length)
		return document_value_at(document, setting);
	return source_at(document->source, place->name, place->name_length);
}

void document_describe(const config_setting_t *setting, char *text, size_t size)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_GROUP:
		snprintf(text, size, "a group { }");
		break;
	case CONFIG_TYPE_LIST:
		snprintf(text, size, "a list ( )");
		break;
	case CONFIG_TYPE_ARRAY:
		snprintf(text, size, "a list [ ]");
		break;
	case CONFIG_TYPE_STRING:
		snprintf(text, size, "the string \"%s\"", config_setting_get_string(setting));
		break;
	case CONFIG_TYPE_BOOL:
		snprintf(text, size, "%s", config_setting_get_bool(setting) ? "true" : "false");
		break;
	case CONFIG_TYPE_FLOAT:
		snprintf(text, size, "the number %g", config_setting_get_float(setting));
		break;
	default:
		snprintf(text, size, "the number %lld", config_setting_get_int64(setting));
		break;
	}
}
