//! One entry: what it says, what happened to it, and the forms that change it and take it off.

use askama::Template;
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
};
use ipnet::IpNet;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::{LONGEST_NOTE, Lasts, Typed, address_of};
use crate::{
    addresses::{
        Change, Entry, Reason, net,
        store::{self, PAGE},
        write,
    },
    app::{App, Now},
    staff::{Frame, Staff},
    tickets::ActorKind,
    web::{Error, Form, html},
    words::Say,
    zone,
};

#[derive(Template)]
#[template(path = "addresses/one.html")]
struct OnePage {
    frame: Frame,
    net: IpNet,
    /// Nothing when it is not on the list, or not any more.
    entry: Option<Entry>,
    /// What it lies in besides.
    around: Vec<Entry>,
    history: Vec<Change>,
    /// Where the older part of the history begins.
    older: Option<i64>,
    typed: Typed,
    why: String,
    wrong: Vec<(&'static str, Say)>,
    /// The forms were drawn from an entry that was changed meanwhile.
    late: bool,
    now: OffsetDateTime,
}

impl OnePage {
    fn shown(&self) -> String {
        net::shown(&self.net)
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::short_moment(*at))
    }

    fn until(&self, until: &Option<OffsetDateTime>) -> String {
        match until {
            Some(until) => self.moment(until),
            None => self.frame.t("block-until-lifted").into_owned(),
        }
    }

    fn is_active(&self, entry: &Entry) -> bool {
        entry.is_active(self.now)
    }

    /// Who did it.
    fn by(&self, change: &Change) -> String {
        let unnamed = match change.actor {
            ActorKind::Customer => "block-by-customer",
            ActorKind::Staff | ActorKind::System => change.source.label(),
        };
        change.who.clone().unwrap_or_else(|| self.frame.t(unnamed).into_owned())
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.wrong.iter().find(|(name, _)| *name == field).map(|(_, say)| self.frame.lang().say(say))
    }

    fn address(&self) -> String {
        address_of(&self.net)
    }
}

pub(super) async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(net): Path<String>,
    Now(now): Now,
    uri: Uri,
) -> Result<Response, Error> {
    let net = net::read(&net).map_err(|_| Error::NotFound)?;
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let before = query.raw("before").parse().ok();
    let page = page(&mut *app.db.read().await?, Frame::new(&app, &staff, "addresses"), net, before, now).await?;
    if page.entry.is_none() && page.history.is_empty() && page.around.is_empty() {
        return Err(Error::NotFound);
    }
    Ok(html(&page)?.into_response())
}

async fn page(
    db: &mut PgConnection,
    frame: Frame,
    net: IpNet,
    before: Option<i64>,
    now: OffsetDateTime,
) -> Result<OnePage, Error> {
    let entry = store::one(db, net).await?;
    let around = store::containing(db, &net, store::State::Active, None, now).await?;
    let mut history = store::history(db, net, before).await?;
    let further = history.len() > PAGE;
    history.truncate(PAGE);
    let typed = Typed {
        net: net::shown(&net),
        reason: entry.as_ref().map_or(Reason::Other, |entry| entry.reason),
        lasts: String::new(),
        note: entry.as_ref().and_then(|entry| entry.note.clone()).unwrap_or_default(),
    };
    Ok(OnePage {
        around: around.into_iter().filter(|other| other.net != net).collect(),
        older: history.last().filter(|_| further).map(|change| change.id),
        frame,
        net,
        entry,
        history,
        typed,
        why: String::new(),
        wrong: Vec::new(),
        late: false,
        now,
    })
}

pub(super) async fn change(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let net = net::read(form.raw("net")).map_err(|_| Error::NotFound)?;
    let typed = Typed::read(&form);
    let wrong = typed.complaints();
    let mut tx = app.db.begin().await?;
    let entry = store::one(&mut tx, net).await?;
    if let (Some(entry), true) = (&entry, wrong.is_empty()) {
        let draft = typed.draft(entry.until, now);
        if write::change(&mut tx, net, version(&form), &draft, staff.id, now).await? {
            tx.commit().await?;
            return Ok(Redirect::to(&address_of(&net)).into_response());
        }
    }
    tx.commit().await?;
    let late = wrong.is_empty();
    let frame = Frame::new(&app, &staff, "addresses");
    let page = page(&mut *app.db.read().await?, frame, net, None, now).await?;
    refused(OnePage { typed, wrong, late, ..page })
}

pub(super) async fn remove(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    let net = net::read(form.raw("net")).map_err(|_| Error::NotFound)?;
    let why = form.line("why");
    let mut wrong = Vec::new();
    if why.is_empty() {
        wrong.push(("why", Say::new("block-why-missing")));
    } else if why.chars().count() > LONGEST_NOTE {
        wrong.push(("why", Say::new("block-note-long").with("most", LONGEST_NOTE)));
    }
    let mut tx = app.db.begin().await?;
    let gone = wrong.is_empty() && write::remove(&mut tx, net, version(&form), Some(&why), staff.id, now).await?;
    tx.commit().await?;
    let mut db = app.db.read().await?;
    // whoever was first: it is gone
    if gone || store::one(&mut db, net).await?.is_none() {
        return Ok(Redirect::to(&address_of(&net)).into_response());
    }
    let late = wrong.is_empty();
    let page = page(&mut db, Frame::new(&app, &staff, "addresses"), net, None, now).await?;
    refused(OnePage { why, wrong, late, ..page })
}

fn version(form: &Form) -> i32 {
    form.raw("version").parse().unwrap_or(0)
}

/// Shows both: how the entry is now, and what was wanted, ready to be sent again.
fn refused(page: OnePage) -> Result<Response, Error> {
    let status = if page.late { StatusCode::CONFLICT } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&page)?).into_response())
}
