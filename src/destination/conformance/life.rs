//! The promises of every destination, in code or by manifest: a probe changes nothing and refuses what would fail, a value
//! arrives and shows nowhere else, and an earlier one comes back; whoever is stopped at a request or an effect leaves the
//! old or the new value.

use std::cell::RefCell;
use std::rc::Rc;

use super::super::places::{self, Entry, Place, Request, TOKEN};
use super::super::registry::{DestinationKind, KINDS};
use super::super::test_world::{SECRET, Scene, refusal, secret};
use super::super::{OpenDestination, StoredContent, saved_value};
use super::Restores;
use crate::core::error::{Kind, Result};
use crate::core::secret::Secret;
use crate::doubles::faults::{Fault, interrupted};
use crate::doubles::http::{self, FakeTransport};
use crate::doubles::point;
use crate::platform::{HeaderValue, HttpRequest, TransportError};
use crate::providers::Catalogue;

/// The value that stood at a place before.
const EARLIER: &str = "fake-earlier-value";

/// The value of another person.
const RIVAL: &str = "fake-value-of-a-rival";

/// A destination that the suite tries.
#[derive(Clone, Copy)]
enum Subject {
    Code(&'static DestinationKind),
    Described(&'static Place),
}

fn subjects() -> impl Iterator<Item = Subject> {
    let code = KINDS.iter().map(|kind| Subject::Code(kind));
    code.chain(places::all().map(Subject::Described))
}

impl Subject {
    fn text(self) -> &'static str {
        match self {
            Subject::Code(kind) => kind.fixture.text,
            Subject::Described(place) => place.to,
        }
    }

    /// Returns whether the value can be read.
    fn reads(self) -> bool {
        match self {
            Subject::Code(kind) => matches!(kind.fixture.restores, Restores::Exactly { .. }),
            Subject::Described(place) => place.shows,
        }
    }

    /// Returns the contents that may stand before a delivery.
    fn earlier(self) -> Vec<Option<&'static str>> {
        match self {
            Subject::Code(kind) => kind.fixture.earlier(),
            Subject::Described(_) => vec![None, Some(EARLIER)],
        }
    }

    fn stage(self) -> Stage {
        Stage::new(self, |scene| scene)
    }
}

/// A subject on a machine of its own.
struct Stage {
    subject: Subject,
    scene: Scene,
    entry: Rc<RefCell<Entry>>,
    /// The answer of that number is lost.
    loses: Rc<RefCell<Option<usize>>>,
}

fn as_read(request: &HttpRequest) -> Request {
    let headers = request.headers.iter().map(|header| {
        let value = match &header.value {
            HeaderValue::Plain(text) => text.clone(),
            HeaderValue::Secret(secret) => secret.expose().to_owned(),
        };
        (header.name.to_ascii_lowercase(), value)
    });
    let body = request.body.as_ref();
    let media_type = body.and_then(|body| body.media_type.clone());
    let media_type = media_type.map(|text| ("content-type".to_owned(), text));
    let text = body.map_or("", |body| body.text.expose());
    let url = &request.url[url::Position::BeforePath..];
    Request::new(
        &request.method,
        url,
        media_type.into_iter().chain(headers),
        text.as_bytes(),
    )
}

impl Stage {
    /// A subject on a machine that is changed.
    fn new(subject: Subject, change: impl FnOnce(Scene) -> Scene) -> Self {
        let (entry, loses) = (
            Rc::<RefCell<Entry>>::default(),
            Rc::<RefCell<Option<usize>>>::default(),
        );
        let scene = match subject {
            Subject::Code(kind) => (kind.fixture.prepare)(Scene::new()),
            Subject::Described(place) => {
                let (shared, lost) = (Rc::clone(&entry), Rc::clone(&loses));
                let wire = FakeTransport::answering(move |request| {
                    let request = as_read(request);
                    let (status, body) = places::respond(place, &mut shared.borrow_mut(), request);
                    point::reach("answer");
                    if lost.borrow_mut().as_mut().is_some_and(|left| {
                        *left = left.wrapping_sub(1);
                        *left == usize::MAX
                    }) {
                        let why = "there was no answer in time".to_owned();
                        return Err(TransportError::Uncertain(why));
                    }
                    let text = if status == 204 {
                        String::new()
                    } else {
                        body.to_string()
                    };
                    Ok(http::answer(status, text))
                });
                let set = place.environment.iter();
                let scene = Scene::new().on(wire);
                set.fold(scene, |scene, (name, value)| scene.with(name, value))
            }
        };
        Stage {
            subject,
            scene: change(scene),
            entry,
            loses,
        }
    }

