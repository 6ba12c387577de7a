//! The step-by-step guides: one question a page, the whole state in the address.

mod check_ids;
mod load;
mod parser;
pub mod pages;

use std::collections::HashMap;

pub use check_ids::CheckIds;
pub use load::{GuideError, load_built_in, load_folder};

use crate::{
    i18n::Lang,
    operator::Operator,
    tickets::{GivenAnswer, Ticket, TicketCategory},
};

/// All guides in all languages. Made by [`load`], which refuses what can't be walked; kept in memory.
#[derive(Default)]
pub struct Guides {
    guides: HashMap<(Lang, TicketCategory), Guide>,
}

/// One guide in one language.
#[derive(Debug)]
pub struct Guide {
    pub category: TicketCategory,
    pub title: String,
    pub lead: String,
    /// Its place among the others.
    pub order: u8,
    /// The first is where it begins.
    pub steps: Vec<GuideStep>,
}

/// One question.
#[derive(Debug)]
pub struct GuideStep {
    pub id: String,
    pub question: String,
    pub body: Vec<StepBlock>,
    pub answers: Vec<AnswerOption>,
    /// Questions that can follow at most, through other guides too.
    pub max_remaining: usize,
    /// The line of its heading in the file.
    line: usize,
}

/// A piece of a step's text.
#[derive(Debug, PartialEq)]
pub enum StepBlock {
    /// Rendered Markdown; raw HTML in it was made harmless.
    Html(String),
    /// Where to click in the customer's panel.
    Panel(Vec<PanelClick>),
    /// A check from the slot that `checks` fills.
    Check(CheckKind),
    /// A page of the operator's own; left out where the operator has none.
    OperatorLink(OperatorLink),
}

/// One thing to click in the panel.
#[derive(Debug, PartialEq)]
pub struct PanelClick {
    pub text: String,
    /// The panel's own word, which is Polish; anything else describes what is to be clicked.
    pub is_label: bool,
}

/// The checks that a guide can place. Rooms below give the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CheckKind {
    Address,
    Lamps,
    LineTest,
    Message,
    Number,
    Sound,
}

impl CheckKind {
    pub const ALL: [CheckKind; 6] = [
        CheckKind::Address,
        CheckKind::Lamps,
        CheckKind::LineTest,
        CheckKind::Message,
        CheckKind::Number,
        CheckKind::Sound,
    ];

    /// The name in a guide's file and in the check's address.
    pub const fn as_str(self) -> &'static str {
        match self {
            CheckKind::Address => "address",
            CheckKind::Lamps => "lamps",
            CheckKind::LineTest => "link",
            CheckKind::Message => "message",
            CheckKind::Number => "number",
            CheckKind::Sound => "sound",
        }
    }

    /// The message on the button that leads to it.
    pub const fn label(self) -> &'static str {
        match self {
            CheckKind::Address => "guide-check-address",
            CheckKind::Lamps => "guide-check-lamps",
            CheckKind::LineTest => "guide-check-line-test",
            CheckKind::Message => "guide-check-message",
            CheckKind::Number => "guide-check-number",
            CheckKind::Sound => "guide-check-sound",
        }
    }

    /// The drawing on that button.
    pub const fn icon(self) -> &'static str {
        match self {
            CheckKind::Address => "globe",
            CheckKind::Lamps => "lamp",
            CheckKind::LineTest => "link",
            CheckKind::Message => "chat",
            CheckKind::Number => "keys",
            CheckKind::Sound => "mic",
        }
    }
}

/// The operator's pages that a guide can point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorLink {
    /// Set-up instructions for phones and apps.
    Manuals,
}

impl OperatorLink {
    pub const ALL: [OperatorLink; 1] = [OperatorLink::Manuals];

    /// The name in a guide's file.
    pub const fn as_str(self) -> &'static str {
        match self {
            OperatorLink::Manuals => "manuals",
        }
    }

    /// Its address, if this operator has one.
    pub fn url(self, operator: &Operator) -> Option<&str> {
        match self {
            OperatorLink::Manuals => operator.manuals_url.as_deref(),
        }
    }
}

