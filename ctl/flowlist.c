// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow tables as a list of JSON objects; loader.h has the keys.
 */
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <errno.h>
#include <imtc/view.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "control.h"
#include "ends.h"
#include "json.h"
#include "layers.h"
#include "loader.h"
#include "mapread.h"
#include "names.h"
#include "sentence.h"
#include "timestamp.h"

/* A flow of either family, its ends as 16-byte addresses. */
struct seen {
	u8 addr[2][16];
	u16 port[2];	/* __be16 */
	u32 zone_l4;
	int family;
	struct imtc_flow flow;
};

struct listing {
	struct json_object *list;
	u64 now_ns;	/* CLOCK_MONOTONIC */
	int clients;	/* the map of the family's clients, -1: none is there */
	int names;	/* the map of what flows name, -1 */
};

static const char *state_name(unsigned int state)
{
	static const char *const words[] = {
		[IMTC_FLOW_UNDECIDED] = "undecided",
		[IMTC_FLOW_DECIDED] = "decided",
		[IMTC_FLOW_WATCHED] = "watched",
	};

	return state < sizeof(words) / sizeof(words[0]) ? words[state] : "unknown";
}

static void add_label(struct json_object *o, const struct imtc_flow *f)
{
	json_add_text(o, "service", service_name(f->label.service));
	json_add_text(o, "feature", feature_name(f->label.feature));
	json_add_text(o, "confidence", confidence_name(f->label.confidence));
	json_add_text(o, "encryption", encryption_name(f->label.encryption));
	json_add_bool(o, "credentials", f->label.flags & IMTC_LABEL_CREDENTIALS);
	json_add_text(o, "verdict", verdict_name(f->verdict));
	if (imtc_counted_as(f->verdict, f->argument) == IMTC_VERDICT_OBSERVE)
		json_add_text(o, "observed", verdict_name(f->argument));
	json_add_text(o, "reason", reason_name(f->reason));
}

/* "client_name", where the flow's client has said what it is. */
static void add_client_name(struct json_object *o, const struct listing *listing, const void *key,
			    const struct imtc_flow *f)
{
	struct imtc_client client;

	if (listing->clients < 0 || bpf_map_lookup_elem(listing->clients, key, &client) ||
	    client.first_ns != f->first_ns)
		return;
	client.text[sizeof(client.text) - 1] = 0;
	json_add_text(o, "client_name", client.text);
}

/* "domain", where the flow names one. */
static void add_domain(struct json_object *o, const struct listing *listing,
		       const struct imtc_flow *f)
{
	struct imtc_name name;

	if (!f->name || listing->names < 0 || bpf_map_lookup_elem(listing->names, &f->name, &name))
		return;
	name.text[sizeof(name.text) - 1] = 0;
	json_add_text(o, "domain", name.text);
}

static struct json_object *describe(const struct seen *s, u64 now_ns)
{
	const struct imtc_flow *f = &s->flow;
	struct json_object *o = json_object_new_object();
	unsigned int client = f->flags & IMTC_FLOW_CLIENT_1 ? 1 : 0;
	u8 l4 = (u8)s->zone_l4;

	ends_add(o, s->addr[client], ntohs(s->port[client]), s->addr[!client],
		 ntohs(s->port[!client]));
	json_add_text(o, "l4", l4 == IMTC_L4_TCP ? "tcp" : l4 == IMTC_L4_UDP ? "udp" : "other");
	json_add_number(o, "family", (u64)s->family);
	json_add_number(o, "zone", s->zone_l4 >> 8);
	json_add_number(o, "ifindex", f->ifindex);
	json_add_text(o, "direction", f->flags & IMTC_FLOW_OUT ? "out" : "in");
	json_add_bool(o, "forward", f->flags & IMTC_FLOW_FORWARD);
	json_add_text(o, "state", state_name(f->state));
	add_label(o, f);
	json_object_object_add(o, "via", layer_words(f->via));
	json_add_number(o, "rule", f->rule);
	json_add_number(o, "owner", f->owner);
	json_add_number(o, "packets", f->packets[0] + f->packets[1]);
	json_add_number(o, "bytes", f->bytes[0] + f->bytes[1]);
	json_add_number(o, "packets_client", f->packets[client]);
	json_add_number(o, "bytes_client", f->bytes[client]);
	json_add_number(o, "first_ns", f->first_ns);
	json_add_number(o, "age_ns", now_ns > f->first_ns ? now_ns - f->first_ns : 0);
	json_add_number(o, "epoch", epoch_shown(f->epoch));
	return o;
}

static int list_flow4(const void *key, const void *value, void *data)
{
	struct listing *listing = data;
	struct imtc_flow_key4 k;
	struct seen s = { .family = 4 };
	struct json_object *flow;

	memcpy(&k, key, sizeof(k));
	memcpy(&s.flow, value, sizeof(s.flow));
	for (int end = 0; end < 2; end++) {
		memset(&s.addr[end][10], 0xff, 2);
		memcpy(&s.addr[end][12], &k.addr[end], 4);
		s.port[end] = k.port[end];
	}
	s.zone_l4 = k.zone_l4;
	flow = describe(&s, listing->now_ns);
	add_client_name(flow, listing, key, &s.flow);
	add_domain(flow, listing, &s.flow);
	return json_object_array_add(listing->list, flow) ? -ENOMEM : 0;
}

static int list_flow6(const void *key, const void *value, void *data)
{
	struct listing *listing = data;
	struct imtc_flow_key6 k;
	struct seen s = { .family = 6 };
	struct json_object *flow;

	memcpy(&k, key, sizeof(k));
	memcpy(&s.flow, value, sizeof(s.flow));
	for (int end = 0; end < 2; end++) {
		memcpy(s.addr[end], k.addr[end], 16);
		s.port[end] = k.port[end];
	}
	s.zone_l4 = k.zone_l4;
	flow = describe(&s, listing->now_ns);
	add_client_name(flow, listing, key, &s.flow);
	add_domain(flow, listing, &s.flow);
	return json_object_array_add(listing->list, flow) ? -ENOMEM : 0;
}

static int list_map(const char *name, const char *clients, u32 key_bytes, map_visit visit,
		    struct listing *listing)
{
	int fd = map_open(name, key_bytes, sizeof(struct imtc_flow));
	int err;

	if (fd < 0)
		return fd;
	listing->clients = map_open(clients, key_bytes, sizeof(struct imtc_client));
	err = map_each(fd, visit, listing);
	if (listing->clients >= 0)
		close(listing->clients);
	close(fd);
	return err;
}

int flows_get(struct json_object **ret_flows)
{
	struct listing listing = {
		.list = json_object_new_array(),
		.names = map_open("names", sizeof(u64), sizeof(struct imtc_name)),
		.now_ns = time_now_ns(CLOCK_MONOTONIC),
	};
	int err;

	err = list_map("flows4", "clients4", sizeof(struct imtc_flow_key4), list_flow4, &listing);
	if (!err)
		err = list_map("flows6", "clients6", sizeof(struct imtc_flow_key6), list_flow6, &listing);
	if (listing.names >= 0)
		close(listing.names);
	if (err) {
		json_object_put(listing.list);
		return fail(err, err == -ENOENT ? "no programs are loaded" :
			    "cannot read the flow tables");
	}
	*ret_flows = listing.list;
	return 0;
}
