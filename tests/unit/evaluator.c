/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The evaluator of include/imtc/policy.h: the written vectors, and random rules
 * against another way to say the same.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <imtc/policy_domain.h>
#include <imtc/policy_index_build.h>

#include "vectors/policy.h"

#define RANDOM_QUESTIONS 500000
#define SET_ENTRIES 2000	/* of all sets of a policy */
#define SETS 5
#define INDEX_POLICIES 500
#define INDEX_QUESTIONS 240	/* a policy: 120,000 in all */

static void check_vector(const struct policy_vector *v, void *context)
{
	int got = imtc_rules_first(v->rules, v->count, &v->facts);
	struct imtc_facts facts = v->facts;
	struct imtc_index index;

	(void)context;
	if (got != v->first)
		fail_msg("line %d, policy %s: rule %d, not %d", v->line, v->name, got, v->first);
	assert_int_equal(imtc_index_build(&index, v->rules, v->count, NULL), 0);
	got = imtc_index_first(&index, v->rules, v->count, &facts, NULL, NULL);
	imtc_index_free(&index);
	if (got != v->first)
		fail_msg("line %d, policy %s: rule %d by the index, not %d", v->line, v->name,
			 got, v->first);
}

static void test_vectors(void **state)
{
	int asked = policy_vectors_read(POLICY_VECTORS, check_vector, NULL);

	(void)state;
	if (asked < 0)
		fail_msg("%s: line %d cannot be read", POLICY_VECTORS, -asked);
	assert_true(asked >= 80);
}

static u64 random_state = 1978;

static u32 random_below(u32 n)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % n;
}

/* Few values each, so that rules and questions meet often. */
static void random_address(u8 bytes[16])
{
	memset(bytes, 0, 16);
	bytes[random_below(16)] = (u8)random_below(2);
	bytes[15] = (u8)random_below(4);
}

static int random_prefix(struct imtc_prefix *p, u8 bytes[16])
{
	int len = random_below(2) ? (int)random_below(129) : 0;
	u8 mask[16] = { 0 };

	random_address(bytes);
	for (int i = 0; i < 128; i++) {
		if (i < len)
			mask[i / 8] |= (u8)(0x80 >> i % 8);
		else
			bytes[i / 8] &= (u8)~(0x80 >> i % 8);
	}
	memcpy(p->addr, bytes, 16);
	memcpy(p->mask, mask, 16);
	return len;
}

/* Bit by bit, as one would by hand. */
static int naive_prefix(const u8 prefix[16], int len, const u8 address[16])
{
	for (int i = 0; i < len; i++)
		if ((prefix[i / 8] ^ address[i / 8]) & (0x80 >> i % 8))
			return 0;
	return 1;
}

/* An entry of a set, in words of its own. */
struct naive_entry {
	u32 set;
	int len;
	u8 prefix[16];
};

static struct naive_entry naive_entries[SET_ENTRIES];
static struct imtc_set_entry sets[SET_ENTRIES];
static u32 sets_count;

/* Words of sets of domains, numbers SETS + 1 and SETS + 2. */
#define WORDS 5
static struct { u32 set; const char *pattern; } naive_words[WORDS];
static u32 words_count;
static char words[WORDS * (IMTC_WORD_HEAD + 64)];
static struct imtc_index_sets all_sets;

struct naive {
	u32 local_set, remote_set;
	u32 service, feature, direction, encryption, proc;	/* 0: any, else value + 1 */
	int local_len, remote_len;
	u8 local[16], remote[16];
	u32 confidence, peers, ifindex;	/* at least; mask; 0: any */
	u32 schedule, must_be_closed;	/* 0: any time */
	u32 ports[2][2];	/* local, remote: first, last; 0: any */
	const char *domain;	/* NULL: any */
	u32 domain_set;
	u32 more_than[2];	/* flows, peers; 0: any */
};

#define DEEP "a.b.c.d.e.f.g.h.i.j.k.l.m."	/* 13 labels */

