// SPDX-License-Identifier: GPL-2.0-only
/*
 * The attributes that requests may carry: one table a command and nest. The
 * kernel checks types, lengths and ranges by them, strictly, and refuses what
 * they do not name.
 */
#include "netlink.h"

#define IN_REPLIES_ALONE \
	{ .type = NLA_REJECT, .reject_message = "This attribute is for replies alone" }
#define NUL_STRING(bytes) { .type = NLA_NUL_STRING, .len = (bytes) - 1 }
/* Unlike services, features are never the user's own. */
#define IMTC_FEATURE(number, name, word, title) | BIT(number)
enum { ALL_FEATURES = 0
#include <imtc/features.def>
};
#undef IMTC_FEATURE
#define ALL_ENCRYPTIONS (BIT(IMTC_ENCRYPTION_ENCRYPTED + 1) - 1)

const struct nla_policy imtc_attrs_none[IMTC_NO_ATTRS_MAX + 1] = {
	[1] = { .type = NLA_REJECT, .reject_message = "This command takes no attributes" },
};

const struct nla_policy imtc_attrs_in_policy[IMTC_POLICY_A_MAX + 1] = {
	[IMTC_POLICY_A_NAME] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_POLICY_A_DEFAULT] = NLA_POLICY_RANGE(NLA_U8, IMTC_VERDICT_PASS, IMTC_VERDICT_REJECT),
	[IMTC_POLICY_A_ON_FAILURE] =
		NLA_POLICY_RANGE(NLA_U8, IMTC_VERDICT_PASS, IMTC_VERDICT_DROP),
	[IMTC_POLICY_A_DIGEST] = NLA_POLICY_EXACT_LEN(32),
	[IMTC_POLICY_A_LOADED_NS] = IN_REPLIES_ALONE,
	[IMTC_POLICY_A_LOADER_UID] = IN_REPLIES_ALONE,
	[IMTC_POLICY_A_RULES] = IN_REPLIES_ALONE,
	[IMTC_POLICY_A_OBSERVE] = { .type = NLA_FLAG },
	[IMTC_POLICY_A_SCHEDULES] = {
		.type = NLA_BINARY, .len = IMTC_SCHEDULES_MAX * IMTC_NAME_BYTES,
	},
	[IMTC_POLICY_A_TURNS] = {
		.type = NLA_BINARY, .len = IMTC_SCHEDULE_TURNS_MAX * sizeof(struct imtc_turn),
	},
	[IMTC_POLICY_A_OPEN] = IN_REPLIES_ALONE,
	[IMTC_POLICY_A_UNTIL] = IN_REPLIES_ALONE,
	[IMTC_POLICY_A_INSIDE] = { .type = NLA_BINARY, .len = IMTC_INSIDE_MAX * IMTC_INSIDE_BYTES },
};

