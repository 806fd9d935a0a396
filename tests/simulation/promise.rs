//! The promise, looked at after each command and at the end: at least one working key is live at its destination or can
//! be had here, no key is left at the service that nobody tells of, nothing was asked for twice, and no secret came out.

use std::path::Path;

use super::habits::Shape;
use super::scenario::{Done, Scenario, Verb};
use super::service::Who;

/// Where keys are put.
const DESTINATIONS: [&str; 3] = ["work/target.key", "work/app.env", "work/second.key"];

/// The rules that hold after every command.
pub(super) fn after_each(scenario: &mut Scenario) {
    let mut wrongs = Vec::new();
    let Some(done) = scenario.done.last() else {
        return;
    };
    let number = done.number;
    if let Some(panic) = &done.ending.panicked {
        wrongs.push(format!("the program panicked: {panic}"));
    }
    wrongs.extend(sent_twice(scenario, done, number));
    wrongs.extend(leaked_secrets(scenario, done));
    wrongs.extend(rotated_to_nothing(scenario, done, number));
    wrongs.extend(delivered_dead(scenario, done));
    wrongs.extend(handed_nothing(scenario, done, number));
    wrongs.extend(left_leased(scenario, done, number));
    wrongs.extend(put_back_otherwise(scenario, done));
    wrongs.extend(dead_token(scenario, done, number));
    wrongs.extend(unread(scenario, done, number));
    wrongs.extend(not_renewed(done));
    wrongs.extend(unsynced(done));
    let mut service = scenario.place.service.lock().unwrap();
    service.wrongs.extend(wrongs);
}

fn sent_twice(scenario: &Scenario, done: &Done, number: usize) -> Vec<String> {
    let service = scenario.place.service.lock().unwrap();
    let once = &service.sent[number].once;
    once.iter()
        .filter(|(call, times)| **times > done.verb.may_send(call))
        .map(|(call, times)| format!("{:?} asked for {call} {times} times", done.verb))
        .collect()
}

fn leaked_secrets(scenario: &Scenario, done: &Done) -> Vec<String> {
    let service = scenario.place.service.lock().unwrap();
    let secrets = service.secrets();
    let mut found: Vec<String> = secrets
        .iter()
        .filter(|secret| done.ending.stderr.contains(**secret))
        .map(|secret| format!("stderr of {:?} holds {secret}", done.verb))
        .collect();
    for folder in ["state", "config", "cache"] {
        for path in scenario.place.files(folder) {
            let bytes = keywright::platform::files::read(&path).ok().flatten();
            let bytes = bytes.unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            let held = secrets.iter().find(|secret| text.contains(**secret));
            found.extend(held.map(|secret| format!("{} holds {secret}", path.display())));
        }
    }
    found
}

/// A rotation that ended well has put a key in place that works.
fn rotated_to_nothing(scenario: &Scenario, done: &Done, number: usize) -> Option<String> {
    // One that goes on only to look whether the old key is in use has proved nothing about the new one.
    let words = ["going on with the rotation", "is left until it is unused"];
    let looks = words.iter().all(|word| done.ending.stderr.contains(word));
    if done.verb != Verb::Rotate || done.ending.code != Some(0) || looks {
        return None;
    }
    let there = scenario.delivered().unwrap_or_default();
    let now = scenario.place.now();
    let service = scenario.place.service.lock().unwrap();
    let Some(index) = service.by_secret(&there) else {
        return Some("a rotation ended well, and no key stands at its destination".to_owned());
    };
    // A command that revokes the newer key has given it up, and rotated nothing.
    let newer = service.keys.iter().skip(index + 1);
    let given_up = newer.filter(|key| key.in_line).find(|key| {
        let death = key.death.filter(|death| !death.replaced);
        death.is_some_and(|death| death.by == Who::Us(number))
    });
    if let Some(key) = given_up {
        return Some(format!(
            "a rotation ended well, and {} was given up for an older key",
            key.id
        ));
    }
    // A run that only waits, or records something, asks nothing, or no more than whether the grace is over.
    let said = &done.ending.stderr;
    let waits = said.contains("going on with the rotation") && said.contains("is valid until");
    if service.sent[number].requests == 0 || waits {
        return None;
    }
    // One that is answered 403 may be one that may not do much, which is said when it is delivered: whether an old key
    // was ended on its word has been looked at when that happened.
    let mut said = scenario.done.iter().map(|done| &done.ending.stderr);
    let warned = said.any(|said| said.contains("restricted") || said.contains("blocked"));
    let known = service.accepts(index, now) || warned || !knowable(&service, index, number, now);
    (!known).then(|| {
        let id = &service.keys[index].id;
        format!("a rotation ended well, and {id} at its destination does not work")
    })
}

