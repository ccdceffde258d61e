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

#include <arpa/inet.h>
#include <cmocka.h>

#include "diag.h"
#include "names.h"
#include "own.h"
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
	assert_string_equal(s->entries[0].text, "a-b.slack.com");
	assert_int_equal(s->entries[0].value.service, IMTC_SERVICE_SLACK);
	assert_int_equal(s->entries[0].value.feature, IMTC_FEATURE_NONE);
	assert_int_equal(s->entries[0].value.encryption, 0);
	assert_int_equal(s->entries[0].line, 2);
	assert_string_equal(s->entries[2].text, "turn.example");
	assert_int_equal(s->entries[2].value.service, IMTC_SERVICE_SIGNAL);
	assert_int_equal(s->entries[2].value.feature, IMTC_FEATURE_VOICE);
	assert_int_equal(s->entries[2].value.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_int_equal(s->entries[2].line, 4);
	assert_int_equal(s->entries[3].value.encryption, IMTC_ENCRYPTION_CLEAR);
	signatures_free(s);
	diag_free(diag);
}

static void reads_all_kinds(void **state)
{
	struct diag *diag = diag_new();
	struct signatures *s = read_text(
		"services = (\n"
		"  { service = \"telegram\"; encryption = \"encrypted\"; feature = \"voice\";\n"
		"    prefixes = [ \"2001:db8:4e8::/48\", \"192.0.2.0/24\", \"198.51.100.7\" ]; },\n"
		"  { service = \"irc\"; alpn = [ \"irc\" ]; user_agents = [ \"HexChat\" ];\n"
		"    domains = [ \"irc.example\" ];\n"
		"    patterns = ( { offset = 2; value = \"16 F1 0301\"; mask = \"ff ff ff 0f\";\n"
		"                   direction = \"server\"; transport = \"udp\";\n"
		"                   min_length = 8; max_length = 100; },\n"
		"                 { value = \"aabbcc\"; } ); }\n"
		");\n", diag);
	const struct imtc_pattern *p;

	(void)state;
	assert_non_null(s);
	assert_int_equal(s->count, 8);
	for (int kind = SIGNATURE_DOMAIN; kind <= SIGNATURE_AGENT; kind++)
		assert_int_equal(s->counts[kind], 1);
	assert_int_equal(s->counts[SIGNATURE_PREFIX], 3);
	assert_int_equal(s->counts[SIGNATURE_PATTERN], 2);
	assert_string_equal(s->entries[1].text, "irc");
	assert_int_equal(s->entries[1].kind, SIGNATURE_ALPN);
	assert_string_equal(s->entries[2].text, "HexChat");
	/* By their text. */
	assert_string_equal(s->entries[3].text, "192.0.2.0/24");
	assert_int_equal(s->entries[3].prefix.bits, 96 + 24);
	assert_int_equal(s->entries[3].prefix.addr[2], htonl(0xffff));
	assert_int_equal(s->entries[3].prefix.addr[3], htonl(0xc0000200));
	assert_int_equal(s->entries[4].prefix.bits, 128);
	assert_int_equal(s->entries[5].prefix.bits, 48);
	assert_int_equal(s->entries[5].prefix.addr[0], htonl(0x20010db8));
	assert_int_equal(s->entries[5].value.feature, IMTC_FEATURE_VOICE);
	assert_int_equal(s->entries[5].value.encryption, IMTC_ENCRYPTION_ENCRYPTED);
	assert_string_equal(s->entries[6].text, "any either 0: aa bb cc");
	p = &s->entries[7].pattern;
	assert_string_equal(s->entries[7].text,
			    "udp server 2: 16 f1 03 01 & ff ff ff 0f length 8-100");
	assert_int_equal(p->len, 4);
	assert_int_equal(p->offset, 2);
	assert_int_equal(p->l4, IMTC_L4_UDP);
	assert_int_equal(p->directions, 1 << IMTC_DIR_SERVER);
	assert_int_equal(p->means.service, IMTC_SERVICE_IRC);
	for (int i = p->len; i < IMTC_PATTERN_BYTES; i++)
		assert_int_equal(p->mask[i] | p->value[i], 0);
	signatures_free(s);
	diag_free(diag);
}

