#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/services.md is what scripts/services-doc makes; each service has one quality mark, and one
# that is told by payload has vectors: bytes that are it, and bytes that nearly are.
. "$(dirname "$0")/../lib/tap.sh"
scratch

enums() { sed -n "s/^$1(\(.*\)/\1/p" "$2" | sed 's/^[0-9]*, *//; s/,.*//'; }
enums IMTC_SERVICE include/imtc/services.def > "$SCRATCH/services"
enums IMTC_QUALITY include/imtc/quality.def > "$SCRATCH/marks"
num "$(wc -l < "$SCRATCH/services")" -ge 62 "the services are read"
is "$(cat "$SCRATCH/marks")" "$(cat "$SCRATCH/services")" "each has a quality mark, in the same order"

scripts/services-doc > "$SCRATCH/services.md" 2> "$SCRATCH/err" || diag "$(cat "$SCRATCH/err")"
check "docs/services.md is what is made of the sources (make docs)" \
	diff "$SCRATCH/services.md" docs/services.md

# A positive vector names the service; the file that has it has near misses as well.
without=
for service in $(sed -n 's/^IMTC_QUALITY(\([A-Z0-9]*\), "[a-z ]*payload[a-z ]*",.*/\1/p' include/imtc/quality.def); do
	files=$(grep -lE "(IS|WATCHED|CLAIMS|PROVES)\($service[,)]" tests/vectors/dissect/*.h)
	[ -n "$files" ] && grep -qE 'IS_NONE|IS_NOTHING_NEW' $files || without="$without $service"
done
is "$without" "" "services told by payload have vectors, and near misses beside them"
done_testing
