//! Letters to somebody who follows an incident and has no ticket: each has the link that ends them.

use askama::Template;

use super::{store::ClaimedEmail, ticket_email::wrap_lines};
use crate::{
    app::App,
    i18n::{Lang, UiMessage},
    operator::Operator,
    tickets::{AccessKey, EmailKind, SigningSecret},
};

/// What a follower's number is mixed into a key for.
const SUBSCRIBER_KEY_DOMAIN: &str = "key to following an incident";

/// The key in the links of a follower's letters: who has it reads that mailbox.
pub fn derive_subscriber_key(seal: &SigningSecret, follower: i64) -> AccessKey {
    seal.derive_key(SUBSCRIBER_KEY_DOMAIN, &follower.to_string())
}

/// A letter before it is text.
pub(crate) struct SubscriberEmail<'a> {
    notice: SubscriberNotice<'a>,
    lang: Lang,
    incident_title: &'a str,
    /// The incident's page,
    incident_url: String,
    /// and the follower's own.
    subscription_url: String,
    /// Where one press of the mail program's own button ends the letters.
    pub unsubscribe_url: String,
    /// There is no ticket that an answer could be put on.
    can_reply: bool,
    operator: &'a Operator,
}

#[derive(Clone, Copy)]
enum SubscriberNotice<'a> {
    /// Somebody gave this address: was it you?
    ConfirmAddress,
    Update(&'a str),
    Resolved(&'a str),
}

impl<'a> SubscriberEmail<'a> {
    /// `None` when what it should tell is missing, or is nothing for somebody without a ticket.
    pub fn from_claimed(
        due: &'a ClaimedEmail,
        follower: i64,
        seal: &SigningSecret,
        app: &'a App,
    ) -> Option<SubscriberEmail<'a>> {
        let text = due.incident_text.as_deref();
        let tells = match due.kind {
            EmailKind::IncidentSubscription => SubscriberNotice::ConfirmAddress,
            EmailKind::IncidentUpdate => SubscriberNotice::Update(text?),
            EmailKind::IncidentResolved => SubscriberNotice::Resolved(text?),
            EmailKind::Received
            | EmailKind::Replied
            | EmailKind::DetailRequested
            | EmailKind::Resolved
            | EmailKind::Reopened
            | EmailKind::AccessLink => return None,
        };
        let key = derive_subscriber_key(seal, follower);
        let own = format!("{}/{}/follow/{follower}", app.public_url, due.lang);
        Some(SubscriberEmail {
            notice: tells,
            lang: due.lang,
            incident_title: due.incident_title.as_deref()?,
            incident_url: format!("{}/{}/incident/{}", app.public_url, due.lang, due.incident_id?),
            subscription_url: format!("{own}?key={}", key.0),
            unsubscribe_url: format!("{own}/end?key={}", key.0),
            can_reply: false,
            operator: &app.operator,
        })
    }

    pub fn subject(&self) -> String {
        let id = match self.notice {
            SubscriberNotice::ConfirmAddress => "email-subject-subscription-confirm",
            SubscriberNotice::Update(_) => "email-subject-subscription-update",
            SubscriberNotice::Resolved(_) => "email-subject-subscription-resolved",
        };
        self.lang.format(&UiMessage::new(id).with("title", self.incident_title))
    }

    pub fn render_text(&'a self) -> Option<String> {
        let l = self;
        let body = match (self.notice, self.lang) {
            (SubscriberNotice::ConfirmAddress, Lang::Pl) => SubscriberEmailTemplate::ConfirmAddressPl { email: l },
            (SubscriberNotice::ConfirmAddress, Lang::En) => SubscriberEmailTemplate::ConfirmAddressEn { email: l },
            (SubscriberNotice::Update(text), Lang::Pl) => {
                SubscriberEmailTemplate::UpdatePl { email: l, text, is_resolved: false }
            }
            (SubscriberNotice::Update(text), Lang::En) => {
                SubscriberEmailTemplate::UpdateEn { email: l, text, is_resolved: false }
            }
            (SubscriberNotice::Resolved(text), Lang::Pl) => {
                SubscriberEmailTemplate::UpdatePl { email: l, text, is_resolved: true }
            }
            (SubscriberNotice::Resolved(text), Lang::En) => {
                SubscriberEmailTemplate::UpdateEn { email: l, text, is_resolved: true }
            }
        };
        Some(wrap_lines(&body.render().ok()?))
    }

    fn opening_hours(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

/// One file a kind and language.
#[derive(Template)]
enum SubscriberEmailTemplate<'a> {
    #[template(path = "emails/subscription_confirm.pl.txt")]
    ConfirmAddressPl { email: &'a SubscriberEmail<'a> },
    #[template(path = "emails/subscription_confirm.en.txt")]
    ConfirmAddressEn { email: &'a SubscriberEmail<'a> },
    #[template(path = "emails/subscription_update.pl.txt")]
    UpdatePl { email: &'a SubscriberEmail<'a>, text: &'a str, is_resolved: bool },
    #[template(path = "emails/subscription_update.en.txt")]
    UpdateEn { email: &'a SubscriberEmail<'a>, text: &'a str, is_resolved: bool },
}