/// A finished rotation has put no key in place, and shown none, that was revoked from here.
fn delivered_dead(scenario: &Scenario, done: &Done) -> Option<String> {
    if done.verb != Verb::Resume || done.ending.code != Some(0) || scenario.shape == Shape::Replace
    {
        return None;
    }
    let said = done.ending.stderr.lines();
    let said: Vec<&str> = said.filter(|line| line.contains("delivered to")).collect();
    let mut handed = vec![done.ending.stdout.clone()];
    for name in DESTINATIONS {
        let file = name.trim_start_matches("work/");
        if said.iter().any(|line| line.contains(file)) {
            handed.extend(scenario.place.read(name));
        }
    }
    let now = scenario.place.now();
    let service = scenario.place.service.lock().unwrap();
    let dead = (0..service.keys.len()).find(|index| {
        let key = &service.keys[*index];
        let Some(Who::Us(command)) = key.death.map(|death| death.by) else {
            return false;
        };
        // Whoever was stopped had no time to write it down; such a service tells nobody afterwards.
        let mut all = scenario.done.iter();
        let stopped = all.any(|done| done.number == command && done.ending.code.is_none());
        let untold = service.habits.unknown == 403 && service.lists(*index, now);
        !(stopped && untold) && handed.iter().any(|text| text.contains(&key.secret))
    })?;
    Some(format!(
        "{} was ended from here, and delivered all the same",
        service.keys[dead].id
    ))
}

/// Returns whether a command could have known that a key does not work: it did not die under its hands, and there is a
/// call that would have told.
fn knowable(service: &super::service::Service, index: usize, command: usize, now: i64) -> bool {
    let key = &service.keys[index];
    let meanwhile = key.death.is_some_and(|death| {
        death.by == Who::Elsewhere && death.sequence > service.sent[command].started
    });
    let stillborn = service.habits.stillborn;
    let page = service.habits.front_page;
    let expired = key
        .expires
        .is_some_and(|at| at > service.sent[command].started_at && at <= now);
    // It answers a key that it does not know like one that may do little, and its list is late, or there is none.
    let began = service.sent[command].started_at;
    let listless = service.shape == Shape::Manual && !service.lives(index, began);
    let hidden = service.habits.unknown == 403
        && (listless || key.death.is_some() && service.lists(index, began));
    (!meanwhile || stillborn) && !page && !expired && !hidden
}

/// A leased key works when it is handed over.
fn handed_nothing(scenario: &Scenario, done: &Done, number: usize) -> Option<String> {
    let (secret, worked) = done.ending.handed.as_ref()?;
    let service = scenario.place.service.lock().unwrap();
    let lag = service.habits.auth_lag;
    let slow = lag > 0 && lag <= 6;
    let index = service.by_secret(secret)?;
    let fair = !service.habits.front_page
        && !service.sent[number].faulted
        && done.plan.elsewhere.is_none()
        && done.plan.pause.is_none();
    (!worked && slow && fair && !service.habits.never_accepted && !service.habits.stillborn).then(
        || {
            format!(
                "{} was handed over before it worked",
                service.keys[index].id
            )
        },
    )
}

/// A command that ended well leaves no leased key behind.
fn left_leased(scenario: &Scenario, done: &Done, number: usize) -> Option<String> {
    let now = scenario.place.now();
    let service = scenario.place.service.lock().unwrap();
    let left = (0..service.keys.len()).find(|index| {
        service.keys[*index].maker == Who::Us(number) && service.lives(*index, now)
    })?;
    (done.verb == Verb::Lease && done.ending.code == Some(0))
        .then(|| format!("{} was leased, and lives on", service.keys[left].id))
}

/// An undo puts back the former content, to the byte.
fn put_back_otherwise(scenario: &Scenario, done: &Done) -> Option<String> {
    if done.verb != Verb::Undo || done.ending.code != Some(0) {
        return None;
    }
    let file = scenario.place.destination();
    let text = done.ending.stood.as_ref();
    let known = text.is_some_and(|text| scenario.stood.contains(text));
    (!known).then(|| format!("an undo left something else in {file} than what stood there"))
}

/// A token that is handed out was not got with a key that was replaced from here before.
fn dead_token(scenario: &Scenario, done: &Done, number: usize) -> Option<String> {
    // While a rotation is unfinished, the login has not followed.
    let unfinished = !scenario.records().is_empty();
    if done.verb != Verb::Token || done.ending.code != Some(0) || unfinished {
        return None;
    }
    let service = scenario.place.service.lock().unwrap();
    let mut tokens = service.tokens.iter();
    let token = tokens.find(|token| done.ending.stdout.contains(&token.access))?;
    let death = service.keys[token.parent].death?;
    let known = matches!(death.by, Who::Us(_)) && death.sequence < service.sent[number].started;
    known.then(|| {
        let id = &service.keys[token.parent].id;
        format!("a token was handed out that was got with {id}, which was replaced before")
    })
}