static const char *const names[] = {
	"", "test", "im.test", "a.im.test", "b.a.im.test", "xim.test", "im.test.a", "t", "im",
	DEEP "im.test", DEEP "x.im.test", DEEP "x.y.im.test",
};
static const char *const domains[] = {
	"test", "im.test", "a.im.test", "im", DEEP "im.test", "y.im.test",
};
static const u64 domain_seed[2] = { 3, 1415 };
static const char *name_asked;	/* of the last question */

static const char *random_pattern(void)
{
	static const char *const kinds[] = { "", "*.", "=" };
	static char text[3][6][64];
	u32 kind = random_below(3), which = random_below(6);

	snprintf(text[kind][which], sizeof(text[0][0]), "%s%s", kinds[kind], domains[which]);
	return text[kind][which];
}

static void random_domain(struct imtc_rule *r, struct naive *n)
{
	n->domain = NULL;
	if (random_below(4))
		return;
	n->domain = random_pattern();
	assert_int_equal(imtc_rule_domain(r, n->domain, domain_seed), 0);
}

static void random_name(struct imtc_facts *f)
{
	name_asked = names[random_below(sizeof(names) / sizeof(names[0]))];
	imtc_facts_domain(f, name_asked, (u32)strlen(name_asked), domain_seed);
}

/* By its letters. */
static int naive_domain(const char *pattern)
{
	int exact = pattern && pattern[0] == '=', below = pattern && pattern[0] == '*';
	const char *domain = pattern ? pattern + exact + 2 * below : "";
	size_t n = strlen(domain), have = strlen(name_asked);

	if (!pattern)
		return 1;
	if (!strcmp(name_asked, domain))
		return !below;
	return !exact && have > n && !strcmp(name_asked + have - n, domain) &&
	       name_asked[have - n - 1] == '.';
}

static void random_ports(struct imtc_ports *ports, u32 naive[2])
{
	naive[0] = 1 + random_below(4);
	naive[1] = naive[0] + random_below(3);
	if (random_below(2))
		naive[0] = naive[1] = 0;
	ports->first = (u16)naive[0];
	ports->last = (u16)naive[1];
}

/* What came later: of each criterion half of the rules have none. */
static void random_place(struct imtc_rule *r, struct naive *n)
{
	n->confidence = random_below(2) ? random_below(6) : 0;
	n->peers = random_below(2) ? random_below(4) : 0;
	n->ifindex = random_below(2) ? random_below(3) : 0;
	r->confidence = (u8)n->confidence;
	r->peers = (u8)n->peers;
	r->ifindex = n->ifindex;
	n->schedule = random_below(2) ? random_below(IMTC_SCHEDULES_MAX + 1) : 0;
	n->must_be_closed = n->schedule ? random_below(2) : 0;
	r->schedule = (u8)(n->schedule | (n->must_be_closed ? 0x80 : 0));
	for (int i = 0; i < 2; i++) {
		n->more_than[i] = random_below(4) ? 0 : 1 + random_below(3);
		r->rates[i] = n->more_than[i];
		if (n->more_than[i] && random_below(2))
			r->rates[i] += 1u << 31;
	}
	random_ports(&r->local_port, n->ports[0]);
	random_ports(&r->remote_port, n->ports[1]);
	random_domain(r, n);
}

static void random_place_facts(struct imtc_facts *f)
{
	f->confidence = (u8)random_below(6);
	f->peer = random_below(2) ? IMTC_PEER_INSIDE : IMTC_PEER_OUTSIDE;
	f->ifindex = 1 + random_below(2);
	f->schedules = random_below(2) ? random_below(1u << 31) * 2 + random_below(2) :
					 random_below(2) * 0xffffffffu;
	f->rates[0] = random_below(6);
	f->rates[1] = random_below(6);
	f->local_port = (u16)(1 + random_below(5));
	f->remote_port = (u16)(1 + random_below(5));
	random_name(f);
}

