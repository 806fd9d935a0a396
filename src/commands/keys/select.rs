//! Finds the key that the typed id, name or prefix means.

use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, escape, mask_typed_secret};

/// Returns the key that has exactly this id or name: a project file names no key by the start of it.
pub(super) fn select_exactly(keys: &[Key], text: &str) -> Result<Key> {
    let is = |field: &Option<Untrusted>| field.as_ref().is_some_and(|value| value.is_named(text));
    if keys.iter().any(|key| is(&key.id) || is(&key.name)) {
        return select(keys, text);
    }
    Err(Error::new(
        Kind::NotFound,
        format!("there is no key named exactly `{}`", escape(text)),
    )
    .hint("a project file names each key by its whole name or id")
    .hint("list the keys: keywright keys list"))
}

/// Returns the key that `text` means: an id, a name, or the start of either, of one key alone.
pub(super) fn select(keys: &[Key], text: &str) -> Result<Key> {
    let is = |field: &Option<Untrusted>| field.as_ref().is_some_and(|value| value.is_named(text));
    let starts = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .is_some_and(|value| value.as_named().starts_with(text))
    };
    if text.is_empty() {
        return Err(Error::usage("`KEY` must not be empty"));
    }
    if let Some(key) = keys.iter().find(|key| is(&key.id)) {
        return Ok(key.clone());
    }
    let of = |fits: &dyn Fn(&Key) -> bool| {
        let mut found: Vec<Key> = keys.iter().filter(|key| fits(key)).cloned().collect();
        // An expired key does not make a name ambiguous.
        if found.iter().any(|key| key.status.counts_toward_limit()) {
            found.retain(|key| key.status.counts_toward_limit());
        }
        found
    };
    let mut found = of(&|key| is(&key.name));
    if found.is_empty() {
        found = of(&|key| starts(&key.name) || starts(&key.id) || starts(&key.masked));
    }
    match found.len() {
        0 => {
            let names: Vec<String> = keys
                .iter()
                .flat_map(|key| key.name.iter().chain(&key.id))
                .map(ToString::to_string)
                .collect();
            Err(Error::new(
                Kind::NotFound,
                format!("there is no key `{}`", mask_typed_secret(text)),
            )
            .did_you_mean(text, names.iter().map(String::as_str))
            .hint("list the keys: keywright keys list"))
        }
        1 => Ok(found.remove(0)),
        count => Err(Error::new(
            Kind::Conflict,
            format!("`{}` matches {count} keys", mask_typed_secret(text)),
        )
        .with_hints(found.iter().map(candidate))
        .hint("name the key by its id")),
    }
}

/// The shortest beginning of an id that a list shows in place of it.
const MIN_SHORT_ID: usize = 8;

/// Returns for each key the beginning of its id that [`select`] takes for this key alone; empty where there is no id, or
/// where it cannot be typed as it is shown.
pub(super) fn short_ids(keys: &[Key]) -> Vec<String> {
    let mut words: Vec<(&str, usize)> = Vec::new();
    for (index, key) in keys.iter().enumerate() {
        let texts = [&key.id, &key.name, &key.masked].into_iter().flatten();
        words.extend(texts.map(|text| (text.as_received(), index)));
    }
    words.sort_unstable();
    let short = |(index, key): (usize, &Key)| {
        let Some(id) = &key.id else {
            return String::new();
        };
        let received = id.as_received();
        if id.to_string() != received {
            return String::new();
        }
        // Words that begin like it stand beside it.
        let place = words.partition_point(|word| *word < (received, index));
        let others = |(_, owner): &&(&str, usize)| *owner != index;
        let before = words[..place].iter().rev().find(others);
        let behind = words[place..].iter().find(others);
        let shared = [before, behind].into_iter().flatten();
        let shared = shared.map(|(other, _)| common_chars(received, other)).max();
        let length = MIN_SHORT_ID.max(shared.unwrap_or(0) + 1);
        received.chars().take(length).collect()
    };
    keys.iter().enumerate().map(short).collect()
}

/// Returns how many characters both begin with.
fn common_chars(one: &str, other: &str) -> usize {
    let pairs = one.chars().zip(other.chars());
    pairs.take_while(|(a, b)| a == b).count()
}

