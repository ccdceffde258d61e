// SPDX-License-Identifier: GPL-2.0-only
/*
 * The recorded talk of real peers (tests/captures) through the data path on the host
 * and through the same source as BPF, frame by frame, as it is and with bytes of the
 * payload changed. "t_captures FILE..." compares on other captures of Ethernet.
 */
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <pcap/pcap.h>

#include "lib_both.h"

/* Frames that are changed in all: each capture is run again until there are so many. */
#define MUTATED 20000

static glob_t captures;
static char **paths;
static size_t path_count;

/* Where the payload begins of what the captures hold: no options of IP's, TCP or UDP. */
static u32 payload_at(const u8 *frame, u32 len)
{
	bool is6 = frame[12] == 0x86;
	u32 l4 = is6 ? 54 : 34;

	if (len < l4 + 13)
		return len;
	return l4 + (frame[is6 ? 20 : 23] == 6 ? frame[l4 + 12] / 16 * 4 : 8);
}

/* Half of them as they are: a conversation must get somewhere before it is spoilt. */
static u32 mutate(u8 *frame, u32 len)
{
	u32 at = payload_at(frame, len), n;

	if (len <= at || both_random(2))
		return 0;
	for (n = 1 + both_random(4); n; n--)
		frame[at + both_random(len - at)] = (u8)both_random(256);
	return 1;
}

/* Returns how many frames were changed; *ret_labelled counts packets of labelled flows. */
static u32 run_capture(const char *path, bool mutated)
{
	char sentence[PCAP_ERRBUF_SIZE];
	pcap_t *pcap = pcap_open_offline(path, sentence);
	struct pcap_pkthdr *header;
	u32 changed = 0, frames = 0;
	u8 frame[PKT_BYTES];
	const u8 *data;

	if (!pcap)
		fail_msg("%s", sentence);
	assert_int_equal(pcap_datalink(pcap), DLT_EN10MB);
	both_begin();
	while (pcap_next_ex(pcap, &header, &data) == 1) {
		if (header->caplen > sizeof(frame) || header->caplen < 14)
			continue;
		memcpy(frame, data, header->caplen);
		changed += mutated ? mutate(frame, header->caplen) : 0;
		both_frame(frame, header->caplen, path);
		frames++;
	}
	pcap_close(pcap);
	assert_true(frames > 0);
	return changed;
}

static void captures_agree(void **state)
{
	(void)state;
	assert_true(path_count > 0);
	for (size_t i = 0; i < path_count; i++)
		run_capture(paths[i], false);
	print_message("# %u packets of flows with a label\n", both_labelled());
	assert_true(both_labelled() > 50);
}

static void mutated_agree(void **state)
{
	u32 changed = 0, before;

	(void)state;
	while (changed < MUTATED) {
		before = changed;
		for (size_t i = 0; i < path_count; i++)
			changed += run_capture(paths[i], true);
		assert_true(changed > before);
	}
}

int main(int argc, char **argv)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(captures_agree),
		cmocka_unit_test(mutated_agree),
	};

	both_seed(20251125);
	if (argc > 1) {
		paths = argv + 1;
		path_count = (size_t)argc - 1;
	} else if (!glob("tests/captures/*.pcap", 0, NULL, &captures)) {
		paths = captures.gl_pathv;
		path_count = captures.gl_pathc;
	}
	return cmocka_run_group_tests_name("captures", tests, both_load, both_unload);
}
