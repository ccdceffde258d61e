// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the sets of a BPF-only policy hold, kept in maps that are pinned by its epoch, to
 * be read again when one of them changes.
 */
#include <errno.h>
#include <imtc/policy_words.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bpffs.h"
#include "bpfpolicy.h"
#include "policy.h"

/* --- kept ------------------------------------------------------------------------ */

static int pin_array(const char *name, const void *values, u32 bytes, u32 count, const char *pin)
{
	int fd = bpf_array_make(name, 0, values, bytes, count), err;

	if (fd < 0)
		return fd;
	err = bpffs_pin(fd, BPFFS_POLICY, pin);
	close(fd);
	return err;
}

static int words_make(const struct policy_sets *sets, u32 epoch)
{
	u32 count = (u32)((sets->words_bytes + POLICY_WORDS_PIECE - 1) / POLICY_WORDS_PIECE);
	char *pieces = calloc(count, POLICY_WORDS_PIECE), pin[POLICY_PIN_BYTES];
	int err = -ENOMEM;

	if (pieces) {
		memcpy(pieces, sets->words, sets->words_bytes);
		words_pin(pin, epoch);
		err = pin_array("imtc_words", pieces, POLICY_WORDS_PIECE, count, pin);
	}
	free(pieces);
	return err;
}

int bpf_sets_keep(const struct policy_sets *sets, u32 epoch)
{
	char pin[POLICY_PIN_BYTES];
	int err = 0;

	sets_pin(pin, epoch);
	if (sets->entry_count)
		err = pin_array("imtc_sets", sets->entries, sizeof(*sets->entries),
				(u32)sets->entry_count, pin);
	if (!err && sets->words_bytes)
		err = words_make(sets, epoch);
	return err;
}

/* --- read ------------------------------------------------------------------------ */

/* How many words there are; -1: the bytes are none, or of a set that is not there. */
static long count_words(const struct policy_sets *sets)
{
	long count = 0;

	for (size_t at = 0; at < sets->words_bytes; count++) {
		u32 set = (u8)sets->words[at];
		size_t left = sets->words_bytes - at;

		if (left <= IMTC_WORD_HEAD || !set || set > sets->count ||
		    strnlen(sets->words + at + IMTC_WORD_HEAD, left - IMTC_WORD_HEAD) ==
			    left - IMTC_WORD_HEAD)
			return -1;
		at += imtc_word_bytes(sets->words + at + IMTC_WORD_HEAD);
	}
	return count;
}

static int read_words(u32 epoch, u32 bytes, struct policy_sets *sets)
{
	char pin[POLICY_PIN_BYTES];
	void *words = NULL;
	long count;
	int fd, err;

	if (!bytes)
		return 0;
	if (bytes > IMTC_SET_WORD_BYTES_MAX)
		return -EPROTO;
	words_pin(pin, epoch);
	fd = bpffs_open(BPFFS_POLICY, pin);
	if (fd < 0)
		return fd;
	err = bpf_array_read(fd, POLICY_WORDS_PIECE, 0,
			     (bytes + POLICY_WORDS_PIECE - 1) / POLICY_WORDS_PIECE, &words);
	close(fd);
	if (err)
		return err;
	sets->words = words;
	sets->words_bytes = sets->words_room = bytes;
	count = count_words(sets);
	sets->word_count = count < 0 ? 0 : (size_t)count;
	return count < 0 ? -EPROTO : 0;
}

static int read_entries(u32 epoch, u32 count, struct policy_sets *sets)
{
	char pin[POLICY_PIN_BYTES];
	void *entries = NULL;
	int fd, err;

	if (!count)
		return 0;
	if (count > IMTC_SET_ENTRIES_MAX)
		return -EPROTO;
	sets_pin(pin, epoch);
	fd = bpffs_open(BPFFS_POLICY, pin);
	if (fd < 0)
		return fd;
	err = bpf_array_read(fd, sizeof(struct imtc_set_entry), 0, count, &entries);
	close(fd);
	sets->entries = entries;
	sets->entry_count = err ? 0 : count;
	return err;
}

int bpf_sets_kept(u32 epoch, u32 entries, u32 words_bytes, struct policy_sets *sets)
{
	int err = read_words(epoch, words_bytes, sets);

	return err ? err : read_entries(epoch, entries, sets);
}
