//! One entry: what it says, what happened to it, and the forms that change it and take it off.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{BlockDuration, BlockForm, MAX_NOTE_LEN, entry_url};
use crate::{
    app::{App, Now},
    blocklist::{
        BlockChange, BlockEntry, BlockReason, mutations, net,
        store::{self, PAGE_SIZE},
    },
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    tickets::ActorKind,
    web::{AppError, Form, render_html},
};

#[derive(Template)]
#[template(path = "blocklist/detail.html")]
struct BlockEntryPage {
    frame: StaffLayout,
    net: IpNet,
    /// Nothing when it is not on the list, or not any more.
    entry: Option<BlockEntry>,
    /// What it lies in besides.
    enclosing_entries: Vec<BlockEntry>,
    history: Vec<BlockChange>,
    /// Where the older part of the history begins.
    older_cursor: Option<i64>,
    form: BlockForm,
    unblock_reason: String,
    errors: Vec<(&'static str, UiMessage)>,
    /// The forms were drawn from an entry that was changed meanwhile.
    is_conflict: bool,
    now: OffsetDateTime,
}

impl BlockEntryPage {
    fn display_net(&self) -> String {
        net::format(&self.net)
    }

    fn format_date_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_date_time(*at))
    }

    fn format_until(&self, until: &Option<OffsetDateTime>) -> String {
        match until {
            Some(until) => self.format_date_time(until),
            None => self.frame.t("block-until-lifted").into_owned(),
        }
    }

    fn is_active(&self, entry: &BlockEntry) -> bool {
        entry.is_active(self.now)
    }

    /// Who did it.
    fn actor_name(&self, change: &BlockChange) -> String {
        let unnamed = match change.actor {
            ActorKind::Customer => "block-by-customer",
            ActorKind::Staff | ActorKind::System => change.source.label(),
        };
        change.actor_name.clone().unwrap_or_else(|| self.frame.t(unnamed).into_owned())
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().format(say))
    }

    fn entry_url(&self) -> String {
        entry_url(&self.net)
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(net): Path<String>,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, AppError> {
    let net = net::parse(&net).map_err(|_| AppError::NotFound)?;
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let before = query.raw("before").parse().ok();
    let page = build_page(&mut *app.db.acquire().await?, StaffLayout::new(&app, &staff, "addresses"), net, before, now)
        .await?;
    if page.entry.is_none() && page.history.is_empty() && page.enclosing_entries.is_empty() {
        return Err(AppError::NotFound);
    }
    Ok(render_html(&page)?.into_response())
}

async fn build_page(
    db: &mut PgConnection,
    frame: StaffLayout,
    net: IpNet,
    before: Option<i64>,
    now: OffsetDateTime,
) -> Result<BlockEntryPage, AppError> {
    let entry = store::find(db, net).await?;
    let around = store::list_containing(db, &net, store::BlockStatusFilter::Active, None, now).await?;
    let mut history = store::list_changes(db, net, before).await?;
    let further = history.len() > PAGE_SIZE;
    history.truncate(PAGE_SIZE);
    let typed = BlockForm {
        net: net::format(&net),
        reason: entry.as_ref().map_or(BlockReason::Other, |entry| entry.reason),
        duration: String::new(),
        note: entry.as_ref().and_then(|entry| entry.note.clone()).unwrap_or_default(),
    };
    Ok(BlockEntryPage {
        enclosing_entries: around.into_iter().filter(|other| other.net != net).collect(),
        older_cursor: history.last().filter(|_| further).map(|change| change.id),
        frame,
        net,
        entry,
        history,
        form: typed,
        unblock_reason: String::new(),
        errors: Vec::new(),
        is_conflict: false,
        now,
    })
}

pub(crate) async fn update(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let net = net::parse(form.raw("net")).map_err(|_| AppError::NotFound)?;
    let typed = BlockForm::parse(&form);
    let wrong = typed.field_errors();
    let mut tx = app.db.begin().await?;
    let entry = store::find(&mut tx, net).await?;
    if let (Some(entry), true) = (&entry, wrong.is_empty()) {
        let draft = typed.to_draft(entry.until, now);
        if mutations::update(&mut tx, net, parse_version(&form), &draft, staff.id, now).await? {
            tx.commit().await?;
            return Ok(Redirect::to(&entry_url(&net)).into_response());
        }
    }
    tx.commit().await?;
    let late = wrong.is_empty();
    let frame = StaffLayout::new(&app, &staff, "addresses");
    let page = build_page(&mut *app.db.acquire().await?, frame, net, None, now).await?;
    render_rejected(BlockEntryPage { form: typed, errors: wrong, is_conflict: late, ..page })
}

pub(crate) async fn delete(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let net = net::parse(form.raw("net")).map_err(|_| AppError::NotFound)?;
    let why = form.single_line("why");
    let mut wrong = Vec::new();
    if why.is_empty() {
        wrong.push(("why", UiMessage::new("block-removal-reason-missing")));
    } else if why.chars().count() > MAX_NOTE_LEN {
        wrong.push(("why", UiMessage::new("block-note-too-long").with("most", MAX_NOTE_LEN)));
    }
    let mut tx = app.db.begin().await?;
    let gone =
        wrong.is_empty() && mutations::delete(&mut tx, net, parse_version(&form), Some(&why), staff.id, now).await?;
    tx.commit().await?;
    let mut db = app.db.acquire().await?;
    // whoever was first: it is gone
    if gone || store::find(&mut db, net).await?.is_none() {
        return Ok(Redirect::to(&entry_url(&net)).into_response());
    }
    let late = wrong.is_empty();
    let page = build_page(&mut db, StaffLayout::new(&app, &staff, "addresses"), net, None, now).await?;
    render_rejected(BlockEntryPage { unblock_reason: why, errors: wrong, is_conflict: late, ..page })
}

fn parse_version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}

/// Shows both: how the entry is now, and what was wanted, ready to be sent again.
fn render_rejected(page: BlockEntryPage) -> Result<Response, AppError> {
    let status = if page.is_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, render_html(&page)?).into_response())
}
