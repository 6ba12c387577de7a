//! The list for staff: what is shut out, why and until when, and everything that happened to it.

mod asked;
mod one;

use askama::Template;
use axum::{
    Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

use asked::Asked;

use super::{
    Entry, Reason, Source, net,
    store::{self, Cursor, MANY, PAGE, State as Which},
    write::{self, Draft},
};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    web::{Error, Form, form::escape, html},
    words::Say,
    zone,
};

/// The longest note, in characters.
const LONGEST_NOTE: usize = 500;
/// The same form sent twice within this time is one form.
const TWICE: Duration = Duration::minutes(1);

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/addresses", get(list).post(add))
        .route("/staff/addresses/change", post(one::change))
        .route("/staff/addresses/removal", post(one::remove))
        .route("/staff/addresses/{*net}", get(one::show))
}

/// Where an entry's page is.
pub fn address_of(net: &IpNet) -> String {
    format!("/staff/addresses/{}", escape(&net::shown(net)))
}

/// How long an entry is to last, from now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Lasts {
    Hour,
    Day,
    Week,
    Month,
    Year,
    Ever,
}

impl Lasts {
    const ALL: [Lasts; 6] = [Lasts::Hour, Lasts::Day, Lasts::Week, Lasts::Month, Lasts::Year, Lasts::Ever];

    const fn as_str(self) -> &'static str {
        match self {
            Lasts::Hour => "hour",
            Lasts::Day => "day",
            Lasts::Week => "week",
            Lasts::Month => "month",
            Lasts::Year => "year",
            Lasts::Ever => "ever",
        }
    }

    const fn label(self) -> &'static str {
        match self {
            Lasts::Hour => "block-lasts-hour",
            Lasts::Day => "block-lasts-day",
            Lasts::Week => "block-lasts-week",
            Lasts::Month => "block-lasts-month",
            Lasts::Year => "block-lasts-year",
            Lasts::Ever => "block-lasts-ever",
        }
    }

    fn from_name(name: &str) -> Option<Lasts> {
        Lasts::ALL.into_iter().find(|one| one.as_str() == name)
    }

    fn until(self, now: OffsetDateTime) -> Option<OffsetDateTime> {
        let hours = match self {
            Lasts::Hour => 1,
            Lasts::Day => 24,
            Lasts::Week => 7 * 24,
            Lasts::Month => 30 * 24,
            Lasts::Year => 365 * 24,
            Lasts::Ever => return None,
        };
        Some(now + Duration::hours(hours))
    }
}

/// An entry as it is typed.
#[derive(Debug, Clone)]
struct Typed {
    net: String,
    reason: Reason,
    /// A name of [`Lasts`]; anything else leaves the end of an entry as it is.
    lasts: String,
    note: String,
}

impl Typed {
    fn blank() -> Typed {
        Typed { net: String::new(), reason: Reason::Abuse, lasts: Lasts::Day.as_str().into(), note: String::new() }
    }

    fn read(form: &Form) -> Typed {
        Typed {
            net: form.line("net"),
            reason: form.raw("reason").parse().unwrap_or(Reason::Abuse),
            lasts: form.line("lasts"),
            note: form.line("note"),
        }
    }

    fn complaints(&self) -> Vec<(&'static str, Say)> {
        let long = self.note.chars().count() > LONGEST_NOTE;
        long.then(|| ("note", Say::new("block-note-long").with("most", LONGEST_NOTE))).into_iter().collect()
    }

    /// What it comes to; `was` is when the entry ends by now.
    fn draft(&self, was: Option<OffsetDateTime>, now: OffsetDateTime) -> Draft {
        Draft {
            reason: self.reason,
            note: Some(self.note.clone()).filter(|note| !note.is_empty()),
            until: Lasts::from_name(&self.lasts).map_or(was, |lasts| lasts.until(now)),
        }
    }
}

#[derive(Template)]
#[template(path = "addresses/list.html")]
struct ListPage {
    frame: Frame,
    asked: Asked,
    rows: Vec<Entry>,
    /// Where the next page begins.
    after: Option<String>,
    /// How many there are on all pages, where that is known.
    count: Option<i64>,
    typed: Typed,
    wrong: Vec<(&'static str, Say)>,
    /// The entry that is in the way of a new one.
    there: Option<IpNet>,
    now: OffsetDateTime,
}

impl ListPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn until(&self, entry: &Entry) -> String {
        match &entry.until {
            Some(until) => self.moment(until),
            None => self.frame.t("block-until-lifted").into_owned(),
        }
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().say(say))
    }

    /// Why nothing can be found.
    fn unreadable(&self) -> Option<String> {
        self.asked.wrong().map(|wrong| self.frame.lang().say(&wrong.say()))
    }

    fn counted(&self, count: &i64) -> String {
        let id = if *count >= MANY { "block-count-many" } else { "block-count" };
        self.frame.lang().t1(id, "count", *count)
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let asked = Asked::read(uri.query().unwrap_or_default());
    let page = page(&mut *app.db.read().await?, Frame::new(&app, &staff, "addresses"), asked, now).await?;
    Ok(html(&page)?.into_response())
}

async fn page(db: &mut PgConnection, frame: Frame, asked: Asked, now: OffsetDateTime) -> Result<ListPage, Error> {
    let (mut rows, mut count) = (Vec::new(), None);
    match &asked.search {
        None => {
            rows = store::list(db, asked.state, asked.source, asked.after, now).await?;
            count = Some(store::count(db, asked.state, asked.source, now).await?);
        }
        Some(Ok(net)) => {
            let after = asked.after.map(|cursor| cursor.id);
            if after.is_none() {
                rows = store::containing(db, net, asked.state, asked.source, now).await?;
            }
            rows.extend(store::within(db, net, asked.state, asked.source, after, now).await?);
        }
        Some(Err(_)) => {}
    }
    // what contains an address is never much: it stands on one page, whatever its length
    let shown = PAGE.max(rows.iter().take_while(|entry| asked.is_around(entry)).count());
    let further = rows.len() > shown;
    rows.truncate(shown);
    let after = rows.last().filter(|_| further).map(|entry| asked.cursor(entry));
    Ok(ListPage { frame, asked, rows, after, count, typed: Typed::blank(), wrong: Vec::new(), there: None, now })
}

async fn add(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let typed = Typed::read(&form);
    let mut wrong = typed.complaints();
    let (net, mut there) = (net::read(&typed.net), None);
    if let Err(why) = net {
        wrong.insert(0, ("net", why.say()));
    }
    if Lasts::from_name(&typed.lasts).is_none() {
        wrong.push(("lasts", Say::new("block-lasts-missing")));
    }
    if let (Ok(net), true) = (net, wrong.is_empty()) {
        let mut tx = app.db.begin().await?;
        let added = write::add(&mut tx, net, &typed.draft(None, now), staff.id, now).await?;
        let known = store::one(&mut tx, net).await?;
        tx.commit().await?;
        let is_own = |entry: &Entry| {
            entry.staff_id == Some(staff.id) && entry.reason == typed.reason && now - entry.since < TWICE
        };
        if added || known.as_ref().is_some_and(is_own) {
            return Ok(Redirect::to(&address_of(&net)).into_response());
        }
        wrong.push(("net", Say::new("block-net-there").with("net", net::shown(&net))));
        there = Some(net);
    }
    let frame = Frame::new(&app, &staff, "addresses");
    let page = page(&mut *app.db.read().await?, frame, Asked::read(""), now).await?;
    let page = html(&ListPage { typed, wrong, there, ..page })?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}
