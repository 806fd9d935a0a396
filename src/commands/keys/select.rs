//! Finds the key that the typed id, name or prefix means.

use crate::core::error::{Error, Kind, Result};
use crate::core::key::Key;
use crate::core::untrusted::{Untrusted, escape, mask_typed_secret};

/// The key that has exactly this id or name: a project file names no key by the start of it.
pub(super) fn select_exactly(keys: &[Key], text: &str) -> Result<Key> {
    let is = |field: &Option<Untrusted>| {
        let value = field.as_ref().map(Untrusted::as_received);
        value == Some(text)
    };
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

/// The key that `text` means: an id, a name, or the start of either, of one key alone.
pub(super) fn select(keys: &[Key], text: &str) -> Result<Key> {
    let is = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .is_some_and(|value| value.as_received() == text)
    };
    let starts = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .is_some_and(|value| value.as_received().starts_with(text))
    };
    if text.is_empty() {
        return Err(Error::usage("an empty `KEY` means nothing"));
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
            format!("`{}` means {count} keys", mask_typed_secret(text)),
        )
        .with_hints(found.iter().map(candidate))
        .hint("name one by its id")),
    }
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
    format!("it may be: {id}  {name}")
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
