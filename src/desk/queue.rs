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
    asked::{Asked, View},
    bulk::Dock,
    listing::{self, Listing, Wanted},
    row::{RowView, short},
    said::{Said, said},
    search::{self, Condition, Reading},
    store::{self, Counts, MANY, Place, Sort},
    stream,
};
use crate::{
    app::{App, Now},
    staff::{Frame, Person, Staff, colleagues},
    tickets::{self, Category, Reference},
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
    listing: Listing,
    /// Whether it is kept up to date; what was searched for is read once.
    moves: bool,
    /// What the search line was read as.
    readings: Vec<Reading>,
    counts: Counts,
    colleagues: Vec<Person>,
    /// What was just done.
    said: Option<Said>,
    now: OffsetDateTime,
}

impl QueuePage {
    fn t(&self, id: &str) -> String {
        self.frame.lang().t(id).into_owned()
    }

    fn rows(&self) -> impl Iterator<Item = RowView<'_>> {
        let (lang, now, in_incident) = (self.frame.lang(), self.now, &self.listing.in_incident);
        let rows = self.listing.rows.iter();
        rows.map(move |row| RowView { row, in_incident: in_incident.contains(&row.id), lang, now })
    }

    fn sort(&self) -> Sort {
        self.asked.sort(&self.readings)
    }

    /// Every reading, as a chip that can be taken out.
    fn chips(&self) -> Vec<Chip> {
        let (line, today) = (&self.asked.search, zone::to_local(self.now).date());
        let has_day = self.readings.iter().any(|reading| matches!(reading.condition, Condition::Days { .. }));
        let chip = |(at, reading): (usize, &Reading)| Chip {
            label: self.frame.lang().say(&reading.chip(line, has_day)),
            without: self.asked.searching(search::without(line, &self.readings, at, today)).address(),
        };
        self.readings.iter().enumerate().map(chip).collect()
    }

    /// Why nothing can be found, if that is because of what was typed.
    fn complaint(&self) -> Option<String> {
        let lang = self.frame.lang();
        let of = |reading: &Reading| match &reading.condition {
            Condition::NoTicket => {
                let wrong = self.asked.search[reading.at.clone()].parse::<Reference>().err();
                Some(lang.say(&wrong.unwrap_or(Say::new("reference-wrong-form"))))
            }
            Condition::Unread => Some(self.t("queue-search-unreadable")),
            Condition::Ticket(reference) if self.listing.rows.is_empty() && self.readings.len() == 1 => {
                Some(lang.t1("queue-unknown", "reference", reference.to_string()))
            }
            _ => None,
        };
        self.readings.iter().find_map(of)
    }

    fn dock(&self) -> Dock<'_> {
        Dock { frame: &self.frame, colleagues: &self.colleagues, back: self.here() }
    }

    /// The address of what is seen.
    fn here(&self) -> String {
        self.asked.here()
    }

    /// Where news of what is seen come from.
    fn live(&self) -> Option<String> {
        self.moves.then(|| self.here().replacen("/staff?", "/staff/live?", 1))
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
                current: self.sort() == sort,
                ..RailItem::default()
            })
            .collect()
    }

    fn view_title(&self) -> String {
        self.t(self.asked.view.label())
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

/// A condition of the search, and the address without it.
struct Chip {
    label: String,
    without: String,
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
    let today = zone::to_local(now).date();
    let readings = search::read(&asked.search, today);
    let wanted = asked.wanted(&readings, staff.id, today);
    let mut db = app.db.begin().await?;
    // whole and alone, ten digits are a reference before they are a number
    if let Ok(reference) = asked.search.parse::<Reference>()
        && tickets::by_reference(&mut db, &reference).await?.is_some()
    {
        return Ok(to_ticket(&reference));
    }
    let counts = store::counts(&mut db, staff.id).await?;
    let colleagues = colleagues(&mut db).await?;
    let said = said(&mut db, uri.query().unwrap_or_default(), &staff, asked.here(), now).await?;
    // the last: it sets how statements are planned
    let listing = listing::read(&mut db, &wanted).await?;
    if let Some(only) = listing.only().filter(|_| asked.is_plain) {
        return Ok(to_ticket(&only.reference));
    }
    let frame = Frame::new(&app, &staff, "queue");
    let moves = matches!(wanted, Wanted::Walk { .. });
    let page = QueuePage { frame, asked, listing, moves, readings, counts, colleagues, said, now };
    db.commit().await?;
    Ok(html(&page)?.into_response())
}

fn to_ticket(reference: &Reference) -> Response {
    Redirect::to(&format!("/staff/tickets/{reference}")).into_response()
}
