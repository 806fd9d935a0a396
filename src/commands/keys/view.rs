//! A key as a card.

use std::fmt::Write;

use jiff::Timestamp;

use super::list;
use crate::core::key::Key;
use crate::core::untrusted::Untrusted;
use crate::report::output::relative;

/// The width of a bar in characters.
const BAR_WIDTH: usize = 10;

/// Returns a key as a card; at a terminal with a bar of the remaining lifetime.
pub(super) fn key_card(key: &Key, now: Timestamp, for_a_person: bool) -> String {
    let text = |field: &Option<Untrusted>| {
        field
            .as_ref()
            .map_or_else(|| "-".to_owned(), ToString::to_string)
    };
    let moment = |moment: Option<Timestamp>| match moment {
        Some(at) => format!(
            "{} ({})",
            at.strftime("%Y-%m-%d %H:%M UTC"),
            relative(moment, now)
        ),
        None => "-".to_owned(),
    };
    let bar = time_left(key, now).filter(|_| for_a_person);
    let bar = bar.map_or_else(String::new, |left| format!("  {}", drawn(left)));
    let scopes = key.scopes.as_ref().map_or_else(
        || "-".to_owned(),
        |scopes| {
            let words: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            words.join(", ")
        },
    );
    let mut card = String::new();
    for (title, value) in [
        ("name", text(&key.name)),
        ("id", text(&key.id)),
        ("provider", key.provider.clone()),
        ("profile", key.profile.clone()),
        ("key", text(&key.masked)),
        ("status", key.status.name().to_owned()),
        ("scopes", scopes),
        ("created", moment(key.created_at)),
        ("expires", moment(key.expires_at) + &bar),
        ("last used", moment(key.last_used_at)),
    ] {
        let _ = writeln!(card, "{title:<10}  {value}");
    }
    if let Some(usage) = &key.usage {
        let number = |number: Option<u64>| {
            number.map_or_else(|| "-".to_owned(), |number| number.to_string())
        };
        let _ = writeln!(
            card,
            "{:<10}  {} requests, {} in the last 30 days, {}",
            "usage",
            number(usage.requests),
            number(usage.requests_30d),
            list::cost(usage)
        );
        if let Some(days) = usage
            .daily
            .as_ref()
            .filter(|days| for_a_person && days.len() > 1)
        {
            let _ = writeln!(
                card,
                "{:<10}  {} {} days, at most {} requests a day",
                "",
                sparkline(days),
                days.len(),
                days.iter().max().unwrap_or(&0)
            );
        }
    }
    card
}

/// A sign for each count, as high as it is beside the highest; a day without any is the lowest.
fn sparkline(counts: &[u64]) -> String {
    const SIGNS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = counts.iter().copied().max().unwrap_or(0).max(1);
    let sign = |count: &u64| {
        let height = u128::from(*count) * 7;
        let height = usize::try_from(height.div_ceil(u128::from(most)));
        SIGNS[height.unwrap_or(7).min(7)]
    };
    counts.iter().map(sign).collect()
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
fn drawn(left: f64) -> String {
    let full = ((left * 10.0).ceil() as usize).min(BAR_WIDTH);
    format!(
        "{}{} {:.0} % left",
        "█".repeat(full),
        "░".repeat(BAR_WIDTH - full),
        left * 100.0
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sparkline_scales_to_busiest_day() {
        assert_eq!(sparkline(&[0, 1, 50, 99, 100]), "▁▂▅██");
        assert_eq!(sparkline(&[0, 0]), "▁▁");
        assert_eq!(sparkline(&[u64::MAX, 0]), "█▁");
    }

    #[test]
    fn time_left_bar_shows_remaining_share() {
        let at = |text: &str| Some(text.parse::<Timestamp>().unwrap());
        let key = Key {
            created_at: at("2026-11-01T00:00:00Z"),
            expires_at: at("2026-11-11T00:00:00Z"),
            ..Key::unknown("schatzi", "schatzi")
        };
        let bar = |now: &str| drawn(time_left(&key, now.parse().unwrap()).unwrap());
        assert_eq!(bar("2026-11-01T00:00:00Z"), "██████████ 100 % left");
        assert_eq!(bar("2026-11-08T12:00:00Z"), "███░░░░░░░ 25 % left");
        assert_eq!(bar("2026-12-01T00:00:00Z"), "░░░░░░░░░░ 0 % left");
        let card_of =
            |for_a_person| key_card(&key, "2026-11-08T12:00:00Z".parse().unwrap(), for_a_person);
        assert!(card_of(true).contains("███░░░░░░░ 25 % left"));
        assert!(!card_of(false).contains('█'));
    }
}
