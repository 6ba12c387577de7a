//! An entry of the list, and the rules: which one tells why, and when a customer may lift it.

use std::{net::IpAddr, str::FromStr};

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::{net, store::CustomerLift};
use crate::{
    i18n::UiMessage,
    local_time,
    tickets::{ActorKind, text_enum},
};

/// Between two times that a customer lifts a block: long enough to find the device that brought it back.
pub const LIFT_COOLDOWN: Duration = Duration::HOUR;
/// How often in a day: after that somebody has to look at it.
pub const MAX_LIFTS_PER_DAY: usize = 3;
pub const LIFT_WINDOW: Duration = Duration::DAY;

text_enum! {
    /// Why an address is shut out.
    BlockReason, "block_reason", "block-reason" {
        /// Some device has tried to sign in with a wrong password, again and again.
        WrongPassword = "wrong-password",
        /// Somebody has looked for open doors from there.
        Scanning = "scanning",
        Abuse = "abuse",
        Other = "other",
    }
}
text_enum! {
    /// Who told the portal.
    BlockSource, "block_source", "block-source" {
        Staff = "staff",
        Api = "api",
        Fail2ban = "fail2ban",
        Kamailio = "kamailio",
        /// A list that was read in.
        Import = "import",
    }
}
text_enum! {
    /// What happened to an entry.
    BlockChangeKind, "block_change_kind", "block-change" {
        Blocked = "blocked",
        Changed = "changed",
        Unblocked = "unblocked",
    }
}

/// One address or block that is shut out, or was until lately.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockEntry {
    pub net: IpNet,
    pub reason: BlockReason,
    /// For staff.
    pub note: Option<String>,
    pub source: BlockSource,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
    /// The person or the program that wrote it last.
    pub actor_name: Option<String>,
    pub staff_id: Option<uuid::Uuid>,
    pub version: i32,
}

impl BlockEntry {
    pub fn is_active(&self, now: OffsetDateTime) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    /// Whether the customer behind it may lift it: it is theirs alone, and a mistake that they can put right.
    fn is_customer_liftable(&self) -> bool {
        net::is_single_address(&self.net) && self.reason == BlockReason::WrongPassword
    }

    /// Until when, in words.
    pub fn until_message(&self) -> UiMessage {
        match self.until {
            Some(until) => local_time::format_date_time(until),
            None => UiMessage::new("block-until-lifted"),
        }
    }

    pub fn display_net(&self) -> String {
        net::format(&self.net)
    }
}

/// What happened to an entry, and how it was after it.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockChange {
    pub id: i64,
    pub net: IpNet,
    pub at: OffsetDateTime,
    pub kind: BlockChangeKind,
    pub actor: ActorKind,
    pub actor_name: Option<String>,
    pub reason: BlockReason,
    pub note: Option<String>,
    pub source: BlockSource,
    pub until: Option<OffsetDateTime>,
    pub unblock_reason: Option<String>,
}

/// Of all entries that an address lies in, the one that tells why: the address is shut out until the last of them is
/// over; of equals the most exact.
pub fn effective_entry(entries: &[BlockEntry]) -> Option<&BlockEntry> {
    let rank = |entry: &BlockEntry| (entry.until.is_none(), entry.until, entry.net.prefix_len());
    entries.iter().max_by_key(|entry| rank(entry))
}

/// Whether a customer may lift the block of their own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfServiceLift {
    Allowed,
    /// They did so lately: only from then on.
    AllowedFrom(OffsetDateTime),
    /// Staff have to.
    StaffOnly,
}

