//! News of an incident for who has no ticket: an e-mail address, asked by letter whether it is right, and forgotten with one
//! press. Who has the link in such a letter reads that mailbox; the address alone opens nothing, and the answer to who gives
//! one is always the same.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State as AppState},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::Duration;

use super::{
    IncidentState,
    me_too::redirect_to_incident,
    public::{SUBSCRIBED_QUERY, build_page},
    store::{self, ConfirmationLimit, Subscriber},
};
use crate::{
    app::{App, Now},
    email_address::{is_email_address, mask_email_address},
    emails::derive_subscriber_key,
    i18n::{Lang, UiMessage},
    tickets::{AccessKey, CachedSecret},
    web::{
        AppError, Client, Form, PublicLayout,
        rate_limit::{ClientRateLimiter, INCIDENT_SUBSCRIBE_QUOTA},
        render_html,
    },
};

/// How long an address is not asked again,
const MIN_CONFIRMATION_INTERVAL: Duration = Duration::minutes(10);
/// and how often it is asked about one incident.
const MAX_CONFIRMATION_EMAILS: i16 = 3;

/// The limit, and the secret that keys are made from.
struct SubscriptionState {
    rate_limiter: ClientRateLimiter,
    signing_secret: CachedSecret,
}

pub fn routes() -> Router<App> {
    let door = SubscriptionState {
        rate_limiter: ClientRateLimiter::new(&INCIDENT_SUBSCRIBE_QUOTA),
        signing_secret: CachedSecret::default(),
    };
    Router::new()
        .route("/{lang}/incident/{id}/follow", post(subscribe).get(redirect_to_incident))
        .route("/{lang}/follow/{id}", get(show))
        .route("/{lang}/follow/{id}/confirm", post(confirm))
        .route("/{lang}/follow/{id}/end", post(unsubscribe))
        .layer(Extension(Arc::new(door)))
}

/// A follower's own page.
#[derive(Template)]
#[template(path = "incidents/subscription.html")]
struct SubscriptionPage {
    page: PublicLayout,
    /// Nobody, once the address is forgotten.
    subscriber: Option<Subscriber>,
    id: i64,
    key: AccessKey,
}

impl SubscriptionPage {
    fn masked_email(&self, follower: &Subscriber) -> String {
        mask_email_address(&follower.email)
    }

    /// Where a form of the page leads.
    fn action_path(&self, below: &str) -> String {
        format!("/{}/follow/{}{below}?key={}", self.page.lang, self.id, self.key.0)
    }

    fn title_label(&self) -> &'static str {
        match &self.subscriber {
            None => "subscription-none",
            Some(follower) if follower.incident_state != IncidentState::Published => "subscription-incident-ended",
            Some(Subscriber { confirmed_at: None, .. }) => "subscription-confirm-title",
            Some(_) => "subscription-active",
        }
    }
}

/// Writes an address down. Nothing tells whether it was known, was asked too often, or is a robot's.
async fn subscribe(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<SubscriptionState>>,
    Path((_, id)): Path<(String, String)>,
    page: PublicLayout,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let notice = id.parse().ok().and_then(|id| app.public_incidents.find(id)).ok_or(AppError::NotFound)?;
    let address = notice.path(&page.lang);
    if notice.is_resolved() {
        return Ok(Redirect::to(&address).into_response());
    }
    let email = form.single_line("email");
    let lang = page.lang;
    if !is_email_address(&email) {
        let mut page = build_page(page.without_query(), notice);
        page.email_error = Some(UiMessage::new("report-email-invalid"));
        page.email = email;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    door.rate_limiter.check(client.ip)?;
    if form.raw("website").is_empty() {
        let pace = ConfirmationLimit {
            last_asked_before: now - MIN_CONFIRMATION_INTERVAL,
            max_emails: MAX_CONFIRMATION_EMAILS,
        };
        store::request_subscription(&mut *app.db.acquire().await?, notice.id, (email.as_str(), lang), &pace, now)
            .await?;
    }
    Ok(Redirect::to(&format!("{address}?{SUBSCRIBED_QUERY}#news")).into_response())
}

/// Who comes by the link of a letter.
struct SubscriberAccess {
    app: App,
    id: i64,
    key: AccessKey,
    lang: Lang,
}

impl SubscriberAccess {
    /// Nobody else learns whether there is such a follower.
    async fn authenticate(
        app: App,
        door: &SubscriptionState,
        id: &str,
        uri: &Uri,
    ) -> Result<SubscriberAccess, AppError> {
        let lang = PublicLayout::from_uri(&app, uri)?.lang;
        let id = id.parse().map_err(|_| AppError::NotFound)?;
        let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
        let key = AccessKey(query.raw("key").to_ascii_uppercase());
        let right = derive_subscriber_key(door.signing_secret.secret(&mut *app.db.acquire().await?).await?, id);
        if right.hash() == key.hash() { Ok(SubscriberAccess { app, id, key, lang }) } else { Err(AppError::NotFound) }
    }

    /// Where the link leads.
    fn path(&self) -> String {
        format!("/{}/follow/{}?key={}", self.lang, self.id, self.key.0)
    }

    async fn render_page(self) -> Result<Response, AppError> {
        let follower = store::find_subscriber(&mut *self.app.db.acquire().await?, self.id).await?;
        let page = PublicLayout::from_path(&self.app, &self.path()).ok_or(AppError::NotFound)?;
        Ok(render_html(&SubscriptionPage { page, subscriber: follower, id: self.id, key: self.key })?.into_response())
    }
}

async fn show(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<SubscriptionState>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, AppError> {
    SubscriberAccess::authenticate(app, &door, &id, &uri).await?.render_page().await
}

/// A button and not the link itself: mail programs open links to look at them.
async fn confirm(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<SubscriptionState>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
    Now(now): Now,
) -> Result<Response, AppError> {
    let guest = SubscriberAccess::authenticate(app, &door, &id, &uri).await?;
    store::confirm_subscriber(&mut *guest.app.db.acquire().await?, guest.id, now).await?;
    Ok(Redirect::to(&guest.path()).into_response())
}

/// Also what a mail program's own button sends, whose body is not ours; it follows no redirect (RFC 8058, 3.1).
async fn unsubscribe(
    AppState(app): AppState<App>,
    Extension(door): Extension<Arc<SubscriptionState>>,
    Path((_, id)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, AppError> {
    let guest = SubscriberAccess::authenticate(app, &door, &id, &uri).await?;
    store::delete_subscriber(&mut *guest.app.db.acquire().await?, guest.id).await?;
    guest.render_page().await
}
