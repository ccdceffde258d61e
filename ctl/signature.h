/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signature files: which domain belongs to which service. Read, checked, and
 * put into the map that programs look names up in.
 *
 *	services = (
 *	  { service = "slack"; domains = [ "slack.com", "slack-edge.com" ]; },
 *	  { service = "signal"; feature = "voice"; domains = [ "turn.signal.org" ]; }
 *	);
 *
 * A domain stands for itself and all below it; the longest that fits wins. A
 * later file overrides what an earlier one says of the same domain.
 */
#ifndef IMCTL_SIGNATURE_H
#define IMCTL_SIGNATURE_H

#include <imtc/signature.h>
#include <imtc/view.h>
#include <json-c/json.h>
#include <stddef.h>

struct diag;

struct signature {
	char domain[IMTC_DOMAIN_BYTES];
	struct imtc_domain_value value;
	u32 file;	/* index into files */
	int line;
};

struct signatures {
	struct signature *entries;	/* by domain, each once */
	size_t count;
	char **files;
	size_t file_count;
};

/*
 * Reads all *.conf of the folders in order, by name within each. Folders that
 * are not there are passed over. NULL where there was an error; it and warnings
 * are in diag.
 */
struct signatures *signatures_read(const char *const *folders, struct diag *diag);
/* One file, whatever its name. */
struct signatures *signatures_read_file(const char *file, struct diag *diag);
/* As signatures_read_file, of bytes in memory that may be anything. */
struct signatures *signatures_read_bytes(const char *file, const char *bytes, size_t len,
					 struct diag *diag);
void signatures_free(struct signatures *signatures);	/* NULL allowed */

/*
 * The folders to read, ends with NULL: `folder` alone where it is given, else
 * that of $IMTC_SIGNATURES, else those of the installation and of the host.
 */
const char *const *signature_folders(const char *folder);

/* The key of a domain under these seeds: suffixes hash from their last byte on. */
struct imtc_domain_key signature_key(const char *domain, const u64 seed[2]);

/*
 * Makes the pinned map hold these and no others; a name that is in both never
 * misses in between. Negative errno, -ENOENT where nothing is loaded; the
 * sentence is loader_sentence()'s.
 */
int signature_map_load(const struct signatures *signatures);
/* How many the map holds. */
int signature_map_count(u32 *ret_count);

#endif /* IMCTL_SIGNATURE_H */
