// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy: check a policy file, load it, show what runs, flush it.
 */
#include <errno.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "args.h"
#include "diag.h"
#include "imctl.h"
#include "loader.h"
#include "names.h"
#include "nl.h"
#include "out.h"
#include "policy.h"

/* --- what is common --------------------------------------------------------- */

static const char *plural(unsigned long n)
{
	return n == 1 ? "" : "s";
}

static void add_text(struct json_object *object, const char *key, const char *text)
{
	json_object_object_add(object, key, json_object_new_string(text));
}

static void add_number(struct json_object *object, const char *key, unsigned long number)
{
	json_object_object_add(object, key, json_object_new_uint64(number));
}

/*
 * The effective CAP_NET_ADMIN: asked for before anything is begun, so that the
 * answer is the same for each command whatever it would fail at.
 */
static bool may_administer(void)
{
	struct __user_cap_header_struct header = { .version = _LINUX_CAPABILITY_VERSION_3 };
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = { { 0 } };

	if (syscall(SYS_capget, &header, data))
		return false;
	return data[CAP_TO_INDEX(CAP_NET_ADMIN)].effective & CAP_TO_MASK(CAP_NET_ADMIN);
}

static int refuse_unprivileged(const char *what)
{
	out_error("%s needs CAP_NET_ADMIN (run as root)", what);
	return EXIT_REFUSED;
}

/* What went wrong in the module, in its own words where it has any. */
static int say_module(const struct imtc_nl *nl, const char *what, int error)
{
	if (error == -EPERM)
		return refuse_unprivileged(what);
	if (nl_sentence(nl)[0])
		out_error("the module refuses to %s: %s", what, nl_sentence(nl));
	else
		out_error("the module refuses to %s: %s", what, strerror(-error));
	return EXIT_REFUSED;
}

static int say_bpf(const char *what, int error)
{
	if (error == -EPERM)
		return refuse_unprivileged(what);
	out_error("cannot %s: %s", what,
		  loader_sentence()[0] ? loader_sentence() : strerror(-error));
	return error == -EOPNOTSUPP ? EXIT_UNSUPPORTED : EXIT_REFUSED;
}

/* --- errors in the file ----------------------------------------------------- */

/* Everything that was found, on one stream; in JSON one document on stdout. */
static void report(struct diag *diag, const char *file, struct json_object *document)
{
	struct json_object *object;

	if (!options.json) {
		diag_print(diag, stderr);
		return;
	}
	object = diag_json(diag, file);
	if (document) {
		json_object_object_foreach(document, key, value)
			json_object_object_add(object, key, json_object_get(value));
	}
	out_record(object, NULL, 0);
	json_object_put(object);
}

/* Errors of one run, counted, after the last of them. */
static int fail_report(struct diag *diag, const char *file)
{
	unsigned int errors = diag_errors(diag), warnings = diag_warnings(diag);

	report(diag, file, NULL);
	if (!options.json && warnings)
		fprintf(stderr, "%s: %u error%s, %u warning%s\n", file, errors, plural(errors),
			warnings, plural(warnings));
	else if (!options.json)
		fprintf(stderr, "%s: %u error%s\n", file, errors, plural(errors));
	return diag_is_system(diag) ? EXIT_REFUSED : EXIT_POLICY;
}

/* --- check ------------------------------------------------------------------ */

static struct json_object *compiled_list(const struct policy *policy)
{
	struct json_object *list = json_object_new_array();

	for (size_t i = 0; i < policy->compiled_count; i++) {
		const struct imtc_rule *rule = &policy->compiled[i];

		json_object_array_add(list, policy_rule_json(rule, policy_proc(policy, rule),
							     policy->rules[rule->id - 1].name));
	}
	return list;
}

static struct json_object *summary(const struct policy *policy, bool print)
{
	struct json_object *object = json_object_new_object();

	add_text(object, "policy", policy->name);
	add_number(object, "rules", policy->rule_count);
	add_number(object, "compiled", policy->compiled_count);
	if (print)
		json_object_object_add(object, "compiled_rules", compiled_list(policy));
	return object;
}

