//! All guides, and a visitor's path through them.

use std::collections::HashMap;

use strum::VariantArray;

use super::guide::{AnswerOption, AnswerTarget, Guide, GuideStep};
use crate::{
    i18n::Lang,
    tickets::{GivenAnswer, GuideHistory, Ticket, TicketCategory},
};

/// All guides in all languages, kept in memory. They are checked when they are loaded: every path ends.
#[derive(Default)]
pub struct Guides {
    guides: HashMap<(Lang, TicketCategory), Guide>,
}

/// Where a path ends.
#[derive(Debug)]
pub enum GuidePosition<'a> {
    Step(&'a Guide, &'a GuideStep),
    Resolved,
    Report,
}

/// A step of a path and the answer given in it.
#[derive(Debug)]
pub struct AnsweredStep<'a> {
    pub step: &'a GuideStep,
    pub answer: &'a AnswerOption,
    /// The path up to this step, as in URLs.
    pub path_before: String,
}

/// A resolved path: the questions answered and the position reached.
#[derive(Debug)]
pub struct GuideProgress<'a> {
    pub start_guide: &'a Guide,
    pub answered_steps: Vec<AnsweredStep<'a>>,
    pub position: GuidePosition<'a>,
    /// Guide and answers as in URLs: `outgoing/yes/abroad`.
    pub path: String,
    current_guide: &'a Guide,
}

impl Guides {
    pub(super) fn new(guides: HashMap<(Lang, TicketCategory), Guide>) -> Guides {
        Guides { guides }
    }

    pub fn get(&self, lang: Lang, category: TicketCategory) -> Option<&Guide> {
        self.guides.get(&(lang, category))
    }

    /// The guides of a language in their order.
    pub fn in_order(&self, lang: Lang) -> Vec<&Guide> {
        let mut guides: Vec<&Guide> =
            TicketCategory::VARIANTS.iter().filter_map(|category| self.get(lang, *category)).collect();
        guides.sort_by_key(|guide| guide.order);
        guides
    }

    /// Follows the answers from the start of a guide. Returns `None` if a step does not offer the answer.
    pub fn resolve_path(&self, lang: Lang, path: &str) -> Option<GuideProgress<'_>> {
        let mut segments = path.split('/');
        let start_guide = self.get(lang, segments.next()?.parse().ok()?)?;
        let mut progress = GuideProgress {
            start_guide,
            answered_steps: Vec::new(),
            position: GuidePosition::Step(start_guide, start_guide.steps.first()?),
            path: start_guide.category.into_str().to_owned(),
            current_guide: start_guide,
        };
        for segment in segments {
            let GuidePosition::Step(guide, step) = progress.position else { return None };
            let answer = step.answers.iter().find(|answer| answer.id == segment)?;
            progress.answered_steps.push(AnsweredStep { step, answer, path_before: progress.path.clone() });
            progress.path.push('/');
            progress.path += segment;
            progress.position = match answer.target {
                AnswerTarget::Step(index) => GuidePosition::Step(guide, guide.steps.get(index)?),
                AnswerTarget::Guide(category) => {
                    progress.current_guide = self.get(lang, category)?;
                    GuidePosition::Step(progress.current_guide, progress.current_guide.steps.first()?)
                }
                AnswerTarget::Resolved => GuidePosition::Resolved,
                AnswerTarget::Report => GuidePosition::Report,
            };
        }
        Some(progress)
    }

    /// A ticket's answers in the reader's language. In the customer's language they stay as they were shown. They also stay
    /// if today's guides no longer have the path.
    pub fn answers_in_language(&self, lang: Lang, ticket: &Ticket) -> Vec<GivenAnswer> {
        let stored = &ticket.guide_answers.0;
        let path = ticket.guide_path.as_deref().filter(|_| lang != ticket.lang);
        let progress = path
            .and_then(|path| self.resolve_path(lang, path))
            .filter(|progress| progress.answered_steps.len() == stored.len());
        progress.map_or_else(|| stored.clone(), |progress| progress.given_answers())
    }
}

impl GuideProgress<'_> {
    pub fn given_answers(&self) -> Vec<GivenAnswer> {
        let given_answer = |answered: &AnsweredStep| GivenAnswer {
            question: answered.step.question.clone(),
            answer: answered.answer.label.clone(),
        };
        self.answered_steps.iter().map(given_answer).collect()
    }

    /// The path as it is stored with a ticket.
    pub fn history(&self) -> GuideHistory {
        GuideHistory { path: Some(self.path.clone()), answers: self.given_answers() }
    }

    /// The guide of the current step, or the one that the path ended in.
    pub fn current_guide(&self) -> &Guide {
        self.current_guide
    }
}
