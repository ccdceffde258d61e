// SPDX-License-Identifier: GPL-2.0-only
/*
 * Signature files: what is read, what is refused and in which line, which file
 * has the last word; and the hash that programs find names by.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "diag.h"
#include "signature.h"

static struct signatures *read_text(const char *text, struct diag *diag)
{
	return signatures_read_bytes("test.conf", text, strlen(text), diag);
}

/* --- what is read ---------------------------------------------------------------- */

static void reads_entries(void **state)
{
	struct diag *diag = diag_new();
	struct signatures *s = read_text(
		"services = (\n"
		"  { service = \"slack\"; domains = [ \"slack.com\", \"a-b.slack.com\" ]; },\n"
		"  { service = \"signal\"; feature = \"voice\"; encryption = \"encrypted\";\n"
		"    domains = ( \"turn.example\" ); },\n"
		"  { service = \"irc\"; encryption = \"clear\"; domains = [ \"xn--1a.example\" ]; }\n"
		");\n", diag);

	(void)state;
	assert_non_null(s);
	assert_int_equal(diag_errors(diag), 0);
	assert_int_equal(s->count, 4);
	/* By domain. */
	assert_string_equal(s->entries[0].domain, "a-b.slack.com");
	assert_int_equal(s->entries[0].value.service, IMTC_SERVICE_SLACK);
	assert_int_equal(s->entries[0].value.feature, IMTC_FEATURE_NONE);
	assert_int_equal(s->entries[0].value.encryption, 0);
	assert_int_equal(s->entries[0].line, 2);
	assert_string_equal(s->entries[2].domain, "turn.example");
	assert_int_equal(s->entries[2].value.service, IMTC_SERVICE_SIGNAL);
	assert_int_equal(s->entries[2].value.feature, IMTC_FEATURE_VOICE);
	assert_int_equal(s->entries[2].value.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_int_equal(s->entries[2].line, 4);
	assert_int_equal(s->entries[3].value.encryption, IMTC_ENCRYPTION_CLEAR);
	signatures_free(s);
	diag_free(diag);
}

/* --- what is refused --------------------------------------------------------------- */

static int says(struct json_object *record, int line, const char *part)
{
	struct json_object *message, *where;

	return json_object_object_get_ex(record, "message", &message) &&
	       json_object_object_get_ex(record, "line", &where) &&
	       strstr(json_object_get_string(message), part) &&
	       json_object_get_int(where) == line;
}

/* One of the errors is of this line and says this. */
static void refused(const char *text, int line, const char *part)
{
	struct diag *diag = diag_new();
	struct signatures *s = read_text(text, diag);
	struct json_object *all = diag_json(diag, "test.conf"), *errors;
	int found = 0;

	assert_null(s);
	assert_false(diag_is_system(diag));
	assert_true(json_object_object_get_ex(all, "errors", &errors));
	for (size_t i = 0; i < json_object_array_length(errors); i++)
		found |= says(json_object_array_get_idx(errors, i), line, part);
	if (!found)
		fail_msg("no error \"%s\" in line %d: %s", part, line,
			 json_object_to_json_string(all));
	json_object_put(all);
	diag_free(diag);
}

static void refused_domain(const char *domain, const char *part)
{
	char text[1024];

	snprintf(text, sizeof(text),
		 "services = (\n{ service = \"irc\";\ndomains = [ \"%s\" ]; } );", domain);
	refused(text, 3, part);
}

static void refuses_domains(void **state)
{
	char longest[300] = "";

	(void)state;
	refused_domain("", "empty");
	refused_domain("*.example.org", "stands for all below it");
	refused_domain(".example.org", "first dot");
	refused_domain("example.org.", "no dot at its end");
	refused_domain("a..b", "empty or ends");
	refused_domain("a-.b", "empty or ends");
	refused_domain("-a.b", "holds letters");
	refused_domain("Example.org", "lower case");
	refused_domain("exa mple.org", "holds letters");
	refused_domain("b\\xc3\\xbccher.example", "holds letters");
	refused_domain("com", "two labels");
	memset(longest, 'a', 64);
	strcpy(longest + 64, ".example");
	refused_domain(longest, "at most 63");
	for (size_t i = 0; i < 254; i++)
		longest[i] = i % 2 ? '.' : 'a';
	longest[254] = '\0';
	refused_domain(longest, "at most 253");
}

static void refuses_settings(void **state)
{
	(void)state;
	refused("services = (\n\n{ service = \"slakc\"; domains = [ \"a.b\" ]; } );", 3,
		"did you mean \"slack\"");
	refused("services = ( { service = \"none\"; domains = [ \"a.b\" ]; } );", 1,
		"unknown service");
	refused("services = ( { service = 7; domains = [ \"a.b\" ]; } );", 1, "no string");
	refused("services = ( {\n domains = [ \"a.b\" ]; } );", 1, "no service is named");
	refused("services = ( { service = \"irc\"; } );", 1, "no domains");
	refused("services = ( { service = \"irc\";\ndomains = \"a.b\"; } );", 2, "not a list");
	refused("services = ( { service = \"irc\"; domains = [ ]; } );", 1, "empty");
	refused("services = ( { service = \"irc\"; domains = ( 5 ); } );", 1, "a string");
	refused("services = ( { service = \"irc\"; feature = \"fiel\"; domains = [ \"a.b\" ]; } );",
		1, "did you mean \"file\"");
	refused("services = ( { service = \"irc\"; encryption = \"some\"; domains = [ \"a.b\" ]; } );",
		1, "encryption");
	refused("services = ( { service = \"irc\";\ndomain = [ \"a.b\" ]; } );", 2,
		"did you mean \"domains\"");
	refused("services = ( );\nservice = 1;", 2, "unknown setting");
	refused("services = { };", 1, "not a list");
	refused("services = ( 1 );", 1, "not a group");
	refused("services = (\n{ service = \"irc\"; domains = [ \"a.b\",\n\"a.b\" ]; } );", 3,
		"again; it is in line 2");
	refused("services = ( { service = \"irc\" domains = [ ;", 1, "");
}

static void refuses_nothing_at_all(void **state)
{
	struct diag *diag = diag_new();

	(void)state;
	assert_null(read_text("", diag));
	assert_int_equal(diag_errors(diag), 1);
	diag_free(diag);
}

/* --- files ------------------------------------------------------------------------------ */

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[512];
	FILE *file;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	file = fopen(path, "w");
	assert_non_null(file);
	fputs(text, file);
	fclose(file);
}