static int naive_place(const struct naive *n, const struct imtc_facts *f)
{
	int local = n->ports[0][1] == 0, remote = n->ports[1][1] == 0;

	for (u32 port = n->ports[0][0]; port <= n->ports[0][1]; port++)
		local |= port && port == f->local_port;
	for (u32 port = n->ports[1][0]; port <= n->ports[1][1]; port++)
		remote |= port && port == f->remote_port;
	return local && remote && f->confidence >= n->confidence && naive_domain(n->domain) &&
	       (n->peers == 0 || (n->peers == 1 && f->peer == IMTC_PEER_INSIDE) ||
		(n->peers == 2 && f->peer == IMTC_PEER_OUTSIDE) || n->peers == 3) &&
	       (n->ifindex == 0 || n->ifindex == f->ifindex) &&
	       (n->more_than[0] == 0 || f->rates[0] > n->more_than[0]) &&
	       (n->more_than[1] == 0 || f->rates[1] > n->more_than[1]) &&
	       (n->schedule == 0 ||
		f->schedules / (1ULL << (n->schedule - 1)) % 2 == !n->must_be_closed);
}

static void random_rule(struct imtc_rule *r, struct naive *n)
{
	memset(r, 0, sizeof(*r));
	n->local_set = n->remote_set = n->domain_set = 0;
	n->service = random_below(2) ? 1 + random_below(IMTC_SERVICE_MAX) : 0;
	n->feature = random_below(2) ? 1 + random_below(IMTC_FEATURE_MAX) : 0;
	n->direction = random_below(8);
	n->encryption = random_below(2) ? 1 + random_below(4) : 0;
	n->proc = random_below(2) ? 2 + random_below(IMTC_PROCS_MAX - 1) : 0;
	if (n->service)
		r->services[(n->service - 1) / 64] = 1ULL << (n->service - 1) % 64;
	if (n->feature)
		r->features = (u16)(1 << (n->feature - 1));
	r->directions = (u8)n->direction;
	if (n->encryption)
		r->encryptions = (u8)(1 << (n->encryption - 1));
	r->proc = n->proc ? (u16)(n->proc - 1) : 0;
	n->local_len = random_prefix(&r->local, n->local);
	n->remote_len = random_prefix(&r->remote, n->remote);
	random_place(r, n);
}

static int naive_direction(u32 asked, u32 had)
{
	for (u32 bit = 1; bit <= 4; bit *= 2)
		if (asked / bit % 2 && had / bit % 2)
			return 1;
	return 0;
}

/* Half of the time what the rule asks for. */
static void random_question(struct imtc_facts *f, const struct naive *n)
{
	u8 bytes[16];

	memset(f, 0, sizeof(*f));
	random_address(bytes);
	memcpy(f->local, bytes, 16);
	random_address(bytes);
	memcpy(f->remote, bytes, 16);
	f->service = (u16)(n->service && random_below(2) ? n->service - 1 :
			   random_below(IMTC_SERVICE_MAX));
	f->feature = (u8)(n->feature && random_below(2) ? n->feature - 1 :
			  random_below(IMTC_FEATURE_MAX));
	f->direction = (u8)(1 + random_below(2) + 4 * random_below(2));
	random_place_facts(f);
	f->encryption = (u8)(n->encryption && random_below(2) ? n->encryption - 1 :
			     random_below(4));
	if (n->proc && random_below(2))
		f->procs[(n->proc - 1) / 64] = 1ULL << (n->proc - 1) % 64;
}

static int naive_holds(u32 set, const u8 address[16])
{
	for (u32 i = 0; i < sets_count; i++)
		if (naive_entries[i].set == set &&
		    naive_prefix(naive_entries[i].prefix, naive_entries[i].len, address))
			return 1;
	return 0;
}

static int naive_names(u32 set)
{
	for (u32 i = 0; i < words_count; i++)
		if (naive_words[i].set == set && naive_domain(naive_words[i].pattern))
			return 1;
	return 0;
}

