//! `keywright.toml` says which keys a project uses and where they go.

use super::{Shop, listed};
use crate::support::fake::SCHATZI_KEY;
use crate::support::home::TestEnv;
use crate::support::messages;
use crate::support::server;

#[test]
fn rotate_without_name_uses_project_key() {
    let shop = Shop::new();
    shop.home.project(
        "keywright.toml",
        "[keys.ci]\ndestinations = [\"file:secrets.key\", \"dotenv:work/.env#KEY\"]\ngrace = \"1h\"\n",
    );
    shop.expect_old_key_listed().created().verified();
    // Paths count from the folder of the file, which is the nearest one upwards.
    shop.home
        .run(["keys", "rotate", "-y"])
        .stderr_has(&messages::delivered("file:[home]/secrets.key"))
        .stderr_has(&messages::delivered("dotenv:[home]/work/.env#KEY"))
        .stderr_has("is valid until 2026-11-20 13:00 UTC\n")
        .exit(0);
    assert_eq!(
        shop.home.read("secrets.key"),
        Some(format!("{SCHATZI_KEY}\n"))
    );
}

#[test]
fn rotate_several_project_keys_requires_name() {
    let shop = Shop::new();
    shop.home
        .project("work/keywright.toml", "[keys.ci]\n[keys.backend]\n");
    shop.home
        .run(["keys", "rotate", "-y"])
        .fails(
            "no key given, and the project has several",
            &[
                "it has: ci, backend",
                "every one that is due: keywright keys rotate --due",
            ],
        )
        .exit(2);
}

#[test]
fn command_line_overrides_project_file() {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        "[keys.ci]\ndestinations = [\"file:a.key\"]\ngrace = \"1h\"\n",
    );
    shop.expect_old_key_listed().created().verified();
    shop.rotate(&["--to", "file:b.key", "--grace", "2h"])
        .stderr_has("is valid until 2026-11-20 14:00 UTC\n")
        .exit(0);
    assert_eq!(shop.home.read("work/a.key"), None);
    assert!(shop.home.read("work/b.key").is_some());
}

#[test]
fn project_key_profile_overrides_default() {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        "profile = \"other\"\n[keys.ci]\nprofile = \"schatzi\"\n",
    );
    shop.rotates();
    shop.rotate(&["-q", "--to", "file:a.key"]).exit(0);
    let home = TestEnv::new();
    home.log_in("schatzi", &shop.server.url(), &[]);
    home.project("work/keywright.toml", "[keys.ci]\nprofile = \"ghost\"\n");
    home.run(["keys", "rotate", "-y"])
        .stderr_has("there is no profile `ghost`\n")
        .stderr_has("hint: it is named by [home]/work/keywright.toml\n")
        .exit(5);
}

#[test]
fn project_file_errors_name_location() {
    for (text, said) in [
        (
            "[keys.ci]\nrotate_evry = \"9d\"\n",
            "2:keys.ci.rotate_evry: unknown field `rotate_evry`",
        ),
        (
            "[keys.ci]\nrotate_every = \"often\"\n",
            "2:keys.ci.rotate_every: ",
        ),
        ("[keys.ci]\n\ngrace = 5\n", "3:keys.ci.grace: "),
        ("[keys.ci]\nstrategy = \"magic\"\n", "2:keys.ci.strategy: "),
        (
            "[keys.ci]\ndestinations = [\"Cloud:x\"]\n",
            "2:keys.ci.destinations",
        ),
        (
            "[keys.ci]\ndestinations = [\n  \"file:a\",\n  \"cloud:x\",\n]\n",
            "4:keys.ci.destinations.1: `cloud:` is not a kind of destination",
        ),
        ("[keys.ci]\nexpires = \"soon\"\n", "2:keys.ci.expires: "),
        ("keys = 5\n", "1:keys: "),
        ("[keys.ci\n", "1"),
    ] {
        for args in [
            &["keys", "rotate", "ci", "-y"][..],
            &["keys", "rotate", "--due", "-y"],
        ] {
            let shop = Shop::new();
            shop.home.write("work/keywright.toml", text);
            let said = format!("[home]/work/keywright.toml:{said}");
            shop.home
                .run(args)
                .args(["--project", "keywright.toml"])
                .stderr_has(&said)
                .exit(2);
            shop.home.run(["trust"]).stderr_has(&said).exit(2);
            assert_eq!(shop.server.seen().len(), 0);
        }
    }
}

#[test]
fn unsupported_project_fields_create_nothing() {
    for (field, said) in [
        ("scopes = [\"read\"]", "cannot honour `--scope`"),
        ("expires = \"90d\"", "cannot honour `--expires`"),
        ("strategy = \"atomic\"", "the strategy `atomic`"),
    ] {
        let shop = Shop::new();
        shop.home
            .project("work/keywright.toml", format!("[keys.ci]\n{field}\n"));
        shop.expect_old_key_listed();
        shop.rotate(&["--to", "file:a.key"])
            .stderr_has(said)
            .exit(2);
        assert_eq!(shop.sent("POST"), 0);
    }
}

#[test]
fn key_outside_project_uses_flag_destination() {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        "[keys.ci]\ndestinations = [\"file:a.key\"]\n",
    );
    shop.listed(&[listed("k1", "ci"), listed("k5", "backend")]);
    shop.server
        .expect(super::creation("backend"))
        .answer(server::json(
            201,
            &serde_json::json!({ "id": "k6", "key": SCHATZI_KEY }),
        ));
    shop.verified().expect_verify_and_revoke("k5");
    shop.home
        .run([
            "keys",
            "rotate",
            "backend",
            "-y",
            "-q",
            "--to",
            "file:b.key",
        ])
        .exit(0);
    assert_eq!(shop.home.read("work/a.key"), None);
}
