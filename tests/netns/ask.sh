#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The verdict "ask" and the agent that answers, with real traffic. IMTC_ENGINE= leaves the verdicts
# to the module, which knows the processes.
# timeout: 180

. "$(dirname "$0")/../lib/tap.sh"
. "$IMTC_TOP/tests/lib/netns.sh"
own_mounts "$@"
scratch
netns_new client server
netns_link client server 1
TALK=$IMTC_TOP/tests/lib/talk.py
ENGINE=${IMTC_ENGINE---no-module}
AGENT=
imctl() { imctl_in client "$@"; }
field() { python3 -c "import json,sys; d=json.load(sys.stdin); print($1)"; }
in_ns server python3 "$TALK" server :: 7000 &
netns_wait_port server 7000
# shellcheck disable=SC2086 # none, or one word
check "attach" imctl attach toserver $ENGINE

policy() {
	printf '%s\n' "$1" > "$SCRATCH/policy.conf"
	imctl policy load "$SCRATCH/policy.conf" > "$SCRATCH/load.out" 2>&1 ||
		not_ok "the policy loads" "$1" "$(cat "$SCRATCH/load.out")"
}

# talks NAME ADDRESS: in the background; its last word goes to $SCRATCH/NAME.
talks() {
	in_ns client timeout 60 python3 "$TALK" client "$2" 7000 --opening irc --messages 1 \
		--limit "${LIMIT:-40}" 2>&1 | sed 's/.*, //' > "$SCRATCH/$1" &
}
ends() { wait_for -t 45 grep -q . "$SCRATCH/$1"; cat "$SCRATCH/$1"; }

# The agent's lines come to $SCRATCH/agent; what is said to it goes to descriptor 8.
agent() {
	rm -f "$SCRATCH/said"
	mkfifo "$SCRATCH/said"
	exec 8<>"$SCRATCH/said"
	# Not by imctl_in: what is ended is the agent, not a shell around it.
	nsenter --net="/run/netns/$(ns client)" "$IMCTL" agent "$@" <&8 8>&- \
		> "$SCRATCH/agent" 2>&1 &
	AGENT=$!
}
agent_ends() { kill "$AGENT"; wait "$AGENT" 2>/dev/null; exec 8>&-; }
# waits NUMBER: the flow is shown.
waits() { wait_for -t 20 grep -q "^$1 irc/" "$SCRATCH/agent"; }

# --- nobody is there ---------------------------------------------------------------------------
held() { imctl stats --json | field "[o['count'] for o in d['outcomes'] if o['outcome']=='held'][0]"; }
policy 'rules = ( { service = "irc"; verdict = "ask"; timeout = 2; otherwise = "allow"; } );'
talks a 10.77.1.2
is "$(ends a)" ok "nobody answers: the rule allows it when its time is over"
num "$(held)" -ge 1 "what it sent meanwhile was held"
is "$(imctl flows --service irc --json | field "d[0]['verdict'] + ' ' + d[0]['reason']")" \
	"pass unanswered" "flows say so"
policy 'rules = ( { service = "irc"; verdict = "ask"; timeout = 2; } );'
talks a fd77:1::2
is "$(ends a)" reset "and where the rule says nothing else it is rejected"

# --- an agent is there --------------------------------------------------------------------------
policy 'rules = ( { service = "irc"; verdict = "ask"; timeout = 60; } );'
agent
talks a 10.77.1.2
check "a held flow is shown" waits 1
# Longer than TCP goes on when its own host says that it drops.
sleep 10
like "$(tail -n 1 "$SCRATCH/agent")" '^1 irc/chat 10\.77\.1\.1:[0-9]+ -> 10\.77\.1\.2:7000 .* rule 1, (60|5[0-9]) s' \
	"with its ends, its rule and its time"
echo "1 allow" >&8
is "$(ends a)" ok "allowed, it goes on"
like "$(tail -n 1 "$SCRATCH/agent")" '^1 answered allow once' "the agent says so"
is "$(imctl flows --service irc --json | field "sorted({f['reason'] for f in d if f['verdict']=='pass'})")" \
	"['answer', 'unanswered']" "flows tell an answer from its lack"
