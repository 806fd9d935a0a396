//! Pages of the manual by their words, and topics of the help.

use crate::support::home::TestEnv;
use crate::support::run::Run;

#[test]
fn man_words_name_page() {
    for (words, title) in [
        (&["man"][..], ".TH KEYWRIGHT 1 "),
        (&["man", "keys", "create"], ".TH KEYWRIGHT-KEYS-CREATE 1 "),
        (&["man", "keys", "ls"], ".TH KEYWRIGHT-KEYS-LIST 1 "),
        (
            &["man", "keywright-keys-create"],
            ".TH KEYWRIGHT-KEYS-CREATE 1 ",
        ),
        (&["man", "man"], ".TH KEYWRIGHT-MAN 1 "),
        (
            &["man", "keywright", "profile"],
            ".TH KEYWRIGHT-PROFILES 1 ",
        ),
        (&["man", "keywright-manifest"], ".TH KEYWRIGHT-MANIFEST 5 "),
        (&["man", "manifest"], ".TH KEYWRIGHT-MANIFEST 5 "),
    ] {
        Run::new().args(words).stdout_has(title).exit(0);
    }
    let home = TestEnv::new();
    for (words, said) in [
        (
            &["man", "keys", "crate"][..],
            "there is no page on `keys crate`\nhint: did you mean `create`?",
        ),
        (&["man", "nope"], "there is no page on `nope`"),
        (&["man", "keys", "./man"], "a folder stands alone"),
    ] {
        home.run(words).stderr_has(said).exit(2);
    }
    assert!(home.files().is_empty());
    home.run(["man", "."])
        .stderr_has(" pages to `[home]/work")
        .exit(0);
    assert!(home.read("work/keywright-keys-create.1").is_some());
}

#[test]
fn help_topic_is_documentation() {
    for (topic, said) in [
        ("environment", "  KEYWRIGHT_NO_INPUT\n"),
        ("exit-codes", "  10 uncertain\n"),
        ("destinations", "  dotenv:PATH#VAR\n"),
        ("files", "  <state>/\n"),
        ("project", "The project file\n"),
        ("formats", "`YYYY-MM-DD`"),
        ("profiles", "`default_profile` of the config"),
    ] {
        Run::new().args(["help", topic]).stdout_has(said).exit(0);
    }
    Run::new()
        .args(["help", "keys", "create"])
        .stdout_has("Create a key")
        .exit(0);
    Run::new()
        .args(["help", "enviroment"])
        .stderr_has("tip: keywright help environment\n")
        .exit(2);
}
