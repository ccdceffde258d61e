// SPDX-License-Identifier: GPL-2.0-only
/*
 * The evaluator in BPF against the plain one on the host, rule by rule: random
 * policies, random flows, and the answer has to be the same. And the edges: the
 * last of many rules, logs, hits. With IMTC_TEST_MODULE the module is asked.
 */
#include <sched.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/policy_domain.h>

#include "lib_datapath.h"
#include "policy_sets.h"
#include "vectors/hello.h"

/* Together 100,000 questions. Loading a policy waits for the kernel, a flow does not. */
#define ROUNDS 100
#define FLOWS_A_ROUND 1000
#define FLOWS_OF_MODULE 100	/* a round, in a guest that is slow */
#define RULES 2000
#define ENTRIES 60

static u8 message[HELLO_BYTES];

/* Those that have a name: the module takes no others. */
#define IMTC_FEATURE(number, name, word, title) | 1 << number
enum { FEATURES = 0
#include <imtc/features.def>
};
#undef IMTC_FEATURE

static u32 below(u32 n)
{
	return (u32)random() % n;
}

/* Labels come from signatures: any service, feature and encryption can be had. */
static void add_name(u32 service, u32 feature, u32 encryption)
{
	domain_set("im.test", service, feature, encryption);
}

static const char *flow_name = "im.test";	/* of the next packet's flow */

static struct pkt flow_packet(int family, u8 host, bool from_server)
{
	struct hello hello = { .name = flow_name };
	static u16 port = 1024;

	if (++port < 1024)
		port = 1024;
	return (struct pkt){
		.family = family, .host = host, .client_port = port, .from_server = from_server,
		.seq = 1, .payload = message, .payload_len = hello_build(&hello, message),
	};
}

/* An address of a packet in the form of imtc_prefix. */
static void address(u64 to[2], int family, u8 last)
{
	u8 bytes[16] = { 0 };

	if (family == 6) {
		bytes[0] = 0xfd;
	} else {
		bytes[10] = bytes[11] = 0xff;
		bytes[12] = 10;
	}
	bytes[15] = last;
	memcpy(to, bytes, 16);
}

static struct imtc_prefix random_prefix(void)
{
	struct imtc_prefix prefix = { { 0 }, { 0 } };
	u8 mask[16] = { 0 };
	u32 bits = below(4) ? 120 + below(9) : below(129);

	if (below(3) == 0)
		return prefix;
	for (u32 i = 0; i < bits; i++)
		mask[i / 8] |= (u8)(0x80 >> i % 8);
	memcpy(prefix.mask, mask, 16);
	address(prefix.addr, below(2) ? 4 : 6, (u8)below(8));
	prefix.addr[0] &= prefix.mask[0];
	prefix.addr[1] &= prefix.mask[1];
	return prefix;
}

/* Number 1 to 3 are of addresses, 4 and 5 of domains. */
#define ADDRESS_SETS 3
#define DOMAIN_SETS 2
static struct policy_sets sets;

static char *const some_domains[] = {
	"im.test", "*.im.test", "=im.test", "a.im.test", "=a.im.test", "*.a.im.test", "test",
	"=test", "m.test", "other.test",
};

#define SOME_DOMAINS (sizeof(some_domains) / sizeof(some_domains[0]))

static void random_sets(void)
{
	u32 number;

	policy_sets_free(&sets);
	for (u32 i = 0; i < ADDRESS_SETS + DOMAIN_SETS; i++) {
		char name[] = { 's', 'e', 't', (char)('0' + i), 0 };

		assert_int_equal(policy_sets_name(&sets, name, i < ADDRESS_SETS ?
						  IMTC_SET_ADDRESSES : IMTC_SET_DOMAINS,
						  &number), 0);
	}
	for (u32 i = below(ENTRIES + 1); i; i--) {
		struct imtc_prefix prefix;

		do
			prefix = random_prefix();
		while (!prefix.mask[0]);
		assert_int_equal(policy_sets_add(&sets, 1 + below(ADDRESS_SETS), &prefix), 0);
	}
	for (u32 i = below(6); i; i--)
		assert_int_equal(policy_sets_add_word(&sets, 1 + ADDRESS_SETS + below(DOMAIN_SETS),
						      some_domains[below(SOME_DOMAINS)]), 0);
	policy_sets_use(&sets);
}

