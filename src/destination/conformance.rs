//! The conformance suite of destinations. Every kind of the table in code is tried in the place that its fixture describes,
//! every built-in manifest in a place in memory; `life` is for both, and here is what kinds in code have beside it.

mod life;

use std::path::Path;

use super::DestinationSpec;
use super::registry::{DestinationKind, KINDS};
use super::spec::SpecKind;
use super::test_world::{Scene, refusal, secret};
use crate::core::error::Kind;
use crate::platform::Env;

/// A place in which a kind can be tried, and what is expected of it there.
pub(super) struct Fixture {
    /// A destination of the kind.
    pub(super) text: &'static str,
    /// Prepares a scene in which that destination can take a secret.
    pub(super) prepare: fn(Scene) -> Scene,
    /// Returns everything that stands there, and nothing before the first delivery.
    pub(super) content: fn(&Scene) -> Option<String>,
    /// The content after a delivery to the empty place, with `{}` for the secret.
    pub(super) delivered: &'static str,
    /// The way in which an earlier content is restored.
    pub(super) restores: Restores,
    /// Obstacles that the probe finds before there is a secret, each with part of its message.
    pub(super) refusals: &'static [Refusal],
    /// Failures that only a delivery finds, each with the kind of its error.
    pub(super) late_failures: &'static [LateFailure],
    /// Further texts of the kind.
    pub(super) further: &'static [&'static str],
    /// Texts that are refused, each with part of the reason.
    pub(super) malformed: &'static [(&'static str, &'static str)],
    /// Texts with their recorded form in the folder `/project`, with the home `/home/fake`.
    pub(super) anchored: &'static [(&'static str, &'static str)],
}

/// Prepares a scene in which a delivery is refused, with part of the reason.
type Refusal = (fn(Scene) -> Scene, &'static str);

/// Makes a delivery fail, with the kind of its error.
type LateFailure = (fn(&Scene), Kind);

/// The way in which an earlier content is restored.
pub(super) enum Restores {
    /// Byte for byte, because it can be read.
    Exactly {
        /// Makes a content stand there.
        put: fn(&Scene, &str),
        /// Contents that may have stood there.
        contents: &'static [&'static str],
    },
    /// By a delivery of the old value, where another store still has it.
    ByDelivery,
    /// Not at all.
    Never,
}

impl Fixture {
    fn scene(&self) -> Scene {
        (self.prepare)(Scene::new())
    }

    fn content(&self, scene: &Scene) -> Option<String> {
        (self.content)(scene)
    }

    /// Returns the contents that may stand before a delivery: nothing, and those that can be put there.
    fn earlier(&self) -> Vec<Option<&'static str>> {
        let contents = match self.restores {
            Restores::Exactly { contents, .. } => contents,
            Restores::ByDelivery | Restores::Never => &[],
        };
        let contents = contents.iter().copied().map(Some);
        std::iter::once(None).chain(contents).collect()
    }

    fn put(&self, scene: &Scene, earlier: Option<&str>) {
        if let (Restores::Exactly { put, .. }, Some(text)) = (&self.restores, earlier) {
            put(scene, text);
        }
        assert_eq!(self.content(scene).as_deref(), earlier, "{}", self.text);
    }
}

fn each() -> impl Iterator<Item = (&'static DestinationKind, &'static Fixture)> {
    KINDS.iter().map(|kind| (*kind, &kind.fixture))
}

fn parse(text: &str) -> DestinationSpec {
    text.parse()
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn text_is_displayed_as_written() {
    for (kind, fixture) in each() {
        for text in [fixture.text].iter().chain(fixture.further) {
            let spec = parse(text);
            assert_eq!(spec.parts().0, &SpecKind::Code(kind));
            assert_eq!(spec.to_string(), *text);
            let json = serde_json::to_string(&spec).unwrap();
            assert_eq!(
                serde_json::from_str::<DestinationSpec>(&json).unwrap(),
                spec
            );
        }
        assert_eq!(fixture.scene().open(fixture.text).describe(), fixture.text);
    }
}

#[test]
fn malformed_text_is_refused_with_syntax() {
    for (kind, fixture) in each() {
        let controlled = format!("{}\u{1b}", fixture.text);
        let control = kind
            .takes_text()
            .then_some((&*controlled, "a control character"));
        for (text, why) in fixture.malformed.iter().copied().chain(control) {
            let error = text.parse::<DestinationSpec>().unwrap_err();
            assert_eq!(error.kind(), Kind::Usage, "{text}");
            assert!(error.message().contains(why), "{text}: {error}");
            assert_eq!(
                error.hints(),
                [format!("write it as {}", kind.syntax)],
                "{text}"
            );
        }
    }
}

#[test]
fn recorded_form_ignores_current_folder() {
    let env = Env::default().with("HOME", "/home/fake");
    for (kind, fixture) in each() {
        let is_path = kind.names.file("").is_some();
        assert_eq!(is_path, !fixture.anchored.is_empty(), "{kind:?}");
        for (text, anchored) in fixture.anchored {
            let spec = parse(text).absolute(Path::new("/project"), &env).unwrap();
            assert_eq!(spec.to_string(), *anchored);
        }
        let spec = parse(fixture.text)
            .absolute(Path::new("/project"), &env)
            .unwrap();
        assert!(spec.file().is_none_or(|path| path.starts_with("/project/")));
        assert_eq!(spec.absolute(Path::new("/elsewhere"), &env).unwrap(), spec);
        let json = serde_json::to_string(&spec).unwrap();
        assert_eq!(
            serde_json::from_str::<DestinationSpec>(&json).unwrap(),
            spec
        );
    }
}

#[test]
fn late_failure_says_whether_secret_arrived() {
    for (kind, fixture) in each() {
        for (prepare, expected) in fixture.late_failures {
            let scene = fixture.scene();
            let before = fixture.content(&scene);
            let destination = scene.open(fixture.text);
            destination.probe().unwrap();
            prepare(&scene);
            refusal(destination.deliver(&secret()), *expected);
            if *expected == Kind::Store {
                assert_eq!(fixture.content(&scene), before, "{kind:?}");
            }
        }
    }
}

#[test]
fn names_of_kinds_differ() {
    let mut names: Vec<_> = KINDS.iter().map(|kind| kind.name()).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), KINDS.len());
}
