// SPDX-License-Identifier: GPL-2.0-only
/*
 * Policies as netlink messages: what is built is read back and compared, every
 * rule is found by its offset, and the kernel's answers, broken ones too, are
 * read without leaving their bounds.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <linux/netlink.h>

#include "diag.h"
#include "nl_internal.h"
#include "policy.h"

static const struct imtc_nl family = { .family = 0x1f };

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

static struct policy *every_criterion(void)
{
	return compile(
		"name = \"all\"; default = \"reject\"; on_failure = \"closed\";"
		"inside = [ \"10.0.0.0/8\", \"2001:db8::/33\" ];"
		"schedules = { office = { days = \"mon-fri\"; }; night = { from = \"22:00\"; to = \"06:00\"; }; };"
		"rules = ("
		"{ name = \"rates\"; new_flows = { more_than = 20; per = \"minute\"; }; new_peers = { more_than = 3; }; verdict = \"drop\"; },"
		"{ name = \"times\"; schedule = [ \"office\", \"!night\" ]; verdict = \"drop\"; },"
		"{ name = \"full\"; service = [ \"irc\", \"messenger\" ]; feature = \"voice\";"
		"  direction = \"in\"; encrypted = true; local = \"192.0.2.1\";"
		"  remote = [ \"2001:db8::/33\", \"10.0.0.0/8\" ]; log = true; verdict = \"drop\";"
		"  process = { exe = \"/opt/a\"; under = \"/b*\"; comm = \"abcdefghijklmno\"; user = 1000; group = 100;"
		"  cgroup = \"/a/b\"; unit = \"b.service\"; container = \"0123456789ab\"; exe_sha256 = \"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\"; }; },"
		"{ name = \"places\"; local_port = \"1-65535\"; remote_port = ( 5222, \"1024-2047\" );"
		"  peer = \"inside\"; interface = \"lo\"; confidence = \"payload\";"
		"  direction = \"forward\"; verdict = \"drop\"; },"
		"{ domain = [ \"example.org\", \"*.b.test\", \"=c\" ]; verdict = \"drop\"; },"
		"{ name = \"empty\"; verdict = \"allow\"; },"
		"{ name = \"all of IPv4\"; local = \"0.0.0.0/0\"; verdict = \"reject\"; },"
		"{ name = \"away\"; verdict = \"redirect\"; device = \"lo\"; service = \"oscar\"; } );");
}

static struct nl_msg *new_message(u8 command)
{
	struct nl_msg *msg = nl_request(&family, command, 0);

	assert_non_null(msg);
	return msg;
}

/* --- rules ------------------------------------------------------------------ */

static void same_rule(const struct policy *policy, size_t i, struct nlattr *nest)
{
	const struct imtc_rule *rule = &policy->compiled[i];
	struct json_object *sent = policy_compiled_json(policy, rule);
	struct json_object *read = nl_rule_json(nest);

	assert_non_null(read);
	if (!json_object_equal(sent, read))
		fail_msg("sent %s\nread %s", json_object_to_json_string(sent),
			 json_object_to_json_string(read));
	json_object_put(sent);
	json_object_put(read);
}

/* Every rule nest in a message is compiled rule first + n. Returns how many. */
static size_t same_rules(const struct policy *policy, size_t first, struct nl_msg *msg)
{
	struct genlmsghdr *header = nlmsg_data(nlmsg_hdr(msg));
	struct nlattr *attr;
	size_t n = 0;
	int remaining;

	nla_for_each_attr(attr, genlmsg_attrdata(header, 0), genlmsg_attrlen(header, 0), remaining)
		if (nla_type(attr) == IMTC_A_RULE)
			same_rule(policy, first + n++, attr);
	return n;
}

static void test_rules(void **state)
{
	struct policy *policy = every_criterion();
	struct nl_msg *msg = new_message(IMTC_CMD_POLICY_RULE);
	struct nl_batch batch;
	size_t next = 0;

	(void)state;
	assert_int_equal(policy_find_devices(policy, true, NULL), 0);
	assert_int_equal(nl_put_rules(msg, policy, &next, &batch), 0);
	assert_int_equal(next, policy->compiled_count);
	assert_int_equal(same_rules(policy, 0, msg), policy->compiled_count);
	nlmsg_free(msg);
	policy_free(policy);
}