/* By its letters. */
static bool is_named(const char *pattern, const char *name)
{
	bool exact = pattern[0] == '=', below_it = pattern[0] == '*';
	const char *domain = pattern + exact + 2 * below_it, *at;

	if (!strcmp(domain, name))
		return !below_it;
	at = name + strlen(name) - strlen(domain);
	return !exact && at > name && at[-1] == '.' && !strcmp(at, domain);
}

static u64 sets_naming(const char *name)
{
	u64 bits = 0;

	for (u32 set = 1 + ADDRESS_SETS; set <= ADDRESS_SETS + DOMAIN_SETS; set++) {
		const char *word;
		size_t at = 0;

		while ((word = policy_sets_word(&sets, set, &at)))
			if (is_named(word, name))
				bits |= 1ULL << set;
	}
	return bits;
}

/* Entry by entry. */
static u64 sets_holding(const u64 address[2])
{
	u64 bits = 0;

	for (size_t i = 0; i < sets.entry_count; i++)
		if (imtc_prefix_matches(&sets.entries[i].prefix, address))
			bits |= 1ULL << sets.entries[i].set;
	return bits;
}

/* A set in place of an address. */
static void random_set(struct imtc_prefix *address, u8 *set)
{
	memset(address, 0, sizeof(*address));
	*set = (u8)below(4);
}

/* Around the ports that the packets have. */
static struct imtc_ports random_ports(void)
{
	u16 first = (u16)(below(2) ? 1024 + below(2000) : 5000 + below(1000));

	return (struct imtc_ports){ first, (u16)(first + below(1000)) };
}

static struct imtc_rule random_rule(u32 id)
{
	struct imtc_rule rule = {
		.id = id, .local = random_prefix(), .remote = random_prefix(),
		.verdict = (u8)(below(2) ? IMTC_VERDICT_PASS : IMTC_VERDICT_DROP),
		.flags = (u8)below(16),
	};

	if (!below(3))
		random_set(&rule.remote, &rule.remote_set);
	if (!below(6))
		random_set(&rule.local, &rule.local_set);
	for (u32 n = below(2) ? 0 : 1 + below(40); n; n--) {
		u32 service = below(IMTC_SERVICE_MAX);

		rule.services[service / 64] |= 1ULL << service % 64;
	}
	if (below(2))
		rule.features = (u16)random() & FEATURES;
	if (below(2))
		rule.directions = (u8)below(IMTC_DIRECTION_ALL + 1);
	if (below(3) == 0)
		rule.confidence = (u8)below(IMTC_CONFIDENCE_PAYLOAD + 1);
	if (below(4) == 0)
		rule.local_port = random_ports();
	if (below(4) == 0)
		rule.remote_port = random_ports();
	if (below(4) == 0)
		rule.peers = (u8)below(IMTC_PEER_ALL + 1);
	if (below(8) == 0)
		rule.ifindex = 1 + below(2);
	if (below(2))
		rule.encryptions = (u8)below(16);
	/* These packets are of flows that nobody saw begin: none is new. */
	if (below(20) == 0)
		rule.rates[below(IMTC_RATES)] = 1 | (below(2) ? IMTC_RATE_MINUTE : 0);
	/* A process pattern: never matches where there is no module. */
	if (below(10) == 0)
		rule.proc = (u16)(1 + below(IMTC_PROCS_MAX - 1));
	return rule;
}

static char *domains[RULES];

