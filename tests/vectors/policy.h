/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reads policy.txt: policies of compiled rules, and questions with the rule that
 * must answer. Reports what it cannot read by line; never skips it.
 */
#ifndef IMTC_TESTS_VECTORS_POLICY_H
#define IMTC_TESTS_VECTORS_POLICY_H

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <imtc/policy_domain.h>

#define POLICY_VECTORS "tests/vectors/policy.txt"
#define POLICY_RULES 16		/* rules a policy of the file has at most */

struct policy_vector {
	char name[IMTC_NAME_BYTES];
	struct imtc_rule rules[POLICY_RULES];
	u32 count;
	struct imtc_facts facts;
	int first;		/* the rule that must answer, -1: none */
	int line;		/* in the file */
};

static inline int vector_word(const char *const *words, size_t count, const char *word)
{
	for (size_t i = 0; i < count; i++)
		if (words[i] && !strcmp(words[i], word))
			return (int)i;
	return -1;
}

/* A service by name, or by number ("#64") where none has that number. */
static inline int vector_service(const char *word)
{
	static const char *const words[IMTC_SERVICE_MAX] = {
		[0] = "none",
#define IMTC_SERVICE(number, name, word, title, group) [number] = word,
#include <imtc/services.def>
#undef IMTC_SERVICE
	};

	if (word[0] == '#')
		return atoi(word + 1) < IMTC_SERVICE_MAX ? atoi(word + 1) : -1;
	return vector_word(words, IMTC_SERVICE_MAX, word);
}

static inline int vector_feature(const char *word)
{
	static const char *const words[IMTC_FEATURE_MAX] = {
#define IMTC_FEATURE(number, name, word, title) [number] = word,
#include <imtc/features.def>
#undef IMTC_FEATURE
	};

	return vector_word(words, IMTC_FEATURE_MAX, word);
}

static inline int vector_direction(const char *word)
{
	return !strcmp(word, "out") ? IMTC_DIRECTION_OUT :
	       !strcmp(word, "in") ? IMTC_DIRECTION_IN :
	       !strcmp(word, "forward") ? IMTC_DIRECTION_FORWARD : -1;
}

static inline int vector_encryption(const char *word)
{
	static const char *const words[] = { "unknown", "clear", "pending", "encrypted" };

	return vector_word(words, 4, word);
}

static inline int vector_verdict(const char *word)
{
	static const char *const words[] = { "none", "pass", "drop", "reject" };

	return vector_word(words, 4, word);
}

static inline int vector_confidence(const char *word)
{
	static const char *const words[] = { "none", "address", "port", "dns", "name", "payload" };

	return vector_word(words, 6, word);
}

/* As a mask of one. */
static inline int vector_peer(const char *word)
{
	return !strcmp(word, "inside") ? IMTC_PEER_INSIDE :
	       !strcmp(word, "outside") ? IMTC_PEER_OUTSIDE : -1;
}

static inline int vector_port(const char *word)
{
	return atoi(word) >= 0 && atoi(word) <= 65535 ? atoi(word) : -1;
}

/* "5222-5223" */
static inline int vector_ports(const char *word, struct imtc_ports *ports)
{
	const char *dash = strchr(word, '-');

	if (!dash || vector_port(word) < 0 || vector_port(dash + 1) < 0)
		return -1;
	ports->first = (u16)vector_port(word);
	ports->last = (u16)vector_port(dash + 1);
	return 0;
}

/* "2", or "!2" while it is closed, as imtc_rule.schedule */
static inline int vector_schedule(const char *word)
{
	int number = atoi(word + (word[0] == '!'));

	if (number < 1 || number > IMTC_SCHEDULES_MAX)
		return -1;
	return word[0] == '!' ? number | IMTC_SCHEDULE_NOT : number;
}

/* A schedule of a list, as the number of its bit. */
static inline int vector_open(const char *word)
{
	return vector_schedule(word) < IMTC_SCHEDULE_NOT ? vector_schedule(word) - 1 : -1;
}

static inline int vector_number(const char *word)
{
	return atoi(word) >= 0 && atoi(word) < IMTC_PROCS_MAX ? atoi(word) : -1;
}

/* An address as two halves, IPv4 as ::ffff:a.b.c.d; the bits its own family has, or -1. */
static inline int vector_address(const char *word, u64 addr[2])
{
	u8 bytes[16] = { [10] = 0xff, [11] = 0xff };
	int bits = 32;

	if (inet_pton(AF_INET, word, bytes + 12) != 1) {
		if (inet_pton(AF_INET6, word, bytes) != 1)
			return -1;
		bits = 128;
	}
	memcpy(addr, bytes, 16);
	return bits;
}

