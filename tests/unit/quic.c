/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Reading QUIC Initials: the cryptography by known answers, the vectors of RFC
 * 9001 A and RFC 9369 A, and packets that OpenSSL sealed, whole and damaged.
 */
#include <stdbool.h>
#include <linux/bpf.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <openssl/rand.h>
#include <openssl/sha.h>

#include "quic/crypto_frames.h"
#include "quic/initial.h"
#include "vectors/hello.h"
#include "vectors/quic.h"

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

static struct imtc_quic quic;
static struct imtc_stream stream;
static struct imtc_view view;

static u32 from_hex(const char *hex, u8 *out)
{
	u32 n = 0;

	for (; hex[0] && hex[1]; hex += 2) {
		char two[3] = { hex[0], hex[1], 0 };

		out[n++] = (u8)strtoul(two, NULL, 16);
	}
	return n;
}

static void assert_words(const u32 *words, const char *hex)
{
	u8 bytes[64];
	u32 len = from_hex(hex, bytes);

	for (u32 i = 0; i < len / 4; i++)
		assert_int_equal(words[i], (u32)bytes[4 * i] << 24 | (u32)bytes[4 * i + 1] << 16 |
					   (u32)bytes[4 * i + 2] << 8 | bytes[4 * i + 3]);
}

/* --- arithmetic ------------------------------------------------------------------- */

