/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * TeamSpeak's query interface over TCP ("TeamSpeak 3 Server Query Manual"): the
 * server, or a client's own, greets with its name, CR behind LF as in no other.
 */
#ifndef IMTC_DISSECT_TEAMSPEAK_QUERY_H
#define IMTC_DISSECT_TEAMSPEAK_QUERY_H

#include "scan.h"

IMTC_DISSECTOR(teamspeak_query)(struct imtc_view *v)
{
	u32 welcome = 5;
	int answer;

	if (!v)
		return IMTC_NO;
	answer = imtc_match(v, 0, "TS3");
	if (answer == IMTC_MATCH && imtc_byte(v, 3) == ' ') {
		welcome = 12;
		answer = imtc_match(v, 3, " Client\n\r");
	} else if (answer == IMTC_MATCH) {
		answer = imtc_match(v, 3, "\n\r");
	}
	if (answer == IMTC_MATCH)
		answer = imtc_match(v, welcome, "Welcome to the TeamSpeak ");
	if (answer == IMTC_MATCH)
		imtc_label_set(v, IMTC_SERVICE_TEAMSPEAK, IMTC_FEATURE_NONE,
			       IMTC_ENCRYPTION_CLEAR, 0);
	return answer;
}

#endif /* IMTC_DISSECT_TEAMSPEAK_QUERY_H */
