//! The address check: whether the visitor's IP address is blocked, why, since when and until when.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::describe::Describe;
use crate::{
    blocklist::{AddressScope, BlockEntry, BlockReason, CustomerLift, effective_entry, net},
    i18n::{MessageArg, UiMessage},
    local_time,
};

/// An address and its block status at the time of the check.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressResult {
    pub ip: IpAddr,
    #[serde(rename = "found")]
    pub block_status: AddressBlockStatus,
}

/// Whether an address is blocked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressBlockStatus {
    Free,
    /// The customer has lifted the block.
    Lifted {
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
    },
    Blocked {
        /// The blocked address, or the blocked network that contains it.
        net: IpNet,
        reason: BlockReason,
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
        #[serde(with = "time::serde::rfc3339::option")]
        until: Option<OffsetDateTime>,
    },
}

impl AddressResult {
    /// `entries` are all entries that cover the address. `lifts` are the recent lifts by customers of its network.
    pub fn new(ip: IpAddr, entries: &[BlockEntry], lifts: &[CustomerLift]) -> AddressResult {
        let lifted_at = lifts.iter().filter(|lift| lift.net.addr() == ip).map(|lift| lift.at).max();
        let block_status = match (effective_entry(entries), lifted_at) {
            (Some(entry), _) => AddressBlockStatus::Blocked {
                net: entry.net,
                reason: entry.reason,
                since: entry.since,
                until: entry.until,
            },
            (None, Some(at)) => AddressBlockStatus::Lifted { at },
            (None, None) => AddressBlockStatus::Free,
        };
        AddressResult { ip, block_status }
    }

    pub fn is_blocked(&self) -> bool {
        matches!(self.block_status, AddressBlockStatus::Blocked { .. })
    }

    /// The address family and scope.
    pub fn kind(&self) -> UiMessage {
        let family = if self.ip.is_ipv4() { "IPv4" } else { "IPv6" };
        UiMessage::new(match AddressScope::from_ip(self.ip) {
            AddressScope::Public => "address-kind-public",
            AddressScope::Private => "address-kind-private",
            AddressScope::Shared => "address-kind-shared",
            AddressScope::Local => "address-kind-local",
        })
        .with("family", family)
    }
}

impl Describe for AddressResult {
    fn verdict(&self) -> &str {
        match self.block_status {
            AddressBlockStatus::Blocked { .. } => "blocked",
            AddressBlockStatus::Lifted { .. } => "lifted",
            AddressBlockStatus::Free if AddressScope::from_ip(self.ip) != AddressScope::Public => "inner",
            AddressBlockStatus::Free => "free",
        }
    }

    fn summary(&self) -> UiMessage {
        let message = match &self.block_status {
            AddressBlockStatus::Blocked { until: Some(until), .. } => {
                UiMessage::new("address-result-blocked-until").with("until", local_time::format_date_time(*until))
            }
            AddressBlockStatus::Blocked { until: None, .. } => UiMessage::new("address-result-blocked"),
            AddressBlockStatus::Lifted { at } => {
                UiMessage::new("address-result-lifted").with("at", local_time::format_date_time(*at))
            }
            AddressBlockStatus::Free if AddressScope::from_ip(self.ip) != AddressScope::Public => {
                UiMessage::new("address-result-not-public")
            }
            AddressBlockStatus::Free => UiMessage::new("address-result-not-blocked"),
        };
        message.with("ip", self.ip.to_string())
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let mut rows = vec![
            (UiMessage::new("address-ip"), self.ip.to_string().into()),
            (UiMessage::new("address-kind"), self.kind().into()),
        ];
        if let AddressBlockStatus::Blocked { net, reason, since, until } = &self.block_status {
            if !net::is_single_address(net) {
                rows.push((UiMessage::new("address-block"), net.to_string().into()));
            }
            let until = until.map_or(UiMessage::new("block-until-lifted"), local_time::format_date_time);
            rows.push((UiMessage::new("address-reason"), UiMessage::new(customer_reason_label(reason)).into()));
            rows.push((UiMessage::new("address-since"), local_time::format_date_time(*since).into()));
            rows.push((UiMessage::new("address-until"), until.into()));
        }
        rows
    }
}

/// The message id of the reason, in words for customers.
pub(crate) const fn customer_reason_label(reason: &BlockReason) -> &'static str {
    match reason {
        BlockReason::WrongPassword => "address-reason-wrong-password",
        BlockReason::Scanning => "address-reason-scanning",
        BlockReason::Abuse => "address-reason-abuse",
        BlockReason::Other => "address-reason-other",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use time::macros::datetime;

    use super::*;

    #[test]
    fn results_are_stored_as_json_and_read_back_unchanged() {
        let ip = "203.0.113.7".parse().unwrap();
        let at = datetime!(2026-11-20 13:30 UTC);
        let net = "203.0.113.0/24".parse().unwrap();
        let blocked = AddressBlockStatus::Blocked { net, reason: BlockReason::Abuse, since: at, until: None };
        for (block_status, stored) in [
            (AddressBlockStatus::Free, json!("free")),
            (AddressBlockStatus::Lifted { at }, json!({ "lifted": { "at": "2026-11-20T13:30:00Z" } })),
            (
                blocked,
                json!({ "blocked": {
                    "net": "203.0.113.0/24", "reason": "abuse", "since": "2026-11-20T13:30:00Z", "until": null
                } }),
            ),
        ] {
            let result = AddressResult { ip, block_status };
            let json = json!({ "ip": "203.0.113.7", "found": stored });
            assert_eq!(serde_json::to_value(&result).unwrap(), json);
            assert_eq!(serde_json::from_value::<AddressResult>(json).unwrap(), result);
        }
    }
}
