//! Incidents as staff see them: the list, and one.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State as AppState},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Incident, Kin, State, Update, draft::Complaints, edit, known, store};
use crate::{
    app::{App, Now},
    notices::Texts,
    phone::{self, Kind, Party},
    staff::{Frame, Staff},
    web::{Error, Form, html},
    words::{Lang, Say},
    zone,
};

/// Incidents on a page,
const MOST: usize = 30;
/// tickets on a page of one,
const MOST_TICKETS: usize = 50;
/// and tickets that are proposed at once: more than somebody looks through.
const MOST_CANDIDATES: i64 = 200;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/incidents", get(list).post(edit::add))
        .route("/staff/incidents/new", get(edit::new))
        .route("/staff/incidents/{id}", get(show).post(edit::change))
        .route("/staff/incidents/{id}/edit", get(edit::edit))
}

#[derive(Template)]
#[template(path = "incidents/list.html")]
struct ListPage {
    frame: Frame,
    over: bool,
    rows: Vec<store::Row>,
    is_later_page: bool,
    more: Option<String>,
    now: OffsetDateTime,
}

impl ListPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }
}

/// One incident, with everything that can be done to it.
#[derive(Template)]
#[template(path = "incidents/show.html")]
pub(super) struct ShowPage {
    pub frame: Frame,
    pub incident: Incident,
    pub updates: Vec<Update>,
    pub count: store::Count,
    pub candidates: Vec<Kin>,
    pub joined: Vec<Kin>,
    pub more: Option<String>,
    pub is_later_page: bool,
    pub written: Written,
    /// What was wanted came too late.
    pub late: Option<Say>,
    pub now: OffsetDateTime,
}

/// What stands in the form for all who joined, with what is wrong with it.
#[derive(Default)]
pub(super) struct Written {
    pub texts: Texts,
    pub wrong: Complaints,
    pub submission: Uuid,
}

impl Written {
    pub fn new() -> Written {
        Written { submission: Uuid::new_v4(), ..Written::default() }
    }
}

impl ShowPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn address(&self) -> String {
        format!("/staff/incidents/{}", self.incident.id)
    }

    fn wrong(&self, field: &str) -> Option<String> {
        wrong(&self.frame, &self.written.wrong, field)
    }

    /// What a ticket's call went to.
    fn callee(&self, kin: &Kin) -> String {
        let Some(callee) = kin.callee.as_deref() else { return String::new() };
        let kind = if callee.starts_with('+') { Kind::Number } else { Kind::Account };
        Party::stored(kind, callee, None).display()
    }

    fn is_open(&self) -> bool {
        self.incident.state.is_open()
    }

    fn done(&self) -> i64 {
        self.count.tickets - self.count.left
    }

    fn title(&self) -> &str {
        self.incident.title(&self.frame.lang())
    }

    fn span(&self) -> String {
        let from = zone::short_moment(self.incident.began_at);
        let say = match self.incident.until {
            Some(until) => Say::new("incident-span-until").with("from", from).with("until", zone::short_moment(until)),
            None => Say::new("incident-span").with("from", from),
        };
        self.frame.lang().say(&say)
    }

    /// What it concerns, as facts.
    fn scope(&self) -> Vec<(&'static str, String)> {
        let incident = &self.incident;
        let categories: Vec<_> = incident.categories.iter().map(|one| self.frame.t(one.label()).into_owned()).collect();
        let codes: Vec<_> = incident.codes.iter().map(ToString::to_string).collect();
        let prefixes: Vec<_> = incident.prefixes.iter().map(|one| format!("{}…", phone::beginning(one))).collect();
        let all = [
            ("incident-categories", categories),
            ("incident-codes", codes),
            ("incident-prefixes", prefixes),
            ("incident-addresses", incident.addresses.clone()),
        ];
        let said = all.into_iter().filter(|(_, values)| !values.is_empty());
        said.map(|(label, values)| (label, values.join(", "))).collect()
    }
}

pub(super) fn wrong(frame: &Frame, wrong: &Complaints, field: &str) -> Option<String> {
    wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| frame.lang().say(say))
}

async fn list(AppState(app): AppState<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let over = query.raw("view") == "past";
    let after = query.raw("after").parse().ok();
    let mut db = app.db.read().await?;
    let mut rows = store::list(&mut db, over, after, i64::try_from(MOST + 1).unwrap_or(i64::MAX)).await?;
    let more = (rows.len() > MOST).then(|| {
        rows.truncate(MOST);
        let last = rows.last().map_or(0, |row| row.id);
        format!("/staff/incidents?view={}&after={last}", if over { "past" } else { "open" })
    });
    let frame = Frame::new(&app, &staff, "incidents");
    Ok(html(&ListPage { frame, over, rows, is_later_page: after.is_some(), more, now })?.into_response())
}

pub(super) fn number(id: &str) -> Result<i64, Error> {
    id.parse().map_err(|_| Error::NotFound)
}

async fn show(
    AppState(app): AppState<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let after = Uuid::parse_str(query.raw("after")).unwrap_or_default();
    let mut db = app.db.read().await?;
    Ok(html(&page(&app, &mut db, &staff, (number(&id)?, after), Written::new(), now).await?)?.into_response())
}

pub(super) async fn page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    (id, after): (i64, Uuid),
    written: Written,
    now: OffsetDateTime,
) -> Result<ShowPage, Error> {
    let incident = store::one(db, id).await?.ok_or(Error::NotFound)?;
    let mut joined = store::joined(db, id, after, i64::try_from(MOST_TICKETS + 1).unwrap_or(i64::MAX)).await?;
    let more = (joined.len() > MOST_TICKETS).then(|| {
        joined.truncate(MOST_TICKETS);
        format!("/staff/incidents/{id}?after={}#tickets", joined.last().map(|kin| kin.id).unwrap_or_default())
    });
    let candidates = match incident.state.takes_tickets() {
        true => store::candidates(db, id, MOST_CANDIDATES).await?,
        false => Vec::new(),
    };
    Ok(ShowPage {
        frame: Frame::new(app, staff, "incidents"),
        updates: store::updates(db, id).await?,
        count: store::count(db, id).await?,
        incident,
        candidates,
        joined,
        more,
        is_later_page: !after.is_nil(),
        written,
        late: None,
        now,
    })
}

/// What everybody reads is changed at once in this program; the others hear of it.
pub(super) async fn renew(app: &App) {
    if let Err(error) = known::refresh(app).await {
        Error::from(error).log();
    }
}
