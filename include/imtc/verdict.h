/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Verdicts, and the reasons and outcomes that are counted. Stored in maps and
 * sent in events: numbers are never reused.
 */
#ifndef IMTC_VERDICT_H
#define IMTC_VERDICT_H

#include <imtc/types.h>

enum imtc_verdict {
	IMTC_VERDICT_NONE = 0,		/* not asked yet: the packet passes */
	IMTC_VERDICT_PASS = 1,
	IMTC_VERDICT_DROP = 2,
	IMTC_VERDICT_REJECT = 3,	/* TCP: RST to both ends; UDP: ICMP to the sender; in a tunnel: DROP */
	IMTC_VERDICT_REDIRECT = 4,	/* to the device in the argument */
	/* Counted as, never given: PASS, for what a rule says is only observed. */
	IMTC_VERDICT_OBSERVE = 5,
	IMTC_VERDICT_MIRROR = 6,	/* passes; a copy goes to the device in the argument */
	IMTC_VERDICT_MARK = 7,		/* passes with the argument in its mark, or priority, DSCP */
	IMTC_VERDICT_LIMIT = 8,		/* passes up to the rate in the argument, a rule and peer */
	/* Of rules, never given: REJECT for what goes on in clear, else PASS. */
	IMTC_VERDICT_ENCRYPT = 9,
	IMTC_VERDICT_ASK = 10,	/* held for the seconds in the argument, or until it is answered */
	/* Passes, with requests for the features in the argument (a mask) written over. */
	IMTC_VERDICT_SCRUB = 11,
	IMTC_VERDICT_LAST = 11,		/* that a rule can have */
	IMTC_VERDICT_MAX = 16,		/* bound of the counters' index */
};

/* Can it be the answer to a query? */
static __always_inline int imtc_verdict_is_answer(u8 verdict)
{
	return verdict >= IMTC_VERDICT_PASS && verdict <= IMTC_VERDICT_LAST &&
	       verdict != IMTC_VERDICT_OBSERVE && verdict != IMTC_VERDICT_ENCRYPT;
}

/* How much a decision matters that is logged, least first. IMTC_LOG(number, ENUM, "word") */
#define IMTC_LOGS \
	IMTC_LOG(0, NONE, "none") \
	IMTC_LOG(1, DEBUG, "debug") \
	IMTC_LOG(2, INFO, "info") \
	IMTC_LOG(3, NOTICE, "notice") \
	IMTC_LOG(4, WARNING, "warning") \
	IMTC_LOG(5, ERROR, "error") \
	IMTC_LOG(6, CRITICAL, "critical") \
	IMTC_LOG(7, ALERT, "alert")

enum imtc_log {
#define IMTC_LOG(number, name, word) IMTC_LOG_##name = number,
	IMTC_LOGS
#undef IMTC_LOG
	IMTC_LOG_MAX = 8,	/* three bits hold a level */
};

/* What MARK, LIMIT and ASK need besides the argument: which of the parameters is what. */
#define IMTC_PARAMETERS 3

enum imtc_mark_parameter {
	IMTC_MARK_MASK,		/* bits of the mark that are set to the argument's */
	IMTC_MARK_PRIORITY,	/* of the packet within this host: a number or a class, 1:10 */
	IMTC_MARK_SET,		/* of these: */
};
#define IMTC_MARK_DSCP 0x3f		/* mask: six bits of the IP header (RFC 2474 3) */
#define IMTC_MARK_SETS_PRIORITY 0x100
#define IMTC_MARK_SETS_DSCP 0x200

enum imtc_limit_parameter {
	IMTC_LIMIT_BURST,	/* units at once */
	IMTC_LIMIT_BYTES,	/* 1: units are bytes; 0: packets */
	IMTC_LIMIT_MINUTE,	/* 1: the argument is of a minute; 0: of a second */
};

enum imtc_ask_parameter {
	IMTC_ASK_OTHERWISE,	/* verdict when the time is over: PASS, DROP or REJECT */
};

