//! What a letter says: plain text in the customer's language. What staff wrote comes in as a [`Reply`] alone; a note has
//! no way here.

use askama::Template;

use super::store::{Due, OfTicket};
use crate::{
    app::App,
    operator::Operator,
    tickets::{Key, LetterKind, Reference, Reply, What},
    words::{Lang, Say, plain},
    zone,
};

/// Columns of a line (RFC 5322, 2.1.1, and what a reader's quoting adds).
const WIDTH: usize = 72;

/// News of an incident, in the reader's language.
pub(super) struct News<'a> {
    title: &'a str,
    text: &'a str,
    link: String,
}

/// A letter before it is text.
pub(super) struct Content<'a> {
    pub kind: LetterKind,
    pub lang: Lang,
    pub reference: &'a Reference,
    /// What it is about, in the words of the form.
    about: String,
    reported: String,
    link: String,
    /// What staff ask for, and where it is answered.
    question: Option<(String, String)>,
    pub said: Option<&'a Reply>,
    /// What staff wrote to all whom an incident concerns.
    news: Option<News<'a>>,
    /// The first name of who wrote.
    by: Option<&'a str>,
    /// Whether what it tells happened to another ticket, with which this one is treated.
    is_together: bool,
    /// Whether an answer to the letter comes back to the ticket.
    can_answer: bool,
    operator: &'a Operator,
}

