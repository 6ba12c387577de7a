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
    asked::{Asked, Search, View, read_search, write_cursor},
    store::{self, Counts, Filter, QueueRow, Sort},
};
use crate::{
    app::{App, Now},
    phone::{Kind, Party},
    staff::{Frame, Person, Staff, colleagues, initials},
    tickets::{Billing, Category, Reference, Status},
    web::{Error, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff", get(queue))
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
    let mut db = app.db.begin().await?;
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
    let counts = store::counts(&mut db, staff.id).await?;
    let colleagues = colleagues(&mut db).await?;
    db.commit().await?;
    let frame = Frame::new(&app, &staff, "queue");
    let page = QueuePage { frame, asked, rows, more, counts, colleagues, unreadable, unknown, now };
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
        Status::Spam | Status::Duplicate => "",
    }
}