/* Some rules ask for what flows name, or for what none does. */
static void random_domain(struct imtc_rule *rule, char **ret_domain)
{
	u64 seed[2];

	*ret_domain = NULL;
	if (below(4) == 0)
		rule->domain_set = (u8)(1 + ADDRESS_SETS + below(DOMAIN_SETS));
	if (rule->domain_set || below(4))
		return;
	*ret_domain = some_domains[below(SOME_DOMAINS)];
	domain_seed_get(seed);
	assert_int_equal(imtc_rule_domain(rule, *ret_domain, seed), 0);
}

static void random_name(struct imtc_facts *facts)
{
	static const char *const some[] = { "im.test", "a.im.test", "b.a.im.test" };
	u64 seed[2];

	flow_name = some[below(3)];
	domain_seed_get(seed);
	imtc_facts_domain(facts, flow_name, (u32)strlen(flow_name), seed);
	facts->domain_sets = sets_naming(flow_name);
}

struct flow_facts {
	struct pkt packet;
	enum hook hook;
	struct imtc_facts facts;
};

/* What the programs should know of the packet, in the evaluator's terms. */
static struct flow_facts random_flow(void)
{
	int family = below(2) ? 4 : 6;
	u8 host = (u8)(3 + below(5));
	struct flow_facts f = { .hook = below(2) ? XDP : EGRESS };
	bool out = f.hook == EGRESS;

	random_name(&f.facts);
	f.packet = flow_packet(family, host, false);
	f.facts.service = (u16)(1 + below(IMTC_SERVICE_MAX - 1));
	f.facts.feature = (u8)below(IMTC_FEATURE_MAX);
	f.facts.encryption = (u8)(1 + below(3));
	f.facts.direction = out ? IMTC_DIRECTION_OUT : IMTC_DIRECTION_IN;
	address(out ? f.facts.local : f.facts.remote, family, host);
	address(out ? f.facts.remote : f.facts.local, family, 2);
	f.facts.local_sets = sets_holding(f.facts.local);
	f.facts.remote_sets = sets_holding(f.facts.remote);
	/* Names are what the label comes from; the kernel's test runs are on "lo". */
	f.facts.confidence = IMTC_CONFIDENCE_NAME;
	f.facts.ifindex = 1;
	f.facts.local_port = out ? f.packet.client_port : 443;
	f.facts.remote_port = out ? 443 : f.packet.client_port;
	return f;
}

#define INSIDE 5
static struct imtc_prefix inside[INSIDE];
static u16 inside_count;

static u8 peer_of(const u64 remote[2])
{
	for (u32 i = 0; i < inside_count; i++)
		if (imtc_prefix_matches(&inside[i], remote))
			return IMTC_PEER_INSIDE;
	return IMTC_PEER_OUTSIDE;
}

static void same_answer(const struct imtc_rule *rules, u32 n, u8 default_verdict)
{
	struct flow_facts f = random_flow();
	struct imtc_event event;
	struct imtc_flow flow;
	u32 answer, argument;
	bool observed;
	u8 verdict;
	int first;

	f.facts.peer = peer_of(f.facts.remote);
	first = imtc_rules_first(rules, n, &f.facts);
	verdict = first < 0 ? default_verdict : rules[first].verdict;
	argument = first < 0 || verdict == IMTC_VERDICT_PASS ? 0 : rules[first].argument;
	observed = first >= 0 && rules[first].flags & IMTC_RULE_OBSERVE &&
		   verdict == IMTC_VERDICT_DROP;
	add_name(f.facts.service, f.facts.feature, f.facts.encryption);
	answer = run(f.hook, &f.packet);

	if (observed) {
		argument = verdict;
		verdict = IMTC_VERDICT_PASS;
	}
	assert_true(verdict == IMTC_VERDICT_DROP ? drops(f.hook, answer) : passes(f.hook, answer));
	assert_true(flow_get(&f.packet, &flow));
	assert_int_equal(flow.verdict, verdict);
	assert_int_equal(flow.reason, first < 0 ? IMTC_REASON_DEFAULT : IMTC_REASON_RULE);
	assert_int_equal(flow.rule, first < 0 ? 0 : rules[first].id);
	assert_int_equal(flow.argument, argument);
	assert_int_equal(flow.slot, imtc_counter_slot(f.facts.service, f.facts.feature, observed ?
						      IMTC_VERDICT_OBSERVE : verdict));
	if (judged_by_module())
		return;
	assert_int_equal(events_take(&event), 1);
	assert_int_equal((event.query.answer_flags & IMTC_ANSWER_LOG) >> 1,
			 first >= 0 ? rules[first].flags & IMTC_RULE_LOG : 0);
}

