// SPDX-License-Identifier: GPL-2.0-only
/*
 * SCRUB, packet by packet: what is written over and what is left, with checksums that
 * hold; segments that are sent again, cut, out of order; what cannot be written over.
 */
#include <string.h>

#include "lib_datapath.h"

#define MARK "\001DCC "
#define DASHES "-----"
#define OFFER(port) "PRIVMSG bob :" MARK "SEND f 172884225 " port " 9\001\r\n"

static const char login[] = "NICK alice\r\nUSER alice 0 * :Alice\r\n";
static u32 next;	/* sequence number of the client's next byte */
static u16 port = 40000;	/* the client's: each connection is another */

static void policy_scrub(u16 service, u16 feature)
{
	struct imtc_rule rule = { .id = 1, .verdict = IMTC_VERDICT_SCRUB,
				  .argument = 1u << feature, .features = (u16)(1 << feature) };

	rule.services[service / 64] = 1ULL << service % 64;
	datapath_reset(NULL);
	policy_set(&rule, 1, IMTC_VERDICT_PASS);
}

static struct pkt segment(int family, u32 seq, const char *text, size_t len)
{
	return (struct pkt){ .family = family, .flags = PKT_ACK | PKT_PSH, .seq = seq, .ack = 1,
			     .client_port = port, .payload = text, .payload_len = (u32)len };
}

/* Runs it; the payload that goes on is `want`, all else as it was. */
static void goes_on_as(enum hook hook, const struct pkt *p, const char *want)
{
	u32 l3 = pkt_l3(p), l4 = pkt_l4(p), check = l4 + (p->l4 == 17 ? 6 : 16);
	u8 frame[PKT_BYTES], expected[PKT_BYTES];
	u32 len = pkt_build(p, frame);
	struct pkt other = *p;
	struct ran ran;

	other.payload = want;
	pkt_build(&other, expected);
	run_frame(hook, frame, len, &ran);
	assert_true(passes(hook, ran.answer));
	assert_int_equal(ran.len, len);
	assert_int_equal(pkt_l4_sum(ran.frame + l3, p->l4 == 17 ? 17 : 6, l4 - l3, len - l4), 0);
	memcpy(expected + check, ran.frame + check, 2);
	assert_memory_equal(ran.frame, expected, len);
}

/* Runs it; both ends are reset. */
static void is_reset(enum hook hook, const struct pkt *p)
{
	u8 frame[PKT_BYTES];
	struct ran ran;

	run_frame(hook, frame, pkt_build(p, frame), &ran);
	assert_int_equal(ran.len, pkt_l4(p) + 20);
	assert_int_equal(ran.frame[pkt_l4(p) + 13] & PKT_RST, PKT_RST);
}

static void says(enum hook hook, int family, const char *text, const char *want)
{
	struct pkt p = segment(family, next, text, strlen(text));

	goes_on_as(hook, &p, want);
	next += p.payload_len;
}

static void connected(enum hook hook, int family)
{
	struct pkt syn = { .family = family, .flags = PKT_SYN, .seq = 0xffffffd0,
			   .client_port = ++port };

	run(hook, &syn);
	next = syn.seq + 1;
	says(hook, family, login, login);
}

/* At every place of a word, odd and even, and twice in a segment. */
static void offers_are_dashes(void **state)
{
	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (int family = 4; family <= 6; family += 2) {
			policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
			connected(hook, family);
			says(hook, family, OFFER("5000"),
			     "PRIVMSG bob :" DASHES "SEND f 172884225 5000 9\001\r\n");
			says(hook, family, "PRIVMSG alice :\001dcc send f 172884225 5001 9\001\r\n",
			     "PRIVMSG alice :" DASHES "send f 172884225 5001 9\001\r\n");
			says(hook, family, "PRIVMSG bob :hello\r\n", "PRIVMSG bob :hello\r\n");
			says(hook, family, "A b :" MARK "SEND f 1 2 3\001\r\nA b :" MARK "SEND g 1 2 3\001\r\n",
			     "A b :" DASHES "SEND f 1 2 3\001\r\nA b :" DASHES "SEND g 1 2 3\001\r\n");
			says(hook, family, "A b :" MARK "CHAT chat 172884225 5001\001\r\n",
			     "A b :" MARK "CHAT chat 172884225 5001\001\r\n");
			assert_int_equal(outcome(IMTC_OUTCOME_SCRUBBED), 4);
			assert_int_equal(outcome(IMTC_OUTCOME_ACT_FAILED), 0);
		}
	}
}

/* What is sent again is as it was the first time, wherever it is cut then. */
static void sent_again(void **state)
{
	static const char text[] = OFFER("5000");
	static const char want[] = "PRIVMSG bob :" DASHES "SEND f 172884225 5000 9\001\r\n";
	const u32 len = sizeof(text) - 1;

	(void)state;
	policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
	connected(EGRESS, 4);
	says(EGRESS, 4, text, want);
	says(EGRESS, 4, "PRIVMSG bob :hello\r\n", "PRIVMSG bob :hello\r\n");
	for (u32 cut = 1; cut < len; cut++) {
		struct pkt first = segment(4, next - 20 - len, text, cut);
		struct pkt rest = segment(4, next - 20 - len + cut, text + cut, len - cut);

		goes_on_as(EGRESS, &first, want);
		goes_on_as(EGRESS, &rest, want + cut);
	}
}

