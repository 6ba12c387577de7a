//! A guide: steps with answers that lead to other steps.

use crate::{operator::Operator, tickets::TicketCategory};

/// One guide in one language.
#[derive(Debug)]
pub struct Guide {
    pub category: TicketCategory,
    pub title: String,
    pub lead: String,
    /// Position on the home page.
    pub order: u8,
    /// The guide begins with the first.
    pub steps: Vec<GuideStep>,
}

/// One question and its answers.
#[derive(Debug)]
pub struct GuideStep {
    pub id: String,
    pub question: String,
    pub body: Vec<StepBlock>,
    pub answers: Vec<AnswerOption>,
    /// The maximum number of questions that can follow, in other guides too.
    pub max_remaining: usize,
    /// Line of the heading in the file, from 1.
    pub(super) line: usize,
}

/// A block of a step's text.
#[derive(Debug, PartialEq)]
pub enum StepBlock {
    /// Rendered Markdown. Raw HTML in it is escaped.
    Html(String),
    /// A path of clicks in the operator's customer panel.
    Panel(Vec<PanelClick>),
    /// A link to a check, or the check itself.
    Check(CheckKind),
    /// A page of the operator. It is left out if the operator has none.
    OperatorLink(OperatorLink),
}

/// One click in the customer panel.
#[derive(Debug, PartialEq)]
pub struct PanelClick {
    pub text: String,
    /// The text is a label in the panel, which is Polish. Otherwise it describes what to click.
    pub is_label: bool,
}

/// The checks. Their pages are in the module `checks`.
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

    /// The name in guide files, in the check's URL and in the database.
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

    /// The message id of the label of the button that leads to the check.
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

    /// The icon of that button.
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

/// The operator's pages that a guide can link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OperatorLink {
    /// Setup instructions for phones and apps.
    Manuals,
}

impl OperatorLink {
    pub const ALL: [OperatorLink; 1] = [OperatorLink::Manuals];

    /// The name in guide files.
    pub const fn as_str(self) -> &'static str {
        match self {
            OperatorLink::Manuals => "manuals",
        }
    }

    /// The URL, if this operator has such a page.
    pub fn url(self, operator: &Operator) -> Option<&str> {
        match self {
            OperatorLink::Manuals => operator.manuals_url.as_deref(),
        }
    }
}

/// An answer, and where it leads.
#[derive(Debug)]
pub struct AnswerOption {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub target: AnswerTarget,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AnswerTarget {
    /// Another step of the same guide, by its index.
    Step(usize),
    Guide(TicketCategory),
    Resolved,
    Report,
}