static int naive_matches(const struct naive *n, const struct imtc_facts *f)
{
	return (!n->service || n->service - 1 == f->service) &&
	       (!n->feature || n->feature - 1 == f->feature) &&
	       (!n->direction || naive_direction(n->direction, f->direction)) &&
	       naive_place(n, f) &&
	       (!n->encryption || n->encryption - 1 == f->encryption) &&
	       (!n->proc || f->procs[(n->proc - 1) / 64] >> (n->proc - 1) % 64 & 1) &&
	       naive_prefix(n->local, n->local_len, (const u8 *)f->local) &&
	       naive_prefix(n->remote, n->remote_len, (const u8 *)f->remote) &&
	       (!n->local_set || naive_holds(n->local_set, (const u8 *)f->local)) &&
	       (!n->remote_set || naive_holds(n->remote_set, (const u8 *)f->remote)) &&
	       (!n->domain_set || naive_names(n->domain_set));
}

/* What is a pattern, and what is not: of the reader's checks the last. */
static void test_patterns(void **state)
{
	static const char *const good[] = {
		"a", "a.b", "*.a", "=a", "xn--bcher-kva.example", "_xmpp.example.org", "1.2.3.4",
		"a.b.c.d.e.f.g.h.i.j.k.l.m.n.o",
	};
	static const char *const bad[] = {
		"", ".", "*", "*.", "=", "a.", ".a", "a..b", "A.b", "a b", "*.*.a", "a.*", "=*.a", "*a.b",
		"a/b", "a\xff", "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p",
		"a123456789012345678901234567890123456789012345678901234567890123.b",
	};
	char longest[IMTC_DOMAIN_PATTERN_BYTES + 2];
	struct imtc_rule r = { 0 };

	(void)state;
	for (size_t i = 0; i < sizeof(good) / sizeof(good[0]); i++)
		if (imtc_rule_domain(&r, good[i], domain_seed))
			fail_msg("\"%s\" is a pattern", good[i]);
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++)
		if (!imtc_rule_domain(&r, bad[i], domain_seed))
			fail_msg("\"%s\" is no pattern", bad[i]);
	for (size_t i = 0; i < sizeof(longest); i++)
		longest[i] = i % 64 == 63 ? '.' : 'a';
	longest[IMTC_DOMAIN_LEN_MAX] = 0;
	assert_int_equal(imtc_rule_domain(&r, longest, domain_seed), 0);
	longest[IMTC_DOMAIN_LEN_MAX] = 'a';
	longest[IMTC_DOMAIN_LEN_MAX + 1] = 0;
	assert_int_equal(imtc_rule_domain(&r, longest, domain_seed), -1);
}

static void test_random(void **state)
{
	u32 matches = 0;

	(void)state;
	for (u32 i = 0; i < RANDOM_QUESTIONS; i++) {
		struct imtc_facts f;
		struct imtc_rule r;
		struct naive n;
		int want;

		random_rule(&r, &n);
		random_question(&f, &n);
		want = naive_matches(&n, &f);
		matches += (u32)want;
		if (imtc_rule_matches(&r, &f) != want)
			fail_msg("question %u: %d expected", i, want);
	}
	/* Both answers were asked for, or the test says nothing. */
	assert_true(matches > RANDOM_QUESTIONS / 200 && matches < RANDOM_QUESTIONS / 2);
}

/* Some twice, and some in both sets. */
static void random_words(void)
{
	u32 bytes = 0;

	words_count = random_below(WORDS + 1);
	for (u32 i = 0; i < words_count; i++) {
		naive_words[i].set = SETS + 1 + random_below(2);
		naive_words[i].pattern = random_pattern();
		imtc_word_put(words + bytes, (u8)naive_words[i].set, IMTC_SET_DOMAINS,
			      naive_words[i].pattern);
		bytes += imtc_word_bytes(naive_words[i].pattern);
	}
	all_sets = (struct imtc_index_sets){ sets, sets_count, bytes, words, domain_seed };
}

