/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Frames of whatever link layer a capture is of, as Ethernet frames, which the
 * data path's parser knows.
 */
#ifndef IMCTL_CLASSIFY_LINK_H
#define IMCTL_CLASSIFY_LINK_H

#include <stdbool.h>
#include <imtc/types.h>

/* Of the largest capture record that libpcap gives, and a header in front. */
#define LINK_FRAME_BYTES (262144 + 64)

struct link_frame {
	const u8 *data;
	u32 len;	/* captured */
	u32 wire_len;	/* as it was; >= len */
};

/* Whether frames of this DLT_* can be read at all. */
bool link_is_known(int dlt);

/*
 * The frame as Ethernet, in `room` (LINK_FRAME_BYTES) or where it was; an IP packet
 * that the capture cut short says that it is as long as what is there. 0: it
 * carries nothing that could be IP, else its length; *ret_data is the frame.
 */
u32 link_to_ethernet(int dlt, const struct link_frame *frame, u8 *room, const u8 **ret_data);

#endif /* IMCTL_CLASSIFY_LINK_H */
