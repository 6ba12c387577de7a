//! Which tickets look so much alike that they may be one incident: the rule, without a database.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::scope::TicketFacts;
use crate::{i18n::UiMessage, phone, tickets::TicketCategory};

/// Tickets that came within this time are looked at together: an outage that matters fills it, and a day's usual
/// failures on a busy route do not add up in it.
pub const CLUSTER_WINDOW: Duration = Duration::minutes(30);
/// So few alike are chance.
pub const MIN_CLUSTER_SIZE: usize = 5;
/// One customer who tries again and again is no outage.
pub const MIN_REPORTERS: usize = 3;
/// What numbers must have in common: the country with the beginning of a network or an area, or half of Poland would.
const MIN_PREFIX_DIGITS: usize = 5;

/// Tickets that look alike.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketCluster {
    pub category: TicketCategory,
    pub sip_code: Option<i16>,
    /// What all their numbers B begin with.
    pub number_prefix: Option<String>,
    pub ticket_ids: Vec<Uuid>,
    /// The first of the calls.
    pub first_call_at: OffsetDateTime,
}

impl TicketCluster {
    /// The same for the same kind of trouble, so that it is proposed once.
    pub fn fingerprint(&self) -> String {
        let code = self.sip_code.map_or("-".to_owned(), |code| code.to_string());
        format!(
            "{} {code} {}",
            self.category.as_str(),
            if self.sip_code.is_none() { self.prefix_or_dash() } else { "-" }
        )
    }

    fn prefix_or_dash(&self) -> &str {
        self.number_prefix.as_deref().unwrap_or("-")
    }

    /// What it is called until a person has written something better.
    pub fn title_message(&self) -> UiMessage {
        let say = match (self.sip_code, &self.number_prefix) {
            (Some(_), Some(_)) => UiMessage::new("incident-cluster-code-and-prefix"),
            (Some(_), None) => UiMessage::new("incident-cluster-code"),
            (None, _) => UiMessage::new("incident-cluster-prefix"),
        };
        say.with("category", UiMessage::new(self.category.label()))
            .with("code", i64::from(self.sip_code.unwrap_or_default()).to_string())
            .with("prefix", phone::format_prefix(self.prefix_or_dash()))
    }
}

/// Puts tickets together: by problem and code, and what is left by problem and number. A ticket is in one set at most;
/// those that were proposed before, wherever, are in none, so that a set that was dismissed does not come back; nor are those
/// of which nobody knows the problem yet.
pub fn find_clusters(sights: &[TicketFacts]) -> Vec<TicketCluster> {
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    let mut by_code: BTreeMap<_, Vec<&TicketFacts>> = BTreeMap::new();
    let fresh =
        || sights.iter().filter(|sight| sight.proposed_to.is_empty() && sight.category != TicketCategory::Unknown);
    for sight in fresh() {
        if let Some(code) = sight.sip_code {
            by_code.entry((sight.category, code)).or_default().push(sight);
        }
    }
    for ((category, code), group) in by_code {
        if is_large_enough(&group) {
            taken.extend(group.iter().map(|sight| sight.id));
            found.push(build_cluster(category, Some(code), common_prefix(&group), &group));
        }
    }
    let mut by_number: BTreeMap<_, Vec<&TicketFacts>> = BTreeMap::new();
    for sight in fresh().filter(|sight| !taken.contains(&sight.id)) {
        if let Some(start) = sight.callee.as_deref().and_then(|callee| callee.get(..MIN_PREFIX_DIGITS)) {
            by_number.entry((sight.category, start)).or_default().push(sight);
        }
    }
    for ((category, start), group) in by_number {
        if is_large_enough(&group) {
            let prefix = common_prefix(&group).unwrap_or_else(|| start.to_owned());
            found.push(build_cluster(category, None, Some(prefix), &group));
        }
    }
    found
}

fn is_large_enough(group: &[&TicketFacts]) -> bool {
    let reporters: BTreeSet<_> = group.iter().map(|sight| sight.reporter.as_str()).collect();
    group.len() >= MIN_CLUSTER_SIZE && reporters.len() >= MIN_REPORTERS
}

fn build_cluster(
    category: TicketCategory,
    code: Option<i16>,
    prefix: Option<String>,
    group: &[&TicketFacts],
) -> TicketCluster {
    let since = group.iter().map(|sight| sight.occurred_at).min().unwrap_or(OffsetDateTime::UNIX_EPOCH);
    TicketCluster {
        category,
        sip_code: code,
        number_prefix: prefix,
        ticket_ids: group.iter().map(|sight| sight.id).collect(),
        first_call_at: since,
    }
}

