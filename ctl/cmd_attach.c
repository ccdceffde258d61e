// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl attach, imctl detach.
 */
#include <errno.h>
#include <net/if.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "args.h"
#include "boot_state.h"
#include "bpffs.h"
#include "cmd_attach.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "loader.h"
#include "names.h"
#include "need.h"
#include "nl.h"
#include "out.h"
#include "probe.h"
#include "signature.h"

#define ZONE_MAX 0xffffffUL	/* imtc_flow_key4.zone_l4 keeps 24 bits */

/* --- what is worth a word ------------------------------------------------------- */

static void warn_module(const struct attach *a)
{
	if (!a->no_module && probe_module() == MODULE_NO_BTF)
		out_warning("imtc.ko is loaded, but has no BTF: the programs do without it");
}

/*
 * A bpf file system that this process mounted in a mount namespace of its own
 * (as `ip netns exec` makes one) ends with that namespace, and all pins in it.
 */
static void warn_namespace(void)
{
	struct stat own, init;

	if (!bpffs_mounted_now() || stat("/proc/self/ns/mnt", &own) ||
	    stat("/proc/1/ns/mnt", &init) || own.st_ino == init.st_ino)
		return;
	out_warning("the bpf file system was mounted in a private mount namespace: what is "
		    "attached ends with it (nsenter --net=/run/netns/NAME instead of ip netns "
		    "exec keeps it)");
}

/* --- attach --------------------------------------------------------------------- */

static int read_signatures(const struct attach *a, struct signatures **ret_signatures)
{
	const char *const *folders = signature_folders(a->signature_folder);
	struct diag *diag = diag_new();
	struct signatures *signatures;
	int status;

	if (!diag) {
		out_error("no memory");
		return EXIT_REFUSED;
	}
	signatures = signatures_read(folders, diag);
	status = say_diag(diag);
	if (!status && !signatures) {
		out_error("no memory");
		status = EXIT_REFUSED;
	}
	if (!status && !signatures->count)
		out_warning("no signature files in %s: services known by name alone are not "
			    "found", folders[0]);
	diag_free(diag);
	if (status)
		signatures_free(signatures);
	else
		*ret_signatures = signatures;
	return status;
}

/* The policy may have been loaded into the module before there were programs. */
static int take_on_failure(void)
{
	struct json_object *policy;
	struct imtc_nl *nl;
	int err = nl_session_open(&nl);

	if (err)
		return err == -ENOENT ? 0 : err;
	err = nl_policy_get(nl, &policy);
	nl_session_close(nl);
	if (err)
		return err == -ENOENT ? 0 : err;
	err = loader_set_on_failure(strcmp(json_text(policy, "on_failure"), "closed") ?
				    IMTC_VERDICT_PASS : IMTC_VERDICT_DROP);
	json_object_put(policy);
	return err;
}

static struct json_object *find_attachment(const char *device)
{
	struct json_object *list, *found = NULL;

	if (loader_attachments(&list))
		return NULL;
	for (size_t i = 0; i < json_object_array_length(list) && !found; i++) {
		struct json_object *o = json_object_array_get_idx(list, i);

		if (!strcmp(json_text(o, "device"), device))
			found = json_object_get(o);
	}
	json_object_put(list);
	return found;
}

static void say_attached(const struct attach *a, const struct signatures *signatures)
{
	struct json_object *o = find_attachment(a->device);
	bool module = loader_with_module();

	if (!o)
		return;
	json_add_text(o, "mode", module ? "module" : "bpf-only");
	json_add_number(o, "signatures", signatures->count);
	out_done(o, "%s: in by %s, out by %s, %s, %zu signatures", a->device,
		 json_text(o, "ingress"), json_text(o, "egress"),
		 module ? "with the module" : "BPF-only", signatures->count);
	json_object_put(o);
}

/* Load, then names, then the device: no flow is looked at before all is there. */
static int attach(const struct attach *a, const struct signatures *signatures)
{
	bool was_loaded = loader_is_loaded();
	int err = loader_load(a->no_module ? ENGINE_BPF : ENGINE_DETECT, NULL);
	int status;

	if (err)
		return say_failure(err);
	err = signature_map_load(signatures);
	if (!err && loader_with_module() && take_on_failure())
		out_warning("what the policy says of failures could not be read from the module");
	if (!err)
		err = loader_attach(a->device, a->mode, a->zone);
	if (!err) {
		warn_module(a);
		warn_namespace();
		say_attached(a, signatures);
		return EXIT_OK;
	}
	status = say_failure(err);
	/* All or nothing: what was not loaded before is not loaded now. */
	if (!was_loaded)
		loader_detach_all();
	return status;
}

int attach_device(const struct attach *a)
{
	struct signatures *signatures;
	int status = read_signatures(a, &signatures);

	if (status)
		return status;
	status = attach(a, signatures);
	signatures_free(signatures);
	return status;
}

/* What is attached is, also where it cannot be kept for the next boot. */
static void say_unkept(int error)
{
	if (error)
		out_warning("%s does not keep this for the next boot: %s", HISTORY_DIR,
			    strerror(-error));
}

