//! The only source of the current time, so that tests can control it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::OffsetDateTime;

/// The system clock, or one that a test moves.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    /// Seconds since 1970.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A manual clock, cut to whole seconds.
    pub fn manual(at: OffsetDateTime) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.unix_timestamp())))
    }

    /// The current time in UTC, cut to microseconds like in PostgreSQL.
    #[expect(clippy::disallowed_methods, reason = "all other code takes the time from here")]
    pub fn now(&self) -> OffsetDateTime {
        match self {
            Clock::System => {
                let now = OffsetDateTime::now_utc();
                now.replace_nanosecond(now.microsecond() * 1_000).unwrap_or(now)
            }
            Clock::Manual(seconds) => OffsetDateTime::from_unix_timestamp(seconds.load(Ordering::Relaxed))
                .unwrap_or(OffsetDateTime::UNIX_EPOCH),
        }
    }

    /// Moves a manual clock. Has no effect on the system clock.
    pub fn advance(&self, by: time::Duration) {
        if let Clock::Manual(seconds) = self {
            seconds.fetch_add(by.whole_seconds(), Ordering::Relaxed);
        }
    }
}
