//! The list for staff: what is shut out, why and until when, and everything that happened to it.

mod query;
mod detail;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use query::BlocklistQuery;

use super::{
    BlockEntry, BlockReason, BlockSource,
    mutations::{self, BlockDraft},
    net,
    store::{self, BlockStatusFilter as Which, BlocklistCursor, COUNT_CAP, PAGE_SIZE},
};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Form, form::percent_encode, render_html},
};

/// The longest note, in characters.
const MAX_NOTE_LEN: usize = 500;
/// The same form sent twice within this time is one form.
const DUPLICATE_SUBMIT_WINDOW: Duration = Duration::minutes(1);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/addresses", get(list).post(create))
        .route("/staff/addresses/change", post(detail::update))
        .route("/staff/addresses/removal", post(detail::delete))
        .route("/staff/addresses/{*net}", get(detail::show))
}

/// Where an entry's page is.
pub fn entry_url(net: &IpNet) -> String {
    format!("/staff/addresses/{}", percent_encode(&net::format(net)))
}

/// How long an entry is to last, from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum BlockDuration {
    Hour,
    Day,
    Week,
    Month,
    Year,
    Permanent,
}

impl BlockDuration {
    const ALL: [BlockDuration; 6] = [
        BlockDuration::Hour,
        BlockDuration::Day,
        BlockDuration::Week,
        BlockDuration::Month,
        BlockDuration::Year,
        BlockDuration::Permanent,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            BlockDuration::Hour => "hour",
            BlockDuration::Day => "day",
            BlockDuration::Week => "week",
            BlockDuration::Month => "month",
            BlockDuration::Year => "year",
            BlockDuration::Permanent => "ever",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            BlockDuration::Hour => "block-duration-hour",
            BlockDuration::Day => "block-duration-day",
            BlockDuration::Week => "block-duration-week",
            BlockDuration::Month => "block-duration-month",
            BlockDuration::Year => "block-duration-year",
            BlockDuration::Permanent => "block-duration-ever",
        }
    }

    fn from_name(name: &str) -> Option<BlockDuration> {
        BlockDuration::ALL.into_iter().find(|one| one.as_str() == name)
    }

    fn ends_at(self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let hours = match self {
            BlockDuration::Hour => 1,
            BlockDuration::Day => 24,
            BlockDuration::Week => 7 * 24,
            BlockDuration::Month => 30 * 24,
            BlockDuration::Year => 365 * 24,
            BlockDuration::Permanent => return None,
        };
        Some(now + Duration::hours(hours))
    }
}

/// An entry as it is typed.
#[derive(Debug, Clone)]
struct BlockForm {
    net: String,
    reason: BlockReason,
    /// A name of [`Lasts`]; anything else leaves the end of an entry as it is.
    duration: String,
    note: String,
}

impl BlockForm {
    fn new() -> BlockForm {
        BlockForm {
            net: String::new(),
            reason: BlockReason::Abuse,
            duration: BlockDuration::Day.as_str().into(),
            note: String::new(),
        }
    }

    fn parse(form: &Form) -> BlockForm {
        BlockForm {
            net: form.single_line("net"),
            reason: form.raw("reason").parse().unwrap_or(BlockReason::Abuse),
            duration: form.single_line("lasts"),
            note: form.single_line("note"),
        }
    }

    fn field_errors(&self) -> Vec<(&'static str, UiMessage)> {
        let long = self.note.chars().count() > MAX_NOTE_LEN;
        long.then(|| ("note", UiMessage::new("block-note-too-long").with("most", MAX_NOTE_LEN))).into_iter().collect()
    }

    /// What it comes to; `was` is when the entry ends by now.
    fn to_draft(&self, was: Option<OffsetDateTime>, now: OffsetDateTime) -> BlockDraft {
        BlockDraft {
            reason: self.reason,
            note: Some(self.note.clone()).filter(|note| !note.is_empty()),
            until: BlockDuration::from_name(&self.duration).map_or(was, |lasts| lasts.ends_at(now)),
        }
    }
}

