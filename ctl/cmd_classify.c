// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl classify: the flows of capture files, and what they are.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "classify/capture.h"
#include "classify/engine.h"
#include "classify/rows.h"
#include "diag.h"
#include "imctl.h"
#include "json.h"
#include "need.h"
#include "out.h"
#include "progress.h"
#include "signature.h"

/* Packets between two looks at the clock for the progress. */
#define PROGRESS_PACKETS 4096

struct request {
	const char *signatures;	/* folder, NULL: the usual ones */
	bool explain;
	bool im;		/* only flows found to be IM */
	struct json_object *rows;	/* for the table; NULL: printed as they come */
};

static void on_flow(const struct engine_flow *flow, void *context)
{
	struct request *request = context;
	struct json_object *row;

	if (request->im && !flow->label.service)
		return;
	row = row_of_flow(flow, request->explain);
	if (request->rows) {
		json_object_array_add(request->rows, row);
		return;
	}
	out_event(row, NULL);
	json_object_put(row);
}

static void show_progress(const char *path, struct capture *capture, bool ends)
{
	const char *slash = strrchr(path, '/');
	unsigned long done, total;

	capture_progress(capture, &done, &total);
	if (total)
		progress_show(slash ? slash + 1 : path, ends ? total : done, total);
}

static void run_packets(const char *path, struct capture *capture)
{
	struct capture_packet packet;
	unsigned long count = 0;
	int got;

	while ((got = capture_next(capture, &packet)) == 1) {
		engine_frame(packet.data, packet.len, packet.time_ns);
		if (++count % PROGRESS_PACKETS == 0)
			show_progress(path, capture, false);
	}
	show_progress(path, capture, true);
	if (got < 0)
		out_warning("%s: the rest cannot be read: %s", path, capture_sentence(capture));
	if (!capture_link_is_known(capture))
		out_warning("%s: frames of link type %s are not read", path,
			    capture_link_name(capture));
}

static int run_file(const char *path, struct request *request, const struct signatures *s)
{
	struct engine_setup setup = { .signatures = s, .report = on_flow, .context = request };
	char sentence[320];
	struct capture *capture = capture_open(path, sentence, sizeof(sentence));
	int err;

	if (!capture) {
		out_error("%s: %s", path, sentence);
		return EXIT_REFUSED;
	}
	err = engine_start(&setup);
	if (err)
		out_error("the signatures cannot be taken: %s", strerror(-err));
	else
		run_packets(path, capture);
	engine_end();
	capture_close(capture);
	return err ? EXIT_REFUSED : EXIT_OK;
}

static struct signatures *read_signatures(const char *folder, int *ret_status)
{
	struct diag *diag = diag_new();
	struct signatures *s = diag ? signatures_read(signature_folders(folder), diag) : NULL;

	*ret_status = diag ? say_diag(diag) : EXIT_REFUSED;
	diag_free(diag);
	if (!s && !*ret_status) {
		out_error("no memory");
		*ret_status = EXIT_REFUSED;
	}
	return s;
}

static bool take_options(int argc, char **argv, struct request *request)
{
	static const struct option words[] = {
		{ "signatures", required_argument, NULL, 's' },
		{ "explain", no_argument, NULL, 'e' },
		{ "im", no_argument, NULL, 'i' },
		{ 0 }
	};
	int option;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option == 's')
			request->signatures = optarg;
		else if (option == 'e')
			request->explain = true;
		else if (option == 'i')
			request->im = true;
		else
			return false;
	}
	return true;
}

static int run_classify(int argc, char **argv)
{
	struct request request = { 0 };
	struct signatures *s;
	int status, worst = EXIT_OK;

	if (!take_options(argc, argv, &request))
		return EXIT_USAGE;
	if (optind == argc)
		return args_usage("a capture file is missing");
	s = read_signatures(request.signatures, &status);
	if (!s)
		return status;
	if (!options.json)
		request.rows = json_object_new_array();
	for (int i = optind; i < argc; i++) {
		status = run_file(argv[i], &request, s);
		if (status > worst)
			worst = status;
	}
	if (request.rows)
		rows_show(request.rows, request.explain);
	json_object_put(request.rows);
	signatures_free(s);
	return worst;
}

const struct command command_classify = {
	.name = "classify",
	.arguments = "FILE...",
	.summary = "The flows of capture files, and what each is.",
	.help =
		"Reads pcap and pcapng files (\"-\": the standard input) with the same source that\n"
		"the programs are made of. Needs no root, and nothing that is loaded. With --json\n"
		"one object a line for each flow; \"service\" is null where it is not IM.\n"
		"\n"
		"Options:\n"
		"  --im              only flows that were found to be something\n"
		"  --explain         say what told each label, and where\n"
		"  --signatures DIR  signature files from here alone\n",
	.run = run_classify,
};
