//! Finds clusters of similar tickets that may be one incident. Pure, without a database.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::scope::TicketFacts;
use crate::{
    i18n::{Label, UiMessage},
    phone,
    tickets::TicketCategory,
};

/// Tickets of this period are clustered together. It is long enough for a relevant outage, and too short for the usual daily
/// failures of a busy route to add up.
pub(super) const CLUSTER_WINDOW: Duration = Duration::minutes(30);
/// Fewer similar tickets are chance.
const MIN_CLUSTER_SIZE: usize = 5;
/// A single customer who tries repeatedly is not an outage.
const MIN_REPORTERS: usize = 3;
/// Digits that the numbers must have in common: country code and the start of an area or network code. With fewer digits most
/// Polish numbers would match.
const MIN_PREFIX_DIGITS: usize = 5;

/// A set of similar tickets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct TicketCluster {
    pub category: TicketCategory,
    pub sip_code: Option<i16>,
    /// The common prefix of the callees' numbers.
    pub number_prefix: Option<String>,
    pub ticket_ids: Vec<Uuid>,
    /// Time of the earliest call.
    pub first_call_at: OffsetDateTime,
}

impl TicketCluster {
    /// Identifies the kind of problem, so that it is proposed only once.
    pub(super) fn fingerprint(&self) -> String {
        let code = self.sip_code.map_or("-".to_owned(), |code| code.to_string());
        format!(
            "{} {code} {}",
            self.category.into_str(),
            if self.sip_code.is_none() { self.prefix_or_dash() } else { "-" }
        )
    }

    fn prefix_or_dash(&self) -> &str {
        self.number_prefix.as_deref().unwrap_or("-")
    }

    /// The title until staff write a better one.
    pub(super) fn title_message(&self) -> UiMessage {
        let message = match (self.sip_code, &self.number_prefix) {
            (Some(_), Some(_)) => UiMessage::new("incident-cluster-code-and-prefix"),
            (Some(_), None) => UiMessage::new("incident-cluster-code"),
            (None, _) => UiMessage::new("incident-cluster-prefix"),
        };
        message
            .with("category", UiMessage::new(self.category.label()))
            .with("code", i64::from(self.sip_code.unwrap_or_default()).to_string())
            .with("prefix", phone::format_prefix(self.prefix_or_dash()))
    }
}

/// Clusters tickets by category and SIP code, and the remaining ones by category and number prefix. A ticket is in at most one
/// cluster. Tickets that have been proposed to any incident are excluded, so that a dismissed cluster is not proposed again.
/// Tickets of unknown category are excluded too.
pub(super) fn find_clusters(tickets: &[TicketFacts]) -> Vec<TicketCluster> {
    let mut clusters = Vec::new();
    let mut clustered = BTreeSet::new();
    let mut by_code: BTreeMap<_, Vec<&TicketFacts>> = BTreeMap::new();
    let eligible =
        || tickets.iter().filter(|ticket| ticket.proposed_to.is_empty() && ticket.category != TicketCategory::Unknown);
    for ticket in eligible() {
        if let Some(code) = ticket.sip_code {
            by_code.entry((ticket.category, code)).or_default().push(ticket);
        }
    }
    for ((category, code), group) in by_code {
        if is_large_enough(&group) {
            clustered.extend(group.iter().map(|ticket| ticket.id));
            clusters.push(build_cluster(category, Some(code), common_prefix(&group), &group));
        }
    }
    let mut by_number: BTreeMap<_, Vec<&TicketFacts>> = BTreeMap::new();
    for ticket in eligible().filter(|ticket| !clustered.contains(&ticket.id)) {
        if let Some(prefix) = ticket.callee.as_deref().and_then(|callee| callee.get(..MIN_PREFIX_DIGITS)) {
            by_number.entry((ticket.category, prefix)).or_default().push(ticket);
        }
    }
    for ((category, prefix), group) in by_number {
        if is_large_enough(&group) {
            let prefix = common_prefix(&group).unwrap_or_else(|| prefix.to_owned());
            clusters.push(build_cluster(category, None, Some(prefix), &group));
        }
    }
    clusters
}

fn is_large_enough(group: &[&TicketFacts]) -> bool {
    let reporters: BTreeSet<_> = group.iter().map(|ticket| ticket.reporter.as_str()).collect();
    group.len() >= MIN_CLUSTER_SIZE && reporters.len() >= MIN_REPORTERS
}

fn build_cluster(
    category: TicketCategory,
    sip_code: Option<i16>,
    number_prefix: Option<String>,
    group: &[&TicketFacts],
) -> TicketCluster {
    let first_call_at = group.iter().map(|ticket| ticket.occurred_at).min().unwrap_or(OffsetDateTime::UNIX_EPOCH);
    TicketCluster {
        category,
        sip_code,
        number_prefix,
        ticket_ids: group.iter().map(|ticket| ticket.id).collect(),
        first_call_at,
    }
}