/* Absent means any: a rule without criteria carries what it must and no more. */
static void test_absent(void **state)
{
	struct policy *policy = compile("rules = ( { verdict = \"drop\"; } );");
	struct nl_msg *msg = new_message(IMTC_CMD_POLICY_RULE);
	struct nlattr *attrs[IMTC_A_MAX + 1], *rule[IMTC_RULE_A_MAX + 1];
	struct nl_batch batch;
	size_t next = 0;

	(void)state;
	assert_int_equal(nl_put_rules(msg, policy, &next, &batch), 0);
	assert_int_equal(genlmsg_parse(nlmsg_hdr(msg), 0, attrs, IMTC_A_MAX, NULL), 0);
	assert_int_equal(nla_parse_nested(rule, IMTC_RULE_A_MAX, attrs[IMTC_A_RULE], NULL), 0);
	for (int i = 0; i <= IMTC_RULE_A_MAX; i++) {
		bool needed = i == IMTC_RULE_A_ID || i == IMTC_RULE_A_NAME ||
			      i == IMTC_RULE_A_VERDICT;

		assert_int_equal(rule[i] != NULL, needed);
	}
	/* Strings carry their NUL. */
	assert_int_equal(nla_len(rule[IMTC_RULE_A_NAME]), strlen("rule 1") + 1);
	nlmsg_free(msg);
	policy_free(policy);
}

static void test_head(void **state)
{
	struct policy *policy = every_criterion();
	struct nl_msg *msg = new_message(IMTC_CMD_POLICY_BEGIN);
	struct nlattr *attrs[IMTC_A_MAX + 1];
	struct json_object *object, *value;
	char digest[65];

	(void)state;
	assert_int_equal(nl_put_head(msg, policy), 0);
	assert_int_equal(genlmsg_parse(nlmsg_hdr(msg), 0, attrs, IMTC_A_MAX, NULL), 0);
	object = nl_policy_json(attrs[IMTC_A_POLICY]);
	assert_non_null(object);
	assert_true(json_object_object_get_ex(object, "name", &value));
	assert_string_equal(json_object_get_string(value), "all");
	assert_true(json_object_object_get_ex(object, "default", &value));
	assert_string_equal(json_object_get_string(value), "reject");
	assert_true(json_object_object_get_ex(object, "on_failure", &value));
	assert_string_equal(json_object_get_string(value), "closed");
	assert_true(json_object_object_get_ex(object, "digest", &value));
	for (int i = 0; i < 32; i++)
		snprintf(digest + 2 * i, 3, "%02x", policy->digest[i]);
	assert_string_equal(json_object_get_string(value), digest);
	assert_true(json_object_object_get_ex(object, "inside", &value));
	assert_string_equal(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE),
			    "[\"10.0.0.0/8\",\"2001:db8::/33\"]");
	json_object_put(object);
	nlmsg_free(msg);
	policy_free(policy);
}

/* --- batches ---------------------------------------------------------------- */

/* Names and paths as long as they may be: the most that a rule takes. */
static struct policy *fat_policy(unsigned int rules)
{
	size_t size = 2048 * (size_t)rules + 64, used;
	char *text = malloc(size), path[250];
	struct policy *policy;

	assert_non_null(text);
	memset(path, 'p', sizeof(path));
	path[sizeof(path) - 1] = '\0';
	used = (size_t)snprintf(text, size, "rules = (");
	for (unsigned int i = 0; i < rules; i++)
		used += (size_t)snprintf(text + used, size - used,
			"%s{ name = \"%063u\"; service = \"irc\"; feature = \"file\"; direction = \"in\";"
			"local = \"10.0.0.0/8\"; remote = \"10.0.0.0/8\"; encrypted = true; process = {"
			"exe = \"/%s\"; cgroup = \"/%s\"; comm = \"abcdefghijklmno\"; user = %u;"
			"group = 4; }; verdict = \"drop\"; log = true; }", i ? "," : "", i, path,
			path, i % 1000);
	snprintf(text + used, size - used, ");");
	policy = compile(text);
	free(text);
	return policy;
}

static void test_batches(void **state)
{
	struct policy *policy = fat_policy(700);
	size_t next = 0, messages = 0;
	struct nl_batch batch;

	(void)state;
	while (next < policy->compiled_count) {
		struct nl_msg *msg = new_message(IMTC_CMD_POLICY_RULE);
		size_t first = next;

		assert_int_equal(nla_put_u32(msg, IMTC_A_TRANSACTION, 7), 0);
		assert_int_equal(nl_put_rules(msg, policy, &next, &batch), 0);
		assert_in_range(next, first + 1, policy->compiled_count);
		assert_int_equal(same_rules(policy, first, msg), next - first);
		assert_in_range(nlmsg_hdr(msg)->nlmsg_len, 1, 64 << 10);
		nlmsg_free(msg);
		messages++;
	}
	assert_in_range(messages, 2, 60);
	policy_free(policy);
}

