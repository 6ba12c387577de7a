//! What an address of the queue asks for: view, filters, order, search line, page.

use time::Date;
use uuid::Uuid;

use super::{
    listing::ListRequest,
    search::{SearchCriteria, SearchTerm, normalize_query},
    store::{AssigneeFilter, PagePosition, QueueCursor, QueueFilter, QueueSort, TimeRange, ViewCounts},
};
use crate::{
    tickets::{TicketCategory, TicketStatus},
    web::{Form, form::percent_encode},
};

/// The views, in the order of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub const ALL: [QueueView; 7] = [
        QueueView::New,
        QueueView::Mine,
        QueueView::Open,
        QueueView::Waiting,
        QueueView::Resolved,
        QueueView::Spam,
        QueueView::All,
    ];

    pub const fn as_str(self) -> &'static str {
        match self {
            QueueView::New => "new",
            QueueView::Mine => "mine",
            QueueView::Open => "open",
            QueueView::Waiting => "waiting",
            QueueView::Resolved => "resolved",
            QueueView::Spam => "spam",
            QueueView::All => "all",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            QueueView::New => "view-new",
            QueueView::Mine => "view-mine",
            QueueView::Open => "view-open",
            QueueView::Waiting => "view-waiting",
            QueueView::Resolved => "view-resolved",
            QueueView::Spam => "view-spam",
            QueueView::All => "view-all",
        }
    }

    pub const fn count(self, counts: &ViewCounts) -> i64 {
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

    /// Duplicates end with their main tickets: they are no work of their own, and stand in "all" only.
    const fn statuses(self) -> &'static [TicketStatus] {
        match self {
            QueueView::New => &[TicketStatus::New],
            QueueView::Mine => &[TicketStatus::New, TicketStatus::Open, TicketStatus::Waiting],
            QueueView::Open => &[TicketStatus::Open],
            QueueView::Waiting => &[TicketStatus::Waiting],
            QueueView::Resolved => &[TicketStatus::Resolved],
            QueueView::Spam => &[TicketStatus::Spam],
            QueueView::All => TicketStatus::ALL,
        }
    }

    /// What staff want first there: who has waited longest, or what came last.
    const fn default_sort(self) -> QueueSort {
        match self {
            QueueView::New | QueueView::Mine | QueueView::Open | QueueView::Waiting => QueueSort::LongestWaiting,
            QueueView::Resolved | QueueView::Spam | QueueView::All => QueueSort::Newest,
        }
    }
}

/// The address's query, understood; what can't be understood counts as not said.
#[derive(Debug, Clone)]
pub(crate) struct QueueQuery {
    pub view: QueueView,
    pub category: Option<TicketCategory>,
    /// `me`, `none` or a colleague's id.
    pub assignee: String,
    pub sort: Option<QueueSort>,
    pub search: String,
    pub position: PagePosition,
    /// Nothing but a search was asked for: then a single hit is what somebody wants to see.
    pub is_search_only: bool,
}

impl QueueQuery {
    pub fn parse(query: &str) -> QueueQuery {
        let form = Form::parse(query.as_bytes());
        let search = normalize_query(&form.single_line("q"));
        let sort = QueueSort::ALL.into_iter().find(|sort| sort.as_str() == form.raw("sort"));
        let place = match (form.raw("after").parse().ok(), form.raw("before").parse().ok()) {
            (Some(cursor), _) => PagePosition::After(cursor),
            (None, Some(cursor)) => PagePosition::Before(cursor),
            (None, None) => PagePosition::First,
        };
        let view = QueueView::ALL.into_iter().find(|view| view.as_str() == form.raw("view"));
        let is_plain =
            ["view", "category", "assignee", "sort", "after", "before"].iter().all(|name| form.raw(name).is_empty());
        QueueQuery {
            // a search looks everywhere unless told otherwise
            view: view.unwrap_or(if search.is_empty() { QueueView::New } else { QueueView::All }),
            category: form.raw("category").parse().ok(),
            assignee: form.single_line("assignee"),
            sort,
            search,
            position: place,
            is_search_only: is_plain,
        }
    }

