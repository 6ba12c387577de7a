//! The queue: views, filters, the search line, pages by cursor. Every state of it is an address.

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::Uri,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    flash::{Flash, load_flash},
    listing::{self, ListRequest, Listing},
    query::{QueueQuery, QueueView},
    row::{QueueRowView, short_category_label},
    search::{self, SearchCondition, SearchTerm},
    store::{self, COUNT_CAP, PagePosition, QueueSort, ViewCounts},
};
use crate::desk::{bulk::BulkBar, live};
use crate::{
    app::{App, Now},
    i18n::UiMessage,
    local_time,
    staff::{Staff, StaffLayout, StaffMember, list_active},
    tickets::{self, TicketCategory, TicketReference},
    web::{AppError, render_html},
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff", get(show))
}

#[derive(Template)]
#[template(path = "desk/queue.html")]
struct QueuePage {
    frame: StaffLayout,
    query: QueueQuery,
    listing: Listing,
    /// Whether it is kept up to date; what was searched for is read once.
    is_live: bool,
    /// What the search line was read as.
    terms: Vec<SearchTerm>,
    counts: ViewCounts,
    colleagues: Vec<StaffMember>,
    /// What was just done.
    flash: Option<Flash>,
    now: OffsetDateTime,
}

impl QueuePage {
    fn t(&self, id: &str) -> String {
        self.frame.lang().t(id).into_owned()
    }

    fn rows(&self) -> impl Iterator<Item = QueueRowView<'_>> {
        let (lang, now, in_incident) = (self.frame.lang(), self.now, &self.listing.ids_in_incident);
        let rows = self.listing.rows.iter();
        rows.map(move |row| QueueRowView { row, is_in_incident: in_incident.contains(&row.id), lang, now })
    }

    fn sort(&self) -> QueueSort {
        self.query.effective_sort(&self.terms)
    }

    /// Every reading, as a chip that can be taken out.
    fn chips(&self) -> Vec<SearchChip> {
        let (line, today) = (&self.query.search, local_time::to_local(self.now).date());
        let has_day = self.terms.iter().any(|reading| matches!(reading.condition, SearchCondition::Days { .. }));
        let chip = |(at, reading): (usize, &SearchTerm)| SearchChip {
            label: self.frame.lang().format(&reading.chip_message(line, has_day)),
            removal_url: self.query.with_search(search::remove_term(line, &self.terms, at, today)).first_page_url(),
        };
        self.terms.iter().enumerate().map(chip).collect()
    }

    /// Why nothing can be found, if that is because of what was typed.
    fn search_error(&self) -> Option<String> {
        let lang = self.frame.lang();
        let of = |reading: &SearchTerm| match &reading.condition {
            SearchCondition::InvalidReference => {
                let wrong = self.query.search[reading.range.clone()].parse::<TicketReference>().err();
                Some(lang.format(&wrong.unwrap_or(UiMessage::new("reference-invalid-form"))))
            }
            SearchCondition::Unrecognized => Some(self.t("queue-search-unreadable")),
            SearchCondition::Ticket(reference) if self.listing.rows.is_empty() && self.terms.len() == 1 => {
                Some(lang.t_with("queue-unknown", "reference", reference.to_string()))
            }
            _ => None,
        };
        self.terms.iter().find_map(of)
    }

    fn bulk_bar(&self) -> BulkBar<'_> {
        BulkBar { frame: &self.frame, colleagues: &self.colleagues, return_url: self.current_url() }
    }

    /// The address of what is seen.
    fn current_url(&self) -> String {
        self.query.current_url()
    }

    /// Where news of what is seen come from.
    fn live_url(&self) -> Option<String> {
        self.is_live.then(|| self.current_url().replacen("/staff?", "/staff/live?", 1))
    }

    /// Tells this state of the page from others.
    fn fingerprint(&self) -> String {
        live::rows_fingerprint(&self.listing.rows)
    }

    /// The pill that new rows wait behind, for each form of the plural.
    fn new_rows_labels(&self) -> [(&'static str, String); 4] {
        let say = |count: i64| self.frame.lang().t_with("queue-new", "count", count);
        [("one", say(1)), ("few", say(2)), ("many", say(5)), ("other", say(5))]
    }

    /// Views with their names, addresses and counts.
    fn view_items(&self) -> Vec<NavItem> {
        QueueView::ALL
            .into_iter()
            .map(|view| NavItem {
                label: self.t(view.label()),
                href: QueueQuery {
                    view,
                    search: String::new(),
                    position: PagePosition::First,
                    sort: None,
                    ..self.query.clone()
                }
                .first_page_url(),
                is_current: view == self.query.view,
                count: Some(view.count(&self.counts)),
                view_name: Some(view.as_str()),
            })
            .collect()
    }

    fn category_items(&self) -> Vec<NavItem> {
        let all = NavItem {
            label: self.t("queue-all-categories"),
            href: QueueQuery { category: None, position: PagePosition::First, ..self.query.clone() }.first_page_url(),
            is_current: self.query.category.is_none(),
            ..NavItem::default()
        };
        let each = TicketCategory::ALL.iter().map(|category| NavItem {
            label: self.t(short_category_label(*category)),
            href: QueueQuery { category: Some(*category), position: PagePosition::First, ..self.query.clone() }
                .first_page_url(),
            is_current: self.query.category == Some(*category),
            ..NavItem::default()
        });
        std::iter::once(all).chain(each).collect()
    }

    fn sort_items(&self) -> Vec<NavItem> {
        QueueSort::ALL
            .into_iter()
            .map(|sort| NavItem {
                label: self.t(sort.label()),
                href: QueueQuery { sort: Some(sort), position: PagePosition::First, ..self.query.clone() }
                    .first_page_url(),
                is_current: self.sort() == sort,
                ..NavItem::default()
            })
            .collect()
    }

    fn view_title(&self) -> String {
        self.t(self.query.view.label())
    }

    fn is_first_page(&self) -> bool {
        self.query.position == PagePosition::First
    }

    fn is_filtered(&self) -> bool {
        self.query.category.is_some() || !self.query.assignee.is_empty()
    }

    fn is_assignee_selected(&self, id: &Uuid) -> bool {
        self.query.assignee == id.to_string()
    }
}