const struct nla_policy imtc_attrs_in_rule[IMTC_RULE_A_MAX + 1] = {
	[IMTC_RULE_A_ID] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_NAME] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_VERDICT] =
		NLA_POLICY_RANGE(NLA_U8, IMTC_VERDICT_PASS, IMTC_VERDICT_LAST),
	[IMTC_RULE_A_ARGUMENT] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_LOG] = NLA_POLICY_RANGE(NLA_U8, IMTC_LOG_DEBUG, IMTC_LOG_ALERT),
	[IMTC_RULE_A_SERVICES] = NLA_POLICY_EXACT_LEN(IMTC_SERVICE_MAX / 8),
	[IMTC_RULE_A_FEATURES] = NLA_POLICY_MASK(NLA_U16, ALL_FEATURES),
	[IMTC_RULE_A_DIRECTIONS] = NLA_POLICY_RANGE(NLA_U8, IMTC_DIRECTION_OUT,
						    IMTC_DIRECTION_ALL),
	[IMTC_RULE_A_ENCRYPTIONS] = NLA_POLICY_RANGE(NLA_U8, 1, ALL_ENCRYPTIONS),
	[IMTC_RULE_A_LOCAL] = NLA_POLICY_EXACT_LEN(16),
	[IMTC_RULE_A_LOCAL_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[IMTC_RULE_A_REMOTE] = NLA_POLICY_EXACT_LEN(16),
	[IMTC_RULE_A_REMOTE_LEN] = NLA_POLICY_MAX(NLA_U8, 128),
	[IMTC_RULE_A_EXE] = NUL_STRING(IMTC_PATH_BYTES),
	[IMTC_RULE_A_COMM] = NUL_STRING(IMTC_COMM_BYTES),
	[IMTC_RULE_A_UID] = { .type = NLA_U32 },
	[IMTC_RULE_A_GID] = { .type = NLA_U32 },
	[IMTC_RULE_A_CGROUP] = NUL_STRING(IMTC_PATH_BYTES),
	[IMTC_RULE_A_UNIT] = NUL_STRING(IMTC_PATH_BYTES),
	[IMTC_RULE_A_CONTAINER] = NUL_STRING(IMTC_CONTAINER_HEX + 1),
	[IMTC_RULE_A_EXE_SHA256] = NUL_STRING(IMTC_SHA256_HEX + 1),
	[IMTC_RULE_A_UNDER] = NUL_STRING(IMTC_PATH_BYTES),
	[IMTC_RULE_A_HITS] = IN_REPLIES_ALONE,
	[IMTC_RULE_A_PAD] = IN_REPLIES_ALONE,
	[IMTC_RULE_A_OBSERVE] = { .type = NLA_FLAG },
	[IMTC_RULE_A_LOCAL_SET] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_REMOTE_SET] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_PARAMETERS] = NLA_POLICY_EXACT_LEN(IMTC_PARAMETERS * sizeof(u32)),
	[IMTC_RULE_A_IFINDEX] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_LOCAL_PORTS] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_REMOTE_PORTS] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_CONFIDENCE] =
		NLA_POLICY_RANGE(NLA_U8, IMTC_CONFIDENCE_ADDRESS, IMTC_CONFIDENCE_PAYLOAD),
	[IMTC_RULE_A_DOMAIN] = NUL_STRING(IMTC_DOMAIN_PATTERN_BYTES),
	[IMTC_RULE_A_DOMAIN_SET] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_EXE_SET] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_USER_SET] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_RULE_A_SCHEDULE] = NUL_STRING(IMTC_NAME_BYTES + 1),
	[IMTC_RULE_A_NEW_FLOWS] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_NEW_PEERS] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_RULE_A_PEERS] = NLA_POLICY_RANGE(NLA_U8, IMTC_PEER_INSIDE, IMTC_PEER_ALL),
};

const struct nla_policy imtc_attrs_in_set[IMTC_SET_A_MAX + 1] = {
	[IMTC_SET_A_NAME] = NUL_STRING(IMTC_NAME_BYTES),
	[IMTC_SET_A_PREFIXES] = { .type = NLA_BINARY },
	[IMTC_SET_A_KIND] = NLA_POLICY_MAX(NLA_U8, IMTC_SET_KINDS - 1),
	[IMTC_SET_A_WORDS] = { .type = NLA_BINARY },
};

const struct nla_policy imtc_attrs_set[IMTC_A_SET + 1] = {
	[IMTC_A_TRANSACTION] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_A_SET] = NLA_POLICY_NESTED(imtc_attrs_in_set),
};

const struct nla_policy imtc_attrs_begin[IMTC_A_POLICY + 1] = {
	[IMTC_A_POLICY] = NLA_POLICY_NESTED(imtc_attrs_in_policy),
};

const struct nla_policy imtc_attrs_rule[IMTC_A_RULE + 1] = {
	[IMTC_A_TRANSACTION] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_A_RULE] = NLA_POLICY_NESTED(imtc_attrs_in_rule),
};

const struct nla_policy imtc_attrs_commit[IMTC_A_COUNT + 1] = {
	[IMTC_A_TRANSACTION] = NLA_POLICY_MIN(NLA_U32, 1),
	[IMTC_A_COUNT] = { .type = NLA_U32 },
};

const struct nla_policy imtc_attrs_abort[IMTC_A_TRANSACTION + 1] = {
	[IMTC_A_TRANSACTION] = NLA_POLICY_MIN(NLA_U32, 1),
};

int imtc_attrs_unique(const struct nlattr *head, int len, int may_repeat,
		      struct netlink_ext_ack *extack)
{
	const struct nlattr *attr;
	u64 seen = 0;
	int left;

	BUILD_BUG_ON(IMTC_A_MAX > 63 || IMTC_RULE_A_MAX > 63 || IMTC_POLICY_A_MAX > 63);
	nla_for_each_attr(attr, head, len, left) {
		u64 bit = BIT_ULL(nla_type(attr) & 63);

		if ((seen & bit) && nla_type(attr) != may_repeat) {
			NL_SET_ERR_MSG_ATTR(extack, attr, "This attribute is given twice");
			return -EINVAL;
		}
		seen |= bit;
	}
	return 0;
}
