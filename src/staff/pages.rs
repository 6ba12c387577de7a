//! Login, logout, invitation links, and `/staff/account`, the staff member's own account.

use std::sync::Arc;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use time::OffsetDateTime;

use super::{
    FREE_FAILURES_PER_ACCOUNT, FREE_FAILURES_PER_ACCOUNT_AND_IP, Password, Staff, StaffLayout, accounts,
    hash_queue::HashPriority,
    known_browser::{self, KnownBrowser},
    password::verify,
    session,
    store::{self, ActiveSession, ThrottleKey},
};
use crate::{
    app::{App, Now},
    i18n::{Label, Lang, UiMessage},
    local_time,
    token::sha256,
    urls,
    web::{
        AppError, Client, Form, QueryForm, RateLimitedState,
        rate_limit::{ClientRateLimiter, SIGN_IN_QUOTA, client_network},
        render_html,
    },
};

pub fn routes(app: App) -> Router<App> {
    let login_state = RateLimitedState::new(app, &SIGN_IN_QUOTA);
    Router::new()
        .route("/staff/login", get(show_login).post(sign_in).with_state(login_state))
        .route("/staff/logout", post(sign_out))
        .route("/staff/welcome/{token}", get(show_invitation).post(accept_invitation))
        .route("/staff/account", get(show_account))
        .route("/staff/account/language", post(update_lang))
        .route("/staff/account/password", post(change_password))
        .route("/staff/account/sessions", post(sign_out_everywhere))
        .merge(accounts::routes())
}

#[derive(Template)]
#[template(path = "staff/login.html")]
struct LoginPage {
    app: App,
    lang: Lang,
    next: String,
    email: String,
    error: Option<UiMessage>,
}

async fn show_login(
    State(app): State<App>,
    QueryForm(query): QueryForm,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let lang = request_lang(query.raw("lang"), &headers);
    let page = LoginPage { app, lang, next: safe_next(query.raw("next")), email: String::new(), error: None };
    Ok(render_html(&page)?.into_response())
}

async fn sign_in(
    State(app): State<App>,
    State(rate_limiter): State<Arc<ClientRateLimiter>>,
    Now(now): Now,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    form: Form,
) -> Result<Response, AppError> {
    rate_limiter.check(client.ip)?;
    let lang = request_lang(form.raw("lang"), &headers);
    let (next, email) = (safe_next(form.raw("next")), form.single_line("email").to_lowercase());

    let mut tx = app.db.begin().await?;
    let secret = app.signing_secret.get(&mut tx).await?;
    let known_browser = KnownBrowser::find(&app, &jar, secret, &email);
    let (throttles, priority) = match &known_browser {
        Some(browser) => {
            (vec![(format!("browser:{}", browser.id()), FREE_FAILURES_PER_ACCOUNT_AND_IP)], HashPriority::Known)
        }
        None => {
            let here = (format!("here:{} {email}", client_network(client.ip)), FREE_FAILURES_PER_ACCOUNT_AND_IP);
            (vec![here, (format!("anywhere:{email}"), FREE_FAILURES_PER_ACCOUNT)], HashPriority::Unknown)
        }
    };
    let (throttle_keys, free_failures): (Vec<_>, Vec<_>) =
        throttles.into_iter().map(|(key, free)| (ThrottleKey::new(key), free)).unzip();
    for (key, free) in throttle_keys.iter().zip(free_failures) {
        if let Some(delay) = store::register_attempt(&mut tx, key, free, now).await? {
            let seconds = delay.whole_seconds() + 1;
            let error = Some(UiMessage::new("login-locked-out").with("seconds", seconds));
            let page = render_html(&LoginPage { app: app.clone(), lang, next, email, error })?;
            let retry_after = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
            return Ok((StatusCode::TOO_MANY_REQUESTS, retry_after, page).into_response());
        }
    }
    let account = store::find_by_email(&mut tx, &email).await?;
    tx.commit().await?;

    let password_hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let is_correct = verify(form.raw("password").to_owned(), password_hash, priority).await?;
    let Some(account) = account.filter(|_| is_correct) else {
        let page = render_html(&LoginPage {
            app: app.clone(),
            lang,
            next,
            email,
            error: Some(UiMessage::new("login-failed")),
        })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut tx = app.db.begin().await?;
    store::reset_login_failures(&mut tx, &throttle_keys).await?;
    let cookie = session::start_session(&mut tx, &app, account.id, &client, now).await?;
    tx.commit().await?;
    let mut jar = jar.add(cookie);
    if known_browser.is_none() {
        jar = jar.add(known_browser::new_cookie(&app, secret, &email));
    }
    let target = if next.is_empty() { urls::staff::QUEUE } else { &next };
    Ok((jar, Redirect::to(target)).into_response())
}

async fn sign_out(State(app): State<App>, staff: Staff, jar: CookieJar) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    store::delete_session(&mut db, &staff.token_hash).await?;
    Ok((jar.add(session::expired_cookie(&app)), Redirect::to(urls::staff::LOGIN)).into_response())
}