/* Each attribute of each rule lies in that rule's span, and in no other's. */
static void test_offsets(void **state)
{
	struct policy *policy = fat_policy(20);
	struct nl_msg *msg = new_message(IMTC_CMD_POLICY_RULE);
	struct nlattr *attr, *inner;
	struct genlmsghdr *header;
	struct nl_batch batch;
	size_t next = 0;
	unsigned int rule = 0;
	int remaining, rest;

	(void)state;
	assert_int_equal(nla_put_u32(msg, IMTC_A_TRANSACTION, 7), 0);
	assert_int_equal(nl_put_rules(msg, policy, &next, &batch), 0);
	header = nlmsg_data(nlmsg_hdr(msg));
	nla_for_each_attr(attr, genlmsg_attrdata(header, 0), genlmsg_attrlen(header, 0), remaining) {
		u32 offset = (u32)((char *)attr - (char *)nlmsg_hdr(msg));

		if (nla_type(attr) != IMTC_A_RULE) {
			assert_int_equal(nl_rule_at(&batch, offset), 0);
			continue;
		}
		rule++;
		assert_int_equal(nl_rule_at(&batch, offset), rule);
		nla_for_each_nested(inner, attr, rest)
			assert_int_equal(nl_rule_at(&batch, (u32)((char *)inner -
				(char *)nlmsg_hdr(msg))), rule);
	}
	assert_int_equal(rule, 20);
	assert_int_equal(nl_rule_at(&batch, 0), 0);
	assert_int_equal(nl_rule_at(&batch, 0xffffffff), 0);
	nlmsg_free(msg);
	policy_free(policy);
}

/* --- answers ---------------------------------------------------------------- */

/* Text where a length is wrong must be refused, not read past. */
static void test_short_attributes(void **state)
{
	static const int types[] = {
		IMTC_RULE_A_ID, IMTC_RULE_A_SERVICES, IMTC_RULE_A_LOCAL, IMTC_RULE_A_FEATURES,
		IMTC_RULE_A_UID, IMTC_RULE_A_HITS, IMTC_RULE_A_ARGUMENT,
	};

	(void)state;
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		struct nl_msg *msg = new_message(IMTC_CMD_RULE_GET);
		struct nlattr *nest = nla_nest_start(msg, IMTC_A_RULE);

		if (types[i] != IMTC_RULE_A_ID)
			nla_put_u32(msg, IMTC_RULE_A_ID, 1);
		nla_put_string(msg, IMTC_RULE_A_NAME, "x");
		nla_put_u8(msg, IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP);
		nla_put_u8(msg, types[i], 1);
		nla_nest_end(msg, nest);
		assert_null(nl_rule_json(nest));
		nlmsg_free(msg);
	}
}

static void test_process(void **state)
{
	struct nl_msg *msg = new_message(IMTC_CMD_PROCESS_GET);
	struct nlattr *nest = nla_nest_start(msg, IMTC_A_PROCESS), *decision;
	struct json_object *object, *value;
	u64 handle = 0x8000000000000001ULL;

	(void)state;
	nla_put(msg, IMTC_PROCESS_A_HANDLE, sizeof(handle), &handle);
	nla_put_u32(msg, IMTC_PROCESS_A_PID, 4321);
	nla_put(msg, IMTC_PROCESS_A_COMM, 3, "abc");	/* without its NUL */
	nla_put_flag(msg, IMTC_PROCESS_A_ALIVE);
	nla_put(msg, IMTC_PROCESS_A_UNDER, 3, "/sh");	/* nor this */
	nla_put_string(msg, IMTC_PROCESS_A_UNDER, "/init");
	for (u64 count = 1; count <= 2; count++) {
		decision = nla_nest_start(msg, IMTC_PROCESS_A_DECISIONS);
		nla_put_u16(msg, IMTC_SERVICE_A_SERVICE, IMTC_SERVICE_IRC);
		nla_put_u8(msg, IMTC_SERVICE_A_VERDICT, (u8)count);
		nla_put(msg, IMTC_SERVICE_A_COUNT, sizeof(count), &count);
		nla_nest_end(msg, decision);
	}
	nla_nest_end(msg, nest);
	object = nl_process_json(nest);
	assert_non_null(object);
	json_object_object_get_ex(object, "handle", &value);
	assert_true(json_object_get_uint64(value) == handle);
	json_object_object_get_ex(object, "comm", &value);
	assert_string_equal(json_object_get_string(value), "abc");
	json_object_object_get_ex(object, "under", &value);
	assert_string_equal(json_object_to_json_string_ext(value, JSON_C_TO_STRING_PLAIN |
							   JSON_C_TO_STRING_NOSLASHESCAPE),
			    "[\"/sh\",\"/init\"]");
	json_object_object_get_ex(object, "decisions", &value);
	assert_int_equal(json_object_array_length(value), 2);
	assert_string_equal(json_object_to_json_string_ext(json_object_array_get_idx(value, 1),
							   JSON_C_TO_STRING_PLAIN),
			    "{\"service\":\"irc\",\"verdict\":\"drop\",\"count\":2}");
	json_object_put(object);
	nlmsg_free(msg);
}

