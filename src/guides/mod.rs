//! The step-by-step guides: one question a page, the whole state in the address.

mod carried;
mod load;
mod read;
pub mod pages;

use std::collections::HashMap;

pub use carried::Carried;
pub use load::{Fault, load_built_in, load_folder};

use crate::{
    operator::Operator,
    tickets::{Category, GivenAnswer, Ticket},
    words::Lang,
};

/// All guides in all languages. Made by [`load`], which refuses what can't be walked; kept in memory.
#[derive(Default)]
pub struct Guides {
    guides: HashMap<(Lang, Category), Guide>,
}

/// One guide in one language.
#[derive(Debug)]
pub struct Guide {
    pub category: Category,
    pub title: String,
    pub lead: String,
    /// Its place among the others.
    pub order: u8,
    /// The first is where it begins.
    pub steps: Vec<Step>,
}

/// One question.
#[derive(Debug)]
pub struct Step {
    pub id: String,
    pub question: String,
    pub body: Vec<Block>,
    pub answers: Vec<Answer>,
    /// Questions that can follow at most, through other guides too.
    pub left: usize,
    /// The line of its heading in the file.
    line: usize,
}

/// A piece of a step's text.
#[derive(Debug, PartialEq)]
pub enum Block {
    /// Rendered Markdown; raw HTML in it was made harmless.
    Html(String),
    /// Where to click in the customer's panel.
    Panel(Vec<Click>),
    /// A check from the slot that `checks` fills.
    Check(Check),
    /// A page of the operator's own; left out where the operator has none.
    Link(Link),
}

/// One thing to click in the panel.
#[derive(Debug, PartialEq)]
pub struct Click {
    pub text: String,
    /// The panel's own word, which is Polish; anything else describes what is to be clicked.
    pub is_label: bool,
}

/// The checks that a guide can place. Rooms below give the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Check {
    Address,
    Lamps,
    Link,
    Message,
    Number,
    Sound,
}

impl Check {
    pub const ALL: [Check; 6] =
        [Check::Address, Check::Lamps, Check::Link, Check::Message, Check::Number, Check::Sound];

    /// The name in a guide's file and in the check's address.
    pub const fn as_str(self) -> &'static str {
        match self {
            Check::Address => "address",
            Check::Lamps => "lamps",
            Check::Link => "link",
            Check::Message => "message",
            Check::Number => "number",
            Check::Sound => "sound",
        }
    }

    /// The message on the button that leads to it.
    pub const fn label(self) -> &'static str {
        match self {
            Check::Address => "guide-check-address",
            Check::Lamps => "guide-check-lamps",
            Check::Link => "guide-check-link",
            Check::Message => "guide-check-message",
            Check::Number => "guide-check-number",
            Check::Sound => "guide-check-sound",
        }
    }

    /// The drawing on that button.
    pub const fn icon(self) -> &'static str {
        match self {
            Check::Address => "globe",
            Check::Lamps => "lamp",
            Check::Link => "link",
            Check::Message => "chat",
            Check::Number => "keys",
            Check::Sound => "mic",
        }
    }
}

/// The operator's pages that a guide can point to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Link {
    /// Set-up instructions for phones and apps.
    Manuals,
}

impl Link {
    pub const ALL: [Link; 1] = [Link::Manuals];

    /// The name in a guide's file.
    pub const fn as_str(self) -> &'static str {
        match self {
            Link::Manuals => "manuals",
        }
    }

    /// Its address, if this operator has one.
    pub fn address(self, operator: &Operator) -> Option<&str> {
        match self {
            Link::Manuals => operator.manuals_url.as_deref(),
        }
    }
}

/// A way on.
#[derive(Debug)]
pub struct Answer {
    pub id: String,
    pub label: String,
    pub hint: Option<String>,
    pub target: Target,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Another step of the same guide, by its place.
    Step(usize),
    Guide(Category),
    Resolved,
    Report,
}

/// Where a walk has come to.
#[derive(Debug)]
pub enum Place<'a> {
    Step(&'a Guide, &'a Step),
    Resolved,
    Report,
}

/// A question that was answered on the way.
#[derive(Debug)]
pub struct Taken<'a> {
    pub step: &'a Step,
    pub answer: &'a Answer,
    /// The answers before it, as part of an address.
    pub before: String,
}

/// A walk: the questions answered and the place reached.
#[derive(Debug)]
pub struct Walk<'a> {
    pub start: &'a Guide,
    pub taken: Vec<Taken<'a>>,
    pub place: Place<'a>,
    /// Guide and answers, as they stand in the address: `outgoing/yes/abroad`.
    pub path: String,
    /// The guide that the walk is in now, or ended in.
    here: &'a Guide,
}

impl Guides {
    pub fn get(&self, lang: Lang, category: Category) -> Option<&Guide> {
        self.guides.get(&(lang, category))
    }

    /// The guides of a language in their order.
    pub fn in_order(&self, lang: Lang) -> Vec<&Guide> {
        let mut guides: Vec<&Guide> = Category::ALL.iter().filter_map(|category| self.get(lang, *category)).collect();
        guides.sort_by_key(|guide| guide.order);
        guides
    }

    /// Follows the answers from a guide's start; `None` when the guide does not offer one of them there.
    pub fn walk(&self, lang: Lang, path: &str) -> Option<Walk<'_>> {
        let mut segments = path.split('/');
        let start = self.get(lang, segments.next()?.parse().ok()?)?;
        let mut walk = Walk {
            start,
            taken: Vec::new(),
            place: Place::Step(start, start.steps.first()?),
            path: start.category.as_str().to_owned(),
            here: start,
        };
        for segment in segments {
            let Place::Step(guide, step) = walk.place else { return None };
            let answer = step.answers.iter().find(|answer| answer.id == segment)?;
            walk.taken.push(Taken { step, answer, before: walk.path.clone() });
            walk.path.push('/');
            walk.path += segment;
            walk.place = match answer.target {
                Target::Step(at) => Place::Step(guide, guide.steps.get(at)?),
                Target::Guide(category) => {
                    walk.here = self.get(lang, category)?;
                    Place::Step(walk.here, walk.here.steps.first()?)
                }
                Target::Resolved => Place::Resolved,
                Target::Report => Place::Report,
            };
        }
        Some(walk)
    }

    /// A ticket's walk in the reader's language. The customer's own words stay as they were shown, and so do those of a
    /// walk that today's guides no longer have.
    pub fn retell(&self, lang: Lang, ticket: &Ticket) -> Vec<GivenAnswer> {
        let kept = &ticket.answers.0;
        let trail = ticket.trail.as_deref().filter(|_| lang != ticket.lang);
        let walk = trail.and_then(|trail| self.walk(lang, trail)).filter(|walk| walk.taken.len() == kept.len());
        walk.map_or_else(|| kept.clone(), |walk| walk.answers())
    }
}

impl Walk<'_> {
    /// The walk as it is kept with a ticket.
    pub fn answers(&self) -> Vec<GivenAnswer> {
        let given =
            |taken: &Taken| GivenAnswer { question: taken.step.question.clone(), answer: taken.answer.label.clone() };
        self.taken.iter().map(given).collect()
    }

    /// The guide that the walk is in now, or ended in.
    pub fn guide(&self) -> &Guide {
        self.here
    }
}
