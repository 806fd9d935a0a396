//! `keywright keys list`.

use std::cmp::Ordering;

use clap::{Args, ValueEnum};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;

use super::super::Context;
use super::select::short_ids;
use crate::api::{ApiClient, FirstKeys};
use crate::core::error::{Error, Result};
use crate::core::key::{Key, Usage};
use crate::core::untrusted::Untrusted;
use crate::manifest::Span;
use crate::profile;
use crate::report::output::{Cell, Column, Tabular};

/// List the keys
#[derive(Debug, Args)]
pub struct KeysListArgs {
    /// List the keys of all profiles
    #[arg(long)]
    pub all_profiles: bool,
    /// Column to sort by
    #[arg(long, value_enum, value_name = "COLUMN")]
    pub sort: Option<SortColumn>,
    /// Reverse the order
    #[arg(long)]
    pub reverse: bool,
    /// The most keys to list, counted after sorting
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..))]
    pub limit: Option<u32>,
    /// Only keys created longer ago than this
    #[arg(long, value_name = "D")]
    pub older_than: Option<Span>,
    /// Only keys not used for this long
    #[arg(long, value_name = "D")]
    pub unused_for: Option<Span>,
    /// Only keys that expire within this time
    #[arg(long, value_name = "D")]
    pub expires_within: Option<Span>,
}

/// A column to sort by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SortColumn {
    /// The name.
    Name,
    /// The id.
    Id,
    /// The profile.
    Profile,
    /// The status.
    Status,
    /// Creation time, the oldest first.
    #[value(alias = "created-at")]
    Created,
    /// Expiry, the soonest first.
    #[value(alias = "expires-at")]
    Expires,
    /// Last use, the longest unused first.
    #[value(alias = "last-used-at")]
    LastUsed,
    /// Number of requests, the fewest first.
    #[value(alias = "requests")]
    Usage,
    /// Cost, the lowest first.
    Cost,
}

fn text(field: Option<&Untrusted>) -> String {
    field.map_or_else(|| "-".to_owned(), ToString::to_string)
}

/// Returns the cost of a key, with its currency.
pub(super) fn cost(usage: &Usage) -> String {
    match (usage.cost, &usage.currency) {
        (Some(cost), Some(currency)) => {
            format!("{} {cost:.2}", crate::core::untrusted::one_line(currency))
        }
        (Some(cost), None) => format!("{cost:.2}"),
        (None, _) => "-".to_owned(),
    }
}

/// The keys of one profile, each with the shortest id by which a command finds it.
#[derive(Serialize)]
#[serde(transparent)]
struct OneProfile(Vec<ListedKey>);

/// The keys of several profiles.
#[derive(Serialize)]
#[serde(transparent)]
struct AllProfiles(Vec<ListedKey>);

/// A key, and the shortest id by which a command finds it.
#[derive(Serialize)]
#[serde(transparent)]
struct ListedKey {
    key: Key,
    #[serde(skip)]
    short_id: String,
}

impl ListedKey {
    fn cells(&self, now: Timestamp) -> [Cell; 10] {
        let key = &self.key;
        let usage = key.usage.as_ref();
        let requests = usage.and_then(|usage| usage.requests);
        [
            Cell::from(key.profile.as_str()),
            Cell::shortened(text(key.id.as_ref()), &*self.short_id),
            Cell::from(text(key.name.as_ref())),
            Cell::from(text(key.masked.as_ref())),
            Cell::from(key.status.name()),
            Cell::moment(key.created_at, now),
            Cell::moment(key.expires_at, now),
            Cell::moment(key.last_used_at, now),
            Cell::optional(requests.map(|number| number.to_string())),
            Cell::optional(usage.map(cost)),
        ]
    }
}

/// The position of the key among the columns.
const KEY: usize = 3;

/// The columns of a key. On a narrow terminal the cost goes first, then age, requests and key: where a service lists no
/// ids, the key is all that is known.
const COLUMNS: [Column; 10] = [
    Column::name("PROFILE"),
    Column::id("ID"),
    Column::name("NAME"),
    Column::id("KEY").optional(5),
    Column::status("STATUS"),
    Column::date("CREATED").optional(2),
    Column::date("EXPIRES"),
    Column::date("LAST USED"),
    Column::number("REQUESTS").optional(4),
    Column::number("COST").optional(1),
];

impl Tabular<9> for OneProfile {
    const COLUMNS: [Column; 9] = {
        let [_, mut own @ ..] = COLUMNS;
        own[KEY - 1] = own[KEY - 1].optional(3);
        own
    };

    fn rows(&self, now: Timestamp) -> Vec<[Cell; 9]> {
        let own = |listed: &ListedKey| {
            let [_, own @ ..] = listed.cells(now);
            own
        };
        self.0.iter().map(own).collect()
    }
}

