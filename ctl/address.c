// SPDX-License-Identifier: GPL-2.0-only
/*
 * Addresses as text.
 */
#include <stdio.h>
#include <string.h>

#include "address.h"

void address_text(const void *addr, char text[ADDRESS_BYTES])
{
	static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };
	const unsigned char *bytes = addr;

	if (!memcmp(bytes, mapped, sizeof(mapped)))
		inet_ntop(AF_INET, bytes + sizeof(mapped), text, ADDRESS_BYTES);
	else
		inet_ntop(AF_INET6, bytes, text, ADDRESS_BYTES);
}

void address_port_text(const char *address, unsigned int port, char *text, size_t size)
{
	snprintf(text, size, strchr(address, ':') ? "[%s]:%u" : "%s:%u", address, port);
}
