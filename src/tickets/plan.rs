//! The steps that a verb comes to: one for each ticket at most, so that a change of many leaves one event on each.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Message, Reference, Status, Verb, What,
    change::{Decision, Standing, Step, decide, follow, heard_from, step},
    verbs::{By, Outcome, Seen},
};
use crate::token;

/// Locked tickets, and what is to be done to them.
#[derive(Debug, Default)]
pub(super) struct Plan {
    standing: BTreeMap<Uuid, Standing>,
    /// Who is merged into whom now.
    merged: BTreeMap<Uuid, Vec<Uuid>>,
    steps: BTreeMap<Uuid, Step>,
    /// Main tickets that lose duplicates, and those that get some: they must hear of it.
    lost: BTreeMap<Uuid, BTreeMap<Uuid, Reference>>,
    gained: BTreeMap<Uuid, BTreeMap<Uuid, Reference>>,
    /// Main tickets that hear of what their duplicates' customers did.
    news: Vec<Step>,
}

impl Plan {
    pub fn of(standing: Vec<Standing>) -> Plan {
        let mut merged: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for at in &standing {
            if let Some(main) = at.merged_into {
                merged.entry(main).or_default().push(at.id);
            }
        }
        Plan { standing: standing.into_iter().map(|at| (at.id, at)).collect(), merged, ..Plan::default() }
    }

    pub fn at(&self, id: Uuid) -> Option<&Standing> {
        self.standing.get(&id)
    }

    /// The tickets that are merged into this one now.
    pub fn duplicates(&self, main: Uuid) -> Vec<Standing> {
        let ids = self.merged.get(&main).into_iter().flatten();
        ids.filter_map(|id| self.at(*id)).cloned().collect()
    }

    /// Plans a step that somebody wants.
    pub fn want(&mut self, step: Step) {
        self.add(Step { wanted: true, ..step });
    }

    /// Plans a step, unless its ticket has one.
    pub fn add(&mut self, step: Step) {
        let id = step.to.id;
        if self.steps.contains_key(&id) {
            return;
        }
        let before = self.at(id).and_then(|at| at.merged_into);
        let (after, reference) = (step.to.merged_into, step.to.reference.clone());
        self.steps.insert(id, step);
        if before != after {
            for (main, told) in [(before, &mut self.lost), (after, &mut self.gained)] {
                if let Some(main) = main {
                    told.entry(main).or_default().insert(id, reference.clone());
                }
            }
        }
    }

    /// Plans what a verb makes of tickets that somebody saw: of main tickets first, since it decides on their duplicates.
    pub fn decide_all(&mut self, all: &[Seen], verb: &Verb, form: Option<Uuid>, by: By) -> Vec<Outcome> {
        let mut outcomes = vec![Outcome::Gone; all.len()];
        for merged in [false, true] {
            for (seen, outcome) in all.iter().zip(&mut outcomes) {
                if self.at(seen.id).is_some_and(|at| at.merged_into.is_some() == merged) {
                    *outcome = self.decide(seen, verb, form, by);
                }
            }
        }
        outcomes
    }

    fn decide(&mut self, seen: &Seen, verb: &Verb, form: Option<Uuid>, by: By) -> Outcome {
        let Some(mut at) = self.at(seen.id).cloned() else { return Outcome::Gone };
        let main = at.merged_into.and_then(|main| self.steps.get(&main));
        if main.is_some_and(|main| main.to.status == Status::Spam) {
            // of spam nothing is a duplicate
            (at.merged_into, at.main) = (None, None);
        }
        match decide(verb, &at, by.actor, by.now) {
            Decision::Already => Outcome::Already,
            _ if at.version != seen.version && !verb.is_never_late(by.actor) => Outcome::Stale,
            Decision::Held => Outcome::Held,
            Decision::Duplicate => Outcome::Duplicate,
            Decision::Closed => Outcome::Closed,
            Decision::Change(mut step) => {
                step.submission = form.and_then(|form| text_id(form, &step));
                let main = step.to.merged_into.filter(|_| verb.is_news_for_main(by.actor));
                if let Some(main) = main.and_then(|main| self.at(main)) {
                    let submission = step.submission.map(|id| token::id(format!("{id} heard of")));
                    self.news.push(Step { submission, ..heard_from(main, &step.to.reference) });
                }
                self.want(*step);
                Outcome::Done
            }
        }
    }

    /// Duplicates follow their main tickets, and main tickets hear of those that came and went.
    pub fn follow_up(&mut self, now: OffsetDateTime) {
        let mains: Vec<_> = self.steps.values().map(|step| step.to.clone()).collect();
        let duplicates = mains.iter().flat_map(|main| self.duplicates(main.id).into_iter().map(move |at| (main, at)));
        let following: Vec<_> = duplicates.filter_map(|(main, at)| follow(&at, main, now)).collect();
        for step in following {
            self.add(step);
        }
        for step in std::mem::take(&mut self.news) {
            self.add(step);
        }
        let in_order = |duplicates: BTreeMap<_, _>| duplicates.into_values().collect();
        let lost = std::mem::take(&mut self.lost).into_iter();
        let lost = lost.map(|(main, duplicates)| (main, What::LetGo { duplicates: in_order(duplicates) }));
        let gained = std::mem::take(&mut self.gained).into_iter();
        let gained = gained.map(|(main, duplicates)| (main, What::Absorbed { duplicates: in_order(duplicates) }));
        for (main, what) in gained.chain(lost) {
            if let Some(at) = self.at(main).cloned() {
                self.add(step(at, what));
            }
        }
    }

    pub fn steps(&self) -> Vec<Step> {
        self.steps.values().cloned().collect()
    }
}

/// A text counts once for each form that it is written in, and again when it was written on. `None` for what is no text.
fn text_id(form: Uuid, step: &Step) -> Option<Uuid> {
    let told = step.example.as_ref().map(|example| example.told()).unwrap_or_default();
    let (kind, text) = match &step.what {
        What::Noted { text } => ("noted", text.for_staff()),
        What::Replied { text, .. } => ("replied", text.as_str()),
        What::Wrote { text, .. } => ("wrote", text.as_str()),
        What::Fails { text, .. } => ("fails", text.as_ref().map_or("", Message::as_str)),
        What::Works { .. } => ("works", ""),
        What::Example { .. } => ("example", told.as_str()),
        _ => return None,
    };
    Some(token::id(format!("{form} {} {kind} {text}", step.to.id)))
}
