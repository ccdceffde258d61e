// SPDX-License-Identifier: GPL-2.0-only
/*
 * The policy compiler: prefixes, lists that become rules, digests, and the
 * claim that a rule can never win, held against brute force.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <imtc/policy_domain.h>

#include <imtc/sha256_bytes.h>

#include "diag.h"
#include "names.h"
#include "nearest.h"
#include "policy_sets.h"
#include "policy_tree.h"
#include "utf8.h"

static unsigned int seed = 1;

/* The same numbers in each run: what fails once fails again. */
static unsigned int draw(unsigned int below)
{
	seed = seed * 1103515245u + 12345u;
	return (seed >> 16) % below;
}

/* --- prefixes --------------------------------------------------------------- */

static struct imtc_prefix good_prefix(const char *text)
{
	struct value_error error = { 0 };
	struct imtc_prefix prefix;

	if (!value_prefix(text, &prefix, &error))
		fail_msg("%s: %s", text, error.message);
	return prefix;
}

static void address(const char *text, u64 addr[2])
{
	struct imtc_prefix prefix = good_prefix(text);

	memcpy(addr, prefix.addr, sizeof(prefix.addr));
}

static int inside(const char *prefix_of, const char *addr_of)
{
	struct imtc_prefix prefix = good_prefix(prefix_of);
	u64 addr[2];

	address(addr_of, addr);
	return imtc_prefix_matches(&prefix, addr);
}

static void test_prefix_matches(void **state)
{
	(void)state;
	assert_true(inside("10.0.0.0/8", "10.255.0.1"));
	assert_false(inside("10.0.0.0/8", "11.0.0.1"));
	assert_true(inside("0.0.0.0/0", "255.255.255.255"));
	assert_false(inside("0.0.0.0/0", "2001:db8::1"));
	assert_false(inside("0.0.0.0/0", "::"));
	assert_true(inside("192.0.2.128/25", "192.0.2.129"));
	assert_false(inside("192.0.2.128/25", "192.0.2.127"));
	assert_true(inside("192.0.2.1", "192.0.2.1"));
	assert_true(inside("::ffff:192.0.2.1", "192.0.2.1"));
	assert_false(inside("192.0.2.1", "192.0.2.0"));
	assert_true(inside("2001:db8::/33", "2001:db8:7fff::1"));
	assert_false(inside("2001:db8::/33", "2001:db8:8000::1"));
	assert_false(inside("2000::/3", "192.0.2.1"));
	assert_true(inside("fe80::/10", "febf::1"));
}

static void test_prefix_refused(void **state)
{
	static const char *const bad[] = {
		"", "/", "/8", "10", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/ 8",
		"10.0.0.0/33", "10.0.0.0/08000000000", "10.0.0.0/4294967304", "10.0.0.0/8/8",
		"10.0.0.0/8x", " 10.0.0.0/8", "10.0.0.0 /8", "10.0.0", "10.0.0.0.0", "256.0.0.0",
		"010.0.0.0", "0x0a.0.0.0", "10.0.0.1/31", "2001:db8::/129", "2001:db8:::",
		"2001:db8::1/64", "fe80::1%eth0", "::/0", "::/1", "::/64", "::/80",
		"::fffe:0:0/95", "::8000:0:0/81", "[::1]", "12345678901234567890123456789012345678901234567890",
	};
	struct value_error error;
	struct imtc_prefix prefix;

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		memset(&error, 0, sizeof(error));
		if (value_prefix(bad[i], &prefix, &error))
			fail_msg("\"%s\" was taken for a prefix", bad[i]);
		assert_true(error.message[0]);
	}
	/* The IPv4-compatible addresses are no IPv4 as imtc writes it. */
	assert_true(value_prefix("::/96", &prefix, &error));
	assert_true(value_prefix("::/81", &prefix, &error));
}

