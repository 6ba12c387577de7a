//! Sessions: the cookie, the extractors [`Staff`] and [`PassiveStaff`], and the redirect to the login page.

use axum::{
    extract::{FromRef, FromRequestParts},
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
    token::{self, sha256},
    urls,
    web::{AppError, Client},
};

/// The last use of a session is stored at most this often.
const LAST_USED_PRECISION: Duration = Duration::minutes(1);

/// A staff member with a valid session. A handler with this parameter redirects other requests to the login page.
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

    /// The session in the form of [`crate::change_feed::SessionEnded`].
    pub fn session_hash(&self) -> String {
        hex::encode(self.token_hash)
    }

    /// Whether the session is still valid.
    pub async fn session_is_valid(&self, db: &mut PgConnection, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
        Ok(store::find_session(db, &self.token_hash, now).await?.is_some())
    }

    /// # Errors
    /// Returns [`AppError::Forbidden`] if the staff member is not an admin.
    pub fn require_admin(&self) -> Result<(), AppError> {
        match self.role {
            StaffRole::Admin => Ok(()),
            StaffRole::Agent => Err(AppError::Forbidden),
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Staff
where
    App: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Staff, Response> {
        authenticate(parts, &App::from_ref(state), true).await
    }
}

/// [`Staff`] for requests that an open page sends by itself. They do not prolong the session.
#[derive(Debug, Clone)]
pub struct PassiveStaff(pub Staff);

impl<S: Send + Sync> FromRequestParts<S> for PassiveStaff
where
    App: FromRef<S>,
{
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<PassiveStaff, Response> {
        authenticate(parts, &App::from_ref(state), false).await.map(PassiveStaff)
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

/// Redirects to the login page, which leads back to the requested page. After a POST it leads to the page of the form,
/// where the draft is restored.
fn redirect_to_login(app: &App, parts: &Parts) -> Response {
    let next = match parts.method {
        Method::GET => parts.uri.path_and_query().map(PathAndQuery::as_str),
        _ => referring_staff_page(app, &parts.headers),
    };
    // the login page leads to the queue by itself
    let next = next.filter(|path| *path != urls::staff::QUEUE).unwrap_or_default();
    Redirect::to(&urls::staff::login_before(next)).into_response()
}

fn referring_staff_page<'a>(app: &App, headers: &'a HeaderMap) -> Option<&'a str> {
    let page = headers.get(REFERER)?.to_str().ok()?.strip_prefix(&app.public_url)?;
    urls::staff::is_staff_page(page).then_some(page)
}

/// Starts a session and returns its cookie.
pub(super) async fn start_session(
    db: &mut PgConnection,
    app: &App,
    staff_id: Uuid,
    client: &Client,
    now: OffsetDateTime,
) -> Result<Cookie<'static>, sqlx::Error> {
    let token = token::random();
    store::insert_session(db, &sha256(&token), staff_id, client.ip, &client.user_agent, now).await?;
    Ok(session_cookie(app, token, SESSION_MAX_AGE))
}

/// The cookie that deletes the session cookie in the browser.
pub(super) fn expired_cookie(app: &App) -> Cookie<'static> {
    session_cookie(app, String::new(), Duration::ZERO)
}

fn session_cookie(app: &App, value: String, max_age: Duration) -> Cookie<'static> {
    build_cookie(app, cookie_name(app), value, max_age)
}

/// A cookie that scripts cannot read and other sites cannot use in forms.
pub(super) fn build_cookie(app: &App, name: &'static str, value: String, max_age: Duration) -> Cookie<'static> {
    Cookie::build((name, value))
        .path("/")
        .http_only(true)
        .same_site(SameSite::Lax)
        .secure(app.is_secure())
        .max_age(max_age)
        .build()
}

/// The prefix `__Host-` binds the cookie to this host and to HTTPS. Browsers accept it on loopback addresses too.
fn cookie_name(app: &App) -> &'static str {
    if app.is_secure() { "__Host-dzwoni" } else { "dzwoni" }
}
