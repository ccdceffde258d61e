// SPDX-License-Identifier: GPL-2.0-only
/*
 * Capture files through libpcap; see capture.h.
 */
#include <pcap/pcap.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "classify/capture.h"
#include "classify/link.h"

struct capture {
	pcap_t *pcap;
	int dlt;
	unsigned long size;	/* of the file; 0: a pipe */
	u8 room[LINK_FRAME_BYTES];
};

struct capture *capture_open(const char *path, char *sentence, unsigned int size)
{
	struct capture *capture = calloc(1, sizeof(*capture));
	char error[PCAP_ERRBUF_SIZE] = "out of memory";
	struct stat st;

	if (capture)
		capture->pcap = pcap_open_offline_with_tstamp_precision(
			path, PCAP_TSTAMP_PRECISION_NANO, error);
	if (!capture || !capture->pcap) {
		snprintf(sentence, size, "%s", error);
		free(capture);
		return NULL;
	}
	capture->dlt = pcap_datalink(capture->pcap);
	if (!fstat(fileno(pcap_file(capture->pcap)), &st) && S_ISREG(st.st_mode))
		capture->size = (unsigned long)st.st_size;
	return capture;
}

void capture_close(struct capture *capture)
{
	if (!capture)
		return;
	pcap_close(capture->pcap);
	free(capture);
}

int capture_next(struct capture *capture, struct capture_packet *ret_packet)
{
	struct pcap_pkthdr *header;
	struct link_frame frame;
	const u8 *data;
	int got;

	if (!capture_link_is_known(capture))
		return 0;
	while ((got = pcap_next_ex(capture->pcap, &header, &data)) == 1) {
		frame.data = data;
		frame.len = header->caplen;
		frame.wire_len = header->len;
		ret_packet->len = link_to_ethernet(capture->dlt, &frame, capture->room,
						   &ret_packet->data);
		if (!ret_packet->len)
			continue;
		/* With nanoseconds asked for, that is what is in the field of microseconds. */
		ret_packet->time_ns = (u64)header->ts.tv_sec * 1000000000ULL +
				      (u64)header->ts.tv_usec;
		return 1;
	}
	return got == PCAP_ERROR_BREAK ? 0 : -1;
}

const char *capture_sentence(struct capture *capture)
{
	return pcap_geterr(capture->pcap);
}

bool capture_link_is_known(const struct capture *capture)
{
	return link_is_known(capture->dlt);
}

const char *capture_link_name(const struct capture *capture)
{
	static char number[24];
	const char *name = pcap_datalink_val_to_name(capture->dlt);

	snprintf(number, sizeof(number), "%d", capture->dlt);
	return name ? name : number;
}

void capture_progress(struct capture *capture, unsigned long *ret_done, unsigned long *ret_total)
{
	long at = capture->size ? ftell(pcap_file(capture->pcap)) : 0;

	*ret_done = at > 0 ? (unsigned long)at : 0;
	*ret_total = capture->size;
}
