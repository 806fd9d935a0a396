//! The kind of service, and the fault of one request: all of it drawn from the seed.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::GzEncoder;
use keywright::platform::HttpResponse;
use zeroize::Zeroizing;

use super::rng::Rng;

/// The way in which keys are replaced there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Shape {
    /// Many keys side by side.
    Overlap,
    /// One call gives a key a new secret.
    Atomic,
    /// One key a user: creating ends it. Tokens are exchanged for it.
    Replace,
    /// A person makes and removes keys.
    Manual,
}

/// The treatment of a requested expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Expiry {
    Kept,
    Ignored,
    /// It is so many seconds at most, also where none was asked for.
    Capped(i64),
}

/// Ways to write an answer that readers of JSON stumble over, and that can be read all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Garbled {
    /// Compressed although nobody asked for it.
    Gzip,
    /// In a charset of the last century.
    Latin,
    Utf16,
    /// With a guard before it.
    Guarded,
    /// With more behind it.
    Trailing,
}

/// The constant behaviour of a service; times are seconds.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "each habit is there or not")]
pub(super) struct Habits {
    /// So long a new key is not listed.
    pub(super) list_lag: i64,
    /// So long a new key is not accepted.
    pub(super) auth_lag: i64,
    /// So long a dead key is still listed.
    pub(super) delete_lag: i64,
    /// The answer to an unknown key.
    pub(super) unknown: u16,
    /// New keys are answered 403 for ever.
    pub(super) never_accepted: bool,
    /// New keys are dead from the start.
    pub(super) stillborn: bool,
    /// A web page stands in front of the call that verifies.
    pub(super) front_page: bool,
    /// The lead of its clock.
    pub(super) skew: i64,
    /// Says whether keys show when they were made.
    pub(super) shows_times: bool,
    /// Says whether an answer to a creation tells the id.
    pub(super) tells_id: bool,
    pub(super) expiry: Expiry,
    /// The form of the answers that create something, or of all of them.
    pub(super) garbled: Option<(Garbled, bool)>,
}

impl Habits {
    /// A service that does everything at once and right.
    pub(super) fn good() -> Self {
        Habits {
            list_lag: 0,
            auth_lag: 0,
            delete_lag: 0,
            unknown: 401,
            never_accepted: false,
            stillborn: false,
            front_page: false,
            skew: 0,
            shows_times: true,
            tells_id: true,
            expiry: Expiry::Kept,
            garbled: None,
        }
    }

    pub(super) fn draw(rng: &mut Rng) -> Self {
        if rng.chance(300) {
            return Habits::good();
        }
        Habits {
            list_lag: rng.weighted(&[(6, 0), (2, 2), (2, 6), (1, 40)]),
            auth_lag: rng.weighted(&[(6, 0), (2, 3), (1, 20)]),
            delete_lag: rng.weighted(&[(6, 0), (2, 5), (1, 1_000_000)]),
            unknown: rng.weighted(&[(7, 401), (3, 403)]),
            never_accepted: rng.chance(40),
            stillborn: rng.chance(40),
            front_page: rng.chance(80),
            skew: rng.weighted(&[(7, 0), (1, 200), (1, -200), (1, 5000), (1, -5000)]),
            shows_times: rng.chance(800),
            tells_id: rng.chance(750),
            expiry: rng.weighted(&[
                (6, Expiry::Kept),
                (2, Expiry::Ignored),
                (1, Expiry::Capped(1800)),
                (1, Expiry::Capped(86_400)),
            ]),
            garbled: rng.chance(150).then(|| Garbled::draw(rng)),
        }
    }
}

impl Garbled {
    fn draw(rng: &mut Rng) -> (Self, bool) {
        let each = [
            Garbled::Gzip,
            Garbled::Latin,
            Garbled::Utf16,
            Garbled::Guarded,
            Garbled::Trailing,
        ];
        (rng.pick(&each), rng.chance(300))
    }

    /// An answer of JSON, written so.
    pub(super) fn written(self, mut answer: HttpResponse) -> HttpResponse {
        let text = String::from_utf8_lossy(&answer.body).into_owned();
        let Some(rest) = text.strip_prefix('{').filter(|rest| rest.len() > 1) else {
            return answer;
        };
        let mut say = |name: &str, value: &str| {
            answer.headers.retain(|(known, _)| known != name);
            answer.headers.push((name.to_owned(), value.to_owned()));
        };
        let bytes = match self {
            Garbled::Gzip => {
                say("content-encoding", "gzip");
                let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
                packed.write_all(text.as_bytes()).unwrap();
                packed.finish().unwrap()
            }
            Garbled::Latin => {
                say("content-type", "application/json; charset=iso-8859-1");
                [b"{\"by\":\"Ren\xe9\",", rest.as_bytes()].concat()
            }
            Garbled::Utf16 => {
                let marked = std::iter::once(0xfeff).chain(text.encode_utf16());
                marked.flat_map(u16::to_le_bytes).collect()
            }
            Garbled::Guarded => [b")]}'\n", text.as_bytes()].concat(),
            Garbled::Trailing => [text.as_bytes(), b"\n-- fake trailer"].concat(),
        };
        answer.body = Zeroizing::new(bytes);
        answer
    }
}

/// The fault of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Fault {
    /// The service never sees it.
    Unsent,
    /// It is asked to come back later.
    Busy,
    /// It is answered so, and nothing is done.
    Refused(u16),
    /// A web page is answered, and nothing is done.
    Page,
    /// It is sent elsewhere, and nothing is done.
    Redirect,
    /// Nothing is answered, and nothing is done.
    Ignored,
    /// It is done, and nothing is answered.
    Lost,
    /// It is done, and answered so.
    Failed(u16),
    /// It is done, and a web page is answered.
    PageAfter,
    /// It is done, and half the answer arrives.
    Cut,
    /// It is answered so now, and done so many seconds later.
    Late(i64, u16),
    /// It is done, and answered after so many seconds.
    Slow(i64),
}

/// The faults while one command runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Weather {
    Fine,
    /// That request goes wrong.
    Nth(u64, Fault),
    /// So many requests out of a thousand go wrong.
    Storm(u64),
}

const ALL: [Fault; 22] = [
    Fault::Unsent,
    Fault::Busy,
    Fault::Refused(500),
    Fault::Refused(502),
    Fault::Refused(503),
    Fault::Refused(403),
    Fault::Refused(404),
    Fault::Page,
    Fault::Redirect,
    Fault::Ignored,
    Fault::Lost,
    Fault::Lost,
    Fault::Failed(500),
    Fault::Failed(502),
    Fault::Failed(504),
    Fault::Failed(408),
    Fault::Failed(302),
    Fault::PageAfter,
    Fault::Cut,
    Fault::Late(3, 504),
    Fault::Late(20, 500),
    Fault::Slow(45),
];

impl Weather {
    pub(super) fn draw(rng: &mut Rng) -> Self {
        match rng.weighted(&[(5, 0), (4, 1), (1, 2)]) {
            0 => Weather::Fine,
            1 => Weather::Nth(rng.below(9), rng.pick(&ALL)),
            _ => Weather::Storm(rng.pick(&[100, 300, 700])),
        }
    }

    /// The fate of the request of that number, counted from 0.
    pub(super) fn fault(self, number: u64, rng: &mut Rng) -> Option<Fault> {
        match self {
            Weather::Fine => None,
            Weather::Nth(wrong, fault) => (wrong == number).then_some(fault),
            Weather::Storm(per_mille) => rng.chance(per_mille).then(|| rng.pick(&ALL)),
        }
    }
}
