/* SPDX-License-Identifier: GPL-2.0-only */
/* The greetings of TeamSpeak's query interfaces. */
static const struct dissect_vector teamspeak_query_vectors[] = {
	{ "a server's", SERVER, IS(TEAMSPEAK, NONE, CLEAR, 0),
	  BYTES("TS3\n\rWelcome to the TeamSpeak 3 ServerQuery interface, type \"help\"") },
	{ "a client's own", SERVER, IS(TEAMSPEAK, NONE, CLEAR, 0),
	  BYTES("TS3 Client\n\rWelcome to the TeamSpeak 3 ClientQuery interface") },

	{ "the usual end of a line", SERVER, IS_NONE,
	  BYTES("TS3\r\nWelcome to the TeamSpeak 3 ServerQuery interface") },
	{ "another welcome", SERVER, IS_NONE, BYTES("TS3\n\rWelcome to the machine, my friend") },
};
