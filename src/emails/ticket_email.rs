//! Emails about a ticket: plain text in the customer's language. Text by staff members comes in only as a [`Reply`], so an
//! internal note cannot get here.

use askama::Template;

use super::store::{ClaimedEmail, RecipientTicket};
use crate::{
    app::App,
    i18n::{Label, Lang, UiMessage, strip_typography},
    local_time,
    operator::Operator,
    tickets::{AccessKey, EmailKind, EventKind, Reply, TicketReference},
    urls,
};

/// Columns of a line: RFC 5322, 2.1.1, recommends 78, and quoting adds some.
const MAX_LINE_WIDTH: usize = 72;

/// An incident update in the recipient's language.
pub(crate) struct EmailIncidentUpdate<'a> {
    title: &'a str,
    text: &'a str,
    url: String,
}

/// The data of an email about a ticket.
pub(crate) struct TicketEmail<'a> {
    pub kind: EmailKind,
    pub lang: Lang,
    pub reference: &'a TicketReference,
    category_label: String,
    reported_at: String,
    ticket_url: String,
    /// The name of the requested detail, and the URL of the page that takes it.
    detail_request: Option<(String, String)>,
    pub reply: Option<&'a Reply>,
    incident_update: Option<EmailIncidentUpdate<'a>>,
    author_first_name: Option<&'a str>,
    /// Whether the event belongs to the main ticket of which this one is a duplicate.
    is_about_main_ticket: bool,
    /// Whether a reply to the email is added to the ticket.
    can_reply: bool,
    operator: &'a Operator,
}