static void say_fine(const struct policy *policy, const char *file, const struct diag *diag)
{
	unsigned int warnings = diag_warnings(diag);

	printf("%s: ok: policy \"%s\", %zu rule%s (%zu compiled)", file, policy->name,
	       policy->rule_count, plural(policy->rule_count), policy->compiled_count);
	if (warnings)
		printf(", %u warning%s", warnings, plural(warnings));
	putchar('\n');
}

static int check_file(const char *file, bool print, struct diag *diag)
{
	struct policy *policy = policy_read(file, diag);
	struct json_object *object;

	if (!policy)
		return fail_report(diag, file);
	policy_find_devices(policy, false, diag);
	object = summary(policy, print);
	report(diag, file, object);
	json_object_put(object);
	if (!options.json && print)
		policy_print(stdout, policy);
	if (!options.json && !options.quiet)
		say_fine(policy, file, diag);
	policy_free(policy);
	return EXIT_OK;
}

static int run_check(int argc, char **argv)
{
	static const struct option words[] = { { "print", no_argument, NULL, 'p' }, { 0 } };
	struct diag *diag;
	bool print = false;
	int letter, status;

	while ((letter = args_option(argc, argv, "", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		print = true;
	}
	if (optind + 1 != argc)
		return args_usage("one policy file is expected");
	diag = diag_new();
	if (!diag) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	status = check_file(argv[optind], print, diag);
	diag_free(diag);
	return status;
}

/* --- load ------------------------------------------------------------------- */

struct load {
	const char *file;
	bool dry_run, bpf_only;
	struct diag *diag;
	struct policy *policy;
	struct imtc_nl *nl;	/* NULL: without the module */
	u32 epoch;
};

/* Every rule that this host cannot keep, and why. */
static int refuse_module_rules(struct load *load)
{
	const struct policy *policy = load->policy;
	const char *why = load->bpf_only ? "--bpf-only leaves the module out" :
					   "the module imtc.ko is not loaded";

	for (size_t i = 0; i < policy->rule_count; i++) {
		const struct policy_rule *rule = &policy->rules[i];
		struct diag_at at = { .file = rule->file, .line = rule->line };

		if (rule->needs_module)
			diag_message(load->diag, DIAG_ERROR, &at,
				     "rule \"%s\" needs imtc.ko: it is about a process, which "
				     "the module alone can tell", rule->name);
	}
	if (!diag_errors(load->diag))
		return EXIT_OK;
	report(load->diag, load->file, NULL);
	out_error("%s: nothing was changed", why);
	return EXIT_UNSUPPORTED;
}

/* The kernel's sentence under the rule that it is about. */
static int refuse_by_module(struct load *load, int error)
{
	unsigned int number = nl_refused_rule(load->nl);
	const char *sentence = nl_sentence(load->nl);
	const struct policy_rule *rule;
	struct diag_at at;

	if (!number || number > load->policy->rule_count)
		return say_module(load->nl, "load the policy", error);
	rule = &load->policy->rules[number - 1];
	at = (struct diag_at) { .file = rule->file, .line = rule->line };
	diag_message(load->diag, DIAG_SYSTEM, &at, "the module refuses rule \"%s\": %s",
		     rule->name, sentence[0] ? sentence : strerror(-error));
	return fail_report(load->diag, load->file);
}

static int load_into_module(struct load *load)
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

static int load_into_bpf(struct load *load)
{
	int error = load->bpf_only ? loader_load(ENGINE_BPF, NULL) : 0;

	if (!error)
		error = bpf_policy_load(load->policy, &load->epoch);
	return error ? say_bpf("load the policy", error) : EXIT_OK;
}

/* What would make a policy that is loaded not matter. */
static unsigned long warn_unattached(const struct load *load)
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

static void say_loaded(const struct load *load)
{
	const struct policy *policy = load->policy;
	struct json_object *object = summary(policy, false);
	const char *engine = load->nl ? "module" : "bpf";

	add_number(object, "epoch", load->epoch);
	add_text(object, "engine", engine);
	add_number(object, "attached", warn_unattached(load));
	out_done(object, "policy \"%s\": %zu rule%s (%zu compiled), epoch %u, judged by %s",
		 policy->name, policy->rule_count, plural(policy->rule_count),
		 policy->compiled_count, load->epoch,
		 load->nl ? "imtc.ko" : "the BPF programs alone");
	json_object_put(object);
}

static int say_dry(const struct load *load)
{
	const struct policy *policy = load->policy;
	struct json_object *object = summary(policy, true);

	add_text(object, "engine", load->nl ? "module" : "bpf");
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

/* NULL in nl where there is no module, or it is to be left out. */
static int find_engine(struct load *load)
{
	int error = load->bpf_only ? -ENOENT : nl_session_open(&load->nl);

	if (!error || error == -ENOENT)
		return EXIT_OK;
	load->nl = NULL;
	out_error("cannot ask for the module: %s", strerror(-error));
	return EXIT_REFUSED;
}

static int load_policy(struct load *load)
{
	unsigned int warnings;
	int status;

	load->policy = policy_read(load->file, load->diag);
	if (!load->policy)
		return fail_report(load->diag, load->file);
	status = find_engine(load);
	if (status)
		return status;
	if (!load->nl) {
		status = refuse_module_rules(load);
		if (status)
			return status;
	}
	if (!load->dry_run && !may_administer())
		return refuse_unprivileged("loading a policy");
	if (policy_find_devices(load->policy, true, load->diag)) {
		fail_report(load->diag, load->file);
		return EXIT_REFUSED;
	}
	warnings = diag_warnings(load->diag);
	if (warnings && !options.json && !options.quiet)
		diag_print(load->diag, stderr);
	if (load->dry_run)
		return say_dry(load);
	status = load->nl ? load_into_module(load) : load_into_bpf(load);
	if (!status)
		say_loaded(load);
	return status;
}

static int run_load(int argc, char **argv)
{
	static const struct option words[] = {
		{ "dry-run", no_argument, NULL, 'n' }, { "bpf-only", no_argument, NULL, 'b' }, { 0 },
	};
	struct load load = { 0 };
	int letter, status;

	while ((letter = args_option(argc, argv, "n", words)) != -1) {
		if (letter == '?')
			return EXIT_USAGE;
		load.dry_run |= letter == 'n';
		load.bpf_only |= letter == 'b';
	}
	if (optind + 1 != argc)
		return args_usage("one policy file is expected");
	load.file = argv[optind];
	load.diag = diag_new();
	if (!load.diag) {
		out_error("out of memory");
		return EXIT_REFUSED;
	}
	loader_set_verbose(options.verbose);
	status = load_policy(&load);
	nl_session_close(load.nl);
	policy_free(load.policy);
	diag_free(load.diag);
	return status;
}

/* --- which policy runs ------------------------------------------------------ */

/*
 * The engine that judges traffic: the module where it is there, unless the
 * programs that are loaded do without it. NULL in ret_nl: the BPF programs.
 */
static int open_engine(const char *what, struct imtc_nl **ret_nl)
{
	int error;

	*ret_nl = NULL;
	if (!may_administer())
		return refuse_unprivileged(what);
	error = nl_session_open(ret_nl);
	if (error && error != -ENOENT) {
		out_error("cannot ask for the module: %s", strerror(-error));
		return EXIT_REFUSED;
	}
	if (error || !loader_is_loaded() || loader_with_module())
		return EXIT_OK;
	out_warning("imtc.ko is loaded, but the programs do without it: this is about theirs");
	nl_session_close(*ret_nl);
	*ret_nl = NULL;
	return EXIT_OK;
}

/* --- show ------------------------------------------------------------------- */

static struct json_object *member(struct json_object *object, const char *key)
{
	struct json_object *value = NULL;

	json_object_object_get_ex(object, key, &value);
	return value;
}

/*
 * Compiled rules under the rule of the file that they are of. The module counts
 * hits of each compiled rule, the programs those of the rule.
 */
static struct json_object *group_rules(struct json_object *compiled, bool hits_of_rule)
{
	struct json_object *rules = json_object_new_array(), *rule = NULL;

	for (size_t i = 0; i < json_object_array_length(compiled); i++) {
		struct json_object *part = json_object_array_get_idx(compiled, i);
		uint64_t id = json_object_get_uint64(member(part, "id"));
		uint64_t hits = json_object_get_uint64(member(part, "hits"));

		if (!rule || json_object_get_uint64(member(rule, "id")) != id) {
			rule = json_object_new_object();
			json_object_array_add(rules, rule);
			json_object_object_add(rule, "id", json_object_get(member(part, "id")));
			json_object_object_add(rule, "name",
					       json_object_get(member(part, "name")));
			json_object_object_add(rule, "verdict",
					       json_object_get(member(part, "verdict")));
			json_object_object_add(rule, "device",
					       json_object_get(member(part, "device")));
			json_object_object_add(rule, "log", json_object_get(member(part, "log")));
			add_number(rule, "hits", hits);
			json_object_object_add(rule, "compiled", json_object_new_array());
		} else if (!hits_of_rule) {
			add_number(rule, "hits",
				   json_object_get_uint64(member(rule, "hits")) + hits);
		}
		json_object_array_add(member(rule, "compiled"), json_object_get(part));
	}
	return rules;
}

/* One line a compiled rule; what is the whole rule's stands on its first. */
static struct json_object *show_rows(struct json_object *rules)
{
	struct json_object *rows = json_object_new_array(), *row;
	static const char *const first[] = { "id", "name", "verdict", "device", "log", "hits" };
	char text[1024];

	for (size_t i = 0; i < json_object_array_length(rules); i++) {
		struct json_object *rule = json_object_array_get_idx(rules, i);
		struct json_object *parts = member(rule, "compiled");

		for (size_t k = 0; k < json_object_array_length(parts); k++) {
			row = json_object_new_object();
			for (size_t f = 0; f < sizeof(first) / sizeof(first[0]); f++)
				json_object_object_add(row, first[f], k ?
					json_object_new_string("") :
					json_object_get(member(rule, first[f])));
			policy_rule_criteria(json_object_array_get_idx(parts, k), text,
					     sizeof(text));
			add_text(row, "criteria", text);
			json_object_array_add(rows, row);
		}
	}
	return rows;
}

/* Counts of the first line; the blank of those after it stays one. */
static void format_hits(struct json_object *row, struct json_object *value, char *text,
			size_t size)
{
	if (json_object_is_type(value, json_type_string))
		text[0] = '\0';
	else
		out_format_count(row, value, text, size);
}

static void format_verdict(struct json_object *row, struct json_object *value, char *text,
			   size_t size)
{
	struct json_object *device = member(row, "device");

	if (device && json_object_get_string_len(device))
		snprintf(text, size, "%s to %s", json_object_get_string(value),
			 json_object_get_string(device));
	else
		snprintf(text, size, "%s", json_object_get_string(value));
}

static void print_policy(struct json_object *policy, struct json_object *rules)
{
	static const struct out_column fields[] = {
		{ "name", "policy", 0, NULL }, { "engine", "judged by", 0, NULL },
		{ "epoch", "epoch", 0, NULL }, { "default", "default", 0, NULL },
		{ "on_failure", "on failure", 0, NULL }, { "rules", "compiled rules", 0, NULL },
		{ "loaded", "loaded", 0, NULL }, { "loader_uid", "by uid", 0, NULL },
		{ "digest", "sha256", 0, NULL },
	};
	static const struct out_column columns[] = {
		{ "id", "RULE", 1, NULL }, { "name", "NAME", 0, NULL },
		{ "criteria", "MATCHES", 0, NULL }, { "verdict", "VERDICT", 0, format_verdict },
		{ "log", "LOG", 0, NULL }, { "hits", "HITS", 1, format_hits },
	};
	struct json_object *rows = show_rows(rules);

	out_record(policy, fields, sizeof(fields) / sizeof(fields[0]));
	if (json_object_array_length(rows)) {
		putchar('\n');
		out_table(rows, columns, sizeof(columns) / sizeof(columns[0]));
	}
	json_object_put(rows);
}

static void show(struct json_object *policy, struct json_object *compiled, bool module)
{
	struct json_object *rules = group_rules(compiled, !module), *whole;

	add_text(policy, "engine", module ? "module" : "bpf");
	if (options.json) {
		whole = json_object_new_object();
		json_object_object_add(whole, "policy", json_object_get(policy));
		json_object_object_add(whole, "rules", json_object_get(rules));
		out_record(whole, NULL, 0);
		json_object_put(whole);
	} else {
		print_policy(policy, rules);
	}
	json_object_put(rules);
}

static int show_running(struct imtc_nl *nl)
{
	struct json_object *policy = NULL, *compiled = NULL;
	int error = nl ? nl_policy_get(nl, &policy) : bpf_policy_get(&policy);

	if (!error)
		error = nl ? nl_rules_get(nl, &compiled) : bpf_rules_get(&compiled);
	if (!error)
		show(policy, compiled, nl != NULL);
	json_object_put(policy);
	json_object_put(compiled);
	if (!error)
		return EXIT_OK;
	if (error != -ENOENT)
		return nl ? say_module(nl, "show the policy", error) :
			    say_bpf("show the policy", error);
	out_error("no policy is loaded");
	return EXIT_REFUSED;
}

static int run_show(int argc, char **argv)
{
	struct imtc_nl *nl;
	int status;

	if (!args_plain(argc, argv, 0, 0))
		return EXIT_USAGE;
	status = open_engine("showing the policy", &nl);
	if (!status)
		status = show_running(nl);
	nl_session_close(nl);
	return status;
}

/* --- flush ------------------------------------------------------------------ */

static int run_flush(int argc, char **argv)
{
	struct json_object *record;
	struct imtc_nl *nl;
	int status, error;
	u32 epoch = 0;

	if (!args_plain(argc, argv, 0, 0))
		return EXIT_USAGE;
	status = open_engine("flushing the policy", &nl);
	if (status)
		return status;
	error = nl ? nl_policy_flush(nl, &epoch) : bpf_policy_flush(&epoch);
	if (error && nl)
		status = say_module(nl, "flush the policy", error);
	else if (error)
		status = say_bpf("flush the policy", error);
	nl_session_close(nl);
	if (status)
		return status;
	record = json_object_new_object();
	add_number(record, "epoch", epoch);
	out_done(record, "no policy from epoch %u on: everything passes", epoch);
	json_object_put(record);
	return EXIT_OK;
}

static const struct command verbs[] = {
	{
		.name = "check", .arguments = "FILE [--print]",
		.summary = "Check a policy file. Needs neither root nor the module.",
		.help = "Options:\n"
			"  --print       print the compiled rules\n\n"
			"Exit status 3 where the file has errors; warnings do not count.\n",
		.run = run_check,
	}, {
		.name = "load", .arguments = "FILE [--dry-run] [--bpf-only]",
		.summary = "Load a policy in one step, in place of the one that runs.",
		.help = "Options:\n"
			"  -n, --dry-run say what would be loaded, and load nothing\n"
			"  --bpf-only    let the BPF programs judge alone, also where imtc.ko is\n\n"
			"A load that fails leaves the running policy as it was. Without imtc.ko a\n"
			"policy with rules about processes is refused with exit status 4.\n",
		.run = run_load,
	}, {
		.name = "show", .arguments = "",
		.summary = "Show the policy that runs, and how often each rule has decided.",
		.run = run_show,
	}, {
		.name = "flush", .arguments = "",
		.summary = "Run no policy: everything passes and is still counted.",
		.run = run_flush,
	},
	{ 0 },
};

const struct command command_policy = {
	.name = "policy", .arguments = "check|load|show|flush",
	.summary = "Check, load, show or flush the policy.", .verbs = verbs,
	.help = "The language of policy files is described in imtc-policy(5).\n",
};
