// SPDX-License-Identifier: GPL-2.0-only
/*
 * imctl restore: after a boot, the policy and the attachments that were there.
 */
#include <errno.h>
#include <net/if.h>
#include <string.h>

#include "args.h"
#include "boot_state.h"
#include "cmd_policy.h"
#include "history.h"
#include "imctl.h"
#include "json.h"
#include "need.h"
#include "nl.h"
#include "out.h"

struct restore {
	const char *dir;
	struct json_object *attachments, *records;
	bool bpf_only;		/* a device was attached without the module */
};

/* --- the policy ------------------------------------------------------------------- */

static int load_record(const struct restore *restore, struct json_object *record)
{
	struct policy_load load = {
		.state_dir = restore->dir, .bpf_only = restore->bpf_only, .is_restore = true,
		.file = json_text(record, "file"),
	};
	unsigned long number = (unsigned long)json_number(record, "number");
	struct history_text text;
	int status, error = history_read(restore->dir, record, &text);

	if (error) {
		out_error("cannot read policy %lu of the history: %s", number,
			  error == -EBADMSG ? "its text is not what was loaded"
					    : strerror(-error));
		return EXIT_REFUSED;
	}
	load.kept = &text;
	load.of = (u32)number;
	status = policy_load(&load);
	nl_session_close(load.nl);
	history_text_free(&text);
	return status;
}

/*
 * The one that ran last. Where it cannot be loaded any more (its key is trusted no
 * longer, its device is gone) the last before it that can: an older policy is
 * nearer to what was wanted than none.
 */
static int restore_policy(const struct restore *restore)
{
	size_t i = restore->records ? json_object_array_length(restore->records) : 0;
	const char *tried = "";
	int status = EXIT_OK, first = EXIT_OK;

	while (i-- > 0) {
		struct json_object *record = json_object_array_get_idx(restore->records, i);
		const char *digest = json_text(record, "digest");

		/* A flush: no policy is what was wanted. */
		if (!digest[0])
			break;
		if (!strcmp(digest, tried))
			continue;
		tried = digest;
		status = load_record(restore, record);
		if (!status)
			break;
		if (!first)
			first = status;
		out_warning("policy %s of the history is not loaded; trying the one before it",
			    json_text(record, "number"));
	}
	return first;
}

/* --- attachments --------------------------------------------------------------------- */

static int restore_attachment(struct json_object *object)
{
	struct attach attach;

	if (boot_state_attach(object, &attach)) {
		out_error("an entry of attachments.json is no attachment");
		return EXIT_REFUSED;
	}
	if (!if_nametoindex(attach.device)) {
		out_error("there is no device \"%s\"", attach.device);
		return EXIT_REFUSED;
	}
	return attach_device(&attach);
}

static int restore_attachments(const struct restore *restore)
{
	int status, worst = EXIT_OK;

	for (size_t i = 0; i < json_object_array_length(restore->attachments); i++) {
		status = restore_attachment(json_object_array_get_idx(restore->attachments, i));
		if (!worst)
			worst = status;
	}
	return worst;
}

/* --- the command ------------------------------------------------------------------------ */

static int read_state(struct restore *restore)
{
	int error = boot_state_read(restore->dir, &restore->attachments);

	if (error) {
		out_error("cannot read %s/attachments.json: %s", restore->dir, strerror(-error));
		return EXIT_REFUSED;
	}
	error = history_list(restore->dir, &restore->records);
	if (error && error != -ENOENT) {
		out_error("cannot read the history in %s: %s", restore->dir, strerror(-error));
		return EXIT_REFUSED;
	}
	for (size_t i = 0; i < json_object_array_length(restore->attachments); i++) {
		struct json_object *object = json_object_array_get_idx(restore->attachments, i);

		restore->bpf_only |= json_object_get_boolean(json_member(object, "no_module"));
	}
	return EXIT_OK;
}

/* The policy first: no packet of a device is looked at without it. One failure stops nothing. */
static int restore_all(const struct restore *restore)
{
	int policy = restore_policy(restore), devices = restore_attachments(restore);

	return policy ? policy : devices;
}

static int run_restore(int argc, char **argv)
{
	struct restore restore = { 0 };
	int status = policy_take_state_dir(argc, argv, &restore.dir);

	if (status)
		return status;
	if (optind != argc)
		return args_usage("\"%s\" is not expected", argv[optind]);
	status = need_root();
	if (!status)
		status = read_state(&restore);
	if (!status)
		status = restore_all(&restore);
	json_object_put(restore.attachments);
	json_object_put(restore.records);
	return status;
}

const struct command command_restore = {
	.name = "restore",
	.arguments = "[--state-dir DIR]",
	.summary = "After a boot: the policy and the attachments that were there.",
	.help = "Loads the policy that ran last - where that cannot be, the last before it that can\n"
		"- and attaches the devices of this host that were attached. imtc.service does\n"
		"this before the network is up: systemctl enable imtc.\n\n"
		"Options:\n"
		"  --state-dir DIR the state is in DIR, not in /var/lib/imtc\n",
	.run = run_restore,
};
