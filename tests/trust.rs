//! A project file is obeyed when it is trusted or named, and never beyond what a project file may do.

use std::cell::Cell;
use std::fs;
use std::os::unix::fs::{PermissionsExt, chown, symlink};
use std::path::Path;

use keywright::platform::Keychain;
use serde_json::{Value, json};

use crate::support::fake::{SCHATZI_KEY, jwt};
use crate::support::home::{TestEnv, key, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, get, post};
use crate::support::terminal::Reply;

const CI: &str = "[keys.ci]\nrotate_every = \"30d\"\ndestinations = [\"file:ci.key\"]\n";

fn jwt_of() -> String {
    jwt("schatzi", 400 * 86_400)
}

fn listing() -> Wanted {
    get("/api/v1/accounts/user/api-keys/").bearer(&jwt_of())
}

fn listed(id: &str, name: &str) -> Value {
    json!({ "id": id, "name": name, "key": "sk-***...0000", "is_active": true, "created_at": "2026-01-01T00:00:00Z" })
}

/// A machine that manages keys at Schatzi.
struct Shop {
    server: Server,
    home: TestEnv,
    /// The number of rotations of `ci`: revoked keys are listed no more.
    rotated: Cell<usize>,
}

impl Shop {
    fn new() -> Self {
        let shop = Shop {
            server: Server::new(),
            home: TestEnv::new(),
            rotated: Cell::new(0),
        };
        let jwt = jwt_of();
        let given = [token(&jwt, 400 * 86_400)];
        shop.home.log_in("schatzi", &shop.server.url(), &given);
        shop
    }

    fn lists(&self, keys: &[Value]) -> &Self {
        self.server
            .expect(listing())
            .answer(server::json(200, &json!(keys)));
        self
    }

    /// Everything that a rotation of `ci` asks for.
    fn rotates(&self) -> &Self {
        let count = self.rotated.get() + 1;
        self.rotated.set(count);
        let (old, new) = (format!("k{count}"), format!("k{}", count + 1));
        self.lists(&[listed(&old, "ci")]);
        let created = post("/api/v1/accounts/user/api-keys/create/")
            .bearer(&jwt_of())
            .json(&json!({ "name": "ci" }));
        let new = json!({ "id": new, "key": SCHATZI_KEY });
        self.server.expect(created).answer(server::json(201, &new));
        // Tested before it is delivered, and once more before the old one goes.
        self.server
            .expect(get("/v1/models").bearer(SCHATZI_KEY))
            .times(2)
            .answer(server::json(200, &json!({ "data": [] })));
        let revocation = format!("/api/v1/accounts/user/api-keys/{old}/revoke/");
        self.server
            .expect(post(&revocation).bearer(&jwt_of()))
            .answer(server::empty(204));
        self
    }

    fn run(&self, line: &str) -> Run {
        self.home.run(line.split_whitespace())
    }

    fn sent(&self) -> usize {
        self.server.seen().len()
    }
}

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn is_root() -> bool {
    rustix_uid() == 0
}

fn rustix_uid() -> u32 {
    use std::os::unix::fs::MetadataExt;
    fs::metadata("/proc/self").unwrap().uid()
}

#[test]
fn reads_ignore_untrusted_file_with_warning() {
    let shop = Shop::new();
    shop.home
        .write("work/keywright.toml", "profile = \"ghost\"\n");
    let line = "warning: `[home]/work/keywright.toml` is not trusted, and is not used; what it may do: keywright trust --show\n";
    shop.lists(&[]).lists(&[]);
    for command in [
        "keys list",
        "keys status",
        "profiles show",
        "profiles list",
        "rotations",
    ] {
        shop.run(command).any_stdout().stderr_has(line).exit(0);
    }
    shop.lists(&[listed("k1", "ci")]);
    shop.server
        .expect(get("/api/v1/accounts/user/api-keys/k1/").bearer(&jwt_of()))
        .answer(server::json(200, &listed("k1", "ci")));
    shop.run("keys show ci")
        .stdout_has("name        ci\n")
        .expect_stderr(line)
        .exit(0);
    shop.lists(&[]);
    shop.run("audit").stderr_has(line).exit(0);
}

