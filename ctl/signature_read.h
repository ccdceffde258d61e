/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Between the files that read signature files: one file's reader, and what it says
 * of what is wrong.
 */
#ifndef IMCTL_SIGNATURE_READ_H
#define IMCTL_SIGNATURE_READ_H

#include "document.h"
#include "signature.h"

/* One file being read. */
struct reader {
	struct document *document;
	struct signatures *into;
	struct diag *diag;
	size_t room;	/* entries that there is memory for */
};

/* An error at a setting, which is described; expected may be NULL. */
void complain(struct reader *r, const config_setting_t *setting, const char *expected,
	      const char *format, ...) __attribute__((format(printf, 4, 5)));
/* Each setting of the group that is not known; where: "of a service". */
void refuse_unknown(struct reader *r, const config_setting_t *group, const char *const *known,
		    const char *where);

/* The setting's word among words, as an index; -1 and said, `absent` where it is not there. */
int take_word(struct reader *r, const config_setting_t *group, const char *name,
	      const char *const *words, const char *expected, int absent);
/* A new entry of the list, of that setting; NULL, and said, without memory. */
struct signature *signature_add(struct reader *r, const config_setting_t *setting,
				enum signature_kind kind, const struct imtc_domain_value *value);
/* The pattern at a setting, which means `value`, as an entry; errors are said. */
void take_pattern(struct reader *r, const config_setting_t *setting,
		  const struct imtc_domain_value *value);

/* Adds the file's entries, in its order. Takes the source. Errors go to diag. */
void signature_parse(struct source *source, struct signatures *into, struct diag *diag);
/* The list "own_services" of a file, where it has one (own.h). */
void take_own_services(struct reader *r, const config_setting_t *root);

#endif /* IMCTL_SIGNATURE_READ_H */