/* Few or many prefixes of some sets, within each other and twice. */
static void random_sets(void)
{
	sets_count = random_below(3) ? random_below(20) : random_below(SET_ENTRIES);
	memset(sets, 0, sizeof(sets));
	for (u32 i = 0; i < sets_count; i++) {
		do
			naive_entries[i].len = random_prefix(&sets[i].prefix,
							     naive_entries[i].prefix);
		while (!naive_entries[i].len);
		sets[i].set = naive_entries[i].set = 1 + random_below(SETS);
	}
}

/* Rules that ask for much, and late ones that ask for little: all places get their turn. */
static void random_policy(struct imtc_rule *rules, struct naive *plain, u32 n)
{
	for (u32 i = 0; i < n; i++) {
		random_rule(&rules[i], &plain[i]);
		rules[i].id = i + 1;
		if (!random_below(3)) {
			plain[i].local_set = random_below(SETS + 1);
			plain[i].remote_set = random_below(SETS + 1);
			rules[i].local_set = (u8)plain[i].local_set;
			rules[i].remote_set = (u8)plain[i].remote_set;
		}
		if (!random_below(3)) {
			plain[i].domain_set = SETS + 1 + random_below(2);
			rules[i].domain_set = (u8)plain[i].domain_set;
		}
		if (random_below(4) || i > n / 2)
			continue;
		/* A service that no question names: the walk must get past it. */
		memset(rules[i].services, 0, sizeof(rules[i].services));
		rules[i].services[1] = 1ULL << 63;
		plain[i].service = IMTC_SERVICE_MAX;
	}
}

static int naive_first(const struct naive *plain, u32 n, const struct imtc_facts *f)
{
	for (u32 i = 0; i < n; i++)
		if (naive_matches(&plain[i], f))
			return (int)i;
	return -1;
}

/* Random policies of all sizes by the index, and by hand. */
static void test_index(void **state)
{
	struct imtc_rule *rules = calloc(IMTC_RULES_MAX, sizeof(*rules));
	struct naive *plain = calloc(IMTC_RULES_MAX, sizeof(*plain));
	u32 matched = 0, late = 0, by_set = 0, by_word = 0;

	(void)state;
	assert_true(rules && plain);
	for (u32 policy = 0; policy < INDEX_POLICIES; policy++) {
		u32 n = policy % 100 == 99 ? 1 + random_below(IMTC_RULES_MAX) :
			policy % 10 == 9 ? random_below(2000) : random_below(70);
		struct imtc_index index;

		random_sets();
		random_words();
		random_policy(rules, plain, n);
		assert_int_equal(imtc_index_build(&index, rules, n, &all_sets), 0);
		for (u32 i = 0; i < INDEX_QUESTIONS; i++) {
			struct naive any = { 0 };
			struct imtc_facts f;
			int want, got;

			random_question(&f, n ? &plain[random_below(n)] : &any);
			want = naive_first(plain, n, &f);
			got = imtc_index_first(&index, rules, n, &f, NULL, NULL);
			if (got != want)
				fail_msg("policy %u of %u rules, question %u: %d, not %d", policy,
					 n, i, got, want);
			matched += want >= 0;
			late += want >= 64;
			by_word += want >= 0 && plain[want].domain_set;
			by_set += want >= 0 && (plain[want].local_set || plain[want].remote_set);
		}
		imtc_index_free(&index);
	}
	free(plain);
	free(rules);
	/* Some match, some do not, some only behind the first word of rules. */
	assert_true(matched > INDEX_POLICIES * INDEX_QUESTIONS / 10);
	assert_true(matched < INDEX_POLICIES * INDEX_QUESTIONS * 95 / 100);
	assert_true(late > 100 && by_set > 1000 && by_word > 1000);
}

/* --- too many rows --------------------------------------------------------------- */

