/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Settings that the loader makes before the programs are loaded, and the bounds
 * of the data path. A branch that a setting excludes is gone after
 * verification.
 */
#ifndef IMTC_BPF_CONFIG_H
#define IMTC_BPF_CONFIG_H

/* imtc.ko is loaded and has the kfuncs: verdicts and the epoch are the module's. */
const volatile bool imtc_with_module;

/* Defaults; the loader may resize the maps. */
#define IMTC_FLOWS_DEFAULT 65536
#define IMTC_STREAMS_DEFAULT 2048
#define IMTC_CLIENTS_DEFAULT 8192
#define IMTC_NAMES_DEFAULT 16384
#define IMTC_FRAGMENTS_DEFAULT 4096
#define IMTC_CLAIMS_DEFAULT 8192
#define IMTC_LIMITS_DEFAULT 8192
#define IMTC_RATES_DEFAULT 4096
#define IMTC_COUNTED_DEFAULT 16384
#define IMTC_HELD_DEFAULT 1024
#define IMTC_ANSWERS_DEFAULT 1024
#define IMTC_SCRUBS_DEFAULT 8192
#define IMTC_ZONES_MAX 4096
#define IMTC_DOMAINS_DEFAULT 131072
#define IMTC_PREFIXES_MAX 16384
#define IMTC_HINTS_DEFAULT 65536
#define IMTC_EVENT_RING_BYTES (256 * 1024)

#define IMTC_VLAN_TAGS_MAX 2
/* IP packets inside IP packets; what is deeper is not looked at. */
#define IMTC_TUNNELS_MAX 2
#define IMTC_MPLS_LABELS_MAX 4
#define IMTC_GTPU_EXTENSIONS_MAX 4
/* More extension headers than RFC 8200 4.1 lets a sender use (each once, options twice). */
#define IMTC_EXTENSIONS_MAX 12
/* How long what an end has claimed counts: TeamSpeak's servers report every ten minutes. */
#define IMTC_CLAIM_NS (900ULL * 1000000000ULL)
/* A UDP flow that no dissector knows after so many datagrams is not IM. */
#define IMTC_UDP_PAYLOADS_MAX 8
/*
 * QUIC: datagrams until the client's hello must be whole; and how many are waited for
 * behind one that names no service, as it may be a decoy that never arrives.
 */
#define IMTC_QUIC_HELLO_PAYLOADS_MAX 256
#define IMTC_QUIC_PAYLOADS_MAX 16
/* Packets of a datagram, or of as many as a sender hands to the kernel at once. */
#define IMTC_QUIC_PACKETS_MAX 32
/*
 * Segments too far ahead of a hole before the hole is taken for lost to imtc (it
 * went another way). More than a sender may have in flight when it starts.
 */
#define IMTC_GAPS_MAX 64
/*
 * Layers and messages peeled off a direction, in four bits. So many, for SOCKS5 comes
 * in three parts, and the first WebSocket frames may say nothing.
 */
#define IMTC_PEELS_MAX 15
/* Bytes that one layer may have: a proxy's error page. */
#define IMTC_SKIP_MAX (1U << 20)
/* Times that a packet's bytes are shown, each with less of them. */
#define IMTC_TURNS_MAX 32
/* The parts of a packet that are shown one after another: as many as GSO makes. */
#define IMTC_PARTS_MAX 20
/* Turns to wait for the other CPU that works on the same direction of a flow. */
#define IMTC_STREAM_SPINS 1024

#endif /* IMTC_BPF_CONFIG_H */
