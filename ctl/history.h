/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The policies that were loaded on this host: what each said, when, and who
 * loaded it. One folder, three files an entry (N.conf, N.json, and N.sig where it
 * was signed). An entry stands as soon as its N.json has its name; before the
 * load it is called N.new. Knows nothing of rules. Returns negative errno.
 */
#ifndef IMCTL_HISTORY_H
#define IMCTL_HISTORY_H

#include <json-c/json.h>
#include <stddef.h>
#include <imtc/types.h>

#define HISTORY_DIR "/var/lib/imtc"
/* Entries kept: the oldest go, those first that a later one repeats. */
#define HISTORY_MAX 64

struct history;

/* What an entry keeps besides its record. */
struct history_text {
	char *text;	/* the policy, includes in place; NULL: a flush */
	size_t len;
	char *signature;	/* NULL: none */
	size_t signature_len;
};

/*
 * Makes the folders under dir where they are not there, and takes the lock: one
 * writer at a time; waits. running: the digest of the policy that runs, in hex,
 * "" where there is none. An entry of a load that was cut short is finished where
 * its policy runs, else removed.
 */
int history_open(const char *dir, const char *running, struct history **ret_history);
void history_close(struct history *history);	/* NULL allowed */

/*
 * Before a load: puts the entry aside; the record gets its "number". Then
 * history_commit() after the load, or history_cancel().
 */
int history_begin(struct history *history, struct json_object *record,
		  const struct history_text *text);
int history_commit(struct history *history);
void history_cancel(struct history *history);

/* Without the lock: the records, the oldest first. -ENOENT: there is no history. */
int history_list(const char *dir, struct json_object **ret_records);
/*
 * What an entry keeps. -EBADMSG: it is not what the record's digest says, or is
 * cut short. Freed by history_text_free().
 */
int history_read(const char *dir, struct json_object *record, struct history_text *ret_text);
void history_text_free(struct history_text *text);

/*
 * A record to begin with: {"time","uid","user","sudo_user","exe"}: now, and who
 * runs this: the login that sudo was called from (absent without), and the program
 * that called imctl.
 */
struct json_object *history_record(void);

/* The entry of this number, or whose digest begins so (8 digits at least). -ENOENT, -ENOTUNIQ. */
int history_find(struct json_object *records, const char *word, struct json_object **ret_record);
/*
 * The one in force before the policy of this digest, "" for the newest entry; it
 * goes on further back from an entry that is itself a rollback. -ENOENT: none.
 */
int history_before(struct json_object *records, const char *running,
		   struct json_object **ret_record);

/* 64 hex digits and a NUL. */
void history_hex(const u8 digest[32], char hex[65]);

#endif /* IMCTL_HISTORY_H */
