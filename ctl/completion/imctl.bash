# SPDX-License-Identifier: GPL-2.0-only
# Bash completion for imctl; tests/check/words.sh compares it with --help.
# shellcheck shell=bash

_imctl_globals="--json --quiet --verbose --help --version"
_imctl_commands="policy set attach detach restore status stats flows ps monitor agent metrics signatures classify"

# What "policy explain" can be told of a flow.
_imctl_attributes="service= feature= direction= encrypted= local= remote= local_port= remote_port= peer= interface= domain= time= new_flows= new_peers= confidence= exe= exe_sha256= under= comm= user= group= cgroup="

# The words that may follow a command ("attach") or a verb of a noun ("policy load").
_imctl_words() {
	case $1 in
	"") echo "$_imctl_commands" ;;
	policy) echo "check load show diff history rollback explain test sign flush" ;;
	set) echo "list add del replace" ;;
	"policy check") echo "--print" ;;
	"policy load") echo "--dry-run --bpf-only --state-dir" ;;
	"policy sign") echo "--key" ;;
	"policy explain") echo "--policy --flow --pcap --state-dir $_imctl_attributes" ;;
	"policy test") echo "--policy" ;;
	"policy show" | "policy diff" | "policy history" | "policy rollback" | "policy flush") echo "--state-dir" ;;
	attach) echo "--xdp --tc --zone --no-module --signatures" ;;
	detach) echo "--all" ;;
	restore) echo "--state-dir" ;;
	flows) echo "--im --service --process" ;;
	monitor) echo "--count --timeout --log --level --state-dir" ;;
	agent) echo "forget --lines --count --timeout --write --policy --notify --user --state-dir" ;;
	metrics) echo "--output --listen" ;;
	signatures) echo "check list show load" ;;
	classify) echo "--im --explain --signatures" ;;
	"signatures list" | "signatures show" | "signatures load") echo "--signatures" ;;
	esac
}

# Of the host and of imctl itself: nothing is listed here twice.
_imctl_devices() { command ls /sys/class/net 2>/dev/null; }
_imctl_services() {
	imctl signatures list --json 2>/dev/null | sed -n 's/.*"service": *"\([^"]*\)".*/\1/p' | sort -u
}

_imctl_sets() {
	imctl set list --json 2>/dev/null | sed -n 's/.*"set": *"\([^"]*\)".*/\1/p'
}

_imctl_loads() {
	imctl policy history --json 2>/dev/null | sed -n 's/.*"number": *\([0-9]*\).*/\1/p'
}

_imctl_command() {
	local word command="" i
	for ((i = 1; i < COMP_CWORD; i++)); do
		word=${COMP_WORDS[i]}
		case $word in -*) continue ;; esac
		if [ -z "$command" ]; then
			command=$word
		elif [ "$command" = policy ] || [ "$command" = set ] || [ "$command" = signatures ]; then
			command="$command $word"
			break
		fi
	done
	echo "$command"
}

_imctl() {
	local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} command words
	command=$(_imctl_command)
	COMPREPLY=()
	case $previous in
	--xdp) words="native generic" ;;
	--service) words=$(_imctl_services) ;;
	--process) words=$(command ls /proc | grep -E '^[0-9]+$') ;;
	--zone | --count | --timeout | --listen) return ;;
	--output | --write | --key | --policy | --pcap) mapfile -t COMPREPLY < <(compgen -f -- "$current"); return ;;
	--signatures | --state-dir) mapfile -t COMPREPLY < <(compgen -d -- "$current"); return ;;
	*) words="$(_imctl_words "$command") $_imctl_globals" ;;
	esac
	case $command in
	attach | detach) [[ $previous == --* ]] || words="$words $(_imctl_devices)" ;;
	"set "*) [[ $previous == --* ]] || words="$words $(_imctl_sets)" ;;
	"policy rollback") [[ $previous == --* ]] || words="$words $(_imctl_loads)" ;;
	"signatures show") [[ $previous == --* ]] || words="$words $(_imctl_services)" ;;
	esac
	mapfile -t COMPREPLY < <(compgen -W "$words" -- "$current")
	case $command in
	"policy check" | "policy load" | "policy diff" | "policy sign" | "policy test" | "set replace" | "signatures check" | classify)
		[[ $current == -* ]] || mapfile -t -O "${#COMPREPLY[@]}" COMPREPLY < <(compgen -f -- "$current")
		compopt -o filenames 2>/dev/null
		;;
	esac
}
complete -F _imctl imctl
