//! The old key stays until the service has shown no use of it for a time, and is disabled before it is revoked.

use serde_json::{Value, json};

use super::{events, is_clean, only_record, steps};
use crate::support::home::{TestEnv, token};
use crate::support::messages;
use crate::support::run::Run;
use crate::support::server::{self, Server, Wanted, delete, get, post};

const GAUGE: &str = include_str!("../manifests/gauge.toml");
const TOKEN: &str = "ga-fake-token-000000000000001";
const OLD: &str = "ga-fake-old-00000000000000000001";
const NEW: &str = "ga-fake-new-00000000000000000002";
const DAY: i64 = 86_400;

/// The fields by which the manifest reads the uses of a key.
const LAST_USED: &str = "last_used_at = { at = \"/last_used\", as = \"time\" }\n";
const USAGE: &str = "usage = { requests = \"/total\", requests_30d = \"/month\" }\n";

struct Gauge {
    server: Server,
    home: TestEnv,
}

impl Gauge {
    /// A service with this manifest, whose key `ci` stands in `app.key`.
    fn with(manifest: &str) -> Self {
        let gauge = Gauge {
            server: Server::new(),
            home: TestEnv::new(),
        };
        gauge.home.write("config/providers/gauge.toml", manifest);
        gauge
            .home
            .log_in("gauge", &gauge.server.url(), &[token(TOKEN, 400 * DAY)]);
        gauge.home.write("work/app.key", format!("{OLD}\n"));
        super::private(&gauge.home, "work/app.key");
        gauge
    }

    /// A service that shows the last use, and cannot disable.
    fn plain() -> Self {
        Gauge::with(&without_switch(&GAUGE.replace(USAGE, "")))
    }

    fn expect(&self, wanted: Wanted, status: u16, body: &Value) -> &Self {
        let answer = server::json(status, body);
        self.server.expect(wanted.bearer(TOKEN)).answer(answer);
        self
    }

    /// The list, with these uses of the old key.
    fn lists(&self, used: &Value) -> &Self {
        let mut old = json!({ "id": "k1", "name": "ci", "enabled": true });
        for (name, value) in used.as_object().unwrap() {
            old[name] = value.clone();
        }
        self.expect(get("/keys"), 200, &json!([old]))
    }

    fn works(&self, key: &str) -> &Self {
        self.server
            .expect(get("/probe").header("x-gauge-key", key))
            .answer(server::json(200, &json!({})));
        self
    }

    fn creates(&self) -> &Self {
        let body = json!({ "name": "ci" });
        let made = json!({ "id": "k2", "name": "ci", "enabled": true, "secret": NEW });
        self.expect(post("/keys").json(&body), 201, &made)
            .works(NEW)
    }

    fn revokes(&self, id: &str) -> &Self {
        let wanted = delete(&format!("/keys/{id}")).bearer(TOKEN);
        self.server.expect(wanted).answer(server::empty(204));
        self
    }

    fn switches(&self, verb: &str, is_enabled: bool) -> &Self {
        let answer = json!({ "id": "k1", "enabled": is_enabled });
        self.expect(post(&format!("/keys/k1/{verb}")), 200, &answer)
    }

    fn rotate(&self, args: &[&str]) -> Run {
        self.home
            .run(["keys", "rotate", "ci", "-y", "--to", "file:app.key"])
            .args(args)
    }

    /// A rotation in place, whose old key was last used at eleven.
    fn rotated(&self, retire: &str) -> &Self {
        let used = used_at(11);
        self.lists(&used).creates().lists(&used);
        self.rotate(&["-q", "--retire", retire]).exit(0);
        self
    }

    /// Resumes a day later, without a use since: the old key is disabled.
    fn resumes_to_disable(&self) -> Run {
        self.home.clock.pass(DAY);
        self.lists(&used_at(11))
            .works(NEW)
            .switches("disable", false);
        self.resume()
    }

    fn resume(&self) -> Run {
        self.home.run(["rotations", "resume"])
    }

    fn last_event(&self) -> String {
        events(&self.home).remove(0).pop().unwrap()
    }
}

