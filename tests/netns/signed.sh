#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# Signed policies, BPF-only: a host with trusted keys loads what they signed and nothing else.
# timeout: 120

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
command -v openssl >/dev/null || skip_all "no openssl"
# The keys of this test are no keys of this host.
mkdir -p /etc/imtc && mount -t tmpfs imtc /etc/imtc || skip_all "cannot mount a tmpfs"
TRUSTED=/etc/imtc/trusted.d
on_exit "$IMCTL detach --all"
imctl() { "$IMCTL" "$@"; }
load() { imctl policy load -q --bpf-only "$@"; }
status_of() { "$@" >/dev/null 2>&1; echo $?; }
name() { imctl policy show --json | sed -n 's/.*"name": *"\(.*\)".*/\1/p' | head -1; }
key() { # NAME ALGORITHM...
	local to=$SCRATCH/$1
	shift
	openssl genpkey -algorithm "$@" -out "$to.key" 2>/dev/null
	openssl pkey -in "$to.key" -pubout -out "$to.pem"
}
policy() { printf 'name = "%s";\nrules = ( { service = "irc"; verdict = "drop"; } );\n' "$1" > "$SCRATCH/$1.conf"; }
key fleet ed25519
key other ed25519
key wrong EC -pkeyopt ec_paramgen_curve:P-256
for n in good second bad; do policy $n; done

# --- signing ---------------------------------------------------------------------------
check "sign" imctl policy sign --key "$SCRATCH/fleet.key" "$SCRATCH/good.conf"
is "$(stat -c %s "$SCRATCH/good.conf.sig")" 64 "writes 64 bytes"
check "which openssl verifies" openssl pkeyutl -verify -rawin -pubin -inkey "$SCRATCH/fleet.pem" \
	-in "$SCRATCH/good.conf" -sigfile "$SCRATCH/good.conf.sig"
openssl pkeyutl -sign -rawin -inkey "$SCRATCH/fleet.key" -in "$SCRATCH/second.conf" -out "$SCRATCH/second.conf.sig"
is "$(status_of imctl policy sign --key "$SCRATCH/wrong.key" "$SCRATCH/good.conf")" 1 "not with a key of another kind"
is "$(status_of imctl policy sign --key "$SCRATCH/fleet.pem" "$SCRATCH/good.conf")" 1 "nor with a public key"
is "$(status_of imctl policy sign --key "$SCRATCH/none.key" "$SCRATCH/good.conf")" 1 "nor with one that is not there"
is "$(status_of imctl policy sign "$SCRATCH/good.conf")" 2 "nor without"

# --- no keys, no question -----------------------------------------------------------------
check "without trusted keys anything is loaded" load "$SCRATCH/bad.conf"
mkdir "$TRUSTED"
check "also where their folder is empty" load "$SCRATCH/bad.conf"

# --- with a key ----------------------------------------------------------------------------
cp "$SCRATCH/other.pem" "$SCRATCH/fleet.pem" "$TRUSTED"
check "a signed policy" load "$SCRATCH/good.conf"
like "$(imctl policy history --json)" '"signed_by": *"fleet"' "the history names the key"
check "a signature by openssl" load "$SCRATCH/second.conf"
is "$(status_of load "$SCRATCH/bad.conf")" 5 "no signature"
like "$(load "$SCRATCH/bad.conf" 2>&1)" 'bad.conf is not signed, and this host loads only' "says so"
is "$(status_of load --dry-run "$SCRATCH/bad.conf")" 5 "a dry run says it too"
cp "$SCRATCH/good.conf.sig" "$SCRATCH/bad.conf.sig"
is "$(status_of load "$SCRATCH/bad.conf")" 5 "the signature of another"
like "$(load --json "$SCRATCH/bad.conf" 2>&1)" '"error": *"the signature of .* is not by a key' "says so, in JSON too"
cp "$SCRATCH/good.conf" "$SCRATCH/changed.conf"
cp "$SCRATCH/good.conf.sig" "$SCRATCH/changed.conf.sig"
sed -i 's/drop/allow/' "$SCRATCH/changed.conf"
is "$(status_of load "$SCRATCH/changed.conf")" 5 "a text that was changed"
wrong=0
for at in 0 20 63; do # one bit
	python3 - "$SCRATCH/good.conf.sig" "$SCRATCH/bad.conf.sig" $at <<-'PY'
	import sys
	sig = bytearray(open(sys.argv[1], "rb").read())
	sig[int(sys.argv[3])] ^= 1
	open(sys.argv[2], "wb").write(sig)
	PY
	cp "$SCRATCH/good.conf" "$SCRATCH/bad.conf"
	[ "$(status_of load "$SCRATCH/bad.conf")" = 5 ] || wrong=$((wrong + 1))
done
is "$wrong" 0 "a signature with one bit changed"
for size in 0 63 65; do
	head -c $size <(cat "$SCRATCH/good.conf.sig" /dev/zero) > "$SCRATCH/bad.conf.sig"
	is "$(status_of load "$SCRATCH/bad.conf")" 5 "a signature of $size bytes"
done
is "$(name)" second "none of which changed what runs"
is "$(imctl policy history --json | grep -c '"number"')" 4 "nor the history"

# --- includes ------------------------------------------------------------------------------------
printf '{ service = "irc"; verdict = "drop"; }' > "$SCRATCH/inner.inc"
printf 'name = "outer";\nrules = (\n@include "inner.inc"\n);\n' > "$SCRATCH/outer.conf"
imctl policy sign --key "$SCRATCH/fleet.key" "$SCRATCH/outer.conf" >/dev/null
check "what is included is signed with it" load "$SCRATCH/outer.conf"
sed -i 's/drop/allow/' "$SCRATCH/inner.inc"
is "$(status_of load "$SCRATCH/outer.conf")" 5 "and may not change"

# --- rollback, other keys ---------------------------------------------------------------------------
check "rollback to a signed policy" imctl policy rollback 3
is "$(name)" good "runs it"
is "$(status_of imctl policy rollback 1)" 5 "not to one that was never signed"
cp "$SCRATCH/wrong.pem" "$TRUSTED"
is "$(status_of load "$SCRATCH/good.conf")" 5 "a key of another kind among the trusted stops every load"
like "$(load "$SCRATCH/good.conf" 2>&1)" 'trusted.d/wrong.pem: no Ed25519 public key' "and is named"
rm "$TRUSTED/wrong.pem" "$TRUSTED/fleet.pem"
is "$(status_of load "$SCRATCH/good.conf")" 5 "a key that is trusted no more"
is "$(status_of imctl policy rollback 4)" 5 "nor is there a way back"
rm "$TRUSTED/other.pem"
check "without keys no question again" load "$SCRATCH/changed.conf"
done_testing