/// The secret in an answer that has arrived whole is kept, delivered or shown, however the answer was written.
fn unread(scenario: &Scenario, done: &Done, number: usize) -> Option<String> {
    // Of two that race for one destination, the one that comes later stands there.
    let delivered = done.ending.stderr.contains("delivered to");
    if done.ending.code.is_none() || done.plan.breaks_the_disk() || delivered {
        return None;
    }
    let mut had = kept_here(scenario);
    had.extend(values_at_destinations(scenario));
    had.push(done.ending.stdout.clone());
    let now = scenario.place.now();
    let service = scenario.place.service.lock().unwrap();
    let lost = (0..service.keys.len()).find(|index| {
        let key = &service.keys[*index];
        let ours = key.maker == Who::Us(number) && key.answered;
        let is_had = had.iter().any(|text| text.contains(&key.secret));
        ours && service.lives(*index, now) && !is_had
    })?;
    let id = &service.keys[lost].id;
    Some(format!("{id} came in an answer, and its secret is nowhere"))
}

/// A token that was refused is got anew, whatever is said with the refusal.
fn not_renewed(done: &Done) -> Option<String> {
    let well = done.ending.code == Some(0);
    (done.verb == Verb::Beside && done.plan.is_calm() && !well)
        .then(|| "a key that is good was not exchanged for another token".to_owned())
}

/// A folder that cannot be synced is no disk that fails.
fn unsynced(done: &Done) -> Option<String> {
    let words = ["os error 22", "did not confirm it"];
    let told = words.iter().any(|word| done.ending.stderr.contains(word));
    (told && !done.plan.breaks_the_disk())
        .then(|| "a folder that cannot be synced was taken for a disk that fails".to_owned())
}

/// The rules that hold when nothing more can be done.
pub(super) fn at_the_end(scenario: &mut Scenario) {
    let mut wrongs = Vec::new();
    wrongs.extend(no_working_key(scenario));
    wrongs.extend(unreported_keys(scenario));
    let mut service = scenario.place.service.lock().unwrap();
    service.wrongs.extend(wrongs);
}

/// Where no key works at the destination and none can be had here, others have ended them.
fn no_working_key(scenario: &Scenario) -> Option<String> {
    let now = scenario.place.now();
    let there = scenario.delivered().unwrap_or_default();
    let service = scenario.place.service.lock().unwrap();
    let is_refused = |index| service.refuses_for_ever(index) || service.uses.is_disabled(index);
    let works = |index: usize| service.lives(index, now) && !is_refused(index);
    if service.by_secret(&there).is_some_and(works) {
        return None;
    }
    let mut kept = kept_here(scenario);
    if scenario.shape == Shape::Replace {
        // Whoever creates a key there ends the one that stands here, on purpose.
        kept.extend(values_at_destinations(scenario));
        kept.extend(scenario.done.iter().map(|done| done.ending.stdout.clone()));
    }
    let alive: Vec<usize> = (0..service.keys.len())
        .filter(|index| works(*index))
        .filter(|index| service.keys[*index].in_line || scenario.shape == Shape::Replace)
        .collect();
    let is_kept = |index: &usize| {
        kept.iter()
            .any(|text| text.contains(&service.keys[*index].secret))
    };
    if alive.iter().any(is_kept) {
        return None;
    }
    let reported = !scenario.records().is_empty();
    let spooled = scenario
        .place
        .files("state/rotations")
        .iter()
        .any(|path| path.extension().is_some_and(|end| end == "answer"));
    if reported && spooled {
        return None;
    }
    let ends_old = matches!(scenario.shape, Shape::Replace | Shape::Atomic);
    let replaced = service
        .keys
        .iter()
        .any(|key| key.death.is_some_and(|death| death.replaced));
    if ends_old && replaced {
        // At such a service an answer that never arrived cannot be helped.
        if service.habits.never_accepted {
            return None;
        }
        let early = scenario.done.iter().any(|done| done.too_early);
        let unanswered = service
            .keys
            .iter()
            .any(|key| !key.answered && key.maker != Who::Before);
        let disk = scenario.done.iter().any(|done| done.plan.breaks_the_disk());
        let elsewhere = service
            .keys
            .iter()
            .any(|key| key.answered && key.death.is_some_and(|death| death.by == Who::Elsewhere));
        let expired = service
            .keys
            .iter()
            .any(|key| key.answered && key.expires.is_some_and(|at| at <= now));
        return (!early && !unanswered && !disk && !elsewhere && !expired)
            .then(|| "nothing works at the destination, and the answer had arrived".to_owned());
    }
    let there = service
        .by_secret(&there)
        .and_then(|index| service.keys[index].death);
    let ended_here = there.is_some_and(|death| matches!(death.by, Who::Us(_)));
    // Where each was ended by others, nobody here could help it; what was ended here was looked at when it was.
    let lost = alive.into_iter().find(|index| {
        let key = &service.keys[*index];
        // One that stood there was replaced by one that others have ended since; what was shown is with whoever read it.
        let shown = scenario.done.iter().map(|done| &done.ending.stdout);
        let mut stood = scenario.stood.iter().chain(shown);
        let stood = stood.any(|text| text.contains(&key.secret));
        match key.maker {
            Who::Before => true,
            Who::Us(_) => key.answered && (!stood || ended_here),
            // A key that a person made and nobody took is still the person's.
            Who::Person(_) | Who::Elsewhere => false,
        }
    })?;
    let id = &service.keys[lost].id;
    Some(format!("{id} works, and stands nowhere here"))
}

