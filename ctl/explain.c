// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each rule tried in order, and why it does not match.
 */
#include <stdio.h>
#include <string.h>
#include <imtc/policy_why.h>

#include "explain.h"
#include "json.h"
#include "names.h"
#include "out.h"
#include "policy_tags.h"

#define WANTED_BYTES 1024

/* --- one rule ---------------------------------------------------------------------- */

static const char *criterion_word(enum imtc_criterion criterion)
{
	static const char *const words[] = {
#define IMTC_CRITERION(name, word) [IMTC_CRITERION_##name] = word,
		IMTC_CRITERIA
#undef IMTC_CRITERION
	};

	return words[criterion];
}

static const struct { u32 flag; const char *word; } process_keys[] = {
	{ IMTC_PROC_EXE, "exe" },	{ IMTC_PROC_COMM, "comm" },	{ IMTC_PROC_UID, "uid" },
	{ IMTC_PROC_GID, "gid" },	{ IMTC_PROC_CGROUP, "cgroup" },
	{ IMTC_PROC_EXE_SET, "exe" },	{ IMTC_PROC_USER_SET, "user" },
	{ IMTC_PROC_UNDER, "under" },	{ IMTC_PROC_UNIT, "unit" },
	{ IMTC_PROC_CONTAINER, "container" },	{ IMTC_PROC_EXE_SHA256, "exe_sha256" },
};
#define PROCESS_KEYS (sizeof(process_keys) / sizeof(process_keys[0]))

/* The first key of the pattern that the owner does not have; PROCESS_KEYS: it has all. */
static size_t process_failing(const struct imtc_proc *proc, const struct flow_case *flow)
{
	struct imtc_proc alone;
	size_t i;

	for (i = 0; i < PROCESS_KEYS; i++) {
		alone = *proc;
		alone.flags &= process_keys[i].flag;
		if (alone.flags && (!flow->has_owner ||
				    !imtc_proc_matches(&alone, &flow->owner, flow->owner_sets)))
			break;
	}
	return i;
}

/* The rule's criterion of this word alone, as policies are shown: "10.0.0.0/8". */
static void wanted_text(const struct policy *policy, const struct imtc_rule *rule,
			const char *word, char *text, size_t size)
{
	static const struct { const char *word, *key; } keys[] = {
		{ "service", "services" }, { "feature", "features" },
		{ "direction", "directions" }, { "encrypted", "encryptions" },
		{ "peer", "peers" }, { "unit", "systemd_unit" },
	};
	struct json_object *whole = policy_compiled_json(policy, rule);
	struct json_object *alone = json_object_new_object(), *value;
	const char *key = word;
	char *space;

	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (!strcmp(keys[i].word, word))
			key = keys[i].key;
	text[0] = '\0';
	value = json_member(whole, key);
	if (value) {
		json_object_object_add(alone, key, json_object_get(value));
		policy_rule_criteria(alone, text, size);
		/* "service irc": the word is said already; a port's are two. */
		space = strchr(text, ' ');
		if (space && strchr(word, '_'))
			space = strchr(space + 1, ' ');
		if (space)
			memmove(text, space + 1, strlen(space));
	}
	json_object_put(alone);
	json_object_put(whole);
}

/* Compiled rules [*first, end) are of one rule. Those that fail latest tell most. */
struct attempt {
	size_t first, end;
	const struct imtc_rule *won;		/* NULL: none matches */
	enum imtc_criterion failing;
};

static struct attempt try_rule(const struct policy *policy, const struct flow_case *flow,
			       size_t first)
{
	struct attempt attempt = { .first = first, .end = first };
	u32 id = policy->compiled[first].id;
	enum imtc_criterion failing;

	for (; attempt.end < policy->compiled_count && policy->compiled[attempt.end].id == id;
	     attempt.end++) {
		if (attempt.won)
			continue;
		failing = imtc_rule_failing(&policy->compiled[attempt.end], &flow->facts);
		if (failing == IMTC_CRITERION_NONE)
			attempt.won = &policy->compiled[attempt.end];
		else if (failing > attempt.failing)
			attempt.failing = failing;
	}
	return attempt;
}

