/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Signatures of policies: Ed25519 (RFC 8032) by libcrypto, of the text as it is
 * kept (policy.h). A signature is the 64 bytes alone, as "openssl pkeyutl -sign
 * -rawin" writes them. Returns negative errno and prints nothing.
 */
#ifndef IMCTL_SIGNING_H
#define IMCTL_SIGNING_H

#include <stddef.h>
#include <imtc/types.h>

#define SIGNING_TRUSTED_DIR "/etc/imtc/trusted.d"
#define SIGNING_BYTES 64
#define SIGNING_NAME_BYTES 256

struct signing_keys;

/*
 * The public keys of a folder, its *.pem. NULL in ret_keys: there are none, and so
 * nothing to ask for. A folder or a file in it that cannot be read, or is no
 * Ed25519 public key, is an error, with its name in what: a host that should
 * have keys must not be taken for one without.
 */
int signing_keys_read(const char *folder, struct signing_keys **ret_keys,
		      char what[SIGNING_NAME_BYTES]);
void signing_keys_free(struct signing_keys *keys);	/* NULL allowed */

/* The name of the key (its file's, without .pem) that made the signature; NULL: none did. */
const char *signing_verify(const struct signing_keys *keys, const char *text, size_t len,
			   const char *signature, size_t signature_len);

/* With a private key in a PEM file. -EINVAL: it holds no Ed25519 private key. */
int signing_sign(const char *key_file, const char *text, size_t len,
		 unsigned char ret_signature[SIGNING_BYTES]);

/* The signature beside a policy file, FILE.sig; for free(). -ENOENT: none. */
int signing_read_beside(const char *file, char **ret_signature, size_t *ret_len);
/* Written in one step. */
int signing_write_beside(const char *file, const unsigned char signature[SIGNING_BYTES]);

#endif /* IMCTL_SIGNING_H */
