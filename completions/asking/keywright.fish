function __keywright_complete
    set -l words (commandline --current-process --tokenize --cut-at-cursor)
    set -l current (commandline --current-token --cut-at-cursor)
    set -l answers (COMPLETE=fish keywright -- $words "$current" 2>/dev/null)
    if test "$answers[1]" = \tcommand
        set -e words[1..(contains --index -- -- $words)]
        complete --do-complete (string join ' ' -- (string escape -- $words) "$current")
    else if set -q answers[1]
        printf '%s\n' $answers
    end
end
complete --command keywright --keep-order --exclusive --arguments '(__keywright_complete)'