/* The criterion's word; for a process, of the compiled rules' patterns the one that came furthest. */
static const char *failing_word(const struct policy *policy, const struct flow_case *flow,
				const struct attempt *attempt)
{
	const struct imtc_proc *proc;
	size_t furthest = 0, key;

	if (attempt->failing != IMTC_CRITERION_PROCESS)
		return criterion_word(attempt->failing);
	for (size_t i = attempt->first; i < attempt->end; i++) {
		if (imtc_rule_failing(&policy->compiled[i], &flow->facts) != attempt->failing)
			continue;
		proc = policy_proc(policy, &policy->compiled[i]);
		key = proc ? process_failing(proc, flow) : PROCESS_KEYS;
		if (key < PROCESS_KEYS && key > furthest)
			furthest = key;
	}
	return process_keys[furthest].word;
}

static bool wants(const struct policy *policy, const struct flow_case *flow,
		  const struct imtc_rule *rule, const char *word)
{
	enum imtc_criterion failing = imtc_rule_failing(rule, &flow->facts);
	const struct imtc_proc *proc = policy_proc(policy, rule);
	size_t key;

	if (failing != IMTC_CRITERION_PROCESS || !proc)
		return !strcmp(criterion_word(failing), word);
	key = process_failing(proc, flow);
	return key < PROCESS_KEYS && !strcmp(process_keys[key].word, word);
}

/* What the compiled rules that came so far wanted, each once. */
static void add_wanted(struct json_object *item, const struct policy *policy,
		       const struct flow_case *flow, const struct attempt *attempt)
{
	const char *word = failing_word(policy, flow, attempt);
	char all[WANTED_BYTES] = "", one[WANTED_BYTES];
	size_t used = 0;

	for (size_t i = attempt->first; i < attempt->end && used < sizeof(all); i++) {
		const struct imtc_rule *rule = &policy->compiled[i];

		if (!wants(policy, flow, rule, word))
			continue;
		wanted_text(policy, rule, word, one, sizeof(one));
		if (one[0] && !strstr(all, one))
			used += (size_t)snprintf(all + used, sizeof(all) - used, "%s%s",
						 used ? "|" : "", one);
	}
	json_add_text(item, "criterion", word);
	if (all[0])
		json_add_text(item, "wanted", all);
}

static void add_place(struct json_object *object, const struct policy_rule *rule)
{
	json_add_text(object, "file", rule->file);
	json_add_number(object, "line", (uint64_t)rule->line);
}

static struct json_object *attempt_json(const struct policy *policy, const struct flow_case *flow,
					const struct attempt *attempt)
{
	u32 id = policy->compiled[attempt->first].id;
	const struct policy_rule *rule = &policy->rules[id - 1];
	struct json_object *item = json_object_new_object();

	json_add_number(item, "id", id);
	json_add_text(item, "name", rule->name);
	add_place(item, rule);
	if (rule->tags)
		json_object_object_add(item, "tags", json_object_get(rule->tags));
	json_add_bool(item, "matches", attempt->won);
	if (!attempt->won)
		add_wanted(item, policy, flow, attempt);
	return item;
}

/* --- the answer ------------------------------------------------------------------------ */

/* As "imctl flows" says it: what passes because it is only observed says what would be done. */
static void add_verdict(struct json_object *answer, u8 verdict, bool is_observed)
{
	u32 argument = 0;
	u8 done = imtc_carried_out(verdict, is_observed, &argument);

	json_add_text(answer, "verdict", action_name(done));
	if (imtc_counted_as(done, argument) == IMTC_VERDICT_OBSERVE)
		json_add_text(answer, "observed", action_name((u8)argument));
}

/*
 * What a rule's verdict is for the flow. Whether that is a talk in clear, or the
 * connection that was asked for in one, no fact tells: scrub is said for a talk.
 */
static u8 explain_verdict(u8 verdict, const struct imtc_facts *facts)
{
	struct imtc_label label = { .service = facts->service, .encryption = facts->encryption,
				    .flags = IMTC_LABEL_WATCH };

	if (verdict == IMTC_VERDICT_SCRUB && !label.encryption)
		label.encryption = IMTC_ENCRYPTION_CLEAR;
	return imtc_verdict_of(verdict, &label);
}

