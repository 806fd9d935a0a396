use super::*;
use crate::core::error::Kind;

fn parse(text: &str) -> DestinationSpec {
    text.parse().unwrap()
}

#[test]
fn each_form_gives_its_text_back() {
    for text in [
        "stdout",
        "file:secret.txt",
        "file:~/a b#c",
        "file:C:\\keys\\one",
        "dotenv:.env#API_KEY",
        "dotenv:odd#folder/.env#_x1",
        "profile:work",
        "keyring:app/ci",
        "keyring:https://host.example/path/me@host",
        "exec:sh -c 'cat > \"a b\"'",
        "exec: tee  out",
        "github:octo/app#KEY",
        "github:octo_corp/app.io@a/b c@d#KEY_1",
        "github-env:KEY",
        "github-output:api-key",
    ] {
        let spec = parse(text);
        assert_eq!(spec.to_string(), text);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(
            serde_json::from_str::<DestinationSpec>(&json).unwrap(),
            spec
        );
    }
}

#[test]
fn what_is_wrong_is_said_with_the_right_form() {
    for (text, why, hint) in [
        ("dotenv:.env", "it names no variable", "dotenv:PATH#VAR"),
        ("dotenv:.env#1A", "`1A` is not a name", "dotenv:PATH#VAR"),
        ("dotenv:.env#A-B", "`A-B` is not a name", "dotenv:PATH#VAR"),
        ("dotenv:#A", "it names no file", "dotenv:PATH#VAR"),
        ("file:", "it names no file", "file:PATH"),
        ("file:a/", "its path is a folder's", "file:PATH"),
        ("file:a\u{1b}b", "a control character", "file:PATH"),
        ("profile:", "it names no profile", "profile:NAME"),
        (
            "keyring:app",
            "a service and an account",
            "keyring:SERVICE/ACCOUNT",
        ),
        (
            "keyring:/a",
            "a service and an account",
            "keyring:SERVICE/ACCOUNT",
        ),
        ("exec:", "it names no program", "exec:COMMAND"),
        ("exec:''", "it names no program", "exec:COMMAND"),
        ("exec:a 'b", "a quote in it is not closed", "exec:COMMAND"),
        ("github:o/r", "it names no secret", "github:OWNER/REPO"),
        (
            "github:o#N",
            "an owner and a repository",
            "github:OWNER/REPO",
        ),
        (
            "github:o/..#N",
            "an owner and a repository",
            "github:OWNER/REPO",
        ),
        (
            "github:-o/r#N",
            "an owner and a repository",
            "github:OWNER/REPO",
        ),
        (
            "github:o/r@#N",
            "it names no environment",
            "github:OWNER/REPO",
        ),
        (
            "github:o/r#github_x",
            "GitHub allows no secret",
            "github:OWNER/REPO",
        ),
        (
            "github-env:GITHUB_TOKEN",
            "GitHub reserves",
            "github-env:NAME",
        ),
        (
            "github-env:runner_temp",
            "GitHub reserves",
            "github-env:NAME",
        ),
        (
            "github-env:NODE_OPTIONS",
            "GitHub reserves",
            "github-env:NAME",
        ),
        (
            "github-output:a b",
            "`a b` is not a name",
            "github-output:NAME",
        ),
        (
            "github-output:-a",
            "it starts with a `-`",
            "github-output:NAME",
        ),
        ("vault:secret/app#key", "not built yet", "exec:vault"),
        (
            "ftp:x",
            "`ftp:` is not a kind",
            "destinations are stdout, file:PATH",
        ),
        (
            ".env",
            "a destination needs its kind",
            "destinations are stdout",
        ),
    ] {
        let error = text.parse::<DestinationSpec>().unwrap_err();
        assert_eq!(error.kind(), Kind::Usage, "{text}");
        assert!(error.message().contains(why), "{text}: {error}");
        assert!(error.hints()[0].contains(hint), "{text}: {error:?}");
    }
}

#[test]
fn a_secret_in_the_wrong_place_is_not_printed() {
    for text in ["sk-fake-0123456789", "sk-fake-0123456789:more"] {
        let error = text.parse::<DestinationSpec>().unwrap_err();
        assert!(!format!("{error:?}").contains("sk-fake"), "{error:?}");
    }
}

#[test]
fn paths_are_anchored() {
    let env = Env::default().with("HOME", "/home/fake");
    let anchored = |text: &str| {
        parse(text)
            .absolute(Path::new("/project"), &env)
            .unwrap()
            .to_string()
    };
    assert_eq!(anchored("file:a/b"), "file:/project/a/b");
    assert_eq!(anchored("file:/a"), "file:/a");
    assert_eq!(anchored("dotenv:~/.env#V"), "dotenv:/home/fake/.env#V");
    // The last `#` divides.
    assert_eq!(anchored("dotenv:a#b/.env#V"), "dotenv:/project/a#b/.env#V");
    assert_eq!(anchored("exec:./deploy ~/x"), "exec:./deploy ~/x");
    let homeless = parse("file:~/x").absolute(Path::new("/project"), &Env::default());
    assert_eq!(homeless.unwrap_err().kind(), Kind::Usage);
}

#[test]
fn account_stands_behind_last_slash() {
    let spec = parse("keyring:https://h/p/me");
    assert_eq!(spec.keyring_item(), Some(("https://h/p", "me")));
}
