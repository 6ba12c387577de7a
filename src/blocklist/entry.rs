//! Entries of the blocklist and the rules: which entry applies to an address, and when a customer may lift it.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::{Duration, OffsetDateTime};

use super::net;
use crate::{
    i18n::{Label, UiMessage},
    local_time,
    tickets::ActorKind,
};

/// The minimum time between two lifts by a customer. It leaves time to find the device that causes the block.
pub(super) const LIFT_COOLDOWN: Duration = Duration::HOUR;
/// Lifts by a customer per [`LIFT_WINDOW`]. After that staff have to look at it.
pub(super) const MAX_LIFTS_PER_DAY: usize = 3;
/// The period in which lifts are counted.
pub(super) const LIFT_WINDOW: Duration = Duration::DAY;

/// Why an address is blocked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "kebab-case")]
#[strum(const_into_str, serialize_all = "kebab-case")]
#[sqlx(type_name = "block_reason", rename_all = "kebab-case")]
pub enum BlockReason {
    /// A device registered with a wrong password again and again.
    WrongPassword,
    /// A port or account scan.
    Scanning,
    Abuse,
    Other,
}

impl Label for BlockReason {
    const MESSAGE_PREFIX: &str = "block-reason";
}

/// Who reported an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "block_source", rename_all = "lowercase")]
pub enum BlockSource {
    Staff,
    Api,
    Fail2ban,
    Kamailio,
    /// An imported list.
    Import,
}

impl Label for BlockSource {
    const MESSAGE_PREFIX: &str = "block-source";
}

/// A kind of change of an entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[derive(EnumString, IntoStaticStr, VariantArray, sqlx::Type)]
#[serde(rename_all = "lowercase")]
#[strum(const_into_str, serialize_all = "lowercase")]
#[sqlx(type_name = "block_change_kind", rename_all = "lowercase")]
pub enum BlockChangeKind {
    Blocked,
    Changed,
    Unblocked,
}

impl Label for BlockChangeKind {
    const MESSAGE_PREFIX: &str = "block-change";
}

/// A blocked address or block of addresses. An expired entry is kept for a day.
#[derive(Debug, Clone, PartialEq)]
pub struct BlockEntry {
    pub net: IpNet,
    pub reason: BlockReason,
    /// Shown to staff.
    pub note: Option<String>,
    pub source: BlockSource,
    pub since: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
    /// The staff member or program that wrote the entry last.
    pub actor_name: Option<String>,
    pub staff_id: Option<uuid::Uuid>,
    pub version: i32,
}

impl BlockEntry {
    pub fn is_active(&self, now: OffsetDateTime) -> bool {
        self.until.is_none_or(|until| until > now)
    }

    /// Whether the customer with this address may lift the block: it covers no other customer, and has a reason that
    /// the customer can fix.
    fn is_customer_liftable(&self) -> bool {
        net::is_single_address(&self.net) && self.reason == BlockReason::WrongPassword
    }

    /// The end of the block, as a message.
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

/// A change of an entry, with the content of the entry after it.
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

/// The entry to show for an address, of all entries that cover it: the one that ends last, because the address is
/// blocked until then. Of entries with the same end, the most specific.
pub fn effective_entry(entries: &[BlockEntry]) -> Option<&BlockEntry> {
    let rank = |entry: &BlockEntry| (entry.until.is_none(), entry.until, entry.net.prefix_len());
    entries.iter().max_by_key(|entry| rank(entry))
}

/// A block that a customer lifted.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CustomerLift {
    pub net: IpNet,
    pub at: OffsetDateTime,
}

/// Whether a customer may lift the block of their own address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SelfServiceLift {
    Allowed,
    /// Allowed from this time on, because of earlier lifts.
    AllowedFrom(OffsetDateTime),
    /// Only staff may lift it.
    StaffOnly,
}

/// `entries` are all active entries that cover the address; `lifts` are those by customers of the same network within
/// the last day.
pub fn check_self_service(
    entries: &[BlockEntry],
    ip: IpAddr,
    lifts: &[CustomerLift],
    now: OffsetDateTime,
) -> SelfServiceLift {
    let is_liftable = |entry: &BlockEntry| entry.is_customer_liftable() && entry.net.addr() == ip;
    if entries.is_empty() || !entries.iter().all(is_liftable) {
        return SelfServiceLift::StaffOnly;
    }
    let mut times: Vec<_> = lifts.iter().map(|lift| lift.at).filter(|at| *at > now - LIFT_WINDOW).collect();
    times.sort_unstable();
    let cooldown_end = times.last().map(|last| *last + LIFT_COOLDOWN);
    // the limit is free again when the earliest of the last lifts leaves the window
    let earliest_counted = times.len().checked_sub(MAX_LIFTS_PER_DAY).and_then(|index| times.get(index));
    let limit_end = earliest_counted.map(|at| *at + LIFT_WINDOW);
    match cooldown_end.max(limit_end) {
        Some(from) if from > now => SelfServiceLift::AllowedFrom(from),
        _ => SelfServiceLift::Allowed,
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

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
    fn the_effective_entry_ends_last_and_is_the_most_specific() {
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
    fn customers_may_lift_only_wrong_password_blocks_of_their_own_address() {
        let ip = "203.0.113.7".parse().unwrap();
        let is_allowed = |entries: &[BlockEntry]| check_self_service(entries, ip, &[], NOW) == SelfServiceLift::Allowed;
        let own = entry("203.0.113.7", BlockReason::WrongPassword, Some(5));
        assert!(is_allowed(std::slice::from_ref(&own)));
        assert!(!is_allowed(&[]));
        for reason in [BlockReason::Scanning, BlockReason::Abuse, BlockReason::Other] {
            assert!(!is_allowed(&[entry("203.0.113.7", reason, Some(5))]), "{reason:?}");
        }
        assert!(!is_allowed(&[entry("203.0.113.0/24", BlockReason::WrongPassword, Some(5))]));
        assert!(!is_allowed(&[own, entry("203.0.113.0/24", BlockReason::Scanning, Some(5))]));
        assert!(!is_allowed(&[entry("203.0.113.8", BlockReason::WrongPassword, Some(5))]));
    }

    #[test]
    fn customers_may_lift_once_an_hour_and_three_times_a_day() {
        let entries = [entry("203.0.113.7", BlockReason::WrongPassword, None)];
        let ip = "203.0.113.7".parse().unwrap();
        let after = |minutes: &[i64]| {
            let net = net::parse("203.0.113.7").unwrap();
            let lift = |ago: &i64| CustomerLift { net, at: NOW - Duration::minutes(*ago) };
            let lifts: Vec<_> = minutes.iter().map(lift).collect();
            check_self_service(&entries, ip, &lifts, NOW)
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
            "with concurrent lifts beyond the limit, the third last one counts"
        );
    }
}