impl<'a> Content<'a> {
    /// What a letter that is due has to say. `key` is there if the ticket's page opens with it.
    pub fn of(due: &'a Due, ticket: &'a OfTicket, app: &'a App, key: Option<&Key>) -> Content<'a> {
        let page = format!("{}/{}/ticket/{}", app.public_url, due.lang, ticket.reference);
        let with_key = |page: &str| key.map_or(page.to_owned(), |key| format!("{page}?key={}", key.0));
        let asked = match due.what.as_deref() {
            Some(What::Asked { piece, .. }) => Some(*piece),
            _ => None,
        };
        Content {
            kind: due.kind,
            lang: due.lang,
            reference: &ticket.reference,
            about: due.lang.t(ticket.category.label()).into_owned(),
            reported: due.lang.say(&zone::long_moment(ticket.created_at)),
            link: with_key(&page),
            question: asked.map(|piece| {
                let page = if key.is_some() { format!("{page}/answer/{}", piece.as_str()) } else { page.clone() };
                (due.lang.t(piece.label()).into_owned(), with_key(&page))
            }),
            said: due.what.as_ref().and_then(|what| what.for_customer()),
            news: News::of(due, app),
            by: due.name.as_deref().and_then(|name| name.split(' ').next()),
            is_together: due.is_of_main,
            can_answer: app.mail.reply.is_some(),
            operator: &app.operator,
        }
    }

    /// The incident's title.
    fn title(&self) -> &str {
        self.news.as_ref().map_or("", |news| news.title)
    }

    pub fn subject(&self) -> String {
        let id = match self.kind {
            LetterKind::Received => "letter-subject-received",
            LetterKind::Answered => "letter-subject-answered",
            LetterKind::Asked => "letter-subject-asked",
            LetterKind::Resolved => "letter-subject-resolved",
            LetterKind::Reopened => "letter-subject-reopened",
            LetterKind::Link => "letter-subject-link",
            LetterKind::IncidentUpdate => "letter-subject-incident-update",
            LetterKind::IncidentResolved => "letter-subject-incident-resolved",
            LetterKind::IncidentFollow => "letter-subject-follow",
        };
        self.lang.say(&Say::new(id).with("reference", self.reference.to_string()).with("title", self.title()))
    }

    /// The text, or `None` when what it should tell is missing.
    pub fn text(&'a self) -> Option<String> {
        let l = self;
        let body = match (self.kind, self.lang) {
            // an answer without words would be none
            (LetterKind::Answered, _) if self.said.is_none() => return None,
            (LetterKind::IncidentUpdate | LetterKind::IncidentResolved, _) if self.news.is_none() => return None,
            // it is about no ticket
            (LetterKind::IncidentFollow, _) => return None,
            (LetterKind::Received, Lang::Pl) => Body::ReceivedPl { l },
            (LetterKind::Received, Lang::En) => Body::ReceivedEn { l },
            (LetterKind::Answered, Lang::Pl) => Body::AnsweredPl { l },
            (LetterKind::Answered, Lang::En) => Body::AnsweredEn { l },
            (LetterKind::Asked, Lang::Pl) => Body::AskedPl { l },
            (LetterKind::Asked, Lang::En) => Body::AskedEn { l },
            (LetterKind::Resolved, Lang::Pl) => Body::ResolvedPl { l },
            (LetterKind::Resolved, Lang::En) => Body::ResolvedEn { l },
            (LetterKind::Reopened, Lang::Pl) => Body::ReopenedPl { l },
            (LetterKind::Reopened, Lang::En) => Body::ReopenedEn { l },
            (LetterKind::Link, Lang::Pl) => Body::LinkPl { l },
            (LetterKind::Link, Lang::En) => Body::LinkEn { l },
            (LetterKind::IncidentUpdate, Lang::Pl) => Body::IncidentUpdatePl { l },
            (LetterKind::IncidentUpdate, Lang::En) => Body::IncidentUpdateEn { l },
            (LetterKind::IncidentResolved, Lang::Pl) => Body::IncidentResolvedPl { l },
            (LetterKind::IncidentResolved, Lang::En) => Body::IncidentResolvedEn { l },
        };
        Some(wrapped(&body.render().ok()?))
    }

    /// Within how many hours staff answer.
    fn hours(&self) -> String {
        self.lang.t1("letter-hours", "hours", self.operator.reply_hours)
    }

    fn open(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

impl<'a> News<'a> {
    fn of(due: &'a Due, app: &App) -> Option<News<'a>> {
        let link = format!("{}/{}/incident/{}", app.public_url, due.lang, due.incident?);
        Some(News { title: due.incident_title.as_deref()?, text: due.incident_text.as_deref()?, link })
    }
}

/// One file a kind and language.
#[derive(Template)]
enum Body<'a> {
    #[template(path = "mail/received.pl.txt")]
    ReceivedPl { l: &'a Content<'a> },
    #[template(path = "mail/received.en.txt")]
    ReceivedEn { l: &'a Content<'a> },
    #[template(path = "mail/answered.pl.txt")]
    AnsweredPl { l: &'a Content<'a> },
    #[template(path = "mail/answered.en.txt")]
    AnsweredEn { l: &'a Content<'a> },
    #[template(path = "mail/asked.pl.txt")]
    AskedPl { l: &'a Content<'a> },
    #[template(path = "mail/asked.en.txt")]
    AskedEn { l: &'a Content<'a> },
    #[template(path = "mail/resolved.pl.txt")]
    ResolvedPl { l: &'a Content<'a> },
    #[template(path = "mail/resolved.en.txt")]
    ResolvedEn { l: &'a Content<'a> },
    #[template(path = "mail/reopened.pl.txt")]
    ReopenedPl { l: &'a Content<'a> },
    #[template(path = "mail/reopened.en.txt")]
    ReopenedEn { l: &'a Content<'a> },
    #[template(path = "mail/link.pl.txt")]
    LinkPl { l: &'a Content<'a> },
    #[template(path = "mail/link.en.txt")]
    LinkEn { l: &'a Content<'a> },
    #[template(path = "mail/incident_update.pl.txt")]
    IncidentUpdatePl { l: &'a Content<'a> },
    #[template(path = "mail/incident_update.en.txt")]
    IncidentUpdateEn { l: &'a Content<'a> },
    #[template(path = "mail/incident_resolved.pl.txt")]
    IncidentResolvedPl { l: &'a Content<'a> },
    #[template(path = "mail/incident_resolved.en.txt")]
    IncidentResolvedEn { l: &'a Content<'a> },
}

/// Breaks long lines between words. What is longer than a line, such as a link, stays whole; blank lines never come
/// twice in a row.
pub(super) fn wrapped(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().split('\n') {
        let line = plain(line);
        // the line before a signature ends with a space (RFC 3676, 4.3)
        if line == "-- " {
            lines.push(line);
            continue;
        }
        let line = line.trim_end();
        if line.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
            continue;
        }
        let words = line.trim_start();
        let mut row = line[..line.len() - words.len()].to_owned();
        let (mut width, mut is_first) = (row.len(), true);
        for word in words.split(' ') {
            let long = word.chars().count();
            if !is_first && width + 1 + long > WIDTH {
                lines.push(std::mem::take(&mut row));
                width = 0;
            } else if !is_first {
                row.push(' ');
                width += 1;
            }
            row.push_str(word);
            width += long;
            is_first = false;
        }
        lines.push(row);
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn content<'a>(kind: LetterKind, lang: Lang, operator: &'a Operator, said: Option<&'a Reply>) -> Content<'a> {
        Content {
            kind,
            lang,
            reference: Box::leak(Box::new(Reference::of(1))),
            about: "Nie mogę dzwonić".into(),
            reported: "piątek, 20 listopada 2026, 14:30".into(),
            link: "https://pomoc.example.com/pl/ticket/DZ-10000-0000X?key=0123456789ABCDEFGHJKMNPQRS".into(),
            question: None,
            said,
            news: Some(News {
                title: "Anglia",
                text: "Sprawdzamy.",
                link: "https://pomoc.example.com/pl/incident/1".into(),
            }),
            by: Some("Anna"),
            is_together: true,
            can_answer: true,
            operator,
        }
    }

    #[test]
    fn every_letter_has_the_link_and_short_lines_in_both_languages() {
        let operator = Operator::load(None).unwrap();
        let said = Reply::written("Działa. ".repeat(40)).unwrap();
        for kind in [
            LetterKind::Received,
            LetterKind::Answered,
            LetterKind::Asked,
            LetterKind::Resolved,
            LetterKind::Reopened,
            LetterKind::Link,
            LetterKind::IncidentUpdate,
            LetterKind::IncidentResolved,
        ] {
            for lang in Lang::ALL {
                let content = content(kind, lang, &operator, Some(&said));
                let (text, subject) = (content.text().unwrap(), content.subject());
                assert!(subject.contains("DZ-"), "{subject}");
                assert!(text.contains(&content.link) && text.contains(&operator.name), "{text}");
                assert!(text.contains("\n-- \n"), "{text}");
                for line in text.lines() {
                    assert!(line.chars().count() <= WIDTH || line == content.link, "{line}");
                }
                assert!(!text.contains("\n\n\n") && !text.contains(['{', '<', '&']), "{text}");
                let told = matches!(kind, LetterKind::Answered | LetterKind::Resolved);
                assert_eq!(text.contains("Działa."), told, "{kind:?}: {text}");
            }
        }
    }

    #[test]
    fn an_answer_without_words_is_no_letter() {
        let operator = Operator::load(None).unwrap();
        assert!(content(LetterKind::Answered, Lang::Pl, &operator, None).text().is_none());
        assert!(content(LetterKind::Resolved, Lang::Pl, &operator, None).text().is_some());
    }

    #[test]
    fn links_stay_whole_and_indents_stay() {
        let link = format!("https://example.com/{}", "x".repeat(100));
        assert_eq!(wrapped(&format!("a {link} b")), format!("a\n{link}\nb\n"));
        assert_eq!(wrapped("  a\n\n\n\nb\n-- \nc"), "  a\n\nb\n-- \nc\n".trim_start());
        assert_eq!(wrapped("x\n    a b"), "x\n    a b\n");
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-zę \n]{0,400}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&wrapped(&text)), words(&text));
        }
    }
}
