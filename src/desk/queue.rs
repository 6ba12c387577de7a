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
    asked::{Asked, Search, View, read_search},
    bulk::Dock,
    listing::{self, Listing},
    row::{RowView, short},
    said::{Said, said},
    store::{self, Counts, MANY, Place, Sort},
    stream,
};
use crate::{
    app::{App, Now},
    staff::{Frame, Person, Staff, colleagues},
    tickets::{Category, Reference},
    web::{Error, html},
    words::Say,
    zone,
};

pub(super) use super::row::tone;

pub fn routes() -> Router<App> {
    Router::new().route("/staff", get(queue))
}

#[derive(Template)]
#[template(path = "desk/queue.html")]
struct QueuePage {
    frame: Frame,
    asked: Asked,
    listing: Listing,
    counts: Counts,
    colleagues: Vec<Person>,
    unreadable: Option<Say>,
    /// A reference that is right in itself but that no ticket has.
    unknown: Option<Reference>,
    /// What was just done.
    said: Option<Said>,
    now: OffsetDateTime,
}

impl QueuePage {
    fn t(&self, id: &str) -> String {
        self.frame.lang().t(id).into_owned()
    }

    fn rows(&self) -> impl Iterator<Item = RowView<'_>> {
        self.listing.rows.iter().map(|row| RowView { row, lang: self.frame.lang(), now: self.now })
    }

    fn dock(&self) -> Dock<'_> {
        Dock { frame: &self.frame, colleagues: &self.colleagues, back: self.here() }
    }

    /// The address of what is seen.
    fn here(&self) -> String {
        match &self.asked.place {
            Place::First => self.asked.address(),
            Place::After(cursor) => self.asked.page("after", cursor),
            Place::Before(cursor) => self.asked.page("before", cursor),
        }
    }

    /// Where news of what is seen come from; what was searched for is read once.
    fn live(&self) -> Option<String> {
        let moves = self.asked.search.is_empty() && self.asked.walk(self.frame.staff.id).is_some();
        moves.then(|| self.here().replacen("/staff?", "/staff/live?", 1))
    }

    /// Tells this state of the page from others.
    fn mark(&self) -> String {
        stream::mark(&self.listing.rows)
    }

    /// The pill that new rows wait behind, for each form of the plural.
    fn pill(&self) -> [(&'static str, String); 4] {
        let say = |count: i64| self.frame.lang().t1("queue-new", "count", count);
        [("one", say(1)), ("few", say(2)), ("many", say(5)), ("other", say(5))]
    }

    /// Views with their names, addresses and counts.
    fn rail(&self) -> Vec<RailItem> {
        View::RAIL
            .into_iter()
            .map(|view| RailItem {
                label: self.t(view.label()),
                href: Asked { view, search: String::new(), place: Place::First, sort: None, ..self.asked.clone() }
                    .address(),
                current: view == self.asked.view,
                count: Some(view.count(&self.counts)),
                view: Some(view.as_str()),
            })
            .collect()
    }

    fn categories(&self) -> Vec<RailItem> {
        let all = RailItem {
            label: self.t("queue-all-categories"),
            href: Asked { category: None, place: Place::First, ..self.asked.clone() }.address(),
            current: self.asked.category.is_none(),
            ..RailItem::default()
        };
        let each = Category::ALL.iter().map(|category| RailItem {
            label: self.t(short(*category)),
            href: Asked { category: Some(*category), place: Place::First, ..self.asked.clone() }.address(),
            current: self.asked.category == Some(*category),
            ..RailItem::default()
        });
        std::iter::once(all).chain(each).collect()
    }

    fn sorts(&self) -> Vec<RailItem> {
        Sort::ALL
            .into_iter()
            .map(|sort| RailItem {
                label: self.t(sort.label()),
                href: Asked { sort: Some(sort), place: Place::First, ..self.asked.clone() }.address(),
                current: self.asked.sort() == sort,
                ..RailItem::default()
            })
            .collect()
    }

    fn view_title(&self) -> String {
        self.t(self.asked.view.label())
    }

    fn without_search(&self) -> String {
        Asked { search: String::new(), view: View::New, place: Place::First, ..self.asked.clone() }.address()
    }

    fn is_first(&self) -> bool {
        self.asked.place == Place::First
    }

    fn is_filtered(&self) -> bool {
        self.asked.category.is_some() || !self.asked.assignee.is_empty()
    }

    fn chosen(&self, id: &Uuid) -> bool {
        self.asked.assignee == id.to_string()
    }
}

#[derive(Default)]
struct RailItem {
    label: String,
    href: String,
    current: bool,
    count: Option<i64>,
    /// The view's name, where the count is kept up to date.
    view: Option<&'static str>,
}

impl RailItem {
    fn shown(&self) -> Option<String> {
        self.count.map(at_most_many)
    }
}

/// Counts stop at a hundred, where the number no longer matters.
pub(super) fn at_most_many(count: i64) -> String {
    if count >= MANY { "99+".to_owned() } else { count.to_string() }
}

async fn queue(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let asked = Asked::read(uri.query().unwrap_or_default());
    let mut db = app.db.begin().await?;
    let (mut unreadable, mut unknown) = (None, None);
    let listing = match read_search(&asked.search) {
        Search::Nothing => match asked.walk(staff.id) {
            Some(walk) => listing::of_walk(&mut db, &walk, asked.sort(), asked.place).await?,
            None => Listing::default(),
        },
        Search::Number(number) => Listing { rows: store::found(&mut db, &number, None).await?, ..Listing::default() },
        Search::Email(email) => Listing {
            rows: store::found(&mut db, &store::Number::default(), Some(&email)).await?,
            ..Listing::default()
        },
        Search::Unreadable(say) => {
            unreadable = Some(say);
            Listing::default()
        }
        Search::Ticket(reference) => {
            if crate::tickets::by_reference(&mut db, &reference).await?.is_some() {
                return Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response());
            }
            unknown = Some(reference);
            Listing::default()
        }
    };
    let counts = store::counts(&mut db, staff.id).await?;
    let colleagues = colleagues(&mut db).await?;
    let frame = Frame::new(&app, &staff, "queue");
    let mut page = QueuePage { frame, asked, listing, counts, colleagues, unreadable, unknown, said: None, now };
    page.said = said(&mut db, uri.query().unwrap_or_default(), &staff, page.here(), now).await?;
    db.commit().await?;
    Ok(html(&page)?.into_response())
}
