//! Whether a ticket may belong to an incident, and why: the rule, without a database.

use std::net::IpAddr;

use ipnet::IpNet;
use time::OffsetDateTime;
use uuid::Uuid;

use crate::tickets::Category;

/// What the rules look at in a ticket.
#[derive(Debug, Clone)]
pub struct Sight {
    pub id: Uuid,
    pub category: Category,
    /// The number B, digits only.
    pub callee: Option<String>,
    pub code: Option<i16>,
    /// When the call was, or when it was reported.
    pub at: OffsetDateTime,
    /// Since when it waits for staff.
    pub came_at: OffsetDateTime,
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
pub struct Scope {
    pub categories: Vec<Category>,
    pub prefixes: Vec<String>,
    pub addresses: Vec<IpNet>,
    pub codes: Vec<i16>,
}

impl Scope {
    /// A ticket fits if its problem is among those that the incident causes, and it went to a number or came from an address
    /// that the incident concerns. Where no number and no address is named, the code tells.
    pub fn fits(&self, sight: &Sight) -> bool {
        if !self.categories.is_empty() && !self.categories.contains(&sight.category) {
            return false;
        }
        let is_narrow = !(self.prefixes.is_empty() && self.addresses.is_empty() && self.codes.is_empty());
        let number = || {
            let callee = sight.callee.as_deref().unwrap_or_default();
            self.prefixes.iter().any(|prefix| callee.starts_with(prefix.as_str()))
        };
        let address = || {
            let addresses = [Some(sight.client_ip), sight.public_ip];
            addresses.into_iter().flatten().any(|ip| self.addresses.iter().any(|net| net.contains(&ip)))
        };
        let code = || sight.code.is_some_and(|code| self.codes.contains(&code));
        let by_code = self.prefixes.is_empty() && self.addresses.is_empty();
        !is_narrow || number() || address() || (by_code && code())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use time::macros::datetime;

    use super::*;

    pub fn sight(number: u128) -> Sight {
        Sight {
            id: Uuid::from_u128(number),
            category: Category::Outgoing,
            callee: Some("442081900322".into()),
            code: Some(503),
            at: datetime!(2026-11-20 13:00 UTC),
            came_at: datetime!(2026-11-20 13:10 UTC),
            client_ip: "203.0.113.7".parse().unwrap(),
            public_ip: None,
            reporter: format!("osoba{number}@example.com"),
            proposed_to: Vec::new(),
        }
    }

    #[test]
    fn a_ticket_fits_by_its_problem_and_by_what_narrows_the_incident_down() {
        let all = Scope::default();
        let of_category = Scope { categories: vec![Category::Audio], ..Scope::default() };
        let prefix = |prefix: &str| Scope { prefixes: vec![prefix.into()], ..Scope::default() };
        let net = |net: &str| Scope { addresses: vec![net.parse().unwrap()], ..Scope::default() };
        let code = |code| Scope { codes: vec![code], ..Scope::default() };
        let none = sight(1);
        let account = Sight { callee: None, code: None, public_ip: "198.51.100.9".parse().ok(), ..none.clone() };
        for (scope, sight, fits) in [
            (&all, &none, true),
            (&of_category, &none, false),
            (&of_category, &Sight { category: Category::Audio, ..none.clone() }, true),
            (&prefix("4420"), &none, true),
            (&prefix("4930"), &none, false),
            (&prefix("4420"), &account, false),
            (&net("203.0.113.0/24"), &none, true),
            (&net("198.51.100.0/24"), &none, false),
            (&net("198.51.100.0/24"), &account, true),
            (&code(503), &none, true),
            (&code(486), &none, false),
            (&code(503), &account, false),
            (&Scope { categories: vec![Category::Audio], ..prefix("4420") }, &none, false),
            (&Scope { codes: vec![486], ..prefix("4420") }, &none, true),
            (&Scope { codes: vec![503], ..prefix("4930") }, &none, false),
        ] {
            assert_eq!(scope.fits(sight), fits, "{scope:?} {sight:?}");
        }
    }
}
