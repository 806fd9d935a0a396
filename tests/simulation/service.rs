//! A service with keys: what it holds, who made and who ended each of them, and what it has seen.

use std::collections::BTreeMap;

use super::habits::{Expiry, Habits, Shape};
use super::retire::Uses;
use super::rng::Rng;
use super::trace::Trace;

/// The key that manages all others and is never touched.
pub(super) const ROOT: &str = "ak_fakeroot000000000000root";

/// The actor who made or revoked a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Who {
    /// It was there before.
    Before,
    /// The command of that number.
    Us(usize),
    /// A person whom that command asked for it.
    Person(usize),
    /// Somebody elsewhere.
    Elsewhere,
}

/// The end of a key.
#[derive(Debug, Clone, Copy)]
pub(super) struct Death {
    pub(super) at: i64,
    pub(super) by: Who,
    /// Says whether it was ended by a call that made another one.
    pub(super) replaced: bool,
    pub(super) sequence: u64,
}

/// A key at the service.
#[derive(Debug, Clone)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is true of a key or not"
)]
pub(super) struct Key {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) secret: String,
    pub(super) at: i64,
    pub(super) expires: Option<i64>,
    pub(super) death: Option<Death>,
    pub(super) maker: Who,
    /// Says whether it is one of those that take each other's place.
    pub(super) in_line: bool,
    /// Says whether it was made by itself, and took no other's place then.
    alone: bool,
    /// Says whether its secret came whole to whoever asked for it.
    pub(super) answered: bool,
    refused_for_ever: bool,
}

/// The requests of one command.
#[derive(Debug, Clone, Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a mark of its own")]
pub(super) struct Sent {
    pub(super) requests: u64,
    /// Requests that make or replace something, and that the service did not turn away before it looked.
    pub(super) once: BTreeMap<&'static str, u64>,
    /// When it last asked about a key with its own secret, in the order of everything.
    pub(super) asked: BTreeMap<usize, u64>,
    pub(super) started: u64,
    pub(super) started_at: i64,
    /// The name of the key that it is to make.
    pub(super) makes: Option<&'static str>,
    /// Says whether it gives up what was begun.
    pub(super) gives_up: bool,
    /// Says whether it has asked to exchange the key.
    pub(super) exchanges: bool,
    /// Says whether one of its requests went wrong.
    pub(super) faulted: bool,
    /// Says whether it has seen the list.
    pub(super) listed: bool,
}

/// A token that was exchanged for a key.
#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) access: String,
    pub(super) refresh: String,
    pub(super) parent: usize,
    pub(super) expires: i64,
    /// The command that refreshed it, and whether it has heard and kept what came of it.
    pub(super) refreshed_by: Option<usize>,
    pub(super) heard: bool,
}

/// A key that is made later than its answer says.
#[derive(Debug, Clone)]
pub(super) struct Belated {
    pub(super) at: i64,
    pub(super) name: String,
    pub(super) command: usize,
    pub(super) in_line: bool,
}

/// The service.
pub(super) struct Service {
    pub(super) shape: Shape,
    pub(super) habits: Habits,
    pub(super) keys: Vec<Key>,
    pub(super) tokens: Vec<Token>,
    pub(super) belated: Vec<Belated>,
    pub(super) sent: Vec<Sent>,
    /// Where the promise is broken already.
    pub(super) wrongs: Vec<String>,
    pub(super) rng: Rng,
    pub(super) trace: Trace,
    pub(super) sequence: u64,
    /// The content of the destination while a key is being revoked.
    pub(super) stands: Option<String>,
    /// The content of the place of a key of another name.
    pub(super) stands_second: Option<String>,
    /// When keys were asked for, each with its name.
    pub(super) creations: Vec<(i64, String)>,
    /// The keys that a rotation by name could mean, because the first list it saw had no other of that name.
    pub(super) meant: Vec<usize>,
    pub(super) uses: Uses,
}

impl Service {
    pub(super) fn new(shape: Shape, habits: Habits, rng: Rng, trace: &Trace) -> Self {
        Service {
            shape,
            habits,
            keys: Vec::new(),
            tokens: Vec::new(),
            belated: Vec::new(),
            sent: Vec::new(),
            wrongs: Vec::new(),
            rng,
            trace: trace.clone(),
            sequence: 0,
            stands: None,
            stands_second: None,
            creations: Vec::new(),
            meant: Vec::new(),
            uses: Uses::default(),
        }
    }

    /// A command begins, which is to make a key of that name.
    pub(super) fn command(
        &mut self,
        now: i64,
        gives_up: bool,
        makes: Option<&'static str>,
    ) -> usize {
        let sent = Sent {
            started: self.sequence,
            started_at: now,
            makes,
            gives_up,
            ..Sent::default()
        };
        self.sent.push(sent);
        self.sent.len() - 1
    }

    /// A command was stopped: it may have noted a creation that it had no time to ask for.
    pub(super) fn stopped(&mut self, command: usize) {
        let sent = &self.sent[command];
        let noted = sent.makes.map(|name| (sent.started_at, name.to_owned()));
        self.creations.extend(noted);
    }

