//! The address that a visitor comes from: whether it was shut out when they looked, why, since when and until when.

use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use super::Told;
use crate::{
    addresses::{Entry, Reason, Scope, net, store::Helped, telling},
    words::{Arg, Say},
    zone,
};

/// An address, and how it stood with it then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AddressChecked {
    pub ip: IpAddr,
    pub found: Found,
}

/// How it stands with an address.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Found {
    Free,
    /// Not any more: the customer has lifted it.
    Lifted {
        #[serde(with = "time::serde::rfc3339")]
        at: OffsetDateTime,
    },
    Blocked {
        /// What is blocked: the address, or a block that it lies in.
        net: IpNet,
        reason: Reason,
        #[serde(with = "time::serde::rfc3339")]
        since: OffsetDateTime,
        #[serde(with = "time::serde::rfc3339::option")]
        until: Option<OffsetDateTime>,
    },
}

impl AddressChecked {
    /// `entries` are all that the address lies in; `lifted`, what customers of its household have lifted lately.
    pub fn of(ip: IpAddr, entries: &[Entry], lifted: &[Helped]) -> AddressChecked {
        let own = lifted.iter().filter(|one| one.net.addr() == ip).map(|one| one.at).max();
        let found = match (telling(entries), own) {
            (Some(entry), _) => {
                Found::Blocked { net: entry.net, reason: entry.reason, since: entry.since, until: entry.until }
            }
            (None, Some(at)) => Found::Lifted { at },
            (None, None) => Found::Free,
        };
        AddressChecked { ip, found }
    }

    pub fn is_blocked(&self) -> bool {
        matches!(self.found, Found::Blocked { .. })
    }

    /// Which kind of address it is.
    pub fn kind(&self) -> Say {
        let family = if self.ip.is_ipv4() { "IPv4" } else { "IPv6" };
        Say::new(match Scope::of(self.ip) {
            Scope::Public => "address-kind-public",
            Scope::Private => "address-kind-private",
            Scope::Shared => "address-kind-shared",
            Scope::Local => "address-kind-local",
        })
        .with("family", family)
    }
}

impl Told for AddressChecked {
    fn verdict(&self) -> &str {
        match self.found {
            Found::Blocked { .. } => "blocked",
            Found::Lifted { .. } => "lifted",
            Found::Free if Scope::of(self.ip) != Scope::Public => "inner",
            Found::Free => "free",
        }
    }

    fn sentence(&self) -> Say {
        let said = match &self.found {
            Found::Blocked { until: Some(until), .. } => {
                Say::new("address-said-blocked-until").with("until", zone::short_moment(*until))
            }
            Found::Blocked { until: None, .. } => Say::new("address-said-blocked"),
            Found::Lifted { at } => Say::new("address-said-lifted").with("at", zone::short_moment(*at)),
            Found::Free if Scope::of(self.ip) != Scope::Public => Say::new("address-said-inner"),
            Found::Free => Say::new("address-said-free"),
        };
        said.with("ip", self.ip.to_string())
    }

    fn figures(&self) -> Vec<(Say, Arg)> {
        let mut figures =
            vec![(Say::new("address-ip"), self.ip.to_string().into()), (Say::new("address-kind"), self.kind().into())];
        if let Found::Blocked { net, reason, since, until } = &self.found {
            if !net::is_single(net) {
                figures.push((Say::new("address-block"), net.to_string().into()));
            }
            let until = until.map_or(Say::new("block-until-lifted"), zone::short_moment);
            figures.push((Say::new("address-reason"), Say::new(why(reason)).into()));
            figures.push((Say::new("address-since"), zone::short_moment(*since).into()));
            figures.push((Say::new("address-until"), until.into()));
        }
        figures
    }
}

/// The reason in a customer's words.
pub const fn why(reason: &Reason) -> &'static str {
    match reason {
        Reason::WrongPassword => "address-why-wrong-password",
        Reason::Scanning => "address-why-scanning",
        Reason::Abuse => "address-why-abuse",
        Reason::Other => "address-why-other",
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
        let blocked = Found::Blocked { net, reason: Reason::Abuse, since: at, until: None };
        for (found, stored) in [
            (Found::Free, json!("free")),
            (Found::Lifted { at }, json!({ "lifted": { "at": "2026-11-20T13:30:00Z" } })),
            (
                blocked,
                json!({ "blocked": {
                    "net": "203.0.113.0/24", "reason": "abuse", "since": "2026-11-20T13:30:00Z", "until": null
                } }),
            ),
        ] {
            let checked = AddressChecked { ip, found };
            let json = json!({ "ip": "203.0.113.7", "found": stored });
            assert_eq!(serde_json::to_value(&checked).unwrap(), json);
            assert_eq!(serde_json::from_value::<AddressChecked>(json).unwrap(), checked);
        }
    }
}
