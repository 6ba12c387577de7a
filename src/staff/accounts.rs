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
    Staff, StaffLayout, StaffRole,
    store::{self, AccountRow},
};
use crate::{
    app::{App, Now},
    email_address::is_email_address,
    i18n::UiMessage,
    local_time, token,
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
    /// A new one-time link, shown this once, and whose it is.
    invitation_link: Option<(String, String)>,
    email: String,
    name: String,
    role: StaffRole,
    errors: Vec<(&'static str, UiMessage)>,
    /// What could not be done with an account that is there.
    rejection: Option<UiMessage>,
}

impl AccountsPage {
    fn format_date_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_date_time(*at))
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().format(say))
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
    let mut wrong = Vec::new();
    if name.is_empty() || name.chars().count() > 100 {
        wrong.push(("name", UiMessage::new("account-name-invalid")));
    }
    if !is_email_address(&email) {
        wrong.push(("email", UiMessage::new("account-email-invalid")));
    }
    let mut link = None;
    if wrong.is_empty() {
        let mut tx = app.db.begin().await?;
        match store::insert(&mut tx, &email, &name, role, now).await? {
            Some(id) => link = Some((create_invitation_link(&app.public_url, &mut tx, id, now).await?, name.clone())),
            None => wrong.push(("email", UiMessage::new("account-email-taken"))),
        }
        tx.commit().await?;
    }
    let failed = link.is_none();
    let mut page = build_page(&app, &staff).await?;
    if failed {
        page = AccountsPage { email, name, role, errors: wrong, ..page };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response());
    }
    page.invitation_link = link;
    Ok(render_html(&page)?.into_response())
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
    let done = store::set_disabled(&mut tx, id, form.raw("disabled") == "yes", now).await?;
    tx.commit().await?;
    if done {
        return Ok(Redirect::to("/staff/accounts").into_response());
    }
    let mut page = build_page(&app, &staff).await?;
    page.rejection = Some(UiMessage::new("account-last-admin"));
    Ok((StatusCode::CONFLICT, render_html(&page)?).into_response())
}

/// Makes the one-time link by which a person sets a password.
///
/// # Errors
/// When the database is away.
pub async fn create_invitation_link(
    public_url: &str,
    db: &mut sqlx::PgConnection,
    staff: Uuid,
    now: OffsetDateTime,
) -> Result<String, sqlx::Error> {
    let token = token::random();
    store::upsert_invitation(db, staff, &token::sha256(&token), now).await?;
    Ok(format!("{}/staff/welcome/{token}", public_url.trim_end_matches('/')))
}
