//! Which tickets look so much alike that they may be one incident: the rule, without a database.

use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::scope::Sight;
use crate::{phone, tickets::Category, words::Say};

/// Tickets that came within this time are looked at together: an outage that matters fills it, and a day's usual
/// failures on a busy route do not add up in it.
pub const WINDOW: Duration = Duration::minutes(30);
/// So few alike are chance.
pub const LEAST: usize = 5;
/// One customer who tries again and again is no outage.
pub const LEAST_REPORTERS: usize = 3;
/// What numbers must have in common: the country with the beginning of a network or an area, or half of Poland would.
const LEAST_DIGITS: usize = 5;

/// Tickets that look alike.
#[derive(Debug, Clone, PartialEq)]
pub struct Alike {
    pub category: Category,
    pub code: Option<i16>,
    /// What all their numbers B begin with.
    pub prefix: Option<String>,
    pub tickets: Vec<Uuid>,
    /// The first of the calls.
    pub since: OffsetDateTime,
}

impl Alike {
    /// The same for the same kind of trouble, so that it is proposed once.
    pub fn key(&self) -> String {
        let code = self.code.map_or("-".to_owned(), |code| code.to_string());
        format!("{} {code} {}", self.category.as_str(), if self.code.is_none() { self.prefix() } else { "-" })
    }

    fn prefix(&self) -> &str {
        self.prefix.as_deref().unwrap_or("-")
    }

    /// What it is called until a person has written something better.
    pub fn title(&self) -> Say {
        let say = match (self.code, &self.prefix) {
            (Some(_), Some(_)) => Say::new("incident-alike-both"),
            (Some(_), None) => Say::new("incident-alike-code"),
            (None, _) => Say::new("incident-alike-prefix"),
        };
        say.with("category", Say::new(self.category.label()))
            .with("code", i64::from(self.code.unwrap_or_default()).to_string())
            .with("prefix", phone::beginning(self.prefix()))
    }
}

/// Puts tickets together: by problem and code, and what is left by problem and number. A ticket is in one set at most;
/// those that were proposed before, wherever, are in none, so that a set that was dismissed does not come back; nor are those
/// of which nobody knows the problem yet.
pub fn alike(sights: &[Sight]) -> Vec<Alike> {
    let mut found = Vec::new();
    let mut taken = BTreeSet::new();
    let mut by_code: BTreeMap<_, Vec<&Sight>> = BTreeMap::new();
    let fresh = || sights.iter().filter(|sight| sight.proposed_to.is_empty() && sight.category != Category::Unknown);
    for sight in fresh() {
        if let Some(code) = sight.code {
            by_code.entry((sight.category, code)).or_default().push(sight);
        }
    }
    for ((category, code), group) in by_code {
        if is_enough(&group) {
            taken.extend(group.iter().map(|sight| sight.id));
            found.push(set(category, Some(code), common(&group), &group));
        }
    }
    let mut by_number: BTreeMap<_, Vec<&Sight>> = BTreeMap::new();
    for sight in fresh().filter(|sight| !taken.contains(&sight.id)) {
        if let Some(start) = sight.callee.as_deref().and_then(|callee| callee.get(..LEAST_DIGITS)) {
            by_number.entry((sight.category, start)).or_default().push(sight);
        }
    }
    for ((category, start), group) in by_number {
        if is_enough(&group) {
            let prefix = common(&group).unwrap_or_else(|| start.to_owned());
            found.push(set(category, None, Some(prefix), &group));
        }
    }
    found
}

fn is_enough(group: &[&Sight]) -> bool {
    let reporters: BTreeSet<_> = group.iter().map(|sight| sight.reporter.as_str()).collect();
    group.len() >= LEAST && reporters.len() >= LEAST_REPORTERS
}

fn set(category: Category, code: Option<i16>, prefix: Option<String>, group: &[&Sight]) -> Alike {
    let since = group.iter().map(|sight| sight.at).min().unwrap_or(OffsetDateTime::UNIX_EPOCH);
    Alike { category, code, prefix, tickets: group.iter().map(|sight| sight.id).collect(), since }
}

