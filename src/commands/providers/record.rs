//! `keywright providers check --live --record`: examples in the manifest file from the calls that were made.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use serde_json::Value;

use super::super::{Context, ResolvedProfile};
use super::check::{ProvidersCheckArgs, STDIN};
use super::live::renamed;
use crate::api::ApiClient;
use crate::authoring::check::check;
use crate::authoring::live::recording::{Recording, Take, with_example};
use crate::authoring::live::{LiveStep, RecordedExample, Recorder};
use crate::core::error::{Error, Kind, Result};
use crate::core::key::{Expiry, Key, NewKey};
use crate::core::map::map_of;
use crate::core::secret::Secret;
use crate::core::untrusted::Untrusted;
use crate::manifest::{CallOwner, Example, Manifest, Verb};
use crate::platform::files::{self, FileLock, ResolvedPath};
use crate::profile::ValueSource;
use crate::providers::{ManifestOrigin, ProviderSource};

/// The largest manifest that is written, in bytes.
const MAX_MANIFEST_BYTES: u64 = 1 << 20;

/// The calls of a live check, sorted by operation while they are made.
pub(super) struct Tape<'r> {
    recorder: &'r Recorder,
    recording: Recording,
    key: Option<Key>,
    new: NewKey,
    asked: NewKey,
}

impl<'r> Tape<'r> {
    pub(super) fn new(recorder: &'r Recorder, opened: &ResolvedProfile, now: Timestamp) -> Self {
        let bases = opened.bases.iter();
        let bases = bases.map(|(name, (url, _))| (name.clone(), url.clone()));
        let variables = opened.variables.iter();
        let own = variables.filter(|(_, (_, from))| *from != ValueSource::Manifest);
        let variables: BTreeMap<String, String> =
            map_of(own.map(|(name, (value, _))| (name.clone(), value.clone())));
        Tape {
            recorder,
            recording: Recording {
                now,
                bases: map_of(bases),
                plain: variables.values().cloned().collect(),
                variables,
                takes: Vec::new(),
                credentials: Vec::new(),
                secrets: Vec::new(),
            },
            key: None,
            new: NewKey::default(),
            asked: NewKey::default(),
        }
    }

    /// Remembers the fields that a step sets.
    pub(super) fn will_set(&mut self, asked: &NewKey) {
        self.recording.plain.extend(asked.name.clone());
        self.asked = asked.clone();
    }

    /// Remembers the key that was created.
    pub(super) fn created(&mut self, key: &Key, new: &NewKey, secret: &Secret) {
        self.recording.secrets.push(secret.duplicate());
        let plain = &mut self.recording.plain;
        plain.extend(new.name.clone());
        plain.extend(new.name.as_deref().map(renamed));
        plain.extend(new.scopes.iter().cloned());
        plain.extend(new.fields.iter().map(|(_, value)| value.clone()));
        if let Some(id) = &key.id {
            let id = id.as_received().to_owned();
            if self.recorder.manifest().hides_ids() {
                self.recording.secrets.push(Secret::new(id));
            } else {
                plain.insert(id);
            }
        }
        self.key = Some(key.clone());
        self.new = new.clone();
    }

    /// Keeps the calls of a step that went well.
    pub(super) fn keep(&mut self, step: LiveStep) {
        let verbs: &[Verb] = match step {
            LiveStep::Verify | LiveStep::VerifyNew => {
                let is_verify = |path: &[String]| {
                    path.first().is_some_and(|first| first == "credentials")
                        && path.last().is_some_and(|last| last == "verify")
                };
                return self.keep_path(is_verify, BTreeMap::new());
            }
            LiveStep::List | LiveStep::Listed => &[Verb::List, Verb::Status],
            LiveStep::Create => &[Verb::Create],
            LiveStep::Show => &[Verb::Show],
            LiveStep::Rename => &[Verb::Rename],
            LiveStep::Set => &[Verb::Set],
            LiveStep::Disable => &[Verb::Disable],
            LiveStep::Enable => &[Verb::Enable],
            LiveStep::Revoke => &[Verb::Revoke],
            LiveStep::Gone => &[],
        };
        for verb in verbs {
            let input = self.input(*verb);
            self.keep_path(|path| is_of(path, *verb), input);
        }
    }