static inline int vector_prefix(char *word, struct imtc_prefix *prefix)
{
	char *slash = strchr(word, '/');
	u8 mask[16] = { 0 };
	int bits, len;

	if (!slash)
		return -1;
	*slash = 0;
	bits = vector_address(word, prefix->addr);
	if (bits < 0)
		return -1;
	len = 128 - bits + atoi(slash + 1);
	for (int i = 0; i < len; i++)
		mask[i / 8] |= (u8)(0x80 >> i % 8);
	memcpy(prefix->mask, mask, 16);
	for (int i = 0; i < 2; i++)
		prefix->addr[i] &= prefix->mask[i];
	return 0;
}

/* Calls `of` with each word of "a,b"; ORs 1 << (or sets) into bits. -1: not known. */
static inline int vector_set(char *list, int (*of)(const char *), u64 *bits)
{
	char *save = NULL;

	for (char *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		int number = of(word);

		if (number < 0)
			return -1;
		bits[number / 64] |= 1ULL << number % 64;
	}
	return 0;
}

static inline int vector_directions(char *list, u8 *mask)
{
	char *save = NULL;

	for (char *word = strtok_r(list, ",", &save); word; word = strtok_r(NULL, ",", &save)) {
		if (vector_direction(word) < 0)
			return -1;
		*mask |= (u8)vector_direction(word);
	}
	return 0;
}

static const u64 vector_seed[2] = { 271, 828 };

/* "20", or "20m" of a minute */
static inline int vector_rate(const char *word, u32 *rate)
{
	*rate = (u32)atoi(word) | (word[strlen(word) - 1] == 'm' ? IMTC_RATE_MINUTE : 0);
	return *rate && imtc_rate_is_valid(*rate) ? 0 : -1;
}

/* One "key=value" of a rule. */
static inline int vector_criterion(struct imtc_rule *rule, const char *key, char *value)
{
	u64 bits = 0;
	int err = 0;

	if (!strcmp(key, "services"))
		return vector_set(value, vector_service, rule->services);
	if (!strcmp(key, "directions"))
		return vector_directions(value, &rule->directions);
	if (!strcmp(key, "local"))
		return vector_prefix(value, &rule->local);
	if (!strcmp(key, "remote"))
		return vector_prefix(value, &rule->remote);
	if (!strcmp(key, "domain"))
		return imtc_rule_domain(rule, value, vector_seed);
	if (!strcmp(key, "new_flows"))
		return vector_rate(value, &rule->rates[IMTC_RATE_FLOWS]);
	if (!strcmp(key, "new_peers"))
		return vector_rate(value, &rule->rates[IMTC_RATE_PEERS]);
	if (!strcmp(key, "local_port"))
		return vector_ports(value, &rule->local_port);
	if (!strcmp(key, "remote_port"))
		return vector_ports(value, &rule->remote_port);
	if (!strcmp(key, "features")) {
		err = vector_set(value, vector_feature, &bits);
		rule->features = (u16)bits;
	} else if (!strcmp(key, "encryptions")) {
		err = vector_set(value, vector_encryption, &bits);
		rule->encryptions = (u8)bits;
	} else if (!strcmp(key, "proc")) {
		err = vector_number(value);
		rule->proc = (u16)err;
	} else if (!strcmp(key, "confidence")) {
		err = vector_confidence(value);
		rule->confidence = (u8)err;
	} else if (!strcmp(key, "peer")) {
		err = vector_peer(value);
		rule->peers = (u8)err;
	} else if (!strcmp(key, "ifindex")) {
		err = vector_number(value);
		rule->ifindex = (u32)err;
	} else if (!strcmp(key, "schedule")) {
		err = vector_schedule(value);
		rule->schedule = (u8)err;
	} else if (!strcmp(key, "verdict")) {
		err = vector_verdict(value);
		rule->verdict = (u8)err;
	} else {
		return -1;
	}
	return err < 0 ? -1 : 0;
}

