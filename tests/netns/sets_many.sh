#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Sets of all kinds, 100,000 entries each, in one policy: what a load and a change of one take, and
# that each keeps what it has while another changes. BPF-only, so that nothing asks for the owners.
# timeout: 240

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
TALK=$IMTC_TOP/tests/lib/talk.py
imctl() { imctl_in server "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
# The stream is opened "to" example.org.
talk() { in_ns client python3 "$TALK" client 10.77.1.2 80 "$@" | tail -1; }
in_ns server python3 "$TALK" server :: 80 &
netns_wait_port server 80
check "attach" imctl attach toclient --no-module

mkdir "$SCRATCH/s"
python3 - "$SCRATCH/s" <<'END'
import sys
def write(name, line):
    with open(f"{sys.argv[1]}/{name}", "w") as f:
        f.writelines(line(i) + "\n" for i in range(100000))
write("addresses.sets", lambda i: f"11.{i >> 14 & 255}.{i >> 6 & 255}.{(i & 63) * 4}")
write("domains.domains", lambda i: f"host{i}.blocked.example")
write("users.users", lambda i: str(10000 + i))
write("programs.programs", lambda i: f"/opt/vendor{i}/bin/chat")
END
cat > "$SCRATCH/p.conf" <<END
sets = "$SCRATCH/s/*.sets";
domain_sets = "$SCRATCH/s/*.domains";
user_sets = "$SCRATCH/s/*.users";
program_sets = "$SCRATCH/s/*.programs";
rules = ( { name = "names"; service = "xmpp"; domain = "@domains"; verdict = "reject"; },
	{ name = "ends"; service = "xmpp"; remote = "@addresses"; verdict = "reject"; } );
END
took() { diag "$1: $((($(date +%s%N) - $2) / 1000000)) ms"; }
begin=$(date +%s%N)
check "a policy with 100,000 of each kind loads" imctl policy load --state-dir "$SCRATCH/state" "$SCRATCH/p.conf"
took "all of them" "$begin"
is "$(imctl set list --json | field "[(s['kind'], s['entries']) for s in d]")" \
	"[('addresses', 100000), ('domains', 100000), ('users', 100000), ('programs', 100000)]" "all are there"
like "$(talk)" ok "who is in none talks"
begin=$(date +%s%N)
check "a domain is added beside them" imctl set add domains example.org
took "one more" "$begin"
like "$(talk)" reset "and holds"
check "taken out" imctl set del domains example.org
begin=$(date +%s%N)
check "an address is added" imctl set add addresses 10.77.1.1
took "one more" "$begin"
like "$(talk)" reset "and holds"
for set in domains users programs; do
	is "$(imctl set list "$set" | sha256sum)" "$(sha256sum < "$SCRATCH/s/$set.$set")" "$set are what they were"
done
done_testing