static void random_policies(void **state)
{
	static struct imtc_rule rules[RULES];

	int flows = judged_by_module() ? FLOWS_OF_MODULE : FLOWS_A_ROUND;

	srandom(7);
	for (int round = 0; round < ROUNDS; round++) {
		u32 n = below(4) ? below(12) : below(RULES);
		u8 default_verdict = below(2) ? IMTC_VERDICT_PASS : IMTC_VERDICT_DROP;

		/* A port comes again after 64,512 flows; what was known of it must not. */
		datapath_reset(state);
		random_sets();
		policy_domains_use(domains);
		for (u32 i = 0; i < n; i++) {
			rules[i] = random_rule(1 + i / 2);
			random_domain(&rules[i], &domains[i]);
		}
		inside_count = (u16)below(INSIDE + 1);
		for (u32 i = 0; i < inside_count; i++)
			inside[i] = random_prefix();
		policy_set_inside(rules, n, default_verdict, inside, inside_count);
		for (int i = 0; i < flows; i++)
			same_answer(rules, n, default_verdict);
	}
	policy_sets_use(NULL);
	policy_sets_free(&sets);
	policy_domains_use(NULL);
	flow_name = "im.test";
}

static void last_of_most_rules(void **state)
{
	struct imtc_rule *rules = calloc(IMTC_RULES_MAX, sizeof(*rules));
	struct pkt p = flow_packet(4, 3, false);
	struct imtc_flow flow;

	(void)state;
	assert_non_null(rules);
	for (u32 i = 0; i < IMTC_RULES_MAX; i++) {
		rules[i].id = i + 1;
		rules[i].verdict = IMTC_VERDICT_PASS;
		rules[i].services[1] = 1ULL << 63;
	}
	rules[IMTC_RULES_MAX - 1].services[1] = 0;
	rules[IMTC_RULES_MAX - 1].verdict = IMTC_VERDICT_DROP;
	policy_set(rules, IMTC_RULES_MAX, IMTC_VERDICT_PASS);
	free(rules);
	add_name(IMTC_SERVICE_SLACK, 0, 0);
	assert_true(drops(XDP, run(XDP, &p)));
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.rule, IMTC_RULES_MAX);
	if (!judged_by_module())
		assert_int_equal(hits_of_rule(IMTC_RULES_MAX), 1);
}

/* Of a policy that is only observed nothing is carried out, the default neither. */
static void observed_policy(void **state)
{
	struct imtc_rule rule = { .id = 1, .verdict = IMTC_VERDICT_REJECT,
				  .features = 1 << IMTC_FEATURE_VOICE };
	struct pkt voice = flow_packet(4, 3, false), chat = flow_packet(4, 4, false);
	struct imtc_flow flow;

	(void)state;
	policy_flags = IMTC_POLICY_OBSERVE;
	policy_set(&rule, 1, IMTC_VERDICT_DROP);
	policy_flags = 0;
	add_name(IMTC_SERVICE_SLACK, IMTC_FEATURE_VOICE, 0);
	assert_true(passes(EGRESS, run(EGRESS, &voice)));
	assert_true(flow_get(&voice, &flow));
	assert_int_equal(flow.verdict, IMTC_VERDICT_PASS);
	assert_int_equal(flow.argument, IMTC_VERDICT_REJECT);
	assert_int_equal(flow.rule, 1);
	if (!judged_by_module())
		assert_int_equal(hits_of_rule(1), 1);
	add_name(IMTC_SERVICE_SLACK, IMTC_FEATURE_CHAT, 0);
	assert_true(passes(XDP, run(XDP, &chat)));
	assert_true(flow_get(&chat, &flow));
	assert_int_equal(flow.argument, IMTC_VERDICT_DROP);
	assert_int_equal(flow.reason, IMTC_REASON_DEFAULT);
	/* The policy is in force again once it is no longer only observed. */
	policy_set(&rule, 1, IMTC_VERDICT_DROP);
	assert_true(drops(XDP, run(XDP, &chat)));
}

