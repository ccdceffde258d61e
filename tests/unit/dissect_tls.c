/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dissector of TLS against ClientHellos of every shape (RFC 8446 4.1.2, RFC
 * 6066 3, RFC 7301, XEP-0368), cut into records and segments anywhere.
 */
#include "dissect.h"
#include "vectors/dissect/tls.h"
#include "vectors/hello.h"

static u8 bytes[HELLO_BYTES];

/* A hello as a vector. */
static struct dissect_vector hello_vector(const struct hello *h, const char *name)
{
	struct dissect_vector d = { .name = name, .bytes = (const char *)bytes,
				    .domain = h->name,
				    .encryption = IMTC_ENCRYPTION_ENCRYPTED };

	d.len = hello_build(h, bytes);
	d.answer = h->name ? IMTC_NAMED : IMTC_NO;
	if (d.answer == IMTC_NO)
		d.encryption = IMTC_ENCRYPTION_UNKNOWN;
	return d;
}

static void check_hello(const struct hello *h, const char *name)
{
	struct dissect_vector d = hello_vector(h, name);

	check_whole(&d);
	check_cuts(&d);
	check_bytewise(&d);
}

static void test_hellos(void **state)
{
	static const struct hello hellos[] = {
		{ .name = "chat.example.org" },
		{ .name = "chat.example.org", .session_len = 32, .alpn = { "h2", "http/1.1" } },
		{ .name = "a.b", .after = 1200, .alpn = { "h2" }, .alpn_first = 1 },
		{ .name = "web.example.net", .before = 1200, .session_len = 32 },
		{ .name = "xn--e1afmkfd.xn--p1ai", .before = 7 },
		{ .name = NULL, .session_len = 32, .alpn = { "h2" } },
		{ .name = NULL },
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(hellos); i++)
		check_hello(&hellos[i], "hello");
}

/* Records of every size: tools that hide names send them so. */
static void test_records(void **state)
{
	struct hello h = { .name = "chat.example.org", .session_len = 32,
			   .alpn = { "h2", "http/1.1" }, .after = 40 };

	(void)state;
	for (h.record = 1; h.record < 64; h.record++) {
		struct dissect_vector d = hello_vector(&h, "records");

		check_whole(&d);
		check_bytewise(&d);
	}
}

static void expect_xmpp(const struct hello *h)
{
	struct dissect_vector d = hello_vector(h, "alpn");

	d.answer = IMTC_MATCH;
	d.encryption = IMTC_ENCRYPTION_ENCRYPTED;
	d.service = IMTC_SERVICE_XMPP;
	d.feature = IMTC_FEATURE_CHAT;
	check_whole(&d);
	assert_int_equal(view.label.confidence, IMTC_CONFIDENCE_NAME);
	check_cuts(&d);
	check_bytewise(&d);
}

static void test_alpn(void **state)
{
	struct hello h = { .name = "im.example.com", .alpn = { "xmpp-client" } };
	struct dissect_vector d;

	(void)state;
	expect_xmpp(&h);
	h.alpn_first = 1;
	h.after = 1200;
	expect_xmpp(&h);
	h = (struct hello){ .alpn = { "h2", "xmpp-server" }, .record = 3 };
	expect_xmpp(&h);
	h = (struct hello){ .name = "im.example.com", .alpn = { "xmpp-clients", "axmpp-server" } };
	d = hello_vector(&h, "not quite");
	check_whole(&d);
	assert_string_equal(view.alpn, "xmpp-clients");
}