/* Text and back, for each length and family. */
static void test_prefix_text(void **state)
{
	char text[64], again[64];

	(void)state;
	for (int i = 0; i < 20000; i++) {
		unsigned char bytes[16] = { [10] = 0xff, [11] = 0xff };
		bool v4 = draw(2);
		unsigned int bits = v4 ? 96 + draw(33) : 1 + draw(128);
		struct imtc_prefix prefix = { 0 }, parsed;
		struct value_error error;

		for (int k = v4 ? 12 : 0; k < 16; k++)
			bytes[k] = (unsigned char)draw(256);
		bytes[0] = v4 ? 0 : bytes[0] | 0x80;
		for (unsigned int k = 0; k < 128; k++) {
			if (k < bits)
				((unsigned char *)prefix.mask)[k / 8] |= 0x80 >> (k % 8);
			else
				bytes[k / 8] &= (unsigned char)~(0x80 >> (k % 8));
		}
		memcpy(prefix.addr, bytes, 16);
		prefix_text(&prefix, text, sizeof(text));
		if (!value_prefix(text, &parsed, &error))
			fail_msg("%s: %s", text, error.message);
		assert_memory_equal(&prefix, &parsed, sizeof(prefix));
		prefix_text(&parsed, again, sizeof(again));
		assert_string_equal(text, again);
	}
}

/* --- compiling -------------------------------------------------------------- */

static struct policy *compile(const char *text)
{
	struct diag *diag = diag_new();
	struct policy *policy = policy_read_bytes("test.conf", text, strlen(text), diag);

	if (!policy)
		diag_print(diag, stderr);
	diag_free(diag);
	assert_non_null(policy);
	return policy;
}

static unsigned int count_warnings(const char *text)
{
	struct diag *diag = diag_new();
	struct policy *policy = policy_read_bytes("test.conf", text, strlen(text), diag);
	unsigned int warnings = diag_warnings(diag);

	assert_non_null(policy);
	policy_free(policy);
	diag_free(diag);
	return warnings;
}

static void test_expansion(void **state)
{
	struct policy *policy = compile(
		"rules = ( { process = { user = [ 1, 2, 3 ]; comm = [ \"a\", \"b\" ]; };"
		"  remote = [ \"10.0.0.0/8\", \"2001:db8::/32\" ]; verdict = \"drop\"; },"
		"  { process = { comm = \"b\"; user = 3; }; verdict = \"allow\"; } );");

	(void)state;
	assert_int_equal(policy->rule_count, 2);
	assert_int_equal(policy->compiled_count, 13);
	assert_int_equal(policy->proc_count, 6);
	for (size_t i = 0; i < 12; i++) {
		assert_int_equal(policy->compiled[i].id, 1);
		assert_int_equal(policy->compiled[i].verdict, IMTC_VERDICT_DROP);
		assert_in_range(policy->compiled[i].proc, 1, 6);
	}
	/* The last pattern is the one that rule 1 made already. */
	assert_int_equal(policy->compiled[12].id, 2);
	assert_int_equal(policy->procs[policy->compiled[12].proc - 1].uid, 3);
	assert_string_equal(policy->procs[policy->compiled[12].proc - 1].comm, "b");
	assert_true(policy->rules[0].needs_module && policy->rules[1].needs_module);
	policy_free(policy);
}

static void test_lines(void **state)
{
	struct policy *policy = compile("rules = (\n{ verdict = \"drop\"; },\n\n"
					"{ name = \"x\";\nservice = \"irc\"; verdict = \"drop\"; } );");

	(void)state;
	assert_int_equal(policy->rules[0].line, 2);
	assert_int_equal(policy->rules[1].line, 4);
	assert_string_equal(policy->rules[0].file, "test.conf");
	assert_string_equal(policy->rules[0].name, "rule 1");
	assert_string_equal(policy->name, "test");
	assert_false(policy->rules[0].needs_module);
	policy_free(policy);
}