    /// Opens it, as each process does.
    fn open(&self) -> OpenDestination {
        self.scene.open_any(self.subject.text())
    }

    /// Returns everything that stands there, and nothing before the first delivery.
    fn content(&self) -> Option<String> {
        match self.subject {
            Subject::Code(kind) => kind.fixture.content(&self.scene),
            Subject::Described(_) => self.entry.borrow().held(),
        }
    }

    /// Returns the content after a delivery to the empty place.
    fn delivered(&self) -> String {
        match self.subject {
            Subject::Code(kind) => kind.fixture.delivered.replace("{}", SECRET),
            Subject::Described(_) => SECRET.to_owned(),
        }
    }

    fn put(&self, earlier: Option<&str>) {
        match self.subject {
            Subject::Code(kind) => kind.fixture.put(&self.scene, earlier),
            Subject::Described(_) => {
                if let Some(value) = earlier {
                    deliver(&self.open(), &Secret::new(value)).unwrap();
                }
                assert_eq!(self.content().as_deref(), earlier);
            }
        }
    }

    /// Everything that was shown, or handed to programs but on stdin.
    fn shown(&self) -> String {
        format!(
            "{}{}",
            self.scene.streams.stderr.borrow(),
            self.scene.inherited()
        )
    }
}

fn wait<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = { runtime }.enable_all().build().unwrap();
    runtime.block_on(work)
}

fn deliver(destination: &OpenDestination, secret: &Secret) -> Result<()> {
    wait(destination.deliver(secret))
}

#[test]
fn built_in_manifest_has_place() {
    let manifests = Catalogue::Destinations.built_in_manifests().unwrap();
    let mut names: Vec<&str> = manifests.iter().map(|one| one.name.as_str()).collect();
    names.sort_unstable();
    let mut tried: Vec<&str> = places::all().map(|place| place.name).collect();
    tried.sort_unstable();
    assert_eq!(
        tried, names,
        "a manifest needs a place in tests/support/places"
    );
}

#[test]
fn place_without_comparison_says_so() {
    let manifests = Catalogue::Destinations.built_in_manifests().unwrap();
    for place in places::all() {
        let manifest = manifests.iter().find(|one| one.name == place.name).unwrap();
        let words = ["no check-and-set", "write-only"];
        let says = words.iter().any(|words| manifest.about.contains(words));
        assert_eq!(says, !place.compares, "{}: {}", place.name, manifest.about);
    }
}

#[test]
fn probe_changes_nothing() {
    for subject in subjects() {
        for earlier in subject.earlier() {
            let stage = subject.stage();
            stage.put(earlier);
            let version = stage.entry.borrow().version;
            wait(stage.open().probe()).unwrap();
            assert_eq!(stage.content().as_deref(), earlier, "{}", subject.text());
            assert_eq!(stage.entry.borrow().version, version, "{}", subject.text());
            assert_eq!(stage.scene.left_over(), [""; 0]);
            assert_eq!(stage.scene.printed(), "");
        }
    }
}

#[test]
fn delivered_secret_arrives_and_shows_nowhere() {
    for subject in subjects() {
        let stage = Stage::new(subject, |scene| {
            scene.with("KEYWRIGHT_API_KEY", "sk-fake-ours")
        });
        let destination = stage.open();
        let (text, reads) = (subject.text(), subject.reads());
        wait(destination.probe()).unwrap();
        deliver(&destination, &secret()).unwrap();
        assert_eq!(stage.content(), Some(stage.delivered()), "{text}");
        assert_eq!(stage.scene.left_over(), [""; 0], "{text}");
        wait(destination.probe()).unwrap();
        assert!(destination.can_read() >= reads, "{text}");
        let read = wait(destination.read()).unwrap();
        assert_eq!(read.is(&secret()), reads.then_some(true), "{text}");
        let shown = stage.shown();
        for hidden in ["sk-fake", TOKEN, "fake-secret"] {
            assert!(!shown.contains(hidden), "{text}: {hidden} in {shown}");
        }
    }
}