    fn keep_path(&mut self, accepts: impl Fn(&[String]) -> bool, input: BTreeMap<String, Value>) {
        if let Some(calls) = self.recorder.take(accepts) {
            let takes = &mut self.recording.takes;
            takes.retain(|take| take.calls.path != calls.path);
            takes.push(Take { calls, input });
        }
    }

    /// Returns the inputs of an operation, as its example has them.
    fn input(&self, verb: Verb) -> BTreeMap<String, Value> {
        let mut input = BTreeMap::new();
        let mut set = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                input.insert(name.to_owned(), value);
            }
        };
        let id = self.key.as_ref().and_then(|key| key.id.as_ref());
        if matches!(
            verb,
            Verb::Show | Verb::Rename | Verb::Set | Verb::Disable | Verb::Enable | Verb::Revoke
        ) {
            set("id", id.map(Untrusted::as_received).map(Value::from));
        }
        let fields = match verb {
            Verb::Create => Some(&self.new),
            Verb::Set => Some(&self.asked),
            _ => None,
        };
        if let Some(fields) = fields {
            set("name", fields.name.as_deref().map(Value::from));
            let scopes = &fields.scopes;
            set(
                "scopes",
                (!scopes.is_empty()).then(|| scopes.clone().into()),
            );
            set("expires", fields.expires.map(expiry));
            for (name, value) in &fields.fields {
                set(name, Some(value.as_str().into()));
            }
        }
        if verb == Verb::Rename {
            set(
                "name",
                self.new.name.as_deref().map(renamed).map(Value::from),
            );
        }
        input
    }

    /// Returns what was recorded, with the credentials that it was made with.
    pub(super) fn finish(mut self, client: &ApiClient<'_>) -> Recording {
        for verb in [Verb::Exchange, Verb::Refresh] {
            self.keep_path(|path| is_of(path, verb), BTreeMap::new());
        }
        let manifest = client.service.manifest;
        let mut used: BTreeSet<Vec<String>> = BTreeSet::new();
        for call in manifest.calls() {
            let mut takes = self.recording.takes.iter();
            if takes.all(|take| take.calls.path != call.path) {
                continue;
            }
            used.insert(match call.owner {
                CallOwner::Verify(name, _) => vec![name.to_owned()],
                _ => manifest.accepted_credentials(call.operation).to_vec(),
            });
        }
        for names in used {
            // The first that is there is the one that the calls were made with.
            let mut held = names
                .iter()
                .filter_map(|name| client.session.fresh_or_none(name, None).ok()?);
            if let Some(held) = held.next() {
                self.recording.credentials.push((held.name, held.secret));
            }
        }
        self.recording
    }
}

fn is_of(path: &[String], verb: Verb) -> bool {
    matches!(path, [group, name] if group == "operations" && name == verb.name())
}

fn expiry(expires: Expiry) -> Value {
    match expires {
        Expiry::At(moment) => moment.to_string().into(),
        Expiry::Never => "never".into(),
    }
}

/// The file of a manifest that examples are written into.
pub(super) struct ManifestFile {
    known: ProviderSource,
    target: ResolvedPath,
    lock: FileLock,
}