static void add_decision(struct json_object *answer, const struct policy *policy,
			 const struct imtc_rule *won, const struct imtc_facts *facts)
{
	const struct policy_rule *rule = won ? &policy->rules[won->id - 1] : NULL;
	unsigned int level = won ? won->flags & IMTC_RULE_LOG : 0;

	add_verdict(answer, won ? explain_verdict(won->verdict, facts) : policy->default_verdict,
		    policy->observe || (won && won->flags & IMTC_RULE_OBSERVE));
	json_add_text(answer, "reason", reason_name(won ? IMTC_REASON_RULE : IMTC_REASON_DEFAULT));
	if (!won)
		return;
	json_add_number(answer, "rule", won->id);
	json_add_text(answer, "rule_name", rule->name);
	add_place(answer, rule);
	if (rule->tags)
		json_object_object_add(answer, "tags", json_object_get(rule->tags));
	if (level)
		json_add_text(answer, "level", log_name(level));
	if (rule->redirect[0])
		json_add_text(answer, "device", rule->redirect);
}

struct json_object *explain(const struct policy *policy, const struct flow_case *asked)
{
	struct json_object *answer = json_object_new_object(), *rules = json_object_new_array();
	struct flow_case flow = *asked;
	struct attempt attempt = { 0 };

	flow_case_policy_facts(&flow, policy);
	json_object_object_add(answer, "flow", flow_case_json(&flow));
	json_object_object_add(answer, "rules", rules);
	if (flow.facts.service == IMTC_SERVICE_NONE) {
		json_add_text(answer, "verdict", action_name(IMTC_VERDICT_PASS));
		json_add_text(answer, "reason", reason_name(IMTC_REASON_NOT_IM));
		return answer;
	}
	while (!attempt.won && attempt.end < policy->compiled_count) {
		attempt = try_rule(policy, &flow, attempt.end);
		json_object_array_add(rules, attempt_json(policy, &flow, &attempt));
	}
	add_decision(answer, policy, attempt.won, &flow.facts);
	return answer;
}

/* --- text --------------------------------------------------------------------------------- */

static void print_attempt(struct json_object *item)
{
	char raw[WANTED_BYTES + 512], text[2 * WANTED_BYTES];
	bool matches = json_object_get_boolean(json_member(item, "matches"));
	const char *wanted = json_text(item, "wanted");

	snprintf(raw, sizeof(raw), "%s:%s: rule %s \"%s\": %s%s%s%s", json_text(item, "file"),
		 json_text(item, "line"), json_text(item, "id"), json_text(item, "name"),
		 matches ? "matches" : "no, wants ", matches ? "" : json_text(item, "criterion"),
		 wanted[0] ? " " : "", wanted);
	out_printable(raw, text, sizeof(text));
	printf("  %s\n", text);
}

static void print_decision(struct json_object *answer)
{
	const char *device = json_text(answer, "device"), *level = json_text(answer, "level");
	char verdict[64], tags[1024], raw[2048], text[4096];

	out_format_verdict(answer, json_member(answer, "verdict"), verdict, sizeof(verdict));
	tags_text(answer, tags, sizeof(tags));
	if (json_member(answer, "rule"))
		snprintf(raw, sizeof(raw), "%s%s%s, by rule %s \"%s\" (%s:%s)%s%s%s%s", verdict,
			 device[0] ? " to " : "", device, json_text(answer, "rule"),
			 json_text(answer, "rule_name"), json_text(answer, "file"),
			 json_text(answer, "line"), level[0] ? ", log " : "", level,
			 tags[0] ? ", tags " : "", tags);
	else if (!strcmp(json_text(answer, "reason"), reason_name(IMTC_REASON_NOT_IM)))
		snprintf(raw, sizeof(raw), "%s: no instant messaging, which no policy judges",
			 verdict);
	else
		snprintf(raw, sizeof(raw), "%s, the policy's default: no rule matches", verdict);
	out_printable(raw, text, sizeof(text));
	printf("verdict: %s\n", text);
}

void explain_print(struct json_object *answer)
{
	struct json_object *rules = json_member(answer, "rules");
	char raw[2048] = "", text[4096];

	flow_case_text(json_member(answer, "flow"), raw, sizeof(raw));
	out_printable(raw, text, sizeof(text));
	printf("flow: %s\n", text);
	for (size_t i = 0; i < json_object_array_length(rules); i++)
		print_attempt(json_object_array_get_idx(rules, i));
	print_decision(answer);
}
