//! The one place where time comes from, so that a test can hold it.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use time::OffsetDateTime;

/// A clock that runs, or one that a test holds.
#[derive(Debug, Clone, Default)]
pub enum Clock {
    #[default]
    System,
    /// Seconds since 1970, moved by hand.
    Manual(Arc<AtomicI64>),
}

impl Clock {
    /// A clock that stands still at `at`, cut to whole seconds.
    pub fn manual(at: OffsetDateTime) -> Clock {
        Clock::Manual(Arc::new(AtomicI64::new(at.unix_timestamp())))
    }

    /// Now, in UTC, cut to microseconds: what PostgreSQL keeps.
    #[allow(clippy::disallowed_methods)] // the one place
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

    /// Moves a held clock; a running one goes on as it is.
    pub fn advance(&self, by: time::Duration) {
        if let Clock::Manual(seconds) = self {
            seconds.fetch_add(by.whole_seconds(), Ordering::Relaxed);
        }
    }
}
