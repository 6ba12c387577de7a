//! Signing in and out, the one-time link, and a person's own account.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, Query, State},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use axum_extra::extract::cookie::CookieJar;
use serde::Deserialize;
use time::OffsetDateTime;

use super::{
    FREE_FAILURES_ANYWHERE, FREE_FAILURES_HERE, Frame, Password, Staff, accounts,
    password::verify,
    session,
    store::{self, OpenSession, Subject},
};
use crate::{
    app::{App, Now},
    token::hash,
    web::{
        Client, Error, Form, html,
        limit::{Limit, SIGN_INS},
    },
    words::{Lang, Say},
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/login", get(login).post(sign_in))
        .layer(Extension(Arc::new(Limit::new(&SIGN_INS))))
        .route("/staff/logout", post(sign_out))
        .route("/staff/welcome/{token}", get(welcome).post(accept))
        .route("/staff/account", get(account))
        .route("/staff/account/language", post(set_lang))
        .route("/staff/account/password", post(change_password))
        .route("/staff/account/sessions", post(sign_out_everywhere))
        .merge(accounts::routes())
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    next: String,
    lang: String,
}

/// Signing in, and setting a password by a one-time link: pages before anybody is known.
#[derive(Template)]
#[template(path = "staff/login.html")]
struct LoginPage {
    app: App,
    lang: Lang,
    next: String,
    email: String,
    wrong: Option<Say>,
}

async fn login(State(app): State<App>, Query(asked): Query<Asked>, headers: HeaderMap) -> Result<Response, Error> {
    let lang = lang_of(&asked.lang, &headers);
    let page = LoginPage { app, lang, next: within(&asked.next), email: String::new(), wrong: None };
    Ok(html(&page)?.into_response())
}

async fn sign_in(
    State(app): State<App>,
    Extension(limit): Extension<Arc<Limit>>,
    Now(now): Now,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    form: Form,
) -> Result<Response, Error> {
    limit.check(client.ip)?;
    let lang = lang_of(form.raw("lang"), &headers);
    let (next, email) = (within(form.raw("next")), form.line("email").to_lowercase());
    let subjects = [format!("here:{} {email}", client.ip), format!("anywhere:{email}")].map(Subject::of);
    let free = [FREE_FAILURES_HERE, FREE_FAILURES_ANYWHERE];

    let mut tx = app.db.begin().await?;
    for (subject, free) in subjects.iter().zip(free) {
        if let Some(wait) = store::attempt(&mut tx, subject, free, now).await? {
            let seconds = wait.whole_seconds() + 1;
            let wrong = Some(Say::new("login-pause").with("seconds", seconds));
            let page = html(&LoginPage { app: app.clone(), lang, next, email, wrong })?;
            let retry = [(header::RETRY_AFTER, HeaderValue::from(seconds))];
            return Ok((StatusCode::TOO_MANY_REQUESTS, retry, page).into_response());
        }
    }
    let account = store::find(&mut tx, &email).await?;
    tx.commit().await?;

    let password_hash = account.as_ref().and_then(|account| account.password_hash.clone());
    let right = verify(form.raw("password").to_owned(), password_hash).await?;
    let Some(account) = account.filter(|_| right) else {
        let page = html(&LoginPage { app: app.clone(), lang, next, email, wrong: Some(Say::new("login-wrong")) })?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    let mut tx = app.db.begin().await?;
    store::forgive(&mut tx, &subjects).await?;
    let cookie = session::begin(&mut tx, &app, account.id, &client, now).await?;
    tx.commit().await?;
    let to = if next.is_empty() { "/staff" } else { &next };
    Ok((jar.add(cookie), Redirect::to(to)).into_response())
}

async fn sign_out(State(app): State<App>, staff: Staff, jar: CookieJar) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    store::end_session(&mut db, &staff.token_hash).await?;
    Ok((jar.add(session::no_cookie(&app)), Redirect::to("/staff/login")).into_response())
}

async fn sign_out_everywhere(State(app): State<App>, staff: Staff, jar: CookieJar) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    store::end_all_sessions(&mut db, staff.id).await?;
    Ok((jar.add(session::no_cookie(&app)), Redirect::to("/staff/login")).into_response())
}

#[derive(Template)]
#[template(path = "staff/welcome.html")]
struct WelcomePage {
    app: App,
    lang: Lang,
    /// `None` when the link is used up, too old or wrong.
    who: Option<Invited>,
    wrong: Option<Say>,
}

struct Invited {
    name: String,
    email: String,
}

async fn welcome(
    State(app): State<App>,
    Path(token): Path<String>,
    Query(asked): Query<Asked>,
    Now(now): Now,
    headers: HeaderMap,
) -> Result<Response, Error> {
    let lang = lang_of(&asked.lang, &headers);
    let mut db = app.db.read().await?;
    let who = store::invited(&mut db, &hash(&token), now).await?;
    let status = if who.is_some() { StatusCode::OK } else { StatusCode::NOT_FOUND };
    let who = who.map(|account| Invited { name: account.name, email: account.email });
    let page = html(&WelcomePage { app: app.clone(), lang, who, wrong: None })?;
    Ok((status, page).into_response())
}

