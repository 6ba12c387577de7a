//! An entry of the list, and the rules: which one tells why, and when a customer may lift it.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{net, store::Helped};
use crate::{
    tickets::{ActorKind, named},
    words::Say,
    zone,
};

/// Between two times that a customer lifts a block: long enough to find the device that brought it back.
pub const COOL_DOWN: Duration = Duration::HOUR;
/// How often in a day: after that somebody has to look at it.
pub const A_DAY: usize = 3;
pub const DAY: Duration = Duration::DAY;

named! {
    /// Why an address is shut out.
    Reason, "block_reason", "block-reason" {
        /// Some device has tried to sign in with a wrong password, again and again.
        WrongPassword = "wrong-password",
        /// Somebody has looked for open doors from there.
        Scanning = "scanning",
        Abuse = "abuse",
        Other = "other",
    }
}
named! {
    /// Who told the portal.
    Source, "block_source", "block-source" {
        Staff = "staff",
        Api = "api",
        Fail2ban = "fail2ban",
        Kamailio = "kamailio",
        /// A list that was read in.
        Import = "import",
    }
}
named! {
    /// What happened to an entry.
    Happened, "block_change", "block-what" {
        Blocked = "blocked",
        Changed = "changed",
        Unblocked = "unblocked",
    }
}

/// One address or block that is shut out, or was until lately.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    pub net: IpNet,
    pub reason: Reason,
    /// For staff.
    pub note: Option<String>,
    pub source: Source,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
    /// The person or the program that wrote it last.
    pub who: Option<String>,
    pub staff_id: Option<uuid::Uuid>,
    pub version: i32,
}

impl Entry {
    pub fn is_active(&self, now: OffsetDateTime) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    /// Whether the customer behind it may lift it: it is theirs alone, and a mistake that they can put right.
    fn is_for_customers(&self) -> bool {
        net::is_single(&self.net) && self.reason == Reason::WrongPassword
    }

    /// Until when, in words.
    pub fn until_said(&self) -> Say {
        match self.until {
            Some(until) => zone::short_moment(until),
            None => Say::new("block-until-lifted"),
        }
    }

    pub fn shown(&self) -> String {
        net::shown(&self.net)
    }
}

/// What happened to an entry, and how it was after it.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    pub id: i64,
    pub net: IpNet,
    pub at: OffsetDateTime,
    pub what: Happened,
    pub actor: ActorKind,
    pub who: Option<String>,
    pub reason: Reason,
    pub note: Option<String>,
    pub source: Source,
    pub until: Option<OffsetDateTime>,
    pub why: Option<String>,
}

/// Of all entries that an address lies in, the one that tells why: the address is shut out until the last of them is
/// over; of equals the most exact.
pub fn telling(entries: &[Entry]) -> Option<&Entry> {
    let rank = |entry: &Entry| (entry.until.is_none(), entry.until, entry.net.prefix_len());
    entries.iter().max_by_key(|entry| rank(entry))
}

/// Whether a customer may lift the block of their own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfService {
    Now,
    /// They did so lately: only from then on.
    From(OffsetDateTime),
    /// Staff have to.
    No,
}

/// `entries` are all that the address lies in; `lifted`, what customers of its household have lifted within the last day.
pub fn self_service(entries: &[Entry], ip: IpAddr, lifted: &[Helped], now: OffsetDateTime) -> SelfService {
    let is_theirs = |entry: &Entry| entry.is_for_customers() && entry.net.addr() == ip;
    if entries.is_empty() || !entries.iter().all(is_theirs) {
        return SelfService::No;
    }
    let mut lifted: Vec<_> = lifted.iter().map(|one| one.at).filter(|at| *at > now - DAY).collect();
    lifted.sort_unstable();
    let cooled = lifted.last().map(|last| *last + COOL_DOWN);
    // the earliest of the last few falls out of the day
    let counted = lifted.len().checked_sub(A_DAY).and_then(|at| lifted.get(at)).map(|first| *first + DAY);
    match cooled.max(counted) {
        Some(from) if from > now => SelfService::From(from),
        _ => SelfService::Now,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);

    fn entry(net: &str, reason: Reason, hours: Option<i64>) -> Entry {
        Entry {
            net: net::read(net).unwrap(),
            reason,
            note: None,
            source: Source::Fail2ban,
            since: NOW - Duration::HOUR,
            until: hours.map(|hours| NOW + Duration::hours(hours)),
            who: None,
            staff_id: None,
            version: 1,
        }
    }

    #[test]
    fn the_one_that_lasts_longest_tells_why_and_of_equals_the_most_exact() {
        let own = entry("203.0.113.7", Reason::WrongPassword, Some(5));
        let block = entry("203.0.113.0/24", Reason::Scanning, Some(9));
        let wide = entry("203.0.0.0/16", Reason::Abuse, None);
        assert_eq!(telling(&[own.clone(), block.clone()]), Some(&block));
        assert_eq!(telling(&[wide.clone(), own.clone(), block]), Some(&wide));
        let same = entry("203.0.113.0/24", Reason::Scanning, Some(5));
        assert_eq!(telling(&[same.clone(), own.clone()]), Some(&own));
        assert_eq!(telling(&[own.clone(), same]), Some(&own));
        assert_eq!(telling(&[]), None);
    }

    #[test]
    fn customers_lift_the_block_of_a_wrong_password_on_their_own_address_only() {
        let ip = "203.0.113.7".parse().unwrap();
        let may = |entries: &[Entry]| self_service(entries, ip, &[], NOW) == SelfService::Now;
        let own = entry("203.0.113.7", Reason::WrongPassword, Some(5));
        assert!(may(std::slice::from_ref(&own)));
        assert!(!may(&[]));
        for reason in [Reason::Scanning, Reason::Abuse, Reason::Other] {
            assert!(!may(&[entry("203.0.113.7", reason, Some(5))]), "{reason:?}");
        }
        assert!(!may(&[entry("203.0.113.0/24", Reason::WrongPassword, Some(5))]));
        assert!(!may(&[own, entry("203.0.113.0/24", Reason::Scanning, Some(5))]));
        assert!(!may(&[entry("203.0.113.8", Reason::WrongPassword, Some(5))]));
    }

    #[test]
    fn once_an_hour_and_three_times_a_day() {
        let entries = [entry("203.0.113.7", Reason::WrongPassword, None)];
        let ip = "203.0.113.7".parse().unwrap();
        let after = |minutes: &[i64]| {
            let net = net::read("203.0.113.7").unwrap();
            let helped = |ago: &i64| Helped { net, at: NOW - Duration::minutes(*ago) };
            let lifted: Vec<_> = minutes.iter().map(helped).collect();
            self_service(&entries, ip, &lifted, NOW)
        };
        let from = |minutes| SelfService::From(NOW + Duration::minutes(minutes));
        assert_eq!(after(&[]), SelfService::Now);
        assert_eq!(after(&[1]), from(59));
        assert_eq!(after(&[59]), from(1));
        assert_eq!(after(&[60]), SelfService::Now);
        assert_eq!(after(&[60, 200]), SelfService::Now);
        assert_eq!(after(&[60, 200, 1000]), from(440));
        assert_eq!(after(&[10, 1000, 200]), from(440));
        assert_eq!(after(&[60, 200, 1440]), SelfService::Now);
        assert_eq!(
            after(&[10, 20, 30, 40]),
            from(1410),
            "whoever got through at once waits for the third from the end"
        );
    }
}
