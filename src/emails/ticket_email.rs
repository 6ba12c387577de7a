//! What a letter says: plain text in the customer's language. What staff wrote comes in as a [`Reply`] alone; a note has
//! no way here.

use askama::Template;

use super::store::{ClaimedEmail, RecipientTicket};
use crate::{
    app::App,
    i18n::{Lang, UiMessage, strip_typography},
    local_time,
    operator::Operator,
    tickets::{AccessKey, EmailKind, EventKind, Reply, TicketReference},
};

/// Columns of a line (RFC 5322, 2.1.1, and what a reader's quoting adds).
const MAX_LINE_WIDTH: usize = 72;

/// News of an incident, in the reader's language.
pub(crate) struct EmailIncidentUpdate<'a> {
    title: &'a str,
    text: &'a str,
    url: String,
}

/// A letter before it is text.
pub(crate) struct TicketEmail<'a> {
    pub kind: EmailKind,
    pub lang: Lang,
    pub reference: &'a TicketReference,
    /// What it is about, in the words of the form.
    category_label: String,
    reported_at: String,
    ticket_url: String,
    /// What staff ask for, and where it is answered.
    detail_request: Option<(String, String)>,
    pub reply: Option<&'a Reply>,
    /// What staff wrote to all whom an incident concerns.
    incident_update: Option<EmailIncidentUpdate<'a>>,
    /// The first name of who wrote.
    author_first_name: Option<&'a str>,
    /// Whether what it tells happened to another ticket, with which this one is treated.
    is_about_main_ticket: bool,
    /// Whether an answer to the letter comes back to the ticket.
    can_reply: bool,
    operator: &'a Operator,
}

