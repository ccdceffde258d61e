# SPDX-License-Identifier: GPL-2.0-only
"""compare.py TRUTH FLOWS: the owners that imctl flows --json names against who really spoke.

TRUTH has a line a flow, "l4 family client-port pid way"; of two with the same ends the later
counts. Exit 0 when each is among the flows with that owner; else the differences by way and kind
"""
import collections
import json
import sys


def main():
    truth = {}
    with open(sys.argv[1], encoding="ascii") as lines:
        for line in lines:
            l4, family, port, pid, way = line.split()
            truth[(l4, int(family), int(port))] = (int(pid), way)
    with open(sys.argv[2], encoding="utf-8") as text:
        flows = json.load(text)
    # A process that was gone before its handshake was done has said nothing on the wire: its
    # flow has no label, and no verdict was asked for it.
    silent = {(f["l4"], f["family"], f["client_port"]) for f in flows if f["service"] == "none"}
    seen = {(f["l4"], f["family"], f["client_port"]): f.get("pid") if f["owner"] else None for f in flows}
    wrong = collections.Counter()
    examples = {}
    for key, (pid, way) in truth.items():
        owner = seen.get(key, "no flow")
        if owner == pid or key in silent:
            continue
        kind = "no flow" if owner == "no flow" else "no owner" if owner is None else "wrong owner"
        wrong[(way, kind)] += 1
        examples.setdefault((way, kind), (key, pid, owner))
    if wrong:
        for (way, kind), count in sorted(wrong.items()):
            print(f"{way}: {kind}: {count} of {len(truth)}, as {examples[(way, kind)]}")
        sys.exit(1)
    silent &= truth.keys()
    if len(silent) * 50 > len(truth):
        sys.exit(f"{len(silent)} of {len(truth)} flows never spoke")
    print(f"{len(truth)} flows, {len(silent)} of them never spoke")


main()
