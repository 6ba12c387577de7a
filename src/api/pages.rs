//! Tokens, for admins: which programs may speak to the API, and a way to stop one.

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
    caller::new_token,
    store::{self, Token},
};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    token::hash,
    web::{Error, Form, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tokens", get(list).post(add)).route("/staff/tokens/{id}/revocation", post(revoke))
}

#[derive(Template)]
#[template(path = "staff/tokens.html")]
struct TokensPage {
    frame: Frame,
    tokens: Vec<Token>,
    /// A new one, shown this once, and whose it is.
    made: Option<(String, String)>,
    name: String,
    wrong: Option<Say>,
}

impl TokensPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::short_moment(*at))
    }

    fn wrong(&self) -> Option<String> {
        self.wrong.as_ref().map(|say| self.frame.lang().say(say))
    }
}

async fn page(app: &App, staff: &Staff) -> Result<TokensPage, Error> {
    let tokens = store::all(&mut *app.db.read().await?).await?;
    Ok(TokensPage { frame: Frame::new(app, staff, "accounts"), tokens, made: None, name: String::new(), wrong: None })
}

async fn list(State(app): State<App>, staff: Staff) -> Result<Response, Error> {
    staff.must_be_admin()?;
    Ok(html(&page(&app, &staff).await?)?.into_response())
}

async fn add(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    staff.must_be_admin()?;
    let name = form.line("name");
    let wrong = if name.is_empty() || name.chars().count() > 100 {
        Some(Say::new("token-name-wrong"))
    } else {
        let token = new_token();
        let mut tx = app.db.begin().await?;
        let added = store::add(&mut tx, &name, &hash(&token), now).await?;
        tx.commit().await?;
        if added {
            let page = TokensPage { made: Some((token, name)), ..page(&app, &staff).await? };
            return Ok(html(&page)?.into_response());
        }
        Some(Say::new("token-name-taken"))
    };
    let page = TokensPage { name, wrong, ..page(&app, &staff).await? };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

async fn revoke(State(app): State<App>, staff: Staff, Path(id): Path<Uuid>, Now(now): Now) -> Result<Redirect, Error> {
    staff.must_be_admin()?;
    let mut tx = app.db.begin().await?;
    store::revoke(&mut tx, id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to("/staff/tokens"))
}
