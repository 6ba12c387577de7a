//! Emails to subscribers of an incident who have no ticket. Each contains the unsubscribe link.

use askama::Template;

use super::{store::ClaimedEmail, ticket_email::wrap_lines};
use crate::{
    app::App,
    i18n::{Lang, UiMessage},
    operator::Operator,
    signing::SigningSecret,
    tickets::{AccessKey, EmailKind},
    urls,
};

const SUBSCRIBER_KEY_DOMAIN: &str = "key to following an incident";

/// The key in the links of a subscriber's emails. Possession of it proves access to the mailbox.
pub fn derive_subscriber_key(secret: &SigningSecret, subscriber_id: i64) -> AccessKey {
    AccessKey(secret.derive_key(SUBSCRIBER_KEY_DOMAIN, subscriber_id.to_string()))
}

/// The data of an email to a subscriber.
pub(crate) struct SubscriberEmail<'a> {
    notice: SubscriberNotice<'a>,
    lang: Lang,
    incident_title: &'a str,
    incident_url: String,
    subscription_url: String,
    /// One-click unsubscribe URL for the mail program's own button.
    pub unsubscribe_url: String,
    /// Always false: there is no ticket for a reply. The shared footer template asks for it.
    can_reply: bool,
    operator: &'a Operator,
}

#[derive(Clone, Copy)]
enum SubscriberNotice<'a> {
    /// Asks the owner of the address whether they subscribed.
    ConfirmAddress,
    Update(&'a str),
    Resolved(&'a str),
}

impl<'a> SubscriberEmail<'a> {
    /// `None` when the text is missing, or the kind of email is only for tickets.
    pub(super) fn from_claimed(
        claimed: &'a ClaimedEmail,
        subscriber_id: i64,
        secret: &SigningSecret,
        app: &'a App,
    ) -> Option<SubscriberEmail<'a>> {
        let text = claimed.incident_text.as_deref();
        let notice = match claimed.kind {
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
        let key = derive_subscriber_key(secret, subscriber_id);
        let subscription_url = |below: &str| {
            format!("{}{}", app.public_url, urls::public::subscription(claimed.lang, subscriber_id, below, &key))
        };
        Some(SubscriberEmail {
            notice,
            lang: claimed.lang,
            incident_title: claimed.incident_title.as_deref()?,
            incident_url: format!("{}{}", app.public_url, urls::public::incident(claimed.lang, claimed.incident_id?)),
            subscription_url: subscription_url(""),
            unsubscribe_url: subscription_url("/end"),
            can_reply: false,
            operator: &app.operator,
        })
    }

    pub(super) fn subject(&self) -> String {
        let id = match self.notice {
            SubscriberNotice::ConfirmAddress => "email-subject-subscription-confirm",
            SubscriberNotice::Update(_) => "email-subject-subscription-update",
            SubscriberNotice::Resolved(_) => "email-subject-subscription-resolved",
        };
        self.lang.format(&UiMessage::new(id).with("title", self.incident_title))
    }

    pub(super) fn render_text(&'a self) -> Option<String> {
        let email = self;
        let template = match (self.notice, self.lang) {
            (SubscriberNotice::ConfirmAddress, Lang::Pl) => SubscriberEmailTemplate::ConfirmAddressPl { email },
            (SubscriberNotice::ConfirmAddress, Lang::En) => SubscriberEmailTemplate::ConfirmAddressEn { email },
            (SubscriberNotice::Update(text), Lang::Pl) => {
                SubscriberEmailTemplate::UpdatePl { email, text, is_resolved: false }
            }
            (SubscriberNotice::Update(text), Lang::En) => {
                SubscriberEmailTemplate::UpdateEn { email, text, is_resolved: false }
            }
            (SubscriberNotice::Resolved(text), Lang::Pl) => {
                SubscriberEmailTemplate::UpdatePl { email, text, is_resolved: true }
            }
            (SubscriberNotice::Resolved(text), Lang::En) => {
                SubscriberEmailTemplate::UpdateEn { email, text, is_resolved: true }
            }
        };
        Some(wrap_lines(&template.render().ok()?))
    }

    fn opening_hours(&self) -> String {
        self.operator.hours_text(self.lang)
    }
}

/// One file for each kind and language.
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