static void remove_file(const char *folder, const char *name)
{
	char path[512];

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	unlink(path);
}

static void last_file_wins(void **state)
{
	char folder[] = "/tmp/imtc-signature-XXXXXX";
	const char *folders[] = { folder, "/nowhere/at/all", NULL };
	struct diag *diag = diag_new();
	struct signatures *s;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "20-mine.conf",
		   "services = ( { service = \"irc\"; domains = [ \"a.example\" ]; } );");
	write_file(folder, "10-shipped.conf",
		   "services = ( { service = \"xmpp\"; domains = [ \"a.example\", \"b.example\" ]; } );");
	write_file(folder, "README", "not a signature file");
	s = signatures_read(folders, diag);
	remove_file(folder, "20-mine.conf");
	remove_file(folder, "10-shipped.conf");
	remove_file(folder, "README");
	rmdir(folder);
	assert_non_null(s);
	assert_int_equal(s->count, 2);
	assert_int_equal(s->file_count, 2);
	assert_string_equal(s->entries[0].domain, "a.example");
	assert_int_equal(s->entries[0].value.service, IMTC_SERVICE_IRC);
	assert_non_null(strstr(s->files[s->entries[0].file], "20-mine.conf"));
	assert_int_equal(s->entries[1].value.service, IMTC_SERVICE_XMPP);
	signatures_free(s);
	diag_free(diag);
}

/* --- the hash ---------------------------------------------------------------------------- */

/* As programs do it: one walk over the name, a key at each dot and at the end. */
static int walk_finds(const char *name, const u64 seed[2], struct imtc_domain_key wanted)
{
	struct imtc_domain_key key;
	int found = 0;

	imtc_domain_start(&key, seed);
	for (size_t i = strlen(name); i-- > 0;) {
		if (name[i] == '.')
			found |= !memcmp(&key, &wanted, sizeof(key));
		imtc_domain_step(&key, (u8)name[i]);
	}
	return found | !memcmp(&key, &wanted, sizeof(key));
}

static void hash_finds_suffixes(void **state)
{
	static const u64 seed[2] = { 0x0123456789abcdefULL, 0xfedcba9876543210ULL };
	static const u64 other[2] = { 1, 2 };
	struct imtc_domain_key key = signature_key("example.org", seed);
	struct imtc_domain_key elsewhere = signature_key("example.org", other);

	(void)state;
	assert_true(walk_finds("example.org", seed, key));
	assert_true(walk_finds("a.b.example.org", seed, key));
	assert_false(walk_finds("notexample.org", seed, key));
	assert_false(walk_finds("example.org.evil", seed, key));
	assert_false(walk_finds("org", seed, key));
	assert_false(walk_finds("example.com", seed, key));
	/* Without the seed a name says nothing of its key. */
	assert_memory_not_equal(&key, &elsewhere, sizeof(key));
}

static int by_key(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(struct imtc_domain_key));
}

static void hash_does_not_collide(void **state)
{
	enum { COUNT = 100000 };
	static const u64 seed[2] = { 0x5eed, 0xfeed };
	struct imtc_domain_key *keys = calloc(COUNT, sizeof(*keys));
	char name[64];

	(void)state;
	assert_non_null(keys);
	for (int i = 0; i < COUNT; i++) {
		snprintf(name, sizeof(name), "n%d.example", i);
		keys[i] = signature_key(name, seed);
	}
	qsort(keys, COUNT, sizeof(*keys), by_key);
	for (int i = 1; i < COUNT; i++)
		assert_memory_not_equal(&keys[i - 1], &keys[i], sizeof(*keys));
	free(keys);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(reads_entries),
		cmocka_unit_test(refuses_domains),
		cmocka_unit_test(refuses_settings),
		cmocka_unit_test(refuses_nothing_at_all),
		cmocka_unit_test(last_file_wins),
		cmocka_unit_test(hash_finds_suffixes),
		cmocka_unit_test(hash_does_not_collide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