#[test]
fn untrusted_file_blocks_changes_and_secrets() {
    let shop = Shop::new();
    shop.home.write("work/keywright.toml", CI);
    for command in [
        "keys create x",
        "keys rename ci other",
        "keys revoke ci --yes",
        "keys rotate ci --yes",
        "keys rotate ci --plan",
        "keys rotate --due --yes",
        "keys rotate --due --yes -p schatzi",
        "token",
        "token --header",
        "refresh",
        "profiles use schatzi",
        "exchange",
        "exec -- true",
        "api GET /v1/models",
        "credential k8s",
        "logout",
        "profiles move --store file",
    ] {
        shop.run(command)
            .fails(
                "`[home]/work/keywright.toml` is not trusted",
                &[
                    "review it, then allow it: keywright trust",
                    "or go on without it: name the profile with `--profile`",
                    "in CI, cron or a container name the file, which is consent: --project FILE",
                ],
            )
            .exit(2);
    }
    let due = shop.run("keys rotate --due --yes");
    due.env("KEYWRIGHT_PROVIDER", "schatzi")
        .stderr_has(messages::NOT_TRUSTED)
        .exit(2);
    assert_eq!(shop.sent(), 0);
}

#[test]
fn named_profile_bypasses_untrusted_file() {
    let shop = Shop::new();
    shop.home.write("work/keywright.toml", CI);
    for env in [None, Some("KEYWRIGHT_PROFILE")] {
        shop.rotates();
        let line = "keys rotate ci --yes --to file:other.key";
        let run = match env {
            None => shop.run(line).args(["-p", "schatzi"]),
            Some(name) => shop.run(line).env(name, "schatzi"),
        };
        run.stderr_has("is not trusted, and is not used").exit(0);
        assert!(shop.home.read("work/other.key").is_some());
    }
    assert_eq!(shop.home.read("work/ci.key"), None);
    // An empty variable says that there is no project file.
    shop.run("token")
        .env("KEYWRIGHT_PROJECT", "")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    shop.run("keys rotate --due --yes")
        .env("KEYWRIGHT_PROJECT", "")
        .stderr_has(messages::NO_PROJECT_FILE)
        .exit(2);
}

#[test]
fn trust_covers_exact_path_and_content() {
    let shop = Shop::new();
    let path = shop.home.write("work/keywright.toml", CI);
    let done = shop
        .run("trust")
        .stdout_has(
            "may      key `ci` (the profile in force): delivered to file:[home]/work/ci.key\n",
        )
        .expect_stderr(messages::trusted("[home]/work/keywright.toml"))
        .exit(0);
    assert!(done.asked.is_empty());
    let record = shop.home.path().join("state/trust.json");
    assert_eq!(
        fs::metadata(&record).unwrap().permissions().mode() & 0o777,
        0o600
    );
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    // A comment counts as any other byte.
    shop.home
        .write("work/keywright.toml", format!("{CI}# more\n"));
    shop.run("token")
        .stderr_has("error: `[home]/work/keywright.toml` has changed since it was trusted\n")
        .stderr_has("hint: its permissions are the same as before\n")
        .exit(2);
    let exec = CI.replace("file:ci.key", "exec:sh -c 'cat\\u000Arm -r x'");
    shop.home.write("work/keywright.toml", exec);
    shop.run("token")
        .stderr_has("hint: new: key `ci` (the profile in force): delivered to exec:sh -c 'cat\\nrm -r x'\n")
        .stderr_has("hint: no longer: key `ci` (the profile in force): delivered to file:[home]/work/ci.key\n")
        .exit(2);
    shop.home.write("work/keywright.toml", "keys = 5");
    shop.run("token")
        .stderr_has("hint: it cannot be read any more: ")
        .exit(2);
    // The bytes that were allowed are allowed again.
    shop.home.write("work/keywright.toml", CI);
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    // The same bytes elsewhere are not.
    let moved = shop.home.path().join("work/moved");
    fs::create_dir(&moved).unwrap();
    fs::copy(&path, moved.join("keywright.toml")).unwrap();
    let is_trusted = |folder: &str| {
        let done = shop.run(&format!("trust {folder} --show --json"));
        done.json()["trusted"].clone()
    };
    assert_eq!(
        (is_trusted("."), is_trusted("moved")),
        (json!(true), json!(false))
    );
    shop.run("trust --revoke")
        .expect_stderr("`[home]/work/keywright.toml` is not trusted any more\n")
        .exit(0);
    shop.run("trust --revoke")
        .stderr_has("nothing was changed")
        .exit(0);
    shop.run("token").stderr_has(messages::NOT_TRUSTED).exit(2);
}

