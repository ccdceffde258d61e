# SPDX-License-Identifier: GPL-2.0-only
# BarnOwl's configuration: signs on to AIM as @NAME@ once it is up.
#
# The AIM socket has to get descriptor 3, which is therefore kept taken until now: BarnOwl adds it
# to GLib's poll list before it knows its number, and GLib of Debian 12 and later gives up when the
# list is then out of order. Behind standard input, and before all the others, it is in order.
use POSIX ();

$BarnOwl::Hooks::startup->add(sub {
	POSIX::close(3);
	BarnOwl::command("aimlogin", '@NAME@', "secret");
});
