// SPDX-License-Identifier: GPL-2.0-only
/*
 * The data path: one object, so that all programs share the maps. Stages in the
 * order a packet meets them; the hooks come last.
 */
#include <linux/bpf.h>
#include <linux/errno.h>
#include <stdbool.h>
#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "compat.bpf.h"
#include "config.h"
#include "packet.h"
#include "maps.h"
#include "count.h"
#include "ident.h"
#include "fast.h"
#include "parse.h"
#include "stream.h"
#include "flow.h"
#include "classify.h"
#include "verdict.h"
#include "act.h"
#include "limit.h"
#include "slow.h"
#include "stages.h"
#include "xdp.h"
#include "tc.h"

char LICENSE[] SEC("license") = "GPL";
