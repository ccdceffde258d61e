// SPDX-License-Identifier: GPL-2.0-only
/*
 * What single words of a policy may be. Each either gives the value or says
 * what is wrong with the word and, where it can, which was meant.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "nearest.h"
#include "policy_tree.h"
#include "utf8.h"

static bool wrong(struct value_error *error, const char *expected, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

static bool wrong(struct value_error *error, const char *expected, const char *format, ...)
{
	va_list list;

	va_start(list, format);
	vsnprintf(error->message, sizeof(error->message), format, list);
	va_end(list);
	snprintf(error->expected, sizeof(error->expected), "%s", expected ? expected : "");
	return false;
}

/* "unknown service "xmmp"; did you mean "xmpp"?" */
static bool unknown(struct value_error *error, const char *expected, const char *what,
		    const char *word, const char *best)
{
	if (best)
		return wrong(error, expected, "unknown %s \"%s\"; did you mean \"%s\"?", what,
			     word, best);
	return wrong(error, expected, "unknown %s \"%s\"", what, word);
}

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
		return wrong(error, expected, "the prefix length of \"%s\" is not a number", text);
	bits = len > 3 ? 1000 : strtoul(digits, NULL, 10);
	if (bits > most)
		return wrong(error, expected, "the prefix length of \"%s\" is too large", text);
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
	return wrong(error, expected, "\"%s\" has bits set past its prefix length", text);
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
		return wrong(error, "an IPv4 or IPv6 address, or ADDRESS/LENGTH",
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
		return wrong(error, "no criterion for any address; 2000::/3 for global IPv6 ones",
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
		return wrong(error, PORTS_EXPECTED, "\"%s\" is no port", text);
	if (ports.first > ports.last) {
		snprintf(expected, sizeof(expected), "\"%u-%u\"", ports.last, ports.first);
		return wrong(error, expected, "the range \"%s\" ends before it begins", text);
	}
	*ret_ports = ports;
	return true;
}

/* --- services and features -------------------------------------------------- */

#define SERVICES_EXPECTED "a service such as \"xmpp\", or @public, @corporate, @federated, @sharing"

bool value_services(const char *word, u64 services[IMTC_SERVICE_MAX / 64],
		    struct value_error *error)
{
	__u64 group[IMTC_SERVICE_MAX / 64];
	char with_at[64];
	const char *best;
	int number;

	if (word[0] == '@') {
		if (!group_services(word + 1, group)) {
			best = group_nearest(word + 1);
			snprintf(with_at, sizeof(with_at), "@%s", best ? best : "");
			return unknown(error, SERVICES_EXPECTED, "group of services", word,
				       best ? with_at : NULL);
		}
		for (int i = 0; i < IMTC_SERVICE_MAX / 64; i++)
			services[i] |= group[i];
		return true;
	}
	number = service_number(word);
	if (number > 0) {
		services[number / 64] |= 1ULL << (number % 64);
		return true;
	}
	if (group_services(word, group)) {
		snprintf(with_at, sizeof(with_at), "@%.60s", word);
		return unknown(error, SERVICES_EXPECTED, "service", word, with_at);
	}
	return unknown(error, SERVICES_EXPECTED, "service", word, service_nearest(word));
}

bool value_feature(const char *word, u16 *features, struct value_error *error)
{
	char expected[160] = "one of ";
	int number = feature_number(word);

	if (number > 0) {
		*features |= (u16)(1 << number);
		return true;
	}
	for (unsigned int i = 1; i < IMTC_FEATURE_MAX; i++) {
		if (feature_number(feature_name(i)) != (int)i)
			continue;
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s%s", i > 1 ? ", " : "", feature_name(i));
	}
	return unknown(error, expected, "feature", word, feature_nearest(word));
}

int value_word(const char *word, const char *const *words, const char *what,
	       struct value_error *error)
{
	char expected[160] = "one of ";

	for (int i = 0; words[i]; i++)
		if (!strcmp(words[i], word))
			return i;
	for (int i = 0; words[i]; i++)
		snprintf(expected + strlen(expected), sizeof(expected) - strlen(expected),
			 "%s\"%s\"", i ? ", " : "", words[i]);
	unknown(error, expected, what, word, nearest_of(word, words));
	return -1;
}

/* --- users and groups ------------------------------------------------------- */

/* A word of digits alone. 4294967295 is (uid_t)-1: no user, and refused. */
static bool is_number(const char *word)
{
	return word[0] && strspn(word, "0123456789") == strlen(word);
}

static bool id_number(const char *word, const char *what, u32 *ret_id, struct value_error *error)
{
	unsigned long long id;

	errno = 0;
	id = strtoull(word, NULL, 10);
	if (errno || id >= 0xffffffffULL)
		return wrong(error, "a number from 0 to 4294967294",
			     "\"%s\" is no %s number", word, what);
	*ret_id = (u32)id;
	return true;
}

static const char *nearest_user(const char *word, char *name, size_t size)
{
	struct nearest search = { .word = word };
	struct passwd *entry;

	/* The search keeps the pointer: give it one that outlives the entry. */
	setpwent();
	while ((entry = getpwent())) {
		struct nearest one = { .word = word };

		nearest_offer(&one, entry->pw_name);
		if (!one.best || (search.best && one.distance >= search.distance))
			continue;
		snprintf(name, size, "%s", entry->pw_name);
		search.best = name;
		search.distance = one.distance;
	}
	endpwent();
	return search.best;
}

static const char *nearest_group(const char *word, char *name, size_t size)
{
	struct nearest search = { .word = word };
	struct group *entry;

	setgrent();
	while ((entry = getgrent())) {
		struct nearest one = { .word = word };

		nearest_offer(&one, entry->gr_name);
		if (!one.best || (search.best && one.distance >= search.distance))
			continue;
		snprintf(name, size, "%s", entry->gr_name);
		search.best = name;
		search.distance = one.distance;
	}
	endgrent();
	return search.best;
}

bool value_user(const char *word, u32 *ret_uid, struct value_error *error)
{
	struct passwd *entry;
	char name[64];

	if (is_number(word))
		return id_number(word, "user", ret_uid, error);
	entry = word[0] ? getpwnam(word) : NULL;
	if (!entry)
		return unknown(error, "a user of this host, or a number", "user", word,
			       nearest_user(word, name, sizeof(name)));
	*ret_uid = entry->pw_uid;
	return true;
}

bool value_group(const char *word, u32 *ret_gid, struct value_error *error)
{
	struct group *entry;
	char name[64];

	if (is_number(word))
		return id_number(word, "group", ret_gid, error);
	entry = word[0] ? getgrnam(word) : NULL;
	if (!entry)
		return unknown(error, "a group of this host, or a number", "group", word,
			       nearest_group(word, name, sizeof(name)));
	*ret_gid = entry->gr_gid;
	return true;
}

/* --- paths and names -------------------------------------------------------- */

/* The path as the kernel writes it: no "//", no "/./", no "/../", no slash at the end. */
static void normalise(const char *path, char *normal, size_t size)
{
	size_t used = 0;

	while (*path) {
		size_t part;

		path += strspn(path, "/");
		part = strcspn(path, "/");
		if (part == 2 && !memcmp(path, "..", 2)) {
			while (used && normal[--used] != '/')
				;
		} else if (part && !(part == 1 && *path == '.') && used + part + 2 < size) {
			normal[used++] = '/';
			memcpy(normal + used, path, part);
			used += part;
		}
		path += part;
	}
	if (!used)
		normal[used++] = '/';
	normal[used] = '\0';
}

/* Patterns may stand there; a bracket that begins none is what is most often wrong. */
static bool check_glob(const char *text, const char *what, struct value_error *error)
{
	const char *bad = imtc_glob_wrong(text);

	return !bad || wrong(error, "a class such as [a-z] or [!0-9]; [[] for a bracket itself",
			     "%s \"%s\": \"%s\" begins no class of a pattern", what, text, bad);
}

static bool check_path(const char *path, const char *what, struct value_error *error)
{
	char normal[IMTC_PATH_BYTES + 2], expected[IMTC_PATH_BYTES + 8];

	if (path[0] != '/')
		return wrong(error, "a path from the root, beginning with /",
			     "%s \"%s\" is not an absolute path", what, path);
	if (strlen(path) >= IMTC_PATH_BYTES)
		return wrong(error, "at most 255 bytes", "%s is a path of %zu bytes", what,
			     strlen(path));
	normalise(path, normal, sizeof(normal));
	if (!strcmp(path, normal))
		return check_glob(path, what, error);
	snprintf(expected, sizeof(expected), "\"%s\"", normal);
	return wrong(error, expected, "%s \"%s\" is not written as the kernel writes it", what,
		     path);
}

bool value_exe(const char *path, struct value_error *error)
{
	return check_path(path, "exe", error);
}

bool value_under(const char *path, struct value_error *error)
{
	return check_path(path, "under", error);
}

bool value_cgroup(const char *path, struct value_error *error)
{
	if (!check_path(path, "cgroup", error))
		return false;
	if (!strcmp(path, "/"))
		return wrong(error, "a cgroup below it, or no cgroup",
			     "cgroup \"/\" holds every process");
	return true;
}

/* The kinds of units that have a cgroup (systemd.unit(5), systemd.scope(5) ...). */
static bool is_unit(const char *name)
{
	static const char *const kinds[] = { ".service", ".scope", ".slice", ".socket", ".mount",
					     ".swap" };
	size_t n = strlen(name);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (n > strlen(kinds[i]) && !strcmp(name + n - strlen(kinds[i]), kinds[i]))
			return true;
	return n && name[n - 1] == '*';
}

bool value_unit(const char *name, struct value_error *error)
{
	char expected[64] = "a unit such as \"prosody.service\"";

	if (strlen(name) >= IMTC_PATH_BYTES)
		return wrong(error, "at most 255 bytes", "unit is a name of %zu bytes",
			     strlen(name));
	if (!strchr(name, '/') && is_unit(name))
		return check_glob(name, "unit", error);
	if (name[0] && !strpbrk(name, "/.") && strlen(name) <= 32)
		snprintf(expected, sizeof(expected), "\"%.32s.service\", with its kind", name);
	return wrong(error, expected, "\"%s\" is no unit that has processes", name);
}

bool value_container(const char *id, struct value_error *error)
{
	size_t n = strlen(id), digits = 0;

	while (imtc_is_hex(id[digits]))
		digits++;
	if (digits == n && n >= IMTC_CONTAINER_HEX_MIN && n <= IMTC_CONTAINER_HEX)
		return true;
	return wrong(error, "its id, or 12 digits or more of it, in small letters", digits == n ?
		     "container \"%s\" has not 12 to 64 digits" :
		     "container \"%s\" is no hexadecimal id", id);
}

bool value_sha256(const char *digest, struct value_error *error)
{
	size_t digits = 0;

	while (imtc_is_hex(digest[digits]))
		digits++;
	return (digits == IMTC_SHA256_HEX && !digest[digits]) ||
	       wrong(error, "64 hexadecimal digits in small letters, as sha256sum says them",
		     "\"%s\" is no SHA-256", digest);
}

bool value_comm(const char *comm, struct value_error *error)
{
	char expected[64];

	if (!comm[0])
		return wrong(error, "the name of a command, 1 to 15 bytes", "comm is empty");
	if (strlen(comm) < IMTC_COMM_BYTES)
		return true;
	snprintf(expected, sizeof(expected), "\"%.15s\", as the kernel cuts it", comm);
	return wrong(error, expected, "comm \"%s\" is longer than 15 bytes", comm);
}

/* what: "name" */
static bool check_text(const char *text, const char *what, struct value_error *error)
{
	size_t n;

	if (!text[0])
		return wrong(error, "1 to 63 bytes of text", "the %s is empty", what);
	if (strlen(text) >= IMTC_NAME_BYTES)
		return wrong(error, "at most 63 bytes", "the %s is %zu bytes long", what,
			     strlen(text));
	for (const char *c = text; *c; c += n) {
		n = utf8_bytes(c);
		if (!n || utf8_is_control(c, n))
			return wrong(error, "printable UTF-8", "the %s holds byte 0x%02x", what,
				     (unsigned char)*c);
	}
	return true;
}

bool value_name(const char *name, struct value_error *error)
{
	return check_text(name, "name", error);
}

bool value_tag(const char *tag, struct value_error *error)
{
	if (!check_text(tag, "tag", error))
		return false;
	/* Tags are shown in a row. */
	if (strchr(tag, ','))
		return wrong(error, "a list of tags, [ \"a\", \"b\" ]",
			     "the tag \"%s\" holds a comma", tag);
	return true;
}

bool value_device(const char *device, struct value_error *error)
{
	const char *expected = "the name of a network device, 1 to 15 bytes";

	if (!device[0] || strlen(device) > 15)
		return wrong(error, expected, "\"%s\" cannot name a device", device);
	if (!strcmp(device, ".") || !strcmp(device, "..") || strpbrk(device, "/: \t\n\r\v\f"))
		return wrong(error, expected, "\"%s\" cannot name a device", device);
	return true;
}
