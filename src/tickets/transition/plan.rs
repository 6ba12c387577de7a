//! The transitions of one command: at most one per ticket, so that a bulk action leaves one event on each.

use std::collections::BTreeMap;

use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    command::TicketCommand,
    decide::decide,
    duplicates::{follow_main, notify_main},
    state::{TicketState, TicketTransition, TransitionDecision},
};
use crate::{
    tickets::{
        TicketReference,
        command::context::{CommandContext, CommandOutcome, ExpectedVersion},
        event::kind::EventKind,
        fields::TicketStatus,
        text::CustomerMessage,
    },
    token,
};

/// Duplicates by the id of their main ticket, in the order of their own ids.
type DuplicatesByMain = BTreeMap<Uuid, BTreeMap<Uuid, TicketReference>>;

/// Locked tickets, and what changes on them.
#[derive(Debug, Default)]
pub(in crate::tickets) struct TransitionPlan {
    states: BTreeMap<Uuid, TicketState>,
    /// The current duplicates by their main ticket.
    duplicate_ids: BTreeMap<Uuid, Vec<Uuid>>,
    transitions: BTreeMap<Uuid, TicketTransition>,
    /// What main tickets have to record.
    removed_duplicates: DuplicatesByMain,
    added_duplicates: DuplicatesByMain,
    main_notifications: Vec<TicketTransition>,
}

impl TransitionPlan {
    pub(crate) fn new(states: Vec<TicketState>) -> TransitionPlan {
        let mut duplicate_ids: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for state in &states {
            if let Some(main) = state.merged_into {
                duplicate_ids.entry(main).or_default().push(state.id);
            }
        }
        TransitionPlan {
            states: states.into_iter().map(|state| (state.id, state)).collect(),
            duplicate_ids,
            ..TransitionPlan::default()
        }
    }

    /// The state of a locked ticket before the command.
    pub(crate) fn state(&self, id: Uuid) -> Option<&TicketState> {
        self.states.get(&id)
    }

    /// The duplicates of a ticket before the command.
    pub(crate) fn duplicates_of(&self, main: Uuid) -> Vec<TicketState> {
        let ids = self.duplicate_ids.get(&main).into_iter().flatten();
        ids.filter_map(|id| self.state(*id)).cloned().collect()
    }

    /// Adds a transition that the command requests.
    pub(crate) fn add_requested(&mut self, transition: TicketTransition) {
        self.add_derived(TicketTransition { requested: true, ..transition });
    }

    /// Adds a transition, unless its ticket has one already.
    pub(crate) fn add_derived(&mut self, transition: TicketTransition) {
        let id = transition.after.id;
        if self.transitions.contains_key(&id) {
            return;
        }
        let before = self.state(id).and_then(|state| state.merged_into);
        let (after, reference) = (transition.after.merged_into, transition.after.reference.clone());
        self.transitions.insert(id, transition);
        if before != after {
            for (main, duplicates) in [(before, &mut self.removed_duplicates), (after, &mut self.added_duplicates)] {
                if let Some(main) = main {
                    duplicates.entry(main).or_default().insert(id, reference.clone());
                }
            }
        }
    }

    /// Decides a command for several tickets. Main tickets come first, because they decide for their duplicates. Returns
    /// the outcomes in the order of `expected`.
    pub(crate) fn decide_all(
        &mut self,
        expected: &[ExpectedVersion],
        command: &TicketCommand,
        form_id: Option<Uuid>,
        context: CommandContext,
    ) -> Vec<CommandOutcome> {
        let mut outcomes = vec![CommandOutcome::NotFound; expected.len()];
        for is_merged in [false, true] {
            for (expected, outcome) in expected.iter().zip(&mut outcomes) {
                if self.state(expected.id).is_some_and(|state| state.merged_into.is_some() == is_merged) {
                    *outcome = self.decide(expected, command, form_id, context);
                }
            }
        }
        outcomes
    }

