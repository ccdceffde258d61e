/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows of one payload through the loaded data path, and the labels they get.
 */
#ifndef IMTC_TESTS_BPF_LIB_LABEL_H
#define IMTC_TESTS_BPF_LIB_LABEL_H

#include "lib_datapath.h"

/* No dissector begins with this byte. */
#define NOTHING "\xff\xfe\xfd\xfc\xfb\xfa\xf9\xf8"

/* The client's port of the next flow. */
extern u16 next_port;

/* A flow of its own that sends this to port 777; UDP where l4 is 17. */
struct pkt flow_of(int l4, const void *payload, u32 len);
/* One that sends a ClientHello; both may be NULL. In memory until the next. */
struct pkt hello_of(const char *name, const char *alpn);
/* Runs it: the first bytes of TCP come behind a SYN. */
struct imtc_flow run_flow(const struct pkt *p);
struct imtc_label label_of(struct pkt p);

#endif /* IMTC_TESTS_BPF_LIB_LABEL_H */
