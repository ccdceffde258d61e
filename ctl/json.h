/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Short forms of what json-c takes three words for.
 */
#ifndef IMCTL_JSON_H
#define IMCTL_JSON_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stdint.h>

static inline void json_add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, text ? json_object_new_string(text) : NULL);
}

static inline void json_add_number(struct json_object *object, const char *key, uint64_t number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

static inline void json_add_bool(struct json_object *object, const char *key, bool value)
{
	json_object_object_add(object, key, json_object_new_boolean(value));
}

/* NULL where there is none. The object keeps the reference. */
static inline struct json_object *json_member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

/* 0 where there is none. */
static inline uint64_t json_number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_member(object, key));
}

/* "" where there is none. */
static inline const char *json_text(struct json_object *object, const char *key)
{
	struct json_object *value = json_member(object, key);

	return value ? json_object_get_string(value) : "";
}

/* Those of the list whose "count" is not 0: what did not happen is not shown to people. */
static inline struct json_object *json_counted(struct json_object *list)
{
	struct json_object *some = json_object_new_array();

	for (size_t i = 0; i < json_object_array_length(list); i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (json_number(o, "count"))
			json_object_array_add(some, json_object_get(o));
	}
	return some;
}

#endif /* IMCTL_JSON_H */
