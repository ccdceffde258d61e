/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Flows that were classified, as JSON objects and as a table.
 */
#ifndef IMCTL_CLASSIFY_ROWS_H
#define IMCTL_CLASSIFY_ROWS_H

#include <stdbool.h>
#include <json-c/json.h>

struct engine_flow;

/* One flow; with its clue as "explain" where that is asked for. */
struct json_object *row_of_flow(const struct engine_flow *flow, bool explain);
/* An array of such, in the order of their first packets. */
void rows_show(struct json_object *rows, bool explain);

#endif /* IMCTL_CLASSIFY_ROWS_H */
