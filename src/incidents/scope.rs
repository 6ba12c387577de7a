//! Whether a ticket may belong to an incident, and why: the rule, without a database.

use std::net::IpAddr;

use ipnet::IpNet;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::tickets::TicketCategory;

/// What the rules look at in a ticket.
#[derive(Debug, Clone)]
pub struct TicketFacts {
    pub id: Uuid,
    pub category: TicketCategory,
    /// The number B, digits only.
    pub callee: Option<String>,
    pub sip_code: Option<i16>,
    /// When the call was, or when it was reported.
    pub occurred_at: OffsetDateTime,
    /// Since when it waits for staff.
    pub awaiting_staff_since: OffsetDateTime,
    /// Where the report came from, and the address that it names.
    pub client_ip: IpAddr,
    pub public_ip: Option<IpAddr>,
    /// Who reported, as far as that can be told apart.
    pub reporter: String,
    /// Incidents that it was proposed to before.
    pub proposed_to: Vec<i64>,
}

/// What an incident concerns. Where nothing narrows it down, the kind of problem is enough.
#[derive(Debug, Clone, Default)]
pub struct IncidentScope {
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: Vec<String>,
    pub networks: Vec<IpNet>,
    pub sip_codes: Vec<i16>,
}

impl IncidentScope {
    /// A ticket fits if its problem is among those that the incident causes, and it went to a number or came from an address
    /// that the incident concerns. Where no number and no address is named, the code tells.
    pub fn matches(&self, sight: &TicketFacts) -> bool {
        if !self.categories.is_empty() && !self.categories.contains(&sight.category) {
            return false;
        }
        let is_narrow = !(self.number_prefixes.is_empty() && self.networks.is_empty() && self.sip_codes.is_empty());
        let number = || {
            let callee = sight.callee.as_deref().unwrap_or_default();
            self.number_prefixes.iter().any(|prefix| callee.starts_with(prefix.as_str()))
        };
        let address = || {
            let addresses = [Some(sight.client_ip), sight.public_ip];
            addresses.into_iter().flatten().any(|ip| self.networks.iter().any(|net| net.contains(&ip)))
        };
        let code = || sight.sip_code.is_some_and(|code| self.sip_codes.contains(&code));
        let by_code = self.number_prefixes.is_empty() && self.networks.is_empty();
        !is_narrow || number() || address() || (by_code && code())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use time::macros::datetime;

    use super::*;

    pub fn ticket_facts(number: u128) -> TicketFacts {
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
    fn a_ticket_fits_by_its_problem_and_by_what_narrows_the_incident_down() {
        let all = IncidentScope::default();
        let of_category = IncidentScope { categories: vec![TicketCategory::Audio], ..IncidentScope::default() };
        let prefix = |prefix: &str| IncidentScope { number_prefixes: vec![prefix.into()], ..IncidentScope::default() };
        let net = |net: &str| IncidentScope { networks: vec![net.parse().unwrap()], ..IncidentScope::default() };
        let code = |code| IncidentScope { sip_codes: vec![code], ..IncidentScope::default() };
        let none = ticket_facts(1);
        let account =
            TicketFacts { callee: None, sip_code: None, public_ip: "198.51.100.9".parse().ok(), ..none.clone() };
        for (scope, sight, fits) in [
            (&all, &none, true),
            (&of_category, &none, false),
            (&of_category, &TicketFacts { category: TicketCategory::Audio, ..none.clone() }, true),
            (&prefix("4420"), &none, true),
            (&prefix("4930"), &none, false),
            (&prefix("4420"), &account, false),
            (&net("203.0.113.0/24"), &none, true),
            (&net("198.51.100.0/24"), &none, false),
            (&net("198.51.100.0/24"), &account, true),
            (&code(503), &none, true),
            (&code(486), &none, false),
            (&code(503), &account, false),
            (&IncidentScope { categories: vec![TicketCategory::Audio], ..prefix("4420") }, &none, false),
            (&IncidentScope { sip_codes: vec![486], ..prefix("4420") }, &none, true),
            (&IncidentScope { sip_codes: vec![503], ..prefix("4930") }, &none, false),
        ] {
            assert_eq!(scope.matches(sight), fits, "{scope:?} {sight:?}");
        }
    }
}