#[test]
fn trust_show_lists_allowed_actions() {
    let home = TestEnv::new();
    let long = "x".repeat(300);
    home.write(
        "work/keywright.toml",
        format!(
            "profile = \"p\"\n[keys.\"a b\"]\ndestinations = [\"exec:./take {long}\", \"file:../out\", \"profile:other\"]\n\
             [keys.c]\nprofile = \"q\"\n"
        ),
    );
    let shown = home.run(["trust", "--show", "--json"]).json();
    let folder = shown["folder"].as_str().unwrap();
    assert_eq!(
        shown["path"].as_str().unwrap(),
        format!("{folder}/keywright.toml")
    );
    assert_eq!(shown["trusted"], false);
    assert_eq!(shown["sha256"].as_str().unwrap().len(), 64);
    assert_eq!(
        shown["keys"],
        json!([
            { "name": "a b", "profile": "p", "after": null,
              "destinations": [format!("exec:./take {long}"), "file:../out", "profile:other"] },
            { "name": "c", "profile": "q", "destinations": [], "after": null },
        ])
    );
    home.run(["trust", "--show"])
        .stdout_has("state    not trusted\n")
        .stdout_has(&format!(
            "key `a b` (profile `p`): delivered to exec:./take {long}\n"
        ))
        .stdout_has("key `a b` (profile `p`): not delivered to file:../out: that needs `--to`\n")
        .stdout_has("key `a b` (profile `p`): not delivered to profile:other: that needs `--to`\n")
        .stdout_has("key `c` (profile `q`): rotated, without a destination of its own\n")
        .exit(0);
    assert_eq!(
        home.read("state/trust.json"),
        None,
        "showing records nothing"
    );
    TestEnv::new()
        .run(["trust"])
        .stderr_has(messages::NO_PROJECT_FILE)
        .exit(2);
    TestEnv::new()
        .run(["trust", "nowhere"])
        .stderr_has("there is no keywright.toml in `[home]/work/nowhere`")
        .exit(2);
}

#[test]
fn nearest_file_decides_even_if_unusable() {
    let shop = Shop::new();
    shop.home
        .project("keywright.toml", "profile = \"schatzi\"\n");
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    let inner = shop.home.path().join("work/keywright.toml");
    let refused = |why: &str| {
        shop.run("token").stderr_has(why).exit(2);
    };
    symlink("nowhere", &inner).unwrap();
    refused("it cannot be opened");
    fs::remove_file(&inner).unwrap();
    fs::create_dir(&inner).unwrap();
    refused("it is a folder");
    fs::remove_dir(&inner).unwrap();
    symlink("/dev/zero", &inner).unwrap();
    refused("it is not a regular file");
    shop.run("trust")
        .stderr_has(messages::NOT_REGULAR_FILE)
        .exit(2);
    fs::remove_file(&inner).unwrap();
    fs::File::create(&inner).unwrap().set_len(1 << 40).unwrap();
    refused("it is larger than the 1 MiB that are read");
    shop.run("trust --show")
        .stdout_has("file     [home]/work/keywright.toml\n")
        .exit(0);
    fs::remove_file(&inner).unwrap();
    shop.home.write("work/keywright.toml", "");
    refused("`[home]/work/keywright.toml` is not trusted");
    // To trust the outer one says nothing of those below it.
    shop.run("trust ..")
        .stdout_has("file     [home]/keywright.toml\n")
        .expect_stderr(messages::trusted("[home]/keywright.toml"))
        .exit(0);
    refused("`[home]/work/keywright.toml` is not trusted");
}