    /// What is to be listed for somebody who asks this on a day. Everything relative is resolved, so that equal wishes
    /// list the same.
    pub fn to_list_request(&self, readings: &[SearchTerm], me: Uuid, today: Date) -> ListRequest {
        let mut all = SearchCriteria::from_terms(readings, me, today);
        if self.view == QueueView::Mine {
            all.restrict_assignee(AssigneeFilter::Staff(me));
        }
        match self.assignee.as_str() {
            "" => {}
            "me" => all.restrict_assignee(AssigneeFilter::Staff(me)),
            "none" => all.restrict_assignee(AssigneeFilter::Unassigned),
            id => Uuid::parse_str(id).into_iter().for_each(|id| all.restrict_assignee(AssigneeFilter::Staff(id))),
        }
        let in_view = |status: &TicketStatus| self.view.statuses().contains(status);
        let is_work = self.view == QueueView::All
            && (all.has_unassigned || (all.has_assigned_to_me && !all.needs_search() && all.time_range.is_none()));
        let searched = |status: &TicketStatus| match all.statuses.is_empty() {
            true => !is_work || status.is_active(),
            false => all.statuses.contains(status),
        };
        let statuses: Vec<_> = TicketStatus::ALL.iter().copied().filter(|one| in_view(one) && searched(one)).collect();
        let fits = |one: &TicketCategory| {
            self.category.is_none_or(|category| category == *one)
                && (all.categories.is_empty() || all.categories.contains(one))
        };
        let categories: Vec<_> = TicketCategory::ALL.iter().copied().filter(fits).collect();
        if all.is_unsatisfiable || statuses.is_empty() || categories.is_empty() {
            return ListRequest::Empty;
        }
        let sort = self.effective_sort(readings);
        let span = all.time_range.unwrap_or(TimeRange::UNBOUNDED);
        if all.needs_search() || (all.time_range.is_some() && sort != QueueSort::LatestCall) {
            let criteria = SearchCriteria { statuses, categories, ..all };
            return ListRequest::Search { criteria, sort, position: self.position };
        }
        let who = all.assignee.unwrap_or(AssigneeFilter::Any);
        ListRequest::Browse {
            filter: QueueFilter { statuses, categories, assignee: who, time_range: span },
            sort,
            position: self.position,
        }
    }

    /// The order: as asked for, or as usual there. Calls of a day are looked through by their time.
    pub fn effective_sort(&self, readings: &[SearchTerm]) -> QueueSort {
        let usual =
            if readings.iter().any(SearchTerm::is_time) { QueueSort::LatestCall } else { self.view.default_sort() };
        self.sort.unwrap_or(usual)
    }

    /// The same with another search line, from its first page.
    pub fn with_search(&self, search: String) -> QueueQuery {
        // without a search there is work to do again
        let view = if search.is_empty() && self.view == QueueView::All { QueueView::New } else { self.view };
        QueueQuery { search, view, position: PagePosition::First, ..self.clone() }
    }

    /// The address of another page of it.
    pub fn page_url(&self, way: &str, cursor: &QueueCursor) -> String {
        format!("{}&{way}={cursor}", self.first_page_url())
    }

    /// The address of the page that was asked for.
    pub fn current_url(&self) -> String {
        match &self.position {
            PagePosition::First => self.first_page_url(),
            PagePosition::After(cursor) => self.page_url("after", cursor),
            PagePosition::Before(cursor) => self.page_url("before", cursor),
        }
    }

    /// The address of the same tickets as a table.
    pub fn csv_url(&self) -> String {
        self.first_page_url().replacen("/staff?", "/staff.csv?", 1)
    }

    /// The address of this state of the queue, from its first page.
    pub fn first_page_url(&self) -> String {
        let mut query = vec![format!("view={}", self.view.as_str())];
        if let Some(category) = self.category {
            query.push(format!("category={}", category.as_str()));
        }
        if !self.assignee.is_empty() {
            query.push(format!("assignee={}", percent_encode(&self.assignee)));
        }
        if let Some(sort) = self.sort {
            query.push(format!("sort={}", sort.as_str()));
        }
        if !self.search.is_empty() {
            query.push(format!("q={}", percent_encode(&self.search)));
        }
        format!("/staff?{}", query.join("&"))
    }
}

impl QueueSort {
    pub const ALL: [QueueSort; 3] = [QueueSort::LongestWaiting, QueueSort::Newest, QueueSort::LatestCall];

    const fn as_str(self) -> &'static str {
        match self {
            QueueSort::LongestWaiting => "waiting",
            QueueSort::Newest => "newest",
            QueueSort::LatestCall => "call",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            QueueSort::LongestWaiting => "sort-waiting",
            QueueSort::Newest => "sort-newest",
            QueueSort::LatestCall => "sort-call",
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::desk::queue::query::*;

    #[test]
    fn a_state_of_the_queue_is_an_address() {
        let address = "/staff?view=mine&category=audio&assignee=me&sort=call&q=22%20122";
        let asked = QueueQuery::parse(address.split_once('?').unwrap().1);
        assert_eq!(asked.first_page_url(), address);
    }

    #[test]
    fn a_page_is_an_address() {
        let asked =
            QueueQuery::parse("view=all&sort=call&before=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        let PagePosition::Before(cursor) = asked.position else { panic!("{asked:?}") };
        let address = asked.page_url("after", &cursor);
        assert_eq!(address, "/staff?view=all&sort=call&after=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        assert_eq!(QueueQuery::parse(address.split_once('?').unwrap().1).position, PagePosition::After(cursor));
    }

    #[test]
    fn nonsense_in_the_address_counts_as_not_said() {
        let asked = QueueQuery::parse("view=x&category=y&sort=z&after=99999999999999999999.x&after=1");
        assert_eq!(asked.first_page_url(), "/staff?view=new");
        assert_eq!(asked.position, PagePosition::First);
        let asked = QueueQuery::parse("after=9223372036854775807.00000000-0000-0000-0000-000000000000");
        assert_eq!(asked.position, PagePosition::First);
    }
}
