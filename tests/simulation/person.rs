//! The person at the terminal: nobody, or somebody who says yes, no, or nothing, and who makes and removes keys by hand
//! where that is asked for.

use std::sync::Mutex;

use super::place::Place;
use super::rng::Rng;
use super::service::Who;
use crate::support::terminal::{Otherwise, Person as Streams, Question, Reply};

/// A person.
#[derive(Debug, Clone)]
pub(super) enum Person {
    /// Nobody is there.
    Nobody,
    /// Somebody who says yes so many times out of a thousand.
    There { yes: u64, rng: Rng },
}

impl Person {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        if rng.chance(500) {
            return Person::Nobody;
        }
        Person::There {
            yes: rng.pick(&[1000, 500, 0]),
            rng: rng.fork(),
        }
    }

    pub(super) fn is_there(&self) -> bool {
        matches!(self, Person::There { .. })
    }

    pub(super) fn streams(&self) -> Streams {
        let there = self.is_there();
        Streams {
            at_stdin: there,
            at_stdout: false,
            at_stderr: there,
            columns: None,
        }
    }

    /// The answer to each question.
    pub(super) fn answers(&self, place: &Place, command: usize) -> Otherwise {
        let (yes, rng) = match self {
            Person::Nobody => (0, Rng::new(0)),
            Person::There { yes, rng } => (*yes, rng.clone()),
        };
        let (place, rng) = (place.clone(), Mutex::new(rng));
        Box::new(move |question, said| {
            let mut rng = rng.lock().unwrap();
            let agrees = rng.chance(yes);
            match question {
                Question::Secret(_) if !agrees => Reply::Interrupt,
                Question::Secret(_) => Reply::Secret(by_hand(&place, command)),
                Question::Confirm(prompt) => {
                    if agrees && prompt.contains("removed") {
                        remove(&place, command, said);
                    }
                    Reply::Confirm(agrees)
                }
                Question::Text(_) => Reply::Text("ci".to_owned()),
                Question::Choose(_, items) => Reply::Choose(items[0].clone()),
            }
        })
    }
}

/// A key that a person makes at the dashboard.
pub(super) fn by_hand(place: &Place, command: usize) -> String {
    let now = place.now();
    let mut service = place.service.lock().unwrap();
    let index = service.make(now, "ci", Who::Person(command), true, None);
    service.keys[index].answered = true;
    service.keys[index].secret.clone()
}

/// A person removes the key that was named last.
fn remove(place: &Place, command: usize, said: &str) {
    let Some((_, named)) = said.rsplit_once("The key to remove is `") else {
        return;
    };
    let named = named.split('`').next().unwrap_or_default();
    let tail = named.trim_start_matches('*');
    let now = place.now();
    let mut service = place.service.lock().unwrap();
    for index in 0..service.keys.len() {
        let key = &service.keys[index];
        if key.secret.ends_with(tail) || key.id == named {
            service.end(index, now, Who::Person(command), false);
        }
    }
}
