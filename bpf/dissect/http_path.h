/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Paths of HTTP requests that are a service's on any host: those of Matrix
 * (Client-Server API), of Mattermost's event socket, of WeChat's mmtls over HTTP.
 */
#ifndef IMTC_DISSECT_HTTP_PATH_H
#define IMTC_DISSECT_HTTP_PATH_H

#include "http_walk.h"

/* What the path at i is of, as an IMTC_WORD of a service. */
IMTC_GLOBAL int imtc_http_path(struct imtc_view *v, u32 i)
{
	int best = IMTC_NO;

	if (!v)
		return IMTC_NO;
	best = IMTC_TRY(imtc_match, v, i, "/_matrix/client/", IMTC_SERVICE_MATRIX, best);
	best = IMTC_TRY(imtc_match, v, i, "/_matrix/federation/", IMTC_SERVICE_MATRIX, best);
	best = IMTC_TRY(imtc_match, v, i, "/_matrix/media/", IMTC_SERVICE_MATRIX, best);
	best = IMTC_TRY(imtc_match, v, i, "/api/v4/websocket", IMTC_SERVICE_MATTERMOST, best);
	best = IMTC_TRY(imtc_match, v, i, "/mmtls/", IMTC_SERVICE_WECHAT, best);
	return best;
}

/* A walked request's path, and what has to go with it. */
static __always_inline u16 http_path_service(struct imtc_view *v, const struct http_walk *w,
					     u32 target)
{
	int word = imtc_http_path(v, target);

	if (imtc_word_answer(word) != IMTC_MATCH)
		return IMTC_SERVICE_NONE;
	switch (imtc_word_meaning(word)) {
	case IMTC_SERVICE_MATRIX:
		return IMTC_SERVICE_MATRIX;
	case IMTC_SERVICE_MATTERMOST:
		return imtc_has_nocase(v, w->at[HTTP_UPGRADE_AT], "websocket") ?
		       IMTC_SERVICE_MATTERMOST : IMTC_SERVICE_NONE;
	case IMTC_SERVICE_WECHAT:
		return imtc_has_nocase(v, w->at[HTTP_UPGRADE_AT], "mmtls") ?
		       IMTC_SERVICE_WECHAT : IMTC_SERVICE_NONE;
	}
	return IMTC_SERVICE_NONE;
}

static __always_inline int http_path(struct imtc_view *v, const struct http_walk *w, u32 target)
{
	u16 service = http_path_service(v, w, target);
	u8 encryption = IMTC_ENCRYPTION_CLEAR, feature = IMTC_FEATURE_CHAT;

	if (service == IMTC_SERVICE_NONE)
		return IMTC_NO;
	if (service == IMTC_SERVICE_WECHAT)
		encryption = IMTC_ENCRYPTION_ENCRYPTED;
	else if (imtc_has(v, target, "/_matrix/media/"))
		feature = IMTC_FEATURE_FILE;
	v->layer = IMTC_LAYER_HTTP;
	imtc_label_set(v, service, feature, encryption, 0);
	return IMTC_MATCH;
}

#endif /* IMTC_DISSECT_HTTP_PATH_H */
