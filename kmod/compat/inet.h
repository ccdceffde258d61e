/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Looking up TCP sockets. The table is an argument until 6.17; from 6.18 on the
 * functions take it from the namespace, which has named it since 6.0.
 */
#ifndef IMTC_COMPAT_INET_H
#define IMTC_COMPAT_INET_H

#include <linux/version.h>
#include <net/inet_hashtables.h>
#include <net/inet6_hashtables.h>
#include <net/net_namespace.h>
#include <net/tcp.h>

#if LINUX_VERSION_CODE >= KERNEL_VERSION(6, 18, 0)
#define IMTC_TCP_TABLE(net)
#else
#define IMTC_TCP_TABLE(net) (net)->ipv4.tcp_death_row.hashinfo,
#endif

#endif /* IMTC_COMPAT_INET_H */