/* The view's ALPN value is the first that is not HTTP's; it is an answer by itself. */
static void test_alpn_value(void **state)
{
	struct hello h = { .alpn = { "h2", "http/1.1", "apns-pack-v1", "apns" }, .after = 100 };
	struct dissect_vector d = hello_vector(&h, "value");

	(void)state;
	d.answer = IMTC_NAMED;
	d.encryption = IMTC_ENCRYPTION_ENCRYPTED;
	check_whole(&d);
	assert_string_equal(view.alpn, "apns-pack-v1");
	assert_int_equal(view.alpn_len, 12);
	check_bytewise(&d);
	assert_string_equal(view.alpn, "apns-pack-v1");
	h = (struct hello){ .alpn = { "a-value-that-has-33-bytes-is-none" } };
	d = hello_vector(&h, "too long");
	check_whole(&d);
	assert_int_equal(view.alpn_len, 0);
	h = (struct hello){ .alpn = { "a-value-that-has-32-bytes-is-one" } };
	d = hello_vector(&h, "as long as may be");
	d.answer = IMTC_NAMED;
	d.encryption = IMTC_ENCRYPTION_ENCRYPTED;
	check_whole(&d);
	assert_int_equal(view.alpn_len, 32);
}

/* The name has come, the rest has not: answered, and asked again. */
static void test_cut_behind_name(void **state)
{
	struct hello h = { .name = "im.example.com", .alpn = { "xmpp-client" }, .after = 1400 };
	struct dissect_vector d = hello_vector(&h, "cut");
	u32 n = 0;
	int answer;

	(void)state;
	do {
		view_set(&d, ++n);
		answer = imtc_dissect(&view);
	} while (answer == IMTC_MORE);
	assert_int_equal(answer, IMTC_NAMED);
	assert_string_equal(view.domain, "im.example.com");
	assert_true(view.candidates != 0);
	view_set(&d, n + 24);
	assert_int_equal(imtc_dissect(&view), IMTC_MATCH);
}

static void test_names(void **state)
{
	static const char *const bad[] = { "a..b", ".a", "a b", "a/b", "a\xc3\xa4.de", "" };
	struct hello h = { .name = "MiXed.Example.COM." };
	struct dissect_vector d = hello_vector(&h, "mixed case, trailing dot");
	char longest[IMTC_DOMAIN_BYTES + 8];

	(void)state;
	d.domain = "mixed.example.com";
	check_whole(&d);
	for (size_t i = 0; i < COUNT_OF(bad); i++) {
		h.name = bad[i];
		d = hello_vector(&h, bad[i]);
		d.domain = NULL;
		d.answer = IMTC_NO;
		d.encryption = IMTC_ENCRYPTION_UNKNOWN;
		check_whole(&d);
	}
	for (u32 len = 253; len < sizeof(longest); len++) {
		memset(longest, 'a', len);
		longest[len] = 0;
		h.name = longest;
		d = hello_vector(&h, "long");
		if (len >= IMTC_DOMAIN_BYTES) {
			d.answer = IMTC_NO;
			d.domain = NULL;
			d.encryption = IMTC_ENCRYPTION_UNKNOWN;
		}
		check_whole(&d);
	}
}

/* Each byte of a hello replaced by others: no crash, no name beyond its bounds. */
static void test_mutated(void **state)
{
	struct hello h = { .name = "chat.example.org", .session_len = 32,
			   .alpn = { "xmpp-client", "h2" }, .record = 50 };
	u32 len = hello_build(&h, bytes);
	u64 random = 8446;

	(void)state;
	for (u32 i = 0; i < 200000; i++) {
		memset(&view, 0, offsetof(struct imtc_view, scratch));
		memcpy(view.data, bytes, len);
		for (u32 k = 0; k <= (i & 3); k++)
			view.data[random_next(&random) % len] = (u8)random_next(&random);
		view.candidates = IMTC_CANDIDATES_ALL;
		view.l4 = IMTC_L4_TCP;
		view.len = len;
		imtc_dissect(&view);
		assert_true(view.domain_len < IMTC_DOMAIN_BYTES);
		assert_int_equal(strlen(view.domain), view.domain_len);
	}
}

DISSECT_TESTS(tls, IMTC_L4_TCP)

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_vectors), cmocka_unit_test(test_hellos),
		cmocka_unit_test(test_records), cmocka_unit_test(test_alpn),
		cmocka_unit_test(test_alpn_value), cmocka_unit_test(test_cut_behind_name),
		cmocka_unit_test(test_names), cmocka_unit_test(test_mutated),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("dissect_tls", tests, NULL, NULL);
}
