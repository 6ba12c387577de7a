//! The queue page: views, filters, search, and rows page by page.

use askama::Template;
use axum::{
    Router,
    extract::State,
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use strum::VariantArray;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    filter::{PagePosition, QueueSort},
    flash::{Flash, load_flash},
    listing::{self, ListRequest, Listing},
    query::{QueueQuery, QueueView},
    row::{QueueRowView, short_category_label},
    search::{self, SearchCondition, SearchTerm},
    store::{self, ViewCounts, format_capped_count},
};
use crate::{
    app::{App, Now},
    desk::ticket::snooze::form::SnoozePreset,
    i18n::{Label, UiMessage},
    local_time,
    staff::{Staff, StaffLayout, StaffMember, list_active},
    tickets::{self, TicketCategory, TicketReference, TicketStatus, WaitingFor},
    urls,
    web::{AppError, Form, render_html},
};

pub(crate) fn routes() -> Router<App> {
    Router::new().route(urls::staff::QUEUE, get(show))
}

#[derive(Template)]
#[template(path = "desk/queue.html")]
struct QueuePage {
    frame: StaffLayout,
    query: QueueQuery,
    listing: Listing,
    /// The page follows changes. Search results are not updated.
    is_live: bool,
    terms: Vec<SearchTerm>,
    counts: ViewCounts,
    colleagues: Vec<StaffMember>,
    flash: Option<Flash>,
    now: OffsetDateTime,
}

impl QueuePage {
    fn t(&self, id: impl AsRef<str>) -> String {
        self.frame.lang().t(id).into_owned()
    }

    fn rows(&self) -> impl Iterator<Item = QueueRowView<'_>> {
        let (lang, now, ids_in_incident) = (self.frame.lang(), self.now, &self.listing.ids_in_incident);
        let rows = self.listing.rows.iter();
        rows.map(move |row| QueueRowView { row, is_in_incident: ids_in_incident.contains(&row.id), lang, now })
    }

    fn sort(&self) -> QueueSort {
        self.query.effective_sort(&self.terms)
    }

    /// One chip for each term of the search.
    fn chips(&self) -> Vec<SearchChip> {
        let (line, today) = (&self.query.search, local_time::to_local(self.now).date());
        let has_day = self.terms.iter().any(|term| matches!(term.condition, SearchCondition::Days { .. }));
        let chip = |(index, term): (usize, &SearchTerm)| SearchChip {
            label: self.frame.lang().format(&term.chip_message(line, has_day)),
            removal_url: self.query.with_search(search::remove_term(line, &self.terms, index, today)).first_page_url(),
        };
        self.terms.iter().enumerate().map(chip).collect()
    }

    /// Why the search text can have no hits.
    fn search_error(&self) -> Option<String> {
        let lang = self.frame.lang();
        self.terms.iter().find_map(|term| match &term.condition {
            SearchCondition::InvalidReference => {
                let error = self.query.search[term.range.clone()].parse::<TicketReference>().err();
                Some(lang.format(&error.unwrap_or(UiMessage::new("reference-invalid-form"))))
            }
            SearchCondition::Unrecognized => Some(self.t("queue-search-unreadable")),
            SearchCondition::Ticket(reference) if self.listing.rows.is_empty() && self.terms.len() == 1 => {
                Some(lang.t_with("queue-unknown", "reference", reference.to_string()))
            }
            _ => None,
        })
    }

    fn bulk_bar(&self) -> BulkBar<'_> {
        BulkBar { frame: &self.frame, colleagues: &self.colleagues, return_url: self.current_url() }
    }

    fn current_url(&self) -> String {
        self.query.current_url()
    }

    fn live_url(&self) -> Option<String> {
        self.is_live.then(|| self.query.live_url())
    }

    fn fingerprint(&self) -> String {
        self.listing.fingerprint()
    }

    /// The button that shows new rows, for each plural form of Polish. The counts are examples of their forms.
    fn new_rows_labels(&self) -> [(&'static str, String); 4] {
        let label = |count: i64| self.frame.lang().t_with("queue-new", "count", count);
        [("one", label(1)), ("few", label(2)), ("many", label(5)), ("other", label(5))]
    }

    fn view_items(&self) -> Vec<NavItem> {
        QueueView::VARIANTS
            .iter()
            .copied()
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
                view_name: Some(view.into_str()),
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
        let each = TicketCategory::VARIANTS.iter().map(|category| NavItem {
            label: self.t(short_category_label(*category)),
            href: QueueQuery { category: Some(*category), position: PagePosition::First, ..self.query.clone() }
                .first_page_url(),
            is_current: self.query.category == Some(*category),
            ..NavItem::default()
        });
        std::iter::once(all).chain(each).collect()
    }

    fn sort_items(&self) -> Vec<NavItem> {
        QueueSort::VARIANTS
            .iter()
            .copied()
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

/// A term of the search. `removal_url` is the same search without it.
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
    /// Set if the script of the live queue updates the count.
    view_name: Option<&'static str>,
}

impl NavItem {
    fn count_text(&self) -> Option<String> {
        self.count.map(format_capped_count)
    }
}

/// The buttons of the bulk actions, below the rows.
#[derive(Template)]
#[template(path = "desk/bulk_bar.html")]
struct BulkBar<'a> {
    frame: &'a StaffLayout,
    colleagues: &'a [StaffMember],
    return_url: String,
}

async fn show(State(app): State<App>, staff: Staff, Now(now): Now, query: QueueQuery) -> Result<Response, AppError> {
    let today = local_time::to_local(now).date();
    let terms = search::parse(&query.search, today);
    let request = query.to_list_request(&terms, staff.id, today);
    let mut db = app.db.begin().await?;
    // ten digits alone are a reference if there is such a ticket, and a telephone number otherwise
    if let Ok(reference) = query.search.parse::<TicketReference>()
        && tickets::find_by_reference(&mut db, &reference).await?.is_some()
    {
        return Ok(redirect_to_ticket(&reference));
    }
    let counts = store::count_views(&mut db, staff.id).await?;
    let colleagues = list_active(&mut db).await?;
    let flash = load_flash(&mut db, &query, &staff, now).await?;
    // last in the transaction: it may change the planner settings
    let listing = listing::load(&mut db, &request).await?;
    if let Some(hit) = listing.single_hit().filter(|_| query.is_search_only) {
        return Ok(redirect_to_ticket(&hit.reference));
    }
    let page = QueuePage {
        frame: StaffLayout::new(&app, &staff, "queue"),
        query,
        listing,
        is_live: matches!(request, ListRequest::Browse { .. }),
        terms,
        counts,
        colleagues,
        flash,
        now,
    };
    db.commit().await?;
    Ok(render_html(&page)?.into_response())
}

fn redirect_to_ticket(reference: &TicketReference) -> Response {
    Redirect::to(&urls::staff::ticket(reference)).into_response()
}
