//! "Check my ticket": reference and key, for those who have them on paper; reference and e-mail address, for those who lost
//! the link. Who has no key learns nothing here, not even whether there is such a ticket.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use time::OffsetDateTime;

use super::access::{CustomerRateLimits, normalize_key};
use crate::{
    app::{App, Now},
    email_address::is_email_address,
    i18n::UiMessage,
    tickets::{TicketReference, command::access_link},
    web::{
        AppError, Client, Form, PublicLayout,
        form::{percent_encode, single_line},
        render_html,
    },
};

#[derive(Template)]
#[template(path = "customer/lookup.html")]
struct TicketLookupPage {
    page: PublicLayout,
    reference: String,
    key: String,
    email: String,
    reference_error: Option<UiMessage>,
    key_error: Option<UiMessage>,
    /// Complaints of the second form.
    link_reference_error: Option<UiMessage>,
    email_error: Option<UiMessage>,
    is_access_denied: bool,
}

/// Always the same, whether the link goes out or not.
#[derive(Template)]
#[template(path = "customer/link_sent.html")]
struct LinkSentPage {
    page: PublicLayout,
}

pub(crate) async fn show(page: PublicLayout, uri: Uri) -> Result<Response, AppError> {
    let Some(query) = uri.query() else {
        return Ok(render_html(&TicketLookupPage::new(page, String::new()))?.into_response());
    };
    let form = Form::parse(query.as_bytes());
    let (reference, key) = (form.single_line("reference"), form.single_line("key"));
    let read = reference.parse::<TicketReference>();
    if let (Ok(reference), false) = (&read, key.is_empty()) {
        let address = format!("/{}/ticket/{reference}?key={}", page.lang, percent_encode(&normalize_key(&key)));
        return Ok(Redirect::to(&address).into_response());
    }
    let wrong_key = key.is_empty().then(|| UiMessage::new("customer-access-key-missing"));
    let page = TicketLookupPage {
        key,
        reference_error: read.err(),
        key_error: wrong_key,
        ..TicketLookupPage::new(page.without_query(), reference)
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

/// Whom the key does not open the door to.
pub(crate) fn render_access_denied(page: PublicLayout, typed: &str) -> Result<Response, AppError> {
    let wrong_reference = typed.parse::<TicketReference>().err();
    let refused = wrong_reference.is_none();
    let page = TicketLookupPage {
        reference_error: wrong_reference,
        is_access_denied: refused,
        ..TicketLookupPage::new(page.without_query(), single_line(typed))
    };
    Ok((StatusCode::NOT_FOUND, render_html(&page)?).into_response())
}

/// Sends the link to the ticket's own e-mail address. What is found out about the ticket is found out after the answer, so
/// neither its words nor its time tell anything.
pub(crate) async fn request_link(
    State(app): State<App>,
    Extension(limits): Extension<Arc<CustomerRateLimits>>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let (reference, email) = (form.single_line("reference"), form.single_line("email"));
    let read = reference.parse::<TicketReference>();
    let wrong_email = (!is_email_address(&email)).then(|| UiMessage::new("report-email-invalid"));
    let reference = match (read, &wrong_email) {
        (Ok(reference), None) => reference,
        (read, _) => {
            let page = TicketLookupPage {
                email,
                link_reference_error: read.err(),
                email_error: wrong_email,
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
    email: &str,
    now: OffsetDateTime,
) -> Result<(), AppError> {
    let mut tx = app.db.begin().await?;
    access_link::request_link(&mut tx, reference, email, now).await?;
    tx.commit().await?;
    Ok(())
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

    fn format_message(&self, say: &Option<UiMessage>) -> Option<String> {
        say.as_ref().map(|say| self.page.format(say))
    }

    /// What has to be put right: the field and the sentence.
    fn error_summary(&self) -> Vec<(&'static str, String)> {
        let fields = [
            ("reference", &self.reference_error),
            ("key", &self.key_error),
            ("sent-reference", &self.link_reference_error),
            ("email", &self.email_error),
        ];
        fields.into_iter().filter_map(|(field, say)| Some((field, self.format_message(say)?))).collect()
    }

    fn has_errors(&self) -> bool {
        self.is_access_denied || !self.error_summary().is_empty()
    }
}