async fn sign_out_everywhere(State(app): State<App>, staff: Staff, jar: CookieJar) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    store::delete_all_sessions(&mut db, staff.id).await?;
    Ok((jar.add(session::expired_cookie(&app)), Redirect::to(urls::staff::LOGIN)).into_response())
}

#[derive(Template)]
#[template(path = "staff/set_password.html")]
struct SetPasswordPage {
    app: App,
    lang: Lang,
    /// `None` if the link was used, is too old or is unknown.
    invited: Option<InvitedStaff>,
    error: Option<UiMessage>,
}

struct InvitedStaff {
    name: String,
    email: String,
}

async fn show_invitation(
    State(app): State<App>,
    Path(token): Path<String>,
    QueryForm(query): QueryForm,
    Now(now): Now,
    headers: HeaderMap,
) -> Result<Response, AppError> {
    let lang = request_lang(query.raw("lang"), &headers);
    let mut db = app.db.acquire().await?;
    let account = store::find_invited(&mut db, &sha256(&token), now).await?;
    let status = if account.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let invited = account.map(|account| InvitedStaff { name: account.name, email: account.email });
    let page = render_html(&SetPasswordPage { app: app.clone(), lang, invited, error: None })?;
    Ok((status, page).into_response())
}

async fn accept_invitation(
    State(app): State<App>,
    Path(token): Path<String>,
    Now(now): Now,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    form: Form,
) -> Result<Response, AppError> {
    let lang = request_lang(form.raw("lang"), &headers);
    let token_hash = sha256(&token);
    let mut tx = app.db.begin().await?;
    let page = |invited, error| SetPasswordPage { app: app.clone(), lang, invited, error };
    let Some(account) = store::find_invited(&mut tx, &token_hash, now).await? else {
        return Ok((StatusCode::NOT_FOUND, render_html(&page(None, None))?).into_response());
    };
    let password = match Password::new(form.raw("password"), &account.email) {
        Ok(password) => password,
        Err(error) => {
            let invited = Some(InvitedStaff { name: account.name, email: account.email });
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page(invited, Some(error)))?).into_response());
        }
    };
    let password_hash = password.hash().await?;
    if !store::delete_invitation(&mut tx, &token_hash).await? {
        return Ok((StatusCode::NOT_FOUND, render_html(&page(None, None))?).into_response());
    }
    store::set_password(&mut tx, account.id, &password_hash).await?;
    store::set_lang(&mut tx, account.id, lang).await?;
    let cookie = session::start_session(&mut tx, &app, account.id, &client, now).await?;
    tx.commit().await?;
    Ok((jar.add(cookie), Redirect::to(urls::staff::QUEUE)).into_response())
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    frame: StaffLayout,
    sessions: Vec<ActiveSession>,
    /// A field and its error.
    field_error: Option<(&'static str, UiMessage)>,
    password_changed: bool,
}

impl AccountPage {
    fn error_for(&self, field: &str) -> Option<String> {
        let (_, message) = self.field_error.as_ref().filter(|(name, _)| *name == field)?;
        Some(self.frame.lang().format(message))
    }

    fn is_current(&self, session: &ActiveSession) -> bool {
        session.token_hash == self.frame.staff.token_hash
    }

    fn format_date_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_date_time(*at))
    }
}

