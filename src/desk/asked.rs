//! What an address of the queue asks for: view, filters, order, search line, page.

use time::Date;
use uuid::Uuid;

use super::{
    listing::Wanted,
    search::{Criteria, Reading, line},
    store::{Counts, Cursor, Place, Sort, Span, Walk, Who},
};
use crate::{
    tickets::{Category, Status},
    web::{Form, form::escape},
};

/// The views, in the order of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum View {
    New,
    Mine,
    Open,
    Waiting,
    Resolved,
    Spam,
    All,
}

impl View {
    pub const RAIL: [View; 7] =
        [View::New, View::Mine, View::Open, View::Waiting, View::Resolved, View::Spam, View::All];

    pub const fn as_str(self) -> &'static str {
        match self {
            View::New => "new",
            View::Mine => "mine",
            View::Open => "open",
            View::Waiting => "waiting",
            View::Resolved => "resolved",
            View::Spam => "spam",
            View::All => "all",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            View::New => "view-new",
            View::Mine => "view-mine",
            View::Open => "view-open",
            View::Waiting => "view-waiting",
            View::Resolved => "view-resolved",
            View::Spam => "view-spam",
            View::All => "view-all",
        }
    }

    pub const fn count(self, counts: &Counts) -> i64 {
        match self {
            View::New => counts.new,
            View::Mine => counts.mine,
            View::Open => counts.open,
            View::Waiting => counts.waiting,
            View::Resolved => counts.resolved,
            View::Spam => counts.spam,
            View::All => counts.all,
        }
    }

    /// Duplicates end with their main tickets: they are no work of their own, and stand in "all" only.
    const fn statuses(self) -> &'static [Status] {
        match self {
            View::New => &[Status::New],
            View::Mine => &[Status::New, Status::Open, Status::Waiting],
            View::Open => &[Status::Open],
            View::Waiting => &[Status::Waiting],
            View::Resolved => &[Status::Resolved],
            View::Spam => &[Status::Spam],
            View::All => Status::ALL,
        }
    }

    /// What staff want first there: who has waited longest, or what came last.
    const fn usual_sort(self) -> Sort {
        match self {
            View::New | View::Mine | View::Open | View::Waiting => Sort::Waiting,
            View::Resolved | View::Spam | View::All => Sort::Newest,
        }
    }
}

/// The address's query, understood; what can't be understood counts as not said.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub view: View,
    pub category: Option<Category>,
    /// `me`, `none` or a colleague's id.
    pub assignee: String,
    pub sort: Option<Sort>,
    pub search: String,
    pub place: Place,
    /// Nothing but a search was asked for: then a single hit is what somebody wants to see.
    pub is_plain: bool,
}

impl Asked {
    pub fn read(query: &str) -> Asked {
        let form = Form::parse(query.as_bytes());
        let search = line(&form.line("q"));
        let sort = Sort::ALL.into_iter().find(|sort| sort.as_str() == form.raw("sort"));
        let place = match (form.raw("after").parse().ok(), form.raw("before").parse().ok()) {
            (Some(cursor), _) => Place::After(cursor),
            (None, Some(cursor)) => Place::Before(cursor),
            (None, None) => Place::First,
        };
        let view = View::RAIL.into_iter().find(|view| view.as_str() == form.raw("view"));
        let is_plain =
            ["view", "category", "assignee", "sort", "after", "before"].iter().all(|name| form.raw(name).is_empty());
        Asked {
            // a search looks everywhere unless told otherwise
            view: view.unwrap_or(if search.is_empty() { View::New } else { View::All }),
            category: form.raw("category").parse().ok(),
            assignee: form.line("assignee"),
            sort,
            search,
            place,
            is_plain,
        }
    }

