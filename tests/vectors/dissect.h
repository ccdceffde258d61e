/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a vector for the dissectors is. The vectors themselves, one file a
 * dissector, are written from the protocols' documents and used by the host's
 * tests, by those of BPF and as seeds of the fuzzer.
 */
#ifndef IMTC_TESTS_VECTORS_DISSECT_H
#define IMTC_TESTS_VECTORS_DISSECT_H

#include <imtc/view.h>

/* A connection that the payload announces; addr NULL: none. */
struct dissect_expect {
	const char *addr;
	u16 port;
	u8 l4;
	u8 feature;
};

struct dissect_vector {
	const char *name;
	const char *bytes;
	u32 len;
	u8 l4;			/* 0: TCP */
	u8 direction;
	u8 middle;
	u8 answer;		/* enum imtc_answer to the whole */
	u16 service;
	u8 feature;
	u8 encryption;
	u8 flags;
	const char *domain;	/* NULL: none */
	u16 via;		/* layers that were peeled before */
	u16 layer;		/* of a PEEL; of a MATCH, where it is not 0 */
	u32 skip;
	u32 body;
	const char *client;	/* name and version that the payload states; NULL: not looked at */
	struct dissect_expect expect[IMTC_EXPECTS_MAX];
	u16 claim;	/* service that is claimed, 0: none */
	u8 needed;	/* how many such claims are proof */
	struct imtc_label before;	/* of a watched flow; service 0: a new one */
};

#define BYTES(text) .bytes = text, .len = sizeof(text) - 1
#define CLIENT .direction = IMTC_DIR_CLIENT
#define SERVER .direction = IMTC_DIR_SERVER
#define UDP .l4 = IMTC_L4_UDP

#define WATCH IMTC_LABEL_WATCH
#define PASSWORD IMTC_LABEL_CREDENTIALS
#define IS(a_service, a_feature, an_encryption, some_flags) \
	.answer = IMTC_MATCH, .service = IMTC_SERVICE_##a_service, \
	.feature = IMTC_FEATURE_##a_feature, \
	.encryption = IMTC_ENCRYPTION_##an_encryption, .flags = (some_flags)
#define IS_NAMED(a_domain, an_encryption) \
	.answer = IMTC_NAMED, .domain = a_domain, .encryption = IMTC_ENCRYPTION_##an_encryption
/* The first bytes, `a_skip` of them, are a layer; what leads to a host may name it. */
#define IS_PEELED(a_layer, a_skip) \
	.answer = IMTC_PEEL, .layer = IMTC_LAYER_##a_layer, .skip = (a_skip)
#define INSIDE(a_layer) .via = IMTC_LAYER_##a_layer
/* With IS(): what tells says what it is inside of. */
#define IN_LAYER(a_layer) .layer = IMTC_LAYER_##a_layer
#define CLAIMS(a_service, how_many) \
	.answer = IMTC_NO, .claim = IMTC_SERVICE_##a_service, .needed = (how_many)
#define PROVES(a_service) .claim = IMTC_SERVICE_##a_service
#define IS_NONE .answer = IMTC_NO
#define IS_NOTHING_NEW .answer = IMTC_MORE
#define WATCHED(a_service, a_feature, an_encryption) \
	.before = { .service = IMTC_SERVICE_##a_service, .feature = IMTC_FEATURE_##a_feature, \
		    .encryption = IMTC_ENCRYPTION_##an_encryption, \
		    .confidence = IMTC_CONFIDENCE_PAYLOAD, .flags = IMTC_LABEL_WATCH }

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

#endif /* IMTC_TESTS_VECTORS_DISSECT_H */