    fn decide(
        &mut self,
        expected: &ExpectedVersion,
        command: &TicketCommand,
        form_id: Option<Uuid>,
        context: CommandContext,
    ) -> CommandOutcome {
        let Some(mut state) = self.state(expected.id).cloned() else { return CommandOutcome::NotFound };
        let main = state.merged_into.and_then(|main| self.transitions.get(&main));
        if main.is_some_and(|main| main.after.status == TicketStatus::Spam) {
            // the same command separates duplicates from a main ticket that it marks as spam
            state = state.without_main();
        }
        match decide(command, &state, context.actor, context.now) {
            TransitionDecision::NoChange => CommandOutcome::NoChange,
            _ if state.version != expected.version && !command.ignores_version(context.actor) => {
                CommandOutcome::VersionConflict
            }
            TransitionDecision::AssignedToOther => CommandOutcome::AssignedToOther,
            TransitionDecision::IsDuplicate => CommandOutcome::IsDuplicate,
            TransitionDecision::Closed => CommandOutcome::Closed,
            TransitionDecision::Apply(mut transition) => {
                transition.submission_id = form_id.and_then(|form_id| text_submission_id(form_id, &transition));
                let main = transition.after.merged_into.filter(|_| command.notifies_main(context.actor));
                if let Some(main) = main.and_then(|main| self.state(main)) {
                    let submission_id =
                        transition.submission_id.map(|id| token::uuid_from_hash(format!("{id} heard of")));
                    self.main_notifications
                        .push(TicketTransition { submission_id, ..notify_main(main, &transition.after.reference) });
                }
                self.add_requested(*transition);
                CommandOutcome::Done
            }
        }
    }

    /// Adds the transitions of the duplicates that follow their main tickets, and of the main tickets that record added
    /// and removed duplicates.
    pub(crate) fn propagate_to_duplicates(&mut self, now: OffsetDateTime) {
        let mains: Vec<_> = self.transitions.values().map(|transition| transition.after.clone()).collect();
        let duplicates =
            mains.iter().flat_map(|main| self.duplicates_of(main.id).into_iter().map(move |state| (main, state)));
        let following: Vec<_> = duplicates.filter_map(|(main, state)| follow_main(&state, main, now)).collect();
        for transition in following.into_iter().chain(std::mem::take(&mut self.main_notifications)) {
            self.add_derived(transition);
        }
        let references = |duplicates: BTreeMap<_, _>| duplicates.into_values().collect();
        let added = std::mem::take(&mut self.added_duplicates).into_iter();
        let added = added.map(|(main, added)| (main, EventKind::DuplicatesAdded { duplicates: references(added) }));
        let removed = std::mem::take(&mut self.removed_duplicates).into_iter();
        let removed =
            removed.map(|(main, removed)| (main, EventKind::DuplicatesRemoved { duplicates: references(removed) }));
        for (main, event) in added.chain(removed) {
            if let Some(state) = self.state(main).cloned() {
                self.add_derived(TicketTransition::new(state, event));
            }
        }
    }

    /// The transition of a ticket.
    pub(crate) fn transition(&self, id: Uuid) -> Option<&TicketTransition> {
        self.transitions.get(&id)
    }

    pub(crate) fn transitions(&self) -> Vec<TicketTransition> {
        self.transitions.values().cloned().collect()
    }
}

/// The id of what was written in a form: sent twice, it is stored once; changed and sent again, it is stored again. `None`
/// for a transition without a text.
fn text_submission_id(form_id: Uuid, transition: &TicketTransition) -> Option<Uuid> {
    let example = transition.call_example.as_ref().map(|example| example.fingerprint()).unwrap_or_default();
    let (kind, text) = match &transition.event {
        EventKind::NoteAdded { text } => ("noted", text.as_staff_text()),
        EventKind::Replied { text, .. } => ("replied", text.as_str()),
        EventKind::CustomerWrote { text, .. } => ("wrote", text.as_str()),
        EventKind::CustomerStillBroken { text, .. } => ("fails", text.as_ref().map_or("", CustomerMessage::as_str)),
        EventKind::CustomerConfirmedFixed { .. } => ("works", ""),
        EventKind::CallExampleAdded { .. } => ("example", example.as_str()),
        _ => return None,
    };
    Some(token::uuid_from_hash(format!("{form_id} {} {kind} {text}", transition.after.id)))
}