static bool parse_zone(const char *text, u32 *ret_zone)
{
	char *end;
	unsigned long zone;

	errno = 0;
	zone = strtoul(text, &end, 10);
	if (errno || *end || end == text || text[0] == '-' || !zone || zone > ZONE_MAX)
		return false;
	*ret_zone = (u32)zone;
	return true;
}

static bool parse_mode(const char *word, enum attach_mode *ret_mode)
{
	if (!strcmp(word, "native"))
		*ret_mode = ATTACH_NATIVE;
	else if (!strcmp(word, "generic"))
		*ret_mode = ATTACH_GENERIC;
	else
		return false;
	return true;
}

static int take_option(struct attach *a, int option)
{
	enum attach_mode mode = ATTACH_TC;

	switch (option) {
	case 'x':
		if (!parse_mode(optarg, &mode))
			return args_usage("--xdp is native or generic, not \"%s\"", optarg);
		__attribute__((fallthrough));
	case 't':
		if (a->mode != ATTACH_AUTO && a->mode != mode)
			return args_usage("--xdp and --tc exclude each other");
		a->mode = mode;
		return EXIT_OK;
	case 'z':
		if (!parse_zone(optarg, &a->zone))
			return args_usage("--zone is a number from 1 to %lu, not \"%s\"", ZONE_MAX,
					  optarg);
		return EXIT_OK;
	case 'n':
		a->no_module = true;
		return EXIT_OK;
	case 's':
		a->signature_folder = optarg;
		return EXIT_OK;
	}
	return EXIT_USAGE;
}

static int run_attach(int argc, char **argv)
{
	static const struct option words[] = {
		{ "xdp", required_argument, NULL, 'x' },
		{ "tc", no_argument, NULL, 't' },
		{ "zone", required_argument, NULL, 'z' },
		{ "no-module", no_argument, NULL, 'n' },
		{ "signatures", required_argument, NULL, 's' },
		{ 0 }
	};
	struct attach a = { .mode = ATTACH_AUTO };
	int option, status = EXIT_OK;

	while (!status && (option = args_option(argc, argv, "", words)) != -1)
		status = take_option(&a, option);
	if (status)
		return status;
	if (argc - optind != 1)
		return args_usage("one device is to be named");
	a.device = argv[optind];
	status = need_kernel();
	if (status)
		return status;
	if (!if_nametoindex(a.device)) {
		out_error("there is no device \"%s\"", a.device);
		return EXIT_REFUSED;
	}
	status = attach_device(&a);
	if (!status)
		say_unkept(boot_state_keep(HISTORY_DIR, &a));
	return status;
}

/* --- detach --------------------------------------------------------------------- */

static int detach_all(void)
{
	struct json_object *o;
	int err = loader_detach_all();

	if (err)
		return say_failure(err);
	say_unkept(boot_state_forget(HISTORY_DIR, NULL));
	o = json_object_new_object();
	json_add_bool(o, "loaded", false);
	out_done(o, "nothing is attached, nothing is pinned");
	json_object_put(o);
	return EXIT_OK;
}

static int detach(const char *device)
{
	struct json_object *o;
	int err = loader_detach(device);

	if (err)
		return say_failure(err);
	say_unkept(boot_state_forget(HISTORY_DIR, device));
	o = json_object_new_object();
	json_add_text(o, "device", device);
	out_done(o, "%s is detached", device);
	json_object_put(o);
	return EXIT_OK;
}

static int run_detach(int argc, char **argv)
{
	static const struct option words[] = {
		{ "all", no_argument, NULL, 'a' },
		{ 0 }
	};
	bool all = false;
	int option, status;

	while ((option = args_option(argc, argv, "", words)) != -1) {
		if (option != 'a')
			return EXIT_USAGE;
		all = true;
	}
	if (argc - optind != (all ? 0 : 1))
		return args_usage("one device is to be named, or --all");
	status = need_root();
	if (status)
		return status;
	return all ? detach_all() : detach(argv[optind]);
}

const struct command command_attach = {
	.name = "attach",
	.arguments = "DEVICE [--xdp native|generic | --tc] [--zone N] [--no-module] "
		     "[--signatures DIR]",
	.summary = "Put the programs on a device, or bring them up to date.",
	.help =
		"What comes in is judged by XDP in the driver, else by tc,\n"
		"whichever the device takes first; what goes out by tc. The programs outlive\n"
		"imctl. Attaching again replaces them in place and keeps the flows.\n"
		"\n"
		"Options:\n"
		"  --xdp native|generic  this kind of XDP or none\n"
		"  --tc                  tc alone, no XDP\n"
		"  --zone N              devices of one zone share their flows (1 to 16777215)\n"
		"  --no-module           without imtc.ko, though it is there\n"
		"  --signatures DIR      signature files from here alone\n",
	.run = run_attach,
};

const struct command command_detach = {
	.name = "detach",
	.arguments = "DEVICE | --all",
	.summary = "Take the programs off a device.",
	.help =
		"Options:\n"
		"  --all   off every device, and unload: flows, counters and the BPF-only policy go\n",
	.run = run_detach,
};