impl ManifestFile {
    /// Returns the file of a manifest, locked; refuses one that cannot be written.
    pub(super) fn of(
        known: &ProviderSource,
        args: &ProvidersCheckArgs,
        context: &Context<'_>,
    ) -> Result<Self> {
        let ManifestOrigin::User(path) = &known.origin else {
            let (name, folder) = (&known.name, crate::providers::folder(context.platform));
            return Err(Error::usage(format!(
                "`{name}` is built in: there is no file to record examples into"
            ))
            .hint(format!(
                "copy it to `{}` first: keywright providers show {name} --manifest",
                folder.join(format!("{name}.toml")).display()
            )));
        };
        if args.provider.as_deref() == Some(Path::new(STDIN)) || files::is_descriptor_path(path) {
            return Err(
                Error::usage("examples cannot be recorded into a manifest from stdin")
                    .hint("name its file: keywright providers check FILE --live --record"),
            );
        }
        let platform = context.platform;
        let target = ResolvedPath::find(path)?;
        let digest = files::sha256(target.path().as_os_str().as_encoded_bytes());
        let name = format!("manifest-{}.lock", &digest[..16]);
        let lock = platform.dirs.state.join("locks").join(name);
        let lock = FileLock::acquire(&lock, &platform.lock_deadline)?;
        files::check_replaceable(&target, &lock)?;
        Ok(ManifestFile {
            known: known.clone(),
            target,
            lock,
        })
    }

    /// Writes the examples of a recording; one that would not pass, or would hold a secret, is left out.
    pub(super) async fn record(
        &self,
        recording: &Recording,
        manifest: &Manifest,
        context: &Context<'_>,
    ) -> Result<Vec<RecordedExample>> {
        let before = self.text()?;
        let mut examples = Vec::new();
        for (path, example) in recording.examples(manifest, context.platform).await {
            let example = example.and_then(|example| silent(&path, example, context));
            examples.push((path, example));
        }
        // One may need another one: a path that some example of the manifest must contain.
        let all = examples.iter().filter_map(|(path, example)| {
            let example = example.as_ref().ok()?;
            Some((path.as_slice(), example))
        });
        let whole = all
            .into_iter()
            .try_fold(before.clone(), |text, (path, example)| {
                with_example(&text, path, example)
            });
        let good = match &whole {
            Ok(text) => self.check(text, context).await.is_ok(),
            Err(_) => false,
        };
        let mut text = whole.ok().filter(|_| good);
        let is_whole = text.is_some();
        let mut recorded = Vec::new();
        for (path, example) in examples {
            let why_not = match example {
                Ok(_) if is_whole => None,
                Ok(example) => {
                    let known = text.as_ref().unwrap_or(&before);
                    match self.added(known, &path, &example, context).await {
                        Ok(added) => {
                            text = Some(added);
                            None
                        }
                        Err(why) => Some(why),
                    }
                }
                Err(why) => Some(why),
            };
            recorded.push(RecordedExample {
                place: path.join("."),
                why_not: why_not.map(|why| context.log.redact(&why)),
            });
        }
        if let Some(text) = text.filter(|text| *text != before) {
            files::replace_readable(&self.target, text.as_bytes(), &self.lock)?;
        }
        Ok(recorded)
    }

    fn text(&self) -> Result<String> {
        let text = files::read_named_text(self.target.path(), MAX_MANIFEST_BYTES)?;
        text.ok_or_else(|| {
            let path = self.target.path().display();
            Error::new(Kind::Failed, format!("`{path}` could not be read again"))
        })
    }

    /// Returns the text with an example, if the manifest is good with it.
    async fn added(
        &self,
        text: &str,
        path: &[String],
        example: &Example,
        context: &Context<'_>,
    ) -> std::result::Result<String, String> {
        let added = with_example(text, path, example)?;
        self.check(&added, context).await?;
        Ok(added)
    }

    /// Checks the manifest with another text.
    async fn check(&self, text: &str, context: &Context<'_>) -> std::result::Result<(), String> {
        let known = self.known.with_text(text.to_owned());
        let checked = check(&known, context.platform).await;
        let verdict = checked.and_then(|(report, _)| report.verdict());
        verdict.map_err(|error| error.message().to_owned())
    }
}

/// Returns an example if it shows no secret that is known.
fn silent(
    path: &[String],
    example: Example,
    context: &Context<'_>,
) -> std::result::Result<Example, String> {
    let alone = with_example("", path, &example)?;
    if context.log.redact(&alone) == alone {
        return Ok(example);
    }
    Err("a secret would remain in it".to_owned())
}
