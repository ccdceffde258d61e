#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# imctl agent --notify: what is refused is told on a desktop, over a real message bus.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
command -v dbus-daemon > /dev/null || skip_all "no dbus-daemon"
/usr/bin/python3 -c 'import dbus, gi' 2> /dev/null || skip_all "no python3-dbus, python3-gi"
scratch
netns_new client server
netns_link client server 1
TALK=$IMTC_TOP/tests/lib/talk.py
imctl() { imctl_in client "$@"; }
in_ns server python3 "$TALK" server :: 7000 &
netns_wait_port server 7000

# --- a desktop: a bus where a user's is, and somebody who shows notifications --------------------
mount -t tmpfs none /run/user 2> /dev/null || { mkdir -p /run/user && mount -t tmpfs none /run/user; }
mkdir -m 700 /run/user/0
dbus-daemon --session --nofork --address=unix:path=/run/user/0/bus > "$SCRATCH/bus" 2>&1 &
on_exit "kill $!"
wait_for test -S /run/user/0/bus
cat > "$SCRATCH/desktop.py" <<'EOF'
import json, sys
import dbus, dbus.service, dbus.mainloop.glib
from gi.repository import GLib

NAME = "org.freedesktop.Notifications"
dbus.mainloop.glib.DBusGMainLoop(set_as_default=True)
bus = dbus.bus.BusConnection("unix:path=/run/user/0/bus")

class Desktop(dbus.service.Object):
    @dbus.service.method(NAME, in_signature="susssasa{sv}i", out_signature="u")
    def Notify(self, app, replaces, icon, title, text, actions, hints, ms):
        with open(sys.argv[1], "a") as shown:
            shown.write(json.dumps({"app": app, "title": title, "text": text}) + "\n")
        return 1

name = dbus.service.BusName(NAME, bus)
desktop = Desktop(bus, "/org/freedesktop/Notifications")
open(sys.argv[1], "w").close()
GLib.MainLoop().run()
EOF
/usr/bin/python3 "$SCRATCH/desktop.py" "$SCRATCH/shown" > "$SCRATCH/desktop" 2>&1 &
on_exit "kill $!"
check "a desktop is there" wait_for test -e "$SCRATCH/shown"

# --- what it is told ------------------------------------------------------------------------------
check "attach" imctl attach toserver --no-module
cat > "$SCRATCH/policy.conf" <<'EOF'
contact = "helpdesk <help@example.org> & phone 112";
rules = ( { name = "no irc"; service = "irc"; verdict = "reject"; } );
EOF
check "a policy with a contact" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/policy.conf"
imctl agent --notify --user root --state-dir "$SCRATCH/state" --count 1 --timeout 30 --json \
	> "$SCRATCH/agent" 2>&1 &
agent=$!
sleep 1
in_ns client python3 "$TALK" client 10.77.1.2 7000 --opening irc --messages 1 > "$SCRATCH/out"
like "$(cat "$SCRATCH/out")" 'reset$' "IRC is refused"
wait "$agent"
is $? 0 "the agent ends after --count"
like "$(cat "$SCRATCH/shown")" '"title": "irc \(chat\) was refused"' "the user learns what"
like "$(cat "$SCRATCH/shown")" 'rule ."no irc."\.' "and by which rule"
like "$(cat "$SCRATCH/shown")" 'helpdesk &lt;help@example\.org&gt; &amp; phone 112' \
	"whom to ask, and nothing of it is markup"
like "$(cat "$SCRATCH/agent")" '"shown": *true' "the agent says that it was shown"

# --- nobody is there -------------------------------------------------------------------------------
imctl agent --notify --user nobody --state-dir "$SCRATCH/state" --count 1 --timeout 30 \
	> "$SCRATCH/agent" 2>&1 &
agent=$!
sleep 1
in_ns client python3 "$TALK" client fd77:1::2 7000 --opening irc --messages 1 > "$SCRATCH/out"
wait "$agent"
like "$(cat "$SCRATCH/agent")" 'irc \(chat\) was refused; cannot be shown: No such file' \
	"who is not logged in cannot be told, and that is said"
like "$(imctl agent --notify --write x 2>&1)" '"?--notify"? answers nothing' "it takes no answers"
done_testing