/* FIPS 180-4, its example "abc". */
static void test_sha256(void **state)
{
	struct imtc_sha256 *s = &quic.hkdf.sha;

	(void)state;
	memset(s->block, 0, sizeof(s->block));
	memcpy(s->block, "abc\x80", 4);
	((u8 *)s->block)[63] = 24;
	imtc_sha256_start(s);
	imtc_sha256_block(s);
	assert_words(s->state, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

/* Random blocks: the state behind each against OpenSSL's. */
static void test_sha256_random(void **state)
{
	SHA256_CTX *openssl = calloc(1, sizeof(*openssl));
	struct imtc_sha256 *s = &quic.hkdf.sha;
	static const u32 first[8] = { 0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
				      0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19 };

	(void)state;
	assert_non_null(openssl);
	memcpy(openssl->h, first, sizeof(first));
	openssl->md_len = 32;
	imtc_sha256_start(s);
	for (u32 i = 0; i < 1000; i++) {
		u8 block[64];

		RAND_bytes(block, sizeof(block));
		memcpy(s->block, block, sizeof(block));
		imtc_sha256_block(s);
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
		SHA256_Transform(openssl, block);
#pragma GCC diagnostic pop
		assert_memory_equal(s->state, openssl->h, 32);
	}
	free(openssl);
}

/* RFC 4231 4.3: a short key; and random keys and messages of every length. */
static void test_hmac(void **state)
{
	struct hkdf *h = &quic.hkdf;
	u8 key[32] = "Jefe", message[HMAC_MESSAGE_BYTES], expected[32], got[32];

	(void)state;
	for (u32 i = 0; i < 8; i++)
		h->key[i] = i ? 0 : 0x4a656665;
	hmac_key(h);
	hkdf_expand(h, "what do ya want for nothing?");
	assert_words(h->result, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	for (u32 len = 0; len <= HMAC_MESSAGE_BYTES; len++) {
		RAND_bytes(key, sizeof(key));
		RAND_bytes(message, sizeof(message));
		for (u32 i = 0; i < 8; i++)
			h->key[i] = (u32)key[4 * i] << 24 | (u32)key[4 * i + 1] << 16 |
				    (u32)key[4 * i + 2] << 8 | key[4 * i + 3];
		hmac_key(h);
		hmac_begin(h);
		for (u32 i = 0; i < len; i++)
			hmac_byte(h, i, message[i]);
		hmac_end(h, len);
		quic_hmac(key, 32, message, len, expected);
		for (u32 i = 0; i < 32; i++)
			got[i] = (u8)(h->result[i / 4] >> (24 - 8 * (i % 4)));
		assert_memory_equal(got, expected, 32);
	}
}

static void set_words(u32 *words, const u8 *bytes, u32 n)
{
	for (u32 i = 0; i < n; i++)
		words[i] = (u32)bytes[4 * i] << 24 | (u32)bytes[4 * i + 1] << 16 |
			   (u32)bytes[4 * i + 2] << 8 | bytes[4 * i + 3];
}

/* FIPS 197 B and C.1, then random ones against OpenSSL. */
static void test_aes(void **state)
{
	u8 key[16], in[16], out[16];
	u32 expected[4];

	(void)state;
	for (u32 i = 0; i < 2002; i++) {
		if (i == 0) {
			from_hex("2b7e151628aed2a6abf7158809cf4f3c", key);
			from_hex("3243f6a8885a308d313198a2e0370734", in);
			from_hex("3925841d02dc09fbdc118597196a0b32", out);
		} else if (i == 1) {
			from_hex("000102030405060708090a0b0c0d0e0f", key);
			from_hex("00112233445566778899aabbccddeeff", in);
			from_hex("69c4e0d86a7b0430d8cdb78070b4c55a", out);
		} else {
			RAND_bytes(key, sizeof(key));
			RAND_bytes(in, sizeof(in));
			quic_ecb(key, in, out);
		}
		set_words(quic.aes.key, key, 4);
		aes_expand(&quic.aes);
		set_words(quic.block.word, in, 4);
		aes_encrypt(&quic.aes, &quic.block);
		set_words(expected, out, 4);
		assert_memory_equal(quic.block.word, expected, 16);
	}
}

/* --- keys --------------------------------------------------------------------------- */

static void derive(u32 version, const char *dcid)
{
	memset(&quic.keys, 0, sizeof(quic.keys));
	quic.keys.version = version;
	quic.keys.dcid_len = from_hex(dcid, (u8 *)quic.keys.dcid);
	quic_derive(&quic.hkdf, &quic.keys);
}

/* RFC 9001 A.1, RFC 9369 A.1 */
static void test_keys(void **state)
{
	(void)state;
	derive(QUIC_V1, "8394c8f03e515708");
	assert_words(quic.keys.key, "1f369613dd76d5467730efcbe3b1a22d");
	assert_words(quic.keys.iv, "fa044b2f42a3fd3b46fb255c");
	assert_words(quic.keys.hp, "9f50449e04a0e810283a1e9933adedd2");
	derive(QUIC_V2, "8394c8f03e515708");
	assert_words(quic.keys.key, "8b1a0bc121284290a29e0971b5cd045d");
	assert_words(quic.keys.iv, "91f73e2351d8fa91660e909f");
	assert_words(quic.keys.hp, "45b95e15235d6f45a6b19cbcb0294ba9");
}

/* Connection IDs of every length. */
static void test_keys_random(void **state)
{
	static const u32 versions[] = { QUIC_V1, QUIC_V2, QUIC_DRAFT_29, QUIC_DRAFT_27 };
	struct quic_secrets s;
	u32 words[4];
	u8 dcid[20];

	(void)state;
	for (u32 i = 0; i < 4 * 21; i++) {
		u32 len = i / 4;

		RAND_bytes(dcid, sizeof(dcid));
		memset(&quic.keys, 0, sizeof(quic.keys));
		quic.keys.version = versions[i % 4];
		quic.keys.dcid_len = len;
		memcpy(quic.keys.dcid, dcid, len);
		quic_derive(&quic.hkdf, &quic.keys);
		quic_secrets_of(versions[i % 4], dcid, len, &s);
		set_words(words, s.key, 4);
		assert_memory_equal(words, quic.keys.key, 16);
		set_words(words, s.iv, 3);
		assert_memory_equal(words, quic.keys.iv, 12);
		set_words(words, s.hp, 4);
		assert_memory_equal(words, quic.keys.hp, 16);
	}
}

/* --- packets ------------------------------------------------------------------------- */

/* The hello of RFC 9001 A.2, as its CRYPTO frame. */
static const char rfc_frame[] =
	"060040f1010000ed0303ebf8fa56f12939b9584a3896472ec40bb863cfd3e868"
	"04fe3a47f06a2b69484c00000413011302010000c000000010000e00000b6578"
	"616d706c652e636f6dff01000100000a00080006001d00170018001000070005"
	"04616c706e000500050100000000003300260024001d00209370b2c9caa47fba"
	"baf4559fedba753de171fa71f50f1ce15d43e994ec74d748002b000302030400"
	"0d0010000e0403050306030203080408050806002d00020101001c0002400100"
	"3900320408ffffffffffffffff05048000ffff07048000ffff08011001048000"
	"75300901100f088394c8f03e51570806048000ffff";

static void show(const u8 *datagram, u32 len)
{
	memset(&view, 0xa5, sizeof(view));
	view.start = 0;
	view.len = len;
	memcpy(view.data, datagram, len);
	quic.packet.at = 0;
}

static void forget(void)
{
	memset(&stream, 0xee, sizeof(stream));
	memset(stream.have, 0, sizeof(stream.have));
	stream.view.len = 0;
	quic.frames.differs = 0;
}

/* Opens the packet at quic.packet.at with keys of its own connection ID. */
static int open_packet(void)
{
	int kind = quic_header(&view, &quic.packet, view.len);

	if (kind != QUIC_KIND_INITIAL)
		return 0;
	quic.keys.version = quic.packet.version;
	quic.keys.dcid_len = quic.packet.dcid_len;
	memcpy(quic.keys.dcid, quic.packet.dcid, sizeof(quic.keys.dcid));
	quic_derive(&quic.hkdf, &quic.keys);
	return quic_open(&view, &quic, &quic.keys);
}

/* RFC 9001 A.2, RFC 9369 A.2: the packet is known by its ends, the rest by its tag. */
static void test_rfc_packets(void **state)
{
	static const struct {
		u32 version;
		const char *head;
		const char *tag;
	} packets[] = {
		{ QUIC_V1, "c000000001088394c8f03e5157080000449e7b9aec34d1b1c98dd7689fb8ec11"
		  "d242b123dc9bd8bab936b47d92ec356c", "e221af44860018ab0856972e194cd934" },
		{ QUIC_V2, "d76b3343cf088394c8f03e5157080000449ea0c95e82ffe67b6abcdb4298b485"
		  "dd04de806071bf03dceebfa162e75d6c", "a18b2faa745b6fe189cf772a9f84cbfc" },
	};
	u8 frame[512], known[64], packet[QUIC_PACKET_BYTES];
	u32 len = from_hex(rfc_frame, frame);

	(void)state;
	for (u32 i = 0; i < COUNT_OF(packets); i++) {
		struct quic_initial initial = {
			.version = packets[i].version, .number = 2,
			.dcid = "\x83\x94\xc8\xf0\x3e\x51\x57\x08", .dcid_len = 8,
		};
		u32 total = quic_seal_padded(&initial, frame, len, 1200, packet);

		assert_int_equal(total, 1200);
		from_hex(packets[i].head, known);
		assert_memory_equal(packet, known, 48);
		from_hex(packets[i].tag, known);
		assert_memory_equal(packet + total - 16, known, 16);
		show(packet, total);
		assert_true(quic_may_begin(&view));
		forget();
		assert_true(open_packet());
		assert_int_equal(quic.packet.number, 2);
		assert_int_equal(quic.frames.len, 1162);
		assert_memory_equal(quic.plain, frame, len);
		assert_true(quic_take_frames(&quic, &stream));
		assert_int_equal(stream.view.len, 241);
		assert_memory_equal(stream.view.data, frame + 4, 241);
	}
}

static u32 random_below(u32 below)
{
	u32 number;

	RAND_bytes((u8 *)&number, sizeof(number));
	return number % below;
}

/* Every length of each field of the header; any bit turned over is refused. */
static void test_openssl_packets(void **state)
{
	static const u32 versions[] = { QUIC_V1, QUIC_V2, QUIC_DRAFT_29, QUIC_DRAFT_27 };
	u8 dcid[20], frames[1400], packet[QUIC_PACKET_BYTES], before[sizeof(view.data)];

	(void)state;
	for (u32 i = 0; i < 400; i++) {
		struct quic_initial initial = {
			.version = versions[i % 4], .dcid = dcid, .dcid_len = random_below(21),
			.scid_len = random_below(21), .token_len = random_below(200),
			.number_len = 1 + i % 4,
		};
		u32 len = 4 + random_below(1000), total, bit;

		/* As far from what is expected, 0, as its length allows. */
		initial.number = random_below(1U << (8 * initial.number_len - 1));
		RAND_bytes(dcid, sizeof(dcid));
		RAND_bytes(frames, sizeof(frames));
		total = quic_seal(&initial, frames, len, packet);
		show(packet, total);
		assert_true(open_packet());
		assert_int_equal(quic.packet.number, initial.number);
		assert_int_equal(quic.frames.len, len);
		assert_int_equal(quic.packet.end, total);
		assert_memory_equal(quic.plain, frames, len);
		bit = random_below(total * 8);
		packet[bit / 8] ^= (u8)(1 << bit % 8);
		show(packet, total);
		memcpy(before, view.data, sizeof(before));
		assert_false(open_packet());
		assert_memory_equal(before, view.data, sizeof(before));
	}
}

/* Cut anywhere: no packet, and nothing is read that is not there. */
static void test_cut(void **state)
{
	struct quic_initial initial = { .version = QUIC_V1, .dcid = "\1\2\3\4\5\6\7\10",
					.dcid_len = 8, .scid_len = 5, .token_len = 70 };
	u8 frames[100] = { 1 }, packet[QUIC_PACKET_BYTES];
	u32 total = quic_seal(&initial, frames, sizeof(frames), packet);

	(void)state;
	for (u32 len = 0; len < total; len++) {
		show(packet, len);
		assert_false(open_packet());
	}
	show(packet, total);
	assert_true(open_packet());
	initial.reserved_bits = 1;
	total = quic_seal(&initial, frames, sizeof(frames), packet);
	show(packet, total);
	assert_false(open_packet());
	/* Too short for a sample of the header's protection (RFC 9001 5.4.2). */
	initial.reserved_bits = 0;
	initial.number_len = 1;
	total = quic_seal(&initial, frames, 2, packet);
	show(packet, total);
	assert_false(open_packet());
}

/* RFC 9000 A.3 and its example, and numbers about the edges of the window. */
static void test_numbers(void **state)
{
	(void)state;
	assert_int_equal(quic_whole_number(0x9b32, 2, 0xa82f30eb), 0xa82f9b32);
	assert_int_equal(quic_whole_number(0x00, 1, 0x80), 0x100);
	assert_int_equal(quic_whole_number(0x01, 1, 0x80), 0x01);
	assert_int_equal(quic_whole_number(0xff, 1, 0x101), 0xff);
	assert_int_equal(quic_whole_number(0xff, 1, 0), 0xff);
	for (u32 number = 0; number < 3000; number++)
		for (u32 ahead = 0; ahead < 127; ahead += 9)
			assert_int_equal(quic_whole_number((number + ahead) & 0xff, 1, number),
					 number + ahead);
}

/* --- random datagrams ------------------------------------------------------------------ */

/* A million, each with a header that fits and the keys that go with it: no tag does. */
static void test_random(void **state)
{
	static const u8 head[] = { 0, 0, 0, 1, 8, 1, 2, 3, 4, 5, 6, 7, 8, 0, 0, 0x44, 0x9e };
	u64 random = 9000;
	u32 headers = 0;

	(void)state;
	show((const u8 *)"", 0);
	view.len = 1200;
	derive(QUIC_V1, "0102030405060708");
	for (u32 i = 0; i < 1000000; i++) {
		/* New bytes at both ends; what lies between stays, and stays random. */
		for (u32 k = 0; k < 48; k += 8) {
			random = random * 6364136223846793005ULL + 1442695040888963407ULL;
			memcpy(view.data + (i & 15 ? k : 1152 + k), &random, 8);
		}
		view.data[0] = (u8)(0xc0 | (random >> 60 & 0xf));
		memcpy(view.data + 1, head, sizeof(head));
		quic.packet.at = 0;
		assert_true(quic_may_begin(&view));
		assert_int_equal(quic_header(&view, &quic.packet, view.len), QUIC_KIND_INITIAL);
		headers++;
		if (quic_open(&view, &quic, &quic.keys))
			fail_msg("datagram %u is taken for an Initial", i);
	}
	assert_int_equal(headers, 1000000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sha256), cmocka_unit_test(test_sha256_random),
		cmocka_unit_test(test_hmac), cmocka_unit_test(test_aes),
		cmocka_unit_test(test_keys), cmocka_unit_test(test_keys_random),
		cmocka_unit_test(test_rfc_packets), cmocka_unit_test(test_openssl_packets),
		cmocka_unit_test(test_cut), cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_random),
	};

	return cmocka_run_group_tests_name("quic", tests, NULL, NULL);
}