async fn accept(
    State(app): State<App>,
    Path(token): Path<String>,
    Now(now): Now,
    client: Client,
    headers: HeaderMap,
    jar: CookieJar,
    form: Form,
) -> Result<Response, Error> {
    let lang = lang_of(form.raw("lang"), &headers);
    let token_hash = hash(&token);
    let mut tx = app.db.begin().await?;
    let page = |who, wrong| WelcomePage { app: app.clone(), lang, who, wrong };
    let Some(account) = store::invited(&mut tx, &token_hash, now).await? else {
        return Ok((StatusCode::NOT_FOUND, html(&page(None, None))?).into_response());
    };
    let password = match Password::new(form.raw("password"), &account.email) {
        Ok(password) => password,
        Err(wrong) => {
            let who = Some(Invited { name: account.name, email: account.email });
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page(who, Some(wrong)))?).into_response());
        }
    };
    let password_hash = password.hash().await?;
    if !store::accept(&mut tx, &token_hash).await? {
        return Ok((StatusCode::NOT_FOUND, html(&page(None, None))?).into_response());
    }
    store::set_password(&mut tx, account.id, &password_hash).await?;
    store::set_lang(&mut tx, account.id, lang).await?;
    let cookie = session::begin(&mut tx, &app, account.id, &client, now).await?;
    tx.commit().await?;
    Ok((jar.add(cookie), Redirect::to("/staff")).into_response())
}

#[derive(Template)]
#[template(path = "staff/account.html")]
struct AccountPage {
    frame: Frame,
    sessions: Vec<OpenSession>,
    /// The field and what is wrong with it.
    wrong: Option<(&'static str, Say)>,
    changed: bool,
}

impl AccountPage {
    fn wrong(&self, field: &str) -> Option<String> {
        let (_, say) = self.wrong.as_ref().filter(|(name, _)| *name == field)?;
        Some(self.frame.lang().say(say))
    }

    fn is_this(&self, session: &OpenSession) -> bool {
        session.token_hash == self.frame.staff.token_hash
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::short_moment(*at))
    }
}

async fn account(State(app): State<App>, staff: Staff, Now(now): Now) -> Result<Response, Error> {
    Ok(html(&account_page(&app, &staff, None, false, now).await?)?.into_response())
}

async fn account_page(
    app: &App,
    staff: &Staff,
    wrong: Option<(&'static str, Say)>,
    changed: bool,
    now: OffsetDateTime,
) -> Result<AccountPage, Error> {
    let mut db = app.db.read().await?;
    let sessions = store::open_sessions(&mut db, staff.id, now).await?;
    Ok(AccountPage { frame: Frame::new(app, staff, "account"), sessions, wrong, changed })
}

async fn set_lang(State(app): State<App>, staff: Staff, headers: HeaderMap, form: Form) -> Result<Redirect, Error> {
    let lang = Lang::from_code(form.raw("lang")).ok_or(Error::BadRequest)?;
    let mut db = app.db.read().await?;
    store::set_lang(&mut db, staff.id, lang).await?;
    // back to the page with the switch
    let from = headers.get(header::REFERER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let path = from.find("/staff").map_or("/staff", |at| &from[at..]);
    Ok(Redirect::to(&within(path)))
}

async fn change_password(
    State(app): State<App>,
    staff: Staff,
    client: Client,
    Now(now): Now,
    jar: CookieJar,
    form: Form,
) -> Result<Response, Error> {
    let subject = [Subject::of(format!("change:{}", staff.id))];
    // first what costs nothing: a new password that is too short is no failed attempt
    let password = match Password::new(form.raw("password"), &staff.email) {
        Ok(password) => match wrong_current(&app, &staff, &subject[0], form.raw("current"), now).await? {
            None => Ok(password),
            Some(wrong) => Err(("current", wrong)),
        },
        Err(wrong) => Err(("password", wrong)),
    };
    let password = match password {
        Ok(password) => password.hash().await?,
        Err(wrong) => {
            let page = account_page(&app, &staff, Some(wrong), false, now).await?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
    };
    let mut tx = app.db.begin().await?;
    store::forgive(&mut tx, &subject).await?;
    store::set_password(&mut tx, staff.id, &password).await?;
    let cookie = session::begin(&mut tx, &app, staff.id, &client, now).await?;
    tx.commit().await?;
    let page = html(&account_page(&app, &staff, None, true, now).await?)?;
    Ok((jar.add(cookie), page).into_response())
}

/// What is wrong with the password that somebody has now; counts the attempt.
async fn wrong_current(
    app: &App,
    staff: &Staff,
    subject: &Subject,
    typed: &str,
    now: OffsetDateTime,
) -> Result<Option<Say>, Error> {
    let mut tx = app.db.begin().await?;
    let wait = store::attempt(&mut tx, subject, FREE_FAILURES_HERE, now).await?;
    let known = store::find(&mut tx, &staff.email).await?.and_then(|account| account.password_hash);
    tx.commit().await?;
    if let Some(wait) = wait {
        return Ok(Some(Say::new("login-pause").with("seconds", wait.whole_seconds() + 1)));
    }
    let right = verify(typed.to_owned(), known).await?;
    Ok((!right).then(|| Say::new("password-current-wrong")))
}

/// Only places inside the desk, so that a link can't send people elsewhere after they signed in.
fn within(next: &str) -> String {
    let inside = next == "/staff" || ["/staff/", "/staff?", "/staff."].iter().any(|start| next.starts_with(start));
    let plain = next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if inside && plain && !next.starts_with("/staff/log") { next.to_owned() } else { String::new() }
}

fn lang_of(code: &str, headers: &HeaderMap) -> Lang {
    Lang::from_code(code).unwrap_or_else(|| {
        let header = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
        Lang::from_accept_language(header.unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use super::within;

    #[test]
    fn nobody_is_sent_elsewhere_after_signing_in() {
        assert_eq!(within("/staff/tickets/DZ-1?x=2"), "/staff/tickets/DZ-1?x=2");
        assert_eq!(within("/staff?view=mine"), "/staff?view=mine");
        for next in
            ["", "https://evil.example/staff", "//evil.example", "/staffx", "/staff/\\evil", "/staff/logout", "/pl"]
        {
            assert_eq!(within(next), "", "{next}");
        }
    }
}
