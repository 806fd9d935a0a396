# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_keywright_global_optspecs
    string join \n p/profile= project= json q/quiet y/yes no-input v/verbose timeout= color= sandbox h/help V/version
end

function __fish_keywright_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_keywright_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_keywright_using_subcommand
    set -l cmd (__fish_keywright_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c keywright -n "__fish_keywright_needs_command" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_needs_command" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_needs_command" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_needs_command" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_needs_command" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_needs_command" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_needs_command" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_needs_command" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_needs_command" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_needs_command" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_needs_command" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "login" -d 'Log in: with a key, a token, email and password, a browser or a code'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "logout" -d 'Delete the stored credentials; revokes nothing at the service'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "whoami" -d 'Show who you are logged in as, with what, and until when'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "profiles" -d 'List, show, select, move and remove profiles'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "profile" -d 'List, show, select, move and remove profiles'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "doctor" -d 'Check the credential store, paths, proxy and clock'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "keys" -d 'Create, list, show, change, verify, rotate and revoke keys'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "rotate" -d 'Replace a key: create, deliver and verify a new one, then revoke the old one'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "rotations" -d 'List, resume, abort or undo unfinished rotations, and show the log'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "exchange" -d 'Exchange the long-lived key, or the identity of a job, for a short-lived token, and store it'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "refresh" -d 'Get a new access token, and store it'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "token" -d 'Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "exec" -d 'Run a command with a valid credential or a temporary key in its environment'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "env" -d 'Print the environment variables that `exec` would set, for a shell to read'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "credential" -d 'Serve credentials to git, AWS tools, kubectl or docker'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "api" -d 'Send a request with the profile\'s credential and print the response unchanged'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "audit" -d 'Audit all profiles for old, unused, over-privileged, expiring or exposed keys'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "trust" -d 'Trust a project file or the programs of a manifest, and list what it may do'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "providers" -d 'List, show, add and check service providers'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "destinations" -d 'List, show and check the places that keys are delivered to'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "state" -d 'Show where journal, locks and staged secrets are kept, or move them'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "unlock" -d 'Open the encrypted file for a time: commands then ask for no passphrase'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "lock" -d 'Forget what `keywright unlock` keeps'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "identity" -d 'Make an age identity, which opens the encrypted file without a passphrase'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "completions" -d 'Print a shell completion script for commands, flags, keys and profiles'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "man" -d 'Show a manual page, or write every page to a folder'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "version" -d 'Print the version'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "sandbox" -d 'Serve the embedded copy of the services and print its URLs'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand login" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand login" -l email -d 'Email to log in with; the password is prompted for, or read from stdin' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l set -d 'Variable that the service needs, such as `org_id=…` (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l base-url -d 'URL to use instead of the service\'s own, for all of its base URLs or the named one (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l store -d 'Store for the secret' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l with-key -d 'Read a key from stdin'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l with-token -d 'Read a token from stdin'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l device -d 'Log in with a code that you enter on any device'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l web -d 'Log in in a browser; without one here, with a code for another device'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l all -d 'Log out of all profiles'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l revoke -d 'Revoke the credential at the service first'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand whoami" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l check -d 'Test the credentials at their services; exits with an error if any fails'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "show" -d 'Show a profile, and the source of each value'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "move" -d 'Move a profile\'s secrets to another store'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "remove" -d 'Remove a profile and delete its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l check -d 'Test the credentials at their services; exits with an error if any fails'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l check -d 'Test the credentials at the service'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l store -d 'Store to move the secrets to' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile, and the source of each value'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "move" -d 'Move a profile\'s secrets to another store'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a profile and delete its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -l check -d 'Test the credentials at their services; exits with an error if any fails'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "show" -d 'Show a profile, and the source of each value'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "move" -d 'Move a profile\'s secrets to another store'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "remove" -d 'Remove a profile and delete its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and not __fish_seen_subcommand_from list show use move remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -l check -d 'Test the credentials at their services; exits with an error if any fails'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -l check -d 'Test the credentials at the service'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l store -d 'Store to move the secrets to' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from move" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile, and the source of each value'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "move" -d 'Move a profile\'s secrets to another store'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a profile and delete its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profile; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l fix -d 'Repair modes and owners of files, and remove stale locks and remains'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l sort -d 'Column to sort by' -r -f -a "name\t'The name'
id\t'The id'
profile\t'The profile'
status\t'The status'
created\t'Creation time, the oldest first'
expires\t'Expiry, the soonest first'
last-used\t'Last use, the longest unused first'
usage\t'Number of requests, the fewest first'
cost\t'Cost, the lowest first'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l limit -d 'The most keys to list, counted after sorting' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l older-than -d 'Only keys created longer ago than this' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l unused-for -d 'Only keys not used for this long' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l expires-within -d 'Only keys that expire within this time' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l all-profiles -d 'List the keys of all profiles'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -l reverse -d 'Reverse the order'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "create" -d 'Create a key and print it once'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "new" -d 'Create a key and print it once'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "list" -d 'List the keys'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "ls" -d 'List the keys'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "show" -d 'Show a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "rename" -d 'Rename a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "enable" -d 'Enable a disabled key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "disable" -d 'Disable a key until it is enabled again'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "set" -d 'Change fields of a key, such as its scopes or its expiry'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "rotate" -d 'Replace a key: create, deliver and verify a new one, then revoke the old one'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "revoke" -d 'Revoke keys permanently'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "rm" -d 'Revoke keys permanently'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "delete" -d 'Revoke keys permanently'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "status" -d 'Show whether a key exists, and how many are allowed'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "verify" -d 'Test a key at the service; exits with an error if it does not work'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create new list ls show rename enable disable set rotate revoke rm delete status verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l scope -d 'Scope to grant (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l expires -d 'Expiry: 90d, 2027-01-31 or never' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l set -d 'Additional field for the service (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l to -d 'Destination of the new key instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l web -d 'Open the page on which you create the key by hand, at a service without a call for it'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l scope -d 'Scope to grant (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l expires -d 'Expiry: 90d, 2027-01-31 or never' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l set -d 'Additional field for the service (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l to -d 'Destination of the new key instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -l web -d 'Open the page on which you create the key by hand, at a service without a call for it'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l sort -d 'Column to sort by' -r -f -a "name\t'The name'
id\t'The id'
profile\t'The profile'
status\t'The status'
created\t'Creation time, the oldest first'
expires\t'Expiry, the soonest first'
last-used\t'Last use, the longest unused first'
usage\t'Number of requests, the fewest first'
cost\t'Cost, the lowest first'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l limit -d 'The most keys to list, counted after sorting' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l older-than -d 'Only keys created longer ago than this' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l unused-for -d 'Only keys not used for this long' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l expires-within -d 'Only keys that expire within this time' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l all-profiles -d 'List the keys of all profiles'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l reverse -d 'Reverse the order'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l sort -d 'Column to sort by' -r -f -a "name\t'The name'
id\t'The id'
profile\t'The profile'
status\t'The status'
created\t'Creation time, the oldest first'
expires\t'Expiry, the soonest first'
last-used\t'Last use, the longest unused first'
usage\t'Number of requests, the fewest first'
cost\t'Cost, the lowest first'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l limit -d 'The most keys to list, counted after sorting' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l older-than -d 'Only keys created longer ago than this' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l unused-for -d 'Only keys not used for this long' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l expires-within -d 'Only keys that expire within this time' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l all-profiles -d 'List the keys of all profiles'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -l reverse -d 'Reverse the order'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from ls" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from enable" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from disable" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from set" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l to -d 'Destination of the new key: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l strategy -d 'Rotation strategy [default: the provider\'s]' -r -f -a "overlap\t'Create, deliver and verify the new key, then revoke the old one'
replace\t'Creating the new key invalidates the old one'
atomic\t'One call creates the new key and revokes the old one'
slots\t'The slot that is not in use gets a new key, then the other one is renewed'
manual\t'You create the new key by hand and paste it'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l grace -d 'Time for which the old key stays valid after the rotation' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l retire -d 'Keep the old key until it is unused for a time: when-unused or when-unused=24h' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l scope -d 'Scope of the new key [default: those of the old one] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l expires -d 'Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l set -d 'Additional field of the new key [default: that of the old one] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l plan -l dry-run -d 'Print the steps and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l due -d 'Rotate all keys of keywright.toml that are due'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l repair -d 'Write the current key again to destinations of keywright.toml that no longer hold it'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l dry-run -d 'Show which keys would be revoked, and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -l dry-run -d 'Show which keys would be revoked, and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rm" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show which keys would be revoked, and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a key and print it once'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the keys'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Rename a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "enable" -d 'Enable a disabled key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "disable" -d 'Disable a key until it is enabled again'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "set" -d 'Change fields of a key, such as its scopes or its expiry'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Replace a key: create, deliver and verify a new one, then revoke the old one'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'Revoke keys permanently'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show whether a key exists, and how many are allowed'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Test a key at the service; exits with an error if it does not work'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l to -d 'Destination of the new key: `file:PATH`, `dotenv:PATH#VAR`, … (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l strategy -d 'Rotation strategy [default: the provider\'s]' -r -f -a "overlap\t'Create, deliver and verify the new key, then revoke the old one'
replace\t'Creating the new key invalidates the old one'
atomic\t'One call creates the new key and revokes the old one'
slots\t'The slot that is not in use gets a new key, then the other one is renewed'
manual\t'You create the new key by hand and paste it'"
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l grace -d 'Time for which the old key stays valid after the rotation' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l retire -d 'Keep the old key until it is unused for a time: when-unused or when-unused=24h' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l scope -d 'Scope of the new key [default: those of the old one] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l expires -d 'Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l set -d 'Additional field of the new key [default: that of the old one] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l plan -l dry-run -d 'Print the steps and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l due -d 'Rotate all keys of keywright.toml that are due'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -l repair -d 'Write the current key again to destinations of keywright.toml that no longer hold it'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotate" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "list" -d 'List unfinished rotations'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "show" -d 'Show the progress of a rotation and the next step'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "resume" -d 'Resume a rotation, or search for a key whose response was lost'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "abort" -d 'Abort a rotation: revoke the new key and keep the old one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "undo" -d 'Restore the old key everywhere while it is still valid, and revoke the new one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "log" -d 'Show what was done with keys, when and by whom, and prove that nothing of it was changed'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo log help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l raw -d 'Print the saved response that could not be parsed, decrypted; it may contain the key'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l since -d 'Only events of this last time' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from log" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "list" -d 'List unfinished rotations'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the progress of a rotation and the next step'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Resume a rotation, or search for a key whose response was lost'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "abort" -d 'Abort a rotation: revoke the new key and keep the old one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Restore the old key everywhere while it is still valid, and revoke the new one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "log" -d 'Show what was done with keys, when and by whom, and prove that nothing of it was changed'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l identity -d 'Exchange the identity token of this job: its source' -r
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand token" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand token" -l min-ttl -d 'Minimum remaining lifetime of the token' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l header -d 'Print it as an HTTP header'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l env -d 'Environment variable for the credential, and the profile that it is of [default: `API_KEY`] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l scope -d 'Scope to grant to the leased key (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l expires -d 'Expiry of the leased key: 1h or 2027-01-31 [default: one day, if the service supports it]' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l lease -d 'Create a key for this command only, and revoke it afterwards'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand env" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand env" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand env" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand env" -l format -d 'Form of the output' -r -f -a "sh\t'For sh, bash, dash, zsh and ksh'
fish\t'For fish'
powershell\t'For `PowerShell`'
dotenv\t'Lines of a dotenv file'
json\t'One JSON object'"
complete -c keywright -n "__fish_keywright_using_subcommand env" -l env -d 'Environment variable for the credential, and the profile that it is of [default: `API_KEY`] (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand env" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand env" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand env" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand env" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "git" -d 'Serve git, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "aws" -d 'Serve the AWS SDKs\' `credential_process`, for credentials that are an access key id and secret'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "k8s" -d 'Serve kubectl with an `ExecCredential`'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "docker" -d 'Serve docker, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l username -d 'User name to return if git names none' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l username -d 'User name to return' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "git" -d 'Serve git, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "aws" -d 'Serve the AWS SDKs\' `credential_process`, for credentials that are an access key id and secret'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "k8s" -d 'Serve kubectl with an `ExecCredential`'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "docker" -d 'Serve docker, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand api" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand api" -s d -l data -d 'Request body: JSON, @FILE, or - for stdin' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -s H -l header -d 'Additional header (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -s F -l field -d 'Field of the body, or of the query with GET: true, false, null, number, @FILE, @- or text (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l base -d 'Name of the base URL to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l tier -d 'Tier to use for this request' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand api" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand api" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand api" -l paginate -d 'Read all pages of a list'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l fail-on -d 'Exit with 1 if there is a finding at this level or above' -r -f -a "info\t'Good to know'
warning\t'Should be fixed'
error\t'Needs action now'"
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l provider -d 'Provider whose manifest may run its programs' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l show -d 'Only list what it may do; do not trust it'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l revoke -d 'Withdraw the trust'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "list" -d 'List the providers'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "show" -d 'Show the operations that a service supports'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "new" -d 'Write a manifest for a new service from a few answers, or from the description of its API'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "check" -d 'Validate a manifest, replay its examples and report coverage'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "schema" -d 'Print the JSON Schema of manifests, for editors; the reference is keywright-manifest(5)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l manifest -d 'Print the manifest instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l from -d 'Description of its API to write it from, YAML or JSON (3.0, 3.1 or Swagger 2), or - for stdin' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l resource -d 'Path in that document under which the keys are [default: the likeliest]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l title -d 'Display name of the service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l url -d 'Base URL: https://…, with `{var.NAME}` for a part that differs between users' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l variable -d 'Title of a variable that a URL, a path or a header names as `{var.NAME}` (repeatable) [default: its name]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l with-header -d 'Header of every call beside the key: `X-Org-Id: {var.org}` (repeatable)' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l header -d 'Header that carries the key, with its scheme: `X-Api-Key`, `Authorization: Bearer`' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l query -d 'Query parameter that carries the key' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l basic -d 'Part of HTTP Basic that carries the key' -r -f -a "user\t'Before the colon'
password\t'After the colon'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l part -d 'Part of a key that has several, in its own header or, without any, in HTTP Basic (repeatable)' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l login -d 'Request that logs in with a user and a password, for a token [default method: POST]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l login-user -d 'Body field for the user [default: /email]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l login-password -d 'Body field for the password [default: /password]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l exchange -d 'Request that exchanges the key for a token [default method: POST]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l token -d 'JSON Pointer to the token in its response' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l token-expiry -d 'JSON Pointer to the expiry of the token, and its format: `/expires_in=seconds`' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l token-header -d 'Header that carries the token [default: `Authorization: Bearer`]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l list -d 'Request that lists keys [default method: GET]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l items -d 'JSON Pointer to the list in its response [default: the whole response]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l id -d 'JSON Pointer to the id of a key' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l named -d 'JSON Pointer to the name of a key' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l create -d 'Request that creates a key [default method: POST]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret -d 'JSON Pointer to the new secret in its response; of a key in parts to each of them (repeatable)' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l wrapper -d 'JSON Pointer to the object with the new key in its response [default: the whole response]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l expiry -d 'Body field for the expiry of a key, and its format: `/expires_in=seconds`' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l revoke -d 'Request that revokes a key, with `{id}` in it [default method: DELETE]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l verify -d 'Request that tests a key [default: the list request]' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l docs -d 'URL of the API documentation' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l dashboard -d 'URL of the page to manage keys by hand' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l scope -d 'Scope of the temporary key (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l expires -d 'Expiry of the temporary key, as a safety net' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l set -d 'Additional field of the temporary key (can be repeated)' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l all -d 'Check every manifest, built in or your own'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l live -d 'Also run each operation against the live service with a temporary key, revoked afterwards'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l record -d 'Write an example of each operation into the manifest file, with fake values in place of secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l replace -d 'Create the key even if that invalidates the profile\'s login key; the login is updated'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the providers'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the operations that a service supports'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "new" -d 'Write a manifest for a new service from a few answers, or from the description of its API'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "check" -d 'Validate a manifest, replay its examples and report coverage'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the JSON Schema of manifests, for editors; the reference is keywright-manifest(5)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -f -a "list" -d 'List the kinds of destinations'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -f -a "show" -d 'Show how a destination is addressed and reached'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -f -a "check" -d 'Validate a manifest and replay its examples, or test a destination'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and not __fish_seen_subcommand_from list show check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -l manifest -d 'Print the manifest instead'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l all -d 'Check every manifest, built in or your own'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -l live -d 'Ask the place whether it can take a secret, and read what it holds; nothing is written'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the kinds of destinations'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show how a destination is addressed and reached'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from help" -f -a "check" -d 'Validate a manifest and replay its examples, or test a destination'
complete -c keywright -n "__fish_keywright_using_subcommand destinations; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -f -a "move" -d 'Move the log and what is remembered of keys to an engine, or back to the state folder'
complete -c keywright -n "__fish_keywright_using_subcommand state; and not __fish_seen_subcommand_from move help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from move" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from help" -f -a "move" -d 'Move the log and what is remembered of keys to an engine, or back to the state folder'
complete -c keywright -n "__fish_keywright_using_subcommand state; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l for -d 'Time after which it is locked again' -r
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand unlock" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand lock" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -f -a "new" -d 'Write an age X25519 identity to a file, and print its public half'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and not __fish_seen_subcommand_from new help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from help" -f -a "new" -d 'Write an age X25519 identity to a file, and print its public half'
complete -c keywright -n "__fish_keywright_using_subcommand identity; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l static -d 'Print a self-contained script that completes commands and flags only'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand man" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand man" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand man" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand man" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand man" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand man" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand version" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand version" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand version" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand version" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand version" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand version" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand version" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s p -l profile -d 'Profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l project -d 'Project file to use; naming it here trusts it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l timeout -d 'Maximum time to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l color -d 'Colours in the output' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s q -l quiet -d 'Print only results and errors'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l no-input -d 'Never prompt; fail and name the missing flag instead'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s v -l verbose -d 'Log requests and responses, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l sandbox -d 'Use an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "login" -d 'Log in: with a key, a token, email and password, a browser or a code'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "logout" -d 'Delete the stored credentials; revokes nothing at the service'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "whoami" -d 'Show who you are logged in as, with what, and until when'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "profiles" -d 'List, show, select, move and remove profiles'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "doctor" -d 'Check the credential store, paths, proxy and clock'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "keys" -d 'Create, list, show, rename, verify, rotate and revoke keys'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "rotate" -d 'Replace a key; short for `keys rotate`'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "rotations" -d 'List, resume, abort or undo unfinished rotations'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "exchange" -d 'Exchange the long-lived key for a short-lived token, and store it'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "refresh" -d 'Get a new access token, and store it'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "token" -d 'Print a valid access token, refreshing it if needed (or the API key if the service has no tokens)'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "exec" -d 'Run a command with a valid credential or a temporary key in its environment'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "env" -d 'Print the environment variables that `exec` would set, for a shell to read'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "credential" -d 'Serve credentials to git, AWS tools, kubectl or docker'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "api" -d 'Send a request with the profile\'s credential and print the response unchanged'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "audit" -d 'Audit all profiles for old, unused, over-privileged, expiring or exposed keys'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "trust" -d 'Trust a project file or the programs of a manifest, and list what it may do'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "providers" -d 'List, show, add and check service providers'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "destinations" -d 'List, show and check the places that keys are delivered to'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "state" -d 'Show where journal, locks and staged secrets are kept, or move them'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "unlock" -d 'Open the encrypted file for a time: commands then ask for no passphrase'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "lock" -d 'Forget what `keywright unlock` keeps'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "identity" -d 'Make an age identity, which opens the encrypted file without a passphrase'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "completions" -d 'Print a shell completion script for commands, flags, keys and profiles'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "man" -d 'Show the manual page, or write every page to a folder'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "version" -d 'Print the version'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "sandbox" -d 'Serve the embedded copy of the services and print its URLs'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout whoami profiles doctor keys rotate rotations exchange refresh token exec env credential api audit trust providers destinations state unlock lock identity completions man version sandbox help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
