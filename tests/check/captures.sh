#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# What "imctl classify" says of the recorded talk of real peers (tests/captures, made by its record):
# of each flow what labels.tsv says, every time the same, whatever format the file has.

. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "no $IMCTL"
scratch
CAPTURES=tests/captures

classify() { "$IMCTL" classify --json --signatures signatures "$@"; }

# The flows in the words of labels.tsv, in an order of their own.
rows() { # CAPTURE FILE
	classify "$2" | tests/lib/jsonq '"\n".join("\t".join([f["l4"], f["server"], str(f["server_port"]),
		f["service"] or "-", f["feature"] or "-", "yes" if f["encrypted"] else "no",
		"+".join(f["via"]) or "-", f["domain"] or "-"])
		for f in (d if isinstance(d, list) else [d]))' | sed "s/^/$1\t/" | LC_ALL=C sort
}

for file in "$CAPTURES"/*.pcap; do
	name=$(basename "$file" .pcap)
	is "$(rows "$name" "$file")" "$(grep -P "^$name\t" "$CAPTURES/labels.tsv" | LC_ALL=C sort)" \
		"$name: each flow is what its peers were"
done
is "$(cut -f1 "$CAPTURES/labels.tsv" | grep -v '^#' | sort -u)" \
	"$(basename -a -s .pcap "$CAPTURES"/*.pcap | sort)" "all captures have labels, and all labels a capture"

classify "$CAPTURES"/*.pcap > "$SCRATCH/once"
classify "$CAPTURES"/*.pcap > "$SCRATCH/again"
check "the same to the byte, every time" cmp "$SCRATCH/once" "$SCRATCH/again"
num "$(grep -c . "$SCRATCH/once")" -gt 20 "and it is not nothing"
classify - < "$CAPTURES/xmpp.pcap" > "$SCRATCH/piped"
classify "$CAPTURES/xmpp.pcap" > "$SCRATCH/named"
check "through a pipe as from a file" cmp "$SCRATCH/piped" "$SCRATCH/named"

# --- the same packets in another dress ----------------------------------------------------
cat > "$SCRATCH/dress.py" <<'EOF'
"""Writes an Ethernet capture again with another link layer, or as pcapng: dress.py HOW IN OUT."""
import struct
import sys

how, source, target = sys.argv[1:]
data = open(source, "rb").read()
order = "<" if data[:4] == b"\xd4\xc3\xb2\xa1" else ">"
WLAN = b"\x08\x01\0\0\2\0\0\0\0\1\2\0\0\0\0\2\2\0\0\0\0\3\0\0\xaa\xaa\3\0\0\0"
DRESS = {
    "raw": (101, lambda f: f[14:]),
    "sll": (113, lambda f: b"\0\4\0\1\0\6\2\0\0\0\0\1\0\0" + f[12:]),
    "sll2": (276, lambda f: f[12:14] + b"\0\0\0\0\0\3\0\1\4\6\2\0\0\0\0\1\0\0" + f[14:]),
    "radiotap": (127, lambda f: b"\0\0\x0a\0\0\0\0\0\0\0" + WLAN + f[12:]),
    "pcapng": (1, lambda f: f),
}
link, dress = DRESS[how]


def block(kind, body):
    body += bytes(-len(body) % 4)
    size = struct.pack("<I", len(body) + 12)
    return struct.pack("<I", kind) + size + body + size


with open(target, "wb") as out:
    if how == "pcapng":
        out.write(block(0x0a0d0d0a, struct.pack("<IHHq", 0x1a2b3c4d, 1, 0, -1)))
        out.write(block(1, struct.pack("<HHI", link, 0, 65535)))
    else:
        out.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 262144, link))
    at = 24
    while at < len(data):
        sec, usec, kept, size = struct.unpack(order + "4I", data[at:at + 16])
        frame = dress(data[at + 16:at + 16 + kept])
        at += 16 + kept
        if how == "pcapng":
            stamp = sec * 1000000 + usec
            out.write(block(6, struct.pack("<5I", 0, stamp >> 32, stamp & 0xffffffff, len(frame),
                                           len(frame)) + frame))
        else:
            out.write(struct.pack("<4I", sec, usec, len(frame), len(frame)) + frame)
EOF
for how in raw sll sll2 radiotap pcapng; do
	for name in xmpp6 quic connect; do
		python3 "$SCRATCH/dress.py" $how "$CAPTURES/$name.pcap" "$SCRATCH/$name.$how"
		classify "$CAPTURES/$name.pcap"
	done > "$SCRATCH/plain"
	classify "$SCRATCH/xmpp6.$how" "$SCRATCH/quic.$how" "$SCRATCH/connect.$how" > "$SCRATCH/dressed"
	check "as $how: the same rows" cmp "$SCRATCH/plain" "$SCRATCH/dressed"
done
done_testing
