/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Prints the services that the first payload of a flow names, one line each: those
 * whose vectors, shown whole as one packet of a new flow, are a match.
 */
#include <stdio.h>
#include <string.h>

#include "dissect/dissect.h"
#include "vectors/dissect_all.h"

#define COUNT_SERVICES 128

static struct imtc_view view;
static unsigned int counts[COUNT_SERVICES];

static const char *service_word(u16 service)
{
	switch (service) {
#define IMTC_SERVICE(number, name, word, title, group) case number: return word;
#include <imtc/services.def>
#undef IMTC_SERVICE
	}
	return NULL;
}

static void show(const struct dissect_vector *d)
{
	if (d->before.service || d->middle || d->answer != IMTC_MATCH || d->len > sizeof(view.data))
		return;
	memset(&view, 0, sizeof(view));
	view.candidates = IMTC_CANDIDATES_ALL;
	view.l4 = d->l4 ? d->l4 : IMTC_L4_TCP;
	view.direction = d->direction;
	view.complete = view.l4 == IMTC_L4_UDP;
	view.len = d->len;
	memcpy(view.data, d->bytes, d->len);
	if (imtc_dissect(&view) == IMTC_MATCH && view.label.service < COUNT_SERVICES)
		counts[view.label.service]++;
}

int main(void)
{
	for (size_t l = 0; l < COUNT_OF(dissect_lists); l++)
		for (u32 i = 0; i < dissect_lists[l].count; i++)
			show(&dissect_lists[l].vectors[i]);
	for (u16 s = 1; s < COUNT_SERVICES; s++)
		if (counts[s] && service_word(s))
			printf("%s\t%u\n", service_word(s), counts[s]);
	return 0;
}
