//! Whether a ticket may belong to an incident. Pure, without a database.

use std::net::IpAddr;

use ipnet::IpNet;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::tickets::TicketCategory;

/// The fields of a ticket that matter for matching and clustering.
#[derive(Debug, Clone)]
pub(super) struct TicketFacts {
    pub id: Uuid,
    pub category: TicketCategory,
    /// The callee's number with country code, digits only.
    pub callee: Option<String>,
    pub sip_code: Option<i16>,
    /// Time of the call, or of the report if the former is unknown.
    pub occurred_at: OffsetDateTime,
    pub awaiting_staff_since: OffsetDateTime,
    /// Where the report came from.
    pub client_ip: IpAddr,
    /// The address in the report.
    pub public_ip: Option<IpAddr>,
    /// Email address or phone number, to tell reporters apart.
    pub reporter: String,
    /// Incidents to which it has been proposed.
    pub proposed_to: Vec<i64>,
}

/// What an incident affects. Empty lists do not restrict it.
#[derive(Debug, Clone, Default)]
pub(super) struct IncidentScope {
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: Vec<String>,
    pub networks: Vec<IpNet>,
    pub sip_codes: Vec<i16>,
}

impl IncidentScope {
    /// A ticket matches if its category is affected, and its callee has one of the prefixes or one of its addresses is in a
    /// network. The SIP code counts only if the scope has neither prefixes nor networks. If the scope has none of the three,
    /// the category is enough.
    pub(super) fn matches(&self, ticket: &TicketFacts) -> bool {
        if !self.categories.is_empty() && !self.categories.contains(&ticket.category) {
            return false;
        }
        let is_restricted = !(self.number_prefixes.is_empty() && self.networks.is_empty() && self.sip_codes.is_empty());
        let matches_prefix = || {
            let callee = ticket.callee.as_deref().unwrap_or_default();
            self.number_prefixes.iter().any(|prefix| callee.starts_with(prefix.as_str()))
        };
        let matches_network = || {
            let addresses = [Some(ticket.client_ip), ticket.public_ip];
            addresses.into_iter().flatten().any(|ip| self.networks.iter().any(|net| net.contains(&ip)))
        };
        let matches_code = || ticket.sip_code.is_some_and(|code| self.sip_codes.contains(&code));
        let code_counts = self.number_prefixes.is_empty() && self.networks.is_empty();
        !is_restricted || matches_prefix() || matches_network() || (code_counts && matches_code())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use time::macros::datetime;

    use super::*;

    pub(in crate::incidents) fn ticket_facts(number: u128) -> TicketFacts {
        TicketFacts {
            id: Uuid::from_u128(number),
            category: TicketCategory::Outgoing,
            callee: Some("442081900322".into()),
            sip_code: Some(503),
            occurred_at: datetime!(2026-11-20 13:00 UTC),
            awaiting_staff_since: datetime!(2026-11-20 13:10 UTC),
            client_ip: "203.0.113.7".parse().unwrap(),
            public_ip: None,
            reporter: format!("osoba{number}@example.com"),
            proposed_to: Vec::new(),
        }
    }

    #[test]
    fn a_ticket_matches_by_category_and_by_prefix_network_or_sip_code() {
        let all = IncidentScope::default();
        let of_category = IncidentScope { categories: vec![TicketCategory::Audio], ..IncidentScope::default() };
        let prefix = |prefix: &str| IncidentScope { number_prefixes: vec![prefix.into()], ..IncidentScope::default() };
        let net = |net: &str| IncidentScope { networks: vec![net.parse().unwrap()], ..IncidentScope::default() };
        let code = |code| IncidentScope { sip_codes: vec![code], ..IncidentScope::default() };
        let ticket = ticket_facts(1);
        let account =
            TicketFacts { callee: None, sip_code: None, public_ip: "198.51.100.9".parse().ok(), ..ticket.clone() };
        for (scope, ticket, expected) in [
            (&all, &ticket, true),
            (&of_category, &ticket, false),
            (&of_category, &TicketFacts { category: TicketCategory::Audio, ..ticket.clone() }, true),
            (&prefix("4420"), &ticket, true),
            (&prefix("4930"), &ticket, false),
            (&prefix("4420"), &account, false),
            (&net("203.0.113.0/24"), &ticket, true),
            (&net("198.51.100.0/24"), &ticket, false),
            (&net("198.51.100.0/24"), &account, true),
            (&code(503), &ticket, true),
            (&code(486), &ticket, false),
            (&code(503), &account, false),
            (&IncidentScope { categories: vec![TicketCategory::Audio], ..prefix("4420") }, &ticket, false),
            (&IncidentScope { sip_codes: vec![486], ..prefix("4420") }, &ticket, true),
            (&IncidentScope { sip_codes: vec![503], ..prefix("4930") }, &ticket, false),
        ] {
            assert_eq!(scope.matches(ticket), expected, "{scope:?} {ticket:?}");
        }
    }
}