/// What all numbers begin with, if that says enough.
fn common_prefix(group: &[&TicketFacts]) -> Option<String> {
    let mut callees = group.iter().map(|sight| sight.callee.as_deref().unwrap_or_default());
    let mut common = callees.next()?;
    for callee in callees {
        let same = common.bytes().zip(callee.bytes()).take_while(|(a, b)| a == b).count();
        common = common.get(..same)?;
    }
    (common.len() >= MIN_PREFIX_DIGITS).then(|| common.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::incidents::scope::tests::ticket_facts;

    fn build_ticket_facts(count: u128, change: impl Fn(&mut TicketFacts)) -> Vec<TicketFacts> {
        let made = |number| {
            let mut sight = ticket_facts(number);
            sight.callee = Some(format!("4420819003{number:02}"));
            change(&mut sight);
            sight
        };
        (1..=count).map(made).collect()
    }

    #[test]
    fn five_of_a_kind_from_three_people_are_proposed() {
        let five = find_clusters(&build_ticket_facts(5, |_| {}));
        let [one] = &five[..] else { panic!("{five:?}") };
        assert_eq!(
            (one.category, one.sip_code, one.number_prefix.as_deref()),
            (TicketCategory::Outgoing, Some(503), Some("44208190030"))
        );
        assert_eq!(one.ticket_ids.len(), 5);
        assert_eq!(one.fingerprint(), "outgoing 503 -");
        assert_eq!(find_clusters(&build_ticket_facts(4, |_| {})), []);
        let of_two = build_ticket_facts(9, |sight| sight.reporter = format!("{}", sight.id.as_u128() % 2));
        assert_eq!(find_clusters(&of_two), []);
    }

    #[test]
    fn what_has_no_code_is_put_together_by_its_number() {
        let by_number = find_clusters(&build_ticket_facts(5, |sight| sight.sip_code = None));
        let [one] = &by_number[..] else { panic!("{by_number:?}") };
        assert_eq!((one.sip_code, one.fingerprint().as_str()), (None, "outgoing - 44208190030"));
        // ordinary calls to Polish mobiles have only "486" in common
        let usual = build_ticket_facts(9, |sight| {
            sight.sip_code = None;
            sight.callee = Some(format!("486{}1234567", sight.id.as_u128()));
        });
        assert_eq!(find_clusters(&usual), []);
    }

    #[test]
    fn other_problems_codes_and_numbers_are_other_sets() {
        let mixed = build_ticket_facts(8, |sight| {
            if sight.id.as_u128() % 2 == 0 {
                sight.sip_code = Some(486);
                sight.callee = None;
            }
        });
        assert_eq!(find_clusters(&mixed), []);
        let accounts = build_ticket_facts(5, |sight| sight.callee = None);
        assert_eq!(find_clusters(&accounts)[0].number_prefix, None);
    }

    #[test]
    fn what_was_proposed_once_does_not_come_back() {
        let mut seen = build_ticket_facts(9, |sight| sight.proposed_to = vec![1]);
        assert_eq!(find_clusters(&seen), []);
        seen.extend(build_ticket_facts(4, |sight| sight.id = Uuid::from_u128(100 + sight.id.as_u128())));
        assert_eq!(find_clusters(&seen), []);
    }

    proptest! {
        #[test]
        fn no_ticket_is_in_two_sets(picks in proptest::collection::vec((0_i16..3, 0_u8..3, 0_u8..4), 0..60)) {
            let sights: Vec<_> = picks.iter().enumerate().map(|(at, (code, number, who))| TicketFacts {
                sip_code: (*code > 0).then_some(500 + code),
                callee: (*number > 0).then(|| format!("4822{number}0000{at:02}")),
                reporter: who.to_string(),
                ..ticket_facts(at as u128)
            }).collect();
            let sets = find_clusters(&sights);
            let all: Vec<_> = sets.iter().flat_map(|set| set.ticket_ids.clone()).collect();
            let once: BTreeSet<_> = all.iter().collect();
            prop_assert_eq!(once.len(), all.len());
            for set in &sets {
                prop_assert!(set.ticket_ids.len() >= MIN_CLUSTER_SIZE);
                prop_assert!(set.sip_code.is_some() || set.number_prefix.is_some());
            }
        }
    }
}
