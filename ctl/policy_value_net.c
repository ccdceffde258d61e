// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prefixes and ports of a policy.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "policy_value.h"

/* --- prefixes --------------------------------------------------------------- */

static const unsigned char mapped[12] = { [10] = 0xff, [11] = 0xff };

static void make_mask(unsigned int bits, unsigned char mask[16])
{
	memset(mask, 0, 16);
	for (unsigned int i = 0; i < bits; i++)
		mask[i / 8] |= (unsigned char)(0x80 >> (i % 8));
}

/* Would it take IPv4 in, which stands as ::ffff:0:0/96? */
static bool covers_ipv4(const unsigned char addr[16], unsigned int bits)
{
	unsigned char mask[16];

	make_mask(bits, mask);
	for (int i = 0; i < 12; i++)
		if ((addr[i] ^ mapped[i]) & mask[i])
			return false;
	return bits < 96;
}

static bool prefix_length(const char *text, const char *digits, unsigned int most,
			  unsigned int *ret_bits, struct value_error *error)
{
	char expected[64];
	size_t len = strlen(digits);
	unsigned long bits;

	snprintf(expected, sizeof(expected), "a number from 0 to %u after the slash", most);
	if (!len || strspn(digits, "0123456789") != len)
		return value_wrong(error, expected, "the prefix length of \"%s\" is not a number", text);
	bits = len > 3 ? 1000 : strtoul(digits, NULL, 10);
	if (bits > most)
		return value_wrong(error, expected, "the prefix length of \"%s\" is too large", text);
	*ret_bits = (unsigned int)bits;
	return true;
}

/* Bits past the length are a mistake in one or the other: never guessed. */
static bool host_bits(const char *text, const unsigned char addr[16],
		      const unsigned char mask[16], struct value_error *error)
{
	struct imtc_prefix meant;
	unsigned char cleared[16];
	char expected[128], prefix[64];

	for (int i = 0; i < 16; i++)
		cleared[i] = addr[i] & mask[i];
	memcpy(meant.addr, cleared, 16);
	memcpy(meant.mask, mask, 16);
	prefix_text(&meant, prefix, sizeof(prefix));
	snprintf(expected, sizeof(expected), "%s, or the address %.*s alone", prefix,
		 (int)strcspn(text, "/"), text);
	return value_wrong(error, expected, "\"%s\" has bits set past its prefix length", text);
}

bool value_prefix(const char *text, struct imtc_prefix *ret_prefix, struct value_error *error)
{
	unsigned char addr[16] = { 0 }, mask[16];
	char address[INET6_ADDRSTRLEN];
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	unsigned int bits, offset = 0;
	bool is_address = len < sizeof(address);

	if (is_address) {
		memcpy(address, text, len);
		address[len] = '\0';
		if (inet_pton(AF_INET, address, addr + 12) == 1) {
			memcpy(addr, mapped, sizeof(mapped));
			offset = 96;
		} else {
			is_address = inet_pton(AF_INET6, address, addr) == 1;
		}
	}
	if (!is_address)
		return value_wrong(error, "an IPv4 or IPv6 address, or ADDRESS/LENGTH",
			     "\"%s\" is not an address", text);
	bits = 128 - offset;
	if (slash && !prefix_length(text, slash + 1, 128 - offset, &bits, error))
		return false;
	bits += offset;
	make_mask(bits, mask);
	for (int i = 0; i < 16; i++)
		if (addr[i] & ~mask[i])
			return host_bits(text, addr, mask, error);
	if (covers_ipv4(addr, bits))
		return value_wrong(error, "no criterion for any address; 2000::/3 for global IPv6 ones",
			     "\"%s\" would match IPv4 as well", text);
	memcpy(ret_prefix->addr, addr, 16);
	memcpy(ret_prefix->mask, mask, 16);
	return true;
}

/* --- ports ------------------------------------------------------------------ */

#define PORTS_EXPECTED "a number from 1 to 65535, or a range such as \"1000-2000\""

/* The end of the number; NULL where it is no port. */
static const char *port_number(const char *text, u16 *ret_port)
{
	size_t digits = strspn(text, "0123456789");
	unsigned long port = digits && digits <= 5 ? strtoul(text, NULL, 10) : 0;

	if (!port || port > 65535)
		return NULL;
	*ret_port = (u16)port;
	return text + digits;
}

bool value_ports(const char *text, struct imtc_ports *ret_ports, struct value_error *error)
{
	struct imtc_ports ports;
	const char *end = port_number(text, &ports.first);
	char expected[32];

	ports.last = ports.first;
	if (end && *end == '-')
		end = port_number(end + 1, &ports.last);
	if (!end || *end)
		return value_wrong(error, PORTS_EXPECTED, "\"%s\" is no port", text);
	if (ports.first > ports.last) {
		snprintf(expected, sizeof(expected), "\"%u-%u\"", ports.last, ports.first);
		return value_wrong(error, expected, "the range \"%s\" ends before it begins", text);
	}
	*ret_ports = ports;
	return true;
}