/// `entries` are all that the address lies in; `lifted`, what customers of its household have lifted within the last day.
pub fn check_self_service(
    entries: &[BlockEntry],
    ip: IpAddr,
    lifted: &[CustomerLift],
    now: OffsetDateTime,
) -> SelfServiceLift {
    let is_theirs = |entry: &BlockEntry| entry.is_customer_liftable() && entry.net.addr() == ip;
    if entries.is_empty() || !entries.iter().all(is_theirs) {
        return SelfServiceLift::StaffOnly;
    }
    let mut lifted: Vec<_> = lifted.iter().map(|one| one.at).filter(|at| *at > now - LIFT_WINDOW).collect();
    lifted.sort_unstable();
    let cooled = lifted.last().map(|last| *last + LIFT_COOLDOWN);
    // the earliest of the last few falls out of the day
    let counted =
        lifted.len().checked_sub(MAX_LIFTS_PER_DAY).and_then(|at| lifted.get(at)).map(|first| *first + LIFT_WINDOW);
    match cooled.max(counted) {
        Some(from) if from > now => SelfServiceLift::AllowedFrom(from),
        _ => SelfServiceLift::Allowed,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::blocklist::entry::*;

    const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);

    fn entry(net: &str, reason: BlockReason, hours: Option<i64>) -> BlockEntry {
        BlockEntry {
            net: net::parse(net).unwrap(),
            reason,
            note: None,
            source: BlockSource::Fail2ban,
            since: NOW - Duration::HOUR,
            until: hours.map(|hours| NOW + Duration::hours(hours)),
            actor_name: None,
            staff_id: None,
            version: 1,
        }
    }

    #[test]
    fn the_one_that_lasts_longest_tells_why_and_of_equals_the_most_exact() {
        let own = entry("203.0.113.7", BlockReason::WrongPassword, Some(5));
        let block = entry("203.0.113.0/24", BlockReason::Scanning, Some(9));
        let wide = entry("203.0.0.0/16", BlockReason::Abuse, None);
        assert_eq!(effective_entry(&[own.clone(), block.clone()]), Some(&block));
        assert_eq!(effective_entry(&[wide.clone(), own.clone(), block]), Some(&wide));
        let same = entry("203.0.113.0/24", BlockReason::Scanning, Some(5));
        assert_eq!(effective_entry(&[same.clone(), own.clone()]), Some(&own));
        assert_eq!(effective_entry(&[own.clone(), same]), Some(&own));
        assert_eq!(effective_entry(&[]), None);
    }

    #[test]
    fn customers_lift_the_block_of_a_wrong_password_on_their_own_address_only() {
        let ip = "203.0.113.7".parse().unwrap();
        let may = |entries: &[BlockEntry]| check_self_service(entries, ip, &[], NOW) == SelfServiceLift::Allowed;
        let own = entry("203.0.113.7", BlockReason::WrongPassword, Some(5));
        assert!(may(std::slice::from_ref(&own)));
        assert!(!may(&[]));
        for reason in [BlockReason::Scanning, BlockReason::Abuse, BlockReason::Other] {
            assert!(!may(&[entry("203.0.113.7", reason, Some(5))]), "{reason:?}");
        }
        assert!(!may(&[entry("203.0.113.0/24", BlockReason::WrongPassword, Some(5))]));
        assert!(!may(&[own, entry("203.0.113.0/24", BlockReason::Scanning, Some(5))]));
        assert!(!may(&[entry("203.0.113.8", BlockReason::WrongPassword, Some(5))]));
    }

    #[test]
    fn once_an_hour_and_three_times_a_day() {
        let entries = [entry("203.0.113.7", BlockReason::WrongPassword, None)];
        let ip = "203.0.113.7".parse().unwrap();
        let after = |minutes: &[i64]| {
            let net = net::parse("203.0.113.7").unwrap();
            let helped = |ago: &i64| CustomerLift { net, at: NOW - Duration::minutes(*ago) };
            let lifted: Vec<_> = minutes.iter().map(helped).collect();
            check_self_service(&entries, ip, &lifted, NOW)
        };
        let from = |minutes| SelfServiceLift::AllowedFrom(NOW + Duration::minutes(minutes));
        assert_eq!(after(&[]), SelfServiceLift::Allowed);
        assert_eq!(after(&[1]), from(59));
        assert_eq!(after(&[59]), from(1));
        assert_eq!(after(&[60]), SelfServiceLift::Allowed);
        assert_eq!(after(&[60, 200]), SelfServiceLift::Allowed);
        assert_eq!(after(&[60, 200, 1000]), from(440));
        assert_eq!(after(&[10, 1000, 200]), from(440));
        assert_eq!(after(&[60, 200, 1440]), SelfServiceLift::Allowed);
        assert_eq!(
            after(&[10, 20, 30, 40]),
            from(1410),
            "whoever got through at once waits for the third from the end"
        );
    }
}