talks a fd77:1::2
check "once is once: the next is held again" waits 2
echo "2 deny" >&8
is "$(ends a)" reset "denied, it is cut off"
echo "2 deny" >&8
check "an answer to what does not wait is refused" wait_for grep -q 'no flow 2 waits' "$SCRATCH/agent"
echo "maybe" >&8
check "and what is none, with what is expected" \
	wait_for grep -q '"maybe" is no answer; expected: NUMBER allow|deny' "$SCRATCH/agent"
agent_ends

# --- processes -----------------------------------------------------------------------------------
# One process with two flows; only the module knows that they are one's.
cat > "$SCRATCH/two.py" <<'EOF'
import socket, sys
for _ in range(2):
    with socket.create_connection((sys.argv[1], 7000)) as s:
        s.settimeout(40)
        s.sendall(b"NICK alice\r\nUSER alice 0 * :Alice\r\n")
        print("ok" if s.recv(4096) else "closed", flush=True)
EOF
agent --json
in_ns client timeout 90 python3 "$SCRATCH/two.py" 10.77.1.2 > "$SCRATCH/two" 2>&1 &
check "a held flow, as JSON" wait_for -t 20 grep -q '"event": *"held"' "$SCRATCH/agent"
if [ -n "$ENGINE" ]; then
	echo "1 allow process" >&8
	check "without the module no process is known" \
		wait_for grep -q 'process is not known' "$SCRATCH/agent"
	is "$(imctl agent forget)" "0 answers forgotten" "nothing is remembered"
	echo "1 deny" >&8
	check "it is denied" wait_for grep -q '"answered"' "$SCRATCH/agent"
else
	is "$(head -n 1 "$SCRATCH/agent" | field "d['exe'].split('/')[-1][:6]")" python "its program is named"
	echo "1 allow process" >&8
	check "both flows of the process go on" wait_for -t 60 sh -c "[ \$(grep -c ok '$SCRATCH/two') = 2 ]"
	is "$(grep -c '"event": *"held"' "$SCRATCH/agent")" 1 "the second was not asked about"
	is "$(imctl agent forget)" "1 answer forgotten" "the answer is forgotten"
fi
agent_ends

# What follows is the same whoever judges.
[ -n "$ENGINE" ] || done_testing

# --- on a terminal -------------------------------------------------------------------------------
tmux() { command tmux -S "$SCRATCH/tmux" -f /dev/null "$@"; }
on_screen() { tmux capture-pane -p 2>/dev/null | grep -qE -e "$1"; }
if ! command -v tmux > /dev/null; then
	skip "the agent's screen" "no tmux"
else
	talks a 10.77.1.2
	tmux new-session -d -x 150 -y 24 "nsenter --net=/run/netns/$(ns client) '$IMCTL' agent"
	on_exit "command tmux -S '$SCRATCH/tmux' kill-server"
	check "the screen lists a held flow" wait_for -t 20 on_screen ' s  irc/chat  .* 10\.77\.1\.2:7000 '
	tmux send-keys d
	is "$(ends a)" reset "a key denies it"
	check "the screen says what became of it" wait_for on_screen 'answered: reject once'
	tmux send-keys q
	check "and ends" wait_for sh -c "! command tmux -S '$SCRATCH/tmux' has-session 2>/dev/null"
fi

# --- for ever ------------------------------------------------------------------------------------
cat > "$SCRATCH/policy.conf" <<EOF
rules = (
@include "$SCRATCH/answers.conf"
	{ name = "ask"; service = "irc"; verdict = "ask"; timeout = 60; }
);
EOF
: > "$SCRATCH/answers.conf"
check "a policy that includes answers" imctl policy load "$SCRATCH/policy.conf"
agent --write "$SCRATCH/answers.conf" --policy "$SCRATCH/policy.conf" --count 1
talks a 10.77.1.2
check "a flow is held" waits 1
echo "1 deny always" >&8
is "$(ends a)" reset "denied"
wait "$AGENT"
is $? 0 "the agent ends after --count flows"
exec 8>&-
like "$(cat "$SCRATCH/answers.conf")" 'service = "irc"; .*verdict = "reject"; },$' "a rule is written"
is "$(imctl policy show --json | field "[r['verdict'] for r in d['rules']]")" "['reject', 'ask']" \
	"and runs"
talks a 10.77.1.2
is "$(ends a)" reset "the next is cut off without a question"
done_testing
