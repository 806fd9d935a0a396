//! The serialised words: fields and values of state files, of configuration, of JSON answers and of the manifest
//! language. A word that changes breaks files and scripts, so each one is compared with `wire-words.txt`.

use keywright::core::format::WriterVersion;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::{self, Write as _};
use std::path::{Path, PathBuf};

use keywright::audit::Severity;
use keywright::core::error::Kind;
use keywright::core::key::{Expiry, KeyStatus, NewKey, RequestedProperties, Validity};
use keywright::destination::DestinationSpec;
use keywright::hook::HookSpec;
use keywright::manifest::Strategy;
use keywright::profile::credential_index::{
    CredentialIndex, DerivedFrom, PendingItems, StoredCredential,
};
use keywright::profile::session::{PendingCall, TokenCall, Unanswered};
use keywright::profile::{Config, ProfileConfig, Project, ProjectKey, TrustEntry, TrustRecord};
use keywright::report::completion_cache::CachedKey;
use keywright::rotation::journal::{
    DeliveredKey, Event, Intent, KeyHistory, LoggedEvent, OldKey, PreviousValue, RecordState,
    RepairedKey, RevokedKey, StagedSecret, StorageLocation,
};
use keywright::store::{SecretRef, StoreKind};
use keywright::wal::SpooledResponse;
use serde::de::{self, DeserializeOwned, Deserializer, Visitor};
use serde::{Serialize, forward_to_deserialize_any};
use serde_json::{Value, json};

use crate::support::home::TestEnv;
use crate::support::messages;

/// The sections of the golden file, each with its words.
type Words = BTreeMap<String, BTreeSet<String>>;

/// Reads the field names that a derived `Deserialize` asks for.
struct FieldNames<'a>(&'a mut Vec<&'static str>);

#[derive(Debug)]
struct NoValue;

impl fmt::Display for NoValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no value")
    }
}

impl std::error::Error for NoValue {}

impl de::Error for NoValue {
    fn custom<T: fmt::Display>(_: T) -> Self {
        NoValue
    }
}

impl<'de> Deserializer<'de> for FieldNames<'_> {
    type Error = NoValue;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, NoValue> {
        Err(NoValue)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        _: V,
    ) -> Result<V::Value, NoValue> {
        self.0.extend(fields);
        Err(NoValue)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option
        unit unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// Adds the fields of a struct.
fn fields<T: DeserializeOwned>(words: &mut Words, section: &str) {
    let mut found = Vec::new();
    let _ = T::deserialize(FieldNames(&mut found));
    assert!(!found.is_empty(), "{section}: no struct");
    add(words, section, found);
}

/// Adds the variants of an enum, which the error about an unknown one lists.
fn variants<T: DeserializeOwned>(words: &mut Words, section: &str, unknown: Value) {
    let error = serde_json::from_value::<T>(unknown).err().unwrap();
    let text = error.to_string();
    let (_, known) = text.split_once("expected").unwrap();
    add(words, section, known.split('`').skip(1).step_by(2));
}

fn add<W: Into<String>>(words: &mut Words, section: &str, found: impl IntoIterator<Item = W>) {
    let section = words.entry(section.to_owned()).or_default();
    section.extend(found.into_iter().map(Into::into));
}

/// Adds the path of every field of a JSON value.
fn paths(words: &mut BTreeSet<String>, value: &Value, path: &str) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                let path = if path.is_empty() {
                    name.clone()
                } else {
                    format!("{path}.{name}")
                };
                paths(words, value, &path);
                words.insert(path);
            }
        }
        Value::Array(items) => {
            for item in items {
                paths(words, item, &format!("{path}[]"));
            }
        }
        _ => {}
    }
}

/// Adds the fields of a value as it is serialised.
fn serialised(words: &mut Words, section: &str, value: &impl Serialize) {
    let value = serde_json::to_value(value).unwrap();
    paths(words.entry(section.to_owned()).or_default(), &value, "");
}