/* Cut in front of the mark it is written over; cut behind it the connection ends. */
static void cut_anywhere(void **state)
{
	static const char text[] = OFFER("5000");
	static const char want[] = "PRIVMSG bob :" DASHES "SEND f 172884225 5000 9\001\r\n";
	const u32 len = sizeof(text) - 1, mark = sizeof("PRIVMSG bob :") - 1;

	(void)state;
	policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
	for (u32 cut = 1; cut < len; cut++) {
		struct pkt first, rest;

		connected(EGRESS, 6);
		first = segment(6, next, text, cut);
		goes_on_as(EGRESS, &first, text);
		rest = segment(6, next + cut, text + cut, len - cut);
		if (cut <= mark)
			goes_on_as(EGRESS, &rest, want + cut);
		else
			is_reset(EGRESS, &rest);
		assert_int_equal(outcome(IMTC_OUTCOME_UNSCRUBBED), cut > mark ? cut - mark : 0);
		if (cut <= mark)
			continue;
		/* And stays so. */
		rest = segment(6, next + len, "PRIVMSG bob :hello\r\n", 20);
		is_reset(EGRESS, &rest);
	}
}

/* Before its time it passes, as nobody can read it yet; what fills the hole is a reset. */
static void out_of_order(void **state)
{
	static const char text[] = OFFER("5000");
	struct pkt late, hole;

	(void)state;
	policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
	connected(EGRESS, 4);
	late = segment(4, next + 20, text, sizeof(text) - 1);
	goes_on_as(EGRESS, &late, text);
	hole = segment(4, next, "PRIVMSG bob :hello\r\n", 20);
	is_reset(EGRESS, &hole);
}

static void more_than_there_is_room_for(void **state)
{
	static const char text[] = OFFER("1") OFFER("2") OFFER("3");
	struct pkt p;

	(void)state;
	policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
	connected(EGRESS, 4);
	p = segment(4, next, text, sizeof(text) - 1);
	is_reset(EGRESS, &p);
}

/* The connection that was announced has nothing in it but the file. */
static void announced_connection(void **state)
{
	const struct imtc_hint hint = { .expires_ns = ~0ULL, .service = IMTC_SERVICE_IRC,
					.feature = IMTC_FEATURE_FILE,
					.confidence = IMTC_CONFIDENCE_PORT };
	struct pkt syn = { .family = 4, .flags = PKT_SYN, .seq = 9, .client_port = port };
	struct pkt p = segment(4, 10, "\xff\xd8\xff\xe0 a picture", 14);

	(void)state;
	policy_scrub(IMTC_SERVICE_IRC, IMTC_FEATURE_FILE);
	hint_set("10.0.0.2", 443, 6, &hint);
	run(EGRESS, &syn);
	is_reset(EGRESS, &p);
}

#define SIP_HEAD "INVITE sip:bob@im.test SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bK1\r\n" \
	"From: <sip:a@im.test>;tag=1\r\nTo: <sip:b@im.test>\r\nCall-ID: 1\r\nCSeq: 1 INVITE\r\n" \
	"Content-Type: application/sdp\r\n\r\nv=0\r\nc=IN IP4 10.0.0.1\r\n"

/* Of a call with video the sound stays; a fragment of it goes nowhere. */
static void ports_are_zero(void **state)
{
	static const char text[] = SIP_HEAD "m=audio 40000 RTP/AVP 0\r\nm=video 654 RTP/AVP 34\r\n";
	static const char want[] = SIP_HEAD "m=audio 40000 RTP/AVP 0\r\nm=video 000 RTP/AVP 34\r\n";
	static const char many[] = SIP_HEAD "m=video 1 x\r\nm=video 2 x\r\nm=video 3 x\r\n"
		"m=video 4 x\r\nm=video 5 x\r\n";

	(void)state;
	for (enum hook hook = EGRESS; hook <= INGRESS; hook++) {
		for (int family = 4; family <= 6; family += 2) {
			struct pkt p = { .family = family, .l4 = 17, .payload = text,
					 .payload_len = sizeof(text) - 1 };

			policy_scrub(IMTC_SERVICE_SIP, IMTC_FEATURE_VIDEO);
			goes_on_as(hook, &p, want);
			goes_on_as(hook, &p, want);
			assert_int_equal(outcome(IMTC_OUTCOME_SCRUBBED), 2);
			p.payload = many;
			p.payload_len = sizeof(many) - 1;
			assert_true(drops(hook, run(hook, &p)));
			assert_int_equal(outcome(IMTC_OUTCOME_UNSCRUBBED), 1);
			p.payload = text;
			p.payload_len = sizeof(text) - 1;
			goes_on_as(hook, &p, want);
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(offers_are_dashes),
		cmocka_unit_test(sent_again),
		cmocka_unit_test(cut_anywhere),
		cmocka_unit_test(out_of_order),
		cmocka_unit_test(more_than_there_is_room_for),
		cmocka_unit_test(announced_connection),
		cmocka_unit_test(ports_are_zero),
	};

	return cmocka_run_group_tests(tests, datapath_load, datapath_unload);
}
