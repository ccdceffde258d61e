// SPDX-License-Identifier: GPL-2.0-only
/*
 * GET /metrics by libmicrohttpd. One thread, gathered anew for each request.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netdb.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "loader.h"
#include "metrics.h"
#include "sentence.h"

/* A scraper or two; what is beyond waits in the kernel's queue. */
#define CONNECTIONS_MAX 16
#define CONNECTION_SECONDS 10

static enum MHD_Result answer(struct MHD_Connection *connection, unsigned int code,
			      const char *type, const char *text, size_t bytes)
{
	struct MHD_Response *response =
		MHD_create_response_from_buffer(bytes, (void *)text, MHD_RESPMEM_MUST_COPY);
	enum MHD_Result result;

	if (!response)
		return MHD_NO;
	MHD_add_response_header(response, MHD_HTTP_HEADER_CONTENT_TYPE, type);
	if (code == MHD_HTTP_METHOD_NOT_ALLOWED)
		MHD_add_response_header(response, MHD_HTTP_HEADER_ALLOW, "GET, HEAD");
	result = MHD_queue_response(connection, code, response);
	MHD_destroy_response(response);
	return result;
}

static enum MHD_Result answer_text(struct MHD_Connection *connection, unsigned int code,
				   const char *text)
{
	return answer(connection, code, "text/plain; charset=utf-8", text, strlen(text));
}

static enum MHD_Result answer_metrics(struct MHD_Connection *connection)
{
	struct openmetrics metrics;
	enum MHD_Result result;

	if (metrics_gather(&metrics))
		return answer_text(connection, MHD_HTTP_INTERNAL_SERVER_ERROR,
				   "the metrics cannot be gathered\n");
	result = answer(connection, MHD_HTTP_OK, OPENMETRICS_TYPE, metrics.text, metrics.bytes);
	openmetrics_free(&metrics);
	return result;
}

static enum MHD_Result on_request(void *data, struct MHD_Connection *connection,
				  const char *url, const char *method, const char *version,
				  const char *upload, size_t *upload_bytes, void **state)
{
	static int seen;

	(void)data;
	(void)version;
	(void)upload;
	/* The first call has the header alone; a body, if there is one, is thrown away. */
	if (!*state) {
		*state = &seen;
		return MHD_YES;
	}
	if (*upload_bytes) {
		*upload_bytes = 0;
		return MHD_YES;
	}
	if (strcmp(url, "/metrics"))
		return answer_text(connection, MHD_HTTP_NOT_FOUND, "see /metrics\n");
	if (strcmp(method, MHD_HTTP_METHOD_GET) && strcmp(method, MHD_HTTP_METHOD_HEAD))
		return answer_text(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "GET alone\n");
	return answer_metrics(connection);
}

/* "127.0.0.1:9750", "[::1]:9750"; numbers alone. */
static int parse_address(const char *text, struct sockaddr_storage *ret_address)
{
	const struct addrinfo hints = {
		.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
		.ai_socktype = SOCK_STREAM,
	};
	const char *colon = strrchr(text, ':');
	struct addrinfo *found;
	char host[128];
	size_t n = colon ? (size_t)(colon - text) : 0;
	bool bracketed = n >= 2 && text[0] == '[' && text[n - 1] == ']';

	if (!n || !colon[1] || n >= sizeof(host))
		return -EINVAL;
	/* Without brackets the last colon of an IPv6 address is no port's. */
	if (!bracketed && memchr(text, ':', n))
		return -EINVAL;
	memcpy(host, text + bracketed, n - 2 * bracketed);
	host[n - 2 * bracketed] = '\0';
	if (getaddrinfo(host, colon + 1, &hints, &found))
		return -EINVAL;
	memset(ret_address, 0, sizeof(*ret_address));
	memcpy(ret_address, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
	return 0;
}

int metrics_serve(const char *address, void (*ready)(const char *address))
{
	struct sockaddr_storage where;
	struct MHD_Daemon *daemon;
	unsigned int flags = MHD_USE_INTERNAL_POLLING_THREAD;
	sigset_t ends;
	int signal;

	if (parse_address(address, &where))
		return fail(-EINVAL, "\"%s\" is no address and port", address);
	if (where.ss_family == AF_INET6)
		flags |= MHD_USE_IPv6;
	/* Before the thread is there: signals are for this one alone. */
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigprocmask(SIG_BLOCK, &ends, NULL);
	errno = 0;
	daemon = MHD_start_daemon(flags, 0, NULL, NULL, on_request, NULL,
				  MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&where,
				  MHD_OPTION_CONNECTION_LIMIT, (unsigned int)CONNECTIONS_MAX,
				  MHD_OPTION_CONNECTION_TIMEOUT,
				  (unsigned int)CONNECTION_SECONDS, MHD_OPTION_END);
	if (!daemon)
		return fail(errno ? -errno : -EADDRINUSE, "cannot listen on %s", address);
	ready(address);
	sigwait(&ends, &signal);
	MHD_stop_daemon(daemon);
	return 0;
}
