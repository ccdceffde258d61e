/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The values that signature files hold, one by one: what is wrong with them, and
 * what they mean. Knows no file.
 */
#ifndef IMCTL_SIGNATURE_VALUE_H
#define IMCTL_SIGNATURE_VALUE_H

#include "policy_tree.h"
#include "signature.h"

/* What is wrong with a value of the kind (a name's); NULL where nothing is. */
const char *signature_fault(enum signature_kind kind, const char *text);

/* "192.0.2.0/24", as in policies. false: *error says why. */
bool signature_prefix(const char *text, struct imtc_prefix_key *ret_prefix,
		      struct value_error *error);
/* The prefix as text, at most 64 bytes. */
void signature_prefix_text(const struct imtc_prefix_key *prefix, char *text, size_t size);

/* Bytes in hex, "16 f1 03": how many, at most `room`; -1: they are none. */
int signature_hex(const char *text, u8 *bytes, size_t room);
/* A pattern in its normal form: "tcp client 0: 16 f1 03". */
void signature_pattern_text(const struct imtc_pattern *pattern, char *text, size_t size);

#endif /* IMCTL_SIGNATURE_VALUE_H */