    /// What is to be listed for somebody who asks this on a day. Everything relative is resolved, so that equal wishes
    /// list the same.
    pub fn wanted(&self, readings: &[Reading], me: Uuid, today: Date) -> Wanted {
        let mut all = Criteria::of(readings, me, today);
        if self.view == View::Mine {
            all.only(Who::Person(me));
        }
        match self.assignee.as_str() {
            "" => {}
            "me" => all.only(Who::Person(me)),
            "none" => all.only(Who::Nobody),
            id => Uuid::parse_str(id).into_iter().for_each(|id| all.only(Who::Person(id))),
        }
        let in_view = |status: &Status| self.view.statuses().contains(status);
        let is_work = self.view == View::All && (all.free || (all.mine && !all.finds() && all.span.is_none()));
        let searched = |status: &Status| match all.statuses.is_empty() {
            true => !is_work || status.is_active(),
            false => all.statuses.contains(status),
        };
        let statuses: Vec<_> = Status::ALL.iter().copied().filter(|one| in_view(one) && searched(one)).collect();
        let fits = |one: &Category| {
            self.category.is_none_or(|category| category == *one)
                && (all.categories.is_empty() || all.categories.contains(one))
        };
        let categories: Vec<_> = Category::ALL.iter().copied().filter(fits).collect();
        if all.impossible || statuses.is_empty() || categories.is_empty() {
            return Wanted::Nothing;
        }
        let sort = self.sort(readings);
        let span = all.span.unwrap_or(Span::EVER);
        if all.finds() || (all.span.is_some() && sort != Sort::Call) {
            let criteria = Criteria { statuses, categories, ..all };
            return Wanted::Search { criteria, sort, place: self.place };
        }
        let who = all.who.unwrap_or(Who::Anybody);
        Wanted::Walk { walk: Walk { statuses, categories, who, span }, sort, place: self.place }
    }

    /// The order: as asked for, or as usual there. Calls of a day are looked through by their time.
    pub fn sort(&self, readings: &[Reading]) -> Sort {
        let usual = if readings.iter().any(Reading::is_time) { Sort::Call } else { self.view.usual_sort() };
        self.sort.unwrap_or(usual)
    }

    /// The same with another search line, from its first page.
    pub fn searching(&self, search: String) -> Asked {
        // without a search there is work to do again
        let view = if search.is_empty() && self.view == View::All { View::New } else { self.view };
        Asked { search, view, place: Place::First, ..self.clone() }
    }

    /// The address of another page of it.
    pub fn page(&self, way: &str, cursor: &Cursor) -> String {
        format!("{}&{way}={cursor}", self.address())
    }

    /// The address of the page that was asked for.
    pub fn here(&self) -> String {
        match &self.place {
            Place::First => self.address(),
            Place::After(cursor) => self.page("after", cursor),
            Place::Before(cursor) => self.page("before", cursor),
        }
    }

    /// The address of the same tickets as a table.
    pub fn csv(&self) -> String {
        self.address().replacen("/staff?", "/staff.csv?", 1)
    }

    /// The address of this state of the queue, from its first page.
    pub fn address(&self) -> String {
        let mut query = vec![format!("view={}", self.view.as_str())];
        if let Some(category) = self.category {
            query.push(format!("category={}", category.as_str()));
        }
        if !self.assignee.is_empty() {
            query.push(format!("assignee={}", escape(&self.assignee)));
        }
        if let Some(sort) = self.sort {
            query.push(format!("sort={}", sort.as_str()));
        }
        if !self.search.is_empty() {
            query.push(format!("q={}", escape(&self.search)));
        }
        format!("/staff?{}", query.join("&"))
    }
}

impl Sort {
    pub const ALL: [Sort; 3] = [Sort::Waiting, Sort::Newest, Sort::Call];

    const fn as_str(self) -> &'static str {
        match self {
            Sort::Waiting => "waiting",
            Sort::Newest => "newest",
            Sort::Call => "call",
        }
    }

    pub const fn label(self) -> &'static str {
        match self {
            Sort::Waiting => "sort-waiting",
            Sort::Newest => "sort-newest",
            Sort::Call => "sort-call",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_of_the_queue_is_an_address() {
        let address = "/staff?view=mine&category=audio&assignee=me&sort=call&q=22%20122";
        let asked = Asked::read(address.split_once('?').unwrap().1);
        assert_eq!(asked.address(), address);
    }

    #[test]
    fn a_page_is_an_address() {
        let asked = Asked::read("view=all&sort=call&before=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        let Place::Before(cursor) = asked.place else { panic!("{asked:?}") };
        let address = asked.page("after", &cursor);
        assert_eq!(address, "/staff?view=all&sort=call&after=1795181400000000.0192f0c1-e5a0-7c3e-8f00-123456789abc");
        assert_eq!(Asked::read(address.split_once('?').unwrap().1).place, Place::After(cursor));
    }

    #[test]
    fn nonsense_in_the_address_counts_as_not_said() {
        let asked = Asked::read("view=x&category=y&sort=z&after=99999999999999999999.x&after=1");
        assert_eq!(asked.address(), "/staff?view=new");
        assert_eq!(asked.place, Place::First);
        let asked = Asked::read("after=9223372036854775807.00000000-0000-0000-0000-000000000000");
        assert_eq!(asked.place, Place::First);
    }
}
