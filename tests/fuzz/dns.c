// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fuzzes what is learnt from DNS: a query, then the input as its answer, by UDP
 * and by TCP. Hints may only come of names that are known, and only with a time to
 * live within its bounds.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "classify/shim.h"
#include "compat.bpf.h"
#include "config.h"
#include "packet.h"
#include "maps.h"
#include "count.h"
#include "dns.h"
#include "signature.h"
#include "vectors/dns.h"

#define HOOK IMTC_HOOK_XDP
#define NOW_NS 1000000000000ULL

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

u64 host_now_ns;

static struct imtc_view view;
static struct imtc_flow flow;

static void must(int holds)
{
	if (!holds)
		abort();
}

/* Every hint that the map may have lost or kept goes through here when it is freed. */
static void check_hint(const void *key, void *value, void *note)
{
	const struct imtc_hint_key *k = key;
	const struct imtc_hint *hint = value;

	(void)note;
	must(!k->port && !k->l4 && !k->reserved);
	must(hint->confidence == IMTC_CONFIDENCE_DNS);
	must(hint->service == IMTC_SERVICE_SLACK || !hint->service);
	must(hint->expires_ns >= NOW_NS + IMTC_HINT_MIN_NS &&
	     hint->expires_ns <= NOW_NS + IMTC_HINT_MAX_NS);
}

static void begin(u8 l4)
{
	struct imtc_domain_value slack = { .service = IMTC_SERVICE_SLACK };
	u64 seed[2] = { 0, 0 };
	struct imtc_domain_key key = signature_key(SIGNATURE_DOMAIN, "chat.test", seed);

	host_now_ns = NOW_NS;
	memset(&flow, 0, sizeof(flow));
	memset(&view, 0, sizeof(view));
	view.l4 = l4;
	host_map_set_gone(host_map_of(&hints), check_hint);
	bpf_map_update_elem(&domains, &key, &slack, BPF_ANY);
}

static int show(u8 direction, const u8 *data, u32 len)
{
	int answer;

	view.direction = direction;
	view.len = len;
	view.skip = len;
	view.complete = view.l4 == IMTC_L4_UDP;
	memcpy(view.data, data, len);
	answer = dns_show(&view, &flow, HOOK);
	must(answer >= DNS_OTHER && answer <= DNS_SEEN);
	must(!view.domain_len && !view.domain[0]);
	must(answer != DNS_MORE || view.l4 == IMTC_L4_TCP);
	must(answer != DNS_SEEN || (view.skip && view.skip <= len));
	return answer;
}

static void ask(u16 id)
{
	struct dns_out o;
	u8 query[64];

	dns_begin(&o, query + 2, id, 0x0100, "chat.test", 1, 0);
	query[0] = 0;
	query[1] = (u8)o.len;
	if (view.l4 == IMTC_L4_UDP)
		must(show(IMTC_DIR_CLIENT, query + 2, o.len) == DNS_SEEN);
	else
		must(show(IMTC_DIR_CLIENT, query, o.len + 2) == DNS_SEEN);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const u8 transports[] = { IMTC_L4_UDP, IMTC_L4_TCP };
	u32 at = 0;

	if (size < 2 || size > IMTC_VIEW_BYTES)
		return 0;
	begin(transports[data[0] & 1]);
	/* The id that the answer has, so that it is one. */
	ask(view.l4 == IMTC_L4_UDP && size >= 3 ? (u16)(data[1] << 8 | data[2]) : 7);
	for (int turn = 0; turn < 8 && at + 1 < size; turn++) {
		if (show(IMTC_DIR_SERVER, data + 1 + at, (u32)size - 1 - at) != DNS_SEEN)
			break;
		at += view.skip;
	}
	/* Each hint is looked at as it goes. */
	host_maps_free();
	return 0;
}
