// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy load: to the module, or to the BPF programs where there is none.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "cmd_policy.h"
#include "history.h"
#include "imctl.h"
#include "loader.h"
#include "nl.h"
#include "out.h"
#include "policy_tags.h"
#include "signing.h"

/* --- load ------------------------------------------------------------------- */

/* Every rule that this host cannot keep, and why. */
static int refuse_module_rules(struct policy_load *load)
{
	const struct policy *policy = load->policy;
	const char *why = load->bpf_only ? "--bpf-only leaves the module out"
					 : "the module imtc.ko is not loaded";

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		struct diag_at at = { .file = rule->file, .line = rule->line };

		if (rule->needs_module)
			diag_message(load->diag, DIAG_ERROR, &at,
				     "rule \"%s\" needs imtc.ko: %s", rule->name, rule->needs_module);
	}
	if (!diag_errors(load->diag))
		return EXIT_OK;
	policy_report(load->diag, load->file, NULL);
	out_error("%s: nothing was changed", why);
	return EXIT_UNSUPPORTED;
}

/* The kernel's sentence under the rule that it is about. */
static int refuse_by_module(struct policy_load *load, int error)
{
	unsigned int number = nl_refused_rule(load->nl);
	const char *sentence = nl_sentence(load->nl);
	const struct policy_rule *rule;
	struct diag_at at;

	if (!number || number > load->policy->rule_count)
		return policy_say_module(load->nl, "load the policy", error);
	rule = &load->policy->rules[number - 1];
	at = (struct diag_at){ .file = rule->file, .line = rule->line };
	diag_message(load->diag, DIAG_SYSTEM, &at, "the module refuses rule \"%s\": %s", rule->name,
		     sentence[0] ? sentence : strerror(-error));
	return policy_fail(load->diag, load->file);
}

static int load_into_module(struct policy_load *load)
{
	int error = nl_policy_load(load->nl, load->policy, &load->epoch);

	if (error)
		return refuse_by_module(load, error);
	/* Programs act on it themselves, as it is for when the module is not asked. */
	error = loader_set_on_failure(load->policy->on_failure);
	if (error && error != -ENOENT)
		out_warning("the policy runs, but its on_failure could not be set: %s",
			    loader_sentence());
	return EXIT_OK;
}

static int load_into_bpf(struct policy_load *load)
{
	int error = load->bpf_only ? loader_load(ENGINE_BPF, NULL) : 0;

	if (!error)
		error = bpf_policy_load(load->policy, &load->epoch);
	return error ? policy_say_bpf("load the policy", error) : EXIT_OK;
}

/* What would make a policy that is loaded not matter. */
static unsigned long warn_unattached(const struct policy_load *load)
{
	struct json_object *list = NULL;
	unsigned long count = 0;

	if (!loader_attachments(&list))
		count = json_object_array_length(list);
	json_object_put(list);
	if (!count)
		out_warning("nothing is attached: no traffic is judged until \"imctl attach DEV\"");
	else if (load->nl && !loader_with_module())
		out_warning("the attached programs were loaded without the module and keep to "
			    "their own policy: \"imctl attach DEV\" makes them ask imtc.ko");
	return count;
}

/* What a load or a dry run says of the policy itself. */
static struct json_object *load_record(const struct policy_load *load, bool print)
{
	struct json_object *object = policy_summary(load->policy, print);
	struct json_object *found = diag_json(load->diag, load->file);

	policy_add_text(object, "engine", load->nl ? "module" : "bpf");
	json_object_object_add(object, "warnings",
			       json_object_get(policy_member(found, "warnings")));
	json_object_put(found);
	return object;
}

static void say_loaded(const struct policy_load *load)
{
	const struct policy *policy = load->policy;
	struct json_object *object = load_record(load, false);

	policy_add_number(object, "epoch", load->epoch);
	policy_add_number(object, "attached", warn_unattached(load));
	out_done(object, "policy \"%s\": %zu rule%s (%zu compiled), epoch %u, judged by %s",
		 policy->name, policy->rule_count, policy_plural(policy->rule_count),
		 policy->compiled_count, load->epoch,
		 load->nl ? "imtc.ko" : "the BPF programs alone");
	json_object_put(object);
}

static int say_dry(const struct policy_load *load)
{
	const struct policy *policy = load->policy;
	struct json_object *object = load_record(load, true);

	if (options.json)
		out_record(object, NULL, 0);
	else
		policy_print(stdout, policy);
	if (!options.json)
		printf("would be judged by %s; nothing was changed\n",
		       load->nl ? "imtc.ko" : "the BPF programs alone");
	json_object_put(object);
	return EXIT_OK;
}

/* --- the history -------------------------------------------------------------- */

/* As a record of the history says it. */
static struct json_object *history_record_of(const struct policy_load *load)
{
	struct json_object *record = history_record(), *tags;
	char *path = load->kept ? NULL : realpath(load->file, NULL);
	char digest[65];