#[test]
fn earlier_content_is_restored() {
    let old = || StoredContent::Value(Secret::new("sk-fake-old"));
    for subject in subjects() {
        for earlier in subject.earlier() {
            let stage = subject.stage();
            let text = subject.text();
            stage.put(earlier);
            let destination = stage.open();
            let (read, saved) = (
                wait(destination.read()).unwrap(),
                wait(destination.snapshot()).unwrap(),
            );
            if let (StoredContent::Value(read), StoredContent::Value(saved)) = (&read, &saved) {
                assert!(saved_value(saved).eq_secret(read), "{text}");
            }
            deliver(&destination, &secret()).unwrap();
            let delivered = stage.content();
            let restore = |content: &StoredContent| wait(stage.open().restore(content));
            let by_delivery = match subject {
                Subject::Described(place) => !place.shows,
                Subject::Code(kind) => matches!(kind.fixture.restores, Restores::ByDelivery),
            };
            if subject.reads() {
                for _ in 0..2 {
                    restore(&saved).unwrap();
                    assert_eq!(stage.content().as_deref(), earlier, "{text}");
                }
            } else if by_delivery {
                restore(&old()).unwrap();
                assert!(stage.content().unwrap().contains("sk-fake-old"), "{text}");
                match subject {
                    Subject::Code(_) => drop(refusal(restore(&StoredContent::Absent), Kind::Store)),
                    Subject::Described(_) => {
                        restore(&StoredContent::Absent).unwrap();
                        assert_eq!(stage.content(), None, "{text}");
                    }
                }
            } else {
                refusal(restore(&old()), Kind::Store);
                assert_eq!(stage.content(), delivered, "{text}");
            }
            let unread = refusal(restore(&StoredContent::Unreadable), Kind::Store);
            assert!(unread.contains("cannot"), "{text}: {unread}");
        }
    }
}

#[test]
fn unable_destination_is_refused_before_delivery() {
    for subject in subjects() {
        let without = |place: &'static Place, value: &'static str| {
            let named = place
                .environment
                .iter()
                .filter(|(_, held)| held.contains(TOKEN));
            let named: Vec<&str> = named.map(|(name, _)| *name).collect();
            Stage::new(subject, move |scene| {
                named
                    .iter()
                    .fold(scene, |scene, name| scene.with(name, value))
            })
        };
        let stages: Vec<(Stage, &str)> = match subject {
            Subject::Code(kind) => {
                let refusals = kind.fixture.refusals.iter();
                let changed = |(change, why): &(fn(Scene) -> Scene, &'static str)| {
                    (Stage::new(subject, change), *why)
                };
                refusals.map(changed).collect()
            }
            // The token is unknown there, or there is none; without one, `gh` may be asked.
            Subject::Described(place) if place.name.starts_with("github") => {
                vec![(without(place, "fake-token-of-nobody"), "")]
            }
            Subject::Described(place) => vec![
                (without(place, "fake-token-of-nobody"), ""),
                (without(place, ""), "there is no "),
            ],
        };
        assert!(!stages.is_empty(), "{}", subject.text());
        for (stage, why) in stages {
            let before = stage.content();
            let destination = stage.open();
            for result in [wait(destination.probe()), deliver(&destination, &secret())] {
                assert!(result.is_err(), "{}: not refused: {why}", subject.text());
                let message = refusal(result, Kind::Store);
                assert!(message.contains(why), "{}: {message}", subject.text());
                assert!(!message.contains("fake-token"), "{message}");
            }
            assert_eq!(stage.content(), before, "{}", subject.text());
            assert_eq!(stage.scene.printed(), "");
        }
    }
}

#[test]
fn rival_value_is_kept_where_compared() {
    for place in places::all() {
        let all = [Some(EARLIER), None];
        // Where nothing is compared, a creation of what is there is refused.
        for earlier in &all[..=usize::from(place.compares)] {
            let stage = Subject::Described(place).stage();
            stage.put(*earlier);
            let destination = stage.open();
            wait(destination.probe()).unwrap();
            wait(destination.snapshot()).unwrap();
            stage.entry.borrow_mut().rival = Some(RIVAL.to_owned());
            let delivered = deliver(&destination, &secret());
            if place.compares {
                let message = refusal(delivered, Kind::Store);
                assert!(message.contains("nothing was written"), "{message}");
                assert_eq!(stage.content().as_deref(), Some(RIVAL), "{}", place.name);
                // Another look, and it is written.
                deliver(&stage.open(), &secret()).unwrap();
            } else {
                delivered.unwrap();
            }
            assert_eq!(stage.content().as_deref(), Some(SECRET), "{}", place.name);
        }
    }
}

