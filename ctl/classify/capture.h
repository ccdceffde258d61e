/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Capture files, pcap and pcapng, read packet by packet.
 */
#ifndef IMCTL_CLASSIFY_CAPTURE_H
#define IMCTL_CLASSIFY_CAPTURE_H

#include <stdbool.h>
#include <imtc/types.h>

struct capture;

/* A frame as Ethernet (classify/link.h), until the next call. */
struct capture_packet {
	const u8 *data;
	u32 len;
	u64 time_ns;	/* since 1970 */
};

/* "-" is the standard input. NULL: the sentence says why not. */
struct capture *capture_open(const char *path, char *sentence, unsigned int size);
void capture_close(struct capture *capture);	/* NULL allowed */

/*
 * The next frame that could carry IP. 1: there is one, 0: the end, -1: the rest
 * cannot be read, capture_sentence() says why.
 */
int capture_next(struct capture *capture, struct capture_packet *ret_packet);
const char *capture_sentence(struct capture *capture);

/* False: no frame of this link layer can be read; capture_next() has none then. */
bool capture_link_is_known(const struct capture *capture);
const char *capture_link_name(const struct capture *capture);

/* Bytes read and bytes of the file; total 0 where it has no size. */
void capture_progress(struct capture *capture, unsigned long *ret_done, unsigned long *ret_total);

#endif /* IMCTL_CLASSIFY_CAPTURE_H */
