/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The dissectors in BPF against the same source built for the host: all vectors,
 * cut and mutated, must give the same answer, label, name and candidates.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "dissect/dissect.h"
#include "dissect_ask.skel.h"
#include "vectors/dissect_all.h"
#include "vectors/hello.h"

#define MUTATIONS 100000
#define SHOWN 10	/* differences told in full */

struct dissector_ask {
	struct imtc_view view;
	u32 answer;
	u32 reserved;
};

static struct dissector_ask *ask;	/* the map's one value */
static struct imtc_view host;
static int program_fd;
static int shown;
/* IMTC_SEED says another; a difference says which it was. */
static u64 seed = 28081999, random_state;

static int run_bpf(void)
{
	char packet[64] = { 0 };
	LIBBPF_OPTS(bpf_test_run_opts, opts, .data_in = packet, .data_size_in = sizeof(packet));
	int err = bpf_prog_test_run_opts(program_fd, &opts);

	return err ? err : opts.retval == 2 ? 0 : -EIO;
}

/* Asks both about host.data; true where they agree in all they say. */
static int agree(void)
{
	size_t head = offsetof(struct imtc_view, scratch);
	int answer;

	memcpy(&ask->view, &host, sizeof(host));
	answer = imtc_dissect(&host);
	if (run_bpf())
		return 0;
	if ((int)ask->answer == answer && !memcmp(&ask->view, &host, head))
		return 1;
	if (shown++ < SHOWN) {
		printf("# IMTC_SEED=%llu: host %d, bpf %u, %u bytes:", (unsigned long long)seed,
		       answer, ask->answer, host.len);
		for (u32 i = 0; i < host.len && i < 24; i++)
			printf(" %02x", host.data[i]);
		printf("\n");
	}
	return 0;
}

static void set(const struct dissect_vector *d, u32 n)
{
	memset(&host, 0, sizeof(host));
	host.candidates = IMTC_CANDIDATES_ALL;
	host.l4 = d->l4 ? d->l4 : IMTC_L4_TCP;
	host.direction = d->direction;
	host.middle = d->middle;
	host.via = d->via;
	host.complete = host.l4 == IMTC_L4_UDP;
	host.label = d->before;
	host.len = n;
	memcpy(host.data, d->bytes, n);
}

static u32 random_next(u32 below)
{
	random_state = random_state * 6364136223846793005ULL + 1442695040888963407ULL;
	return (u32)(random_state >> 33) % below;
}

/* A few bytes changed, cut somewhere, perhaps the last there will be. */
static void mutate(void)
{
	for (u32 k = random_next(4); k; k--)
		host.data[random_next(host.len)] = random_next(2) ? (u8)random_next(256) :
								    host.data[random_next(host.len)];
	if (random_next(4) == 0)
		host.len = 1 + random_next(host.len);
	if (random_next(4) == 0)
		host.complete = 1;
	if (random_next(8) == 0)
		host.middle = 1;
	if (random_next(8) == 0)
		host.direction ^= 1;
}

static u32 vectors_differ(void)
{
	u32 differ = 0;

	for (u32 l = 0; l < COUNT_OF(dissect_lists); l++) {
		const struct dissect_list *list = &dissect_lists[l];

		for (u32 i = 0; i < list->count; i++) {
			for (u32 n = 0; n <= list->vectors[i].len; n++) {
				set(&list->vectors[i], n);
				differ += !agree();
			}
		}
	}
	return differ;
}

static u32 mutated_differ(void)
{
	u32 differ = 0;

	for (u32 i = 0; i < MUTATIONS; i++) {
		const struct dissect_list *list =
			&dissect_lists[random_next(COUNT_OF(dissect_lists))];
		const struct dissect_vector *d = &list->vectors[random_next(list->count)];

		set(d, d->len);
		mutate();
		differ += !agree();
	}
	return differ;
}

/* Hellos in records of every size, some of them mutated. */
static u32 hellos_differ(void)
{
	static u8 bytes[HELLO_BYTES];
	struct hello h = { .name = "chat.example.org", .session_len = 32,
			   .alpn = { "h2", "xmpp-client" }, .after = 900 };
	struct dissect_vector d = { .bytes = (const char *)bytes };
	u32 differ = 0;

	for (h.record = 1; h.record < 200; h.record++) {
		d.len = hello_build(&h, bytes);
		if (d.len > IMTC_VIEW_BYTES)
			d.len = IMTC_VIEW_BYTES;
		set(&d, d.len);
		differ += !agree();
		for (u32 i = 0; i < 20; i++) {
			set(&d, d.len);
			mutate();
			differ += !agree();
		}
	}
	return differ;
}

static int results, failures;

static void result(int good, const char *name)
{
	failures += !good;
	printf("%sok %d - %s\n", good ? "" : "not ", ++results, name);
}

static int open_program(struct imtc_dissect_ask **ret)
{
	struct imtc_dissect_ask *skel = imtc_dissect_ask__open_and_load();

	if (!skel)
		return -errno;
	program_fd = bpf_program__fd(skel->progs.dissector);
	ask = mmap(NULL, sizeof(*ask), PROT_READ | PROT_WRITE, MAP_SHARED,
		   bpf_map__fd(skel->maps.asks), 0);
	*ret = skel;
	return ask == MAP_FAILED ? -errno : 0;
}

int main(void)
{
	struct imtc_dissect_ask *skel = NULL;
	const char *wanted = getenv("IMTC_SEED");
	int err;

	random_state = seed = wanted ? strtoull(wanted, NULL, 10) : seed;
	if (geteuid() != 0) {
		printf("1..0 # SKIP needs root\n");
		return 0;
	}
	err = open_program(&skel);
	result(!err, "the verifier accepts the dissectors");
	if (!err) {
		result(vectors_differ() == 0, "all vectors, cut at every byte: as on the host");
		result(mutated_differ() == 0, "100,000 mutated vectors: as on the host");
		result(hellos_differ() == 0, "ClientHellos in records of every size: as on the host");
	}
	printf("1..%d\n", results);
	imtc_dissect_ask__destroy(skel);
	return failures != 0;
}
