// SPDX-License-Identifier: GPL-2.0-only
/*
 * Decisions as they are made, whichever source they come from.
 */
#include <errno.h>
#include <imtc/kfunc.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "ends.h"
#include "events.h"
#include "json.h"
#include "names.h"

struct events {
	const struct event_source *source;
	void *state;
};

int events_open(bool module, struct events **ret_events)
{
	struct events *events = calloc(1, sizeof(*events));
	int err;

	if (!events)
		return -ENOMEM;
	events->source = module ? &event_source_module : &event_source_ring;
	err = module ? event_module_open(&events->state) : event_ring_open(&events->state);
	if (err)
		free(events);
	else
		*ret_events = events;
	return err;
}

void events_close(struct events *events)
{
	if (!events)
		return;
	events->source->close(events->state);
	free(events);
}

int events_fd(const struct events *events)
{
	return events->source->fd(events->state);
}

int events_read(struct events *events, event_visit visit, void *data)
{
	return events->source->read(events->state, visit, data);
}

int events_lost(struct events *events, u64 *ret_lost)
{
	return events->source->lost(events->state, ret_lost);
}

/* --- the object --------------------------------------------------------------------- */

static const char *hook_name(unsigned int hook)
{
	switch (hook) {
	case IMTC_HOOK_XDP:
		return "xdp";
	case IMTC_HOOK_TC_INGRESS:
		return "tc-ingress";
	case IMTC_HOOK_TC_EGRESS:
		return "tc-egress";
	}
	return "unknown";
}

static void add_time(struct json_object *o, u64 time_ns)
{
	time_t seconds = (time_t)(time_ns / 1000000000ULL);
	char whole[32], text[48];
	struct tm tm;

	if (!gmtime_r(&seconds, &tm) || !strftime(whole, sizeof(whole), "%FT%T", &tm))
		return;
	snprintf(text, sizeof(text), "%s.%06uZ", whole,
		 (unsigned int)(time_ns % 1000000000ULL / 1000));
	json_add_text(o, "time", text);
	json_add_number(o, "time_ns", time_ns);
}

static void add_ends(struct json_object *o, const struct event_facts *f)
{
	char device[IF_NAMESIZE];

	json_add_text(o, "l4", f->l4 == IMTC_L4_TCP ? "tcp" : f->l4 == IMTC_L4_UDP ? "udp" : "other");
	ends_add(o, f->client, f->client_port, f->server, f->server_port);
	if (if_indextoname(f->ifindex, device))
		json_add_text(o, "device", device);
	json_add_number(o, "ifindex", f->ifindex);
}

struct json_object *event_json(const struct event_facts *f)
{
	struct json_object *o = json_object_new_object();

	add_time(o, f->time_ns);
	json_add_text(o, "verdict", verdict_name(f->verdict));
	json_add_text(o, "reason", reason_name(f->reason));
	json_add_text(o, "service", service_name(f->service));
	json_add_text(o, "feature", feature_name(f->feature));
	json_add_text(o, "confidence", confidence_name(f->confidence));
	json_add_text(o, "encryption", encryption_name(f->encryption));
	add_ends(o, f);
	json_add_text(o, "hook", hook_name(f->hook));
	json_add_text(o, "direction", f->flow_flags & IMTC_FLOW_OUT ? "out" : "in");
	if (f->domain && f->domain[0])
		json_add_text(o, "domain", f->domain);
	if (f->rule)
		json_add_number(o, "rule", f->rule);
	if (f->rule_name && f->rule_name[0])
		json_add_text(o, "rule_name", f->rule_name);
	json_add_bool(o, "log", f->log);
	if (f->log)
		json_add_text(o, "level", log_name(f->log));
	if (f->observed)
		json_add_text(o, "observed", verdict_name(f->observed));
	json_add_number(o, "epoch", f->epoch);
	return o;
}