impl Tabular<10> for AllProfiles {
    const COLUMNS: [Column; 10] = COLUMNS;

    fn rows(&self, now: Timestamp) -> Vec<[Cell; 10]> {
        self.0.iter().map(|listed| listed.cells(now)).collect()
    }
}

/// Lists the keys of one profile, or of all at the same time.
pub(super) async fn list(args: &KeysListArgs, context: &Context<'_>) -> Result<u8> {
    if args.all_profiles {
        return list_all(args, context).await;
    }
    let opened = context.open_to_read()?;
    let keys = context
        .with_client(&opened, async |client| keys_of(args, context, client).await)
        .await?;
    let report = OneProfile(arranged(
        args.listed(keys, context.reporter.fits_tables()),
        args,
        context.platform.clock.now(),
    ));
    context.reporter.report(&report, "no keys")?;
    Ok(0)
}

async fn list_all(args: &KeysListArgs, context: &Context<'_>) -> Result<u8> {
    let all = profile::all(context.platform, context.global.profile.as_deref())?;
    let each = all.into_iter().map(async |chosen| {
        let name = chosen.name.clone();
        let listed = async {
            let opened = context.open_chosen(chosen)?;
            context
                .with_client(&opened, async |client| keys_of(args, context, client).await)
                .await
        };
        (name, listed.await)
    });
    let outcomes = context.side_by_side("listing", each).await;
    let mut keys = Vec::new();
    let mut first: Option<Error> = None;
    for (name, outcome) in outcomes {
        match outcome {
            Ok(own) => keys.extend(args.listed(own, context.reporter.fits_tables())),
            Err(error) => {
                let error = error.context(&format!("profile `{name}`"));
                first = Some(match first {
                    None => error,
                    Some(first) => first.hint(format!("also: {error}")),
                });
            }
        }
    }
    let report = AllProfiles(arranged(keys, args, context.platform.clock.now()));
    context.reporter.report(&report, "no keys")?;
    first.map_or(Ok(0), Err)
}

/// Reads the keys of a profile, as far as the order needs.
async fn keys_of(
    args: &KeysListArgs,
    context: &Context<'_>,
    client: &ApiClient<'_>,
) -> Result<Vec<Key>> {
    let Some(most) = args.first() else {
        return super::keys_of(client).await;
    };
    let now = context.platform.clock.now();
    let fits = |key: &Key| args.wants(key, now);
    let first = FirstKeys {
        most,
        fits: args.is_filtered().then_some(&fits),
    };
    super::first_keys_of(client, Some(&first)).await
}

impl KeysListArgs {
    /// Returns the keys of one profile as rows, their ids shortened if `is_fitted`. No id is shortened where only the
    /// first keys were read, since another one could begin alike.
    fn listed(&self, keys: Vec<Key>, is_fitted: bool) -> Vec<ListedKey> {
        let short = match self.first() {
            None if is_fitted => short_ids(&keys),
            _ => vec![String::new(); keys.len()],
        };
        let each = keys.into_iter().zip(short);
        each.map(|(key, short_id)| ListedKey { key, short_id })
            .collect()
    }

    /// Returns how many keys are read where not all are.
    fn first(&self) -> Option<usize> {
        self.most().filter(|_| self.sort.is_none() && !self.reverse)
    }

    /// Returns the most rows.
    fn most(&self) -> Option<usize> {
        self.limit.and_then(|limit| usize::try_from(limit).ok())
    }

    fn is_filtered(&self) -> bool {
        let filters = [self.older_than, self.unused_for, self.expires_within];
        filters.iter().any(Option::is_some)
    }

    /// Returns whether a key passes the filters.
    fn wants(&self, key: &Key, now: Timestamp) -> bool {
        let ago = |span: Span| {
            SignedDuration::try_from(span.duration())
                .ok()
                .and_then(|span| now.checked_sub(span).ok())
        };
        let older = self.older_than.is_none_or(|span| {
            key.secret_since()
                .is_some_and(|at| ago(span).is_some_and(|limit| at < limit))
        });
        let unused = self.unused_for.is_none_or(|span| {
            // A key that was never used has been unused since it was made.
            let last = key.last_used_at.or(key.created_at);
            last.is_some_and(|at| ago(span).is_some_and(|limit| at < limit))
        });
        let ending = self.expires_within.is_none_or(|span| {
            key.expires_at
                .is_some_and(|at| span.after(now).is_none_or(|limit| at <= limit))
        });
        older && unused && ending
    }
}

