# bash completion for smtpulse; what can be said comes from --help
_smtpulse()
{
	local word=$2 before=$3 command=${COMP_WORDS[1]}

	COMPREPLY=()
	if ((COMP_CWORD == 1)); then
		COMPREPLY=($(compgen -W "--help --version $("$1" --help |
		    sed -n 's/^  \([a-z][a-z]*\)  .*/\1/p')" -- "$word"))
		return
	fi
	case $before in
	--mta)
		COMPREPLY=($(compgen -W 'auto postfix exim sendmail' \
		    -- "$word"))
		return
		;;
	--format)
		COMPREPLY=($(compgen -W 'events alerts metrics accounting' \
		    -- "$word"))
		return
		;;
	esac
	case $word in
	-*)
		COMPREPLY=($(compgen -W "--help $("$1" "$command" --help |
		    sed -n '/^  -/p' | grep -o -e '--*[a-z-]*')" -- "$word"))
		return
		;;
	esac
	compopt -o default 2>/dev/null
}
complete -F _smtpulse smtpulse
