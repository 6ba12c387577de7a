//! `/staff/tokens`: admins create and revoke API tokens.

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
    auth::generate_token,
    store::{self, ApiToken},
};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    token::sha256,
    urls,
    web::{AppError, Form, render_html},
};

pub(super) fn routes() -> Router<App> {
    Router::new().route("/staff/tokens", get(list).post(create)).route("/staff/tokens/{id}/revocation", post(revoke))
}

#[derive(Template)]
#[template(path = "staff/tokens.html")]
struct TokensPage {
    frame: StaffLayout,
    tokens: Vec<ApiToken>,
    /// A new token, which is shown only once, and its name.
    new_token: Option<(String, String)>,
    name: String,
    error: Option<UiMessage>,
}

impl TokensPage {
    fn format_date_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_date_time(*at))
    }

    fn error_message(&self) -> Option<String> {
        self.error.as_ref().map(|message| self.frame.lang().format(message))
    }
}

async fn build_page(app: &App, staff: &Staff) -> Result<TokensPage, AppError> {
    let tokens = store::list(&mut *app.db.acquire().await?).await?;
    Ok(TokensPage {
        frame: StaffLayout::new(app, staff, "accounts"),
        tokens,
        new_token: None,
        name: String::new(),
        error: None,
    })
}

async fn list(State(app): State<App>, staff: Staff) -> Result<Response, AppError> {
    staff.require_admin()?;
    Ok(render_html(&build_page(&app, &staff).await?)?.into_response())
}

async fn create(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    staff.require_admin()?;
    let name = form.single_line("name");
    let error = if name.is_empty() || name.chars().count() > 100 {
        UiMessage::new("token-name-invalid")
    } else {
        let token = generate_token();
        let mut tx = app.db.begin().await?;
        let is_inserted = store::insert(&mut tx, &name, &sha256(&token), now).await?;
        tx.commit().await?;
        if is_inserted {
            let page = TokensPage { new_token: Some((token, name)), ..build_page(&app, &staff).await? };
            return Ok(render_html(&page)?.into_response());
        }
        UiMessage::new("token-name-taken")
    };
    let page = TokensPage { name, error: Some(error), ..build_page(&app, &staff).await? };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, render_html(&page)?).into_response())
}

async fn revoke(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<Uuid>,
    Now(now): Now,
) -> Result<Redirect, AppError> {
    staff.require_admin()?;
    let mut tx = app.db.begin().await?;
    store::revoke(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to(urls::staff::TOKENS))
}
