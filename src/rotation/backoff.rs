//! Spaces out the questions to a service that may not know a new key yet.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::api::ApiClient;
use crate::platform::Clock;

/// The pauses before a service is asked again, so that it is asked at 0, 1, 2, 4, 8, 15 and 30 s: not every server
/// knows or lists a new key at once.
const BACKOFF: [Duration; 6] = [
    Duration::from_secs(1),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
    Duration::from_secs(7),
    Duration::from_secs(15),
];

/// The pauses between two questions, within the time allowed.
pub struct Backoff<'p> {
    clock: &'p dyn Clock,
    deadline: Timestamp,
    made: usize,
}

impl<'p> Backoff<'p> {
    /// Returns the pauses within the time that one request to the service may take.
    pub fn of(client: &ApiClient<'p>) -> Self {
        let transport = &client.service.transport;
        Backoff::within(transport.timeout, transport.clock)
    }

    /// Returns the pauses within `time`.
    pub fn within(time: Duration, clock: &'p dyn Clock) -> Self {
        let end = SignedDuration::try_from(time)
            .ok()
            .and_then(|time| clock.now().checked_add(time).ok());
        Backoff {
            clock,
            deadline: end.unwrap_or(Timestamp::MAX),
            made: 0,
        }
    }

    /// Waits before the next question; returns whether there is time for one.
    pub async fn wait(&mut self) -> bool {
        let left = self.clock.now().duration_until(self.deadline);
        let left = Duration::try_from(left).unwrap_or(Duration::ZERO);
        if left.is_zero() {
            return false;
        }
        let pause = BACKOFF[self.made.min(BACKOFF.len() - 1)];
        self.made += 1;
        self.clock.sleep(pause.min(left)).await;
        true
    }
}