static void put_ipv4(u64 addr[2], u32 address)
{
	u8 bytes[16] = { [10] = 0xff, [11] = 0xff, [12] = (u8)(address >> 24),
			 [13] = (u8)(address >> 16), [14] = (u8)(address >> 8),
			 [15] = (u8)address };

	memcpy(addr, bytes, 16);
}

static void put_prefix(struct imtc_prefix *p, u32 address, int len)
{
	put_ipv4(p->addr, address);
	memset(p->mask, 0xff, sizeof(p->mask));
	for (int i = 96 + len; i < 128; i++)
		((u8 *)p->mask)[i / 8] &= (u8)~(0x80 >> i % 8);
}

/*
 * Each of 8,192 prefixes lies within that of 8,192 rules: their rows would be larger
 * than an index may be. Answers are the same; sets, too, are still told.
 */
static void test_too_many_rows(void **state)
{
	struct imtc_rule *rules = calloc(IMTC_RULES_MAX, sizeof(*rules));
	struct imtc_set_entry entry = { .set = 1 };
	struct imtc_index_sets all = { &entry, 1, 0, NULL, NULL };
	struct imtc_index index;
	u32 by_set = 0;

	(void)state;
	assert_non_null(rules);
	put_prefix(&entry.prefix, 0x0a800000, 9);
	for (u32 i = 0; i < IMTC_RULES_MAX; i++) {
		rules[i].id = i + 1;
		rules[i].services[i / 64 % 2] = 1ULL << i % 61;
		if (i % 2)
			put_prefix(&rules[i].remote, 0x0a000000, 8);
		else
			put_prefix(&rules[i].remote, 0x0a000000 + i * 512, 24);
		if (i % 16 == 8)
			rules[i].remote_set = 1;
	}
	assert_int_equal(imtc_index_build(&index, rules, IMTC_RULES_MAX, &all), 0);
	assert_true(index.count < 1000);
	for (u32 i = 0; i < 2000; i++) {
		struct imtc_facts plain = { .service = (u16)random_below(128), .direction = 1 };
		struct imtc_facts f;
		int want;

		put_ipv4(plain.remote, 0x0a000000 + random_below(0x1000000));
		plain.remote_sets = imtc_prefix_matches(&entry.prefix, plain.remote) ? 2 : 0;
		f = plain;
		f.remote_sets = 0;
		want = imtc_rules_first(rules, IMTC_RULES_MAX, &plain);
		assert_int_equal(imtc_index_first(&index, rules, IMTC_RULES_MAX, &f, NULL, NULL), want);
		assert_int_equal(f.remote_sets, plain.remote_sets);
		by_set += plain.remote_sets != 0;
	}
	assert_true(by_set > 500 && by_set < 1500);
	imtc_index_free(&index);
	free(rules);
}

/* --- as large as can be ------------------------------------------------------------ */

static int ask_remote(const struct imtc_index *index, const struct imtc_rule *rules, u32 service,
		      u32 address)
{
	struct imtc_facts f = { .service = (u16)service, .direction = 1 };

	put_ipv4(f.remote, address);
	return imtc_index_first(index, rules, IMTC_RULES_MAX, &f, NULL, NULL);
}

/* One of three, in no order. */
static u32 service_of(u32 rule)
{
	return 1 + (rule * 2654435761u >> 7) % 3;
}