fn candidate(key: &Key) -> String {
    let id = key
        .id
        .as_ref()
        .map_or_else(|| "-".to_owned(), ToString::to_string);
    let name = key
        .name
        .as_ref()
        .map_or_else(|| "-".to_owned(), ToString::to_string);
    format!("match: {id}  {name}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::core::key::KeyStatus;

    fn keys() -> Vec<Key> {
        let key = |id: &str, name: &str, status| Key {
            id: Some(Untrusted::new(id)),
            name: Some(Untrusted::new(name)),
            status,
            ..Key::unknown("schatzi", "schatzi")
        };
        vec![
            key("1", "ci", KeyStatus::Active),
            key("12", "ci backup", KeyStatus::Active),
            key("7", "local", KeyStatus::Active),
            key("8", "local", KeyStatus::Revoked),
            key("ci", "odd", KeyStatus::Active),
        ]
    }

    #[test]
    fn select_prefers_id_name_then_prefix() {
        let id = |text: &str| select(&keys(), text).map(|key| key.id.unwrap().to_string());
        assert_eq!(id("1").ok().as_deref(), Some("1"));
        assert_eq!(id("ci").ok().as_deref(), Some("ci"));
        assert_eq!(id("ci b").ok().as_deref(), Some("12"));
        assert_eq!(id("local").ok().as_deref(), Some("7"));
    }

    #[test]
    fn select_misspelled_name_suggests_closest() {
        let error = select(&keys(), "lcoal").unwrap_err();
        assert_eq!(error.hints()[0], "did you mean `local`?");
        assert_eq!(select(&keys(), "zzz").unwrap_err().hints().len(), 1);
    }

    #[test]
    fn select_exactly_prefix_is_not_found() {
        let id = |text: &str| select_exactly(&keys(), text).map(|key| key.id.unwrap().to_string());
        assert_eq!(id("ci").ok().as_deref(), Some("ci"));
        assert_eq!(id("ci backup").ok().as_deref(), Some("12"));
        assert_eq!(id("local").ok().as_deref(), Some("7"));
        for text in ["ci b", "lo", "", "LOCAL"] {
            let error = select_exactly(&keys(), text).unwrap_err();
            assert_eq!(error.kind(), Kind::NotFound, "{text}");
        }
    }

    #[test]
    fn short_ids_select_their_own_key() {
        let mut keys = keys();
        let ids = [
            "63d873f7-2ff4-4699-90de-4569b32b2e9e",
            "63d873f7-2ff5-4699-90de-4569b32b2e9e",
            "apikey_01aaaaaaaaaaaaaaaaaa",
            "apikey_01",
            "sk-fake-0123456789",
            "日本語日本語日本語日本語",
        ];
        let more = ids.iter().map(|id| Key {
            id: Some(Untrusted::new(*id)),
            name: Some(Untrusted::new("apikey_01aaaab")),
            masked: Some(Untrusted::new("sk-fake-***6789")),
            ..Key::unknown("schatzi", "schatzi")
        });
        keys.extend(more);
        let short = short_ids(&keys);
        assert_eq!(short[5..7], ["63d873f7-2ff4", "63d873f7-2ff5"]);
        for (key, short) in keys.iter().zip(&short) {
            assert!(short.chars().count() <= 16, "{short}");
            let found = select(&keys, short).unwrap();
            assert_eq!(found.id, key.id, "{short}");
        }
        let odd = Key {
            id: Some(Untrusted::new("a\u{1b}bcdefghijkl")),
            ..Key::unknown("schatzi", "schatzi")
        };
        assert_eq!(short_ids(&[odd]), [""]);
    }

    #[test]
    fn select_ambiguous_or_unknown_is_error() {
        assert_eq!(
            select(&keys(), "c").err().map(|error| error.kind()),
            Some(Kind::Conflict)
        );
        assert_eq!(
            select(&keys(), "zzz").err().map(|error| error.kind()),
            Some(Kind::NotFound)
        );
        assert_eq!(
            select(&keys(), "").err().map(|error| error.kind()),
            Some(Kind::Usage)
        );
    }
}