/* --- extended acknowledgements ---------------------------------------------- */

/* An error as the kernel writes it: the request echoed, or cut off. */
static struct nlmsghdr *make_error(bool capped, const char *sentence, u32 offset)
{
	struct nlmsghdr *header = calloc(1, 1024);
	struct nlmsgerr *error = NLMSG_DATA(header);
	size_t len = NLMSG_HDRLEN + sizeof(*error);
	struct nlattr *attr;

	header->nlmsg_type = NLMSG_ERROR;
	header->nlmsg_flags = NLM_F_ACK_TLVS | (capped ? NLM_F_CAPPED : 0);
	error->error = -22;
	error->msg.nlmsg_len = NLMSG_HDRLEN + 101;
	if (!capped)
		len += NLMSG_ALIGN(101);
	attr = (struct nlattr *)((char *)header + len);
	attr->nla_type = NLMSGERR_ATTR_MSG;
	attr->nla_len = (u16)(NLA_HDRLEN + strlen(sentence) + 1);
	strcpy((char *)attr + NLA_HDRLEN, sentence);
	len += NLA_ALIGN(attr->nla_len);
	attr = (struct nlattr *)((char *)header + len);
	attr->nla_type = NLMSGERR_ATTR_OFFS;
	attr->nla_len = NLA_HDRLEN + sizeof(offset);
	memcpy((char *)attr + NLA_HDRLEN, &offset, sizeof(offset));
	header->nlmsg_len = (u32)(len + attr->nla_len);
	return header;
}

static void test_extack(void **state)
{
	struct nl_extack extack;

	(void)state;
	for (int capped = 0; capped < 2; capped++) {
		struct nlmsghdr *header = make_error(capped, "verdict out of range", 44);

		nl_read_extack(header, &extack);
		assert_string_equal(extack.sentence, "verdict out of range");
		assert_int_equal(extack.offset, 44);
		header->nlmsg_flags &= (u16)~NLM_F_ACK_TLVS;
		nl_read_extack(header, &extack);
		assert_string_equal(extack.sentence, "");
		assert_int_equal(extack.offset, 0);
		free(header);
	}
}

/* Cut anywhere, and with lengths that lie: read in a buffer as long as the message. */
static void test_extack_hostile(void **state)
{
	struct nlmsghdr *whole = make_error(false, "a sentence", 44), *part;
	u32 least = NLMSG_HDRLEN + sizeof(struct nlmsgerr);
	struct nl_extack extack;

	(void)state;
	for (u32 len = least; len <= whole->nlmsg_len; len++) {
		part = malloc(len);
		memcpy(part, whole, len);
		part->nlmsg_len = len;
		nl_read_extack(part, &extack);
		((struct nlmsgerr *)NLMSG_DATA(part))->msg.nlmsg_len = 0xffffffff;
		nl_read_extack(part, &extack);
		assert_string_equal(extack.sentence, "");
		((struct nlmsgerr *)NLMSG_DATA(part))->msg.nlmsg_len = 0;
		nl_read_extack(part, &extack);
		free(part);
	}
	free(whole);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rules),
		cmocka_unit_test(test_absent),
		cmocka_unit_test(test_head),
		cmocka_unit_test(test_batches),
		cmocka_unit_test(test_offsets),
		cmocka_unit_test(test_short_attributes),
		cmocka_unit_test(test_process),
		cmocka_unit_test(test_extack),
		cmocka_unit_test(test_extack_hostile),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