/// A way on.
#[derive(Debug)]
pub struct AnswerOption {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub target: AnswerTarget,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTarget {
    /// Another step of the same guide, by its place.
    Step(usize),
    Guide(TicketCategory),
    Resolved,
    Report,
}

/// Where a walk has come to.
#[derive(Debug)]
pub enum GuidePosition<'a> {
    Step(&'a Guide, &'a GuideStep),
    Resolved,
    Report,
}

/// A question that was answered on the way.
#[derive(Debug)]
pub struct AnsweredStep<'a> {
    pub step: &'a GuideStep,
    pub answer: &'a AnswerOption,
    /// The answers before it, as part of an address.
    pub path_before: String,
}

/// A walk: the questions answered and the place reached.
#[derive(Debug)]
pub struct GuideProgress<'a> {
    pub start_guide: &'a Guide,
    pub answered_steps: Vec<AnsweredStep<'a>>,
    pub position: GuidePosition<'a>,
    /// Guide and answers, as they stand in the address: `outgoing/yes/abroad`.
    pub path: String,
    /// The guide that the walk is in now, or ended in.
    current_guide: &'a Guide,
}

impl Guides {
    pub fn get(&self, lang: Lang, category: TicketCategory) -> Option<&Guide> {
        self.guides.get(&(lang, category))
    }

    /// The guides of a language in their order.
    pub fn in_order(&self, lang: Lang) -> Vec<&Guide> {
        let mut guides: Vec<&Guide> =
            TicketCategory::ALL.iter().filter_map(|category| self.get(lang, *category)).collect();
        guides.sort_by_key(|guide| guide.order);
        guides
    }

    /// Follows the answers from a guide's start; `None` when the guide does not offer one of them there.
    pub fn resolve_path(&self, lang: Lang, path: &str) -> Option<GuideProgress<'_>> {
        let mut segments = path.split('/');
        let start = self.get(lang, segments.next()?.parse().ok()?)?;
        let mut walk = GuideProgress {
            start_guide: start,
            answered_steps: Vec::new(),
            position: GuidePosition::Step(start, start.steps.first()?),
            path: start.category.as_str().to_owned(),
            current_guide: start,
        };
        for segment in segments {
            let GuidePosition::Step(guide, step) = walk.position else { return None };
            let answer = step.answers.iter().find(|answer| answer.id == segment)?;
            walk.answered_steps.push(AnsweredStep { step, answer, path_before: walk.path.clone() });
            walk.path.push('/');
            walk.path += segment;
            walk.position = match answer.target {
                AnswerTarget::Step(at) => GuidePosition::Step(guide, guide.steps.get(at)?),
                AnswerTarget::Guide(category) => {
                    walk.current_guide = self.get(lang, category)?;
                    GuidePosition::Step(walk.current_guide, walk.current_guide.steps.first()?)
                }
                AnswerTarget::Resolved => GuidePosition::Resolved,
                AnswerTarget::Report => GuidePosition::Report,
            };
        }
        Some(walk)
    }

    /// A ticket's walk in the reader's language. The customer's own words stay as they were shown, and so do those of a
    /// walk that today's guides no longer have.
    pub fn answers_in_language(&self, lang: Lang, ticket: &Ticket) -> Vec<GivenAnswer> {
        let kept = &ticket.guide_answers.0;
        let trail = ticket.guide_path.as_deref().filter(|_| lang != ticket.lang);
        let walk = trail
            .and_then(|trail| self.resolve_path(lang, trail))
            .filter(|walk| walk.answered_steps.len() == kept.len());
        walk.map_or_else(|| kept.clone(), |walk| walk.given_answers())
    }
}

impl GuideProgress<'_> {
    /// The walk as it is kept with a ticket.
    pub fn given_answers(&self) -> Vec<GivenAnswer> {
        let given = |taken: &AnsweredStep| GivenAnswer {
            question: taken.step.question.clone(),
            answer: taken.answer.label.clone(),
        };
        self.answered_steps.iter().map(given).collect()
    }

    /// The guide that the walk is in now, or ended in.
    pub fn current_guide(&self) -> &Guide {
        self.current_guide
    }
}
