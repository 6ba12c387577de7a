//! `/staff/accounts`: admins manage the accounts of staff members.

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
    Staff, StaffLayout, StaffRole,
    store::{self, AccountRow},
};
use crate::{
    app::{App, Now},
    email_address::EmailAddress,
    i18n::{Label, UiMessage},
    local_time, token, urls,
    web::{AppError, Form, render_html},
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/accounts", get(list).post(create))
        .route("/staff/accounts/{id}/link", post(renew_invitation))
        .route("/staff/accounts/{id}/disabled", post(set_disabled))
}

#[derive(Template)]
#[template(path = "staff/accounts.html")]
struct AccountsPage {
    frame: StaffLayout,
    accounts: Vec<AccountRow>,
    /// A new invitation link, which is shown only once, and the name of its account.
    invitation_link: Option<(String, String)>,
    email: String,
    name: String,
    role: StaffRole,
    errors: Vec<(&'static str, UiMessage)>,
    /// Why an existing account could not be changed.
    rejection: Option<UiMessage>,
}

impl AccountsPage {
    fn format_date_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_date_time(*at))
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, message)| self.frame.lang().format(message))
    }
}

async fn build_page(app: &App, staff: &Staff) -> Result<AccountsPage, AppError> {
    let mut db = app.db.acquire().await?;
    Ok(AccountsPage {
        frame: StaffLayout::new(app, staff, "accounts"),
        accounts: store::list(&mut db).await?,
        invitation_link: None,
        email: String::new(),
        name: String::new(),
        role: StaffRole::Agent,
        errors: Vec::new(),
        rejection: None,
    })
}

async fn list(State(app): State<App>, staff: Staff) -> Result<Response, AppError> {
    staff.require_admin()?;
    Ok(render_html(&build_page(&app, &staff).await?)?.into_response())
}

async fn create(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    staff.require_admin()?;
    let (email, name) = (form.single_line("email").to_lowercase(), form.single_line("name"));
    let role = if form.raw("role") == "admin" { StaffRole::Admin } else { StaffRole::Agent };
    let mut errors = Vec::new();
    if name.is_empty() || name.chars().count() > 100 {
        errors.push(("name", UiMessage::new("account-name-invalid")));
    }
    if email.parse::<EmailAddress>().is_err() {
        errors.push(("email", UiMessage::new("account-email-invalid")));
    }
    let mut invitation_link = None;
    if errors.is_empty() {
        let mut tx = app.db.begin().await?;
        match store::insert(&mut tx, &email, &name, role, now).await? {
            Some(id) => {
                let link = create_invitation_link(&app.public_url, &mut tx, id, now).await?;
                invitation_link = Some((link, name.clone()));
            }
            None => errors.push(("email", UiMessage::new("account-email-taken"))),
        }
        tx.commit().await?;
    }
    let page = build_page(&app, &staff).await?;
    if invitation_link.is_none() {
        let page = AccountsPage { email, name, role, errors, ..page };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    Ok(render_html(&AccountsPage { invitation_link, ..page })?.into_response())
}

async fn renew_invitation(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Now(now): Now,
) -> Result<Response, AppError> {
    staff.require_admin()?;
    let mut page = build_page(&app, &staff).await?;
    let Some(account) = page.accounts.iter().find(|account| account.id == id && !account.is_disabled) else {
        return Err(AppError::NotFound);
    };
    let mut db = app.db.acquire().await?;
    page.invitation_link =
        Some((create_invitation_link(&app.public_url, &mut db, id, now).await?, account.name.clone()));
    Ok(render_html(&page)?.into_response())
}

async fn set_disabled(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    staff.require_admin()?;
    let mut tx = app.db.begin().await?;
    let is_changed = store::set_disabled(&mut tx, id, form.raw("disabled") == "yes", now).await?;
    tx.commit().await?;
    if is_changed {
        return Ok(Redirect::to(urls::staff::ACCOUNTS).into_response());
    }
    let mut page = build_page(&app, &staff).await?;
    page.rejection = Some(UiMessage::new("account-last-admin"));
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

/// Creates the one-time link for setting a password. An earlier link of the account becomes invalid.
pub async fn create_invitation_link(
    public_url: &str,
    db: &mut sqlx::PgConnection,
    staff_id: Uuid,
    now: OffsetDateTime,
) -> Result<String, sqlx::Error> {
    let token = token::random();
    store::upsert_invitation(db, staff_id, &token::sha256(&token), now).await?;
    Ok(format!("{}{}", public_url.trim_end_matches('/'), urls::staff::invitation(&token)))
}
