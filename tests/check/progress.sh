#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-only
# The bar of "imctl classify" on long files: on a terminal it grows to 100% and ends its line;
# elsewhere, with --quiet and with --json there is none.

. "$(dirname "$0")/../lib/tap.sh"
[ -x "$IMCTL" ] || skip_all "no $IMCTL"
scratch

# 60,000 packets of recorded talk, one after another.
python3 - "$SCRATCH/long.pcap" tests/captures/*.pcap <<'EOF'
import sys
heads = [open(name, "rb").read() for name in sys.argv[2:]]
with open(sys.argv[1], "wb") as out:
    out.write(heads[0][:24])
    for _ in range(250):
        for data in heads:
            out.write(data[24:])
EOF

# on_terminal COLUMNS ARGUMENTS...: what imctl writes on a terminal of that width.
cat > "$SCRATCH/terminal.py" <<'EOF'
import fcntl, os, pty, struct, sys, termios
columns, command = int(sys.argv[1]), sys.argv[2:]
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("4H", 24, columns, 0, 0))
    os.dup2(os.open("/dev/null", os.O_WRONLY), 1)
    os.execv(command[0], command)
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    sys.stdout.write(data.decode())
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
EOF
on_terminal() {
	python3 "$SCRATCH/terminal.py" "$1" "$IMCTL" "${@:2}" classify --signatures signatures "$SCRATCH/long.pcap"
}

shown=$(on_terminal 100)
is $? 0 "classify on a terminal"
shown=$(printf '%s' "$shown" | tr '\r' '\n' | grep -v '^$')
num "$(printf '%s\n' "$shown" | grep -c .)" -ge 2 "the bar is drawn more than once"
like "$(printf '%s\n' "$shown" | head -1)" '\[#*  *\] +[0-9]{1,2}% +[0-9]+:[0-9]{2} left' "it begins with room in it"
like "$(printf '%s\n' "$shown" | tail -1)" '\[#+\] 100% +0:00 left' "and ends full"
num "$(printf '%s\n' "$shown" | awk '{ if (length($0) > n) n = length($0) } END { print n }')" -le 100 \
	"it fits the terminal"
# The parts of it never go back.
check "it only grows" sh -c "printf '%s\n' '$shown' | grep -o '[0-9]*%' | tr -d % | sort -nc"
is "$(on_terminal 100 --quiet)" "" "--quiet: none"
is "$(on_terminal 100 --json)" "" "--json: none"
"$IMCTL" classify --signatures signatures "$SCRATCH/long.pcap" 2>"$SCRATCH/err" >/dev/null
is "$(cat "$SCRATCH/err")" "" "no terminal: none"
done_testing