/// A condition of the search, and the address without it.
struct SearchChip {
    label: String,
    removal_url: String,
}

#[derive(Default)]
struct NavItem {
    label: String,
    href: String,
    is_current: bool,
    count: Option<i64>,
    /// The view's name, where the count is kept up to date.
    view_name: Option<&'static str>,
}

impl NavItem {
    fn count_text(&self) -> Option<String> {
        self.count.map(format_capped_count)
    }
}

/// Counts stop at a hundred, where the number no longer matters.
pub(crate) fn format_capped_count(count: i64) -> String {
    if count >= COUNT_CAP { "99+".to_owned() } else { count.to_string() }
}

async fn show(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, AppError> {
    let asked = QueueQuery::parse(uri.query().unwrap_or_default());
    let today = local_time::to_local(now).date();
    let readings = search::parse(&asked.search, today);
    let wanted = asked.to_list_request(&readings, staff.id, today);
    let mut db = app.db.begin().await?;
    // whole and alone, ten digits are a reference before they are a number
    if let Ok(reference) = asked.search.parse::<TicketReference>()
        && tickets::find_by_reference(&mut db, &reference).await?.is_some()
    {
        return Ok(redirect_to_ticket(&reference));
    }
    let counts = store::count_views(&mut db, staff.id).await?;
    let colleagues = list_active(&mut db).await?;
    let said = load_flash(&mut db, uri.query().unwrap_or_default(), &staff, asked.current_url(), now).await?;
    // the last: it sets how statements are planned
    let listing = listing::load(&mut db, &wanted).await?;
    if let Some(only) = listing.single_hit().filter(|_| asked.is_search_only) {
        return Ok(redirect_to_ticket(&only.reference));
    }
    let frame = StaffLayout::new(&app, &staff, "queue");
    let moves = matches!(wanted, ListRequest::Browse { .. });
    let page = QueuePage {
        frame,
        query: asked,
        listing,
        is_live: moves,
        terms: readings,
        counts,
        colleagues,
        flash: said,
        now,
    };
    db.commit().await?;
    Ok(render_html(&page)?.into_response())
}

fn redirect_to_ticket(reference: &TicketReference) -> Response {
    Redirect::to(&format!("/staff/tickets/{reference}")).into_response()
}