fn item() -> SecretRef {
    SecretRef::fresh().unwrap()
}

fn repaired(hook: &HookSpec) -> RepairedKey {
    RepairedKey {
        id: Some("text".to_owned()),
        name: Some("text".to_owned()),
        after: vec![hook.clone()],
        check: Some(hook.clone()),
    }
}

fn created() -> Event {
    Event::Created {
        id: Some("1".to_owned()),
        one_of_several: true,
    }
}

/// An event of each kind, every field filled.
fn events() -> Vec<Event> {
    let to: DestinationSpec = "file:/tmp/key".parse().unwrap();
    let hook: HookSpec = "exec:check".parse().unwrap();
    let hook = hook.confined(std::path::Path::new("/tmp")).unwrap();
    let place = StorageLocation {
        store: StoreKind::FILE,
        shelter: true,
        item: item(),
        spool_key: Some(item()),
    };
    let at = "2026-11-20T12:00:00Z".parse().unwrap();
    let new = NewKey {
        name: Some("ci".to_owned()),
        scopes: vec!["read".to_owned()],
        expires: Some(Expiry::At(at)),
        fields: Vec::new(),
    };
    let text = || "text".to_owned();
    let intent = Intent {
        version: 1,
        writer: WriterVersion,
        profile: text(),
        provider: text(),
        name: Some(text()),
        before: Some(Vec::new()),
        listed_at: Some(at),
        to: vec![to.clone()],
        place: place.clone(),
        replaces: Some(OldKey {
            strategy: Strategy::Overlap,
            id: Some(text()),
            name: Some(text()),
            masked: Some(text()),
            grace: serde_json::from_value(json!("1h")).ok(),
            slot: Some(text()),
            other_scopes: true,
            own: Some(to.clone()),
            after: vec![hook.clone()],
            check: Some(hook.clone()),
            retire: "when-unused=24h".parse().ok(),
            disable: true,
        }),
        repairs: Some(Box::new(repaired(&hook))),
        asked: Some(RequestedProperties {
            at,
            new: new.clone(),
            expected: new,
            wished: Vec::new(),
            uncapped: Some(Expiry::Never),
            drift: Vec::new(),
        }),
        lease: true,
    };
    vec![
        Event::Intended(Box::new(intent)),
        Event::Sending,
        Event::Refused,
        created(),
        Event::ResponseLost { why: text() },
        Event::RevokingNew {
            id: text(),
            masked: text(),
        },
        Event::Staged(StagedSecret {
            place,
            id: Some(text()),
            masked: text(),
            fingerprint: Some(text()),
            expires_at: Some(at),
        }),
        Event::Verified,
        Event::BackedUp {
            to: to.clone(),
            previous: PreviousValue::Value(item()),
        },
        Event::Delivered { to: to.clone() },
        Event::Printing,
        Event::DeliveredAll {
            server_at: Some(at),
        },
        Event::HookStarted { number: 0 },
        Event::HookDone { number: 0 },
        Event::HooksDone {
            server_at: Some(at),
        },
        Event::UseSeen {
            last_used_at: Some(at),
            requests: Some(1),
            server_at: Some(at),
        },
        Event::Disabling,
        Event::Disabled,
        Event::Enabled,
        Event::Revoking,
        Event::Revoked,
        Event::RollbackStarted,
        Event::Restored { to },
        Event::Done,
        Event::Abandoned,
    ]
}

