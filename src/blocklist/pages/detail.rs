//! The page of one entry: content, history, and the forms that change and delete it.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use strum::VariantArray;
use time::OffsetDateTime;

use super::{
    form::{BlockDuration, BlockForm, MAX_NOTE_LEN},
    urls::entry_url,
};
use crate::{
    app::{App, Now},
    blocklist::{
        entry::{BlockChange, BlockEntry, BlockReason},
        mutations, net,
        store::{self, PAGE_SIZE},
    },
    i18n::{Label, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    tickets::ActorKind,
    web::{AppError, Form, QueryForm, render_html},
};

#[derive(Template)]
#[template(path = "blocklist/detail.html")]
struct BlockEntryPage {
    frame: StaffLayout,
    net: IpNet,
    /// `None` if the address or block is not on the list, or was deleted.
    entry: Option<BlockEntry>,
    /// Other active entries that contain it.
    enclosing_entries: Vec<BlockEntry>,
    history: Vec<BlockChange>,
    /// The position of the older changes.
    older_cursor: Option<i64>,
    form: BlockForm,
    unblock_reason: String,
    errors: Vec<(&'static str, UiMessage)>,
    /// The entry was changed after the form was loaded.
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

    /// Who made the change.
    fn actor_name(&self, change: &BlockChange) -> String {
        let fallback = match change.actor {
            ActorKind::Customer => "block-by-customer".to_owned(),
            ActorKind::Staff | ActorKind::System => change.source.label(),
        };
        change.actor_name.clone().unwrap_or_else(|| self.frame.t(fallback).into_owned())
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, message)| self.frame.lang().format(message))
    }

    fn conflict_label(&self) -> &'static str {
        if self.entry.is_some() { "block-conflict" } else { "block-not-found" }
    }

    fn entry_url(&self) -> String {
        entry_url(&self.net)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(net): Path<String>,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let net = net::parse(&net).map_err(|_| AppError::NotFound)?;
    let before = query.raw("before").parse().ok();
    let frame = StaffLayout::new(&app, &staff, "blocklist");
    let page = build_page(&mut *app.db.acquire().await?, frame, net, before, now).await?;
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
    let containing = store::list_containing(db, &net, store::BlockStatusFilter::Active, None, now).await?;
    let mut history = store::list_changes(db, net, before).await?;
    let has_more = history.len() > PAGE_SIZE;
    history.truncate(PAGE_SIZE);
    let form = BlockForm {
        net: net::format(&net),
        reason: entry.as_ref().map_or(BlockReason::Other, |entry| entry.reason),
        duration: String::new(),
        note: entry.as_ref().and_then(|entry| entry.note.clone()).unwrap_or_default(),
    };
    Ok(BlockEntryPage {
        enclosing_entries: containing.into_iter().filter(|other| other.net != net).collect(),
        older_cursor: history.last().filter(|_| has_more).map(|change| change.id),
        frame,
        net,
        entry,
        history,
        form,
        unblock_reason: String::new(),
        errors: Vec::new(),
        is_conflict: false,
        now,
    })
}

pub(super) async fn update(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let net = net::parse(form.raw("net")).map_err(|_| AppError::NotFound)?;
    let version = parse_version(&form);
    let form = BlockForm::parse(&form);
    let errors = form.field_errors();
    let mut tx = app.db.begin().await?;
    let entry = store::find(&mut tx, net).await?;
    if let (Some(entry), true) = (&entry, errors.is_empty()) {
        let draft = form.to_draft(entry.until, now);
        if mutations::update(&mut tx, net, version, &draft, staff.id, now).await? {
            tx.commit().await?;
            return Ok(Redirect::to(&entry_url(&net)).into_response());
        }
    }
    tx.commit().await?;
    let is_conflict = errors.is_empty();
    let frame = StaffLayout::new(&app, &staff, "blocklist");
    let page = build_page(&mut *app.db.acquire().await?, frame, net, None, now).await?;
    render_rejected(BlockEntryPage { form, errors, is_conflict, ..page })
}

pub(super) async fn delete(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let net = net::parse(form.raw("net")).map_err(|_| AppError::NotFound)?;
    let unblock_reason = form.single_line("removal_reason");
    let mut errors = Vec::new();
    if unblock_reason.is_empty() {
        errors.push(("removal_reason", UiMessage::new("block-removal-reason-missing")));
    } else if unblock_reason.chars().count() > MAX_NOTE_LEN {
        errors.push(("removal_reason", UiMessage::new("block-note-too-long").with("most", MAX_NOTE_LEN)));
    }
    let mut tx = app.db.begin().await?;
    let is_deleted = errors.is_empty()
        && mutations::delete(&mut tx, net, parse_version(&form), Some(&unblock_reason), staff.id, now).await?;
    tx.commit().await?;
    let mut db = app.db.acquire().await?;
    // a concurrent request may have deleted it
    if is_deleted || store::find(&mut db, net).await?.is_none() {
        return Ok(Redirect::to(&entry_url(&net)).into_response());
    }
    let is_conflict = errors.is_empty();
    let page = build_page(&mut db, StaffLayout::new(&app, &staff, "blocklist"), net, None, now).await?;
    render_rejected(BlockEntryPage { unblock_reason, errors, is_conflict, ..page })
}

fn parse_version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}

/// Renders the current entry together with the submitted form, which can be sent again.
fn render_rejected(page: BlockEntryPage) -> Result<Response, AppError> {
    let status = if page.is_conflict { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, render_html(&page)?).into_response())
}
