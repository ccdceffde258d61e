// SPDX-License-Identifier: GPL-2.0-only
/*
 * Speaks to a user's message bus (sd-bus). Root may, as the bus lets it.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>

#include "desktop.h"

#define WAIT_US 1000000

static int open_bus(u32 uid, sd_bus **ret_bus)
{
	char address[64];
	sd_bus *bus = NULL;
	int err = sd_bus_new(&bus);

	/* Where systemd and its like have put it since 2014. */
	snprintf(address, sizeof(address), "unix:path=/run/user/%u/bus", uid);
	if (err >= 0)
		err = sd_bus_set_address(bus, address);
	if (err >= 0)
		err = sd_bus_set_bus_client(bus, 1);
	if (err >= 0)
		err = sd_bus_set_method_call_timeout(bus, WAIT_US);
	if (err >= 0)
		err = sd_bus_start(bus);
	if (err < 0) {
		sd_bus_unref(bus);
		return err;
	}
	*ret_bus = bus;
	return 0;
}

/* Servers may take a text for markup (the specification, "Markup"). */
static void escape(const char *from, char *to, size_t size)
{
	size_t used = 0;

	for (; *from; from++) {
		const char *as = *from == '<' ? "&lt;" : *from == '>' ? "&gt;" :
				 *from == '&' ? "&amp;" : NULL;
		size_t n = as ? strlen(as) : 1;

		if (used + n >= size)
			break;
		memcpy(to + used, as ? as : from, n);
		used += n;
	}
	to[used] = '\0';
}

int desktop_notify(u32 uid, const char *title, const char *text)
{
	sd_bus_message *call = NULL;
	char body[2048];
	sd_bus *bus;
	int err = open_bus(uid, &bus);

	if (err)
		return err;
	escape(text, body, sizeof(body));
	err = sd_bus_message_new_method_call(bus, &call, "org.freedesktop.Notifications",
					     "/org/freedesktop/Notifications",
					     "org.freedesktop.Notifications", "Notify");
	/* name, what it replaces, icon, title, text, actions, hints, its own time */
	if (err >= 0)
		err = sd_bus_message_append(call, "susssasa{sv}i", "imtc", 0, "network-error", title,
					    body, 0, 0, -1);
	if (err >= 0)
		err = sd_bus_call(bus, call, WAIT_US, NULL, NULL);
	sd_bus_message_unref(call);
	sd_bus_flush_close_unref(bus);
	return err < 0 ? err : 0;
}