impl<'a> TicketEmail<'a> {
    /// `key` is given if it opens the ticket's page.
    pub(super) fn from_claimed(
        claimed: &'a ClaimedEmail,
        ticket: &'a RecipientTicket,
        app: &'a App,
        key: Option<&AccessKey>,
    ) -> TicketEmail<'a> {
        let url = |below: &str| {
            format!("{}{}", app.public_url, urls::public::ticket(claimed.lang, &ticket.reference, below, key))
        };
        let requested_detail = match claimed.event.as_deref() {
            Some(EventKind::DetailRequested { detail, .. }) => Some(*detail),
            _ => None,
        };
        TicketEmail {
            kind: claimed.kind,
            lang: claimed.lang,
            reference: &ticket.reference,
            category_label: claimed.lang.t(ticket.category.label()).into_owned(),
            reported_at: claimed.lang.format(&local_time::format_long(ticket.created_at)),
            ticket_url: url(""),
            detail_request: requested_detail.map(|detail| {
                // without the key, only the page itself asks for it
                let below = key.map(|_| format!("/answer/{}", detail.into_str())).unwrap_or_default();
                (claimed.lang.t(detail.label()).into_owned(), url(&below))
            }),
            reply: claimed.event.as_ref().and_then(|event| event.reply()),
            incident_update: EmailIncidentUpdate::from_claimed(claimed, app),
            author_first_name: claimed.staff_name.as_deref().and_then(|name| name.split(' ').next()),
            is_about_main_ticket: claimed.is_about_main_ticket,
            can_reply: app.mail.reply_mailbox.is_some(),
            operator: &app.operator,
        }
    }

    fn incident_title(&self) -> &str {
        self.incident_update.as_ref().map_or("", |update| update.title)
    }

    pub(super) fn subject(&self) -> String {
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

    /// `None` when the reply or the incident update is missing.
    pub(super) fn render_text(&'a self) -> Option<String> {
        let email = self;
        let template = match (self.kind, self.lang) {
            (EmailKind::Replied, _) if self.reply.is_none() => return None,
            (EmailKind::IncidentUpdate | EmailKind::IncidentResolved, _) if self.incident_update.is_none() => {
                return None;
            }
            // it is not about a ticket
            (EmailKind::IncidentSubscription, _) => return None,
            (EmailKind::Received, Lang::Pl) => TicketEmailTemplate::ReceivedPl { email },
            (EmailKind::Received, Lang::En) => TicketEmailTemplate::ReceivedEn { email },
            (EmailKind::Replied, Lang::Pl) => TicketEmailTemplate::ReplyPl { email },
            (EmailKind::Replied, Lang::En) => TicketEmailTemplate::ReplyEn { email },
            (EmailKind::DetailRequested, Lang::Pl) => TicketEmailTemplate::DetailRequestedPl { email },
            (EmailKind::DetailRequested, Lang::En) => TicketEmailTemplate::DetailRequestedEn { email },
            (EmailKind::Resolved, Lang::Pl) => TicketEmailTemplate::ResolvedPl { email },
            (EmailKind::Resolved, Lang::En) => TicketEmailTemplate::ResolvedEn { email },
            (EmailKind::Reopened, Lang::Pl) => TicketEmailTemplate::ReopenedPl { email },
            (EmailKind::Reopened, Lang::En) => TicketEmailTemplate::ReopenedEn { email },
            (EmailKind::AccessLink, Lang::Pl) => TicketEmailTemplate::AccessLinkPl { email },
            (EmailKind::AccessLink, Lang::En) => TicketEmailTemplate::AccessLinkEn { email },
            (EmailKind::IncidentUpdate, Lang::Pl) => TicketEmailTemplate::IncidentUpdatePl { email },
            (EmailKind::IncidentUpdate, Lang::En) => TicketEmailTemplate::IncidentUpdateEn { email },
            (EmailKind::IncidentResolved, Lang::Pl) => TicketEmailTemplate::IncidentResolvedPl { email },
            (EmailKind::IncidentResolved, Lang::En) => TicketEmailTemplate::IncidentResolvedEn { email },
        };
        Some(wrap_lines(&template.render().ok()?))
    }

    /// Within how many working hours staff reply.
    fn response_time_text(&self) -> String {
        self.lang.t_with("email-hours", "hours", self.operator.reply_hours)
    }

    fn opening_hours(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

impl<'a> EmailIncidentUpdate<'a> {
    fn from_claimed(claimed: &'a ClaimedEmail, app: &App) -> Option<EmailIncidentUpdate<'a>> {
        let url = format!("{}{}", app.public_url, urls::public::incident(claimed.lang, claimed.incident_id?));
        Some(EmailIncidentUpdate {
            title: claimed.incident_title.as_deref()?,
            text: claimed.incident_text.as_deref()?,
            url,
        })
    }
}

/// One file for each kind and language.
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

/// Breaks long lines between words. A word that is longer than a line, such as a link, is not broken. Consecutive blank
/// lines become one.
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
        let mut current = line[..line.len() - words.len()].to_owned();
        let (mut width, mut is_first) = (current.len(), true);
        for word in words.split(' ') {
            let word_width = word.chars().count();
            if !is_first && width + 1 + word_width > MAX_LINE_WIDTH {
                lines.push(std::mem::take(&mut current));
                width = 0;
            } else if !is_first {
                current.push(' ');
                width += 1;
            }
            current.push_str(word);
            width += word_width;
            is_first = false;
        }
        lines.push(current);
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
        reply: Option<&'a Reply>,
    ) -> TicketEmail<'a> {
        TicketEmail {
            kind,
            lang,
            reference: Box::leak(Box::new(TicketReference::from_bits(1))),
            category_label: "Nie mogę dzwonić".into(),
            reported_at: "piątek, 20 listopada 2026, 14:30".into(),
            ticket_url: "https://pomoc.example.com/pl/ticket/DZ-10000-0000X?key=0123456789ABCDEFGHJKMNPQRS".into(),
            detail_request: None,
            reply,
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
    fn every_email_has_the_link_and_short_lines_in_both_languages() {
        let operator = Operator::load(None).unwrap();
        let reply = Reply::parse("Działa. ".repeat(40)).unwrap();
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
                let email = build_email(kind, lang, &operator, Some(&reply));
                let (text, subject) = (email.render_text().unwrap(), email.subject());
                assert!(subject.contains("DZ-"), "{subject}");
                assert!(text.contains(&email.ticket_url) && text.contains(&operator.name), "{text}");
                assert!(text.contains("\n-- \n"), "{text}");
                for line in text.lines() {
                    assert!(line.chars().count() <= MAX_LINE_WIDTH || line == email.ticket_url, "{line}");
                }
                assert!(!text.contains("\n\n\n") && !text.contains(['{', '<', '&']), "{text}");
                let has_reply = matches!(kind, EmailKind::Replied | EmailKind::Resolved);
                assert_eq!(text.contains("Działa."), has_reply, "{kind:?}: {text}");
            }
        }
    }

    #[test]
    fn an_email_about_a_reply_needs_the_reply() {
        let operator = Operator::load(None).unwrap();
        assert!(build_email(EmailKind::Replied, Lang::Pl, &operator, None).render_text().is_none());
        assert!(build_email(EmailKind::Resolved, Lang::Pl, &operator, None).render_text().is_some());
    }

    #[test]
    fn links_are_not_broken_and_indents_are_kept() {
        let link = format!("https://example.com/{}", "x".repeat(100));
        assert_eq!(wrap_lines(&format!("a {link} b")), format!("a\n{link}\nb\n"));
        assert_eq!(wrap_lines("  a\n\n\n\nb\n-- \nc"), "  a\n\nb\n-- \nc\n".trim_start());
        assert_eq!(wrap_lines("x\n    a b"), "x\n    a b\n");
    }

    proptest! {
        #[test]
        fn wrapping_keeps_every_word(text in "[a-zę \n]{0,400}") {
            let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
            prop_assert_eq!(words(&wrap_lines(&text)), words(&text));
        }
    }
}
