#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Bad policies that no file of tests/policy/bad can be: too large, or wrong in the files of sets,
# which are named by absolute paths. What is said of each, to the letter.
. "$(dirname "$0")/../lib/tap.sh"

[ -x "$IMCTL" ] || skip_all "build/imctl is not built"
export LC_ALL=C.UTF-8 IMTC_SIGNATURES=$IMTC_TOP/signatures
scratch
mkdir "$SCRATCH/sets"
P=$SCRATCH/p.conf

# said NAME TEXT: what check says of $P, without the folder's name, and its status.
said() {
	is "$("$IMCTL" policy check "$P" 2>&1 | sed "s|$SCRATCH/||g"; echo "exit ${PIPESTATUS[0]}")" "$2" "$1"
}
# with_set NAME: a policy whose one set is of the file with that name, filled from stdin.
with_set() {
	rm -rf "$SCRATCH/sets" && mkdir "$SCRATCH/sets"
	cat > "$SCRATCH/sets/$1"
	printf 'sets = "%s/sets/*";\nrules = ( { remote = "@partners"; verdict = "drop"; } );\n' "$SCRATCH" > "$P"
}

# --- files of sets ------------------------------------------------------------------
printf '10.0.0.0/8\n  10.0.0.1/8 # no\nnonsense\n' | with_set partners.txt
said "lines that are no addresses" 'sets/partners.txt:2:3: error: "10.0.0.1/8" has bits set past its prefix length
     2 | 10.0.0.1/8 # no
       | ^~~~~~~~~~
         expected: 10.0.0.0/8, or the address 10.0.0.1 alone
sets/partners.txt:3:1: error: "nonsense" is not an address
     3 | nonsense
       | ^~~~~~~~
         expected: an IPv4 or IPv6 address, or ADDRESS/LENGTH
p.conf: 2 errors
exit 3'
echo 192.0.2.1 | with_set partner.txt
said "a set that is misspelt" 'p.conf:2:22: error: unknown set "@partners"; did you mean "@partner"?
     2 | rules = ( { remote = "@partners"; verdict = "drop"; } );
       |                      ^~~~~~~~~~~
         expected: the name of a file that "sets" of the policy finds, without its ending
p.conf: 1 error
exit 3'
with_set partners.txt < /dev/null
mkdir "$SCRATCH/sets/folder"
said "a folder among the files" 'sets/folder: error: cannot read the file: Is a directory
p.conf: 1 error
exit 1'
with_set partners.txt < /dev/null
mkfifo "$SCRATCH/sets/pipe"
said "a pipe among them" 'sets/pipe: error: cannot read the file: Invalid argument
p.conf: 1 error
exit 1'
with_set partners.txt < /dev/null
truncate -s 17M "$SCRATCH/sets/partners.txt"
said "a file of 17 MiB" 'sets/partners.txt: error: cannot read the file: File too large
p.conf: 1 error
exit 1'
with_set partners.txt < /dev/null
: > "$SCRATCH/sets/$(printf 'n%.0s' $(seq 64)).txt"
said "a name of 64 bytes" "p.conf:1:8: error: the name of \"sets/$(printf 'n%.0s' $(seq 64)).txt\" cannot name a set
     1 | sets = \"sets/*\";
       |        ^$(printf '~%.0s' $(seq $((${#SCRATCH} + 8))))
p.conf: 1 error
exit 3"
with_set partners.txt < /dev/null
for i in $(seq 63); do : > "$SCRATCH/sets/s$i.txt"; done
like "$("$IMCTL" policy check "$P" 2>&1)" 'p.conf:1:8: error: more than 63 sets' "64 sets"
awk 'BEGIN { for (i = 0; i < 262145; i++) printf "10.%d.%d.%d\n", i / 65536, i / 256 % 256, i % 256 }' |
	with_set partners.txt
said "a prefix too many" 'sets/partners.txt:262145:1: error: more than 262144 prefixes in all sets
262145 | 10.4.0.0
       | ^~~~~~~~
p.conf: 1 error
exit 3'

# --- sizes ----------------------------------------------------------------------------
{ echo 'rules = ('; printf '{ verdict = "drop"; },\n%.0s' $(seq 16384); echo '{ verdict = "drop"; } );'; } > "$P"
said "16,385 rules" 'p.conf:1:9: error: 16385 rules are too many
     1 | rules = (
       |         ^
         expected: at most 16384
p.conf: 1 error
exit 3'
{ echo 'rules = ('; printf '{ verdict = "drp"; },\n%.0s' $(seq 120); echo '{ verdict = "drop"; } );'; } > "$P"
is "$("$IMCTL" policy check "$P" 2>&1 | tail -2 | sed "s|$SCRATCH/||")" 'and 20 more, not shown
p.conf: 120 errors' "120 errors: a hundred are shown, and all are counted"
for i in 1 2; do head -c 9M /dev/zero | tr '\0' '#' > "$SCRATCH/half$i.inc"; done
printf '@include "half1.inc"\n@include "half2.inc"\nrules = ( );\n' > "$P"
said "18 MiB with what is included" 'half2.inc: error: with what it includes it is larger than 16 MiB
p.conf: 1 error
exit 3'
mkfifo "$SCRATCH/pipe.inc"
printf '@include "pipe.inc"\nrules = ( );\n' > "$P"
said "a pipe that is included" 'p.conf:1:10: error: cannot include "pipe.inc": it is not a regular file
     1 | @include "pipe.inc"
       |          ^~~~~~~~~~
p.conf: 1 error
exit 3'

# --- what only this host makes wrong -----------------------------------------------------
ln -s "$(readlink -f /bin/sh)" "$SCRATCH/link"
printf '#! /usr/bin/env python3\n' > "$SCRATCH/script"
printf 'rules = ( { name = "a"; process = { exe = [ "%s/link", "%s/script" ]; }; verdict = "drop"; } );\n' \
	"$(realpath "$SCRATCH")" "$(realpath "$SCRATCH")" > "$P"
out=$("$IMCTL" policy check "$P" 2>&1)
is $? 0 "programs that the kernel knows by another name are warned of"
like "$out" "warning: rule \"a\": .*/link is a link; the kernel knows the program as $(readlink -f /bin/sh)" "a link"
like "$out" 'warning: rule "a": .*/script is a script; the kernel sees what runs it, /usr/bin/env' "a script"
done_testing
