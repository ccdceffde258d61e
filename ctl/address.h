/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Addresses as text. 16 bytes in network byte order, IPv4 as ::ffff:a.b.c.d.
 */
#ifndef IMCTL_ADDRESS_H
#define IMCTL_ADDRESS_H

#include <arpa/inet.h>
#include <stddef.h>

#define ADDRESS_BYTES INET6_ADDRSTRLEN

void address_text(const void *addr, char text[ADDRESS_BYTES]);
/* "192.0.2.1:5222", "[2001:db8::1]:5222". size: ADDRESS_BYTES + 8 is enough. */
void address_port_text(const char *address, unsigned int port, char *text, size_t size);

#endif /* IMCTL_ADDRESS_H */
