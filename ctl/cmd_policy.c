// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl policy: its verbs, and check.
 */
#include <stdio.h>

#include "args.h"
#include "cmd_policy.h"
#include "imctl.h"
#include "out.h"

static void say_fine(const struct policy *policy, const char *file, const struct diag *diag)
{
	unsigned int warnings = diag_warnings(diag);

	printf("%s: ok: policy \"%s\", %zu rule%s (%zu compiled)", file, policy->name,
	       policy->rule_count, policy_plural(policy->rule_count), policy->compiled_count);
	if (warnings)
		printf(", %u warning%s", warnings, policy_plural(warnings));
	putchar('\n');
}

static int check_file(const char *file, bool print, struct diag *diag)
{
	struct policy *policy = policy_read(file, diag);
	struct json_object *object;

	if (!policy)
		return policy_fail(diag, file);
	policy_find_devices(policy, false, diag);
	object = policy_summary(policy, print);
	policy_report(diag, file, object);
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

static const struct command verbs[] = {
	{
		.name = "check",
		.arguments = "FILE [--print]",
		.summary = "Check a policy file. Needs neither root nor the module.",
		.help = "Options:\n"
			"  --print         print the compiled rules\n\n"
			"Exit status 3 where the file has errors; warnings do not count.\n",
		.run = run_check,
	},
	{
		.name = "load",
		.arguments = "FILE [--dry-run] [--bpf-only] [--state-dir DIR]",
		.summary = "Load a policy in one step, in place of the one that runs.",
		.help = "Options:\n"
			"  -n, --dry-run   say what would be loaded, and load nothing\n"
			"  --bpf-only      let the BPF programs judge alone, also where imtc.ko "
			"is\n"
			"  --state-dir DIR keep the history in DIR, not in /var/lib/imtc\n\n"
			"A load that fails leaves the running policy as it was. Without imtc.ko a\n"
			"policy with rules about processes is refused with exit status 4; where there\n"
			"are keys in /etc/imtc/trusted.d, one that none of them signed with 5.\n",
		.run = policy_run_load,
	},
	{
		.name = "show",
		.arguments = "[--state-dir DIR]",
		.summary = "Show the policy that runs, and how often each rule has decided.",
		.help = "Tags of rules are those that the history has.\n\n"
			"Options:\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n",
		.run = policy_run_show,
	},
	{
		.name = "diff",
		.arguments = "[FILE] [--state-dir DIR]",
		.summary = "Show what a load of FILE would change of the policy that runs.",
		.help = "Without FILE: the file that was loaded last, as it is now. Rules are the same by\n"
			"their name; their order counts. Lines with - go, lines with + come.\n\n"
			"Options:\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n",
		.run = policy_run_diff,
	},
	{
		.name = "history",
		.arguments = "[--state-dir DIR]",
		.summary = "Show the policies that were loaded here: when, and by whom.",
		.help = "Options:\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n\n"
			"* marks the one that runs. The last 64 are kept.\n",
		.run = policy_run_history,
	},
	{
		.name = "rollback",
		.arguments = "[N|DIGEST] [--state-dir DIR]",
		.summary = "Load a policy of the history again.",
		.help = "N is the number of an entry of \"imctl policy history\", DIGEST the first 8 or more\n"
			"digits of one's SHA-256. Without either: the policy before the one that runs;\n"
			"again, and it is the one before that.\n\n"
			"Options:\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n",
		.run = policy_run_rollback,
	},
	{
		.name = "explain",
		.arguments = "[--policy FILE] [--state-dir DIR] [KEY=VALUE...] "
			     "[--flow [L4] CLIENT SERVER | --pcap FILE]",
		.summary = "Say what a policy does with a flow: each rule in order, and why.",
		.help = "Options:\n"
			"  --policy FILE   this policy, not the one that runs\n"
			"  --flow          a flow of the table, by its ends as \"imctl flows\" shows them\n"
			"  --pcap FILE     the flows of a capture; this host is their client, or with\n"
			"                  direction=in their server\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n\n"
			"Else the flow is described: service=xmpp feature=file direction=out encrypted=yes\n"
			"local=ADDRESS remote=ADDRESS exe=PATH comm=NAME user=NAME group=NAME cgroup=PATH.\n"
			"With --flow and --pcap such words hold against what was seen. With --policy,\n"
			"and without --flow, it needs neither root nor the module.\n",
		.run = policy_run_explain,
	},
	{
		.name = "test",
		.arguments = "FILE... [--policy FILE]",
		.summary = "Does a policy say what is expected of it? Needs neither root nor the module.",
		.help = "FILE lists flows, and for each the rule and the verdict that are expected; see\n"
			"imtc-policy(5).\n\n"
			"Options:\n"
			"  --policy FILE   test this policy, not the one that the file names\n\n"
			"Exit status 3 where one fails.\n",
		.run = policy_run_test,
	},
	{
		.name = "sign",
		.arguments = "--key KEY FILE",
		.summary = "Sign a policy file: write FILE.sig. Needs neither root nor the module.",
		.help = "Options:\n"
			"  --key KEY       an Ed25519 private key, PEM: openssl genpkey -algorithm ed25519\n\n"
			"A host with public keys in /etc/imtc/trusted.d/*.pem loads only policies that one\n"
			"of them signed. What a policy includes is signed with it.\n",
		.run = policy_run_sign,
	},
	{
		.name = "flush",
		.arguments = "[--state-dir DIR]",
		.summary = "Run no policy: everything passes and is still counted.",
		.help = "Options:\n"
			"  --state-dir DIR the history is in DIR, not in /var/lib/imtc\n",
		.run = policy_run_flush,
	},
	{ 0 },
};

const struct command command_policy = {
	.name = "policy",
	.arguments = "check|load|show|diff|history|rollback|explain|test|sign|flush",
	.summary = "Check, sign, load, show, compare or flush the policy.",
	.verbs = verbs,
	.help = "The language of policy files is described in imtc-policy(5).\n",
};
