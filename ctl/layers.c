// SPDX-License-Identifier: GPL-2.0-only
/*
 * The words of layers; see layers.h.
 */
#include <imtc/layer.h>
#include <stddef.h>

#include "layers.h"

static const char *const layers[] = {
#define IMTC_LAYER(number, name, word, title) [number] = word,
#include <imtc/layers.def>
#undef IMTC_LAYER
};

struct json_object *layer_words(unsigned int via)
{
	struct json_object *words = json_object_new_array();

	for (size_t i = 0; i < sizeof(layers) / sizeof(layers[0]); i++)
		if (layers[i] && via >> i & 1)
			json_object_array_add(words, json_object_new_string(layers[i]));
	return words;
}