/* What is found for a word is what programs find. */
static void finds_the_longest(void **state)
{
	struct diag *diag = diag_new();
	struct signatures *s = read_text(
		"services = (\n"
		"  { service = \"line\"; domains = [ \"a.example\" ]; user_agents = [ \"Ab\" ];\n"
		"    prefixes = [ \"192.0.2.0/24\", \"2001:db8::/32\" ]; },\n"
		"  { service = \"viber\"; domains = [ \"x.a.example\" ];\n"
		"    user_agents = [ \"Ab/2 (x\" ]; prefixes = [ \"192.0.2.128/25\" ]; },\n"
		"  { service = \"none\"; domains = [ \"y.x.a.example\" ]; }\n"
		");\n", diag);

	(void)state;
	assert_non_null(s);
#define FINDS(kind, word, name) \
	assert_int_equal(signatures_find(s, kind, word)->value.service, IMTC_SERVICE_##name)
	FINDS(SIGNATURE_DOMAIN, "b.a.example", LINE);
	FINDS(SIGNATURE_DOMAIN, "b.x.a.example", VIBER);
	FINDS(SIGNATURE_DOMAIN, "y.x.a.example", NONE);
	assert_null(signatures_find(s, SIGNATURE_DOMAIN, "ba.example"));
	FINDS(SIGNATURE_PREFIX, "192.0.2.127", LINE);
	FINDS(SIGNATURE_PREFIX, "192.0.2.128", VIBER);
	FINDS(SIGNATURE_PREFIX, "2001:db8:1::1", LINE);
	assert_null(signatures_find(s, SIGNATURE_PREFIX, "192.0.3.1"));
	assert_null(signatures_find(s, SIGNATURE_PREFIX, "no address"));
	FINDS(SIGNATURE_AGENT, "Ab", LINE);
	FINDS(SIGNATURE_AGENT, "Ab/3.1 (y)", LINE);
	FINDS(SIGNATURE_AGENT, "Ab/2 (x; y)", VIBER);
	assert_null(signatures_find(s, SIGNATURE_AGENT, "Abc/2"));
	assert_null(signatures_find(s, SIGNATURE_ALPN, "Ab"));
	signatures_free(s);
	diag_free(diag);
}

static void names_services_of_ones_own(void **state)
{
	struct diag *diag = diag_new();
	struct signatures *s = read_text(
		"own_services = ( { name = \"acme-chat\"; title = \"ACME Chat\"; group = \"public\"; },\n"
		"                 { name = \"b2\"; } );\n"
		"services = ( { service = \"acme-chat\"; domains = [ \"chat.acme.example\" ]; },\n"
		"             { service = \"b2\"; domains = [ \"b2.example\" ]; } );\n", diag);
	__u64 set[IMTC_SERVICE_MAX / 64];
	int number = service_number("acme-chat");

	(void)state;
	assert_non_null(s);
	assert_in_range(number, OWN_FIRST, IMTC_SERVICE_MAX - 1);
	assert_int_equal(s->entries[1].value.service, number);
	assert_string_equal(service_name((unsigned int)number), "acme-chat");
	assert_string_equal(service_title((unsigned int)number), "ACME Chat");
	assert_string_equal(service_title((unsigned int)service_number("b2")), "b2");
	assert_string_equal(service_nearest("acme-chta"), "acme-chat");
	assert_true(group_services("public", set));
	assert_true(set[number / 64] >> (number % 64) & 1);
	assert_true(group_services("corporate", set));
	assert_false(set[number / 64] >> (number % 64) & 1);
	signatures_free(s);
	/* Named again: the same number, and what was said last. */
	s = read_text("own_services = ( { name = \"acme-chat\"; title = \"New\"; } );\n"
		      "services = ( );", diag);
	assert_non_null(s);
	assert_int_equal(service_number("acme-chat"), number);
	assert_string_equal(service_title((unsigned int)number), "New");
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
	refused("services = ( { service = \"\"; domains = [ \"a.b\" ]; } );", 1,
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

static void refuses_kinds(void **state)
{
	(void)state;
#define ENTRY(list) "services = (\n{ service = \"irc\";\n" list "; } );"
	refused(ENTRY("prefixes = [ \"192.0.2.1/24\" ]"), 3, "bits set past");
	refused(ENTRY("prefixes = [ \"192.0.2.0/33\" ]"), 3, "too large");
	refused(ENTRY("prefixes = [ \"example.org\" ]"), 3, "not an address");
	refused(ENTRY("prefixes = [ \"10.0.0.0/7\" ]"), 3, "more than one service");
	refused(ENTRY("prefixes = [ \"2000::/3\" ]"), 3, "more than one service");
	refused(ENTRY("prefixes = ( 5 )"), 3, "a prefix is a string");
	refused(ENTRY("prefixes = [ \"192.0.2.0/24\", \"192.0.2.0/24\" ]"), 3, "again");
	refused(ENTRY("alpn = [ \"h2\" ]"), 3, "every web server");
	refused(ENTRY("alpn = [ \"http/1.1\" ]"), 3, "every web server");
	refused(ENTRY("alpn = [ \"\" ]"), 3, "1 to 32");
	refused(ENTRY("alpn = [ \"012345678901234567890123456789012\" ]"), 3, "1 to 32");
	refused(ENTRY("alpn = [ \"a b\" ]"), 3, "without spaces");
	refused(ENTRY("user_agents = [ \"Mozilla\" ]"), 3, "every browser");
	refused(ENTRY("user_agents = [ \"Abc/\" ]"), 3, "ends before");
	refused(ENTRY("user_agents = [ \"\\x01\" ]"), 3, "printable");
	refused(ENTRY("patterns = ( 5 )"), 3, "not a group");
	refused(ENTRY("patterns = ( { offset = 0; } )"), 3, "no value");
	refused(ENTRY("patterns = ( { value = \"xx\"; } )"), 3, "not bytes");
	refused(ENTRY("patterns = ( { value = \"a\"; } )"), 3, "not bytes");
	refused(ENTRY("patterns = ( { value = \"\"; } )"), 3, "not bytes");
	refused(ENTRY("patterns = ( { value = \"00112233445566778899aabbccddeeff00\"; } )"), 3,
		"not bytes");
	refused(ENTRY("patterns = ( { value = \"aabb\"; } )"), 3, "by chance");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; mask = \"ffffc0\"; } )"), 3, "by chance");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; mask = \"ffff\"; } )"), 3, "as many");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; offset = 4090; } )"), 3, "bounds");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; offset = -1; } )"), 3, "bounds");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; direction = \"up\"; } )"), 3, "words");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; transport = 6; } )"), 3, "words");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; min_length = 5; } )"), 3, "datagram");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; transport = \"udp\"; min_length = 9;\n"
		      "max_length = 8; } )"), 3, "less than");
	refused(ENTRY("patterns = ( { value = \"aabbcc\";\nlength = 5; } )"), 4, "unknown setting");
	refused(ENTRY("patterns = ( { value = \"aabbcc\"; }, { value = \"AA bb CC\"; } )"), 3,
		"again");
}

