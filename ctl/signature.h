/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signature files: by what services are known that need no code. Read, checked,
 * and put into the maps that programs look in.
 *
 *	services = (
 *	  { service = "slack"; domains = [ "slack.com", "slack-edge.com" ]; },
 *	  { service = "signal"; feature = "voice"; domains = [ "turn.signal.org" ]; },
 *	  { service = "telegram"; prefixes = [ "149.154.160.0/20" ]; }
 *	);
 *
 * A domain stands for itself and all below it, a prefix for its addresses, a user
 * agent for all that begins with it; the longest that fits wins. A later file
 * overrides what an earlier one says of the same domain, prefix, value or pattern.
 */
#ifndef IMCTL_SIGNATURE_H
#define IMCTL_SIGNATURE_H

#include <imtc/hint.h>
#include <imtc/signature.h>
#include <imtc/view.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

struct diag;

/* In the order in which entries stand. */
enum signature_kind {
	SIGNATURE_DOMAIN,
	SIGNATURE_ALPN,
	SIGNATURE_AGENT,
	SIGNATURE_PREFIX,
	SIGNATURE_PATTERN,
	SIGNATURE_KINDS,
};

struct signature {
	enum signature_kind kind;
	u32 file;	/* index into files */
	int line;
	struct imtc_domain_value value;
	union {
		struct imtc_prefix_key prefix;
		struct imtc_pattern pattern;	/* its meaning too */
	};
	/* The domain or value; a prefix or pattern in one normal form. */
	char text[IMTC_DOMAIN_BYTES];
};

struct signatures {
	struct signature *entries;	/* by kind, then text, each once */
	size_t count;
	size_t counts[SIGNATURE_KINDS];
	char **files;
	size_t file_count;
};

/* The most that the maps hold: names are domains, ALPN values and user agents. */
#define SIGNATURE_NAMES_MAX 120000
#define SIGNATURE_PREFIXES_MAX 16384

/* "domain", "alpn", "user agent", "prefix", "pattern" */
const char *signature_kind_name(enum signature_kind kind);

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
 * The entry that programs would find for a host's name, an address or a value of
 * the kind; NULL where there is none. Of patterns there is none to be found.
 */
const struct signature *signatures_find(const struct signatures *signatures,
					enum signature_kind kind, const char *word);

/*
 * The folders to read, ends with NULL: `folder` alone where it is given, else
 * that of $IMTC_SIGNATURES, else those of the installation and of the host.
 */
const char *const *signature_folders(const char *folder);

/* The key of a domain, ALPN value or user agent under these seeds. */
struct imtc_domain_key signature_key(enum signature_kind kind, const char *text,
				     const u64 seed[2]);

/*
 * Makes the pinned maps hold these and no others; what is there before and after
 * never misses in between. Negative errno, -ENOENT where nothing is loaded; the
 * sentence is loader_sentence()'s.
 */
int signature_map_load(const struct signatures *signatures);
/* How many the maps hold. */
int signature_map_count(u32 *ret_count);

#endif /* IMCTL_SIGNATURE_H */