#[test]
fn fifo_project_file_is_refused() {
    let home = TestEnv::new();
    let path = home.path().join("work/keywright.toml");
    rustix_fifo(&path);
    home.run(["trust"])
        .stderr_has(messages::NOT_REGULAR_FILE)
        .exit(2);
    home.run(["keys", "rotate", "--project", "keywright.toml", "--due"])
        .fails(
            "cannot read `[home]/work/keywright.toml`: it is not a regular file",
            &[],
        )
        .exit(2);
}

fn rustix_fifo(path: &Path) {
    let mut command = crate::support::programs::program("mkfifo");
    assert!(crate::support::programs::run(command.arg(path)).ok);
}

#[test]
fn file_writable_by_others_is_untrusted() {
    let shop = Shop::new();
    let path = shop.home.project("work/keywright.toml", "");
    let work = shop.home.path().join("work");
    let refused = |why: &str| {
        shop.run("token").stderr_has(why).exit(2);
        shop.run("trust").stderr_has(why).exit(2);
        let shown = shop.run("trust --show --json").json();
        assert_eq!(shown["trusted"], false, "{why}");
    };
    mode(&path, 0o666);
    refused("it can be changed by every user of this machine");
    mode(&path, 0o644);
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    mode(&work, 0o1777);
    refused("its folder `[home]/work` can be changed by every user of this machine");
    mode(&work, 0o755);
    if !is_root() {
        return;
    }
    let (other, group) = (Some(65_534), Some(65_534));
    chown(&path, other, None).unwrap();
    refused("it belongs to another user (uid 65534, and this is 0)");
    chown(&path, Some(0), group).unwrap();
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    mode(&path, 0o664);
    refused("it can be changed by its group (gid 65534)");
    chown(&path, Some(0), Some(0)).unwrap();
    mode(&path, 0o644);
    chown(&work, other, None).unwrap();
    refused("its folder `[home]/work` belongs to another user");
    chown(&work, Some(0), None).unwrap();
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    // Reads go on, and say why.
    chown(&path, other, None).unwrap();
    shop.lists(&[]);
    shop.run("keys list")
        .stderr_has("is not trusted: it belongs to another user (uid 65534, and this is 0), and is not used")
        .exit(0);
}

#[test]
fn linked_file_is_judged_by_target() {
    let shop = Shop::new();
    let there = shop.home.write("elsewhere/project.toml", "");
    let link = shop.home.path().join("work/keywright.toml");
    symlink(&there, &link).unwrap();
    shop.home.trust(&link);
    shop.run("token")
        .expect_stdout(format!("{}\n", jwt_of()))
        .exit(0);
    mode(&shop.home.path().join("elsewhere"), 0o777);
    shop.run("token")
        .stderr_has("its folder `[home]/elsewhere` can be changed by every user")
        .exit(2);
    mode(&shop.home.path().join("elsewhere"), 0o755);
    // A folder that is reached by a link is the same folder.
    fs::remove_file(&link).unwrap();
    shop.home.write("real/keywright.toml", "");
    symlink("../real", shop.home.path().join("work/linked")).unwrap();
    shop.run("trust linked")
        .stdout_has("file     [home]/real/keywright.toml\n")
        .expect_stderr(messages::trusted("[home]/real/keywright.toml"))
        .exit(0);
    let shown = shop.run("trust ../real --show --json").json();
    assert_eq!(shown["trusted"], true);
}

