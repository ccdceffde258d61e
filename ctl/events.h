/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Decisions as they are made: from the module's multicast group, or from the
 * ring of the BPF programs where there is no module; the same JSON from both.
 *
 * {"time" (RFC 3339, UTC), "time_ns" (CLOCK_REALTIME), "verdict", "reason",
 *  "service", "feature", "confidence", "encryption", "l4", "client",
 *  "client_port", "server", "server_port", "device", "ifindex", "hook",
 *  "direction": "in"|"out", "domain", "rule", "rule_name", "log", "level",
 *  "observed", "epoch",
 *  "process": {"handle", "pid", "uid", "gid", "comm", "exe", "cgroup"}}
 *
 * domain, rule, rule_name, process: only where known; level ("info"): with log;
 * observed: the verdict that a rule says and that was not carried out.
 */
#ifndef IMCTL_EVENTS_H
#define IMCTL_EVENTS_H

#include <imtc/types.h>
#include <json-c/json.h>
#include <stdbool.h>

/* Keeps no reference. A non-zero answer ends the reading. */
typedef int (*event_visit)(struct json_object *event, void *data);

struct events;

/* -EBUSY: another process reads the ring. The sentence says more. */
int events_open(bool module, struct events **ret_events);
void events_close(struct events *events);	/* NULL allowed */
/* Readable when there is an event. */
int events_fd(const struct events *events);
/* Visits what is there without waiting. 0, visit's answer, or negative errno. */
int events_read(struct events *events, event_visit visit, void *data);
/*
 * Events lost since the last call, at the least: a full socket does not say how
 * many.
 */
int events_lost(struct events *events, u64 *ret_lost);

/* For the two sources: what an event is made of, and the object made of it. */
struct event_facts {
	u64 time_ns;		/* CLOCK_REALTIME */
	u8 client[16], server[16];
	u16 client_port, server_port;	/* host byte order */
	u8 l4, hook, flow_flags, feature, confidence, encryption, verdict, reason;
	u16 service;
	u32 ifindex, epoch, rule;
	u8 log;			/* enum imtc_log */
	u8 observed;		/* enum imtc_verdict, 0: what was decided was done */
	const char *domain, *rule_name;	/* NULL: none */
};

struct json_object *event_json(const struct event_facts *facts);

/* The two sources. */
struct event_source {
	int (*fd)(void *source);
	int (*read)(void *source, event_visit visit, void *data);
	int (*lost)(void *source, u64 *ret_lost);
	void (*close)(void *source);
};

extern const struct event_source event_source_module, event_source_ring;
int event_module_open(void **ret_source);
int event_ring_open(void **ret_source);

#endif /* IMCTL_EVENTS_H */