fn journal(words: &mut Words) {
    variants::<Event>(words, "journal: events", json!({ "event": "?" }));
    for event in events() {
        let section = format!("journal: fields of {}", event.kind().name());
        let at = "2026-11-20T12:00:00Z".parse().unwrap();
        serialised(
            words,
            &section,
            &LoggedEvent {
                at,
                event,
                by: Some(keywright::platform::Actor::default()),
            },
        );
    }
    fields::<Intent>(words, "journal: intent");
    fields::<StorageLocation>(words, "journal: place");
    fields::<OldKey>(words, "journal: replaces");
    fields::<StagedSecret>(words, "journal: kept");
    fields::<RequestedProperties>(words, "journal: asked");
    fields::<NewKey>(words, "journal: asked.new");
    variants::<Expiry>(words, "journal: asked.new.expires", json!("?"));
    variants::<PreviousValue>(words, "journal: previous", json!("?"));
    let states = [
        RecordState::Nothing,
        RecordState::Intended,
        RecordState::Sending,
        RecordState::ResponseLost,
        RecordState::RevokingNew,
        RecordState::Staged,
        RecordState::Verified,
        RecordState::Printing,
        RecordState::DeliveredAll,
        RecordState::HooksDone,
        RecordState::Watching,
        RecordState::Disabling,
        RecordState::Disabled,
        RecordState::Revoking,
        RecordState::Revoked,
        RecordState::RollingBack,
        RecordState::Done,
        RecordState::Abandoned,
    ];
    add(words, "journal: states", states.map(RecordState::name));
}

fn state_files(words: &mut Words) {
    fields::<KeyHistory>(words, "delivered.json");
    fields::<DeliveredKey>(words, "delivered.json: keys");
    fields::<RevokedKey>(words, "delivered.json: revoked");
    fields::<CredentialIndex>(words, "credentials.json");
    fields::<StoredCredential>(words, "credentials.json: credential");
    fields::<DerivedFrom>(words, "credentials.json: derived");
    fields::<PendingItems>(words, "leftovers");
    fields::<PendingCall>(words, "pending");
    fields::<Unanswered>(words, "pending: unanswered");
    variants::<TokenCall>(words, "pending: deed", json!("?"));
    fields::<SpooledResponse>(words, "answer");
    fields::<TrustRecord>(words, "trust.json");
    fields::<TrustEntry>(words, "trust.json: entry");
    fields::<CachedKey>(words, "keys.json");
    fields::<Config>(words, "config.toml");
    fields::<ProfileConfig>(words, "config.toml: profiles");
    fields::<Project>(words, "keywright.toml");
    fields::<ProjectKey>(words, "keywright.toml: keys");
}

fn values(words: &mut Words) {
    variants::<StoreKind>(words, "values: store", json!("?"));
    variants::<Strategy>(words, "values: strategy", json!("?"));
    variants::<KeyStatus>(words, "values: status", json!("?"));
    variants::<Validity>(words, "values: result", json!("?"));
    variants::<Severity>(words, "values: severity", json!("?"));
    let kinds = Kind::ALL.map(|kind| format!("{} {}", kind.exit_code(), kind.name()));
    add(words, "exit codes", kinds);
}

/// Adds the keys and the fixed values of every definition in a JSON Schema.
fn language(words: &mut Words) {
    let schema: Value =
        serde_json::from_str(&keywright::authoring::schema::schema().unwrap()).unwrap();
    definition(words, "manifest", &schema);
    for (name, schema) in schema["definitions"].as_object().unwrap() {
        definition(words, &format!("manifest: {name}"), schema);
    }
}

fn definition(words: &mut Words, section: &str, schema: &Value) {
    match schema {
        Value::Object(fields) => {
            for (name, value) in fields {
                match (name.as_str(), value) {
                    ("properties", Value::Object(properties)) => {
                        add(words, section, properties.keys().cloned());
                        for property in properties.values() {
                            definition(words, section, property);
                        }
                    }
                    ("enum", Value::Array(values)) => {
                        add(
                            words,
                            section,
                            values.iter().map(|value| format!("= {value}")),
                        );
                    }
                    ("const", value) => add(words, section, [format!("= {value}")]),
                    ("definitions" | "examples" | "default", _) => {}
                    (_, value) => definition(words, section, value),
                }
            }
        }
        Value::Array(items) => {
            for item in items {
                definition(words, section, item);
            }
        }
        _ => {}
    }
}

