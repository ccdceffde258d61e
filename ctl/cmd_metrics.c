// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl metrics: OpenMetrics text to stdout, to a file, or on a port.
 */
#include <errno.h>
#include <stdio.h>

#include "args.h"
#include "imctl.h"
#include "metrics.h"
#include "need.h"
#include "out.h"

static void say_listening(const char *address)
{
	if (!options.quiet)
		fprintf(stderr, "listening on http://%s/metrics\n", address);
}

static int serve(const char *address)
{
	int err = metrics_serve(address, say_listening);

	if (err == -EINVAL)
		return args_usage("--listen takes ADDR:PORT or [ADDR]:PORT in numbers, not \"%s\"",
				  address);
	return err ? say_failure(err) : EXIT_OK;
}

static int write_once(const char *file)
{
	struct openmetrics metrics;
	int err = metrics_gather(&metrics);

	if (err)
		return say_failure(err);
	if (file)
		err = metrics_write(&metrics, file);
	else
		fwrite(metrics.text, 1, metrics.bytes, stdout);
	openmetrics_free(&metrics);
	return err ? say_failure(err) : EXIT_OK;
}

static int run_metrics(int argc, char **argv)
{
	static const struct option words[] = {
		{ "output", required_argument, NULL, 'o' },
		{ "listen", required_argument, NULL, 'l' },
		{ 0 }
	};
	const char *file = NULL, *address = NULL;
	int option, status;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option == '?')
			return EXIT_USAGE;
		if (option == 'o')
			file = optarg;
		else
			address = optarg;
	}
	if (optind < argc)
		return args_usage("too many words: \"%s\" is not expected", argv[optind]);
	if (file && address)
		return args_usage("--output and --listen exclude each other");
	status = need_root();
	if (status)
		return status;
	return address ? serve(address) : write_once(file);
}

const struct command command_metrics = {
	.name = "metrics",
	.arguments = "[--output FILE | --listen ADDR:PORT]",
	.summary = "All numbers as OpenMetrics text.",
	.help =
		"Options:\n"
		"  --output FILE       to a file, in one step: for node_exporter's textfile\n"
		"                      collector give it a name that ends with .prom\n"
		"  --listen ADDR:PORT  answer GET /metrics until interrupted; IPv6 as [ADDR]:PORT\n"
		"\n"
		"Without an option the text goes to stdout. --json does not change it.\n",
	.run = run_metrics,
};
