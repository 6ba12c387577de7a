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

use super::store::{self, Counts, Cursor, Filter, Number, QueueRow, Sort};
use crate::{
    app::{App, Now},
    phone::{Kind, NumberQuery, Party, number_query},
    staff::{Frame, Person, Staff, colleagues, initials},
    tickets::{Billing, Category, Reference, Status},
    web::{Error, Form, form::escape, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff", get(queue))
}

/// The views, in the order of the rail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum View {
    New,
    Mine,
    Open,
    Waiting,
    Resolved,
    Spam,
    All,
}

impl View {
    const RAIL: [View; 7] = [View::New, View::Mine, View::Open, View::Waiting, View::Resolved, View::Spam, View::All];

    const fn as_str(self) -> &'static str {
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

    const fn label(self) -> &'static str {
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
struct Asked {
    view: View,
    category: Option<Category>,
    /// `me`, `none` or a colleague's id.
    assignee: String,
    sort: Option<Sort>,
    search: String,
    after: Option<Cursor>,
}

impl Asked {
    fn read(query: &str) -> Asked {
        let form = Form::parse(query.as_bytes());
        let search: String = form.line("q").chars().take(200).collect();
        let view = View::RAIL.into_iter().find(|view| view.as_str() == form.raw("view"));
        Asked {
            // a search looks everywhere unless told otherwise
            view: view.unwrap_or(if search.is_empty() { View::New } else { View::All }),
            category: form.raw("category").parse().ok(),
            assignee: form.line("assignee"),
            sort: sort_named(form.raw("sort")),
            search,
            after: read_cursor(form.raw("after")),
        }
    }

    fn sort(&self) -> Sort {
        self.sort.unwrap_or(self.view.usual_sort())
    }

