// SPDX-License-Identifier: GPL-2.0-only
/*
 * The reader of signature files over any bytes: it says something or reads, and
 * what it reads is within what programs can bear. Errors are printed too, as
 * printing reads positions that hostile text gave.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "signature.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(int holds, const char *what)
{
	if (holds)
		return;
	fprintf(stderr, "broken: %s\n", what);
	abort();
}

static void check_pattern(const struct imtc_pattern *p)
{
	check(p->len >= 1 && p->len <= IMTC_PATTERN_BYTES, "bytes of a pattern");
	check(p->offset + p->len <= IMTC_VIEW_BYTES, "offset of a pattern");
	check(p->directions >= 1 && p->directions <= 3, "directions of a pattern");
	check(!p->l4 || p->l4 == IMTC_L4_TCP || p->l4 == IMTC_L4_UDP, "transport of a pattern");
	check((!p->min && !p->max) || p->l4 == IMTC_L4_UDP, "length of a pattern");
	for (int i = 0; i < IMTC_PATTERN_BYTES; i++)
		check(!(p->value[i] & ~p->mask[i]) && (i < p->len || !p->mask[i]), "mask");
}

static void check_prefix(const struct imtc_prefix_key *key)
{
	const u8 *addr = (const u8 *)key->addr;

	check(key->bits >= 16 && key->bits <= 128, "bits of a prefix");
	for (u32 bit = key->bits; bit < 128; bit++)
		check(!(addr[bit / 8] & 0x80 >> bit % 8), "bits past a prefix");
}

static void check_entry(const struct signatures *s, const struct signature *entry)
{
	check(entry->kind < SIGNATURE_KINDS && entry->file < s->file_count, "kind or file");
	check(entry->value.service < IMTC_SERVICE_MAX &&
	      entry->value.feature < IMTC_FEATURE_MAX &&
	      entry->value.encryption <= IMTC_ENCRYPTION_ENCRYPTED, "meaning");
	check(entry->text[0] && memchr(entry->text, 0, sizeof(entry->text)), "text");
	if (entry->kind == SIGNATURE_PATTERN)
		check_pattern(&entry->pattern);
	else if (entry->kind == SIGNATURE_PREFIX)
		check_prefix(&entry->prefix);
	else
		check(entry->kind != SIGNATURE_ALPN || strlen(entry->text) <= IMTC_ALPN_BYTES,
		      "ALPN value");
	/* It is found by its own text. */
	check(entry->kind == SIGNATURE_PATTERN ||
	      signatures_find(s, entry->kind, entry->text) == entry, "look-up");
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct diag *diag = diag_new();
	struct signatures *s = signatures_read_bytes("fuzz.conf", (const char *)data, size, diag);
	static FILE *sink;

	if (!sink)
		sink = fopen("/dev/null", "we");
	check(!s == (diag_errors(diag) > 0), "an error or signatures");
	diag_print(diag, sink);
	json_object_put(diag_json(diag, "fuzz.conf"));
	for (size_t i = 0; s && i < s->count; i++)
		check_entry(s, &s->entries[i]);
	signatures_free(s);
	diag_free(diag);
	return 0;
}