/// The commands that answer in JSON, in an order in which each finds something to tell.
const ANSWERS: [(&str, &[&str]); 17] = [
    ("keys create", &["keys", "create", "wire words"]),
    ("keys list", &["keys", "list"]),
    ("keys show", &["keys", "show", "wire words"]),
    ("keys status", &["keys", "status"]),
    ("keys verify", &["keys", "verify"]),
    (
        "keys rotate --plan",
        &["keys", "rotate", "wire words", "--plan", "--to", "stdout"],
    ),
    (
        "keys rotate",
        &[
            "keys",
            "rotate",
            "wire words",
            "--to",
            "file:wire-words.key",
            "--grace",
            "1h",
            "-y",
        ],
    ),
    ("rotations list", &["rotations", "list"]),
    ("exchange", &["-p", "sieve", "exchange"]),
    ("refresh", &["-p", "siati", "refresh"]),
    ("token", &["token"]),
    ("profiles list", &["profiles", "list"]),
    ("profiles show", &["profiles", "show"]),
    ("doctor", &["doctor"]),
    ("audit", &["audit"]),
    ("providers list", &["providers", "list"]),
    ("error", &["keys", "show", "no such key"]),
];

fn answers(words: &mut Words) {
    let home = TestEnv::new();
    let mut failed = Vec::new();
    for (name, args) in ANSWERS {
        let run = home.run(["--sandbox", "-q", "--json"]).args(args);
        let (_, done) = run.any_stdout().any_stderr().exit_any();
        let text = if name == "error" {
            &done.stderr
        } else {
            &done.stdout
        };
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            failed.push(format!("{name}: {}{}", done.stdout, done.stderr));
            continue;
        };
        let section = words.entry(format!("--json: {name}")).or_default();
        paths(section, &value, "");
        if section.is_empty() {
            failed.push(format!("{name}: nothing in it: {value}"));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
    home.project(
        "keywright.toml",
        "[keys.ci]\nprofile = \"work\"\ndestinations = [\"stdout\"]\n",
    );
    let shown = home.run(["trust", "--show", "--json"]);
    let shown = shown.json_stdout().exit_any().1.json();
    let section = words.entry("--json: trust --show".to_owned()).or_default();
    paths(section, &shown, "");
    let names = home.files().into_keys();
    let names = names.filter(|path| path.starts_with("state"));
    add(
        words,
        "files of the state folder",
        names.map(|path| without_ids(&path)),
    );
}

/// Returns a path with `*` for each part that is a random name.
fn without_ids(path: &Path) -> String {
    let part = |part: &str| match part.split_once('.') {
        Some((stem, rest)) if stem.contains(|c: char| c.is_ascii_digit()) => format!("*.{rest}"),
        None if part.len() > 16 => "*".to_owned(),
        _ => part.to_owned(),
    };
    let parts: Vec<String> = path
        .iter()
        .map(|name| part(name.to_str().unwrap()))
        .collect();
    parts.join("/")
}

#[expect(clippy::disallowed_methods, reason = "the caller of the test sets it")]
fn is_blessed() -> bool {
    std::env::var_os("KEYWRIGHT_BLESS").is_some_and(|set| set == "1")
}

fn golden() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire-words.txt")
}

fn text(words: &Words) -> String {
    let mut text = String::new();
    for (section, words) in words {
        let _ = writeln!(text, "[{section}]");
        for word in words {
            let _ = writeln!(text, "{word}");
        }
        text.push('\n');
    }
    text
}

