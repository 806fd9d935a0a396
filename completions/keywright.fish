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

complete -c keywright -n "__fish_keywright_needs_command" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_needs_command" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_needs_command" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_needs_command" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_needs_command" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_needs_command" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_needs_command" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_needs_command" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_needs_command" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_needs_command" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "login" -d 'Log in: with a key, a token, or email and password'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "logout" -d 'Forget the credentials kept here; nothing is revoked at the service'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "profiles" -d 'List, show, choose, move and remove profiles'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "doctor" -d 'Say which store is in force and whether a secret can be kept; look at paths, proxy and clock'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "keys" -d 'Create, list, show, rename, verify, rotate and revoke keys'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "rotations" -d 'See what is unfinished, and finish it, give it up or undo it'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "exchange" -d 'Exchange the long-lived key for a short-lived token, and keep it'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "refresh" -d 'Get a new access token, and keep it'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "token" -d 'Print a token that is valid now; where a service has none, the key its calls use'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "exec" -d 'Run a command with a valid credential in its environment, or with a key of its own'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "credential" -d 'Answer git, AWS tools, kubectl or docker when they ask for a credential'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "api" -d 'Send any request with the profile\'s credential and print the answer unchanged'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "audit" -d 'Look at every profile: keys that are old, unused, too powerful, about to end, lying about'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "trust" -d 'Allow a project file, or the programs of a manifest, and say what it may do'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "providers" -d 'List and show the services that are known, and add one'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "completions" -d 'Print the script that makes a shell complete commands, flags, names of keys and profiles'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "man" -d 'Show the manual page, or write every page to a folder'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "sandbox" -d 'Serve the embedded copy of the services and print its addresses'
complete -c keywright -n "__fish_keywright_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand login" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand login" -l email -d 'Log in with this address; the password is asked for, or read from stdin' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l set -d 'A variable that the service needs, such as `org_id=…`' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l base-url -d 'An address in place of the service\'s own, for every base or for one' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l store -d 'Where to keep the secret' -r
complete -c keywright -n "__fish_keywright_using_subcommand login" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l with-key -d 'Read a key from stdin'
complete -c keywright -n "__fish_keywright_using_subcommand login" -l with-token -d 'Read a token from stdin'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand login" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -l all -d 'Every profile'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand logout" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -l check -d 'Ask the services whether the credentials work; the exit code tells'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "show" -d 'Show a profile, and which source is in force for each value'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "move" -d 'Keep a profile\'s secrets in another store'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "remove" -d 'Remove a profile and forget its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and not __fish_seen_subcommand_from list show use move remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -l check -d 'Ask the services whether the credentials work; the exit code tells'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -l check -d 'Ask the service whether the credentials work'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from use" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l store -d 'Where to' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from move" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the profiles'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a profile, and which source is in force for each value'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "use" -d 'Make a profile the default'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "move" -d 'Keep a profile\'s secrets in another store'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove a profile and forget its credentials'
complete -c keywright -n "__fish_keywright_using_subcommand profiles; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l sort -d 'The column to sort by' -r -f -a "name\t'The name'
id\t'The id'
profile\t'The profile'
status\t'The status'
created\t'When it was made, the oldest first'
expires\t'When it ends, the soonest first'
last-used\t'When it was last used, the longest unused first'
usage\t'Requests in all, the fewest first'
cost\t'What it cost, the least first'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l older-than -d 'Only keys created longer ago than this' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l unused-for -d 'Only keys not used for this long' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l expires-within -d 'Only keys that end within this time' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -l all-profiles -d 'The keys of every profile'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "create" -d 'Create a key and print it once'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "list" -d 'List the keys'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "show" -d 'Show a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "rename" -d 'Give a key another name'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "rotate" -d 'Replace a key by a new one: created, delivered and verified before the old one goes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "revoke" -d 'End keys for good'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "status" -d 'Say whether there is a key, and how many there may be'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "verify" -d 'Ask the service whether a key works; the exit code tells'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and not __fish_seen_subcommand_from create list show rename rotate revoke status verify help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l scope -d 'What it may do; may be given several times' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l expires -d 'When it ends: 90d, 2027-01-31 or never' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l set -d 'A further field that the service takes' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l to -d 'Where the new key goes instead of stdout: `file:PATH`, `dotenv:PATH#VAR`, …; may be given several times' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from create" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l sort -d 'The column to sort by' -r -f -a "name\t'The name'
id\t'The id'
profile\t'The profile'
status\t'The status'
created\t'When it was made, the oldest first'
expires\t'When it ends, the soonest first'
last-used\t'When it was last used, the longest unused first'
usage\t'Requests in all, the fewest first'
cost\t'What it cost, the least first'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l older-than -d 'Only keys created longer ago than this' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l unused-for -d 'Only keys not used for this long' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l expires-within -d 'Only keys that end within this time' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -l all-profiles -d 'The keys of every profile'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rename" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l to -d 'Where the new key goes: `file:PATH`, `dotenv:PATH#VAR`, …; may be given several times' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l strategy -d 'Another order of things than the service\'s own' -r -f -a "overlap\t'Create, deliver, verify, revoke the old one'
replace\t'Creating ends the old one'
atomic\t'One call gives the new one and ends the old one'
manual\t'A person creates and pastes'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l grace -d 'How long the old key lives on beside the new one' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l scope -d 'A scope of the new key [default: those of the old one]; can be given several times' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l expires -d 'Expiry of the new key: 90d, 2027-01-31 or never [default: the lifetime of the old one]' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l set -d 'A further field of the new key [default: that of the old one]' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l plan -d 'Print the steps and change nothing'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -l due -d 'Rotate every key of keywright.toml that is due'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from rotate" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from revoke" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "create" -d 'Create a key and print it once'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the keys'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show a key'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "rename" -d 'Give a key another name'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "rotate" -d 'Replace a key by a new one: created, delivered and verified before the old one goes'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "revoke" -d 'End keys for good'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "status" -d 'Say whether there is a key, and how many there may be'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Ask the service whether a key works; the exit code tells'
complete -c keywright -n "__fish_keywright_using_subcommand keys; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "list" -d 'List what is unfinished'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "show" -d 'Show how far one has come, and what is next'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "resume" -d 'Go on where it stopped, or look for a key whose answer was lost'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "abort" -d 'Give one up: revoke the new key, leave the old one, forget it'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "undo" -d 'Put the old value back everywhere while the old key lives, and revoke the new one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and not __fish_seen_subcommand_from list show resume abort undo help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -l raw -d 'Print the answer that was kept and could not be read, decrypted: it may hold the key'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from resume" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from abort" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from undo" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "list" -d 'List what is unfinished'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show how far one has come, and what is next'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "resume" -d 'Go on where it stopped, or look for a key whose answer was lost'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "abort" -d 'Give one up: revoke the new key, leave the old one, forget it'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "undo" -d 'Put the old value back everywhere while the old key lives, and revoke the new one'
complete -c keywright -n "__fish_keywright_using_subcommand rotations; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand exchange" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand refresh" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand token" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand token" -l min-ttl -d 'How long it has to stay valid at least' -r
complete -c keywright -n "__fish_keywright_using_subcommand token" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand token" -l header -d 'Print it as the header that carries it'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand token" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l env -d 'The variable that holds the credential' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l scope -d 'What the leased key may do; may be given several times' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l expires -d 'When the leased key ends at the latest: 1h, 2027-01-31; one day where it is left out and the service can' -r
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -l lease -d 'Create a key for this command alone, and revoke it at the end'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand exec" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "git" -d 'Answer git, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "aws" -d 'Answer the AWS SDKs\' `credential_process`, where the credential is a pair of access key id and secret'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "k8s" -d 'Answer kubectl with an `ExecCredential`'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "docker" -d 'Answer docker, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and not __fish_seen_subcommand_from git aws k8s docker help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l username -d 'The user name to give, where git names none' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from git" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from aws" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from k8s" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l username -d 'The user name to give' -r
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from docker" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "git" -d 'Answer git, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "aws" -d 'Answer the AWS SDKs\' `credential_process`, where the credential is a pair of access key id and secret'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "k8s" -d 'Answer kubectl with an `ExecCredential`'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "docker" -d 'Answer docker, for hosts of the profile only'
complete -c keywright -n "__fish_keywright_using_subcommand credential; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand api" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand api" -s d -l data -d 'The body: JSON, @FILE, or - for stdin' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -s H -l header -d 'A further header' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l base -d 'Which base URL' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l tier -d 'The tier to use for this request' -r
complete -c keywright -n "__fish_keywright_using_subcommand api" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand api" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand api" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand api" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l fail-on -d 'End with 1 where something is found at this level or above' -r -f -a "info\t'Good to know'
warning\t'It will be trouble one day'
error\t'It is trouble now'"
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand audit" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l provider -d 'The provider whose manifest may start its programs' -r
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l show -d 'Say what it may do, and allow nothing'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -l revoke -d 'Allow it no longer'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand trust" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "list" -d 'List the services'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "show" -d 'Show what a service can do'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "new" -d 'Write the manifest of a service of your own, from a few answers'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "check" -d 'Explain every mistake of a manifest, play its examples, and say what they leave out'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "schema" -d 'Print the JSON Schema of manifests, from which editors complete; the reference is keywright-manifest(5)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and not __fish_seen_subcommand_from list show new check schema help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -l manifest -d 'Print its manifest instead'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l title -d 'The service\'s own name' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l url -d 'The address that stands before every path: https://…' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l header -d 'The header that carries a key, and the word before it: `X-Api-Key`, `Authorization: Bearer`' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l query -d 'The parameter of the address that carries a key' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l basic -d 'The half of HTTP Basic that a key is' -r -f -a "user\t'Before the colon'
password\t'After the colon'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l list -d 'The call that lists keys; GET unless said' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l items -d 'Where its answer holds the list: a JSON Pointer; left out, the answer is the list' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l id -d 'Where a key has its id' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l named -d 'Where a key has its name' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l create -d 'The call that creates a key; POST unless said' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l secret -d 'Where its answer holds the new secret' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l expiry -d 'The field of its body that takes the end of a key, and how that is written: `/expires_in=seconds`' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l revoke -d 'The call that revokes a key, with `{id}` in it; DELETE unless said' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l verify -d 'A call that shows whether a key works; left out, the list' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l docs -d 'Where people read about it' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l dashboard -d 'Where people manage keys by hand' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from new" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l scope -d 'A permission of the key that is tried' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l expires -d 'When the key that is tried ends, should all else fail' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l set -d 'A further field of the key that is tried' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l live -d 'Try it at the real service too, with the profile\'s login and a key that is revoked again'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -l replace -d 'Create a key even where that ends the one the profile logs in with; the login follows'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from schema" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "list" -d 'List the services'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show what a service can do'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "new" -d 'Write the manifest of a service of your own, from a few answers'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "check" -d 'Explain every mistake of a manifest, play its examples, and say what they leave out'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "schema" -d 'Print the JSON Schema of manifests, from which editors complete; the reference is keywright-manifest(5)'
complete -c keywright -n "__fish_keywright_using_subcommand providers; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -l static -d 'A script that knows commands and flags by itself, and no names'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand completions" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand man" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand man" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand man" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand man" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand man" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand man" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand man" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s p -l profile -d 'The profile to use' -r
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l project -d 'The project file to use; to name it is to trust it' -r -F
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l timeout -d 'The longest to wait for a service' -r
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l color -d 'When to use colours' -r -f -a "auto\t'At a terminal, unless `NO_COLOR` is set'
always\t'Always'
never\t'Never'"
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l json -d 'Print one JSON value instead of text'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s q -l quiet -d 'Say nothing but the answer and errors'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s y -l yes -d 'Answer every question with yes'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l no-input -d 'Never ask; fail instead, naming the missing flag'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s v -l verbose -d 'Show what goes over the wire, without secrets'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -l sandbox -d 'Work against an embedded copy of the services; nothing leaves this machine'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c keywright -n "__fish_keywright_using_subcommand sandbox" -s V -l version -d 'Print version'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "login" -d 'Log in: with a key, a token, or email and password'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "logout" -d 'Forget the credentials kept here; nothing is revoked at the service'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "profiles" -d 'List, show, choose, move and remove profiles'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "doctor" -d 'Say which store is in force and whether a secret can be kept; look at paths, proxy and clock'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "keys" -d 'Create, list, show, rename, verify, rotate and revoke keys'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "rotations" -d 'See what is unfinished, and finish it, give it up or undo it'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "exchange" -d 'Exchange the long-lived key for a short-lived token, and keep it'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "refresh" -d 'Get a new access token, and keep it'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "token" -d 'Print a token that is valid now; where a service has none, the key its calls use'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "exec" -d 'Run a command with a valid credential in its environment, or with a key of its own'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "credential" -d 'Answer git, AWS tools, kubectl or docker when they ask for a credential'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "api" -d 'Send any request with the profile\'s credential and print the answer unchanged'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "audit" -d 'Look at every profile: keys that are old, unused, too powerful, about to end, lying about'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "trust" -d 'Allow a project file, or the programs of a manifest, and say what it may do'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "providers" -d 'List and show the services that are known, and add one'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "completions" -d 'Print the script that makes a shell complete commands, flags, names of keys and profiles'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "man" -d 'Show the manual page, or write every page to a folder'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "sandbox" -d 'Serve the embedded copy of the services and print its addresses'
complete -c keywright -n "__fish_keywright_using_subcommand help; and not __fish_seen_subcommand_from login logout profiles doctor keys rotations exchange refresh token exec credential api audit trust providers completions man sandbox help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
