use super::*;

fn error_of(line: &str) -> String {
    let args: Vec<OsString> = line.split(' ').map(OsString::from).collect();
    parse_line(&args).unwrap_err().to_string()
}

fn tips(line: &str) -> Vec<String> {
    let error = error_of(line);
    let tips = error
        .lines()
        .filter_map(|line| line.trim().strip_prefix("tip: "));
    tips.map(str::to_owned).collect()
}

#[test]
fn misspelled_word_suggests_closest() {
    for (line, near) in [
        ("keywright kyes list", "'keys'"),
        ("keywright keys crate", "'create'"),
        ("keywright keys list --srot name", "'--sort'"),
        ("keywright keys list --sort lastused", "'last-used'"),
        ("keywright completions fsih", "'fish'"),
        ("keywright key", "'keys'"),
        ("keywright prov", "'providers'"),
        ("keywright exec --env-var X", "'--env'"),
        ("keywright --josn keys", "'--json'"),
        ("keywright help whoamy", "keywright whoami"),
    ] {
        let tips = tips(line);
        assert!(
            tips.len() == 1 && tips[0].contains(near),
            "{line}: {tips:?}"
        );
    }
}

#[test]
fn word_of_other_tools_suggests_command() {
    for (line, commands) in [
        (
            "keywright status",
            &["keys status", "whoami", "profiles --check"][..],
        ),
        ("keywright create", &["keys create"]),
        ("keywright crate", &["keys create"]),
        ("keywright create-key", &["keys create"]),
        ("keywright revoke x", &["keys revoke"]),
        ("keywright rm", &["keys revoke"]),
        ("keywright verify", &["keys verify"]),
        (
            "keywright check",
            &[
                "providers check",
                "destinations check",
                "profiles --check",
                "keys verify",
            ],
        ),
        ("keywright use", &["profiles use"]),
        ("keywright resume", &["rotations resume"]),
        ("keywright -p keys revoke", &["keys revoke"]),
        ("keywright keys login", &["login"]),
    ] {
        let commands = commands.iter().map(|words| format!("keywright {words}"));
        assert_eq!(tips(line), commands.collect::<Vec<_>>(), "{line}");
    }
    for (line, words) in [
        ("keywright auth", "'login'"),
        ("keywright run", "'exec'"),
        ("keywright logs", "'rotations'"),
        ("keywright keys remove", "'revoke'"),
        ("keywright keys add", "'create'"),
        ("keywright keys info x", "'show'"),
        ("keywright profiles ls", "'list'"),
        ("keywright profiles switch", "'use'"),
        ("keywright providers add", "'new'"),
        ("keywright rotations cancel", "'abort'"),
        ("keywright keys list --format json", "'--json'"),
        ("keywright keys -o json", "'--json'"),
        ("keywright keys revoke --force x", "'--yes'"),
        ("keywright keys create --ttl 90d", "'--expires'"),
        ("keywright login --api-key", "'--with-key'"),
    ] {
        let tips = tips(line);
        assert!(
            tips.len() == 1 && tips[0].contains(words),
            "{line}: {tips:?}"
        );
    }
}

#[test]
fn unknown_word_has_no_tip() {
    for line in [
        "keywright nope",
        "keywright xyzzy",
        "keywright keys frobnicate",
        "keywright keys list --frobnicate",
        "keywright keys list --sort weather",
        "keywright completions tcsh",
    ] {
        assert!(tips(line).is_empty(), "{line}: {:?}", tips(line));
    }
    assert!(
        error_of("keywright keys list --format x").contains("Usage: keywright keys list [OPTIONS]")
    );
}

#[test]
fn suggested_words_exist_in_grammar() {
    let all = known_commands(&grammar(), &[]);
    for (name, others) in OTHER_NAMES {
        let known: Vec<_> = all
            .iter()
            .filter(|known| known.path.last().unwrap() == name)
            .collect();
        assert!(!known.is_empty(), "{name}");
        for other in *others {
            let is_name = |known: &&KnownCommand| known.names.iter().any(|name| name == other);
            assert!(
                !known.iter().all(is_name),
                "{name} is called {other} already"
            );
        }
    }
    for (_, line) in OTHER_LINES {
        let words = std::iter::once("keywright").chain(line.split(' '));
        assert!(Cli::try_parse_from(words).is_ok(), "{line}");
    }
    let flags: Vec<String> = {
        fn walk(command: &Command, found: &mut Vec<String>) {
            let longs = command.get_arguments().filter_map(clap::Arg::get_long);
            found.extend(longs.map(|long| format!("--{long}")));
            command
                .get_subcommands()
                .for_each(|below| walk(below, found));
        }
        let mut found = Vec::new();
        walk(&grammar(), &mut found);
        found
    };
    for (flag, _) in OTHER_FLAGS {
        assert!(flags.iter().any(|known| known == flag), "{flag}");
    }
}
