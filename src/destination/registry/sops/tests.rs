use super::document::is_same;
use super::stand_in::{self, PROGRAM};
use crate::core::error::Kind;
use crate::destination::test_world::{Scene, mode, refusal, secret};

#[test]
fn sops_change_by_others_survives_restore() {
    let scene = Scene::new().having_program("sops", PROGRAM);
    let path = scene.write(
        "a.json",
        &stand_in::encrypted("{\"k\":\"old\",\"b\":\"1\"}"),
        0o644,
    );
    let there = scene.open("sops:a.json#/k");
    let saved = there.snapshot().unwrap();
    there.deliver(&secret()).unwrap();
    assert_eq!(mode(&path), 0o644, "what is encrypted may be read");
    let text = scene.read("a.json");
    let b = |value: &str| format!("\"b\": \"ENC[{value},type:str]\"");
    assert!(text.contains(&b("31")), "{text}");
    scene.write("a.json", &text.replace(&b("31"), &b("32")), 0o644);
    there.restore(&saved).unwrap();
    assert_eq!(
        stand_in::decrypted(&scene.read("a.json")),
        "{\"k\":\"old\",\"b\":\"2\"}"
    );
}

#[test]
fn is_same_allows_one_entry() {
    let text = "a: ENC[1,type:str]\nb: ENC[2,type:str]\nversion: 1\nsops:\n    mac: ENC[3,type:str]\n    lastmodified: x\n";
    for (from, to, same) in [
        ("", "", true),
        ("ENC[1", "ENC[9", true),
        ("ENC[2", "ENC[9", false),
        ("ENC[3", "ENC[9", true),
        ("lastmodified: x", "lastmodified: y", true),
        ("version: 1", "version: 2", false),
        ("a: ", "c: ", false),
        ("sops:\n", "sops:\n    kms: []\n", false),
        (
            "a: ENC[1,type:str]\nb: ENC[2",
            "a: ENC[8,type:str]\nb: ENC[9",
            false,
        ),
        ("lastmodified: x\n", "lastmodified: x", false),
    ] {
        let changed = text.replacen(from, to, 1);
        let values = Some(("ENC[1,type:str]", "ENC[9,type:str]"));
        assert_eq!(is_same(text, &changed, values), same, "{to}");
    }
}

#[test]
fn sops_plain_entry_is_refused() {
    let scene = Scene::new().having_program("sops", PROGRAM);
    let text = stand_in::encrypted("{\"a\":\"1\"}").replace("\"a\"", "\"k\"");
    scene.write("a.json", &text, 0o600);
    let script = PROGRAM.replace("ENC[$value,type:str]", "$value");
    scene.program("sops", &script);
    let there = scene.open("sops:a.json#/k");
    for result in [there.probe(), there.deliver(&secret())] {
        let message = refusal(result, Kind::Store);
        assert!(
            message.contains("leaves this entry unencrypted"),
            "{message}"
        );
    }
    assert_eq!(scene.read("a.json"), text);
}

#[test]
fn sops_probe_registers_no_secret() {
    let scene = Scene::new().having_program("sops", PROGRAM);
    scene.write("a.json", &stand_in::encrypted("{\"k\":\"old\"}"), 0o600);
    let there = scene.open("sops:a.json#/k");
    there.probe().unwrap();
    there.deliver(&secret()).unwrap();
    // Paths would be redacted from then on.
    let traced = scene.streams.stderr.borrow();
    let copy = scene.platform().dirs.state.join("sops/a.json");
    let said = format!("sops set --value-stdin {}", copy.display());
    assert_eq!(traced.matches(&said).count(), 2, "{traced}");
}
