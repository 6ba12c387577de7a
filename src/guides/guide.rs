//! A guide: steps with answers that lead to other steps.

use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::{i18n::Label, operator::Operator, tickets::TicketCategory};

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
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum CheckKind {
    Address,
    Lamps,
    #[strum(serialize = "link")]
    LineTest,
    Message,
    Number,
    Sound,
}

impl CheckKind {
    /// The message id of the label of the button that leads to the check.
    pub fn button_label(self) -> String {
        format!("guide-{}", self.label())
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

impl Label for CheckKind {
    const MESSAGE_PREFIX: &str = "check";
}

/// The operator's pages that a guide can link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub enum OperatorLink {
    /// Setup instructions for phones and apps.
    Manuals,
}

impl OperatorLink {
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
