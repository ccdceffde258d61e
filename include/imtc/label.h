/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The label: what a flow was found to be. Shared by dissectors, policy, module
 * and tool. No code but the tables' shapes.
 */
#ifndef IMTC_LABEL_H
#define IMTC_LABEL_H

#include <imtc/types.h>

enum imtc_service {
	IMTC_SERVICE_NONE = 0,
#define IMTC_SERVICE(number, name, word, title, group) IMTC_SERVICE_##name = number,
#include <imtc/services.def>
#undef IMTC_SERVICE
	/* Bound of every table indexed by service; room for the user's own. */
	IMTC_SERVICE_MAX = 128,
};

enum imtc_feature {
#define IMTC_FEATURE(number, name, word, title) IMTC_FEATURE_##name = number,
#include <imtc/features.def>
#undef IMTC_FEATURE
	IMTC_FEATURE_MAX = 16,
};

/*
 * Service groups, as policies name them: @public, @corporate, @federated. What
 * is in @sharing is no IM, but stands beside it in every enterprise policy.
 */
enum imtc_group {
	IMTC_GROUP_PUBLIC = 1,
	IMTC_GROUP_CORPORATE = 2,
	IMTC_GROUP_FEDERATED = 3,
	IMTC_GROUP_SHARING = 4,
};

/* How sure a label is, least first; a surer finding replaces one less sure. */
enum imtc_confidence {
	IMTC_CONFIDENCE_NONE = 0,
	IMTC_CONFIDENCE_ADDRESS = 1,
	IMTC_CONFIDENCE_PORT = 2,
	IMTC_CONFIDENCE_DNS = 3,
	IMTC_CONFIDENCE_NAME = 4,	/* SNI, ALPN, Host */
	IMTC_CONFIDENCE_PAYLOAD = 5,
};

/*
 * Encryption as far as the flow has shown. A service that begins in clear and
 * may still upgrade (XMPP, IRC) is PENDING until it either starts TLS or says
 * something else in clear; policies match only CLEAR and ENCRYPTED.
 */
enum imtc_encryption {
	IMTC_ENCRYPTION_UNKNOWN = 0,
	IMTC_ENCRYPTION_CLEAR = 1,
	IMTC_ENCRYPTION_PENDING = 2,
	IMTC_ENCRYPTION_ENCRYPTED = 3,
};

/* imtc_label.flags */
#define IMTC_LABEL_WATCH 0x01	/* later payload may change the label: show it */
#define IMTC_LABEL_DOMAIN 0x02	/* the view's domain field holds a name */
#define IMTC_LABEL_CREDENTIALS 0x04 /* a password crossed in clear */
/*
 * A hint's word, or that of a proxy's request: the flow has a verdict, and the
 * dissectors are asked on as if it had none. The data path's own, in no query.
 */
#define IMTC_LABEL_OPEN 0x08

struct imtc_label {
	u16 service;	/* enum imtc_service */
	u8 feature;	/* enum imtc_feature */
	u8 confidence;	/* enum imtc_confidence */
	u8 encryption;	/* enum imtc_encryption */
	u8 flags;	/* IMTC_LABEL_* */
	u16 reserved;	/* zero */
};
IMTC_STATIC_ASSERT(sizeof(struct imtc_label) == 8);

#endif /* IMTC_LABEL_H */