#[test]
fn serialised_words_match_reference_file() {
    let mut words = Words::new();
    journal(&mut words);
    state_files(&mut words);
    values(&mut words);
    language(&mut words);
    answers(&mut words);
    let now = text(&words);
    if is_blessed() {
        keywright::platform::files::write_public(&golden(), now.as_bytes()).unwrap();
        return;
    }
    let known = keywright::platform::files::read_text(&golden()).unwrap();
    let known = known.unwrap_or_default();
    let missing = difference(&known, &now);
    let added = difference(&now, &known);
    assert!(
        known == now,
        "serialised words changed; files and scripts of today hold the old ones.\n\
         gone: {missing:#?}\nnew: {added:#?}\n\
         if that is meant: `just bless`, or KEYWRIGHT_BLESS=1 cargo test --test keywright -- wire_words"
    );
}

/// Returns the lines of `one` that `other` lacks, each behind its section.
fn difference(one: &str, other: &str) -> Vec<String> {
    let lines = |text: &str| {
        let mut section = String::new();
        let mut found = BTreeSet::new();
        for line in text.lines().filter(|line| !line.is_empty()) {
            if line.starts_with('[') {
                line.clone_into(&mut section);
            }
            found.insert(format!("{section} {line}"));
        }
        found
    };
    lines(one).difference(&lines(other)).cloned().collect()
}

/// Writes a file of version 99 in place of `name`, and returns its text.
fn from_the_future(home: &TestEnv, name: &str) -> String {
    let text = "{\"version\":99,\"other\":[]}\n".to_owned();
    home.write(name, &text);
    text
}

#[test]
fn newer_credential_index_is_refused_untouched() {
    let home = TestEnv::new();
    let key = crate::support::home::key("sk-fake-1");
    home.log_in("generic", "http://127.0.0.1:9", &[key]);
    let name = "state/credentials.json";
    let text = from_the_future(&home, name);
    let refused = |args: &[&str]| {
        home.run(args)
            .stderr_has("state/credentials.json` was written by a newer keywright")
            .exit(9);
        assert_eq!(home.read(name).as_ref(), Some(&text), "{args:?}");
    };
    refused(&["keys", "list"]);
    refused(&["logout", "-y"]);
    refused(&["login", "generic", "--with-key"]);
}

#[test]
fn newer_delivered_file_stops_create() {
    let home = TestEnv::new();
    let run = |args: &[&str]| home.run(["--sandbox", "-q"]).args(args).any_stdout();
    run(&["keys", "create", "first"])
        .expect_stderr(messages::shown_once("first"))
        .exit(0);
    let name = "state/sandbox/state/delivered.json";
    assert!(home.read(name).is_some(), "{:?}", home.files().keys());
    let text = from_the_future(&home, name);
    for args in [&["keys", "create", "second"][..], &["audit"]] {
        run(args)
            .stderr_has("delivered.json` was written by a newer keywright")
            .exit(9);
        assert_eq!(home.read(name).as_ref(), Some(&text));
    }
    let listed = run(&["keys", "list", "--json"]).exit_any().1;
    assert!(!listed.stdout.contains("second"), "{}", listed.stdout);
}

#[test]
fn newer_leftovers_file_is_preserved() {
    let home = TestEnv::new();
    let key = crate::support::home::key("sk-fake-1");
    home.log_in("generic", "http://127.0.0.1:9", &[key]);
    let text = from_the_future(&home, "state/leftovers/one.json");
    home.run(["logout", "-y"])
        .stderr_has(
            "forgot the credentials of the profile `generic`; nothing was revoked at the service\n",
        )
        .exit_any();
    assert_eq!(home.read("state/leftovers/one.json"), Some(text));
}

#[cfg(unix)]
#[test]
fn newer_pending_file_is_refused_untouched() {
    let home = TestEnv::new();
    let token = crate::support::home::token("fake-token", -60).refreshed_by("fake-refresh");
    home.log_in("siati", "http://127.0.0.1:9", &[token]);
    let name = "state/pending/siati.token.call";
    let text = from_the_future(&home, name);
    let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(home.path().join(name), private).unwrap();
    home.run(["refresh"])
        .stderr_has("siati.token.call` was written by a newer keywright")
        .exit(9);
    assert_eq!(home.read(name), Some(text));
}
