// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two ends of a flow; see ends.h.
 */
#include "address.h"
#include "ends.h"
#include "json.h"

void ends_add(struct json_object *row, const void *client, unsigned int client_port,
	      const void *server, unsigned int server_port)
{
	char text[ADDRESS_BYTES];

	address_text(client, text);
	json_add_text(row, "client", text);
	json_add_number(row, "client_port", client_port);
	address_text(server, text);
	json_add_text(row, "server", text);
	json_add_number(row, "server_port", server_port);
}

void ends_format_client(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	(void)value;
	address_port_text(json_text(row, "client"),
			  (unsigned int)json_number(row, "client_port"), text, size);
}

void ends_format_server(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	(void)value;
	address_port_text(json_text(row, "server"),
			  (unsigned int)json_number(row, "server_port"), text, size);
}
