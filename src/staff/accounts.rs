//! Accounts, for admins: who may sign in.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Frame, Role, Staff,
    store::{self, Listed},
};
use crate::{
    app::{App, Now},
    email::is_email,
    token,
    web::{Error, Form, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/accounts", get(list).post(add))
        .route("/staff/accounts/{id}/link", post(renew))
        .route("/staff/accounts/{id}/disabled", post(set_disabled))
}

#[derive(Template)]
#[template(path = "staff/accounts.html")]
struct AccountsPage {
    frame: Frame,
    accounts: Vec<Listed>,
    /// A new one-time link, shown this once, and whose it is.
    link: Option<(String, String)>,
    email: String,
    name: String,
    role: Role,
    wrong: Vec<(&'static str, Say)>,
    /// What could not be done with an account that is there.
    refused: Option<Say>,
}

impl AccountsPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::short_moment(*at))
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().say(say))
    }
}

async fn page(app: &App, staff: &Staff) -> Result<AccountsPage, Error> {
    let mut db = app.db.read().await?;
    Ok(AccountsPage {
        frame: Frame::new(app, staff, "accounts"),
        accounts: store::list(&mut db).await?,
        link: None,
        email: String::new(),
        name: String::new(),
        role: Role::Agent,
        wrong: Vec::new(),
        refused: None,
    })
}

async fn list(State(app): State<App>, staff: Staff) -> Result<Response, Error> {
    staff.must_be_admin()?;
    Ok(html(&page(&app, &staff).await?)?.into_response())
}

async fn add(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    staff.must_be_admin()?;
    let (email, name) = (form.line("email").to_lowercase(), form.line("name"));
    let role = if form.raw("role") == "admin" { Role::Admin } else { Role::Agent };
    let mut wrong = Vec::new();
    if name.is_empty() || name.chars().count() > 100 {
        wrong.push(("name", Say::new("account-name-wrong")));
    }
    if !is_email(&email) {
        wrong.push(("email", Say::new("account-email-wrong")));
    }
    let mut link = None;
    if wrong.is_empty() {
        let mut tx = app.db.begin().await?;
        match store::add(&mut tx, &email, &name, role, now).await? {
            Some(id) => link = Some((invite(&app.public_url, &mut tx, id, now).await?, name.clone())),
            None => wrong.push(("email", Say::new("account-email-taken"))),
        }
        tx.commit().await?;
    }
    let failed = link.is_none();
    let mut page = page(&app, &staff).await?;
    if failed {
        page = AccountsPage { email, name, role, wrong, ..page };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    page.link = link;
    Ok(html(&page)?.into_response())
}

async fn renew(State(app): State<App>, staff: Staff, Path(id): Path<Uuid>, Now(now): Now) -> Result<Response, Error> {
    staff.must_be_admin()?;
    let mut page = page(&app, &staff).await?;
    let Some(account) = page.accounts.iter().find(|account| account.id == id && !account.disabled) else {
        return Err(Error::NotFound);
    };
    let mut db = app.db.read().await?;
    page.link = Some((invite(&app.public_url, &mut db, id, now).await?, account.name.clone()));
    Ok(html(&page)?.into_response())
}

async fn set_disabled(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    staff.must_be_admin()?;
    let mut tx = app.db.begin().await?;
    let done = store::set_disabled(&mut tx, id, form.raw("disabled") == "yes", now).await?;
    tx.commit().await?;
    if done {
        return Ok(Redirect::to("/staff/accounts").into_response());
    }
    let mut page = page(&app, &staff).await?;
    page.refused = Some(Say::new("account-last-admin"));
    Ok((StatusCode::CONFLICT, html(&page)?).into_response())
}

/// Makes the one-time link by which a person sets a password.
///
/// # Errors
/// When the database is away.
pub async fn invite(
    public_url: &str,
    db: &mut sqlx::PgConnection,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<String, sqlx::Error> {
    let token = token::random();
    store::invite(db, staff, &token::hash(&token), now).await?;
    Ok(format!("{}/staff/welcome/{token}", public_url.trim_end_matches('/')))
}
