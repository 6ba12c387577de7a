//! The list of entries, with search and filters, and the form for a new entry.

use askama::Template;
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use strum::VariantArray;
use time::{Duration, OffsetDateTime};

use super::{
    form::{BlockDuration, BlockForm},
    urls::{BlocklistQuery, entry_url},
};
use crate::{
    app::{App, Now},
    blocklist::{
        entry::{BlockEntry, BlockReason, BlockSource},
        mutations, net,
        store::{self, BlockStatusFilter, COUNT_CAP, PAGE_SIZE},
    },
    i18n::{Label, UiMessage},
    local_time,
    staff::{Staff, StaffLayout},
    web::{AppError, Form, QueryForm, render_html},
};

/// A form that is sent again within this time is a duplicate and not an error.
const DUPLICATE_SUBMIT_WINDOW: Duration = Duration::minutes(1);

#[derive(Template)]
#[template(path = "blocklist/list.html")]
struct BlocklistPage {
    frame: StaffLayout,
    query: BlocklistQuery,
    entries: Vec<BlockEntry>,
    /// The position of the next page.
    next_cursor: Option<String>,
    /// The number of entries on all pages, if it is known.
    count: Option<i64>,
    form: BlockForm,
    errors: Vec<(&'static str, UiMessage)>,
    /// The existing entry that prevents a new one.
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
        self.errors.iter().find(|(name, _)| *name == field).map(|(_, message)| self.frame.lang().format(message))
    }

    /// Why the search is invalid.
    fn search_error(&self) -> Option<String> {
        self.query.search_error().map(|error| self.frame.lang().format(&error.error_message()))
    }

    fn format_count(&self, count: &i64) -> String {
        let id = if *count >= COUNT_CAP { "block-count-many" } else { "block-count" };
        self.frame.lang().t_with(id, "count", *count)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    QueryForm(query): QueryForm,
) -> Result<Response, AppError> {
    let query = BlocklistQuery::parse(&query);
    let frame = StaffLayout::new(&app, &staff, "blocklist");
    let page = build_page(&mut *app.db.acquire().await?, frame, query, now).await?;
    Ok(render_html(&page)?.into_response())
}

async fn build_page(
    db: &mut PgConnection,
    frame: StaffLayout,
    query: BlocklistQuery,
    now: OffsetDateTime,
) -> Result<BlocklistPage, AppError> {
    let (mut entries, mut count) = (Vec::new(), None);
    match &query.searched_net {
        None => {
            entries = store::list(db, query.status, query.source, query.after, now).await?;
            count = Some(store::count(db, query.status, query.source, now).await?);
        }
        Some(Ok(net)) => {
            let after = query.after.map(|cursor| cursor.id);
            if after.is_none() {
                entries = store::list_containing(db, net, query.status, query.source, now).await?;
            }
            entries.extend(store::list_within(db, net, query.status, query.source, after, now).await?);
        }
        Some(Err(_)) => {}
    }
    // entries that contain the searched address are few and stay together on the first page
    let containing_count = entries.iter().take_while(|entry| query.contains_searched_net(entry)).count();
    let page_size = PAGE_SIZE.max(containing_count);
    let has_more = entries.len() > page_size;
    entries.truncate(page_size);
    let next_cursor = entries.last().filter(|_| has_more).map(|entry| query.cursor_after(entry));
    Ok(BlocklistPage {
        frame,
        query,
        entries,
        next_cursor,
        count,
        form: BlockForm::new(),
        errors: Vec::new(),
        existing_net: None,
        now,
    })
}

pub(super) async fn create(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    form: Form,
) -> Result<Response, AppError> {
    let form = BlockForm::parse(&form);
    let mut errors = form.field_errors();
    let (net, mut existing_net) = (net::parse(&form.net), None);
    if let Err(error) = net {
        errors.insert(0, ("net", error.error_message()));
    }
    if form.duration.parse::<BlockDuration>().ok().is_none() {
        errors.push(("duration", UiMessage::new("block-duration-missing")));
    }
    if let (Ok(net), true) = (net, errors.is_empty()) {
        let mut tx = app.db.begin().await?;
        let is_inserted = mutations::insert(&mut tx, net, &form.to_draft(None, now), staff.id, now).await?;
        let entry = store::find(&mut tx, net).await?;
        tx.commit().await?;
        let is_duplicate_submit = |entry: &BlockEntry| {
            entry.staff_id == Some(staff.id)
                && entry.reason == form.reason
                && now - entry.since < DUPLICATE_SUBMIT_WINDOW
        };
        if is_inserted || entry.as_ref().is_some_and(is_duplicate_submit) {
            return Ok(Redirect::to(&entry_url(&net)).into_response());
        }
        errors.push(("net", UiMessage::new("block-net-exists").with("net", net::format(&net))));
        existing_net = Some(net);
    }
    let frame = StaffLayout::new(&app, &staff, "blocklist");
    let page = build_page(&mut *app.db.acquire().await?, frame, BlocklistQuery::parse(&Form::default()), now).await?;
    let page = render_html(&BlocklistPage { form, errors, existing_net, ..page })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
