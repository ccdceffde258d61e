/* SPDX-License-Identifier: GPL-2.0-only */
/* The words of the layers that a flow's payload was found inside of. */
#ifndef IMCTL_LAYERS_H
#define IMCTL_LAYERS_H

#include <json-c/json.h>

/* A new array of words; `via` is a set of enum imtc_layer. */
struct json_object *layer_words(unsigned int via);

#endif /* IMCTL_LAYERS_H */