/* Limits of the contract: exactly as many as fit, and not one more. */
static void test_limits(void **state)
{
	size_t size = 1 << 20;
	char *text = malloc(size);

	(void)state;
	for (unsigned int users = IMTC_PROCS_MAX - 1; users <= IMTC_PROCS_MAX; users++) {
		struct diag *diag = diag_new();
		struct policy *policy;
		int used = snprintf(text, size, "rules = ( { process = { user = [");

		for (unsigned int i = 0; i < users; i++)
			used += snprintf(text + used, size - (size_t)used, "%s%u", i ? "," : "", i);
		snprintf(text + used, size - (size_t)used, "]; }; verdict = \"drop\"; } );");
		policy = policy_read_bytes("test.conf", text, strlen(text), diag);
		if (users < IMTC_PROCS_MAX)
			assert_non_null(policy);
		else
			assert_null(policy);
		policy_free(policy);
		diag_free(diag);
	}
	free(text);
}

static void test_digest(void **state)
{
	static const struct { const char *text, *digest; } vectors[] = {
		/* FIPS 180-4 examples, and those at the edges of a block from sha256sum(1). */
		{ "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
		{ "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" },
		{ "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
		  "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1" },
		{ "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
		  "ffe054fe7ae0cb6dc65c3af9b61d5209f439851db43d0ba5997337df154668eb" },
	};
	u8 digest[32];
	char hex[65];

	(void)state;
	for (size_t i = 0; i < sizeof(vectors) / sizeof(vectors[0]); i++) {
		struct imtc_sha256_bytes hash;

		imtc_sha256_bytes_start(&hash);
		for (const char *c = vectors[i].text; *c; c++)
			imtc_sha256_bytes_add(&hash, c, 1);
		imtc_sha256_bytes_finish(&hash, digest);
		for (int k = 0; k < 32; k++)
			snprintf(hex + 2 * k, 3, "%02x", digest[k]);
		assert_string_equal(hex, vectors[i].digest);
	}
}

static void test_policy_digest(void **state)
{
	static const char text[] = "rules = ( );";	/* no newline at its end */
	struct policy *policy = compile(text);
	struct imtc_sha256_bytes hash;
	u8 digest[32];

	(void)state;
	imtc_sha256_bytes_start(&hash);
	imtc_sha256_bytes_add(&hash, text, strlen(text));
	imtc_sha256_bytes_finish(&hash, digest);
	assert_memory_equal(policy->digest, digest, sizeof(digest));
	policy_free(policy);
}

/* --- rules that can never win ----------------------------------------------- */

#define RULES 7
#define OWNERS 24

static void draw_prefix(struct imtc_prefix *prefix)
{
	static const char *const some[] = {
		"10.0.0.0/8", "10.1.0.0/16", "10.1.2.0/24", "10.1.2.3", "10.2.0.0/16",
		"0.0.0.0/0", "2001:db8::/32", "2001:db8:1::/48", "2001:db8::1", "2000::/3",
	};

	memset(prefix, 0, sizeof(*prefix));
	if (draw(2))
		*prefix = good_prefix(some[draw(sizeof(some) / sizeof(some[0]))]);
}

static void draw_proc(struct imtc_proc *proc)
{
	static const char *const paths[] = { "/a", "/a/b", "/a/bc", "/c" };

	memset(proc, 0, sizeof(*proc));
	while (!proc->flags)
		proc->flags = draw(32);
	proc->uid = proc->flags & IMTC_PROC_UID ? draw(2) : 0;
	proc->gid = proc->flags & IMTC_PROC_GID ? draw(2) : 0;
	if (proc->flags & IMTC_PROC_COMM)
		strcpy(proc->comm, draw(2) ? "x" : "y");
	if (proc->flags & IMTC_PROC_EXE)
		strcpy(proc->exe, paths[draw(2)]);
	if (proc->flags & IMTC_PROC_CGROUP)
		strcpy(proc->cgroup, paths[draw(4)]);
}

static void draw_owner(struct imtc_owner *owner)
{
	static const char *const groups[] = { "/", "/a", "/a/b", "/a/bc", "/a/b/c", "/c/d" };

	memset(owner, 0, sizeof(*owner));
	owner->uid = draw(2);
	owner->gid = draw(2);
	strcpy(owner->comm, draw(2) ? "x" : "y");
	strcpy(owner->exe, draw(2) ? "/a" : "/a/b");
	strcpy(owner->cgroup, groups[draw(6)]);
}

static void draw_ports(struct imtc_ports *ports)
{
	ports->first = (u16)(draw(3) ? 0 : 1 + draw(3));
	ports->last = (u16)(ports->first ? ports->first + draw(3) : 0);
}

/* Seldom: rules that ask for much cover few others. */
static const u64 no_seed[2];

static void draw_domain(struct imtc_rule *rule)
{
	static const char *const some[] = { "test", "=test", "*.test", "a.test", "=a.test" };

	if (!draw(8))
		imtc_rule_domain(rule, some[draw(5)], no_seed);
}

static void draw_place(struct imtc_rule *rule)
{
	draw_domain(rule);
	if (draw(4))
		return;
	rule->confidence = draw(3) ? 0 : (u8)draw(6);
	rule->peers = draw(3) ? 0 : (u8)draw(4);
	rule->ifindex = draw(3) ? 0 : draw(3);
	rule->rates[draw(IMTC_RATES)] = draw(4) ? 0 : 1 + draw(2);
	rule->schedule = draw(3) ? 0 : (u8)(1 + draw(2)) | (draw(2) ? 0 : IMTC_SCHEDULE_NOT);
	draw_ports(&rule->local_port);
	draw_ports(&rule->remote_port);
}

static void draw_policy(struct policy *policy, struct policy_rule *rules,
			struct imtc_rule *compiled, struct imtc_proc *procs)
{
	memset(policy, 0, sizeof(*policy));
	policy->rules = rules;
	policy->compiled = compiled;
	policy->procs = procs;
	policy->proc_count = 1 + draw(6);
	for (size_t i = 0; i < policy->proc_count; i++)
		draw_proc(&procs[i]);
	policy->rule_count = 2 + draw(RULES - 1);
	for (u32 id = 1; id <= policy->rule_count; id++) {
		for (unsigned int n = 1 + draw(3); n; n--) {
			struct imtc_rule *rule = &compiled[policy->compiled_count++];

			memset(rule, 0, sizeof(*rule));
			rule->id = id;
			rule->services[0] = draw(3) ? draw(8) << 1 : 0;
			rule->services[1] = draw(5) ? 0 : 1;
			rule->features = draw(2) ? 0 : (u16)draw(8);
			rule->directions = draw(2) ? 0 : (u8)draw(8);
			draw_place(rule);
			rule->encryptions = draw(2) ? 0 : (u8)draw(16);
			rule->proc = draw(2) ? 0 : (u16)(1 + draw((unsigned int)policy->proc_count));
			draw_prefix(&rule->local);
			draw_prefix(&rule->remote);
		}
	}
}

static void draw_facts(const struct policy *policy, struct imtc_facts *facts)
{
	static const char *const some[] = {
		"10.1.2.3", "10.1.2.4", "10.1.3.3", "10.2.0.1", "10.9.9.9", "192.0.2.1",
		"2001:db8::1", "2001:db8:1::1", "2001:db8:2::1", "2a00::1", "fe80::1",
	};
	static const char *const names[] = { "", "test", "a.test", "b.a.test" };
	struct imtc_owner owner;
	const char *name;

	memset(facts, 0, sizeof(*facts));
	address(some[draw(11)], facts->local);
	address(some[draw(11)], facts->remote);
	facts->service = draw(6) ? (u16)draw(5) : 64;
	facts->feature = (u8)draw(4);
	facts->direction = draw(2) ? IMTC_DIRECTION_OUT : IMTC_DIRECTION_IN;
	facts->direction |= draw(2) ? 0 : IMTC_DIRECTION_FORWARD;
	facts->confidence = (u8)draw(6);
	facts->peer = draw(2) ? IMTC_PEER_INSIDE : IMTC_PEER_OUTSIDE;
	facts->ifindex = 1 + draw(2);
	facts->schedules = draw(4);
	facts->rates[IMTC_RATE_FLOWS] = draw(4);
	facts->rates[IMTC_RATE_PEERS] = draw(4);
	facts->local_port = (u16)(1 + draw(5));
	facts->remote_port = (u16)(1 + draw(5));
	facts->encryption = (u8)draw(4);
	name = names[draw(4)];
	imtc_facts_domain(facts, name, (u32)strlen(name), no_seed);
	draw_owner(&owner);
	for (size_t i = 0; i < policy->proc_count; i++)
		if (imtc_proc_matches(&policy->procs[i], &owner, 0))
			facts->procs[(i + 1) / 64] |= 1ULL << ((i + 1) % 64);
}

/* As the comment of policy_shadow.c says it, pair by pair: what the index must find too. */
static bool covers_ports(const struct imtc_ports *a, const struct imtc_ports *b)
{
	return !a->last || (b->last && b->first >= a->first && b->last <= a->last);
}

static bool covers_place(const struct imtc_rule *a, const struct imtc_rule *b)
{
	if ((a->schedule && a->schedule != b->schedule) || imtc_rule_has_rates(a))
		return false;
	if (a->peers && (!b->peers || (b->peers & ~a->peers)))
		return false;
	if (a->domain_labels && (a->domain_labels != b->domain_labels || a->domain != b->domain ||
				 (a->domain_kind && a->domain_kind != b->domain_kind)))
		return false;
	return a->confidence <= b->confidence && (!a->ifindex || a->ifindex == b->ifindex) &&
	       covers_ports(&a->local_port, &b->local_port) &&
	       covers_ports(&a->remote_port, &b->remote_port);
}

static bool covers(const struct policy *policy, const struct imtc_rule *a,
		   const struct imtc_rule *b)
{
	const struct imtc_proc *wide = policy_proc(policy, a), *narrow = policy_proc(policy, b);

	for (int i = 0; i < 2; i++) {
		if ((a->services[0] | a->services[1]) &&
		    (!(b->services[0] | b->services[1]) || (b->services[i] & ~a->services[i])))
			return false;
		if ((a->local.mask[i] & ~b->local.mask[i]) ||
		    ((a->local.addr[i] ^ b->local.addr[i]) & a->local.mask[i]) ||
		    (a->remote.mask[i] & ~b->remote.mask[i]) ||
		    ((a->remote.addr[i] ^ b->remote.addr[i]) & a->remote.mask[i]))
			return false;
	}
	if (a->features && (!b->features || (b->features & ~a->features)))
		return false;
	if (a->directions && (!b->directions || (b->directions & ~a->directions)))
		return false;
	if (a->encryptions && (!b->encryptions || (b->encryptions & ~a->encryptions)))
		return false;
	if (!covers_place(a, b))
		return false;
	/* Patterns apart from their own are left to brute force. */
	return !wide || (narrow && !memcmp(wide, narrow, sizeof(*wide)));
}

static bool surely_dead(const struct policy *policy, u32 id)
{
	for (size_t b = 0; b < policy->compiled_count; b++) {
		bool dead = false;

		if (policy->compiled[b].id != id)
			continue;
		for (size_t a = 0; a < b && !dead; a++)
			dead = policy->compiled[a].id != id &&
			       covers(policy, &policy->compiled[a], &policy->compiled[b]);
		if (!dead)
			return false;
	}
	return true;
}

static void test_shadows(void **state)
{
	struct policy_rule rules[RULES + 1];
	struct imtc_rule compiled[3 * (RULES + 1)];
	struct imtc_proc procs[8];
	struct shadow shadows[RULES + 1];
	unsigned int reported = 0, alive = 0;
	struct imtc_facts facts;
	struct policy policy;

	(void)state;
	for (int round = 0; round < 4000; round++) {
		draw_policy(&policy, rules, compiled, procs);
		assert_int_equal(policy_find_shadows(&policy, shadows), 0);
		for (int i = 0; i < 300; i++) {
			int first;

			draw_facts(&policy, &facts);
			first = imtc_rules_first(compiled, (u32)policy.compiled_count, &facts);
			if (first >= 0 && shadows[compiled[first].id - 1].count)
				fail_msg("round %d: rule %u wins and was said to be dead", round,
					 compiled[first].id);
		}
		for (u32 id = 1; id <= policy.rule_count; id++) {
			reported += shadows[id - 1].count > 0;
			alive += !shadows[id - 1].count;
			if (surely_dead(&policy, id) && !shadows[id - 1].count)
				fail_msg("round %d: rule %u is dead and was not found", round, id);
			for (u32 k = 0; k < 4 && k < shadows[id - 1].count; k++)
				assert_in_range(shadows[id - 1].by[k], 1, id - 1);
		}
	}
	/* A test that never sees a dead rule, or never a live one, shows nothing. */
	assert_in_range(reported, 500, 1u << 30);
	assert_in_range(alive, 500, 1u << 30);
}

static void test_warnings(void **state)
{
	(void)state;
	assert_int_equal(count_warnings("rules = ( { verdict = \"drop\"; }, { service = \"irc\"; "
					"verdict = \"drop\"; } );"), 1);
	assert_int_equal(count_warnings("rules = ( { service = \"irc\"; verdict = \"drop\"; }, "
					"{ verdict = \"drop\"; } );"), 0);
	assert_int_equal(count_warnings("rules = ( { local = \"10.0.0.1\"; remote = \"::1\"; "
					"verdict = \"drop\"; } );"), 1);
}

/* --- words ------------------------------------------------------------------ */

static void test_names(void **state)
{
	(void)state;
	for (unsigned int i = 1; i < IMTC_SERVICE_MAX; i++) {
		int number = service_number(service_name(i));

		if (number >= 0)
			assert_int_equal(number, i);
	}
	assert_string_equal(service_name(IMTC_SERVICE_XMPP), "xmpp");
	assert_string_equal(service_name(127), "service-127");
	assert_string_equal(service_name(70000), "service-70000");
	assert_string_equal(verdict_name(IMTC_VERDICT_PASS), "pass");
	assert_string_equal(action_name(IMTC_VERDICT_PASS), "allow");
	assert_string_equal(action_name(IMTC_VERDICT_DROP), "drop");
	assert_int_equal(service_number("nothing"), -1);
	assert_null(outcome_name(1000));
	assert_string_equal(service_nearest("jabber") ? service_nearest("jabber") : "", "");
	assert_string_equal(service_nearest("discrod"), "discord");
	assert_string_equal(service_nearest("whatsap"), "whatsapp");
	assert_null(service_nearest(""));
	assert_null(service_nearest("a word that is much longer than any that there may be"));
}

static void test_utf8(void **state)
{
	static const char *const bad[] = {
		"\x80", "\xc0\x80", "\xc1\xbf", "\xc2", "\xe0\x80\x80", "\xe2\x82", "\xed\xa0\x80",
		"\xf0\x80\x80\x80", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe9",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		assert_false(utf8_is_valid(bad[i]));
	assert_true(utf8_is_valid("abc \xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80"));
	assert_int_equal(utf8_columns("\xe2\x82\xac" "a"), 2);
}

/* --- sets ------------------------------------------------------------------- */

static void write_file(const char *folder, const char *name, const char *text)
{
	char path[256];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", folder, name);
	f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static struct policy *read_with_sets(const char *folder, const char *rules, struct diag *diag)
{
	char text[2048];

	snprintf(text, sizeof(text), "%s sets = \"%s/*.txt\";", rules, folder);
	return policy_read_bytes("sets.conf", text, strlen(text), diag);
}

static struct policy *read_with_words(const char *folder, const char *rules, struct diag *diag)
{
	char text[1024];

	snprintf(text, sizeof(text), "domain_sets = \"%s/*.names\"; user_sets = \"%s/*.users\";"
		 "program_sets = \"%s/*.programs\";\n%s", folder, folder, folder, rules);
	return read_with_sets(folder, text, diag);
}

static bool is_refused(const char *folder, const char *rules, const char *message)
{
	struct diag *diag = diag_new();
	struct policy *policy = read_with_words(folder, rules, diag);
	char *text = NULL;
	size_t size;
	FILE *to = open_memstream(&text, &size);
	bool said;

	diag_print(diag, to);
	fclose(to);
	said = !policy && strstr(text, message);
	if (!said)
		fail_msg("\"%s\" is not in: %s", message, text);
	free(text);
	policy_free(policy);
	diag_free(diag);
	return said;
}

/* Of users and programs: each in a list with what is no set. */
static void check_processes(const char *folder, struct diag *diag)
{
	struct policy *policy;
	const struct imtc_proc *last;
	size_t at = 0;

	policy = read_with_words(folder, "rules = ( { verdict = \"drop\"; process = {"
				 "exe = [ \"/bin/a\", \"@tools\" ]; user = ( 7, \"@folk\" ); }; } );",
				 diag);
	assert_non_null(policy);
	assert_string_equal(policy_sets_word(&policy->sets, 4, &at), "0");
	assert_string_equal(policy_sets_word(&policy->sets, 4, &at), "4294967294");
	assert_null(policy_sets_word(&policy->sets, 4, &at));
	assert_int_equal(policy_sets_size(&policy->sets, 5), 2);
	assert_int_equal(policy->proc_count, 4);
	assert_int_equal(policy->procs[0].flags, IMTC_PROC_EXE | IMTC_PROC_UID);
	last = &policy->procs[3];
	assert_int_equal(last->flags, IMTC_PROC_EXE_SET | IMTC_PROC_USER_SET);
	assert_int_equal(last->user_set, 4);
	assert_int_equal(last->exe_set, 5);
	assert_non_null(policy->rules[0].needs_module);
	policy_free(policy);
	is_refused(folder, "rules = ( { verdict = \"drop\"; process = { exe = \"@folk\"; }; } );",
		   "\"@folk\" is a set of users");
	is_refused(folder, "rules = ( { verdict = \"drop\"; process = { user = \"@tols\"; }; } );",
		   "unknown set \"@tols\"");
	write_file(folder, "tools.programs", "/opt/*/tool\n");
	is_refused(folder, "rules = ( );", "\"/opt/*/tool\" is a pattern");
	write_file(folder, "tools.programs", "tool\n");
	is_refused(folder, "rules = ( );", "exe \"tool\" is not an absolute path");
	write_file(folder, "tools.programs", "");
	write_file(folder, "folk.users", "4294967295");
	is_refused(folder, "rules = ( );", "\"4294967295\" is no user number");
}

/* Beside the sets a and b of addresses, one of domains. */
static void test_word_sets(const char *folder, struct diag *diag)
{
	char path[256];
	struct policy *policy;
	size_t at = 0;

	write_file(folder, "names.names", "# names\nIM.Test.\n\t=a.test # b.test\r\n*.b.test");
	write_file(folder, "folk.users", "root\n4294967294");
	write_file(folder, "tools.programs", "/usr/bin/a # a tool\n/opt/b (1)/c");
	policy = read_with_words(folder, "rules = ( { verdict = \"drop\"; remote = \"@a\";"
				 "domain = [ \"d.test\", \"@names\" ]; } );", diag);
	assert_non_null(policy);
	assert_int_equal(policy->sets.count, 5);
	assert_int_equal(policy->sets.kinds[2], IMTC_SET_DOMAINS);
	assert_int_equal(policy->sets.word_count, 7);
	assert_string_equal(policy_sets_word(&policy->sets, 3, &at), "im.test");
	assert_string_equal(policy_sets_word(&policy->sets, 3, &at), "=a.test");
	assert_string_equal(policy_sets_word(&policy->sets, 3, &at), "*.b.test");
	assert_null(policy_sets_word(&policy->sets, 3, &at));
	assert_int_equal(policy->compiled_count, 2);
	assert_int_equal(policy->compiled[0].domain_set, 0);
	assert_int_equal(policy->compiled[1].domain_set, 3);
	assert_int_equal(policy->compiled[1].domain_labels, 0);
	policy_free(policy);

	/* Of a set, what is in it is not looked at: only the same one is as wide. */
	policy = read_with_words(folder, "rules = ( { verdict = \"drop\"; domain = \"@names\"; },"
				 "{ verdict = \"allow\"; domain = \"@names\"; service = \"irc\"; },"
				 "{ verdict = \"reject\"; domain = \"im.test\"; },"
				 "{ verdict = \"drop\"; remote = \"@a\"; } );", diag);
	assert_non_null(policy);
	assert_int_equal(diag_warnings(diag), 2);
	policy_free(policy);
	check_processes(folder, diag);
	write_file(folder, "folk.users", "");
	is_refused(folder, "rules = ( { verdict = \"drop\"; domain = \"@a\"; } );",
		   "\"@a\" is a set of addresses");
	is_refused(folder, "rules = ( { verdict = \"drop\"; remote = \"@names\"; } );",
		   "\"@names\" is a set of domains");
	is_refused(folder, "rules = ( { verdict = \"drop\"; domain = \"@nmes\"; } );",
		   "unknown set \"@nmes\"; did you mean \"@names\"?");
	write_file(folder, "a.names", "a.test\n");
	is_refused(folder, "rules = ( );", "\"a\" is a set of addresses already");
	snprintf(path, sizeof(path), "%s/a.names", folder);
	remove(path);
	snprintf(path, sizeof(path), "%s/names.names", folder);
	remove(path);
	snprintf(path, sizeof(path), "%s/folk.users", folder);
	remove(path);
	snprintf(path, sizeof(path), "%s/tools.programs", folder);
	remove(path);
}

static void test_sets(void **state)
{
	char folder[] = "/tmp/imtc-sets-XXXXXX", path[256];
	struct diag *diag = diag_new();
	struct policy *policy;

	(void)state;
	assert_non_null(mkdtemp(folder));
	write_file(folder, "a.txt", "# all of it\n10.0.0.0/8 # an office\r\n\n\t2001:db8::1 \n");
	write_file(folder, "b.b.txt", "192.0.2.1");
	policy = read_with_sets(folder, "rules = ( { verdict = \"drop\"; local = \"@b\";"
				"remote = [ \"@a\", \"192.0.2.0/24\", \"@b\" ]; } );", diag);
	assert_non_null(policy);
	assert_int_equal(policy->sets.count, 2);
	assert_string_equal(policy->sets.names[0], "a");
	assert_string_equal(policy->sets.names[1], "b");
	assert_int_equal(policy->sets.entry_count, 3);
	assert_int_equal(policy->sets.entries[0].set, 1);
	assert_int_equal(policy->sets.entries[2].set, 2);
	assert_int_equal(policy->compiled_count, 3);
	for (int i = 0; i < 3; i++)
		assert_int_equal(policy->compiled[i].local_set, 2);
	assert_int_equal(policy->compiled[0].remote_set, 0);
	assert_int_equal(policy->compiled[1].remote_set, 1);
	assert_int_equal(policy->compiled[2].remote_set, 2);
	policy_free(policy);

	/* A set takes what it takes, and not more. */
	policy = read_with_sets(folder, "rules = ( { verdict = \"drop\"; remote = \"@a\"; },"
				"{ verdict = \"allow\"; remote = \"@b\"; },"
				"{ verdict = \"allow\"; remote = \"@a\"; service = \"irc\"; },"
				"{ verdict = \"reject\"; remote = \"10.0.0.0/9\"; } );", diag);
	assert_non_null(policy);
	assert_int_equal(diag_warnings(diag), 1);
	policy_free(policy);
	assert_int_equal(diag_errors(diag), 0);

	test_word_sets(folder, diag);
	write_file(folder, "b.b.txt", "192.0.2.1\n192.0.2.300\n10.0.0.1/8\n");
	assert_null(read_with_sets(folder, "rules = ( );", diag));
	assert_int_equal(diag_errors(diag), 2);
	diag_free(diag);
	snprintf(path, sizeof(path), "%s/a.txt", folder);
	remove(path);
	snprintf(path, sizeof(path), "%s/b.b.txt", folder);
	remove(path);
	remove(folder);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_prefix_matches),
		cmocka_unit_test(test_prefix_refused),
		cmocka_unit_test(test_prefix_text),
		cmocka_unit_test(test_expansion),
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_digest),
		cmocka_unit_test(test_policy_digest),
		cmocka_unit_test(test_shadows),
		cmocka_unit_test(test_warnings),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_sets),
		cmocka_unit_test(test_utf8),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