    /// The address of this state of the queue, from its first page.
    fn address(&self) -> String {
        let mut query = vec![format!("view={}", self.view.as_str())];
        if let Some(category) = self.category {
            query.push(format!("category={}", category.as_str()));
        }
        if !self.assignee.is_empty() {
            query.push(format!("assignee={}", escape(&self.assignee)));
        }
        if let Some(sort) = self.sort {
            query.push(format!("sort={}", sort_name(sort)));
        }
        if !self.search.is_empty() {
            query.push(format!("q={}", escape(&self.search)));
        }
        format!("/staff?{}", query.join("&"))
    }
}

/// What the search line was read as.
enum Search {
    Nothing,
    Ticket(Reference),
    Number(Number),
    Email(String),
    Unreadable(Say),
}

fn read_search(typed: &str) -> Search {
    if typed.is_empty() {
        return Search::Nothing;
    }
    let reference = typed.parse::<Reference>();
    if let Ok(reference) = reference {
        return Search::Ticket(reference);
    }
    if crate::email::is_email(typed) {
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

#[derive(Template)]
#[template(path = "desk/queue.html")]
struct QueuePage {
    frame: Frame,
    asked: Asked,
    rows: Vec<QueueRow>,
    /// The address of the next page.
    more: Option<String>,
    counts: Counts,
    colleagues: Vec<Person>,
    unreadable: Option<Say>,
    /// A reference that is right in itself but that no ticket has.
    unknown: Option<Reference>,
    now: OffsetDateTime,
}

impl QueuePage {
    fn t(&self, id: &str) -> String {
        self.frame.lang().t(id).into_owned()
    }

    fn ago(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::span(*at, self.now))
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    /// Views with their names, addresses and counts.
    fn rail(&self) -> Vec<RailItem> {
        View::RAIL
            .into_iter()
            .map(|view| RailItem {
                label: self.t(view.label()),
                href: Asked { view, search: String::new(), after: None, sort: None, ..self.asked.clone() }.address(),
                current: view == self.asked.view,
                count: match view {
                    View::New => Some(self.counts.new),
                    View::Mine => Some(self.counts.mine),
                    View::Open => Some(self.counts.open),
                    View::Waiting => Some(self.counts.waiting),
                    View::Resolved | View::Spam | View::All => None,
                },
            })
            .collect()
    }

    fn categories(&self) -> Vec<RailItem> {
        let all = RailItem {
            label: self.t("queue-all-categories"),
            href: Asked { category: None, after: None, ..self.asked.clone() }.address(),
            current: self.asked.category.is_none(),
            count: None,
        };
        let each = Category::ALL.iter().map(|category| RailItem {
            label: self.t(short(category)),
            href: Asked { category: Some(*category), after: None, ..self.asked.clone() }.address(),
            current: self.asked.category == Some(*category),
            count: None,
        });
        std::iter::once(all).chain(each).collect()
    }

    fn sorts(&self) -> Vec<RailItem> {
        [(Sort::Waiting, "sort-waiting"), (Sort::Newest, "sort-newest"), (Sort::Call, "sort-call")]
            .into_iter()
            .map(|(sort, label)| RailItem {
                label: self.t(label),
                href: Asked { sort: Some(sort), after: None, ..self.asked.clone() }.address(),
                current: self.asked.sort() == sort,
                count: None,
            })
            .collect()
    }

    fn view_title(&self) -> String {
        self.t(self.asked.view.label())
    }

    fn without_search(&self) -> String {
        Asked { search: String::new(), view: View::New, after: None, ..self.asked.clone() }.address()
    }

    fn first_page(&self) -> String {
        self.asked.address()
    }

    fn is_first(&self) -> bool {
        self.asked.after.is_none()
    }

    fn is_filtered(&self) -> bool {
        self.asked.category.is_some() || !self.asked.assignee.is_empty()
    }

    fn side(&self, kind: &Option<Kind>, canonical: &Option<String>) -> String {
        match kind {
            None => String::new(),
            Some(Kind::Withheld) => self.t("queue-withheld"),
            Some(kind) => Party::stored(*kind, canonical.as_deref().unwrap_or_default(), None).display(),
        }
    }

    fn chosen(&self, id: &Uuid) -> bool {
        self.asked.assignee == id.to_string()
    }

    fn badge(&self, name: &str) -> String {
        initials(name)
    }
}

struct RailItem {
    label: String,
    href: String,
    current: bool,
    count: Option<i64>,
}

impl RailItem {
    /// Counts stop at a hundred, where the number no longer matters.
    fn shown(&self) -> Option<String> {
        self.count.map(|count| if count > 99 { "99+".to_owned() } else { count.to_string() })
    }
}

async fn queue(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let asked = Asked::read(uri.query().unwrap_or_default());
    let mut filter = Filter { category: asked.category, ..Filter::default() };
    match asked.view {
        View::New => filter.status = Some(Status::New),
        View::Open => filter.status = Some(Status::Open),
        View::Waiting => filter.status = Some(Status::Waiting),
        View::Resolved => filter.status = Some(Status::Resolved),
        View::Spam => filter.status = Some(Status::Spam),
        View::Mine => (filter.assignee, filter.active) = (Some(staff.id), true),
        View::All => {}
    }
    match asked.assignee.as_str() {
        "" => {}
        "me" => filter.assignee = Some(staff.id),
        "none" => filter.unassigned = true,
        id => filter.assignee = Uuid::parse_str(id).ok(),
    }
    let mut db = app.db.read().await?;
    let (mut unreadable, mut unknown) = (None, None);
    match read_search(&asked.search) {
        Search::Nothing => {}
        Search::Number(number) => filter.number = number,
        Search::Email(email) => filter.email = Some(email),
        Search::Unreadable(say) => unreadable = Some(say),
        Search::Ticket(reference) => {
            if crate::tickets::by_reference(&mut db, &reference).await?.is_some() {
                return Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response());
            }
            unknown = Some(reference);
        }
    }
    let mut rows = match (&unreadable, &unknown) {
        (None, None) => store::page(&mut db, &filter, asked.sort(), asked.after).await?,
        _ => Vec::new(),
    };
    let more = (rows.len() > store::PAGE).then(|| {
        rows.truncate(store::PAGE);
        let cursor = rows.last().map(|row| write_cursor(row, asked.sort())).unwrap_or_default();
        format!("{}&after={cursor}", asked.address())
    });
    let page = QueuePage {
        counts: store::counts(&mut db, staff.id).await?,
        colleagues: colleagues(&mut db).await?,
        frame: Frame::new(&app, &staff, "queue"),
        asked,
        rows,
        more,
        unreadable,
        unknown,
        now,
    };
    Ok(html(&page)?.into_response())
}

/// The category in a word, for a narrow column.
pub(super) const fn short(category: &Category) -> &'static str {
    match category {
        Category::LoggedOut => "queue-category-logged-out",
        Category::Audio => "queue-category-audio",
        Category::Incoming => "queue-category-incoming",
        Category::Outgoing => "queue-category-outgoing",
    }
}

/// The colour that a status is told by, beside its word.
pub(super) const fn tone(status: &Status) -> &'static str {
    match status {
        Status::New => "plum",
        Status::Open => "info",
        Status::Waiting => "warn",
        Status::Resolved => "ok",
        Status::Spam => "",
    }
}

fn sort_named(name: &str) -> Option<Sort> {
    [Sort::Waiting, Sort::Newest, Sort::Call].into_iter().find(|sort| sort_name(*sort) == name)
}

const fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Waiting => "waiting",
        Sort::Newest => "newest",
        Sort::Call => "call",
    }
}

/// Microseconds since 1970 and the ticket's id.
fn write_cursor(row: &QueueRow, sort: Sort) -> String {
    let at = match sort {
        Sort::Waiting => row.waiting_since,
        Sort::Newest => row.created_at,
        Sort::Call => row.call_at.unwrap_or(row.created_at),
    };
    format!("{}.{}", at.unix_timestamp_nanos() / 1000, row.id)
}

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
    fn nonsense_in_the_address_counts_as_not_said() {
        let asked = Asked::read("view=x&category=y&sort=z&after=99999999999999999999.x&after=1");
        assert_eq!(asked.address(), "/staff?view=new");
        assert!(asked.after.is_none());
        assert!(read_cursor("9223372036854775807.00000000-0000-0000-0000-000000000000").is_none());
    }
}
