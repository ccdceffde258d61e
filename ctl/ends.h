/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The two ends of a flow in a JSON row ("client", "client_port", "server",
 * "server_port"), and as the columns of a table.
 */
#ifndef IMCTL_ENDS_H
#define IMCTL_ENDS_H

#include <json-c/json.h>
#include <stddef.h>

/* Addresses as in address.h, ports in host order. */
void ends_add(struct json_object *row, const void *client, unsigned int client_port,
	      const void *server, unsigned int server_port);

/* An out_format (out.h): "192.0.2.1:5222". The row is all that is read. */
void ends_format_client(struct json_object *row, struct json_object *value, char *text,
			size_t size);
void ends_format_server(struct json_object *row, struct json_object *value, char *text,
			size_t size);

#endif /* IMCTL_ENDS_H */