static void hits_are_decisions(void **state)
{
	struct imtc_rule rules[2] = {
		{ .id = 1, .verdict = IMTC_VERDICT_PASS, .features = 1 << IMTC_FEATURE_VOICE },
		{ .id = 2, .verdict = IMTC_VERDICT_PASS },
	};
	struct pkt p = flow_packet(4, 3, false);

	(void)state;
	policy_set(rules, 2, IMTC_VERDICT_PASS);
	add_name(IMTC_SERVICE_SLACK, 0, 0);
	for (int i = 0; i < 5; i++)
		run(XDP, &p);
	assert_int_equal(hits_of_rule(1), 0);
	assert_int_equal(hits_of_rule(2), 1);
	assert_int_equal(outcome(IMTC_OUTCOME_ASKED), 1);
}

/* A policy that is not one: counts and verdicts out of range. */
static void bad_policies(void **state)
{
	struct imtc_rule rule = { .id = 1, .verdict = IMTC_VERDICT_MAX };
	struct pkt p = flow_packet(4, 3, false);
	struct imtc_flow flow;

	(void)state;
	add_name(IMTC_SERVICE_SLACK, 0, 0);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
	control_get()->on_failure = IMTC_VERDICT_DROP;
	assert_true(drops(XDP, run(XDP, &p)));
	assert_true(flow_get(&p, &flow));
	assert_int_equal(flow.reason, IMTC_REASON_FAILURE);
	p = flow_packet(4, 3, false);
	policy_set(NULL, 0, IMTC_VERDICT_NONE);
	assert_true(drops(XDP, run(XDP, &p)));
	assert_int_equal(outcome(IMTC_OUTCOME_ASK_FAILED), 2);
}

static void full_ring_is_counted(void **state)
{
	u64 lost = 0;

	(void)state;
	add_name(IMTC_SERVICE_SLACK, 0, 0);
	policy_set(NULL, 0, IMTC_VERDICT_PASS);
	for (int i = 0; i < 2000 && !lost; i++) {
		struct pkt p = flow_packet(4, 3, false);

		run(XDP, &p);
		lost = outcome(IMTC_OUTCOME_EVENT_LOST);
	}
	assert_int_equal(lost, 1);
	assert_int_equal(events_take(NULL), outcome(IMTC_OUTCOME_ASKED) - 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup(random_policies, datapath_reset),
		cmocka_unit_test_setup(last_of_most_rules, datapath_reset),
		cmocka_unit_test_setup(observed_policy, datapath_reset),
		cmocka_unit_test_setup(hits_are_decisions, datapath_reset),
		cmocka_unit_test_setup(bad_policies, datapath_reset),
		cmocka_unit_test_setup(full_ring_is_counted, datapath_reset),
	};
	const struct CMUnitTest shared[] = {
		cmocka_unit_test_setup(random_policies, datapath_reset),
		cmocka_unit_test_setup(last_of_most_rules, datapath_reset),
	};

	if (getenv("IMTC_TEST_MODULE"))
		return cmocka_run_group_tests(shared, datapath_load, datapath_unload);
	/* In a network of its own no route says that a packet passes through. */
	if (unshare(CLONE_NEWNET))
		return 1;
	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