#[derive(Template)]
#[template(path = "blocklist/list.html")]
struct BlocklistPage {
    frame: StaffLayout,
    query: BlocklistQuery,
    entries: Vec<BlockEntry>,
    /// Where the next page begins.
    next_cursor: Option<String>,
    /// How many there are on all pages, where that is known.
    count: Option<i64>,
    form: BlockForm,
    errors: Vec<(&'static str, UiMessage)>,
    /// The entry that is in the way of a new one.
    existing_net: Option<IpNet>,
    now: OffsetDateTime,
}

impl BlocklistPage {
    fn format_time(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn format_until(&self, entry: &BlockEntry) -> String {
        match &entry.until {
            Some(until) => self.format_time(until),
            None => self.frame.t("block-until-lifted").into_owned(),
        }
    }

    fn error_for(&self, field: &str) -> Option<String> {
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().format(say))
    }

    /// Why nothing can be found.
    fn search_error(&self) -> Option<String> {
        self.query.search_error().map(|wrong| self.frame.lang().format(&wrong.error_message()))
    }

    fn format_count(&self, count: &i64) -> String {
        let id = if *count >= COUNT_CAP { "block-count-many" } else { "block-count" };
        self.frame.lang().t_with(id, "count", *count)
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let asked = BlocklistQuery::parse(uri.query().unwrap_or_default());
    let page =
        build_page(&mut *app.db.acquire().await?, StaffLayout::new(&app, &staff, "addresses"), asked, now).await?;
    Ok(render_html(&page)?.into_response())
}

async fn build_page(
    db: &mut PgConnection,
    frame: StaffLayout,
    asked: BlocklistQuery,
    now: OffsetDateTime,
) -> Result<BlocklistPage, AppError> {
    let (mut rows, mut count) = (Vec::new(), None);
    match &asked.searched_net {
        None => {
            rows = store::list(db, asked.status, asked.source, asked.after, now).await?;
            count = Some(store::count(db, asked.status, asked.source, now).await?);
        }
        Some(Ok(net)) => {
            let after = asked.after.map(|cursor| cursor.id);
            if after.is_none() {
                rows = store::list_containing(db, net, asked.status, asked.source, now).await?;
            }
            rows.extend(store::list_within(db, net, asked.status, asked.source, after, now).await?);
        }
        Some(Err(_)) => {}
    }
    // what contains an address is never much: it stands on one page, whatever its length
    let shown = PAGE_SIZE.max(rows.iter().take_while(|entry| asked.contains_searched_net(entry)).count());
    let further = rows.len() > shown;
    rows.truncate(shown);
    let after = rows.last().filter(|_| further).map(|entry| asked.cursor_after(entry));
    Ok(BlocklistPage {
        frame,
        query: asked,
        entries: rows,
        next_cursor: after,
        count,
        form: BlockForm::new(),
        errors: Vec::new(),
        existing_net: None,
        now,
    })
}

async fn create(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, AppError> {
    let typed = BlockForm::parse(&form);
    let mut wrong = typed.field_errors();
    let (net, mut there) = (net::parse(&typed.net), None);
    if let Err(why) = net {
        wrong.insert(0, ("net", why.error_message()));
    }
    if BlockDuration::from_name(&typed.duration).is_none() {
        wrong.push(("lasts", UiMessage::new("block-duration-missing")));
    }
    if let (Ok(net), true) = (net, wrong.is_empty()) {
        let mut tx = app.db.begin().await?;
        let added = mutations::insert(&mut tx, net, &typed.to_draft(None, now), staff.id, now).await?;
        let known = store::find(&mut tx, net).await?;
        tx.commit().await?;
        let is_own = |entry: &BlockEntry| {
            entry.staff_id == Some(staff.id)
                && entry.reason == typed.reason
                && now - entry.since < DUPLICATE_SUBMIT_WINDOW
        };
        if added || known.as_ref().is_some_and(is_own) {
            return Ok(Redirect::to(&entry_url(&net)).into_response());
        }
        wrong.push(("net", UiMessage::new("block-net-exists").with("net", net::format(&net))));
        there = Some(net);
    }
    let frame = StaffLayout::new(&app, &staff, "addresses");
    let page = build_page(&mut *app.db.acquire().await?, frame, BlocklistQuery::parse(""), now).await?;
    let page = render_html(&BlocklistPage { form: typed, errors: wrong, existing_net: there, ..page })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