#[test]
fn explicit_project_file_needs_no_trust() {
    let shop = Shop::new();
    let path = shop.home.write("app/keywright.toml", CI);
    mode(&path, 0o666);
    let whole = path.display().to_string();
    for file in ["../app/keywright.toml", whole.as_str()] {
        let now = format!("k{}", shop.rotated.get() + 1);
        shop.lists(&[listed(&now, "ci")]).rotates();
        shop.run("keys rotate --due --yes --project")
            .args([file])
            .stderr_has(&messages::rotated("ci"))
            .exit(0);
        assert!(
            shop.home.read("app/ci.key").is_some(),
            "paths count from its folder"
        );
        fs::remove_file(shop.home.path().join("app/ci.key")).unwrap();
    }
    shop.rotates();
    shop.run("keys rotate ci --yes")
        .env("KEYWRIGHT_PROJECT", "../app/keywright.toml")
        .expect_stderr(messages::delivered("file:[home]/app/ci.key") + &messages::replaced("ci"))
        .exit(0);
    assert!(shop.home.read("app/ci.key").is_some());
    assert_eq!(shop.home.read("work/ci.key"), None);
    // The flag goes before the variable.
    let sent = shop.sent();
    for file in ["gone.toml", "gone/keywright.toml"] {
        shop.run("keys list --project")
            .args([file])
            .env("KEYWRIGHT_PROJECT", "../app/keywright.toml")
            .stderr_has(&messages::no_project_file(file))
            .exit(2);
        // Whatever else decides the profile.
        shop.run("keys list -p work")
            .env("KEYWRIGHT_PROJECT", file)
            .stderr_has(&messages::no_project_file(file))
            .exit(2);
    }
    assert_eq!(shop.sent(), sent);
}

#[test]
fn explicit_project_file_stays_in_folder() {
    for (to, why) in [
        (
            "file:../.netrc",
            "`file:../.netrc` leads out of `[home]/work`",
        ),
        ("file:/tmp/keywright-fake", "leads out of"),
        ("file:~/.ssh/id_ed25519", "starts in the home folder"),
        ("dotenv:away/.env#KEY", "leads out of"),
        ("file:link.key", "leads out of"),
        ("exec:../take", "leads out of"),
        (
            "profile:sieve",
            "is the login of another profile than `schatzi`",
        ),
    ] {
        let shop = Shop::new();
        shop.home.log_in(
            "sieve",
            &shop.server.url(),
            &[key("gds_fake0000000000000000000000000001")],
        );
        let outside = shop.home.write("outside.key", "mine\n");
        symlink(&outside, shop.home.path().join("work/link.key")).unwrap();
        symlink("..", shop.home.path().join("work/away")).unwrap();
        shop.home.write(
            "work/keywright.toml",
            format!("[keys.ci]\nprofile = \"schatzi\"\nrotate_every = \"30d\"\ndestinations = [\"{to}\"]\n"),
        );
        for line in ["keys rotate ci --yes", "keys rotate ci --plan"] {
            shop.run(line)
                .args(["--project", "keywright.toml"])
                .stderr_has(why)
                .stderr_has("`--to` on the command line")
                .exit(2);
        }
        assert_eq!(shop.sent(), 0);
        shop.lists(&[listed("k1", "ci")]);
        shop.run("keys rotate --due --yes --project keywright.toml")
            .stderr_has(why)
            .exit(2);
        assert_eq!(shop.home.read("outside.key").as_deref(), Some("mine\n"));
        // A path on the command line is the user's own word, relative to the current folder.
        shop.rotates();
        shop.run("keys rotate ci --yes -q --project keywright.toml --to file:../said.key")
            .exit(0);
        assert!(shop.home.read("said.key").is_some());
    }
}

#[test]
fn project_foreign_keyring_item_is_refused() {
    let shop = Shop::new();
    shop.home.project(
        "work/keywright.toml",
        "[keys.ci]\ndestinations = [\"keyring:app/ci\"]\n",
    );
    shop.home
        .keychain
        .set("app", "ci", "of another program", b"not ours")
        .unwrap();
    shop.lists(&[listed("k1", "ci")]);
    shop.run("keys rotate ci --yes")
        .stderr_has("`keyring:app/ci` is there already, and no rotation of this machine wrote it")
        .exit(2);
    // Once the command line has said so, the item is one of ours.
    for line in [
        "keys rotate ci --yes -q --to keyring:app/ci",
        "keys rotate ci --yes -q",
    ] {
        shop.rotates();
        shop.run(line).exit(0);
    }
    // An item that is not there belongs to nobody.
    shop.home.project(
        "work/keywright.toml",
        "[keys.ci]\ndestinations = [\"keyring:app/new\"]\n",
    );
    for _ in 0..2 {
        shop.rotates();
        shop.run("keys rotate ci --yes -q").exit(0);
    }
}

