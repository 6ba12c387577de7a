//! "Check my ticket": by reference and key, or by reference and email address, which sends the link again. Without the key
//! the page reveals nothing about a ticket, not even whether it exists.

use askama::Template;
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use time::OffsetDateTime;

use super::state::CustomerState;
use crate::{
    app::{App, Now},
    email_address::EmailAddress,
    i18n::UiMessage,
    tickets::{AccessKey, TicketReference, command::access_link},
    urls,
    web::{AppError, Client, Form, PublicLayout, form::single_line, render_html},
};

/// More characters than any key has.
const MAX_TYPED_KEY_LEN: usize = 100;

#[derive(Template)]
#[template(path = "customer/lookup.html")]
struct TicketLookupPage {
    page: PublicLayout,
    reference: String,
    key: String,
    email: String,
    reference_error: Option<UiMessage>,
    key_error: Option<UiMessage>,
    /// Errors of the second form, which sends the link.
    link_reference_error: Option<UiMessage>,
    email_error: Option<UiMessage>,
    is_access_denied: bool,
}

/// The same page whether an email is sent or not.
#[derive(Template)]
#[template(path = "customer/link_sent.html")]
struct LinkSentPage {
    page: PublicLayout,
}

pub(crate) async fn show(page: PublicLayout, uri: Uri) -> Result<Response, AppError> {
    if uri.query().is_none() {
        return Ok(render_html(&TicketLookupPage::new(page, String::new()))?.into_response());
    }
    let form = Form::from_query(&uri);
    let (reference, key) = (form.single_line("reference"), form.single_line("key"));
    let parsed = reference.parse::<TicketReference>();
    if let (Ok(reference), false) = (&parsed, key.is_empty()) {
        let url = urls::public::ticket(page.lang, reference, "", Some(&AccessKey(normalize_key(&key))));
        return Ok(Redirect::to(&url).into_response());
    }
    let key_error = key.is_empty().then(|| UiMessage::new("customer-access-key-missing"));
    let page = TicketLookupPage {
        key,
        reference_error: parsed.err(),
        key_error,
        ..TicketLookupPage::new(page.without_query(), reference)
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

/// The response to a request for a ticket's page without the right key.
pub(crate) fn render_access_denied(page: PublicLayout, reference: &str) -> Result<Response, AppError> {
    let reference_error = reference.parse::<TicketReference>().err();
    let page = TicketLookupPage {
        is_access_denied: reference_error.is_none(),
        reference_error,
        ..TicketLookupPage::new(page.without_query(), single_line(reference))
    };
    Ok((StatusCode::NOT_FOUND, render_html(&page)?).into_response())
}

/// Emails the link to the ticket's own address. The ticket is looked up after the response, so neither the response nor its
/// timing reveals whether the ticket exists.
pub(crate) async fn request_link(
    State(CustomerState { app, limits, .. }): State<CustomerState>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let (reference, email) = (form.single_line("reference"), form.single_line("email"));
    let (reference, email) = match (reference.parse::<TicketReference>(), email.parse::<EmailAddress>()) {
        (Ok(reference), Ok(email)) => (reference, email),
        (parsed_reference, parsed_email) => {
            let page = TicketLookupPage {
                email,
                link_reference_error: parsed_reference.err(),
                email_error: parsed_email.err().map(|_| UiMessage::new("report-email-invalid")),
                ..TicketLookupPage::new(page.without_query(), reference)
            };
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
        }
    };
    limits.link_requests.check(client.ip)?;
    tokio::spawn(async move {
        if let Err(error) = send_access_link(&app, &reference, &email, now).await {
            error.log();
        }
    });
    Ok(render_html(&LinkSentPage { page: page.without_query() })?.into_response())
}

async fn send_access_link(
    app: &App,
    reference: &TicketReference,
    email: &EmailAddress,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    let secret = app.signing_secret.get(&mut tx).await?;
    access_link::request_link(&mut tx, secret, reference, email.as_str(), now).await?;
    tx.commit().await?;
    Ok(())
}

/// Normalizes a key that was typed from paper: no dashes and spaces, capital letters, and digits in place of the letters
/// that look like them.
pub(crate) fn normalize_key(typed: &str) -> String {
    let capitals = typed.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_uppercase());
    let digits = capitals.map(|c| match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    });
    digits.take(MAX_TYPED_KEY_LEN).collect()
}

impl TicketLookupPage {
    fn new(page: PublicLayout, reference: String) -> TicketLookupPage {
        TicketLookupPage {
            page,
            reference,
            key: String::new(),
            email: String::new(),
            reference_error: None,
            key_error: None,
            link_reference_error: None,
            email_error: None,
            is_access_denied: false,
        }
    }

    fn format_message(&self, message: &Option<UiMessage>) -> Option<String> {
        message.as_ref().map(|message| self.page.format(message))
    }

    /// Each error as its field's element id and message.
    fn error_summary(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("reference", &self.reference_error),
            ("key", &self.key_error),
            ("sent-reference", &self.link_reference_error),
            ("email", &self.email_error),
        ];
        fields.into_iter().filter_map(|(field, error)| Some((field, self.format_message(error)?))).collect()
    }

    fn has_errors(&self) -> bool {
        self.is_access_denied || !self.error_summary().is_empty()
    }
}
