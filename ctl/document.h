/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A libconfig file in memory, where every setting knows its place. Knows
 * nothing of what the settings mean.
 */
#ifndef IMCTL_DOCUMENT_H
#define IMCTL_DOCUMENT_H

#include <libconfig.h>

#include "source.h"

/* Where a setting stands, in bytes of the source's text. */
struct place {
	size_t name, name_length;	/* length 0: an element of a list */
	size_t value, value_length;	/* of the value's first word */
};

struct document {
	struct source *source;
	config_t config;
	struct place *places;	/* in the order of the text */
	size_t place_count;
};

/*
 * Parses. The document takes the source, also on failure. NULL where there is
 * an error, which was said to diag.
 */
struct document *document_parse(struct source *source, struct diag *diag);
void document_free(struct document *document);	/* NULL allowed */

/* The position of a setting's name (or, in a list, of its value), and of its value. */
struct diag_at document_name_at(const struct document *document, const config_setting_t *setting);
struct diag_at document_value_at(const struct document *document, const config_setting_t *setting);
/* "the string \"xmpp\"", "a group", "the number 7": what a setting holds. */
void document_describe(const config_setting_t *setting, char *text, size_t size);

/* syntax.c: finds the place of each setting, or says what is wrong and where. */
bool syntax_scan(const struct source *source, struct place **ret_places, size_t *ret_count,
		 struct diag *diag);

#endif /* IMCTL_DOCUMENT_H */
