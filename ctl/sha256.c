// SPDX-License-Identifier: GPL-2.0-only
/*
 * SHA-256 of any number of bytes: blocks, and their padding (FIPS 180-4 5.1.1).
 */
#include <string.h>

#include "sha256.h"

void sha256_start(struct sha256 *hash)
{
	imtc_sha256_start(&hash->block);
	hash->bytes = 0;
}

void sha256_add(struct sha256 *hash, const void *data, size_t len)
{
	const u8 *from = data;

	while (len) {
		size_t held = hash->bytes % 64, take = 64 - held;

		if (take > len)
			take = len;
		memcpy((u8 *)hash->block.block + held, from, take);
		hash->bytes += take;
		from += take;
		len -= take;
		if (hash->bytes % 64 == 0)
			imtc_sha256_block(&hash->block);
	}
}

void sha256_finish(struct sha256 *hash, u8 digest[32])
{
	static const u8 padding[64] = { 0x80 };
	u64 bits = imtc_to_be64(hash->bytes * 8);
	size_t held = hash->bytes % 64;

	sha256_add(hash, padding, held < 56 ? 56 - held : 120 - held);
	sha256_add(hash, &bits, sizeof(bits));
	for (int i = 0; i < 8; i++) {
		u32 word = imtc_to_be32(hash->block.state[i]);

		memcpy(digest + 4 * i, &word, sizeof(word));
	}
}
