/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 of any number of bytes: blocks, and their padding (FIPS 180-4 5.1.1). For
 * the module and imctl, to name programs and policies as sha256sum does; not for
 * secrets.
 */
#ifndef IMTC_SHA256_BYTES_H
#define IMTC_SHA256_BYTES_H

#ifdef __KERNEL__
#include <linux/string.h>
#else
#include <string.h>
#endif

#include <imtc/sha256.h>

struct imtc_sha256_bytes {
	struct imtc_sha256 block;	/* the one in hand, and the state behind the last */
	u64 bytes;
};

static inline void imtc_sha256_bytes_start(struct imtc_sha256_bytes *hash)
{
	imtc_sha256_start(&hash->block);
	hash->bytes = 0;
}

static inline void imtc_sha256_bytes_add(struct imtc_sha256_bytes *hash, const void *data,
					 size_t len)
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

static inline void imtc_sha256_bytes_finish(struct imtc_sha256_bytes *hash, u8 digest[32])
{
	static const u8 padding[64] = { 0x80 };
	u64 bits = imtc_to_be64(hash->bytes * 8);
	size_t held = hash->bytes % 64;
	int i;

	imtc_sha256_bytes_add(hash, padding, held < 56 ? 56 - held : 120 - held);
	imtc_sha256_bytes_add(hash, &bits, sizeof(bits));
	for (i = 0; i < 8; i++) {
		u32 word = imtc_to_be32(hash->block.state[i]);

		memcpy(digest + 4 * i, &word, sizeof(word));
	}
}

#endif /* IMTC_SHA256_BYTES_H */
