#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# docs/netlink.md names every command and attribute of the uapi header and no other, and every
# sentence with which the module refuses a request.
. "$(dirname "$0")/../lib/tap.sh"

header=include/uapi/linux/imtc.h
doc=docs/netlink.md

# Those of the enums: not the _UNSPEC that begins one, nor the _MAX after it.
in_header() { sed -n 's/^\t\(IMTC_\(CMD\|A\|[A-Z]*_A\)_[A-Z0-9_]*\),.*/\1/p' "$header" | grep -v '_UNSPEC$' | sort; }
in_doc() { grep -o 'IMTC_\(CMD\|A\|[A-Z]*_A\)_[A-Z0-9_]*' "$doc" | sort -u; }
# Attributes stand in the first column of a table, once: a mention elsewhere is not a description.
described() { sed -n 's/^| `\(IMTC_[A-Z0-9_]*\)` |.*/\1/p' "$doc" | sort; }
sentences() {
	grep -hv '^ \*' kmod/netlink_rule.c kmod/netlink_policy.c kmod/netlink_attr.c kmod/policy.c \
		kmod/transaction.c kmod/policy_set.c kmod/netlink_set.c \
		kmod/policy_words.c include/imtc/policy_words.h | grep -o '"[A-Z][^"%]* [^"%]*"' | tr -d '"' | sort -u
}
# Families of sentences are abbreviated: "... NAME" stands for one that begins as its neighbour.
unsaid() {
	local sentence
	sentences | while read -r sentence; do
		grep -qF "\`$sentence\`" "$doc" || grep -qF "\`... ${sentence##* }\`" "$doc" ||
			grep -qF "\`${sentence%%:*}: ...\`" "$doc" || echo "$sentence"
	done
}

num "$(in_header | wc -l)" -gt 80 "the header is understood"
is "$(comm -23 <(in_header) <(described))" "" "every command and attribute is described"
is "$(comm -13 <(in_header) <(in_doc))" "" "nothing is named that is not there"
is "$(described | uniq -d)" "" "none is described twice"
num "$(sentences | wc -l)" -gt 30 "the module's sentences are found"
is "$(unsaid)" "" "every sentence of the module is there"
done_testing
