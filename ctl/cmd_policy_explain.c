// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy explain: what a policy says of a flow, and why. The flow is one of
 * the table, one that is described, or those of a capture.
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "classify/capture.h"
#include "classify/engine.h"
#include "cmd_policy.h"
#include "ends.h"
#include "explain.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "signature.h"

struct asked {
	const char *policy_file;	/* NULL: the policy that runs */
	const char *capture;		/* NULL: none */
	const char *state_dir;
	bool is_flow;			/* one of the table, named by words */
	char **words;			/* what is left of the command line */
	int word_count;
	struct diag *diag;
	struct policy *policy;
	struct imtc_nl *nl;
	struct flow_case flow;
	size_t found;			/* flows explained */
};

/* --- the policy ---------------------------------------------------------------------- */

/* As the history kept it: the kernel has no files and lines. */
static int read_running(struct asked *asked)
{
	struct json_object *records = NULL, *record;
	struct history_text text;
	char digest[65];
	int error;

	policy_running_digest(asked->nl, digest);
	if (!digest[0]) {
		out_error("no policy is loaded: give --policy FILE");
		return EXIT_REFUSED;
	}
	error = history_list(asked->state_dir, &records);
	if (!error)
		error = history_find(records, digest, &record);
	if (!error)
		error = history_read(asked->state_dir, record, &text);
	if (error) {
		out_error("the history in %s does not have the policy that runs: give --policy "
			  "FILE", asked->state_dir);
		json_object_put(records);
		return EXIT_REFUSED;
	}
	asked->policy = policy_read_bytes(json_text(record, "file"), text.text, text.len,
					  asked->diag);
	history_text_free(&text);
	json_object_put(records);
	return asked->policy ? EXIT_OK : policy_fail(asked->diag, "the policy that runs");
}

static int read_policy(struct asked *asked)
{
	if (!asked->policy_file)
		return read_running(asked);
	asked->policy = policy_read(asked->policy_file, asked->diag);
	return asked->policy ? EXIT_OK : policy_fail(asked->diag, asked->policy_file);
}

static void say(struct asked *asked, const struct flow_case *flow)
{
	struct json_object *answer = explain(asked->policy, flow);

	if (options.json)
		out_event(answer, NULL);
	else
		explain_print(answer);
	asked->found++;
	json_object_put(answer);
}

/* --- a flow that is described ------------------------------------------------------------ */

static int take_words(struct asked *asked, struct flow_case *flow)
{
	struct value_error error = { 0 };

	for (int i = 0; i < asked->word_count; i++) {
		char key[32];
		const char *word = asked->words[i], *equals = strchr(word, '=');

		if (!equals)
			continue;
		snprintf(key, sizeof(key), "%.*s", (int)(equals - word), word);
		if (flow_case_set(flow, key, equals + 1, &error))
			continue;
		return error.expected[0] ? args_usage("%s (%s)", error.message, error.expected)
					 : args_usage("%s", error.message);
	}
	return EXIT_OK;
}

static int explain_words(struct asked *asked)
{
	for (int i = 0; i < asked->word_count; i++)
		if (!strchr(asked->words[i], '='))
			return args_usage("\"%s\" is not KEY=VALUE", asked->words[i]);
	if (!asked->flow.facts.service)
		return args_usage("a flow needs a service: service=xmpp");
	say(asked, &asked->flow);
	return EXIT_OK;
}

/* --- a flow of the table -------------------------------------------------------------------- */

static bool has_words(struct asked *asked, struct json_object *flow)
{
	char client[96], server[96];
	const char *ends[3] = { json_text(flow, "l4"), client, server };
	int k = 0;

	ends_format_client(flow, NULL, client, sizeof(client));
	ends_format_server(flow, NULL, server, sizeof(server));
	for (int i = 0; i < asked->word_count; i++) {
		if (strchr(asked->words[i], '='))
			continue;
		/* The transport may be left out. */
		if (k == 0 && strcmp(asked->words[i], "tcp") && strcmp(asked->words[i], "udp"))
			k = 1;
		if (k > 2 || strcmp(asked->words[i], ends[k++]))
			return false;
	}
	return k == 3;
}

static void take_ancestors(struct flow_case *flow, struct json_object *under)
{
	for (size_t i = 0; i < json_object_array_length(under); i++)
		flow_case_add_ancestor(flow, json_object_get_string(
			json_object_array_get_idx(under, i)));
}

static void take_owner(struct asked *asked, struct flow_case *flow, uint64_t handle)
{
	struct json_object *processes = NULL, *process;
	struct imtc_owner *owner = &flow->owner;

	if (!handle || !asked->nl || nl_processes_get(asked->nl, &processes))
		return;
	for (size_t i = 0; i < json_object_array_length(processes); i++) {
		process = json_object_array_get_idx(processes, i);
		if (json_number(process, "handle") != handle)
			continue;
		flow->has_owner = true;
		if (json_member(process, "under"))
			take_ancestors(flow, json_member(process, "under"));
		owner->uid = (u32)json_number(process, "uid");
		owner->gid = (u32)json_number(process, "gid");
		snprintf(owner->exe, sizeof(owner->exe), "%s", json_text(process, "exe"));
		snprintf(owner->comm, sizeof(owner->comm), "%s", json_text(process, "comm"));
		snprintf(owner->cgroup, sizeof(owner->cgroup), "%s", json_text(process, "cgroup"));
	}
	json_object_put(processes);
}

