/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a flow's payload was found inside of: a set of bits, one a layer.
 */
#ifndef IMTC_LAYER_H
#define IMTC_LAYER_H

#include <imtc/types.h>

enum imtc_layer {
#define IMTC_LAYER(number, name, word, title) IMTC_LAYER_##name = 1 << number,
#include <imtc/layers.def>
#undef IMTC_LAYER
};

#endif /* IMTC_LAYER_H */
