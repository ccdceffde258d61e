// SPDX-License-Identifier: GPL-2.0-only
/*
 * The values that signature files hold: domains, ALPN values, user agents,
 * address prefixes and bytes.
 */
#include <stdio.h>
#include <string.h>

#include "signature_value.h"

#define LABEL_BYTES_MAX 63	/* RFC 1035 2.3.4 */

const char *signature_kind_name(enum signature_kind kind)
{
	static const char *const names[SIGNATURE_KINDS] = {
		"domain", "alpn", "user agent", "prefix", "pattern",
	};

	return names[kind];
}

/* --- names ---------------------------------------------------------------------- */

static const char *domain_fault(const char *domain)
{
	size_t len = strlen(domain), label = 0;
	bool dotted = false;

	if (!len)
		return "a domain must not be empty";
	if (len > IMTC_DOMAIN_BYTES - 3)
		return "a domain has at most 253 bytes";
	if (!strncmp(domain, "*.", 2))
		return "a domain stands for all below it: leave out the \"*.\"";
	if (domain[0] == '.')
		return "a domain stands for all below it: leave out the first dot";
	for (size_t i = 0; i <= len; i++) {
		char c = domain[i];

		if (c >= 'A' && c <= 'Z')
			return "a domain is written in lower case";
		if (c == '.' || c == '\0') {
			if (!label && c == '\0')
				return "a domain has no dot at its end";
			if (!label || domain[i - 1] == '-')
				return "a label of a domain is empty or ends with \"-\"";
			dotted |= c == '.';
			label = 0;
			continue;
		}
		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' ||
		      (c == '-' && label)))
			return "a domain holds letters, digits, \"-\", \"_\" and dots";
		if (++label > LABEL_BYTES_MAX)
			return "a label of a domain has at most 63 bytes";
	}
	return dotted ? NULL : "a domain has at least two labels: all of a top-level domain is "
			       "no service";
}

static bool is_printable(const char *text)
{
	for (size_t i = 0; text[i]; i++)
		if (text[i] < ' ' || text[i] > '~')
			return false;
	return true;
}

static const char *alpn_fault(const char *value)
{
	size_t len = strlen(value);

	if (!len || len > IMTC_ALPN_BYTES)
		return "an ALPN value has 1 to 32 bytes here";
	if (!is_printable(value) || strchr(value, ' '))
		return "an ALPN value holds printable ASCII without spaces";
	if (!strncmp(value, "http/", 5) || !strcmp(value, "h2") || !strcmp(value, "h2c") ||
	    !strcmp(value, "h3"))
		return "this ALPN value is that of every web server";
	return NULL;
}

static const char *agent_fault(const char *agent)
{
	size_t len = strlen(agent);

	if (!len || len > IMTC_CLIENT_BYTES - 1)
		return "a user agent has 1 to 47 bytes here";
	if (!is_printable(agent) || agent[0] == ' ')
		return "a user agent holds printable ASCII and begins with no space";
	if (strchr("/ (;", agent[len - 1]))
		return "a user agent ends before the \"/\", space or bracket that follows it";
	if (!strcmp(agent, "Mozilla") || !strcmp(agent, "Mozilla/5.0"))
		return "every browser begins like this";
	return NULL;
}

const char *signature_fault(enum signature_kind kind, const char *text)
{
	switch (kind) {
	case SIGNATURE_DOMAIN:
		return domain_fault(text);
	case SIGNATURE_ALPN:
		return alpn_fault(text);
	case SIGNATURE_AGENT:
		return agent_fault(text);
	default:
		return NULL;
	}
}

/* --- prefixes -------------------------------------------------------------------- */

#define PREFIX_BITS_V4_MIN 8
#define PREFIX_BITS_V6_MIN 16

bool signature_prefix(const char *text, struct imtc_prefix_key *ret_prefix,
		      struct value_error *error)
{
	struct imtc_prefix prefix;
	bool is_v4 = !strchr(text, ':');

	if (!value_prefix(text, &prefix, error))
		return false;
	memset(ret_prefix, 0, sizeof(*ret_prefix));
	memcpy(ret_prefix->addr, prefix.addr, sizeof(ret_prefix->addr));
	ret_prefix->bits = (u32)(__builtin_popcountll(prefix.mask[0]) +
				 __builtin_popcountll(prefix.mask[1]));
	if (ret_prefix->bits >= (is_v4 ? 96 + PREFIX_BITS_V4_MIN : PREFIX_BITS_V6_MIN))
		return true;
	snprintf(error->message, sizeof(error->message),
		 "\"%s\" is more than one service has", text);
	snprintf(error->expected, sizeof(error->expected), "at least /%d for IPv4, /%d for IPv6",
		 PREFIX_BITS_V4_MIN, PREFIX_BITS_V6_MIN);
	return false;
}

void signature_prefix_text(const struct imtc_prefix_key *prefix, char *text, size_t size)
{
	struct imtc_prefix full = { 0 };
	u8 mask[16] = { 0 };

	for (u32 i = 0; i < prefix->bits && i < 128; i++)
		mask[i / 8] |= (u8)(0x80 >> i % 8);
	memcpy(full.addr, prefix->addr, sizeof(full.addr));
	memcpy(full.mask, mask, sizeof(full.mask));
	prefix_text(&full, text, size);
}

/* --- bytes ----------------------------------------------------------------------- */

static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
		return (c | 0x20) - 'a' + 10;
	return -1;
}

int signature_hex(const char *text, u8 *bytes, size_t room)
{
	size_t n = 0;

	for (const char *at = text; *at;) {
		if (*at == ' ') {
			at++;
			continue;
		}
		if (n == room || hex_digit(at[0]) < 0 || hex_digit(at[1]) < 0)
			return -1;
		bytes[n++] = (u8)(hex_digit(at[0]) << 4 | hex_digit(at[1]));
		at += 2;
	}
	return (int)n;
}

static size_t put_hex(char *text, size_t size, size_t at, const u8 *bytes, u8 len)
{
	for (u8 i = 0; i < len && at < size; i++)
		at += (size_t)snprintf(text + at, size - at, " %02x", bytes[i]);
	return at;
}

void signature_pattern_text(const struct imtc_pattern *p, char *text, size_t size)
{
	static const u8 whole[IMTC_PATTERN_BYTES] = {
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
		0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
	};
	static const char *const directions[] = { "none", "client", "server", "either" };
	size_t at = (size_t)snprintf(text, size, "%s %s %u:",
				     p->l4 == IMTC_L4_TCP ? "tcp" :
				     p->l4 == IMTC_L4_UDP ? "udp" : "any",
				     directions[p->directions & 3], p->offset);

	at = put_hex(text, size, at, p->value, p->len);
	if (memcmp(p->mask, whole, p->len) && at < size) {
		at += (size_t)snprintf(text + at, size - at, " &");
		at = put_hex(text, size, at, p->mask, p->len);
	}
	if ((p->min || p->max) && at < size)
		snprintf(text + at, size - at, " length %u-%u", p->min, p->max);
}
