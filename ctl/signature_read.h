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

/* Adds the file's entries, in its order. Takes the source. Errors go to diag. */
void signature_parse(struct source *source, struct signatures *into, struct diag *diag);
/* The list "own_services" of a file, where it has one (own.h). */
void take_own_services(struct reader *r, const config_setting_t *root);

#endif /* IMCTL_SIGNATURE_READ_H */
