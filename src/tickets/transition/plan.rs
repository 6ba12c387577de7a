//! The steps that a verb comes to: one for each ticket at most, so that a change of many leaves one event on each.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::decide::{
    TicketState, TicketTransition, TransitionDecision, decide, follow_main, new_transition, notify_main,
};
use crate::tickets::{
    CustomerMessage, EventKind, TicketCommand, TicketReference, TicketStatus,
    command::update::{CommandContext, CommandOutcome, ExpectedVersion},
};
use crate::token;

/// Locked tickets, and what is to be done to them.
#[derive(Debug, Default)]
pub(crate) struct TransitionPlan {
    states: BTreeMap<Uuid, TicketState>,
    /// Who is merged into whom now.
    duplicate_ids: BTreeMap<Uuid, Vec<Uuid>>,
    transitions: BTreeMap<Uuid, TicketTransition>,
    /// Main tickets that lose duplicates, and those that get some: they must hear of it.
    removed_duplicates: BTreeMap<Uuid, BTreeMap<Uuid, TicketReference>>,
    added_duplicates: BTreeMap<Uuid, BTreeMap<Uuid, TicketReference>>,
    /// Main tickets that hear of what their duplicates' customers did.
    main_notifications: Vec<TicketTransition>,
}

impl TransitionPlan {
    pub fn new(standing: Vec<TicketState>) -> TransitionPlan {
        let mut merged: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for at in &standing {
            if let Some(main) = at.merged_into {
                merged.entry(main).or_default().push(at.id);
            }
        }
        TransitionPlan {
            states: standing.into_iter().map(|at| (at.id, at)).collect(),
            duplicate_ids: merged,
            ..TransitionPlan::default()
        }
    }

    pub fn state(&self, id: Uuid) -> Option<&TicketState> {
        self.states.get(&id)
    }

    /// The tickets that are merged into this one now.
    pub fn duplicates_of(&self, main: Uuid) -> Vec<TicketState> {
        let ids = self.duplicate_ids.get(&main).into_iter().flatten();
        ids.filter_map(|id| self.state(*id)).cloned().collect()
    }

    /// Plans a step that somebody wants.
    pub fn add_requested(&mut self, step: TicketTransition) {
        self.add_derived(TicketTransition { requested: true, ..step });
    }

    /// Plans a step, unless its ticket has one.
    pub fn add_derived(&mut self, step: TicketTransition) {
        let id = step.after.id;
        if self.transitions.contains_key(&id) {
            return;
        }
        let before = self.state(id).and_then(|at| at.merged_into);
        let (after, reference) = (step.after.merged_into, step.after.reference.clone());
        self.transitions.insert(id, step);
        if before != after {
            for (main, told) in [(before, &mut self.removed_duplicates), (after, &mut self.added_duplicates)] {
                if let Some(main) = main {
                    told.entry(main).or_default().insert(id, reference.clone());
                }
            }
        }
    }

    /// Plans what a verb makes of tickets that somebody saw: of main tickets first, since it decides on their duplicates.
    pub fn decide_all(
        &mut self,
        all: &[ExpectedVersion],
        verb: &TicketCommand,
        form: Option<Uuid>,
        by: CommandContext,
    ) -> Vec<CommandOutcome> {
        let mut outcomes = vec![CommandOutcome::NotFound; all.len()];
        for merged in [false, true] {
            for (seen, outcome) in all.iter().zip(&mut outcomes) {
                if self.state(seen.id).is_some_and(|at| at.merged_into.is_some() == merged) {
                    *outcome = self.decide(seen, verb, form, by);
                }
            }
        }
        outcomes
    }

    fn decide(
        &mut self,
        seen: &ExpectedVersion,
        verb: &TicketCommand,
        form: Option<Uuid>,
        by: CommandContext,
    ) -> CommandOutcome {
        let Some(mut at) = self.state(seen.id).cloned() else { return CommandOutcome::NotFound };
        let main = at.merged_into.and_then(|main| self.transitions.get(&main));
        if main.is_some_and(|main| main.after.status == TicketStatus::Spam) {
            // of spam nothing is a duplicate
            (at.merged_into, at.main_reference) = (None, None);
        }
        match decide(verb, &at, by.actor, by.now) {
            TransitionDecision::NoChange => CommandOutcome::NoChange,
            _ if at.version != seen.version && !verb.ignores_version(by.actor) => CommandOutcome::VersionConflict,
            TransitionDecision::AssignedToOther => CommandOutcome::AssignedToOther,
            TransitionDecision::IsDuplicate => CommandOutcome::IsDuplicate,
            TransitionDecision::Closed => CommandOutcome::Closed,
            TransitionDecision::Apply(mut step) => {
                step.submission_id = form.and_then(|form| text_submission_id(form, &step));
                let main = step.after.merged_into.filter(|_| verb.notifies_main(by.actor));
                if let Some(main) = main.and_then(|main| self.state(main)) {
                    let submission = step.submission_id.map(|id| token::uuid_from_hash(format!("{id} heard of")));
                    self.main_notifications.push(TicketTransition {
                        submission_id: submission,
                        ..notify_main(main, &step.after.reference)
                    });
                }
                self.add_requested(*step);
                CommandOutcome::Done
            }
        }
    }

    /// Duplicates follow their main tickets, and main tickets hear of those that came and went.
    pub fn propagate_to_duplicates(&mut self, now: OffsetDateTime) {
        let mains: Vec<_> = self.transitions.values().map(|step| step.after.clone()).collect();
        let duplicates =
            mains.iter().flat_map(|main| self.duplicates_of(main.id).into_iter().map(move |at| (main, at)));
        let following: Vec<_> = duplicates.filter_map(|(main, at)| follow_main(&at, main, now)).collect();
        for step in following {
            self.add_derived(step);
        }
        for step in std::mem::take(&mut self.main_notifications) {
            self.add_derived(step);
        }
        let in_order = |duplicates: BTreeMap<_, _>| duplicates.into_values().collect();
        let lost = std::mem::take(&mut self.removed_duplicates).into_iter();
        let lost =
            lost.map(|(main, duplicates)| (main, EventKind::DuplicatesRemoved { duplicates: in_order(duplicates) }));
        let gained = std::mem::take(&mut self.added_duplicates).into_iter();
        let gained =
            gained.map(|(main, duplicates)| (main, EventKind::DuplicatesAdded { duplicates: in_order(duplicates) }));
        for (main, what) in gained.chain(lost) {
            if let Some(at) = self.state(main).cloned() {
                self.add_derived(new_transition(at, what));
            }
        }
    }

    pub fn transitions(&self) -> Vec<TicketTransition> {
        self.transitions.values().cloned().collect()
    }
}

/// A text counts once for each form that it is written in, and again when it was written on. `None` for what is no text.
fn text_submission_id(form: Uuid, step: &TicketTransition) -> Option<Uuid> {
    let told = step.call_example.as_ref().map(|example| example.fingerprint()).unwrap_or_default();
    let (kind, text) = match &step.event {
        EventKind::NoteAdded { text } => ("noted", text.as_staff_text()),
        EventKind::Replied { text, .. } => ("replied", text.as_str()),
        EventKind::CustomerWrote { text, .. } => ("wrote", text.as_str()),
        EventKind::CustomerStillBroken { text, .. } => ("fails", text.as_ref().map_or("", CustomerMessage::as_str)),
        EventKind::CustomerConfirmedFixed { .. } => ("works", ""),
        EventKind::CallExampleAdded { .. } => ("example", told.as_str()),
        _ => return None,
    };
    Some(token::uuid_from_hash(format!("{form} {} {kind} {text}", step.after.id)))
}