async fn show_account(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, AppError> {
    Ok(render_html(&build_account_page(&app, &staff, None, false, now).await?)?.into_response())
}

async fn build_account_page(
    app: &App,
    staff: &Staff,
    field_error: Option<(&'static str, UiMessage)>,
    password_changed: bool,
    now: OffsetDateTime,
) -> Result<AccountPage, AppError> {
    let mut db = app.db.acquire().await?;
    let sessions = store::list_active_sessions(&mut db, staff.id, now).await?;
    Ok(AccountPage { frame: StaffLayout::new(app, staff, "account"), sessions, field_error, password_changed })
}

async fn update_lang(
    State(app): State<App>,
    staff: Staff,
    headers: HeaderMap,
    form: Form,
) -> Result<Redirect, AppError> {
    let lang = Lang::from_code(form.raw("lang")).ok_or(AppError::BadRequest)?;
    let mut db = app.db.acquire().await?;
    store::set_lang(&mut db, staff.id, lang).await?;
    // back to the page on which the language was switched
    let referer = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = referer.find(urls::staff::QUEUE).map_or(urls::staff::QUEUE, |at| &referer[at..]);
    Ok(Redirect::to(&safe_next(path)))
}

async fn change_password(
    State(app): State<App>,
    staff: Staff,
    client: Client,
    Now(now): Now,
    jar: CookieJar,
    form: Form,
) -> Result<Response, AppError> {
    let throttle_key = [ThrottleKey::new(format!("change:{}", staff.id))];
    // the new password is checked first: one that is too short does not count as a failed attempt
    let password = match Password::new(form.raw("password"), &staff.email) {
        Ok(password) => match check_current_password(&app, &staff, &throttle_key[0], form.raw("current"), now).await? {
            None => Ok(password),
            Some(error) => Err(("current", error)),
        },
        Err(error) => Err(("password", error)),
    };
    let password_hash = match password {
        Ok(password) => password.hash().await?,
        Err(field_error) => {
            let page = build_account_page(&app, &staff, Some(field_error), false, now).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    store::reset_login_failures(&mut tx, &throttle_key).await?;
    store::set_password(&mut tx, staff.id, &password_hash).await?;
    let cookie = session::start_session(&mut tx, &app, staff.id, &client, now).await?;
    tx.commit().await?;
    let page = render_html(&build_account_page(&app, &staff, None, true, now).await?)?;
    Ok((jar.add(cookie), page).into_response())
}

/// Checks the current password and counts the attempt. Returns the error to show.
async fn check_current_password(
    app: &App,
    staff: &Staff,
    throttle_key: &ThrottleKey,
    password: &str,
    now: OffsetDateTime,
) -> Result<Option<UiMessage>, AppError> {
    let mut tx = app.db.begin().await?;
    let delay = store::register_attempt(&mut tx, throttle_key, FREE_FAILURES_PER_ACCOUNT_AND_IP, now).await?;
    let password_hash = store::find_by_email(&mut tx, &staff.email).await?.and_then(|account| account.password_hash);
    tx.commit().await?;
    if let Some(delay) = delay {
        return Ok(Some(UiMessage::new("login-locked-out").with("seconds", delay.whole_seconds() + 1)));
    }
    let is_correct = verify(password.to_owned(), password_hash, HashPriority::Known).await?;
    Ok((!is_correct).then(|| UiMessage::new("password-current-invalid")))
}

/// Returns `next` if it is a staff page, otherwise an empty string. A link to the login page must not lead to another
/// site.
fn safe_next(next: &str) -> String {
    let is_plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if urls::staff::is_staff_page(next) && is_plain && !next.starts_with("/staff/log") {
        next.to_owned()
    } else {
        String::new()
    }
}

fn request_lang(code: &str, headers: &HeaderMap) -> Lang {
    Lang::from_code(code).unwrap_or_else(|| {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::from_accept_language(header.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::safe_next;

    #[test]
    fn login_redirects_only_to_staff_pages() {
        assert_eq!(safe_next("/staff/tickets/DZ-1?x=2"), "/staff/tickets/DZ-1?x=2");
        assert_eq!(safe_next("/staff?view=mine"), "/staff?view=mine");
        for next in
            ["", "https://evil.example/staff", "//evil.example", "/staffx", "/staff/\\evil", "/staff/logout", "/pl"]
        {
            assert_eq!(safe_next(next), "", "{next}");
        }
    }
}
