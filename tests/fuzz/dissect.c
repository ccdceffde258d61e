/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Fuzzes all dissectors through the dispatcher, and the second faces of watched
 * services. The first byte of the input chooses how the rest is shown; it is shown
 * whole, then in a prefix of itself. What must hold for any bytes is checked, not
 * only that nothing crashes.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "dissect/dissect.h"

/* Bits of the first byte. */
#define FUZZ_SERVER 0x01
#define FUZZ_UDP 0x02
#define FUZZ_COMPLETE 0x04
#define FUZZ_MIDDLE 0x08
#define FUZZ_WATCHED 0x10	/* the upper three bits choose the service, FUZZ_MIDDLE of which eight */

/* Every service that has a second face; two of them also in frames of a WebSocket's. */
static const struct {
	u16 service, via;
} watched[16] = {
	{ IMTC_SERVICE_XMPP, 0 }, { IMTC_SERVICE_IRC, 0 }, { IMTC_SERVICE_OSCAR, 0 },
	{ IMTC_SERVICE_MSN, 0 }, { IMTC_SERVICE_YAHOO, 0 }, { IMTC_SERVICE_SIP, 0 },
	{ IMTC_SERVICE_ICQ, 0 }, { IMTC_SERVICE_AIM, 0 },
	{ IMTC_SERVICE_MSRP, 0 }, { IMTC_SERVICE_GADUGADU, 0 }, { IMTC_SERVICE_SAMETIME, 0 },
	{ IMTC_SERVICE_GTALK, 0 }, { IMTC_SERVICE_BONJOUR, 0 }, { IMTC_SERVICE_MESSENGER, 0 },
	{ IMTC_SERVICE_XMPP, IMTC_LAYER_WEBSOCKET }, { IMTC_SERVICE_IRC, IMTC_LAYER_WEBSOCKET },
};

static struct imtc_view view;

static void must(int holds)
{
	if (!holds)
		abort();
}

static void set(const uint8_t *data, size_t size, uint8_t how)
{
	u32 which = how >> 5 | (how & FUZZ_MIDDLE ? 8 : 0);

	memset(&view, 0, offsetof(struct imtc_view, data));
	view.candidates = IMTC_CANDIDATES_ALL;
	view.len = (u32)size;
	view.direction = how & FUZZ_SERVER ? IMTC_DIR_SERVER : IMTC_DIR_CLIENT;
	view.l4 = how & FUZZ_UDP ? IMTC_L4_UDP : IMTC_L4_TCP;
	view.complete = how & (FUZZ_COMPLETE | FUZZ_UDP) ? 1 : 0;
	view.middle = (how & (FUZZ_MIDDLE | FUZZ_WATCHED)) == FUZZ_MIDDLE;
	view.skip = view.len;
	if (how & FUZZ_WATCHED) {
		view.label.service = watched[which].service;
		view.via = watched[which].via;
		view.label.flags = IMTC_LABEL_WATCH;
		view.label.encryption = IMTC_ENCRYPTION_PENDING;
	}
	memcpy(view.data, data, size);
}

static void check(int answer)
{
	must(answer >= IMTC_NO && answer <= IMTC_PEEL);
	must(view.domain_len < IMTC_DOMAIN_BYTES);
	must(strlen(view.domain) == view.domain_len);
	must(view.label.service < IMTC_SERVICE_MAX && view.label.feature < IMTC_FEATURE_MAX);
	must(answer != IMTC_MATCH || view.label.service != IMTC_SERVICE_NONE);
	must(answer != IMTC_NAMED || view.domain_len || view.alpn_len || view.client_len);
	must(answer != IMTC_PEEL || view.skip > 0);
	must(view.expects <= IMTC_EXPECTS_MAX);
	must(view.alpn_len <= IMTC_ALPN_BYTES && view.client_len < IMTC_CLIENT_BYTES);
	for (u32 i = view.client_len; i < IMTC_CLIENT_BYTES; i++)
		must(view.client[i] == 0);
	for (u32 i = 0; i < view.domain_len; i++)
		must(imtc_is_host_byte((u8)view.domain[i]) &&
		     imtc_lower((u8)view.domain[i]) == (u8)view.domain[i]);
}

/* A face has something to say of every byte that comes; it never gives its flow up. */
static void check_watched(int answer, uint8_t how)
{
	must(answer != IMTC_NO || how & FUZZ_UDP || view.via);
	must(view.label.service != IMTC_SERVICE_NONE);
	must(answer == IMTC_PEEL || view.skip <= view.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	int whole, part;
	u16 service;

	if (size < 2 || size > IMTC_VIEW_BYTES)
		return 0;
	set(data + 1, size - 1, data[0]);
	whole = imtc_dissect(&view);
	check(whole);
	must(!(whole == IMTC_MORE && view.complete && !(data[0] & FUZZ_WATCHED)));
	if (data[0] & FUZZ_WATCHED)
		check_watched(whole, data[0]);
	service = view.label.service;
	if (data[0] & (FUZZ_WATCHED | FUZZ_COMPLETE | FUZZ_UDP))
		return 0;
	/* What a prefix rules out, the whole does not bring back. */
	set(data + 1, (size - 1) / 2 + 1, data[0]);
	part = imtc_dissect(&view);
	check(part);
	must(!(part == IMTC_NO && whole == IMTC_MATCH && service));
	return 0;
}
