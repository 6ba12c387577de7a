//! The query string of the queue's URLs: view, filters, sort, search text, page. Every state of the queue has a URL.

use std::convert::Infallible;

use axum::{extract::FromRequestParts, http::request::Parts};
use strum::{EnumString, IntoStaticStr, VariantArray};
use time::Date;
use uuid::Uuid;

use super::{
    filter::{AssigneeFilter, PagePosition, QueueCursor, QueueFilter, QueueSort, TimeRange},
    listing::ListRequest,
    search::{SearchCriteria, SearchTerm, normalize_query},
    store::ViewCounts,
};
use crate::{
    i18n::Label,
    tickets::{TicketCategory, TicketStatus},
    urls,
    web::Form,
};

/// The views, in the order of the sidebar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, EnumString, IntoStaticStr, VariantArray)]
#[strum(const_into_str, serialize_all = "lowercase")]
pub(crate) enum QueueView {
    New,
    Mine,
    Open,
    Waiting,
    Resolved,
    Spam,
    All,
}

impl QueueView {
    pub(crate) const fn count(self, counts: &ViewCounts) -> i64 {
        match self {
            QueueView::New => counts.new,
            QueueView::Mine => counts.mine,
            QueueView::Open => counts.open,
            QueueView::Waiting => counts.waiting,
            QueueView::Resolved => counts.resolved,
            QueueView::Spam => counts.spam,
            QueueView::All => counts.all,
        }
    }

    /// Duplicates are listed in "all" only: they are resolved together with their main ticket.
    const fn statuses(self) -> &'static [TicketStatus] {
        match self {
            QueueView::New => &[TicketStatus::New],
            QueueView::Mine => &[TicketStatus::New, TicketStatus::Open, TicketStatus::Waiting],
            QueueView::Open => &[TicketStatus::Open],
            QueueView::Waiting => &[TicketStatus::Waiting],
            QueueView::Resolved => &[TicketStatus::Resolved],
            QueueView::Spam => &[TicketStatus::Spam],
            QueueView::All => TicketStatus::VARIANTS,
        }
    }

    const fn default_sort(self) -> QueueSort {
        match self {
            QueueView::New | QueueView::Mine | QueueView::Open | QueueView::Waiting => QueueSort::LongestWaiting,
            QueueView::Resolved | QueueView::Spam | QueueView::All => QueueSort::Newest,
        }
    }
}

impl Label for QueueView {
    const MESSAGE_PREFIX: &str = "view";
}

/// The parsed query string. A parameter with an invalid value counts as missing.
#[derive(Debug, Clone)]
pub(crate) struct QueueQuery {
    pub view: QueueView,
    pub category: Option<TicketCategory>,
    /// `me`, `none`, the id of a staff member, or empty.
    pub assignee: String,
    pub sort: Option<QueueSort>,
    pub search: String,
    pub position: PagePosition,
    /// Only a search was given. If it has a single hit, staff want to see that ticket, not a list.
    pub is_search_only: bool,
    /// The action to report above the rows. The URLs built here do not repeat it.
    pub flash: String,
    /// The fingerprint of the rows that the page shows, sent by the script of the live queue.
    pub page_fingerprint: String,
}

impl<S: Sync> FromRequestParts<S> for QueueQuery {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<QueueQuery, Infallible> {
        Ok(QueueQuery::from_form(&Form::from_query(&parts.uri)))
    }
}

impl QueueQuery {
    pub(crate) fn parse(query: &str) -> QueueQuery {
        QueueQuery::from_form(&Form::parse(query.as_bytes()))
    }

    fn from_form(form: &Form) -> QueueQuery {
        let search = normalize_query(&form.single_line("q"));
        let sort = form.raw("sort").parse().ok();
        let position = match (form.raw("after").parse().ok(), form.raw("before").parse().ok()) {
            (Some(cursor), _) => PagePosition::After(cursor),
            (None, Some(cursor)) => PagePosition::Before(cursor),
            (None, None) => PagePosition::First,
        };
        let view = form.raw("view").parse().ok();
        let is_search_only =
            ["view", "category", "assignee", "sort", "after", "before"].iter().all(|name| form.raw(name).is_empty());
        QueueQuery {
            // without a view, a search covers all tickets
            view: view.unwrap_or(if search.is_empty() { QueueView::New } else { QueueView::All }),
            category: form.raw("category").parse().ok(),
            assignee: form.single_line("assignee"),
            sort,
            search,
            position,
            is_search_only,
            flash: form.raw("flash").to_owned(),
            page_fingerprint: form.raw("fingerprint").to_owned(),
        }
    }