impl<'a> TicketEmail<'a> {
    /// What a letter that is due has to say. `key` is there if the ticket's page opens with it.
    pub fn from_claimed(
        due: &'a ClaimedEmail,
        ticket: &'a RecipientTicket,
        app: &'a App,
        key: Option<&AccessKey>,
    ) -> TicketEmail<'a> {
        let page = format!("{}/{}/ticket/{}", app.public_url, due.lang, ticket.reference);
        let with_key = |page: &str| key.map_or(page.to_owned(), |key| format!("{page}?key={}", key.0));
        let asked = match due.event.as_deref() {
            Some(EventKind::DetailRequested { detail: piece, .. }) => Some(*piece),
            _ => None,
        };
        TicketEmail {
            kind: due.kind,
            lang: due.lang,
            reference: &ticket.reference,
            category_label: due.lang.t(ticket.category.label()).into_owned(),
            reported_at: due.lang.format(&local_time::format_long(ticket.created_at)),
            ticket_url: with_key(&page),
            detail_request: asked.map(|piece| {
                let page = if key.is_some() { format!("{page}/answer/{}", piece.as_str()) } else { page.clone() };
                (due.lang.t(piece.label()).into_owned(), with_key(&page))
            }),
            reply: due.event.as_ref().and_then(|what| what.reply()),
            incident_update: EmailIncidentUpdate::from_claimed(due, app),
            author_first_name: due.staff_name.as_deref().and_then(|name| name.split(' ').next()),
            is_about_main_ticket: due.is_about_main_ticket,
            can_reply: app.mail.reply_mailbox.is_some(),
            operator: &app.operator,
        }
    }

    /// The incident's title.
    fn incident_title(&self) -> &str {
        self.incident_update.as_ref().map_or("", |news| news.title)
    }

    pub fn subject(&self) -> String {
        let id = match self.kind {
            EmailKind::Received => "email-subject-received",
            EmailKind::Replied => "email-subject-reply",
            EmailKind::DetailRequested => "email-subject-detail-requested",
            EmailKind::Resolved => "email-subject-resolved",
            EmailKind::Reopened => "email-subject-reopened",
            EmailKind::AccessLink => "email-subject-access-link",
            EmailKind::IncidentUpdate => "email-subject-incident-update",
            EmailKind::IncidentResolved => "email-subject-incident-resolved",
            EmailKind::IncidentSubscription => "email-subject-subscription-confirm",
        };
        self.lang.format(
            &UiMessage::new(id).with("reference", self.reference.to_string()).with("title", self.incident_title()),
        )
    }

    /// The text, or `None` when what it should tell is missing.
    pub fn render_text(&'a self) -> Option<String> {
        let l = self;
        let body = match (self.kind, self.lang) {
            // an answer without words would be none
            (EmailKind::Replied, _) if self.reply.is_none() => return None,
            (EmailKind::IncidentUpdate | EmailKind::IncidentResolved, _) if self.incident_update.is_none() => {
                return None;
            }
            // it is about no ticket
            (EmailKind::IncidentSubscription, _) => return None,
            (EmailKind::Received, Lang::Pl) => TicketEmailTemplate::ReceivedPl { email: l },
            (EmailKind::Received, Lang::En) => TicketEmailTemplate::ReceivedEn { email: l },
            (EmailKind::Replied, Lang::Pl) => TicketEmailTemplate::ReplyPl { email: l },
            (EmailKind::Replied, Lang::En) => TicketEmailTemplate::ReplyEn { email: l },
            (EmailKind::DetailRequested, Lang::Pl) => TicketEmailTemplate::DetailRequestedPl { email: l },
            (EmailKind::DetailRequested, Lang::En) => TicketEmailTemplate::DetailRequestedEn { email: l },
            (EmailKind::Resolved, Lang::Pl) => TicketEmailTemplate::ResolvedPl { email: l },
            (EmailKind::Resolved, Lang::En) => TicketEmailTemplate::ResolvedEn { email: l },
            (EmailKind::Reopened, Lang::Pl) => TicketEmailTemplate::ReopenedPl { email: l },
            (EmailKind::Reopened, Lang::En) => TicketEmailTemplate::ReopenedEn { email: l },
            (EmailKind::AccessLink, Lang::Pl) => TicketEmailTemplate::AccessLinkPl { email: l },
            (EmailKind::AccessLink, Lang::En) => TicketEmailTemplate::AccessLinkEn { email: l },
            (EmailKind::IncidentUpdate, Lang::Pl) => TicketEmailTemplate::IncidentUpdatePl { email: l },
            (EmailKind::IncidentUpdate, Lang::En) => TicketEmailTemplate::IncidentUpdateEn { email: l },
            (EmailKind::IncidentResolved, Lang::Pl) => TicketEmailTemplate::IncidentResolvedPl { email: l },
            (EmailKind::IncidentResolved, Lang::En) => TicketEmailTemplate::IncidentResolvedEn { email: l },
        };
        Some(wrap_lines(&body.render().ok()?))
    }

    /// Within how many hours staff answer.
    fn response_time_text(&self) -> String {
        self.lang.t_with("email-hours", "hours", self.operator.reply_hours)
    }

    fn opening_hours(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

impl<'a> EmailIncidentUpdate<'a> {
    fn from_claimed(due: &'a ClaimedEmail, app: &App) -> Option<EmailIncidentUpdate<'a>> {
        let link = format!("{}/{}/incident/{}", app.public_url, due.lang, due.incident_id?);
        Some(EmailIncidentUpdate {
            title: due.incident_title.as_deref()?,
            text: due.incident_text.as_deref()?,
            url: link,
        })
    }
}

/// One file a kind and language.
#[derive(Template)]
enum TicketEmailTemplate<'a> {
    #[template(path = "emails/received.pl.txt")]
    ReceivedPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/received.en.txt")]
    ReceivedEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/reply.pl.txt")]
    ReplyPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/reply.en.txt")]
    ReplyEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/detail_requested.pl.txt")]
    DetailRequestedPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/detail_requested.en.txt")]
    DetailRequestedEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/resolved.pl.txt")]
    ResolvedPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/resolved.en.txt")]
    ResolvedEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/reopened.pl.txt")]
    ReopenedPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/reopened.en.txt")]
    ReopenedEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/access_link.pl.txt")]
    AccessLinkPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/access_link.en.txt")]
    AccessLinkEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/incident_update.pl.txt")]
    IncidentUpdatePl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/incident_update.en.txt")]
    IncidentUpdateEn { email: &'a TicketEmail<'a> },
    #[template(path = "emails/incident_resolved.pl.txt")]
    IncidentResolvedPl { email: &'a TicketEmail<'a> },
    #[template(path = "emails/incident_resolved.en.txt")]
    IncidentResolvedEn { email: &'a TicketEmail<'a> },
}

/// Breaks long lines between words. What is longer than a line, such as a link, stays whole; blank lines never come
/// twice in a row.
pub(crate) fn wrap_lines(text: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    for line in text.trim().split('\n') {
        let line = strip_typography(line);
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
            if !is_first && width + 1 + long > MAX_LINE_WIDTH {
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

    use crate::emails::ticket_email::*;

    fn build_email<'a>(
        kind: EmailKind,
        lang: Lang,
        operator: &'a Operator,
        said: Option<&'a Reply>,
    ) -> TicketEmail<'a> {
        TicketEmail {
            kind,
            lang,
            reference: Box::leak(Box::new(TicketReference::from_bits(1))),
            category_label: "Nie mogę dzwonić".into(),
            reported_at: "piątek, 20 listopada 2026, 14:30".into(),
            ticket_url: "https://pomoc.example.com/pl/ticket/DZ-10000-0000X?key=0123456789ABCDEFGHJKMNPQRS".into(),
            detail_request: None,
            reply: said,
            incident_update: Some(EmailIncidentUpdate {
                title: "Anglia",
                text: "Sprawdzamy.",
                url: "https://pomoc.example.com/pl/incident/1".into(),
            }),
            author_first_name: Some("Anna"),
            is_about_main_ticket: true,
            can_reply: true,
            operator,
        }
    }

    #[test]
    fn every_letter_has_the_link_and_short_lines_in_both_languages() {
        let operator = Operator::load(None).unwrap();
        let said = Reply::parse("Działa. ".repeat(40)).unwrap();
        for kind in [
            EmailKind::Received,
            EmailKind::Replied,
            EmailKind::DetailRequested,
            EmailKind::Resolved,
            EmailKind::Reopened,
            EmailKind::AccessLink,
            EmailKind::IncidentUpdate,
            EmailKind::IncidentResolved,
        ] {
            for lang in Lang::ALL {
                let content = build_email(kind, lang, &operator, Some(&said));
                let (text, subject) = (content.render_text().unwrap(), content.subject());
                assert!(subject.contains("DZ-"), "{subject}");
                assert!(text.contains(&content.ticket_url) && text.contains(&operator.name), "{text}");
                assert!(text.contains("\n-- \n"), "{text}");
                for line in text.lines() {
                    assert!(line.chars().count() <= MAX_LINE_WIDTH || line == content.ticket_url, "{line}");
                }
                assert!(!text.contains("\n\n\n") && !text.contains(['{', '<', '&']), "{text}");
                let told = matches!(kind, EmailKind::Replied | EmailKind::Resolved);
                assert_eq!(text.contains("Działa."), told, "{kind:?}: {text}");
            }
        }
    }

    #[test]
    fn an_answer_without_words_is_no_letter() {
        let operator = Operator::load(None).unwrap();
        assert!(build_email(EmailKind::Replied, Lang::Pl, &operator, None).render_text().is_none());
        assert!(build_email(EmailKind::Resolved, Lang::Pl, &operator, None).render_text().is_some());
    }

    #[test]
    fn links_stay_whole_and_indents_stay() {
        let link = format!("https://example.com/{}", "x".repeat(100));
        assert_eq!(wrap_lines(&format!("a {link} b")), format!("a\n{link}\nb\n"));
        assert_eq!(wrap_lines("  a\n\n\n\nb\n-- \nc"), "  a\n\nb\n-- \nc\n".trim_start());
        assert_eq!(wrap_lines("x\n    a b"), "x\n    a b\n");
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "[a-zę \n]{0,400}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&wrap_lines(&text)), words(&text));
        }
    }
}