/// Returns the keys that were asked for, in the order that was asked for.
fn arranged(keys: Vec<ListedKey>, args: &KeysListArgs, now: Timestamp) -> Vec<ListedKey> {
    let mut kept = keys;
    kept.retain(|listed| args.wants(&listed.key, now));
    if let Some(column) = args.sort {
        kept.sort_by(|one, other| compare(column, &one.key, &other.key));
    }
    if args.reverse {
        kept.reverse();
    }
    kept.truncate(args.most().unwrap_or(usize::MAX));
    kept
}

/// Compares two keys by a column; a key that never expires comes last.
fn compare(column: SortColumn, one: &Key, other: &Key) -> Ordering {
    let requests = |key: &Key| key.usage.as_ref().and_then(|usage| usage.requests);
    let cost = |key: &Key| {
        let usage = key.usage.as_ref();
        usage.and_then(|usage| usage.cost).unwrap_or(0.0)
    };
    let expiry = |key: &Key| key.expires_at.unwrap_or(Timestamp::MAX);
    match column {
        SortColumn::Name => {
            let name = |key: &Key| text(key.name.as_ref()).to_lowercase();
            name(one).cmp(&name(other))
        }
        SortColumn::Id => text(one.id.as_ref()).cmp(&text(other.id.as_ref())),
        SortColumn::Profile => one.profile.cmp(&other.profile),
        SortColumn::Status => one.status.name().cmp(other.status.name()),
        SortColumn::Created => one.created_at.cmp(&other.created_at),
        SortColumn::Expires => expiry(one).cmp(&expiry(other)),
        SortColumn::LastUsed => one.last_used_at.cmp(&other.last_used_at),
        SortColumn::Usage => requests(one).cmp(&requests(other)),
        SortColumn::Cost => cost(one).total_cmp(&cost(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(name: &str, created: &str, used: Option<&str>, expires: Option<&str>) -> Key {
        Key {
            name: Some(Untrusted::new(name)),
            created_at: Some(created.parse().unwrap()),
            last_used_at: used.map(|at| at.parse().unwrap()),
            expires_at: expires.map(|at| at.parse().unwrap()),
            ..Key::unknown("p", "p")
        }
    }

    fn names(args: &KeysListArgs) -> Vec<String> {
        let keys = vec![
            key(
                "b",
                "2026-01-01T00:00:00Z",
                Some("2026-11-19T00:00:00Z"),
                None,
            ),
            key(
                "a",
                "2026-11-01T00:00:00Z",
                None,
                Some("2026-11-25T00:00:00Z"),
            ),
            key(
                "C",
                "2026-06-01T00:00:00Z",
                Some("2026-07-01T00:00:00Z"),
                Some("2027-06-01T00:00:00Z"),
            ),
        ];
        arranged(
            args.listed(keys, true),
            args,
            "2026-11-20T00:00:00Z".parse().unwrap(),
        )
        .iter()
        .map(|listed| text(listed.key.name.as_ref()))
        .collect()
    }

    fn all() -> KeysListArgs {
        KeysListArgs {
            all_profiles: false,
            sort: None,
            reverse: false,
            limit: None,
            older_than: None,
            unused_for: None,
            expires_within: None,
        }
    }

    #[test]
    fn list_filters_keep_matching_keys() {
        let span = |text: &str| Some(text.parse().unwrap());
        assert_eq!(
            names(&KeysListArgs {
                older_than: span("90d"),
                ..all()
            }),
            ["b", "C"]
        );
        assert_eq!(
            names(&KeysListArgs {
                unused_for: span("30d"),
                ..all()
            }),
            ["C"]
        );
        assert_eq!(
            names(&KeysListArgs {
                expires_within: span("14d"),
                ..all()
            }),
            ["a"]
        );
    }

    #[test]
    fn list_sort_puts_most_urgent_first() {
        let sorted = |column| {
            names(&KeysListArgs {
                sort: Some(column),
                ..all()
            })
        };
        assert_eq!(sorted(SortColumn::Name), ["a", "b", "C"]);
        assert_eq!(sorted(SortColumn::Created), ["b", "C", "a"]);
        assert_eq!(sorted(SortColumn::Expires), ["a", "C", "b"]);
        assert_eq!(sorted(SortColumn::LastUsed), ["a", "C", "b"]);
    }

    #[test]
    fn list_limit_counts_sorted_rows() {
        let first = |reverse, limit| {
            names(&KeysListArgs {
                sort: Some(SortColumn::Created),
                reverse,
                limit: Some(limit),
                ..all()
            })
        };
        assert_eq!(first(false, 2), ["b", "C"]);
        assert_eq!(first(true, 2), ["a", "C"]);
        assert_eq!(first(true, 9), ["a", "C", "b"]);
    }
}