	history_hex(load->policy->digest, digest);
	policy_add_text(record, "action", load->kept ? "rollback" : "load");
	if (load->kept)
		policy_add_number(record, "of", load->of);
	policy_add_text(record, "policy", load->policy->name);
	policy_add_text(record, "digest", digest);
	policy_add_text(record, "file", path ? path : load->file);
	policy_add_text(record, "engine", load->nl ? "module" : "bpf");
	policy_add_number(record, "rules", load->policy->rule_count);
	if (load->policy->contact[0])
		policy_add_text(record, "contact", load->policy->contact);
	tags = tags_of_policy(load->policy);
	if (tags)
		json_object_object_add(record, "tags", tags);
	if (load->signer)
		policy_add_text(record, "signed_by", load->signer);
	free(path);
	return record;
}

static int load_and_keep(struct policy_load *load)
{
	struct policy_keep keep = { .dir = load->state_dir, .nl = load->nl };
	int status;

	if (load->is_restore)
		return load->nl ? load_into_module(load) : load_into_bpf(load);
	policy_keep_begin(&keep, history_record_of(load), &load->text);
	status = load->nl ? load_into_module(load) : load_into_bpf(load);
	policy_keep_end(&keep, !status);
	return status;
}

/* --- the whole ------------------------------------------------------------------ */

/* NULL in nl where there is no module, or it is to be left out. */
static int find_engine(struct policy_load *load)
{
	int error = load->bpf_only ? -ENOENT : nl_session_open(&load->nl);

	if (!error || error == -ENOENT)
		return EXIT_OK;
	load->nl = NULL;
	out_error("cannot ask for the module: %s", strerror(-error));
	return EXIT_REFUSED;
}

static int load_checked(struct policy_load *load)
{
	unsigned int warnings;
	int status;

	if (!load->nl) {
		status = refuse_module_rules(load);
		if (status)
			return status;
	}
	if (!load->dry_run && !may_administer())
		return refuse_unprivileged("loading a policy");
	if (policy_find_devices(load->policy, true, load->diag)) {
		policy_fail(load->diag, load->file);
		return EXIT_REFUSED;
	}
	warnings = diag_warnings(load->diag);
	if (warnings && !options.json && !options.quiet)
		diag_print(load->diag, stderr);
	if (load->dry_run)
		return say_dry(load);
	status = load_and_keep(load);
	if (!status)
		say_loaded(load);
	return status;
}

/* The text is what was read and is loaded: the file may change meanwhile. */
static int ask_signature(struct policy_load *load)
{
	struct history_text *text = &load->text;
	int error = 0;

	text->text = load->policy->text;
	text->len = load->policy->text_len;
	if (load->kept && load->kept->signature) {
		text->signature = malloc(load->kept->signature_len + 1);
		if (text->signature)
			memcpy(text->signature, load->kept->signature, load->kept->signature_len);
		text->signature_len = load->kept->signature_len;
	} else if (!load->kept) {
		error = signing_read_beside(load->file, &text->signature, &text->signature_len);
	}
	if (error && error != -ENOENT)
		out_warning("cannot read %s.sig: %s", load->file, strerror(-error));
	return policy_ask_signature(load->file, text, &load->signer);
}

static int load_read(struct policy_load *load)
{
	int status;

	if (!load->policy)
		return policy_fail(load->diag, load->file);
	status = ask_signature(load);
	if (!status && !load->nl)
		status = find_engine(load);
	return status ? status : load_checked(load);
}

int policy_load(struct policy_load *load)
{
	int status;

	load->diag = diag_new();
	if (!load->diag) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	loader_set_verbose(options.verbose);
	load->policy = load->kept ? policy_read_bytes(load->file, load->kept->text,
						      load->kept->len, load->diag)
				  : policy_read(load->file, load->diag);
	status = load_read(load);
	free(load->text.signature);
	free(load->signer);
	policy_free(load->policy);
	diag_free(load->diag);
	return status;
}

int policy_run_load(int argc, char **argv)
{
	static const struct option words[] = {
		{ "dry-run", no_argument, NULL, 'n' },
		{ "bpf-only", no_argument, NULL, 'b' },
		{ "state-dir", required_argument, NULL, 's' },
		{ 0 },
	};
	struct policy_load load = { .state_dir = HISTORY_DIR };
	int letter, status;

	while ((letter = args_option(argc, argv, "n", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		load.dry_run |= letter == 'n';
		load.bpf_only |= letter == 'b';
		if (letter == 's')
			load.state_dir = optarg;
	}
	if (optind + 1 != argc)
		return args_usage("one policy file is expected");
	load.file = argv[optind];
	status = policy_load(&load);
	nl_session_close(load.nl);
	return status;
}
