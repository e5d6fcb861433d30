function __speechstream_complete
    set -l words (commandline -opc)
    set -l word (commandline -ct)
    set -l line
    if test (count $words) -eq 1
        set line "$word"
    else if string match -q -- '-*' "$word"; or test (count $words) -eq 2
        set line "$words[2] $word"
    else if string match -q -- '-*' "$words[-1]"
        set line "$words[2] $words[-1] $word"
    else
        return
    end
    set -l found (speechstream "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null)
    string match -q -- '-*' "$word"; or set found (string match -rv -- '^[-/]' $found)
    string join \n -- $found
end
complete -c speechstream -a '(__speechstream_complete)'