#[test]
fn project_key_name_must_match_exactly() {
    let shop = Shop::new();
    shop.home
        .project("work/keywright.toml", CI.replace("keys.ci", "keys.c"));
    let keys = [listed("k1", "ci"), listed("c9", "backend")];
    for line in [
        "keys rotate --due --yes",
        "keys rotate --yes",
        "keys rotate c --yes",
    ] {
        shop.lists(&keys);
        shop.run(line)
            .stderr_has("there is no key named exactly `c`")
            .exit(5);
    }
}

#[test]
fn project_program_runs_in_its_folder() {
    let shop = Shop::new();
    let text = "[keys.ci]\ndestinations = [\"exec:./take\"]\n";
    shop.home.project("app/keywright.toml", text);
    let take = shop
        .home
        .write("app/take", "#!/bin/sh\ntest -e ready && cat > taken\n");
    mode(&take, 0o755);
    shop.home.write("work/take", "#!/bin/sh\nexit 9\n");
    shop.lists(&[listed("k1", "ci")]);
    let created = post("/api/v1/accounts/user/api-keys/create/").bearer(&jwt_of());
    let new = json!({ "id": "k2", "key": SCHATZI_KEY });
    shop.server
        .expect(created.json(&json!({ "name": "ci" })))
        .answer(server::json(201, &new));
    shop.server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .answer(server::json(200, &json!({ "data": [] })));
    shop.run("keys rotate ci --yes --project ../app/keywright.toml")
        .stderr_has(
            "error: `./take` did not take the secret for `exec:./take`: it ended with exit code \
             1; the new key `ci` is not lost: the test keyring keeps it\n",
        )
        .exit(10);
    shop.home.write("app/ready", "");
    shop.server
        .expect(get("/v1/models").bearer(SCHATZI_KEY))
        .times(2)
        .answer(server::json(200, &json!({ "data": [] })));
    shop.server
        .expect(post("/api/v1/accounts/user/api-keys/k1/revoke/").bearer(&jwt_of()))
        .answer(server::empty(204));
    shop.run("rotations resume --yes")
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    assert_eq!(shop.home.read("app/taken").as_deref(), Some(SCHATZI_KEY));
}

#[test]
fn plans_and_prompts_show_full_destinations() {
    let shop = Shop::new();
    let long = "y".repeat(250);
    shop.home.project(
        "work/keywright.toml",
        format!("[keys.ci]\ndestinations = [\"exec:/bin/sh -c 'cat > {long}\\n; echo end'\"]\n"),
    );
    let whole = format!("exec:/bin/sh -c 'cat > {long}\\n; echo end'");
    shop.lists(&[listed("k1", "ci")]);
    shop.run("keys rotate ci --plan")
        .stdout_has("profile   schatzi\nservice   schatzi\n")
        .stdout_has("old key   k1 (`ci`)\n")
        .stdout_has(&format!("deliver to {whole}\n"))
        .exit(0);
    let subject = "`ci` (k1) of the profile `schatzi` at schatzi";
    shop.lists(&[listed("k1", "ci")]);
    shop.run("keys rotate ci")
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has(&format!(
            "rotating {subject} revokes it once the new key is in place\n  to `{whole}`\n"
        ))
        .exit(130);
    shop.run("keys rotate --due")
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has(&format!(
            "`ci` of the profile `schatzi` at schatzi\n  to `{whole}`\n"
        ))
        .exit(130);
    shop.lists(&[listed("k1", "ci")]);
    shop.run("keys revoke ci")
        .at_a_terminal()
        .reply(Reply::Confirm(false))
        .stderr_has(&format!("revoking {subject} cannot be undone\n"))
        .exit(130);
}

#[test]
fn damaged_record_trusts_nothing() {
    let shop = Shop::new();
    shop.home.project("work/keywright.toml", "");
    let record = shop.home.path().join("state/trust.json");
    shop.home.write("state/trust.json", "{}x");
    mode(&record, 0o600);
    shop.run("token")
        .stderr_has("is damaged, so nothing is trusted")
        .exit(9);
    mode(&record, 0o644);
    shop.run("token")
        .stderr_has("can be read by others")
        .exit(9);
}
