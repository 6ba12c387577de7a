//! Email subscriptions to an incident, for visitors without a ticket. The address is confirmed by email (double opt-in) and
//! deleted with one press. The link in an email proves access to the mailbox. The address alone gives access to nothing, and
//! the response to a subscription is always the same.

use askama::Template;
use axum::{
    Router,
    extract::{FromRef, FromRequestParts, Path},
    http::{StatusCode, request::Parts},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::Duration;

use super::{
    pages::{SUBSCRIBED_QUERY, build_page},
    request::{VisitorAction, redirect_to_incident},
};
use crate::{
    app::{App, Now},
    email_address::{EmailAddress, mask_email_address},
    emails::derive_subscriber_key,
    i18n::{Lang, UiMessage},
    incidents::{
        incident::IncidentState,
        store::{self, ConfirmationLimit, Subscriber},
    },
    tickets::AccessKey,
    urls,
    web::{AppError, Form, PublicLayout, RateLimitedState, rate_limit::INCIDENT_SUBSCRIBE_QUOTA, render_html},
};

/// Between two confirmation emails to an address about one incident.
const MIN_CONFIRMATION_INTERVAL: Duration = Duration::minutes(10);
/// Confirmation emails to an address about one incident.
const MAX_CONFIRMATION_EMAILS: i16 = 3;

pub(super) fn routes(app: App) -> Router<App> {
    Router::new()
        .route("/{lang}/incident/{id}/follow", post(subscribe).get(redirect_to_incident))
        .route("/{lang}/follow/{id}", get(show))
        .route("/{lang}/follow/{id}/confirm", post(confirm))
        .route("/{lang}/follow/{id}/end", post(unsubscribe))
        .with_state(RateLimitedState::new(app, &INCIDENT_SUBSCRIBE_QUOTA))
}

/// A subscriber's own page.
#[derive(Template)]
#[template(path = "incidents/subscription.html")]
struct SubscriptionPage {
    page: PublicLayout,
    /// `None` once the address is deleted.
    subscriber: Option<Subscriber>,
    id: i64,
    key: AccessKey,
}

impl SubscriptionPage {
    fn masked_email(&self, subscriber: &Subscriber) -> String {
        mask_email_address(&subscriber.email)
    }

    /// The URL of a form on the page.
    fn action_path(&self, suffix: &str) -> String {
        urls::public::subscription(self.page.lang, self.id, suffix, &self.key)
    }

    fn title_label(&self) -> &'static str {
        match &self.subscriber {
            None => "subscription-none",
            Some(subscriber) if subscriber.incident_state != IncidentState::Published => "subscription-incident-ended",
            Some(Subscriber { confirmed_at: None, .. }) => "subscription-confirm-title",
            Some(_) => "subscription-active",
        }
    }
}

/// Stores an address. The response does not tell whether the address was known, whether it was asked too often, or whether a
/// bot was detected.
async fn subscribe(action: VisitorAction, form: Form) -> Result<Response, AppError> {
    let email = form.single_line("email");
    let Ok(address) = email.parse::<EmailAddress>() else {
        let mut page = build_page(action.page.without_query(), action.incident);
        page.email_error = Some(UiMessage::new("report-email-invalid"));
        page.email = email;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    };
    action.check_rate_limit()?;
    let path = action.page_url();
    let VisitorAction { app, page, incident, now, .. } = action;
    if form.raw("website").is_empty() {
        let limit = ConfirmationLimit {
            last_asked_before: now - MIN_CONFIRMATION_INTERVAL,
            max_emails: MAX_CONFIRMATION_EMAILS,
        };
        store::request_subscription(&mut *app.db.acquire().await?, incident.id, (&address, page.lang), &limit, now)
            .await?;
    }
    Ok(Redirect::to(&format!("{path}?{SUBSCRIBED_QUERY}#news")).into_response())
}

/// A request with the link from an email: an extractor.
struct SubscriberAccess {
    app: App,
    id: i64,
    key: AccessKey,
    lang: Lang,
}

impl<S: Send + Sync> FromRequestParts<S> for SubscriberAccess
where
    App: FromRef<S>,
{
    type Rejection = AppError;

    /// A wrong key and an unknown subscriber have the same response.
    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<SubscriberAccess, AppError> {
        let app = App::from_ref(state);
        let path = Path::<(String, String)>::from_request_parts(parts, state).await;
        let Path((_, id)) = path.map_err(|_| AppError::NotFound)?;
        let lang = PublicLayout::from_uri(&app, &parts.uri)?.lang;
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let query = Form::from_query(&parts.uri);
        let key = AccessKey(query.raw("key").to_ascii_uppercase());
        let expected = derive_subscriber_key(app.signing_secret.get(&mut *app.db.acquire().await?).await?, id);
        if expected.hash() == key.hash() {
            Ok(SubscriberAccess { app, id, key, lang })
        } else {
            Err(AppError::NotFound)
        }
    }
}

impl SubscriberAccess {
    fn path(&self) -> String {
        urls::public::subscription(self.lang, self.id, "", &self.key)
    }

    async fn render_page(self) -> Result<Response, AppError> {
        let subscriber = store::find_subscriber(&mut *self.app.db.acquire().await?, self.id).await?;
        let page = PublicLayout::from_path(&self.app, &self.path()).ok_or(AppError::NotFound)?;
        Ok(render_html(&SubscriptionPage { page, subscriber, id: self.id, key: self.key })?.into_response())
    }
}

async fn show(access: SubscriberAccess) -> Result<Response, AppError> {
    access.render_page().await
}

/// The link itself does not confirm, because mail programs open links to check them.
async fn confirm(access: SubscriberAccess, Now(now): Now) -> Result<Redirect, AppError> {
    store::confirm_subscriber(&mut *access.app.db.acquire().await?, access.id, now).await?;
    Ok(Redirect::to(&access.path()))
}

/// Also handles one-click unsubscription, which has its own body and follows no redirect (RFC 8058, 3.1).
async fn unsubscribe(access: SubscriberAccess) -> Result<Response, AppError> {
    store::delete_subscriber(&mut *access.app.db.acquire().await?, access.id).await?;
    access.render_page().await
}