    /// Something happens: its place in the order of everything.
    pub(super) fn tick(&mut self) -> u64 {
        self.sequence += 1;
        self.sequence
    }

    /// Makes a key.
    pub(super) fn make(
        &mut self,
        now: i64,
        name: &str,
        maker: Who,
        in_line: bool,
        expires: Option<i64>,
    ) -> usize {
        self.tick();
        let number = self.keys.len() + 1;
        let prefix = match self.shape {
            Shape::Replace => "gds_",
            Shape::Overlap | Shape::Atomic => "ak_",
            Shape::Manual => "",
        };
        let new = maker != Who::Before;
        let expires = match self.habits.expiry {
            _ if !new => expires,
            Expiry::Kept => expires,
            Expiry::Ignored => None,
            Expiry::Capped(most) => Some(expires.map_or(now + most, |at| at.min(now + most))),
        };
        let stillborn = new && maker != Who::Elsewhere && self.habits.stillborn;
        let death = stillborn.then_some(Death {
            at: now,
            by: Who::Elsewhere,
            replaced: false,
            sequence: self.sequence,
        });
        if in_line {
            // A rotation names its key: where the one that stood there is gone, another of that name takes its place.
            let alive = (0..self.keys.len()).filter(|index| self.accepts(*index, now));
            let replaced: Vec<usize> = alive
                .filter(|index| self.keys[*index].name == name)
                .collect();
            for index in replaced {
                self.keys[index].in_line = true;
            }
        }
        let key = Key {
            id: format!("k{number}"),
            name: name.to_owned(),
            secret: format!(
                "{prefix}fake{:04x}secret{number:08}",
                self.rng.below(0x10000)
            ),
            at: now,
            expires,
            death,
            maker,
            in_line,
            alone: !in_line,
            answered: false,
            refused_for_ever: new && self.habits.never_accepted,
        };
        self.trace
            .say(|| format!("      service: {maker:?} made {} `{name}`", key.id));
        self.keys.push(key);
        self.keys.len() - 1
    }

    /// Ends a key, if it lives.
    pub(super) fn end(&mut self, index: usize, now: i64, by: Who, replaced: bool) -> bool {
        if !self.lives(index, now) {
            return false;
        }
        if !replaced {
            self.check_revocation(index, now, by);
        }
        let sequence = self.tick();
        let key = &mut self.keys[index];
        key.death = Some(Death {
            at: now,
            by,
            replaced,
            sequence,
        });
        let id = key.id.clone();
        self.trace
            .say(|| format!("      service: {by:?} ended {id}"));
        true
    }

    /// The promise, at the moment at which a command ends a key: another one of its line works, as far as that command
    /// could know.
    pub(super) fn check_revocation(&mut self, index: usize, now: i64, by: Who) {
        let (Who::Us(command) | Who::Person(command)) = by else {
            return;
        };
        if let (Some(wrong), Who::Us(_)) = (self.check_unknown_key(index), by) {
            self.wrongs.push(format!("command {command} ended {wrong}"));
        }
        if let (Some(wrong), Who::Us(_)) = (self.check_disuse(index, command, now), by) {
            self.wrongs.push(format!("command {command} ended {wrong}"));
        }
        let key = &self.keys[index];
        // A key whose secret nobody has is of use to nobody.
        let of_use = (key.answered || key.maker == Who::Before) && !key.refused_for_ever;
        // Whoever gives up a creation wants its key ended, whatever became of others of that name.
        let given_up = key.alone && self.sent[command].gives_up;
        if !key.in_line || !of_use || given_up {
            return;
        }
        let others = (0..self.keys.len()).filter(|other| {
            *other != index && (self.keys[*other].in_line || self.meant.contains(other))
        });
        // Whoever gives up a new key goes by the list, where the old one may be younger than it takes to be accepted.
        // One that is too young to be accepted itself ends beside another of the line that will be.
        let young = self.lives(index, now) && !self.accepts(index, now);
        let will_work = |other: usize| {
            (self.sent[command].gives_up || young)
                && self.lives(other, now)
                && !self.keys[other].refused_for_ever
        };
        let safe = others.into_iter().any(|other| {
            self.accepts(other, now) || self.could_not_know(other, command, now) || will_work(other)
        });
        if !safe {
            let id = key.id.clone();
            self.wrongs.push(format!(
                "command {command} ended {id}, and no other key of its line works"
            ));
        }
    }

    /// Returns the fault of revoking a key that is none of ours, or that stands where it is used.
    fn check_unknown_key(&self, index: usize) -> Option<String> {
        let key = &self.keys[index];
        let stands = self.stands.iter().chain(&self.stands_second);
        let mut stands = stands.filter(|text| text.contains(&key.secret));
        if stands.next().is_some() && self.shape != Shape::Replace {
            return Some(format!("{}, which stands at its destination", key.id));
        }
        let may_be_ours = self
            .creations
            .iter()
            .any(|(at, name)| key.at >= at - 300 && *name == key.name);
        let meant = self.meant.contains(&index);
        (key.maker == Who::Elsewhere && !may_be_ours && !meant)
            .then(|| format!("{}, which somebody else made", key.id))
    }