/// Stops `act` at each effect and each request in turn, and looks at the content; a later process does the same work.
fn stopped_everywhere(
    subject: Subject,
    fault: Fault,
    earlier: Option<&'static str>,
    prepare: impl Fn(&Stage) -> StoredContent,
    act: impl Fn(&Stage, &StoredContent) -> Result<()>,
    ends: impl Fn(&Stage, Option<String>, &str),
) -> usize {
    let mut number = 0;
    loop {
        let stage = subject.stage();
        stage.put(earlier);
        let before = prepare(&stage);
        let stood = stage.content();
        let Some(result) = interrupted(fault, number, || act(&stage, &before)) else {
            return number;
        };
        let content = stage.content();
        let at = format!("{}: {fault:?} {number}: {content:?}", subject.text());
        let refused = matches!(&result, Ok(Err(error)) if error.kind() == Kind::Store);
        let changed = content != stood;
        assert!(!changed || !refused, "{at}");
        ends(&stage, stood, &at);
        act(&stage, &before).unwrap_or_else(|error| panic!("{at}: {error}"));
        ends(&stage, None, &at);
        assert_eq!(stage.scene.left_over(), [""; 0], "{at}");
        number += 1;
    }
}

fn faults(subject: Subject) -> &'static [Fault] {
    match subject {
        Subject::Code(_) => &[Fault::Fails, Fault::Tears, Fault::Kills],
        Subject::Described(_) => &[Fault::Kills],
    }
}

#[test]
fn stopped_write_leaves_old_or_new() {
    for subject in subjects() {
        for fault in faults(subject) {
            let earlier = subject.earlier().pop().flatten();
            let number = stopped_everywhere(
                subject,
                *fault,
                earlier,
                |_| StoredContent::Absent,
                |stage, _| deliver(&stage.open(), &secret()),
                |stage, stood, at| {
                    let content = stage.content();
                    let is_new = content.as_ref().is_some_and(|text| text.contains(SECRET));
                    assert!(
                        is_new
                            || stood.is_some() && content == stood
                            || stood.is_none() && earlier.is_none() && content.is_none(),
                        "{at}"
                    );
                },
            );
            let least = match subject {
                Subject::Code(kind) if kind.names.file("").is_some() => 4,
                Subject::Code(_) => 0,
                Subject::Described(_) => 2,
            };
            assert!(number >= least, "{}: {number} effects", subject.text());
        }
    }
}

#[test]
fn stopped_restore_leaves_old_or_new() {
    for subject in subjects().filter(|subject| subject.reads()) {
        for fault in faults(subject) {
            for earlier in subject.earlier() {
                stopped_everywhere(
                    subject,
                    *fault,
                    earlier,
                    |stage| {
                        let destination = stage.open();
                        let saved = wait(destination.snapshot()).unwrap();
                        deliver(&destination, &secret()).unwrap();
                        saved
                    },
                    |stage, saved| wait(stage.open().restore(saved)),
                    |stage, stood, at| {
                        let content = stage.content();
                        let is_whole = content.as_deref() == earlier;
                        assert!(is_whole || stood.is_some() && content == stood, "{at}");
                    },
                );
            }
        }
    }
}

#[test]
fn lost_answer_never_counts_as_refusal() {
    for place in places::all() {
        for earlier in [None, Some(EARLIER)] {
            for number in 0..12 {
                let stage = Subject::Described(place).stage();
                stage.put(earlier);
                *stage.loses.borrow_mut() = Some(number);
                let delivered = deliver(&stage.open(), &secret());
                let was_lost = *stage.loses.borrow() > Some(number);
                let content = stage.content();
                let at = format!("{}, answer {number}: {content:?}", place.name);
                match delivered {
                    Ok(()) => assert_eq!(content.as_deref(), Some(SECRET), "{at}"),
                    Err(error) if error.kind() == Kind::Uncertain => {}
                    Err(error) => assert_eq!(content.as_deref(), earlier, "{at}: {error}"),
                }
                if !was_lost {
                    assert!(number > 0, "{at}");
                    break;
                }
            }
        }
    }
}
