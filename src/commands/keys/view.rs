//! A key as a card.

use jiff::Timestamp;

use super::list;
use crate::core::key::Key;
use crate::core::moment::to_the_minute;
use crate::core::untrusted::Untrusted;
use crate::report::output::{Card, Charset, relative};

/// The width of a bar in characters.
const BAR_WIDTH: usize = 10;

/// Returns a key as a card; with symbols a bar shows the remaining lifetime.
pub(super) fn key_card(key: &Key, now: Timestamp, symbols: Option<Charset>) -> Card {
    let text = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    let moment = |moment: Option<Timestamp>| match moment {
        Some(at) => format!("{} ({})", to_the_minute(at), relative(moment, now)),
        None => "-".to_owned(),
    };
    let left = time_left(key, now).zip(symbols);
    let bar = left.map_or_else(String::new, |(left, symbols)| {
        format!("  {}", drawn(left, symbols))
    });
    let scopes = key.scopes.as_ref().map_or_else(
        || "-".to_owned(),
        |scopes| {
            let words: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            words.join(", ")
        },
    );
    let mut card = Card::new(12);
    card.text("name", text(&key.name));
    card.whole("id", text(&key.id));
    card.text("provider", &*key.provider);
    card.text("profile", &*key.profile);
    card.whole("key", text(&key.masked));
    card.status("status", key.status.name());
    card.text("scopes", scopes);
    card.text("created", moment(key.created_at));
    if key.rotated_at.is_some() {
        card.text("rotated", moment(key.rotated_at));
    }
    card.text("expires", moment(key.expires_at) + &bar);
    card.text("last used", moment(key.last_used_at));
    if let Some(usage) = &key.usage {
        let number = |number: Option<u64>| {
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        let usage = format!(
            "{} requests, {} in the last 30 days, {}",
            number(usage.requests),
            number(usage.requests_30d),
            list::cost(usage)
        );
        card.text("usage", usage);
    }
    card
}

/// Returns the remaining part of a key's lifetime, from 0 to 1, if creation and expiry are known.
#[expect(
    clippy::cast_precision_loss,
    reason = "a bar of ten signs needs no precision"
)]
fn time_left(key: &Key, now: Timestamp) -> Option<f64> {
    let (made, end) = (key.created_at?, key.expires_at?);
    let whole = made.duration_until(end).as_secs();
    let left = now.duration_until(end).as_secs();
    (whole > 0).then(|| (left as f64 / whole as f64).clamp(0.0, 1.0))
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it lies between 0 and 100"
)]
fn drawn(left: f64, symbols: Charset) -> String {
    let (spent, rest) = match symbols {
        Charset::Unicode => ("░", "█"),
        Charset::Ascii => (".", "#"),
    };
    let full = ((left * 10.0).ceil() as usize).min(BAR_WIDTH);
    format!(
        // Spaces that do not break.
        "{}{}\u{a0}{:.0}\u{a0}%\u{a0}left",
        rest.repeat(full),
        spent.repeat(BAR_WIDTH - full),
        left * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_left_bar_shows_remaining_share() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let key = Key {
            created_at: at("2026-11-01T00:00:00Z"),
            expires_at: at("2026-11-11T00:00:00Z"),
            ..Key::unknown("schatzi", "schatzi")
        };
        let bar =
            |now: &str, symbols| drawn(time_left(&key, now.parse().unwrap()).unwrap(), symbols);
        let unicode = |now: &str| bar(now, Charset::Unicode);
        assert_eq!(
            unicode("2026-11-01T00:00:00Z"),
            "██████████\u{a0}100\u{a0}%\u{a0}left"
        );
        assert_eq!(
            unicode("2026-11-08T12:00:00Z"),
            "███░░░░░░░\u{a0}25\u{a0}%\u{a0}left"
        );
        assert_eq!(
            unicode("2026-12-01T00:00:00Z"),
            "░░░░░░░░░░\u{a0}0\u{a0}%\u{a0}left"
        );
        assert_eq!(
            bar("2026-11-08T12:00:00Z", Charset::Ascii),
            "###.......\u{a0}25\u{a0}%\u{a0}left"
        );
    }
}
