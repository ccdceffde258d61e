/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What can be told of a service at all: by the quality marks of imtc/quality.def,
 * and by the signature files.
 */
#ifndef IMCTL_POLICY_KNOWN_H
#define IMCTL_POLICY_KNOWN_H

#include <imtc/label.h>
#include <stdbool.h>

#include "signature.h"

struct known {
	u16 features;		/* bit an enum imtc_feature that a flow of it may have */
	bool is_encrypted;	/* a flow of it may be seen to be encrypted */
	bool has_payload;	/* content tells it, and not names and addresses alone */
};

/*
 * Of each service by its number, never less than there is: what is not in it no
 * flow of the service will have. signatures: those that the programs go by; NULL:
 * what holds whatever they say.
 */
void known_fill(struct known known[IMTC_SERVICE_MAX], const struct signatures *signatures);

#endif /* IMCTL_POLICY_KNOWN_H */