    /// Returns whether somebody else's key was ended as this lost one, which the list did not show yet.
    pub(super) fn was_mistaken(&self, index: usize) -> bool {
        let lost = &self.keys[index];
        let mut others = self.keys.iter().filter(|key| {
            key.maker == Who::Elsewhere && key.name == lost.name && key.at >= lost.at - 300
        });
        let listed_at = lost.at + self.habits.list_lag;
        let ended = |death: Death| matches!(death.by, Who::Us(_)) && death.at < listed_at;
        !lost.answered && others.any(|key| key.death.is_some_and(ended))
    }

    /// Returns whether a key died after that command had last asked about it.
    fn could_not_know(&self, index: usize, command: usize, now: i64) -> bool {
        let key = &self.keys[index];
        let sent = &self.sent[command];
        let Some(asked) = sent.asked.get(&index) else {
            return false;
        };
        match key.death {
            Some(death) => death.by == Who::Elsewhere && death.sequence > *asked,
            // It has expired since.
            None => !self.lives(index, now) && !key.refused_for_ever,
        }
    }

    /// Returns whether a key is there and has not expired.
    pub(super) fn lives(&self, index: usize, now: i64) -> bool {
        let key = &self.keys[index];
        key.death.is_none_or(|death| death.at > now) && key.expires.is_none_or(|at| at > now)
    }

    /// Returns whether a call with a key is answered well.
    pub(super) fn accepts(&self, index: usize, now: i64) -> bool {
        let key = &self.keys[index];
        let lag = if key.maker == Who::Before {
            0
        } else {
            self.habits.auth_lag
        };
        let refused = key.refused_for_ever || self.uses.is_disabled(index);
        self.lives(index, now) && key.at + lag <= now && !refused
    }

    /// Returns whether a key is answered 403 whatever happens.
    pub(super) fn refuses_for_ever(&self, index: usize) -> bool {
        self.keys[index].refused_for_ever
    }

    /// Returns whether a key is in the list.
    pub(super) fn lists(&self, index: usize, now: i64) -> bool {
        let key = &self.keys[index];
        let lag = if key.maker == Who::Before {
            0
        } else {
            self.habits.list_lag
        };
        let gone = key
            .death
            .is_some_and(|death| now >= death.at + self.habits.delete_lag);
        key.at + lag <= now && !gone
    }

    /// The key with that secret.
    pub(super) fn by_secret(&self, secret: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.secret == secret)
    }

    /// The key of that id.
    pub(super) fn by_id(&self, id: &str) -> Option<usize> {
        self.keys.iter().position(|key| key.id == id)
    }

    /// Returns whether a secret is of use now, be it a key or a token.
    pub(super) fn works(&self, secret: &str, now: i64) -> bool {
        let of_key = |index| self.accepts(index, now);
        secret == ROOT || self.by_secret(secret).is_some_and(of_key)
    }

    /// Carries out what is due by now.
    pub(super) fn catch_up(&mut self, now: i64) {
        while let Some(due) = self.belated.iter().position(|one| one.at <= now) {
            let one = self.belated.remove(due);
            if self.shape == Shape::Replace {
                self.replace_all(one.at, one.command);
            }
            self.make(one.at, &one.name, Who::Us(one.command), one.in_line, None);
        }
    }

    /// Ends every key because another one takes their place.
    pub(super) fn replace_all(&mut self, now: i64, command: usize) {
        for index in 0..self.keys.len() {
            self.end(index, now, Who::Us(command), true);
        }
    }

    /// Something happens elsewhere.
    pub(super) fn elsewhere(&mut self, now: i64) {
        let alive: Vec<usize> = (0..self.keys.len())
            .filter(|index| self.lives(*index, now))
            .collect();
        match self.rng.below(5) {
            0 | 1 if !alive.is_empty() => {
                let line: Vec<usize> = alive
                    .iter()
                    .copied()
                    .filter(|index| self.keys[*index].in_line)
                    .collect();
                let among = if line.is_empty() { &alive } else { &line };
                let index = self.rng.pick(among);
                self.end(index, now, Who::Elsewhere, false);
            }
            2 if self.shape == Shape::Overlap => {
                let name = self.rng.pick(&["ci", "other", "app"]);
                self.make(now, name, Who::Elsewhere, false, None);
            }
            3 if !alive.is_empty() => {
                let index = self.rng.pick(&alive);
                let soon = now + self.rng.pick(&[30, 600, 4000]);
                self.keys[index].expires = Some(soon);
            }
            _ => {}
        }
    }

    /// Allows a command to refresh once more: it has not received, or not kept, the result.
    pub(super) fn forget_refreshed(&mut self, command: usize) {
        for token in &mut self.tokens {
            token.heard &= token.refreshed_by != Some(command);
        }
    }

    /// Every secret that there is or was.
    pub(super) fn secrets(&self) -> Vec<&str> {
        let keys = self.keys.iter().map(|key| key.secret.as_str());
        let tokens = self.tokens.iter();
        let tokens = tokens.flat_map(|token| [token.access.as_str(), token.refresh.as_str()]);
        keys.chain(tokens).chain([ROOT]).collect()
    }
}
