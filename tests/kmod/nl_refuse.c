// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests that the module must refuse: each with its errno, its sentence and
 * the attribute that is named, and nothing changed afterwards, neither in the
 * policy in force nor in the transaction that is open. One table; the rest is
 * how it is read.
 *
 * The sentences about types, lengths and ranges are generic netlink's own, from
 * the module's tables of attributes.
 */
#include <errno.h>
#include <linux/genetlink.h>
#include <stdio.h>
#include <string.h>

#include <imtc/label.h>
#include <imtc/policy.h>

#include "libpeer.h"
#include "libtap.h"

/* --- a request as data ------------------------------------------------------- */

enum kind {
	END = 0,
	NUMBER,		/* len bytes of number */
	BYTES,		/* len bytes of text */
	FILLED,		/* text's first byte, then len - 1 of 'x' */
	FILLED_STRING,	/* the same and a NUL */
	NEST_START,	/* with number as flags of the type */
	NEST_END,
	FAULT,		/* the next attribute is the one that is named */
	OPEN_TRANSACTION, /* the number of the open one, plus number */
	LIE,		/* an attribute header that claims len bytes in all; nothing follows */
	HEADER,		/* of generic netlink: version is type, reserved is number */
};

struct item {
	enum kind kind;
	u16 type;
	u16 len;
	u64 number;
	const char *text;
};

#define U8(t, n) { .kind = NUMBER, .type = t, .len = 1, .number = n }
#define U16(t, n) { .kind = NUMBER, .type = t, .len = 2, .number = n }
#define U32(t, n) { .kind = NUMBER, .type = t, .len = 4, .number = n }
#define U64(t, n) { .kind = NUMBER, .type = t, .len = 8, .number = n }
#define FLAG(t) { .kind = NUMBER, .type = t }
#define STRING(t, s) { .kind = BYTES, .type = t, .len = sizeof(s), .text = s }
#define STRING_WITHOUT_NUL(t, s) { .kind = BYTES, .type = t, .len = sizeof(s) - 1, .text = s }
#define LONG_BYTES(t, n) { .kind = FILLED, .type = t, .len = n, .text = "/" }
#define LONG_BYTES_AFTER_NUL(t, n) { .kind = FILLED, .type = t, .len = n, .text = "" }
#define LONG_STRING(t, n) { .kind = FILLED_STRING, .type = t, .len = n, .text = "/" }
#define NEST(t) { .kind = NEST_START, .type = t, .number = NLA_F_NESTED }
#define NEST_WITHOUT_FLAG(t) { .kind = NEST_START, .type = t }
#define CLOSE { .kind = NEST_END }
#define AT_FAULT { .kind = FAULT }
#define TRANSACTION { .kind = OPEN_TRANSACTION }
#define OTHER_TRANSACTION { .kind = OPEN_TRANSACTION, .number = 1 }
#define CLAIM(t, n) { .kind = LIE, .type = t, .len = n }
#define GENL_HEADER(version, reserved) { .kind = HEADER, .type = version, .number = reserved }

/* A whole rule and what is wrong with it; rule 1 is there before it. */
#define RULE(...) TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2), \
	STRING(IMTC_RULE_A_NAME, "two"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), \
	__VA_ARGS__, CLOSE
/* The same without a verdict. */
#define BARE_RULE(...) TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2), \
	STRING(IMTC_RULE_A_NAME, "two"), __VA_ARGS__, CLOSE
#define POLICY(...) NEST(IMTC_A_POLICY), __VA_ARGS__, CLOSE
#define VERDICTS U8(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS), \
	U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS)
#define SCHEDULE_A STRING(IMTC_POLICY_A_SCHEDULES, "a")
/* Two: the first opens the first schedule, the other ends the list half a year later. */
#define TURNS STRING_WITHOUT_NUL(IMTC_POLICY_A_TURNS, \
				 "\0\0\0\1\1\0\0\0" "\0\0\0\2\0\0\0\0")
#define ADDRESS "\0\0\0\0\0\0\0\0\0\0\xff\xff\x0a\x58\0\2"

/* --- the table --------------------------------------------------------------- */

enum state {
	NOTHING_OPEN,
	OPEN,		/* this socket has a transaction with one rule, of id 1 */
	OPEN_ELSEWHERE,	/* another socket has */
};

#define ITEMS_MAX 16
struct refusal {
	const char *name;
	u8 command;
	enum state state;
	int error;
	const char *text;	/* NULL: generic netlink refuses before the module, in no words */
	u16 missing;		/* the attribute that is named as missing */
	struct item items[ITEMS_MAX];
};

/* Sentences of the kernel's lib/nlattr.c. */
#define RANGE "integer out of range"
#define SIZE "invalid attribute length"
#define BINARY "binary attribute size out of range"
#define POLICY_FAILED "Attribute failed policy validation"
#define UNKNOWN "Unknown attribute type"
#define UNSUPPORTED "Unsupported attribute"
#define NOT_NESTED "NLA_F_NESTED is missing"
#define LEFTOVER "bytes leftover after parsing attributes"
#define RESERVED_BITS "reserved bit set"
/* Sentences of the module. */
#define TWICE "This attribute is given twice"
#define NO_ATTRIBUTES "This command takes no attributes"
#define REPLIES "This attribute is for replies alone"
#define NONE_OPEN "This socket has no transaction open"
#define SCHEDULE_NAME "A name of SCHEDULES is empty, too long or begins with !"
#define BAD_TURNS "TURNS do not rise, open a schedule that is not there, or last less than a week"
#define OTHER_NUMBER "TRANSACTION is not the number of the open one"