static int explain_row(struct asked *asked, struct json_object *row)
{
	struct flow_case flow = asked->flow;
	bool is_in = !strcmp(json_text(row, "direction"), "in");
	struct value_error error = { 0 };

	flow.facts.service = (u16)service_number(json_text(row, "service"));
	flow.facts.feature = (u8)feature_number(json_text(row, "feature"));
	flow_case_set(&flow, "encrypted", json_text(row, "encryption"), &error);
	flow_case_set(&flow, "direction", is_in ? "in" : "out", &error);
	flow_case_set(&flow, "confidence", json_text(row, "confidence"), &error);
	flow_case_set(&flow, "local", json_text(row, is_in ? "server" : "client"), &error);
	flow_case_set(&flow, "remote", json_text(row, is_in ? "client" : "server"), &error);
	flow.facts.local_port = (u16)json_number(row, is_in ? "server_port" : "client_port");
	flow.facts.remote_port = (u16)json_number(row, is_in ? "client_port" : "server_port");
	if (json_object_get_boolean(json_member(row, "forward")))
		flow.facts.direction |= IMTC_DIRECTION_FORWARD;
	if (!if_indextoname((u32)json_number(row, "ifindex"), flow.device))
		flow.device[0] = '\0';
	if (json_member(row, "domain"))
		flow_case_set(&flow, "domain", json_text(row, "domain"), &error);
	take_owner(asked, &flow, json_number(row, "owner"));
	if (take_words(asked, &flow))
		return EXIT_USAGE;
	say(asked, &flow);
	return EXIT_OK;
}

static int explain_flow(struct asked *asked)
{
	struct json_object *flows, *row;
	int status = EXIT_OK;

	if (flows_get(&flows))
		return policy_say_bpf("read the flows", -ENOENT);
	for (size_t i = 0; i < json_object_array_length(flows) && !status; i++) {
		row = json_object_array_get_idx(flows, i);
		if (has_words(asked, row))
			status = explain_row(asked, row);
	}
	json_object_put(flows);
	if (status || asked->found)
		return status;
	out_error("there is no such flow; \"imctl flows\" shows them: [L4] CLIENT SERVER");
	return EXIT_REFUSED;
}

/* --- the flows of a capture ------------------------------------------------------------------ */

static void on_flow(const struct engine_flow *seen, void *context)
{
	struct asked *asked = context;
	struct flow_case flow = asked->flow;
	bool is_in = flow.facts.direction == IMTC_DIRECTION_IN;
	struct value_error error = { 0 };

	if (!seen->label.service)
		return;
	flow.facts.service = seen->label.service;
	flow.facts.feature = seen->label.feature;
	flow.facts.encryption = seen->label.encryption;
	flow.facts.confidence = seen->label.confidence;
	flow.facts.local_port = is_in ? seen->server_port : seen->client_port;
	flow.facts.remote_port = is_in ? seen->client_port : seen->server_port;
	memcpy(flow.facts.local, is_in ? seen->server : seen->client, 16);
	memcpy(flow.facts.remote, is_in ? seen->client : seen->server, 16);
	if (seen->domain[0])
		flow_case_set(&flow, "domain", seen->domain, &error);
	/* What was said on the command line holds against what was seen. */
	take_words(asked, &flow);
	if (asked->found && !options.json)
		putchar('\n');
	say(asked, &flow);
}

static int explain_capture(struct asked *asked)
{
	struct signatures *signatures = signatures_read(signature_folders(NULL), asked->diag);
	struct engine_setup setup = {
		.signatures = signatures, .report = on_flow, .context = asked,
	};
	struct capture_packet packet;
	char sentence[320];
	struct capture *capture = capture_open(asked->capture, sentence, sizeof(sentence));
	int error = capture ? engine_start(&setup) : -ENOENT;

	while (!error && capture_next(capture, &packet) == 1)
		engine_frame(packet.data, packet.len, packet.time_ns);
	if (!capture)
		out_error("%s: %s", asked->capture, sentence);
	else if (error)
		out_error("the signatures cannot be taken: %s", strerror(-error));
	if (capture)
		engine_end();
	capture_close(capture);
	signatures_free(signatures);
	return error ? EXIT_REFUSED : EXIT_OK;
}

/* --- the command ----------------------------------------------------------------------------- */

static int explain_asked(struct asked *asked)
{
	bool needs_kernel = !asked->policy_file || asked->is_flow;
	int status = needs_kernel ? policy_open_engine("explaining what runs", &asked->nl) : EXIT_OK;

	if (!status)
		status = read_policy(asked);
	if (status)
		return status;
	flow_case_start(&asked->flow);
	status = take_words(asked, &asked->flow);
	if (status)
		return status;
	if (asked->capture)
		return explain_capture(asked);
	return asked->is_flow ? explain_flow(asked) : explain_words(asked);
}

int policy_run_explain(int argc, char **argv)
{
	static const struct option words[] = {
		{ "policy", required_argument, NULL, 'p' },
		{ "state-dir", required_argument, NULL, 's' },
		{ "pcap", required_argument, NULL, 'c' },
		{ "flow", no_argument, NULL, 'f' },
		{ 0 },
	};
	struct asked asked = { .state_dir = HISTORY_DIR };
	int letter, status;

	while ((letter = args_option(argc, argv, "", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		if (letter == 'p')
			asked.policy_file = optarg;
		else if (letter == 's')
			asked.state_dir = optarg;
		else if (letter == 'c')
			asked.capture = optarg;
		else
			asked.is_flow = true;
	}
	if (asked.capture && asked.is_flow)
		return args_usage("--pcap and --flow are two questions");
	asked.words = argv + optind;
	asked.word_count = argc - optind;
	asked.diag = diag_new();
	if (!asked.diag)
		return EXIT_REFUSED;
	status = explain_asked(&asked);
	nl_session_close(asked.nl);
	policy_free(asked.policy);
	diag_free(asked.diag);
	return status;
}