/// The common prefix of all numbers, if it is long enough.
fn common_prefix(group: &[&TicketFacts]) -> Option<String> {
    let mut callees = group.iter().map(|ticket| ticket.callee.as_deref().unwrap_or_default());
    let mut common = callees.next()?;
    for callee in callees {
        let common_len = common.bytes().zip(callee.bytes()).take_while(|(a, b)| a == b).count();
        common = common.get(..common_len)?;
    }
    (common.len() >= MIN_PREFIX_DIGITS).then(|| common.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incidents::scope::tests::ticket_facts;

    fn build_ticket_facts(count: u128, change: impl Fn(&mut TicketFacts)) -> Vec<TicketFacts> {
        let build = |number| {
            let mut ticket = ticket_facts(number);
            ticket.callee = Some(format!("4420819003{number:02}"));
            change(&mut ticket);
            ticket
        };
        (1..=count).map(build).collect()
    }

    #[test]
    fn five_similar_tickets_from_three_reporters_form_a_cluster() {
        let clusters = find_clusters(&build_ticket_facts(5, |_| {}));
        let [cluster] = &clusters[..] else { panic!("{clusters:?}") };
        assert_eq!(
            (cluster.category, cluster.sip_code, cluster.number_prefix.as_deref()),
            (TicketCategory::Outgoing, Some(503), Some("44208190030"))
        );
        assert_eq!(cluster.ticket_ids.len(), 5);
        assert_eq!(cluster.fingerprint(), "outgoing 503 -");
        assert_eq!(find_clusters(&build_ticket_facts(4, |_| {})), []);
        let two_reporters = build_ticket_facts(9, |ticket| ticket.reporter = format!("{}", ticket.id.as_u128() % 2));
        assert_eq!(find_clusters(&two_reporters), []);
    }

    #[test]
    fn tickets_without_a_sip_code_are_clustered_by_number_prefix() {
        let clusters = find_clusters(&build_ticket_facts(5, |ticket| ticket.sip_code = None));
        let [cluster] = &clusters[..] else { panic!("{clusters:?}") };
        assert_eq!((cluster.sip_code, cluster.fingerprint().as_str()), (None, "outgoing - 44208190030"));
        // ordinary calls to Polish mobiles have only "486" in common
        let ordinary = build_ticket_facts(9, |ticket| {
            ticket.sip_code = None;
            ticket.callee = Some(format!("486{}1234567", ticket.id.as_u128()));
        });
        assert_eq!(find_clusters(&ordinary), []);
    }

    #[test]
    fn different_sip_codes_and_missing_prefixes_do_not_form_one_cluster() {
        let mixed = build_ticket_facts(8, |ticket| {
            if ticket.id.as_u128() % 2 == 0 {
                ticket.sip_code = Some(486);
                ticket.callee = None;
            }
        });
        assert_eq!(find_clusters(&mixed), []);
        let accounts = build_ticket_facts(5, |ticket| ticket.callee = None);
        assert_eq!(find_clusters(&accounts)[0].number_prefix, None);
    }

    #[test]
    fn tickets_that_were_proposed_before_are_not_clustered_again() {
        let mut tickets = build_ticket_facts(9, |ticket| ticket.proposed_to = vec![1]);
        assert_eq!(find_clusters(&tickets), []);
        tickets.extend(build_ticket_facts(4, |ticket| ticket.id = Uuid::from_u128(100 + ticket.id.as_u128())));
        assert_eq!(find_clusters(&tickets), []);
    }

    proptest! {
        #[test]
        fn no_ticket_is_in_two_clusters(picks in proptest::collection::vec((0_i16..3, 0_u8..3, 0_u8..4), 0..60)) {
            let tickets: Vec<_> = picks.iter().enumerate().map(|(index, (code, number, reporter))| TicketFacts {
                sip_code: (*code > 0).then_some(500 + code),
                callee: (*number > 0).then(|| format!("4822{number}0000{index:02}")),
                reporter: reporter.to_string(),
                ..ticket_facts(index as u128)
            }).collect();
            let clusters = find_clusters(&tickets);
            let ids: Vec<_> = clusters.iter().flat_map(|cluster| cluster.ticket_ids.clone()).collect();
            let unique: BTreeSet<_> = ids.iter().collect();
            prop_assert_eq!(unique.len(), ids.len());
            for cluster in &clusters {
                prop_assert!(cluster.ticket_ids.len() >= MIN_CLUSTER_SIZE);
                prop_assert!(cluster.sip_code.is_some() || cluster.number_prefix.is_some());
            }
        }
    }
}