static void refuses_services_of_ones_own(void **state)
{
	char many[2048] = "services = ( );\nown_services = (\n";

	(void)state;
#define OWN(entry) "services = ( );\nown_services = (\n" entry " );"
	refused("services = ( );\nown_services = { };", 2, "not a list");
	refused(OWN("5"), 3, "not a group");
	refused(OWN("{ title = \"x\"; }"), 3, "no name");
	refused(OWN("{ name = \"Acme\"; }"), 3, "no name for");
	refused(OWN("{ name = \"acme-\"; }"), 3, "no name for");
	refused(OWN("{ name = \"a012345678901234567890123456789012\"; }"), 3, "no name for");
	refused(OWN("{ name = \"xmpp\"; }"), 3, "known without");
	refused(OWN("{ name = \"none\"; }"), 3, "known without");
	refused(OWN("{ name = \"c3\"; title = \"\"; }"), 3, "no title");
	refused(OWN("{ name = \"c3\"; group = \"big\"; }"), 3, "no group");
	refused(OWN("{ name = \"c3\"; grup = \"public\"; }"), 3, "unknown setting");
	for (int i = 0; i <= OWN_MAX; i++)
		snprintf(many + strlen(many), sizeof(many) - strlen(many), "%s{ name = \"m%d\"; }",
			 i ? "," : "", i);
	strcat(many, " );");
	refused(many, 3, "there is room for 32");
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
	assert_string_equal(s->entries[0].text, "a.example");
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
	struct imtc_domain_key key = signature_key(SIGNATURE_DOMAIN, "example.org", seed);
	struct imtc_domain_key elsewhere = signature_key(SIGNATURE_DOMAIN, "example.org", other);

	(void)state;
	assert_true(walk_finds("example.org", seed, key));
	assert_true(walk_finds("a.b.example.org", seed, key));
	assert_false(walk_finds("notexample.org", seed, key));
	assert_false(walk_finds("example.org.evil", seed, key));
	assert_false(walk_finds("org", seed, key));
	assert_false(walk_finds("example.com", seed, key));
	/* The same letters as a value of another kind are another key. */
	elsewhere = signature_key(SIGNATURE_ALPN, "example.org", seed);
	assert_memory_not_equal(&key, &elsewhere, sizeof(key));
	key = signature_key(SIGNATURE_AGENT, "example.org", seed);
	assert_memory_not_equal(&key, &elsewhere, sizeof(key));
	key = signature_key(SIGNATURE_DOMAIN, "example.org", seed);
	elsewhere = signature_key(SIGNATURE_DOMAIN, "example.org", other);
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
		keys[i] = signature_key(SIGNATURE_DOMAIN, name, seed);
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
		cmocka_unit_test(reads_all_kinds),
		cmocka_unit_test(finds_the_longest),
		cmocka_unit_test(refuses_domains),
		cmocka_unit_test(refuses_kinds),
		cmocka_unit_test(refuses_settings),
		cmocka_unit_test(refuses_nothing_at_all),
		cmocka_unit_test(names_services_of_ones_own),
		cmocka_unit_test(refuses_services_of_ones_own),
		cmocka_unit_test(last_file_wins),
		cmocka_unit_test(hash_finds_suffixes),
		cmocka_unit_test(hash_does_not_collide),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