    /// What to list for the staff member `me` on the day `today`. Relative terms ("me", "yesterday") are resolved, so that
    /// equal requests list the same tickets.
    pub(crate) fn to_list_request(&self, terms: &[SearchTerm], me: Uuid, today: Date) -> ListRequest {
        let mut criteria = SearchCriteria::from_terms(terms, me, today);
        if self.view == QueueView::Mine {
            criteria.restrict_assignee(AssigneeFilter::Staff(me));
        }
        match self.assignee.as_str() {
            "" => {}
            "me" => criteria.restrict_assignee(AssigneeFilter::Staff(me)),
            "none" => criteria.restrict_assignee(AssigneeFilter::Unassigned),
            id => Uuid::parse_str(id).into_iter().for_each(|id| criteria.restrict_assignee(AssigneeFilter::Staff(id))),
        }
        let is_active_only = self.view == QueueView::All
            && (criteria.has_unassigned
                || (criteria.has_assigned_to_me && !criteria.needs_search() && criteria.time_range.is_none()));
        let matches_search = |status: &TicketStatus| match criteria.statuses.is_empty() {
            true => !is_active_only || status.is_active(),
            false => criteria.statuses.contains(status),
        };
        let in_view = |status: &TicketStatus| self.view.statuses().contains(status);
        let statuses: Vec<_> =
            TicketStatus::VARIANTS.iter().copied().filter(|status| in_view(status) && matches_search(status)).collect();
        let is_wanted_category = |category: &TicketCategory| {
            self.category.is_none_or(|selected| selected == *category)
                && (criteria.categories.is_empty() || criteria.categories.contains(category))
        };
        let categories: Vec<_> = TicketCategory::VARIANTS.iter().copied().filter(is_wanted_category).collect();
        if criteria.is_unsatisfiable || statuses.is_empty() || categories.is_empty() {
            return ListRequest::Empty;
        }
        let (sort, position) = (self.effective_sort(terms), self.position);
        // only the sort by call time can restrict the time range in its index
        if criteria.needs_search() || (criteria.time_range.is_some() && sort != QueueSort::LatestCall) {
            let criteria = SearchCriteria { statuses, categories, ..criteria };
            return ListRequest::Search { criteria, sort, position };
        }
        let filter = QueueFilter {
            statuses,
            categories,
            assignee: criteria.assignee.unwrap_or(AssigneeFilter::Any),
            time_range: criteria.time_range.unwrap_or(TimeRange::UNBOUNDED),
        };
        ListRequest::Browse { filter, sort, position }
    }

    /// The selected sort, or the default one of the view. A search for a time sorts by the time of the call.
    pub(super) fn effective_sort(&self, terms: &[SearchTerm]) -> QueueSort {
        self.sort.unwrap_or_else(|| match terms.iter().any(SearchTerm::is_time) {
            true => QueueSort::LatestCall,
            false => self.view.default_sort(),
        })
    }

    /// The first page of the same view with another search text. Without a search, "all" becomes the default view.
    pub(super) fn with_search(&self, search: String) -> QueueQuery {
        let view = if search.is_empty() && self.view == QueueView::All { QueueView::New } else { self.view };
        QueueQuery { search, view, position: PagePosition::First, ..self.clone() }
    }

    /// The page that starts `after` or ends `before` the cursor.
    pub(super) fn page_url(&self, direction: &str, cursor: &QueueCursor) -> String {
        urls::with_query(&self.first_page_url(), &[(direction, &cursor.to_string())])
    }

    pub(super) fn current_url(&self) -> String {
        self.current_url_at(urls::staff::QUEUE)
    }

    /// The event stream with the changes of the current page.
    pub(super) fn live_url(&self) -> String {
        self.current_url_at(urls::staff::QUEUE_LIVE)
    }

    pub(super) fn csv_url(&self) -> String {
        self.first_page_url_at(urls::staff::QUEUE_CSV)
    }

    pub(crate) fn first_page_url(&self) -> String {
        self.first_page_url_at(urls::staff::QUEUE)
    }

    fn current_url_at(&self, path: &str) -> String {
        let url = self.first_page_url_at(path);
        match &self.position {
            PagePosition::First => url,
            PagePosition::After(cursor) => urls::with_query(&url, &[("after", &cursor.to_string())]),
            PagePosition::Before(cursor) => urls::with_query(&url, &[("before", &cursor.to_string())]),
        }
    }

    fn first_page_url_at(&self, path: &str) -> String {
        let parameters = [
            ("view", self.view.into_str()),
            ("category", self.category.map_or("", Into::into)),
            ("assignee", &self.assignee),
            ("sort", self.sort.map_or("", Into::into)),
            ("q", &self.search),
        ];
        urls::with_query(path, &parameters)
    }
}

/// A search of all tickets.
pub(crate) fn search_url(search: &str) -> String {
    urls::with_query(urls::staff::QUEUE, &[("view", QueueView::All.into_str()), ("q", search)])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn view_filters_sort_and_search_survive_a_round_trip_through_the_url() {
        let url = "/staff?view=mine&category=audio&assignee=me&sort=call&q=22%20122";
        let query = QueueQuery::parse(url.split_once('?').unwrap().1);
        assert_eq!(query.first_page_url(), url);
    }

    #[test]
    fn page_cursor_survives_a_round_trip_through_the_url() {
        let query =
            QueueQuery::parse("view=all&sort=call&before=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        let PagePosition::Before(cursor) = query.position else { panic!("{query:?}") };
        let url = query.page_url("after", &cursor);
        assert_eq!(url, "/staff?view=all&sort=call&after=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        assert_eq!(QueueQuery::parse(url.split_once('?').unwrap().1).position, PagePosition::After(cursor));
    }

    #[test]
    fn invalid_query_parameters_are_ignored() {
        let query = QueueQuery::parse("view=x&category=y&sort=z&after=99999999999999999999.x&after=1");
        assert_eq!(query.first_page_url(), "/staff?view=new");
        assert_eq!(query.position, PagePosition::First);
        let query = QueueQuery::parse("after=9223372036854775807.00000000-0000-0000-0000-000000000000");
        assert_eq!(query.position, PagePosition::First);
    }
}
