/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * SHA-256 (FIPS 180-4), to name a policy by its bytes as sha256sum does. Not
 * for secrets.
 */
#ifndef IMCTL_SHA256_H
#define IMCTL_SHA256_H

#include <stddef.h>
#include <imtc/sha256.h>

struct sha256 {
	struct imtc_sha256 block;	/* the one in hand, and the state behind the last */
	u64 bytes;
};

void sha256_start(struct sha256 *hash);
void sha256_add(struct sha256 *hash, const void *data, size_t len);
void sha256_finish(struct sha256 *hash, u8 digest[32]);

#endif /* IMCTL_SHA256_H */