/* Why a flow has its verdict. IMTC_REASON(number, ENUM, "word", "sentence") */
#define IMTC_REASONS \
	IMTC_REASON(0, NONE, "none", "no verdict yet") \
	IMTC_REASON(1, RULE, "rule", "a rule of the policy matched") \
	IMTC_REASON(2, DEFAULT, "default", "no rule matched: the policy's default") \
	IMTC_REASON(3, NO_POLICY, "no-policy", "no policy is loaded") \
	IMTC_REASON(4, NOT_IM, "not-im", "every dissector said no") \
	IMTC_REASON(5, FAILURE, "failure", "the verdict could not be asked: on_failure applied") \
	IMTC_REASON(6, HOOK, "hook", "another kernel module changed the verdict") \
	IMTC_REASON(7, ANSWER, "answer", "a rule asked, and this was answered") \
	IMTC_REASON(8, UNANSWERED, "unanswered", "a rule asked, and nobody answered in time") \
	IMTC_REASON(9, UNSCRUBBED, "unscrubbed", "a request that could not be scrubbed") \
	IMTC_REASON(10, DIGEST, "digest", "what the program holds is not known yet: held")

enum imtc_reason {
#define IMTC_REASON(number, name, word, sentence) IMTC_REASON_##name = number,
	IMTC_REASONS
#undef IMTC_REASON
	IMTC_REASON_MAX = 16,
};

/*
 * What can happen to a packet beside its verdict; counted per CPU in the map
 * "outcomes", index as here. IMTC_OUTCOME(number, ENUM, "word", "sentence")
 */
#define IMTC_OUTCOMES \
	IMTC_OUTCOME(0, DECIDED, "decided", "packets of flows already decided") \
	IMTC_OUTCOME(1, NOT_IP, "not-ip", "packets neither IPv4 nor IPv6") \
	IMTC_OUTCOME(2, NOT_L4, "not-l4", "IP packets neither TCP nor UDP") \
	IMTC_OUTCOME(3, MALFORMED, "malformed", "packets whose headers do not fit; passed") \
	IMTC_OUTCOME(4, FRAGMENT, "fragment", "later fragments whose first was not seen; passed") \
	IMTC_OUTCOME(5, FLOW_NEW, "flow-new", "flows created") \
	IMTC_OUTCOME(6, FLOW_FULL, "flow-full", "flows that could not be created; passed") \
	IMTC_OUTCOME(7, STREAM_NEW, "stream-new", "stream prefixes begun") \
	IMTC_OUTCOME(8, STREAM_FULL, "stream-full", "stream prefixes that could not be kept") \
	IMTC_OUTCOME(9, STREAM_OVERLAP, "stream-overlap", "segments that overlap with other content; first copy kept") \
	IMTC_OUTCOME(10, STREAM_GAP, "stream-gap", "segments too far ahead or in too many pieces to be kept") \
	IMTC_OUTCOME(11, ASKED, "asked", "verdicts asked") \
	IMTC_OUTCOME(12, ASK_FAILED, "ask-failed", "verdicts that could not be asked") \
	IMTC_OUTCOME(13, ACT_FAILED, "act-failed", "verdicts that could not be carried out; dropped, or not copied, marked") \
	IMTC_OUTCOME(14, EVENT_LOST, "event-lost", "events lost, the ring was full") \
	IMTC_OUTCOME(15, STAGE_LOST, "stage-lost", "payloads not looked at: no program for them") \
	IMTC_OUTCOME(16, LIMITED, "limited", "packets above the limit of their rule; dropped") \
	IMTC_OUTCOME(17, HELD, "held", "packets of flows that wait for an answer; dropped") \
	IMTC_OUTCOME(18, NAME_LOST, "name-lost", "verdicts asked without the name that the flow had told: the table was full") \
	IMTC_OUTCOME(19, SCRUBBED, "scrubbed", "requests that were written over") \
	IMTC_OUTCOME(20, UNSCRUBBED, "unscrubbed", "requests that could not be; rejected or dropped")

enum imtc_outcome {
#define IMTC_OUTCOME(number, name, word, sentence) IMTC_OUTCOME_##name = number,
	IMTC_OUTCOMES
#undef IMTC_OUTCOME
	IMTC_OUTCOME_MAX = 32,
};

#endif /* IMTC_VERDICT_H */
