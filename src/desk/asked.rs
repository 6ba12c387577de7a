//! What an address of the queue asks for: view, filters, order, search line, page.

use time::OffsetDateTime;
use uuid::Uuid;

use super::store::{Counts, Cursor, Number, Place, Sort, Span, Walk, Who};
use crate::{
    email::is_email,
    phone::{NumberQuery, number_query},
    tickets::{Category, Reference, Status},
    web::{Form, form::escape},
    words::Say,
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
}

impl Asked {
    pub fn read(query: &str) -> Asked {
        let form = Form::parse(query.as_bytes());
        let search: String = form.line("q").chars().take(200).collect();
        let sort = Sort::ALL.into_iter().find(|sort| sort.as_str() == form.raw("sort"));
        let place = match (read_cursor(form.raw("after")), read_cursor(form.raw("before"))) {
            (Some(cursor), _) => Place::After(cursor),
            (None, Some(cursor)) => Place::Before(cursor),
            (None, None) => Place::First,
        };
        let view = View::RAIL.into_iter().find(|view| view.as_str() == form.raw("view"));
        Asked {
            // a search looks everywhere unless told otherwise
            view: view.unwrap_or(if search.is_empty() { View::New } else { View::All }),
            category: form.raw("category").parse().ok(),
            assignee: form.line("assignee"),
            sort,
            search,
            place,
        }
    }

    pub fn sort(&self) -> Sort {
        self.sort.unwrap_or(self.view.usual_sort())
    }

    /// Which tickets somebody who asks this is shown, or none when two conditions exclude each other.
    pub fn walk(&self, me: Uuid) -> Option<Walk> {
        let mine = (self.view == View::Mine).then_some(Who::Person(me));
        let asked = match self.assignee.as_str() {
            "" => None,
            "me" => Some(Who::Person(me)),
            "none" => Some(Who::Nobody),
            id => Uuid::parse_str(id).ok().map(Who::Person),
        };
        let who = match (mine, asked) {
            (Some(mine), Some(asked)) if mine != asked => return None,
            (mine, asked) => mine.or(asked).unwrap_or(Who::Anybody),
        };
        Some(Walk {
            statuses: self.view.statuses().to_vec(),
            categories: self.category.map_or_else(|| Category::ALL.to_vec(), |category| vec![category]),
            who,
            span: Span::EVER,
        })
    }

    /// The address of another page of it.
    pub fn page(&self, way: &str, cursor: &Cursor) -> String {
        let micros = cursor.at.unix_timestamp_nanos() / 1000;
        format!("{}&{way}={micros}.{}", self.address(), cursor.id.simple())
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

/// What the search line was read as.
pub(super) enum Search {
    Nothing,
    Ticket(Reference),
    Number(Number),
    Email(String),
    Unreadable(Say),
}

pub(super) fn read_search(typed: &str) -> Search {
    if typed.is_empty() {
        return Search::Nothing;
    }
    let reference = typed.parse::<Reference>();
    if let Ok(reference) = reference {
        return Search::Ticket(reference);
    }
    if is_email(typed) {
        return Search::Email(typed.to_lowercase());
    }
    match number_query(typed) {
        Some(NumberQuery::Exact(exact)) => Search::Number(Number { exact: Some(exact), ..Number::default() }),
        Some(part @ NumberQuery::Part { .. }) => {
            let mut leading = part.leading().into_iter().map(|digits| format!("{digits}%"));
            Search::Number(Number {
                exact: None,
                leading: leading.next(),
                or_leading: leading.next(),
                ending: part.ending().map(|digits| format!("{}%", digits.chars().rev().collect::<String>())),
            })
        }
        None if typed.to_ascii_uppercase().starts_with("DZ") => {
            Search::Unreadable(reference.err().unwrap_or(Say::new("reference-wrong-form")))
        }
        None => Search::Unreadable(Say::new("queue-search-unreadable")),
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

/// Microseconds since 1970 and the ticket's id.
fn read_cursor(text: &str) -> Option<Cursor> {
    let (micros, id) = text.split_once('.')?;
    let nanos = micros.parse::<i64>().ok().map(|micros| i128::from(micros) * 1000)?;
    Some(Cursor { at: OffsetDateTime::from_unix_timestamp_nanos(nanos).ok()?, id: Uuid::parse_str(id).ok()? })
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
        let asked = Asked::read("view=all&sort=call&before=1795181400000000.0192f0c1e5a07c3e8f00123456789abc");
        let Place::Before(cursor) = asked.place else { panic!("{asked:?}") };
        let address = asked.page("after", &cursor);
        assert_eq!(address, "/staff?view=all&sort=call&after=1795181400000000.0192f0c1e5a07c3e8f00123456789abc");
        assert_eq!(Asked::read(address.split_once('?').unwrap().1).place, Place::After(cursor));
    }

    #[test]
    fn nonsense_in_the_address_counts_as_not_said() {
        let asked = Asked::read("view=x&category=y&sort=z&after=99999999999999999999.x&after=1");
        assert_eq!(asked.address(), "/staff?view=new");
        assert_eq!(asked.place, Place::First);
        assert!(read_cursor("9223372036854775807.00000000-0000-0000-0000-000000000000").is_none());
    }
}