/// The content of every destination.
pub(super) fn values_at_destinations(scenario: &Scenario) -> Vec<String> {
    let texts = DESTINATIONS.iter().map(|name| scenario.place.read(name));
    texts.flatten().collect()
}

/// A secret that a full or broken disk refused is of use to nobody.
pub(super) fn forget_unkept(scenario: &Scenario, number: usize) {
    let mut kept = kept_here(scenario);
    kept.extend(values_at_destinations(scenario));
    let mut service = scenario.place.service.lock().unwrap();
    service.forget_refreshed(number);
    for key in &mut service.keys {
        let held = kept.iter().any(|text| text.contains(&key.secret));
        key.answered &= key.maker != Who::Us(number) || held;
    }
}

/// Every secret that is kept here, as texts that hold them.
fn kept_here(scenario: &Scenario) -> Vec<String> {
    let mut kept = scenario.place.keychain.values();
    for path in scenario.place.files("state") {
        if path.file_name().is_some_and(|name| name == "store.age") {
            kept.extend(opened(scenario, &path));
        }
    }
    kept
}

/// The content of an encrypted store.
fn opened(scenario: &Scenario, path: &Path) -> Option<String> {
    let bytes = keywright::platform::files::read(path).ok()??;
    let beside = path.parent()?;
    let lies = std::fs::read_dir(beside).ok()?.filter_map(|entry| {
        let path = entry.ok()?.path();
        keywright::platform::files::read_text(&path).ok()?
    });
    let env = scenario.place.env.iter().map(|(_, value)| value.clone());
    env.chain(lies).find_map(|text| {
        let line = text
            .lines()
            .find(|line| line.starts_with("AGE-SECRET-KEY-"))?;
        let identity: age::x25519::Identity = line.parse().ok()?;
        let plain = age::decrypt(&identity, &bytes).ok()?;
        String::from_utf8(plain).ok()
    })
}

/// Every key that was made here is at its destination, was shown, is kept, is dead, or is told of.
fn unreported_keys(scenario: &Scenario) -> Vec<String> {
    let now = scenario.place.now();
    let records = scenario.records();
    if !records.is_empty() {
        return Vec::new();
    }
    let outputs: Vec<String> = scenario
        .done
        .iter()
        .map(|done| {
            let ending = &done.ending;
            let said = ending
                .stderr
                .lines()
                .filter(|line| !line.starts_with(['<', '>', '*']));
            format!("{}\n{}", ending.stdout, said.collect::<Vec<_>>().join("\n"))
        })
        .collect();
    let service = scenario.place.service.lock().unwrap();
    (0..service.keys.len())
        .filter(|index| {
            let key = &service.keys[*index];
            let ours = matches!(key.maker, Who::Us(_));
            let tail = format!("***{}", &key.secret[key.secret.len() - 4..]);
            let told = outputs.iter().any(|text| {
                names(text, &key.id) || text.contains(&key.secret) || text.contains(&tail)
            });
            // Somebody was told that a key may be left, and said yes to that.
            let given_up = outputs.iter().any(|text| {
                text.contains("may leave an unknown key")
                    || text.contains("no store accepted its secret, which is lost")
                    || text.contains("check for a leftover key")
            });
            let told = told || given_up && !key.answered || service.was_mistaken(*index);
            let delivered = scenario.done.iter().any(|done| {
                key.maker == Who::Us(done.number) && done.ending.stderr.contains("delivered to")
            });
            let told = told || delivered;
            let there = scenario.stood.iter().any(|text| text.contains(&key.secret));
            ours && service.lives(*index, now) && !told && !there
        })
        .map(|index| {
            format!(
                "{} was made here and is told of nowhere",
                service.keys[index].id
            )
        })
        .collect()
}

/// Returns whether a text names an id, and not only one that begins so.
fn names(text: &str, id: &str) -> bool {
    text.match_indices(id).any(|(at, _)| {
        let before = text[..at].chars().next_back();
        let after = text[at + id.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    })
}
