/* SPDX-License-Identifier: GPL-2.0-only */
/* Frames: RFC 6455 5.2 and the examples of 5.7. */
#define IN_WEBSOCKET INSIDE(WEBSOCKET)
static const struct dissect_vector websocket_vectors[] = {
	{ "masked Hello", CLIENT, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 6), .body = 5,
	  BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") },
	{ "Hello of the server", SERVER, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 2), .body = 5,
	  BYTES("\x81\x05Hello") },
	{ "binary, of a size of two bytes", SERVER, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 4),
	  .body = 128, BYTES("\x82\x7e\0\x80"
	  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
	  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef\x81") },
	{ "the first part of a message", CLIENT, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 6), .body = 3,
	  BYTES("\x01\x83\0\0\0\0Hel") },
	{ "ping", CLIENT, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 11),
	  BYTES("\x89\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") },
	{ "close", SERVER, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 4), BYTES("\x88\2\x03\xe8") },
	{ "empty", SERVER, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 2), BYTES("\x81\0") },
	{ "compressed", SERVER, IN_WEBSOCKET, IS_PEELED(WEBSOCKET, 9),
	  BYTES("\xc1\x07\xf2\x48\xcd\xc9\xc9\x07\0") },

	{ "no upgrade", CLIENT, IS_NONE, BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") },
	{ "not masked", CLIENT, IN_WEBSOCKET, IS_NONE, BYTES("\x81\x05Hello") },
	{ "masked by the server", SERVER, IN_WEBSOCKET, IS_NONE,
	  BYTES("\x81\x85\x37\xfa\x21\x3d\x7f\x9f\x4d\x51\x58") },
	{ "reserved bits", CLIENT, IN_WEBSOCKET, IS_NONE, BYTES("\xa1\x85\x37\xfa\x21\x3d") },
	{ "no opcode", CLIENT, IN_WEBSOCKET, IS_NONE, BYTES("\x83\x85\x37\xfa\x21\x3d") },
	{ "a control frame too long", SERVER, IN_WEBSOCKET, IS_NONE, BYTES("\x89\x7e\0\x80xx") },
	{ "a part of a control frame", SERVER, IN_WEBSOCKET, IS_NONE, BYTES("\x09\x02xx") },
	{ "endless", SERVER, IN_WEBSOCKET, IS_NONE, BYTES("\x82\x7f\0\0\1\0\0\0\0\0xx") },
};