/* Every rule has an address of its own, the last one a set of every other address. */
static void test_most(void **state)
{
	struct imtc_rule *rules = calloc(IMTC_RULES_MAX, sizeof(*rules));
	struct imtc_set_entry *entries = calloc(IMTC_SET_ENTRIES_MAX, sizeof(*entries));
	struct imtc_index_sets all = { entries, IMTC_SET_ENTRIES_MAX, 0, NULL, NULL };
	struct imtc_index index;

	(void)state;
	assert_true(rules && entries);
	for (u32 i = 0; i < IMTC_RULES_MAX - 1; i++) {
		put_prefix(&rules[i].remote, 0x0a000000 + 3 * i, 32);
		rules[i].services[0] = 1ULL << service_of(i);
	}
	rules[IMTC_RULES_MAX - 1].remote_set = 63;
	for (u32 i = 0; i < IMTC_SET_ENTRIES_MAX; i++) {
		put_prefix(&entries[i].prefix, 0x0b000000 + 2 * i, 32);
		entries[i].set = 63;
	}
	assert_int_equal(imtc_index_build(&index, rules, IMTC_RULES_MAX, &all), 0);
	assert_true(index.count < IMTC_INDEX_PAGES_MAX);
	for (u32 i = 0; i < IMTC_RULES_MAX - 1; i++) {
		u32 address = 0x0a000000 + 3 * i, service = service_of(i);

		assert_int_equal(ask_remote(&index, rules, service, address), i);
		assert_int_equal(ask_remote(&index, rules, service, address + 1), -1);
		assert_int_equal(ask_remote(&index, rules, service % 3 + 1, address), -1);
	}
	for (u32 i = 0; i < IMTC_SET_ENTRIES_MAX; i += 7) {
		assert_int_equal(ask_remote(&index, rules, 9, 0x0b000000 + 2 * i),
				 IMTC_RULES_MAX - 1);
		assert_int_equal(ask_remote(&index, rules, 9, 0x0b000000 + 2 * i + 1), -1);
	}
	assert_int_equal(ask_remote(&index, rules, 9, 0), -1);
	assert_int_equal(ask_remote(&index, rules, 9, 0xffffffff), -1);
	imtc_index_free(&index);
	free(entries);
	free(rules);
}

/* The sets that have the name, by the index. */
static u64 ask_name(const struct imtc_index *index, const char *name)
{
	struct imtc_facts f = { .service = 1, .direction = 1 };

	imtc_facts_domain(&f, name, (u32)strlen(name), domain_seed);
	imtc_index_first(index, NULL, 0, &f, NULL, NULL);
	return f.domain_sets;
}

/* As many words as there may be: each is found, and nothing else. */
static void test_most_words(void **state)
{
	char *most = malloc(IMTC_SET_WORDS_MAX * 32UL), name[64];
	struct imtc_index_sets all = { .words = most, .seed = domain_seed };
	struct imtc_index index;

	(void)state;
	assert_non_null(most);
	for (u32 i = 0; i < IMTC_SET_WORDS_MAX; i++) {
		snprintf(name, sizeof(name), "%sd%u.example", i % 3 == 2 ? "=" : "", i);
		imtc_word_put(most + all.words_bytes, (u8)(1 + i % 63), IMTC_SET_DOMAINS, name);
		all.words_bytes += imtc_word_bytes(name);
	}
	assert_int_equal(imtc_index_build(&index, NULL, 0, &all), 0);
	assert_true(index.count < IMTC_INDEX_PAGES_MAX);
	for (u32 i = 0; i < IMTC_SET_WORDS_MAX; i++) {
		snprintf(name, sizeof(name), "d%u.example", i);
		assert_int_equal(ask_name(&index, name), 1ULL << (1 + i % 63));
		snprintf(name, sizeof(name), "a.b.d%u.example", i);
		assert_int_equal(ask_name(&index, name), i % 3 == 2 ? 0 : 1ULL << (1 + i % 63));
		snprintf(name, sizeof(name), "d%u.example.org", i);
		assert_int_equal(ask_name(&index, name), 0);
	}
	assert_int_equal(ask_name(&index, "example"), 0);
	imtc_index_free(&index);
	free(most);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_patterns),
		cmocka_unit_test(test_random),
		cmocka_unit_test(test_index), cmocka_unit_test(test_too_many_rows),
		cmocka_unit_test(test_most), cmocka_unit_test(test_most_words),
	};

	return cmocka_run_group_tests_name("evaluator", tests, NULL, NULL);
}