fn used_at(hour: i64) -> Value {
    let moment = jiff::Timestamp::from_second(1_795_132_800 + hour * 3600).unwrap();
    json!({ "last_used": moment.to_string() })
}

/// A manifest without the operations that disable and enable.
fn without_switch(manifest: &str) -> String {
    let (before, after) = manifest.split_once("[operations.enable]").unwrap();
    let (_, after) = after.split_once("[operations.revoke]").unwrap();
    format!("{before}[operations.revoke]{after}")
}

#[test]
fn unused_old_key_is_revoked() {
    let gauge = Gauge::plain();
    let used = used_at(11);
    gauge.lists(&used).creates().lists(&used);
    gauge
        .rotate(&["--retire", "when-unused"])
        .stderr_has("the new key is in place; the old one of `ci` is left until it is unused, 2026-11-21 12:00 UTC at the earliest\n")
        .exit(0);
    let told = gauge.home.run(["rotations", "show", "--json"]).json();
    assert_eq!(told["state"], "watching");
    assert_eq!(told["retire"]["unused_for"], "1d");
    assert_eq!(told["retire"]["last_used_at"], used["last_used"]);
    assert_eq!(told["retire"]["earliest"], "2026-11-21T12:00:00Z");
    assert!(steps(&told).contains(&("leave the old key until it is unused for 1d", "started")));
    gauge.home.clock.pass(DAY - 1);
    gauge.lists(&used);
    gauge
        .resume()
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    assert_eq!(gauge.last_event(), "use_seen");
    gauge.home.clock.pass(1);
    gauge.lists(&used).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn used_old_key_stays_longer() {
    let gauge = Gauge::plain();
    gauge.rotated("when-unused=24h");
    gauge.home.clock.pass(DAY);
    gauge.lists(&used_at(20));
    gauge
        .resume()
        .stderr_has(messages::OLD_KEY_IN_USE)
        .stderr_has(messages::IN_TWO_DAYS_AT_EARLIEST)
        .exit(0);
    gauge.home.clock.pass(DAY - 1);
    gauge.lists(&used_at(20));
    gauge
        .resume()
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    gauge.home.clock.pass(1);
    gauge.lists(&used_at(20)).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn total_count_proves_disuse() {
    let gauge = Gauge::with(&without_switch(&GAUGE.replace(LAST_USED, "")));
    // The sliding window grows and falls without a meaning.
    let counted = |total: u64, month: u64| json!({ "total": total, "month": month });
    gauge.lists(&counted(7, 5)).creates().lists(&counted(7, 5));
    gauge.rotate(&["-q", "--retire", "when-unused=1h"]).exit(0);
    gauge.home.clock.pass(3600);
    gauge.lists(&counted(8, 5));
    gauge.resume().stderr_has(messages::OLD_KEY_IN_USE).exit(0);
    gauge.home.clock.pass(3600);
    gauge.lists(&counted(8, 9)).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn disabled_old_key_awaits_next_run() {
    let gauge = Gauge::with(GAUGE);
    gauge.rotated("when-unused=24h");
    gauge
        .resumes_to_disable()
        .stderr_has(messages::DISABLED_OLD_KEY)
        .stderr_has("the new key is in place; the old one of `ci` is disabled\n")
        .exit(0);
    assert_eq!(gauge.last_event(), "disabled");
    gauge.lists(&used_at(11)).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn undo_enables_disabled_old_key() {
    let gauge = Gauge::with(GAUGE);
    gauge.rotated("when-unused=24h");
    gauge
        .resumes_to_disable()
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    gauge
        .switches("enable", true)
        .lists(&used_at(11))
        .revokes("k2");
    gauge
        .home
        .run(["rotations", "undo", "-y"])
        .stderr_has(messages::ENABLED_OLD_KEY)
        .exit(0);
    assert_eq!(gauge.home.read("work/app.key"), Some(format!("{OLD}\n")));
    is_clean(&gauge.home);
}

#[test]
fn retirement_at_any_event_finishes() {
    let gauge = Gauge::with(GAUGE);
    gauge.rotated("when-unused=24h");
    gauge
        .resumes_to_disable()
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    let all = events(&gauge.home).remove(0);
    let placed = all.iter().position(|event| event == "placed").unwrap();
    assert_eq!(
        all[placed..],
        ["placed", "use_seen", "disabling", "disabled"]
    );
    let record = only_record(&gauge.home);
    for count in placed + 1..=all.len() {
        let home = gauge.home.copy();
        let text = home.read(&record).unwrap();
        let lines: Vec<&str> = text.lines().take(count).collect();
        home.write(&record, lines.join("\n") + "\n");
        super::private(&home, &record);
        home.clock.pass(DAY);
        let resume = || home.run(["rotations", "resume", "-q"]).exit(0);
        if all[count - 1] == "placed" {
            // The baseline is taken once more.
            gauge.lists(&used_at(11));
            resume();
            home.clock.pass(DAY);
        }
        if ["placed", "use_seen"].contains(&all[count - 1].as_str()) {
            gauge.lists(&used_at(11)).works(NEW);
        }
        if all[count - 1] == "disabling" {
            // A use since it was announced would leave the key as it is.
            gauge.lists(&used_at(11));
        }
        if all[count - 1] != "disabled" {
            gauge.switches("disable", false);
            resume();
        }
        gauge.lists(&used_at(11)).works(NEW).revokes("k1");
        resume();
        is_clean(&home);
    }
}

#[test]
fn use_after_enabling_keeps_old_key() {
    let gauge = Gauge::with(GAUGE);
    gauge.rotated("when-unused=24h");
    gauge
        .resumes_to_disable()
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    gauge
        .lists(&used_at(37))
        .switches("enable", true)
        .lists(&used_at(37));
    gauge
        .resume()
        .stderr_has(messages::OLD_KEY_IN_USE)
        .stderr_has(messages::ENABLED_OLD_KEY)
        .stderr_has(messages::IN_TWO_DAYS_AT_EARLIEST)
        .exit(0);
    assert_eq!(gauge.last_event(), "use_seen");
    gauge.home.clock.pass(DAY);
    gauge
        .lists(&used_at(37))
        .works(NEW)
        .switches("disable", false);
    gauge
        .resume()
        .stderr_has(messages::DISABLED_OLD_KEY)
        .exit(0);
    gauge.lists(&used_at(37)).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn use_after_failure_keeps_old_key() {
    let gauge = Gauge::plain();
    gauge.rotated("when-unused=24h");
    gauge.home.clock.pass(DAY);
    gauge.lists(&used_at(11)).works(NEW);
    let refusal = json!({ "error": "not now" });
    gauge.expect(delete("/keys/k1"), 403, &refusal);
    gauge
        .resume()
        .stderr_has("the old key `ci` was not revoked")
        .exit(10);
    assert_eq!(gauge.last_event(), "revoking");
    gauge.lists(&used_at(37)).lists(&used_at(37));
    gauge
        .resume()
        .stderr_has(messages::OLD_KEY_IN_USE)
        .stderr_has(messages::NEW_KEY_IN_PLACE)
        .exit(0);
    gauge.home.clock.pass(DAY);
    gauge.lists(&used_at(37)).works(NEW).revokes("k1");
    gauge.resume().stderr_has(&messages::rotated("ci")).exit(0);
    is_clean(&gauge.home);
}

#[test]
fn service_without_use_sends_nothing() {
    let window = GAUGE
        .replace(LAST_USED, "")
        .replace("requests = \"/total\", ", "");
    let gauge = Gauge::with(&window);
    gauge
        .rotate(&["--retire", "when-unused=24h"])
        .fails(
            "`--retire when-unused=1d` cannot be honoured: gauge shows neither when a key was last used nor its requests in all",
            &["leave the old key for a time instead: `--grace 24h`"],
        )
        .exit(2);
    assert_eq!(gauge.server.seen().len(), 0);
}

#[test]
fn unknown_last_use_creates_nothing() {
    let gauge = Gauge::plain();
    gauge.lists(&json!({ "last_used": null }));
    gauge
        .rotate(&["--retire", "when-unused=24h"])
        .stderr_has("gauge does not show when `ci` was last used")
        .exit(2);
    assert_eq!(gauge.server.seen().len(), 1);
}

#[test]
fn vanished_last_use_keeps_old_key() {
    let gauge = Gauge::plain();
    gauge.rotated("when-unused=24h");
    gauge.home.clock.pass(2 * DAY);
    gauge.lists(&json!({}));
    gauge
        .resume()
        .stderr_has(
            "gauge does not show when the old key was last used; the old key was not revoked\n",
        )
        .exit(10);
}

#[test]
fn due_retires_by_project_file() {
    let gauge = Gauge::plain();
    gauge.home.project(
        "work/keywright.toml",
        "[keys.ci]\nrotate_every = \"30d\"\nretire = \"when-unused=1h\"\ndestinations = [\"file:app.key\"]\n",
    );
    let mut used = used_at(11);
    used["created"] = json!("2026-01-01T00:00:00Z");
    gauge.lists(&used).creates().lists(&used);
    gauge.home.run(["keys", "rotate", "ci", "-y", "-q"]).exit(0);
    gauge.home.clock.pass(3600);
    gauge.lists(&used).lists(&used).works(NEW).revokes("k1");
    gauge
        .home
        .run(["keys", "rotate", "--due", "-y"])
        .stderr_has(&messages::rotated("ci"))
        .exit(0);
    is_clean(&gauge.home);
}

#[test]
fn plan_shows_proof_of_disuse() {
    let gauge = Gauge::with(GAUGE);
    gauge.lists(&used_at(11));
    let told = gauge
        .rotate(&["--plan", "--json", "--retire", "when-unused=2d"])
        .json();
    let names: Vec<&str> = steps(&told).iter().map(|(name, _)| *name).collect();
    assert_eq!(
        names[5..],
        [
            "leave the old key until it is unused for 2d",
            "disable the old key",
            "verify the new key once more",
            "revoke the old key",
            "clean up",
        ]
    );
}

#[test]
fn expired_new_key_is_named() {
    let read = format!("{LAST_USED}expires_at = {{ at = \"/expires\", as = \"time\" }}\n");
    let used = "\"last_used\":\"2026-11-20T11:00:00Z\"";
    let manifest = GAUGE.replace(USAGE, "").replace(LAST_USED, &read);
    let manifest = manifest.replace(
        used,
        &format!("{used},\"expires\":\"2026-12-20T11:00:00Z\""),
    );
    let gauge = Gauge::with(&without_switch(&manifest));
    let used = used_at(11);
    let mut made = json!({ "id": "k2", "name": "ci", "enabled": true, "secret": NEW });
    made["expires"] = "2026-11-20T18:00:00Z".into();
    gauge.lists(&used);
    let creation = post("/keys").json(&json!({ "name": "ci" }));
    gauge.expect(creation, 201, &made).works(NEW).lists(&used);
    gauge.rotate(&["-q", "--retire", "when-unused=24h"]).exit(0);
    let next = || {
        let told = gauge.home.run(["rotations", "show", "--json"]).json();
        told["next"].as_str().unwrap().to_owned()
    };
    assert!(next().contains("once it is unused"), "{}", next());
    gauge.home.clock.pass(6 * 3600);
    let expired = "the new key expired at 2026-11-20 18:00 UTC";
    let way = format!("{expired}; go back to the old one: keywright rotations undo ");
    assert!(next().starts_with(&way), "{}", next());
    let listed = gauge.home.run(["rotations", "list"]);
    listed.stdout_has(&way).exit(0);
    gauge.lists(&used);
    gauge
        .resume()
        .stderr_has(&format!("warning: {expired}; the old one of `ci` is left"))
        .stderr_has(": go back to it: keywright rotations undo ")
        .exit(0);
    gauge.lists(&used);
    gauge
        .home
        .run(["audit"])
        .stdout_has(&format!("{expired}, and the old one is still there"))
        .stdout_has("keywright rotations undo ")
        .exit(0);
}
