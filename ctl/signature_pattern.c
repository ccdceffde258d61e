// SPDX-License-Identifier: GPL-2.0-only
/*
 * Byte patterns of a signature file: their bytes, and where they are looked for.
 */
#include <stdio.h>
#include <string.h>

#include "signature_read.h"
#include "signature_value.h"

/* A number from least to most; false, and said, where it is none. Absent: as it was. */
static bool take_number(struct reader *r, const config_setting_t *group, const char *name,
			int least, int most, u16 *number)
{
	config_setting_t *setting = config_setting_get_member(group, name);
	char expected[64];
	int value;

	if (!setting)
		return true;
	snprintf(expected, sizeof(expected), "a number from %d to %d", least, most);
	value = config_setting_type(setting) == CONFIG_TYPE_INT ? config_setting_get_int(setting) :
								  -1;
	if (value < least || value > most) {
		complain(r, setting, expected, "%s is out of its bounds", name);
		return false;
	}
	*number = (u16)value;
	return true;
}

/* Fewer bits than this are met by chance. */
#define PATTERN_BITS_MIN 24

static bool take_bytes(struct reader *r, const config_setting_t *group, const char *name,
		       u8 bytes[IMTC_PATTERN_BYTES], int *ret_len)
{
	config_setting_t *setting = config_setting_get_member(group, name);
	const char *text = setting ? config_setting_get_string(setting) : NULL;

	*ret_len = text ? signature_hex(text, bytes, IMTC_PATTERN_BYTES) : 0;
	if (!setting || *ret_len > 0)
		return true;
	complain(r, setting, "1 to 16 bytes in hex: \"16 f1 03\"", "%s is not bytes", name);
	return false;
}

static bool take_pattern_bytes(struct reader *r, const config_setting_t *setting,
			       struct imtc_pattern *p)
{
	int len, mask_len, bits = 0;

	memset(p->mask, 0xff, sizeof(p->mask));
	if (!take_bytes(r, setting, "value", p->value, &len) ||
	    !take_bytes(r, setting, "mask", p->mask, &mask_len))
		return false;
	if (!len) {
		complain(r, setting, "value = \"16 f1 03\"", "a pattern has no value");
		return false;
	}
	if (mask_len && mask_len != len) {
		complain(r, setting, NULL, "mask and value have not as many bytes");
		return false;
	}
	p->len = (u8)len;
	for (int i = 0; i < IMTC_PATTERN_BYTES; i++) {
		p->mask[i] = i < len ? p->mask[i] : 0;
		p->value[i] &= p->mask[i];
		bits += __builtin_popcount(p->mask[i]);
	}
	if (bits < PATTERN_BITS_MIN)
		complain(r, setting, NULL,
			 "the pattern says %d bits; fewer than %d are met by chance", bits,
			 PATTERN_BITS_MIN);
	return bits >= PATTERN_BITS_MIN;
}

static bool take_pattern_where(struct reader *r, const config_setting_t *setting,
			       struct imtc_pattern *p)
{
	static const char *const directions[] = { "client", "server", "either", NULL };
	static const char *const transports[] = { "tcp", "udp", NULL };
	static const u8 l4[] = { IMTC_L4_TCP, IMTC_L4_UDP, 0 };
	int direction = take_word(r, setting, "direction", directions,
				  "\"client\", \"server\" or \"either\"", 2);
	int transport = take_word(r, setting, "transport", transports, "\"tcp\" or \"udp\"", 2);

	if (direction < 0 || transport < 0 ||
	    !take_number(r, setting, "offset", 0, IMTC_VIEW_BYTES - IMTC_PATTERN_BYTES,
			 &p->offset) ||
	    !take_number(r, setting, "min_length", 1, IMTC_VIEW_BYTES, &p->min) ||
	    !take_number(r, setting, "max_length", 1, IMTC_VIEW_BYTES, &p->max))
		return false;
	p->directions = (u8)(direction + 1);
	p->l4 = l4[transport];
	if ((p->min || p->max) && p->l4 != IMTC_L4_UDP) {
		complain(r, setting, "transport = \"udp\"", "only a datagram has a length");
		return false;
	}
	if (p->max && p->max < p->min) {
		complain(r, setting, NULL, "max_length is less than min_length");
		return false;
	}
	return true;
}

void take_pattern(struct reader *r, const config_setting_t *setting,
		  const struct imtc_domain_value *value)
{
	static const char *const known[] = { "offset", "value", "mask", "direction", "transport",
					     "min_length", "max_length", NULL };
	struct imtc_pattern pattern = { .means = *value };
	struct signature *entry;

	if (!config_setting_is_group(setting)) {
		complain(r, setting, "{ offset = 0; value = \"16 f1 03\"; }",
			 "a pattern is not a group");
		return;
	}
	refuse_unknown(r, setting, known, "of a pattern");
	if (!take_pattern_bytes(r, setting, &pattern) || !take_pattern_where(r, setting, &pattern))
		return;
	entry = signature_add(r, setting, SIGNATURE_PATTERN, value);
	if (!entry)
		return;
	entry->pattern = pattern;
	signature_pattern_text(&pattern, entry->text, sizeof(entry->text));
}
