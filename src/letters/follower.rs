//! Letters to somebody who follows an incident and has no ticket: each has the link that ends them.

use askama::Template;

use super::{store::Due, text::wrapped};
use crate::{
    app::App,
    operator::Operator,
    tickets::{Key, LetterKind, Seal},
    words::{Lang, Say},
};

/// What a follower's number is mixed into a key for.
const PURPOSE: &str = "key to following an incident";

/// The key in the links of a follower's letters: who has it reads that mailbox.
pub fn follower_key(seal: &Seal, follower: i64) -> Key {
    seal.key_to(PURPOSE, &follower.to_string())
}

/// A letter before it is text.
pub(super) struct ToFollower<'a> {
    tells: Tells<'a>,
    lang: Lang,
    title: &'a str,
    /// The incident's page,
    page: String,
    /// and the follower's own.
    link: String,
    /// Where one press of the mail program's own button ends the letters.
    pub end: String,
    /// There is no ticket that an answer could be put on.
    can_answer: bool,
    operator: &'a Operator,
}

#[derive(Clone, Copy)]
enum Tells<'a> {
    /// Somebody gave this address: was it you?
    Ask,
    News(&'a str),
    Over(&'a str),
}

impl<'a> ToFollower<'a> {
    /// `None` when what it should tell is missing, or is nothing for somebody without a ticket.
    pub fn of(due: &'a Due, follower: i64, seal: &Seal, app: &'a App) -> Option<ToFollower<'a>> {
        let text = due.incident_text.as_deref();
        let tells = match due.kind {
            LetterKind::IncidentFollow => Tells::Ask,
            LetterKind::IncidentUpdate => Tells::News(text?),
            LetterKind::IncidentResolved => Tells::Over(text?),
            LetterKind::Received
            | LetterKind::Answered
            | LetterKind::Asked
            | LetterKind::Resolved
            | LetterKind::Reopened
            | LetterKind::Link => return None,
        };
        let key = follower_key(seal, follower);
        let own = format!("{}/{}/follow/{follower}", app.public_url, due.lang);
        Some(ToFollower {
            tells,
            lang: due.lang,
            title: due.incident_title.as_deref()?,
            page: format!("{}/{}/incident/{}", app.public_url, due.lang, due.incident?),
            link: format!("{own}?key={}", key.0),
            end: format!("{own}/end?key={}", key.0),
            can_answer: false,
            operator: &app.operator,
        })
    }

    pub fn subject(&self) -> String {
        let id = match self.tells {
            Tells::Ask => "letter-subject-follow",
            Tells::News(_) => "letter-subject-follow-update",
            Tells::Over(_) => "letter-subject-follow-resolved",
        };
        self.lang.say(&Say::new(id).with("title", self.title))
    }

    pub fn text(&'a self) -> Option<String> {
        let l = self;
        let body = match (self.tells, self.lang) {
            (Tells::Ask, Lang::Pl) => Body::AskPl { l },
            (Tells::Ask, Lang::En) => Body::AskEn { l },
            (Tells::News(text), Lang::Pl) => Body::NewsPl { l, text, is_over: false },
            (Tells::News(text), Lang::En) => Body::NewsEn { l, text, is_over: false },
            (Tells::Over(text), Lang::Pl) => Body::NewsPl { l, text, is_over: true },
            (Tells::Over(text), Lang::En) => Body::NewsEn { l, text, is_over: true },
        };
        Some(wrapped(&body.render().ok()?))
    }

    fn open(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

/// One file a kind and language.
#[derive(Template)]
enum Body<'a> {
    #[template(path = "mail/follow.pl.txt")]
    AskPl { l: &'a ToFollower<'a> },
    #[template(path = "mail/follow.en.txt")]
    AskEn { l: &'a ToFollower<'a> },
    #[template(path = "mail/follow_news.pl.txt")]
    NewsPl { l: &'a ToFollower<'a>, text: &'a str, is_over: bool },
    #[template(path = "mail/follow_news.en.txt")]
    NewsEn { l: &'a ToFollower<'a>, text: &'a str, is_over: bool },
}
