//! The address that a visitor comes from: whether it was shut out when they looked, why, since when and until when.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Describe;
use crate::{
    blocklist::{AddressScope, BlockEntry, BlockReason, effective_entry, net, store::CustomerLift},
    i18n::{MessageArg, UiMessage},
    local_time,
};

/// An address, and how it stood with it then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressResult {
    pub ip: IpAddr,
    #[serde(rename = "found")]
    pub block_status: AddressBlockStatus,
}

/// How it stands with an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AddressBlockStatus {
    Free,
    /// Not any more: the customer has lifted it.
    Lifted {
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
    },
    Blocked {
        /// What is blocked: the address, or a block that it lies in.
        net: IpNet,
        reason: BlockReason,
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
        #[serde(with = "time::serde::rfc3339::option")]
        until: Option<OffsetDateTime>,
    },
}

impl AddressResult {
    /// `entries` are all that the address lies in; `lifted`, what customers of its household have lifted lately.
    pub fn new(ip: IpAddr, entries: &[BlockEntry], lifted: &[CustomerLift]) -> AddressResult {
        let own = lifted.iter().filter(|one| one.net.addr() == ip).map(|one| one.at).max();
        let found = match (effective_entry(entries), own) {
            (Some(entry), _) => AddressBlockStatus::Blocked {
                net: entry.net,
                reason: entry.reason,
                since: entry.since,
                until: entry.until,
            },
            (None, Some(at)) => AddressBlockStatus::Lifted { at },
            (None, None) => AddressBlockStatus::Free,
        };
        AddressResult { ip, block_status: found }
    }

    pub fn is_blocked(&self) -> bool {
        matches!(self.block_status, AddressBlockStatus::Blocked { .. })
    }

    /// Which kind of address it is.
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
        let said = match &self.block_status {
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
        said.with("ip", self.ip.to_string())
    }

    fn details(&self) -> Vec<(UiMessage, MessageArg)> {
        let mut figures = vec![
            (UiMessage::new("address-ip"), self.ip.to_string().into()),
            (UiMessage::new("address-kind"), self.kind().into()),
        ];
        if let AddressBlockStatus::Blocked { net, reason, since, until } = &self.block_status {
            if !net::is_single_address(net) {
                figures.push((UiMessage::new("address-block"), net.to_string().into()));
            }
            let until = until.map_or(UiMessage::new("block-until-lifted"), local_time::format_date_time);
            figures.push((UiMessage::new("address-reason"), UiMessage::new(customer_reason_label(reason)).into()));
            figures.push((UiMessage::new("address-since"), local_time::format_date_time(*since).into()));
            figures.push((UiMessage::new("address-until"), until.into()));
        }
        figures
    }
}

/// The reason in a customer's words.
pub const fn customer_reason_label(reason: &BlockReason) -> &'static str {
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
    fn what_was_found_is_read_back_as_it_was_stored() {
        let ip = "203.0.113.7".parse().unwrap();
        let at = datetime!(2026-11-20 13:30 UTC);
        let net = "203.0.113.0/24".parse().unwrap();
        let blocked = AddressBlockStatus::Blocked { net, reason: BlockReason::Abuse, since: at, until: None };
        for (found, stored) in [
            (AddressBlockStatus::Free, json!("free")),
            (AddressBlockStatus::Lifted { at }, json!({ "lifted": { "at": "2026-11-20T13:30:00Z" } })),
            (
                blocked,
                json!({ "blocked": {
                    "net": "203.0.113.0/24", "reason": "abuse", "since": "2026-11-20T13:30:00Z", "until": null
                } }),
            ),
        ] {
            let checked = AddressResult { ip, block_status: found };
            let json = json!({ "ip": "203.0.113.7", "found": stored });
            assert_eq!(serde_json::to_value(&checked).unwrap(), json);
            assert_eq!(serde_json::from_value::<AddressResult>(json).unwrap(), checked);
        }
    }
}
