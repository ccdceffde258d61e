// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a command needs before it begins, and how failures are said.
 */
#include <errno.h>

#include "imctl.h"
#include "loader.h"
#include "need.h"
#include "out.h"
#include "probe.h"

int need_root(void)
{
	loader_set_verbose(options.verbose);
	if (probe_is_privileged())
		return EXIT_OK;
	out_error("\"%s\" needs root (CAP_SYS_ADMIN and CAP_NET_ADMIN)", options.command);
	return EXIT_REFUSED;
}

int need_kernel(void)
{
	const struct probe *missing;
	int status = need_root();

	if (status)
		return status;
	missing = probe_needed();
	if (!missing)
		return EXIT_OK;
	out_error("this kernel has no %s: %s; it takes %s", missing->what, missing->without,
		  missing->get);
	return EXIT_UNSUPPORTED;
}

int need_loaded(void)
{
	int status = need_root();

	if (status)
		return status;
	if (loader_is_loaded())
		return EXIT_OK;
	out_error("no programs are loaded: \"imctl attach DEVICE\" does it");
	return EXIT_REFUSED;
}

int say_failure(int err)
{
	out_error("%s", loader_sentence());
	return err == -EOPNOTSUPP || err == -ENOSYS ? EXIT_UNSUPPORTED : EXIT_REFUSED;
}

int say_diag(struct diag *diag)
{
	bool errors = diag_errors(diag) > 0;

	if (errors || (diag_warnings(diag) && !options.quiet))
		diag_print(diag, stderr);
	if (!errors)
		return EXIT_OK;
	return diag_is_system(diag) ? EXIT_REFUSED : EXIT_POLICY;
}