static const struct refusal refusals[] = {
	/* Commands as such. */
	{ "unknown command", 99, NOTHING_OPEN, EOPNOTSUPP, NULL, 0, { { 0 } } },
	{ "EVENT as a request", IMTC_CMD_EVENT, NOTHING_OPEN, EOPNOTSUPP, NULL, 0, { { 0 } } },
	{ "command 0", IMTC_CMD_UNSPEC, NOTHING_OPEN, EOPNOTSUPP, NULL, 0, { { 0 } } },
	{ "RULE_GET without NLM_F_DUMP", IMTC_CMD_RULE_GET, NOTHING_OPEN, EOPNOTSUPP, NULL, 0,
	  { { 0 } } },
	{ "PROCESS_GET without NLM_F_DUMP", IMTC_CMD_PROCESS_GET, NOTHING_OPEN, EOPNOTSUPP, NULL,
	  0, { { 0 } } },
	{ "SERVICE_GET without NLM_F_DUMP", IMTC_CMD_SERVICE_GET, NOTHING_OPEN, EOPNOTSUPP, NULL,
	  0, { { 0 } } },
	{ "reserved bytes of the header", IMTC_CMD_STATUS_GET, NOTHING_OPEN, EINVAL,
	  "genlmsghdr.reserved field is not 0", 0, { GENL_HEADER(1, 7) } },

	/* Commands that take no attributes. */
	{ "STATUS_GET with TRANSACTION", IMTC_CMD_STATUS_GET, NOTHING_OPEN, EINVAL, NO_ATTRIBUTES, 0,
	  { AT_FAULT, U32(IMTC_A_TRANSACTION, 1) } },
	{ "STATUS_GET with STATUS", IMTC_CMD_STATUS_GET, NOTHING_OPEN, EINVAL, UNKNOWN, 0,
	  { AT_FAULT, NEST(IMTC_A_STATUS), CLOSE } },
	{ "POLICY_GET with POLICY", IMTC_CMD_POLICY_GET, NOTHING_OPEN, EINVAL, UNKNOWN, 0,
	  { AT_FAULT, NEST(IMTC_A_POLICY), CLOSE } },
	{ "POLICY_FLUSH with TRANSACTION", IMTC_CMD_POLICY_FLUSH, NOTHING_OPEN, EINVAL, NO_ATTRIBUTES,
	  0, { AT_FAULT, U32(IMTC_A_TRANSACTION, 1) } },
	{ "POLICY_FLUSH with an unknown attribute", IMTC_CMD_POLICY_FLUSH, NOTHING_OPEN, EINVAL,
	  UNKNOWN, 0, { AT_FAULT, U32(200, 1) } },
	{ "POLICY_FLUSH with bytes after its end", IMTC_CMD_POLICY_FLUSH, NOTHING_OPEN, EINVAL,
	  LEFTOVER, 0, { CLAIM(1, 2) } },

	/* POLICY_SET. */
	{ "SET_GET without NLM_F_DUMP", IMTC_CMD_SET_GET, NOTHING_OPEN, EOPNOTSUPP, NULL, 0,
	  { { 0 } } },
	{ "SET without a transaction", IMTC_CMD_POLICY_SET, NOTHING_OPEN, ENOENT, NONE_OPEN, 0,
	  { U32(IMTC_A_TRANSACTION, 1), NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), CLOSE } },
	{ "SET without TRANSACTION", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "The request needs TRANSACTION", IMTC_A_TRANSACTION,
	  { NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), CLOSE } },
	{ "POLICY_SET without SET", IMTC_CMD_POLICY_SET, OPEN, EINVAL, "The request needs SET",
	  IMTC_A_SET, { TRANSACTION } },
	{ "SET without NAME", IMTC_CMD_POLICY_SET, OPEN, EINVAL, "A set needs NAME",
	  IMTC_SET_A_NAME, { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), CLOSE } },
	{ "SET with an empty NAME", IMTC_CMD_POLICY_SET, OPEN, EINVAL, "NAME is empty", 0,
	  { TRANSACTION, NEST(IMTC_A_SET), AT_FAULT, STRING(IMTC_SET_A_NAME, ""), CLOSE } },
	{ "SET with half a prefix", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "PREFIXES are 17 bytes each", 0,
	  { TRANSACTION, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), AT_FAULT,
	    STRING_WITHOUT_NUL(IMTC_SET_A_PREFIXES, ADDRESS), CLOSE } },
	{ "SET with a prefix of length 0", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A prefix of a set has a length from 1 to 128", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    STRING_WITHOUT_NUL(IMTC_SET_A_PREFIXES, ADDRESS "\0"), CLOSE } },
	{ "SET with a prefix of length 129", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A prefix of a set has a length from 1 to 128", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    STRING_WITHOUT_NUL(IMTC_SET_A_PREFIXES, ADDRESS "\x81"), CLOSE } },
	{ "SET of a kind that is not known", IMTC_CMD_POLICY_SET, OPEN, ERANGE, RANGE, 0,
	  { TRANSACTION, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), AT_FAULT,
	    U8(IMTC_SET_A_KIND, IMTC_SET_KINDS), CLOSE } },
	{ "SET of addresses with WORDS", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "WORDS are not for sets of addresses", 0,
	  { TRANSACTION, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), AT_FAULT,
	    STRING(IMTC_SET_A_WORDS, "a.test"), CLOSE } },
	{ "SET of domains with PREFIXES", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "PREFIXES are for sets of addresses alone", 0,
	  { TRANSACTION, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_DOMAINS), AT_FAULT,
	    STRING_WITHOUT_NUL(IMTC_SET_A_PREFIXES, ADDRESS "\x80"), CLOSE } },
	{ "SET with a word without NUL", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "WORDS do not end with a NUL", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_DOMAINS),
	    STRING_WITHOUT_NUL(IMTC_SET_A_WORDS, "a.test\0b.test"), CLOSE } },
	{ "SET with a domain in capitals", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A domain of a set is one in lower case, of 1 to 15 labels", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_DOMAINS), STRING(IMTC_SET_A_WORDS, "A.test"), CLOSE } },
	{ "SET with a domain of nothing", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A domain of a set is one in lower case, of 1 to 15 labels", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_DOMAINS), STRING(IMTC_SET_A_WORDS, ""), CLOSE } },
	{ "SET of two kinds", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "The set of this name is of another kind", 0,
	  { TRANSACTION, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), CLOSE, AT_FAULT,
	    NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"), U8(IMTC_SET_A_KIND, IMTC_SET_DOMAINS),
	    CLOSE } },
	{ "a rule with a set of domains that is not there", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "There is no set of this name before the rule", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_DOMAIN_SET, "nobody")) } },
	{ "a rule with a domain and a set", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "DOMAIN and DOMAIN_SET exclude each other", 0,
	  { RULE(STRING(IMTC_RULE_A_DOMAIN, "a.test"), AT_FAULT,
		 STRING(IMTC_RULE_A_DOMAIN_SET, "nobody")) } },
	{ "SET with a user by name", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A user of a set is a number from 0 to 4294967294", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_USERS), STRING(IMTC_SET_A_WORDS, "root"), CLOSE } },
	{ "SET with a pattern of programs", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A program of a set is a path that begins with /, of 255 bytes, no pattern", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_PROGRAMS), STRING(IMTC_SET_A_WORDS, "/a\0/b/*"), CLOSE } },
	{ "SET with a program of 256 bytes", IMTC_CMD_POLICY_SET, OPEN, EINVAL,
	  "A program of a set is a path that begins with /, of 255 bytes, no pattern", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_SET), STRING(IMTC_SET_A_NAME, "a"),
	    U8(IMTC_SET_A_KIND, IMTC_SET_PROGRAMS), LONG_STRING(IMTC_SET_A_WORDS, 256), CLOSE } },
	{ "a rule with a set of programs that is not there", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "There is no set of this name before the rule", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_EXE_SET, "nobody")) } },
	{ "a rule with a path and a set", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "EXE and EXE_SET exclude each other", 0,
	  { RULE(STRING(IMTC_RULE_A_EXE, "/a"), AT_FAULT,
		 STRING(IMTC_RULE_A_EXE_SET, "nobody")) } },
	{ "a rule with a user and a set", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "UID and USER_SET exclude each other", 0,
	  { RULE(U32(IMTC_RULE_A_UID, 1), AT_FAULT,
		 STRING(IMTC_RULE_A_USER_SET, "nobody")) } },
	{ "a rule with a set that is not there", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "There is no set of this name before the rule", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_REMOTE_SET, "nobody")) } },
	{ "a rule with a set and an address", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "An address and a set of one end exclude each other", 0,
	  { RULE(STRING_WITHOUT_NUL(IMTC_RULE_A_LOCAL, ADDRESS), U8(IMTC_RULE_A_LOCAL_LEN, 128), AT_FAULT,
		 STRING(IMTC_RULE_A_LOCAL_SET, "nobody")) } },

	/* POLICY_BEGIN. */
	{ "begin with POLICY twice", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, TWICE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS),
	    AT_FAULT, POLICY(STRING(IMTC_POLICY_A_NAME, "b"), VERDICTS) } },
	{ "begin with TRANSACTION", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, UNSUPPORTED, 0,
	  { AT_FAULT, U32(IMTC_A_TRANSACTION, 1),
	    POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS) } },
	{ "begin with RULE", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, UNKNOWN, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS), AT_FAULT, NEST(IMTC_A_RULE),
	    CLOSE } },
	{ "POLICY not marked as a nest", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, NOT_NESTED, 0,
	  { AT_FAULT, NEST_WITHOUT_FLAG(IMTC_A_POLICY), STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
	    CLOSE } },
	{ "POLICY that is a number", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, NOT_NESTED, 0,
	  { AT_FAULT, U32(IMTC_A_POLICY, 1) } },
	{ "POLICY that is empty", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, "A policy needs NAME",
	  IMTC_POLICY_A_NAME, { NEST(IMTC_A_POLICY), CLOSE } },
	{ "POLICY without NAME", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, "A policy needs NAME",
	  IMTC_POLICY_A_NAME, { POLICY(VERDICTS) } },
	{ "POLICY without DEFAULT", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A policy needs DEFAULT", IMTC_POLICY_A_DEFAULT,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"),
		   U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS)) } },
	{ "POLICY without ON_FAILURE", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A policy needs ON_FAILURE", IMTC_POLICY_A_ON_FAILURE,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"),
		   U8(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS)) } },
	{ "policy NAME twice", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, TWICE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, STRING(IMTC_POLICY_A_NAME, "b")) } },
	{ "policy NAME without NUL", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, POLICY_FAILED, 0,
	  { POLICY(AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_NAME, "abc"), VERDICTS) } },
	{ "policy NAME of 64 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, POLICY_FAILED, 0,
	  { POLICY(AT_FAULT, LONG_STRING(IMTC_POLICY_A_NAME, 64), VERDICTS) } },
	{ "policy NAME with 70 bytes after its NUL", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE,
	  POLICY_FAILED, 0, { POLICY(AT_FAULT, LONG_BYTES_AFTER_NUL(IMTC_POLICY_A_NAME, 70), VERDICTS) } },
	{ "DEFAULT is redirect", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, RANGE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"),
		   AT_FAULT, U8(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_REDIRECT),
		   U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS)) } },
	{ "DEFAULT is none", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, RANGE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"),
		   AT_FAULT, U8(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_NONE),
		   U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS)) } },
	{ "DEFAULT of four bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, SIZE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"),
		   AT_FAULT, U32(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS),
		   U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_PASS)) } },
	{ "ON_FAILURE is reject", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, RANGE, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), U8(IMTC_POLICY_A_DEFAULT, IMTC_VERDICT_PASS),
		   AT_FAULT, U8(IMTC_POLICY_A_ON_FAILURE, IMTC_VERDICT_REJECT)) } },
	{ "DIGEST of 31 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, BINARY, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_DIGEST, 31)) } },
	{ "DIGEST of 33 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, BINARY, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_DIGEST, 33)) } },
	{ "INSIDE of 16 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "INSIDE is not of 17 bytes a prefix", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_INSIDE, 16)) } },
	{ "INSIDE of no bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "INSIDE is not of 17 bytes a prefix", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, FLAG(IMTC_POLICY_A_INSIDE)) } },
	{ "INSIDE of 65 prefixes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, POLICY_FAILED, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_INSIDE, 65 * IMTC_INSIDE_BYTES)) } },
	{ "INSIDE with a length over 128", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A prefix length of INSIDE is over 128", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_INSIDE, ADDRESS "\201")) } },
	{ "SCHEDULES without TURNS", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "SCHEDULES need TURNS", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, STRING(IMTC_POLICY_A_SCHEDULES, "office")) } },
	{ "TURNS without SCHEDULES", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "TURNS need SCHEDULES", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_TURNS, 16)) } },
	{ "SCHEDULES of no name", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, "SCHEDULES is empty",
	  0, { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		      AT_FAULT, FLAG(IMTC_POLICY_A_SCHEDULES)) } },
	{ "SCHEDULES without a NUL", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A name of SCHEDULES does not end", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_SCHEDULES, "a\0b")) } },
	{ "SCHEDULES with an empty name", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, SCHEDULE_NAME,
	  0, { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		      AT_FAULT, STRING(IMTC_POLICY_A_SCHEDULES, "a\0")) } },
	{ "SCHEDULES with a name of 64 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  SCHEDULE_NAME, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, LONG_STRING(IMTC_POLICY_A_SCHEDULES, 65)) } },
	{ "SCHEDULES with a name that begins with !", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  SCHEDULE_NAME, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, STRING(IMTC_POLICY_A_SCHEDULES, "!a")) } },
	{ "SCHEDULES with a name twice", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A name of SCHEDULES is given twice", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, STRING(IMTC_POLICY_A_SCHEDULES, "a\0a")) } },
	{ "33 SCHEDULES", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "A policy has at most 32 schedules", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, STRING(IMTC_POLICY_A_SCHEDULES,
				    "a\0b\0c\0d\0e\0f\0g\0h\0i\0j\0k\0l\0m\0n\0o\0p\0q\0r\0s\0t\0u\0v\0w\0x"
				    "\0y\0z\0A\0B\0C\0D\0E\0F\0G")) } },
	{ "SCHEDULES of more bytes than names have", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE,
	  POLICY_FAILED, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, TURNS,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_SCHEDULES, 32 * 64 + 1)) } },
	{ "TURNS of 9 bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL,
	  "TURNS is not of 8 bytes a turn", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_TURNS, 9)) } },
	{ "TURNS of no bytes", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, "TURNS is empty", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, FLAG(IMTC_POLICY_A_TURNS)) } },
	{ "one TURN", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, BAD_TURNS, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_TURNS, "\0\0\0\1\1\0\0\0")) } },
	{ "TURNS that fall", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, BAD_TURNS, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_TURNS,
						"\0\0\0\2\1\0\0\0" "\0\0\0\1\0\0\0\0")) } },
	{ "TURNS of a minute", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, BAD_TURNS, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_TURNS,
						"\0\0\0\1\1\0\0\0" "\74\0\0\1\0\0\0\0")) } },
	{ "TURNS that open another schedule", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, BAD_TURNS,
	  0, { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		      AT_FAULT, STRING_WITHOUT_NUL(IMTC_POLICY_A_TURNS,
						   "\0\0\0\1\2\0\0\0" "\0\0\0\2\0\0\0\0")) } },
	{ "4097 TURNS", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, ERANGE, POLICY_FAILED, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, SCHEDULE_A,
		   AT_FAULT, LONG_BYTES(IMTC_POLICY_A_TURNS, 4097 * 8)) } },
	{ "OPEN in a request", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, REPLIES, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, U32(IMTC_POLICY_A_OPEN, 0)) } },
	{ "UNTIL in a request", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, REPLIES, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, U32(IMTC_POLICY_A_UNTIL, 0)) } },
	{ "LOADER_UID in a request", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, REPLIES, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, U32(IMTC_POLICY_A_LOADER_UID, 0)) } },
	{ "LOADED_NS in a request", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, REPLIES, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS,
		   AT_FAULT, U64(IMTC_POLICY_A_LOADED_NS, 0)) } },
	{ "unknown attribute in POLICY", IMTC_CMD_POLICY_BEGIN, NOTHING_OPEN, EINVAL, UNKNOWN, 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS, AT_FAULT, U32(99, 0)) } },
	{ "second begin of the same socket", IMTC_CMD_POLICY_BEGIN, OPEN, EBUSY,
	  "This socket has a transaction open: commit or abort it", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS) } },
	{ "begin while another socket has one open", IMTC_CMD_POLICY_BEGIN, OPEN_ELSEWHERE, EBUSY,
	  "Another socket has a transaction open", 0,
	  { POLICY(STRING(IMTC_POLICY_A_NAME, "a"), VERDICTS) } },

	/* POLICY_RULE: the request. */
	{ "rule without begin", IMTC_CMD_POLICY_RULE, NOTHING_OPEN, ENOENT, NONE_OPEN, 0,
	  { U32(IMTC_A_TRANSACTION, 1), NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 1),
	    STRING(IMTC_RULE_A_NAME, "a"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "rule for the transaction of another socket", IMTC_CMD_POLICY_RULE, OPEN_ELSEWHERE, ENOENT,
	  NONE_OPEN, 0, { RULE(FLAG(IMTC_RULE_A_OBSERVE)) } },
	{ "rule without TRANSACTION", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "The request needs TRANSACTION", IMTC_A_TRANSACTION,
	  { NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2), STRING(IMTC_RULE_A_NAME, "a"),
	    U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "request without RULE", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "The request needs RULE",
	  IMTC_A_RULE, { TRANSACTION } },
	{ "TRANSACTION with another number", IMTC_CMD_POLICY_RULE, OPEN, ESTALE, OTHER_NUMBER, 0,
	  { OTHER_TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2),
	    STRING(IMTC_RULE_A_NAME, "a"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "TRANSACTION 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { AT_FAULT, U32(IMTC_A_TRANSACTION, 0), NEST(IMTC_A_RULE), CLOSE } },
	{ "TRANSACTION of two bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { AT_FAULT, U16(IMTC_A_TRANSACTION, 1), NEST(IMTC_A_RULE), CLOSE } },
	{ "TRANSACTION of eight bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { AT_FAULT, U64(IMTC_A_TRANSACTION, 1), NEST(IMTC_A_RULE), CLOSE } },
	{ "TRANSACTION twice", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, TWICE, 0,
	  { RULE(FLAG(IMTC_RULE_A_OBSERVE)), AT_FAULT, TRANSACTION } },
	{ "COUNT in POLICY_RULE", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, UNSUPPORTED, 0,
	  { RULE(FLAG(IMTC_RULE_A_OBSERVE)), AT_FAULT, U32(IMTC_A_COUNT, 1) } },
	{ "unknown attribute in POLICY_RULE", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, UNKNOWN, 0,
	  { RULE(FLAG(IMTC_RULE_A_OBSERVE)), AT_FAULT, U32(250, 1) } },
	{ "RULE not marked as a nest", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, NOT_NESTED, 0,
	  { TRANSACTION, AT_FAULT, NEST_WITHOUT_FLAG(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2), CLOSE } },
	{ "RULE that claims more than the message has", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, LEFTOVER,
	  0, { TRANSACTION, CLAIM(IMTC_A_RULE | NLA_F_NESTED, 400) } },
	{ "attribute in RULE that claims more than the nest has", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  LEFTOVER, 0, { RULE(CLAIM(IMTC_RULE_A_EXE, 200)) } },
	{ "a bad rule after a good one", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "A rule needs VERDICT",
	  IMTC_RULE_A_VERDICT,
	  { RULE(FLAG(IMTC_RULE_A_OBSERVE)), AT_FAULT, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 3),
	    STRING(IMTC_RULE_A_NAME, "three"), CLOSE } },

	/* POLICY_RULE: what a rule is. */
	{ "RULE that is empty", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "A rule needs ID", IMTC_RULE_A_ID,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_RULE), CLOSE } },
	{ "rule without NAME", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "A rule needs NAME",
	  IMTC_RULE_A_NAME,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2),
	    U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "ID 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { TRANSACTION, NEST(IMTC_A_RULE), AT_FAULT, U32(IMTC_RULE_A_ID, 0),
	    STRING(IMTC_RULE_A_NAME, "a"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "ID twice", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, TWICE, 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_ID, 2)) } },
	{ "ID with the name of another rule", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Rules of one number must have one name", 0,
	  { TRANSACTION, AT_FAULT, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 1),
	    STRING(IMTC_RULE_A_NAME, "another"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP),
	    CLOSE } },
	{ "ID that falls", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "Rule numbers must not fall", 0,
	  { RULE(FLAG(IMTC_RULE_A_OBSERVE)), AT_FAULT, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 1),
	    STRING(IMTC_RULE_A_NAME, "rule 1"), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP),
	    CLOSE } },
	{ "rule NAME that is empty", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "NAME is empty", 0,
	  { TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2),
	    AT_FAULT, STRING(IMTC_RULE_A_NAME, ""), U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP),
	    CLOSE } },
	{ "rule NAME without NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2),
	    AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_NAME, "two"),
	    U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "rule NAME of 64 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { TRANSACTION, NEST(IMTC_A_RULE), U32(IMTC_RULE_A_ID, 2),
	    AT_FAULT, LONG_STRING(IMTC_RULE_A_NAME, 64),
	    U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_DROP), CLOSE } },
	{ "VERDICT none", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_NONE)) } },
	{ "VERDICT above the last", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_LAST + 1)) } },
	{ "VERDICT observe", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdict observe is counted, and no rule's", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_OBSERVE)) } },
	{ "mirror without ARGUMENT", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdicts redirect and mirror need ARGUMENT, the index of a device", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_MIRROR)) } },
	{ "limit without ARGUMENT", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdict limit needs ARGUMENT, units a second or minute", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_LIMIT)) } },
	{ "scrub without ARGUMENT", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdict scrub needs ARGUMENT, features that are asked for in a talk", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_SCRUB)) } },
	{ "scrub of chat", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdict scrub needs ARGUMENT, features that are asked for in a talk", 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_SCRUB), AT_FAULT,
		      U32(IMTC_RULE_A_ARGUMENT, 1 << IMTC_FEATURE_CHAT | 1 << IMTC_FEATURE_FILE)) } },
	{ "limit without PARAMETERS", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdicts mark, limit and ask need PARAMETERS", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_LIMIT),
		      U32(IMTC_RULE_A_ARGUMENT, 1)) } },
	{ "limit with a burst of 0", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "PARAMETERS are no burst, unit and period of a limit", 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_LIMIT),
		      U32(IMTC_RULE_A_ARGUMENT, 1), AT_FAULT,
		      STRING(IMTC_RULE_A_PARAMETERS, "\0\0\0\0\0\0\0\0\0\0\0")) } },
	{ "ask without ARGUMENT", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdict ask needs ARGUMENT, seconds until it is over", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_ASK)) } },
	{ "ask, otherwise none", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "PARAMETERS are no answer of an ask", 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_ASK),
		      U32(IMTC_RULE_A_ARGUMENT, 1), AT_FAULT,
		      STRING(IMTC_RULE_A_PARAMETERS, "\0\0\0\0\0\0\0\0\0\0\0")) } },
	{ "mark that sets nothing", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "PARAMETERS are no mark, priority or DSCP", 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_MARK), AT_FAULT,
		      STRING(IMTC_RULE_A_PARAMETERS, "\0\0\0\0\0\0\0\0\0\0\0")) } },
	{ "PARAMETERS of 8 bytes", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, BINARY, 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_MARK), AT_FAULT,
		      U64(IMTC_RULE_A_PARAMETERS, 1)) } },
	{ "PARAMETERS of drop", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "PARAMETERS are for verdicts mark, limit and ask alone", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_PARAMETERS, "\1\0\0\0\0\0\0\0\0\0\0")) } },
	{ "VERDICT 255", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, 255)) } },
	{ "redirect without ARGUMENT", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "Verdicts redirect and mirror need ARGUMENT, the index of a device", 0,
	  { BARE_RULE(AT_FAULT, U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_REDIRECT)) } },
	{ "redirect to device 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { BARE_RULE(U8(IMTC_RULE_A_VERDICT, IMTC_VERDICT_REDIRECT),
		      AT_FAULT, U32(IMTC_RULE_A_ARGUMENT, 0)) } },
	{ "ARGUMENT without redirect", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "ARGUMENT is not for pass, drop, reject and require-encryption", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_ARGUMENT, 1)) } },
	{ "LOG of level 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_LOG, 0)) } },
	{ "LOG above the last level", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_LOG, IMTC_LOG_MAX)) } },
	{ "OBSERVE with a value", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_OBSERVE, 1)) } },
	{ "HITS in a request", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, REPLIES, 0,
	  { RULE(AT_FAULT, U64(IMTC_RULE_A_HITS, 0)) } },
	{ "unknown attribute in RULE", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, UNKNOWN, 0,
	  { RULE(AT_FAULT, U32(99, 0)) } },

	/* POLICY_RULE: criteria about the flow. */
	{ "SERVICES of 8 bytes", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, BINARY, 0,
	  { RULE(AT_FAULT, U64(IMTC_RULE_A_SERVICES, 2)) } },
	{ "SERVICES of 24 bytes", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, BINARY, 0,
	  { RULE(AT_FAULT, LONG_BYTES(IMTC_RULE_A_SERVICES, 24)) } },
	{ "SERVICES of no bit", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "SERVICES is empty: leave it out to match any", 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_SERVICES,
					      "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")) } },
	{ "FEATURES of no bit", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "FEATURES is empty: leave it out to match any", 0,
	  { RULE(AT_FAULT, U16(IMTC_RULE_A_FEATURES, 0)) } },
	{ "FEATURES above the known", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, RESERVED_BITS, 0,
	  { RULE(AT_FAULT, U16(IMTC_RULE_A_FEATURES, 0x8000)) } },
	{ "FEATURES of four bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_FEATURES, 2)) } },
	{ "DIRECTIONS of no bit", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_DIRECTIONS, 0)) } },
	{ "DIRECTIONS above the known", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_DIRECTIONS, 8)) } },
	{ "ENCRYPTIONS of no bit", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_ENCRYPTIONS, 0)) } },
	{ "ENCRYPTIONS above the known", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_ENCRYPTIONS, 0x10)) } },
	{ "LOCAL without LOCAL_LEN", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "An address needs its prefix length", 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_LOCAL, ADDRESS)) } },
	{ "LOCAL_LEN without LOCAL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "A prefix length needs its address", 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_LOCAL_LEN, 128)) } },
	{ "REMOTE without REMOTE_LEN", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "An address needs its prefix length", 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_REMOTE, ADDRESS)) } },
	{ "REMOTE with LOCAL_LEN", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "A prefix length needs its address", 0,
	  { RULE(STRING_WITHOUT_NUL(IMTC_RULE_A_REMOTE, ADDRESS),
		 AT_FAULT, U8(IMTC_RULE_A_LOCAL_LEN, 128)) } },
	{ "LOCAL of 4 bytes", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, BINARY, 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_LOCAL, 1), U8(IMTC_RULE_A_LOCAL_LEN, 32)) } },
	{ "LOCAL of 17 bytes", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, BINARY, 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_LOCAL, ADDRESS), U8(IMTC_RULE_A_LOCAL_LEN, 128)) } },
	{ "LOCAL_LEN above 128", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(STRING_WITHOUT_NUL(IMTC_RULE_A_LOCAL, ADDRESS),
		 AT_FAULT, U8(IMTC_RULE_A_LOCAL_LEN, 129)) } },
	{ "REMOTE_LEN above 128", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(STRING_WITHOUT_NUL(IMTC_RULE_A_REMOTE, ADDRESS),
		 AT_FAULT, U8(IMTC_RULE_A_REMOTE_LEN, 255)) } },
	{ "LOCAL twice", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, TWICE, 0,
	  { RULE(STRING_WITHOUT_NUL(IMTC_RULE_A_LOCAL, ADDRESS), U8(IMTC_RULE_A_LOCAL_LEN, 128),
		 AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_LOCAL, ADDRESS)) } },

	{ "LOCAL_PORTS from 0", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "No port is 0", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_LOCAL_PORTS, 0x0000ffff)) } },
	{ "LOCAL_PORTS of 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_LOCAL_PORTS, 0)) } },
	{ "REMOTE_PORTS backwards", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "The first port is greater than the last", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_REMOTE_PORTS, 0x00500001)) } },
	{ "REMOTE_PORTS to 0", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "The first port is greater than the last", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_REMOTE_PORTS, 0x00010000)) } },
	{ "REMOTE_PORTS of two bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { RULE(AT_FAULT, U16(IMTC_RULE_A_REMOTE_PORTS, 80)) } },
	{ "a rate of none a minute", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "A rate is a number from 1 to 1000000", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_NEW_FLOWS, IMTC_RATE_MINUTE)) } },
	{ "a rate that is too large", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "A rate is a number from 1 to 1000000", 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_NEW_PEERS, IMTC_RATE_MAX + 1)) } },
	{ "SCHEDULE that the policy has not", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "The policy has no schedule of this name", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_SCHEDULE, "!office")) } },
	{ "SCHEDULE of no name", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "The policy has no schedule of this name", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_SCHEDULE, "")) } },
	{ "SCHEDULE without a NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_SCHEDULE, "office")) } },
	{ "IFINDEX of 0", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U32(IMTC_RULE_A_IFINDEX, 0)) } },
	{ "PEERS of no bit", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_PEERS, 0)) } },
	{ "PEERS above the known", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_PEERS, 4)) } },
	{ "CONFIDENCE of none", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_CONFIDENCE, 0)) } },
	{ "CONFIDENCE above the surest", IMTC_CMD_POLICY_RULE, OPEN, ERANGE, RANGE, 0,
	  { RULE(AT_FAULT, U8(IMTC_RULE_A_CONFIDENCE, 6)) } },

	{ "DOMAIN in capitals", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "DOMAIN is no domain in lower case, of 1 to 15 labels", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_DOMAIN, "Example.org")) } },
	{ "DOMAIN of 16 labels", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "DOMAIN is no domain in lower case, of 1 to 15 labels", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_DOMAIN, "a.b.c.d.e.f.g.h.i.j.k.l.m.n.o.p")) } },
	{ "DOMAIN of nothing", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "DOMAIN is no domain in lower case, of 1 to 15 labels", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_DOMAIN, "")) } },
	{ "DOMAIN without NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_DOMAIN, "example.org")) } },
	{ "DOMAIN of 256 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_DOMAIN, 256)) } },

	/* POLICY_RULE: criteria about the process. */
	{ "EXE that is not absolute", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "EXE must begin with /", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_EXE, "bin/sh")) } },
	{ "EXE that is empty", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "EXE must begin with /", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_EXE, "")) } },
	{ "EXE without NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_EXE, "/bin/sh")) } },
	{ "EXE of 256 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_EXE, 256)) } },
	{ "EXE of no byte", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, FLAG(IMTC_RULE_A_EXE)) } },
	{ "EXE with half a class", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "EXE has a [class] that cannot be", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_EXE, "/opt/[a-")) } },
	{ "UNDER with half a class", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "UNDER has a [class] that cannot be", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_UNDER, "/opt/[z-a]")) } },
	{ "UNDER that is not absolute", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "UNDER must begin with /", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_UNDER, "sh")) } },
	{ "UNDER of 256 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_UNDER, 256)) } },
	{ "CGROUP with half a class", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "CGROUP has a [class] that cannot be", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_CGROUP, "/a/[b/")) } },
	{ "UNIT with half a class", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "UNIT has a [class] that cannot be", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_UNIT, "[")) } },
	{ "UNIT that is empty", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "UNIT is a name without /", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_UNIT, "")) } },
	{ "UNIT with a slash", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "UNIT is a name without /", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_UNIT, "a/b.service")) } },
	{ "UNIT of 256 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_UNIT, 256)) } },
	{ "EXE_SHA256 that is too short", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "EXE_SHA256 is 64 hexadecimal digits", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_EXE_SHA256, "0123456789abcdef")) } },
	{ "CONTAINER of 11 digits", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "CONTAINER is 12 to 64 hexadecimal digits", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_CONTAINER, "0123456789a")) } },
	{ "CONTAINER in capitals", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "CONTAINER is 12 to 64 hexadecimal digits", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_CONTAINER, "0123456789AB")) } },
	{ "CONTAINER of 65 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_CONTAINER, 65)) } },
	{ "COMM of 16 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_COMM, 16)) } },
	{ "COMM that is empty", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, "COMM is empty", 0,
	  { RULE(AT_FAULT, STRING(IMTC_RULE_A_COMM, "")) } },
	{ "COMM without NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_COMM, "irssi")) } },
	{ "UID of two bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { RULE(AT_FAULT, U16(IMTC_RULE_A_UID, 1000)) } },
	{ "GID of eight bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, SIZE, 0,
	  { RULE(AT_FAULT, U64(IMTC_RULE_A_GID, 1000)) } },
	{ "UID twice", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, TWICE, 0,
	  { RULE(U32(IMTC_RULE_A_UID, 1000), AT_FAULT, U32(IMTC_RULE_A_UID, 1001)) } },
	{ "CGROUP that is not absolute", IMTC_CMD_POLICY_RULE, OPEN, EINVAL,
	  "CGROUP must begin with /", 0, { RULE(AT_FAULT, STRING(IMTC_RULE_A_CGROUP, "user")) } },
	{ "CGROUP of 256 bytes", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, LONG_STRING(IMTC_RULE_A_CGROUP, 256)) } },
	{ "CGROUP without NUL", IMTC_CMD_POLICY_RULE, OPEN, EINVAL, POLICY_FAILED, 0,
	  { RULE(AT_FAULT, STRING_WITHOUT_NUL(IMTC_RULE_A_CGROUP, "/user")) } },

	/* POLICY_COMMIT and POLICY_ABORT. */
	{ "commit without begin", IMTC_CMD_POLICY_COMMIT, NOTHING_OPEN, ENOENT, NONE_OPEN, 0,
	  { U32(IMTC_A_TRANSACTION, 1), U32(IMTC_A_COUNT, 0) } },
	{ "commit of another socket's", IMTC_CMD_POLICY_COMMIT, OPEN_ELSEWHERE, ENOENT, NONE_OPEN, 0,
	  { TRANSACTION, U32(IMTC_A_COUNT, 1) } },
	{ "commit without TRANSACTION", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL,
	  "The request needs TRANSACTION", IMTC_A_TRANSACTION, { U32(IMTC_A_COUNT, 1) } },
	{ "commit without COUNT", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL, "The request needs COUNT",
	  IMTC_A_COUNT, { TRANSACTION } },
	{ "commit with another number", IMTC_CMD_POLICY_COMMIT, OPEN, ESTALE, OTHER_NUMBER, 0,
	  { OTHER_TRANSACTION, U32(IMTC_A_COUNT, 1) } },
	{ "commit with too small a COUNT", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL,
	  "COUNT differs from the number of rules received", 0,
	  { TRANSACTION, U32(IMTC_A_COUNT, 0) } },
	{ "commit with too large a COUNT", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL,
	  "COUNT differs from the number of rules received", 0,
	  { TRANSACTION, U32(IMTC_A_COUNT, 0xffffffff) } },
	{ "commit with COUNT twice", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL, TWICE, 0,
	  { TRANSACTION, U32(IMTC_A_COUNT, 1), AT_FAULT, U32(IMTC_A_COUNT, 1) } },
	{ "commit with a short COUNT", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL, SIZE, 0,
	  { TRANSACTION, AT_FAULT, U8(IMTC_A_COUNT, 1) } },
	{ "commit with a rule", IMTC_CMD_POLICY_COMMIT, OPEN, EINVAL, UNKNOWN, 0,
	  { TRANSACTION, U32(IMTC_A_COUNT, 1), AT_FAULT, NEST(IMTC_A_RULE), CLOSE } },
	{ "abort without begin", IMTC_CMD_POLICY_ABORT, NOTHING_OPEN, ENOENT, NONE_OPEN, 0,
	  { U32(IMTC_A_TRANSACTION, 1) } },
	{ "abort of another socket's", IMTC_CMD_POLICY_ABORT, OPEN_ELSEWHERE, ENOENT, NONE_OPEN, 0,
	  { TRANSACTION } },
	{ "abort without TRANSACTION", IMTC_CMD_POLICY_ABORT, OPEN, EINVAL,
	  "The request needs TRANSACTION", IMTC_A_TRANSACTION, { { 0 } } },
	{ "abort with another number", IMTC_CMD_POLICY_ABORT, OPEN, ESTALE, OTHER_NUMBER, 0,
	  { OTHER_TRANSACTION } },
	{ "abort with COUNT", IMTC_CMD_POLICY_ABORT, OPEN, EINVAL, UNKNOWN, 0,
	  { TRANSACTION, AT_FAULT, U32(IMTC_A_COUNT, 1) } },
};

/* --- from the table to a message --------------------------------------------- */

struct builder {
	struct nlmsghdr *nlh;
	u32 transaction;
	u32 fault;	/* offset, 0: none is named */
	bool is_next_fault;
	struct nlattr *nests[4];
	int depth;
};

static void put_item(struct builder *b, const struct item *item)
{
	struct genlmsghdr *genl = mnl_nlmsg_get_payload(b->nlh);
	struct nlattr *attr = mnl_nlmsg_get_payload_tail(b->nlh);
	u8 filled[512];

	switch (item->kind) {
	case NUMBER:
		mnl_attr_put(b->nlh, item->type, item->len, &item->number);
		break;
	case BYTES:
		mnl_attr_put(b->nlh, item->type, item->len, item->text);
		break;
	case FILLED:
	case FILLED_STRING:
		memset(filled, 'x', sizeof(filled));
		filled[0] = item->text[0];
		filled[item->len] = '\0';
		mnl_attr_put(b->nlh, item->type, item->len + (item->kind == FILLED_STRING), filled);
		break;
	case NEST_START:
		attr->nla_type = item->type | item->number;
		b->nests[b->depth++] = attr;
		b->nlh->nlmsg_len += MNL_ATTR_HDRLEN;
		break;
	case NEST_END:
		mnl_attr_nest_end(b->nlh, b->nests[--b->depth]);
		break;
	case OPEN_TRANSACTION:
		mnl_attr_put_u32(b->nlh, IMTC_A_TRANSACTION, b->transaction + item->number);
		break;
	case LIE:
		attr->nla_type = item->type;
		attr->nla_len = item->len;
		b->nlh->nlmsg_len += MNL_ATTR_HDRLEN;
		break;
	case HEADER:
		genl->version = item->type;
		genl->reserved = item->number;
		break;
	default:
		break;
	}
}

static void build(struct builder *b, const struct item items[ITEMS_MAX])
{
	for (int i = 0; i < ITEMS_MAX && items[i].kind != END; i++) {
		if (items[i].kind == FAULT) {
			b->fault = b->nlh->nlmsg_len;
			continue;
		}
		put_item(b, &items[i]);
	}
}

/* --- what must not change ---------------------------------------------------- */

static void ask_for(struct peer *peer, u8 command, bool is_dump, struct answer *ret_answer)
{
	u8 buffer[PEER_BYTES];

	peer_ask(peer, peer_request(peer, buffer, command, is_dump), ret_answer);
}

struct snapshot {
	struct answer policy, rules;
};

static void take(struct peer *peer, struct snapshot *ret_snapshot)
{
	ask_for(peer, IMTC_CMD_POLICY_GET, false, &ret_snapshot->policy);
	ask_for(peer, IMTC_CMD_RULE_GET, true, &ret_snapshot->rules);
}

static bool are_equal(const struct answer *a, const struct answer *b)
{
	return !a->error && !b->error && a->bytes == b->bytes &&
	       !memcmp(a->payloads, b->payloads, a->bytes);
}

static bool is_unchanged(struct peer *peer, const struct snapshot *before)
{
	struct snapshot now;
	bool is_same;

	take(peer, &now);
	is_same = are_equal(&before->policy, &now.policy) && are_equal(&before->rules, &now.rules);
	answer_free(&now.policy);
	answer_free(&now.rules);
	return is_same;
}

/*
 * The open transaction has its one rule still: a commit of two is refused for
 * its count (and would show, as another policy, if it were not).
 */
static bool is_transaction_unchanged(struct peer *owner, u32 transaction)
{
	u8 buffer[PEER_BYTES];
	struct nlmsghdr *nlh = peer_request(owner, buffer, IMTC_CMD_POLICY_COMMIT, false);
	struct answer answer;

	mnl_attr_put_u32(nlh, IMTC_A_TRANSACTION, transaction);
	mnl_attr_put_u32(nlh, IMTC_A_COUNT, 2);
	peer_ask(owner, nlh, &answer);
	answer_free(&answer);
	return answer.error == EINVAL && strstr(answer.text, "COUNT differs");
}

/* --- the cases --------------------------------------------------------------- */

static bool is_as_wanted(const struct refusal *r, const struct answer *a, u32 fault)
{
	return a->error == r->error && !strcmp(a->text, r->text ? r->text : "") &&
	       a->offset == fault && a->missing == r->missing;
}

static void check_refusal(struct peer *peer, struct peer *other, const struct refusal *r,
			  const struct snapshot *before)
{
	struct peer *owner = r->state == OPEN ? peer : r->state == OPEN_ELSEWHERE ? other : NULL;
	struct builder b = { 0 };
	u8 buffer[PEER_BYTES] = { 0 };
	struct answer answer;
	bool good;

	if (owner) {
		b.transaction = peer_begin(owner, "open");
		peer_rules(owner, b.transaction, 1, 1);
	}
	b.nlh = peer_request(peer, buffer, r->command, false);
	build(&b, r->items);
	peer_ask(peer, b.nlh, &answer);
	good = is_as_wanted(r, &answer, b.fault);
	if (!good)
		tap_note("got error %d (%s) \"%s\" at %u missing %u; want %d (%s) \"%s\" at %u missing %u",
			 answer.error, strerror(answer.error), answer.text, answer.offset,
			 answer.missing, r->error, strerror(r->error), r->text ? r->text : "",
			 b.fault, r->missing);
	answer_free(&answer);
	if (owner && !is_transaction_unchanged(owner, b.transaction)) {
		tap_note("the open transaction has changed");
		good = false;
	}
	if (owner)
		peer_abort(owner, b.transaction);
	if (!is_unchanged(peer, before)) {
		tap_note("the policy in force has changed");
		good = false;
	}
	tap_result(good, "refused: %s", r->name);
}

int main(void)
{
	struct snapshot before;
	struct peer peer, other;

	if (!peer_open(&peer) || !peer_open(&other))
		tap_die("no family \"imtc\"");
	peer_load(&peer, "in force", 3);
	take(&peer, &before);
	tap_result(!before.policy.error && before.rules.messages == 3, "a policy is in force");
	for (size_t i = 0; i < sizeof(refusals) / sizeof(refusals[0]); i++)
		check_refusal(&peer, &other, &refusals[i], &before);
	answer_free(&before.policy);
	answer_free(&before.rules);
	peer_close(&other);
	peer_close(&peer);
	return tap_done();
}
