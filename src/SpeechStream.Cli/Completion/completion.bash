_speechstream() {
  local IFS=$'\n' word="${COMP_WORDS[COMP_CWORD]}" before="${COMP_WORDS[COMP_CWORD-1]}" line found
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then line="$word"
  elif [[ $word == -* ]] || ((COMP_CWORD == 2)); then line="${COMP_WORDS[1]} $word"
  elif [[ $before == -* ]]; then line="${COMP_WORDS[1]} $before $word"
  else return; fi
  found="$("${COMP_WORDS[0]}" "[suggest:${#line}]" "$line" 2>/dev/null)"
  [[ $word == -* ]] || found="$(grep -v '^[-/]' <<<"$found")"
  COMPREPLY=($(compgen -W "$found" -- "$word"))
}
complete -o bashdefault -o default -F _speechstream speechstream