/* One "key=value" of a question. */
static inline int vector_fact(struct imtc_facts *facts, const char *key, char *value)
{
	int number = -1;
	u64 bits = 0;

	if (!strcmp(key, "open")) {
		number = vector_set(value, vector_open, &bits);
		facts->schedules = (u32)bits;
		return number;
	}
	if (!strcmp(key, "local"))
		return vector_address(value, facts->local) < 0 ? -1 : 0;
	if (!strcmp(key, "remote"))
		return vector_address(value, facts->remote) < 0 ? -1 : 0;
	if (!strcmp(key, "new_flows") || !strcmp(key, "new_peers")) {
		facts->rates[!strcmp(key, "new_peers")] = (u32)atoi(value);
		return 0;
	}
	if (!strcmp(key, "procs"))
		return vector_set(value, vector_number, facts->procs);
	if (!strcmp(key, "domain")) {
		imtc_facts_domain(facts, value, (u32)strlen(value), vector_seed);
		return 0;
	}
	if (!strcmp(key, "service")) {
		number = vector_service(value);
		facts->service = (u16)number;
	} else if (!strcmp(key, "feature")) {
		number = vector_feature(value);
		facts->feature = (u8)number;
	} else if (!strcmp(key, "direction")) {
		facts->direction = 0;
		return vector_directions(value, &facts->direction);
	} else if (!strcmp(key, "confidence")) {
		number = vector_confidence(value);
		facts->confidence = (u8)number;
	} else if (!strcmp(key, "peer")) {
		number = vector_peer(value);
		facts->peer = (u8)number;
	} else if (!strcmp(key, "ifindex")) {
		number = vector_number(value);
		facts->ifindex = (u32)number;
	} else if (!strcmp(key, "local_port")) {
		number = vector_port(value);
		facts->local_port = (u16)number;
	} else if (!strcmp(key, "remote_port")) {
		number = vector_port(value);
		facts->remote_port = (u16)number;
	} else if (!strcmp(key, "encryption")) {
		number = vector_encryption(value);
		facts->encryption = (u8)number;
	}
	return number < 0 ? -1 : 0;
}

static inline void vector_facts_default(struct imtc_facts *facts)
{
	memset(facts, 0, sizeof(*facts));
	facts->direction = IMTC_DIRECTION_OUT;
	facts->confidence = IMTC_CONFIDENCE_PAYLOAD;
	facts->peer = IMTC_PEER_OUTSIDE;
	facts->local_port = 40000;
	facts->remote_port = 443;
	facts->ifindex = 1;
	vector_address("10.0.0.1", facts->local);
	vector_address("192.0.2.1", facts->remote);
}

/* The words behind the first of a line. 1: a question is complete; 0: go on; -1: error. */
static inline int vector_line(struct policy_vector *v, char *verb, char **save)
{
	struct imtc_rule *rule = NULL;
	char *word = NULL;

	if (!strcmp(verb, "policy")) {
		word = strtok_r(NULL, " \t\n", save);
		v->count = 0;
		snprintf(v->name, sizeof(v->name), "%s", word ? word : "");
		return word ? 0 : -1;
	}
	if (!strcmp(verb, "rule")) {
		if (v->count == POLICY_RULES)
			return -1;
		rule = &v->rules[v->count++];
		memset(rule, 0, sizeof(*rule));
		rule->id = v->count;
	} else if (!strcmp(verb, "ask")) {
		vector_facts_default(&v->facts);
	} else {
		return -1;
	}
	while ((word = strtok_r(NULL, " \t\n", save))) {
		char *value = strchr(word, '=');

		if (!rule && !strcmp(word, "->")) {
			word = strtok_r(NULL, " \t\n", save);
			v->first = word && strcmp(word, "none") ? atoi(word) : -1;
			return word && v->first < (int)v->count ? 1 : -1;
		}
		if (!value)
			return -1;
		*value++ = 0;
		if (rule ? vector_criterion(rule, word, value) :
			   vector_fact(&v->facts, word, value))
			return -1;
	}
	return rule ? 0 : -1;
}

/*
 * Calls `each` for every question of the file. Returns how many there were, or
 * minus the line that could not be read (-1 also where there is no file).
 */
static inline int policy_vectors_read(const char *file,
				      void (*each)(const struct policy_vector *v, void *context),
				      void *context)
{
	static struct policy_vector v;
	FILE *f = fopen(file, "r");
	char line[1024];
	int asked = 0;

	if (!f)
		return -1;
	for (v.line = 1; fgets(line, sizeof(line), f); v.line++) {
		char *save = NULL, *verb = strtok_r(line, " \t\n", &save);
		int done = !verb || verb[0] == '#' ? 0 : vector_line(&v, verb, &save);

		if (done < 0) {
			asked = -v.line;
			break;
		}
		if (done) {
			each(&v, context);
			asked++;
		}
	}
	fclose(f);
	return asked;
}

#endif /* IMTC_TESTS_VECTORS_POLICY_H */
