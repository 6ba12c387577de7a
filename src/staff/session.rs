//! Who is signed in.

use axum::{
    extract::FromRequestParts,
    http::{HeaderMap, Method, header::REFERER, request::Parts, uri::PathAndQuery},
    response::{IntoResponse, Redirect, Response},
};
use axum_extra::extract::cookie::{Cookie, CookieJar, SameSite};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{SESSION_MAX_AGE, StaffMember, StaffRole, store};
use crate::{
    app::{App, Now},
    i18n::Lang,
    token::{self, hex, sha256},
    web::{AppError, Client, form},
};

/// How exactly a session's last use is kept.
const LAST_USED_PRECISION: Duration = Duration::minutes(1);

/// A signed-in member of staff. A handler that takes one is closed to everybody else: they are sent to sign in.
#[derive(Debug, Clone)]
pub struct Staff {
    pub id: Uuid,
    pub email: String,
    pub name: String,
    pub role: StaffRole,
    pub lang: Lang,
    pub(super) token_hash: [u8; 32],
}

impl Staff {
    pub fn to_member(&self) -> StaffMember {
        StaffMember { id: self.id, name: self.name.clone() }
    }

    /// The session as [`crate::change_feed::SessionOver`] names it.
    pub fn session_hash(&self) -> String {
        hex(&self.token_hash)
    }

    /// Whether the session goes on.
    ///
    /// # Errors
    /// When the database is away.
    pub async fn session_is_valid(&self, db: &mut PgConnection, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
        Ok(store::find_session(db, &self.token_hash, now).await?.is_some())
    }

    /// # Errors
    /// [`Error::Forbidden`] for everybody but admins.
    pub fn require_admin(&self) -> Result<(), AppError> {
        match self.role {
            StaffRole::Admin => Ok(()),
            StaffRole::Agent => Err(AppError::Forbidden),
        }
    }
}

impl FromRequestParts<App> for Staff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Staff, Response> {
        authenticate(parts, app, true).await
    }
}

/// The same in a request that an open page sends by itself: no sign that somebody is there, so the session ends as if it
/// had not been.
#[derive(Debug, Clone)]
pub struct PassiveStaff(pub Staff);

impl FromRequestParts<App> for PassiveStaff {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<PassiveStaff, Response> {
        authenticate(parts, app, false).await.map(PassiveStaff)
    }
}

async fn authenticate(parts: &mut Parts, app: &App, touch: bool) -> Result<Staff, Response> {
    let Now(now) = Now::from_request_parts(parts, app).await.unwrap_or_else(|never| match never {});
    let jar = CookieJar::from_headers(&parts.headers);
    match find_by_cookie(app, &jar, touch, now).await {
        Ok(Some(staff)) => Ok(staff),
        Ok(None) => Err(redirect_to_login(app, parts)),
        Err(error) => Err(error.into_response()),
    }
}

async fn find_by_cookie(
    app: &App,
    jar: &CookieJar,
    touch: bool,
    now: OffsetDateTime,
) -> Result<Option<Staff>, AppError> {
    let Some(cookie) = jar.get(cookie_name(app)) else { return Ok(None) };
    let token_hash = sha256(cookie.value());
    let mut db = app.db.acquire().await?;
    let Some(row) = store::find_session(&mut db, &token_hash, now).await? else { return Ok(None) };
    if touch && now - row.last_seen_at > LAST_USED_PRECISION {
        store::touch_session(&mut db, &token_hash, now).await?;
    }
    Ok(Some(Staff { id: row.id, email: row.email, name: row.name, role: row.role, lang: row.lang, token_hash }))
}

/// Sends a visitor to the sign-in page and, after it, back to where they were going; from a form, back to its page, where the
/// draft of what they wrote is.
fn redirect_to_login(app: &App, parts: &Parts) -> Response {
    let wanted = match parts.method {
        Method::GET => parts.uri.path_and_query().map(PathAndQuery::as_str),
        _ => referring_staff_page(app, &parts.headers),
    };
    match wanted.filter(|wanted| *wanted != "/staff") {
        Some(wanted) => Redirect::to(&format!("/staff/login?next={}", form::percent_encode(wanted))).into_response(),
        None => Redirect::to("/staff/login").into_response(),
    }
}

fn referring_staff_page<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let page = headers.get(REFERER)?.to_str().ok()?.strip_prefix(&app.public_url)?;
    page.starts_with("/staff/").then_some(page)
}

/// Begins a session and gives the cookie that carries it.
pub async fn start_session(
    db: &mut PgConnection,
    app: &App,
    staff: Uuid,
    client: &Client,
    now: OffsetDateTime,
) -> Result<Cookie<'static>, sqlx::Error> {
    let token = token::random();
    store::insert_session(db, &sha256(&token), staff, client.ip, &client.user_agent, now).await?;
    Ok(session_cookie(app, token, SESSION_MAX_AGE))
}

/// The cookie that takes the session away from the browser.
pub fn expired_cookie(app: &App) -> Cookie<'static> {
    session_cookie(app, String::new(), Duration::ZERO)
}

fn session_cookie(app: &App, value: String, age: Duration) -> Cookie<'static> {
    Cookie::build((cookie_name(app), value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_secure())
        .max_age(age)
        .build()
}

/// `__Host-` binds the cookie to this host and to HTTPS; browsers take it on this machine's own addresses too.
fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-dzwoni" } else { "dzwoni" }
}
