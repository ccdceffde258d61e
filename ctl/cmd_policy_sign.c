// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy sign, and what a load asks of signatures.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cmd_policy.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "out.h"
#include "signing.h"
#include "source.h"

/* --- what a load asks -------------------------------------------------------------- */

static int say_keys(const char *what, int error)
{
	if (what[0])
		out_error("%s/%s: %s: no policy is loaded until the trusted keys are right",
			  SIGNING_TRUSTED_DIR, what,
			  error == -EINVAL ? "no Ed25519 public key" : strerror(-error));
	else
		out_error("cannot read the trusted keys in %s: %s", SIGNING_TRUSTED_DIR,
			  strerror(-error));
	return EXIT_UNSIGNED;
}

static int refuse_unsigned(const char *file, const struct history_text *text)
{
	if (!text->signature)
		out_error("%s is not signed, and this host loads only what a key in %s signed",
			  file, SIGNING_TRUSTED_DIR);
	else
		out_error("the signature of %s is not by a key in %s, or the text was changed "
			  "since: nothing was changed", file, SIGNING_TRUSTED_DIR);
	return EXIT_UNSIGNED;
}

int policy_ask_signature(const char *file, const struct history_text *text, char **ret_signer)
{
	struct signing_keys *keys;
	char what[SIGNING_NAME_BYTES];
	const char *signer;
	int error = signing_keys_read(SIGNING_TRUSTED_DIR, &keys, what);

	*ret_signer = NULL;
	if (error)
		return say_keys(what, error);
	if (!keys)
		return EXIT_OK;
	signer = signing_verify(keys, text->text, text->len, text->signature,
				text->signature_len);
	if (signer)
		*ret_signer = strdup(signer);
	signing_keys_free(keys);
	return signer ? EXIT_OK : refuse_unsigned(file, text);
}

/* --- sign ------------------------------------------------------------------------------ */

static int sign_source(const char *key, const struct source *source)
{
	unsigned char signature[SIGNING_BYTES];
	const char *file = source->files[0];
	struct json_object *record;
	char digest[65];
	int error = signing_sign(key, source->whole, source->whole_len, signature);

	if (error) {
		out_error("cannot sign with %s: %s", key, error == -EINVAL
			  ? "it holds no Ed25519 private key" : strerror(-error));
		return EXIT_REFUSED;
	}
	error = signing_write_beside(file, signature);
	if (error) {
		out_error("cannot write %s.sig: %s", file, strerror(-error));
		return EXIT_REFUSED;
	}
	history_hex(source->digest, digest);
	record = json_object_new_object();
	json_add_text(record, "file", file);
	json_add_text(record, "digest", digest);
	out_done(record, "%s.sig: the signature of %s, SHA-256 %s", file, file, digest);
	json_object_put(record);
	return EXIT_OK;
}

/* Users and programs need not be those of this host: the text is signed, not judged. */
static int sign_file(const char *key, const char *file)
{
	struct diag *diag = diag_new();
	struct source *source;
	int status;

	if (!diag) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	source = source_read(file, diag);
	if (source && !diag_errors(diag))
		status = sign_source(key, source);
	else
		status = policy_fail(diag, file);
	source_free(source);
	diag_free(diag);
	return status;
}

int policy_run_sign(int argc, char **argv)
{
	static const struct option words[] = {
		{ "key", required_argument, NULL, 'k' }, { 0 },
	};
	const char *key = NULL;
	int letter;

	while ((letter = args_option(argc, argv, "", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		key = optarg;
	}
	if (!key)
		return args_usage("--key is missing: a private key to sign with");
	if (optind + 1 != argc)
		return args_usage("one policy file is expected");
	return sign_file(key, argv[optind]);
}