/// What all numbers begin with, if that says enough.
fn common(group: &[&Sight]) -> Option<String> {
    let mut callees = group.iter().map(|sight| sight.callee.as_deref().unwrap_or_default());
    let mut common = callees.next()?;
    for callee in callees {
        let same = common.bytes().zip(callee.bytes()).take_while(|(a, b)| a == b).count();
        common = common.get(..same)?;
    }
    (common.len() >= LEAST_DIGITS).then(|| common.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::scope::tests::sight, *};

    fn many(count: u128, change: impl Fn(&mut Sight)) -> Vec<Sight> {
        let made = |number| {
            let mut sight = sight(number);
            sight.callee = Some(format!("4420819003{number:02}"));
            change(&mut sight);
            sight
        };
        (1..=count).map(made).collect()
    }

    #[test]
    fn five_of_a_kind_from_three_people_are_proposed() {
        let five = alike(&many(5, |_| {}));
        let [one] = &five[..] else { panic!("{five:?}") };
        assert_eq!(
            (one.category, one.code, one.prefix.as_deref()),
            (Category::Outgoing, Some(503), Some("44208190030"))
        );
        assert_eq!(one.tickets.len(), 5);
        assert_eq!(one.key(), "outgoing 503 -");
        assert_eq!(alike(&many(4, |_| {})), []);
        let of_two = many(9, |sight| sight.reporter = format!("{}", sight.id.as_u128() % 2));
        assert_eq!(alike(&of_two), []);
    }

    #[test]
    fn what_has_no_code_is_put_together_by_its_number() {
        let by_number = alike(&many(5, |sight| sight.code = None));
        let [one] = &by_number[..] else { panic!("{by_number:?}") };
        assert_eq!((one.code, one.key().as_str()), (None, "outgoing - 44208190030"));
        // ordinary calls to Polish mobiles have only "486" in common
        let usual = many(9, |sight| {
            sight.code = None;
            sight.callee = Some(format!("486{}1234567", sight.id.as_u128()));
        });
        assert_eq!(alike(&usual), []);
    }

    #[test]
    fn other_problems_codes_and_numbers_are_other_sets() {
        let mixed = many(8, |sight| {
            if sight.id.as_u128() % 2 == 0 {
                sight.code = Some(486);
                sight.callee = None;
            }
        });
        assert_eq!(alike(&mixed), []);
        let accounts = many(5, |sight| sight.callee = None);
        assert_eq!(alike(&accounts)[0].prefix, None);
    }

    #[test]
    fn what_was_proposed_once_does_not_come_back() {
        let mut seen = many(9, |sight| sight.proposed_to = vec![1]);
        assert_eq!(alike(&seen), []);
        seen.extend(many(4, |sight| sight.id = Uuid::from_u128(100 + sight.id.as_u128())));
        assert_eq!(alike(&seen), []);
    }

    proptest! {
        #[test]
        fn no_ticket_is_in_two_sets(picks in proptest::collection::vec((0_i16..3, 0_u8..3, 0_u8..4), 0..60)) {
            let sights: Vec<_> = picks.iter().enumerate().map(|(at, (code, number, who))| Sight {
                code: (*code > 0).then_some(500 + code),
                callee: (*number > 0).then(|| format!("4822{number}0000{at:02}")),
                reporter: who.to_string(),
                ..sight(at as u128)
            }).collect();
            let sets = alike(&sights);
            let all: Vec<_> = sets.iter().flat_map(|set| set.tickets.clone()).collect();
            let once: BTreeSet<_> = all.iter().collect();
            prop_assert_eq!(once.len(), all.len());
            for set in &sets {
                prop_assert!(set.tickets.len() >= LEAST);
                prop_assert!(set.code.is_some() || set.prefix.is_some());
            }
        }
    }
}
