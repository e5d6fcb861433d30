_speechstream() {
  local word="$words[CURRENT]" before="$words[CURRENT-1]" line
  local -a found
  if (( CURRENT == 2 )); then line="$word"
  elif [[ $word == -* ]] || (( CURRENT == 3 )); then line="$words[2] $word"
  elif [[ $before == -* ]]; then line="$words[2] $before $word"
  else _files; return; fi
  found=(${(f)"$($words[1] "[suggest:${#line}]" "$line" 2>/dev/null)"})
  [[ $word == -* ]] || found=(${found:#[-/]*})
  compadd -a found || _files
}
compdef _speechstream speechstream
