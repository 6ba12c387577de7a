//! A missing piece of a call: staff ask its customer for it with one press, or put in what they heard elsewhere.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};

use super::{
    acts::{Act, to_place},
    stale::Wish,
    ticket::find,
};
use crate::{
    app::{App, Now},
    report::{Reading, ReportForm, fields::Fields},
    staff::{Frame, Staff},
    tickets::{Piece, Ticket, Verb},
    web::{Error, Form, html},
    words::Say,
};

/// How many working days a question may wait before its ticket comes back to staff: nobody must wait for an answer that
/// never comes.
const PATIENCE: usize = 3;

/// What tells of a call in the forms; it travels with a wish that came too late.
const FIELDS: [&str; 8] = ["caller", "callee", "day", "date", "time", "fold", "precision", "error_text"];

/// Resources that have no page of their own.
pub(super) fn resources() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/questions", post(ask))
}

pub(super) fn pages() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}/pieces/{piece}", get(blank).post(fill))
}

#[derive(Template)]
#[template(path = "desk/piece.html")]
struct PiecePage {
    frame: Frame,
    ticket: Ticket,
    piece: Piece,
    form: ReportForm,
    reading: Option<Reading>,
    version: i32,
}

impl PiecePage {
    fn f(&self) -> Fields<'_> {
        let begins = Some(self.begins());
        Fields { lang: self.frame.lang(), form: &self.form, reading: self.reading.as_ref(), begins }
    }

    /// The first field that is wrong, or else the first.
    fn begins(&self) -> &'static str {
        let wrong = self.reading.as_ref().and_then(|reading| reading.wrong.all().first());
        wrong.map_or_else(|| first(self.piece), |(field, _)| *field)
    }

    fn is_wrong(&self) -> bool {
        self.reading.is_some()
    }

    fn known(&self) -> Option<String> {
        self.ticket.value(self.piece).map(|value| self.frame.lang().say(&value.say()))
    }
}

/// `piece` is asked for; `back` takes the question back.
async fn ask(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(&app, &staff, &reference, &form, now).await?;
    if let Some(piece) = piece(&act.ticket, form.raw("back")) {
        let say = Say::new("stale-wish-take-back").with("piece", Say::new(piece.label()));
        let wish = Wish { say, to: "questions", fields: vec![("back", piece.as_str().to_owned())] };
        return act.verb(Verb::TakeBack { piece }, wish).await;
    }
    let piece = piece(&act.ticket, form.raw("piece")).ok_or(Error::BadRequest)?;
    let until = app.operator.working_days_after(now, PATIENCE);
    let wish = Wish {
        say: Say::new("stale-wish-ask").with("piece", Say::new(piece.label())),
        to: "questions",
        fields: vec![("piece", piece.as_str().to_owned())],
    };
    act.verb(Verb::Ask { piece, until: Some(until) }, wish).await
}

async fn blank(
    State(app): State<App>,
    staff: Staff,
    Path((reference, name)): Path<(String, String)>,
) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    let piece = piece(&ticket, &name).ok_or(Error::NotFound)?;
    let (form, version) = (ReportForm::about(&ticket), ticket.version);
    let page = PiecePage { frame: Frame::new(&app, &staff, "queue"), ticket, piece, form, reading: None, version };
    Ok(html(&page)?.into_response())
}

async fn fill(
    State(app): State<App>,
    staff: Staff,
    Path((reference, name)): Path<(String, String)>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let act = Act::begin(&app, &staff, &reference, &form, now).await?;
    let piece = piece(&act.ticket, &name).ok_or(Error::NotFound)?;
    let typed = ReportForm { category: act.ticket.category.as_str().to_owned(), ..ReportForm::read(&form) };
    let reading = typed.check_piece(piece, now, app.operator.records_days);
    if !reading.wrong.is_empty() {
        let version = act.seen().version;
        let (frame, ticket) = (Frame::new(&app, &staff, "queue"), act.ticket);
        let page = PiecePage { frame, ticket, piece, form: typed, reading: Some(reading), version };
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    let fill = typed.fill(piece, reading, &act.ticket).ok_or(Error::BadRequest)?;
    let is_there = act.ticket.value(piece).is_some_and(|known| known.means(&fill.now));
    if is_there && !act.ticket.asked.contains(&piece) {
        return Ok(to_place(&act.ticket.reference, "pieces"));
    }
    let say = Say::new("stale-wish-fill").with("piece", Say::new(piece.label())).with("value", fill.now.say());
    let fields = FIELDS.into_iter().filter(|name| form.has(name)).map(|name| (name, form.line(name)));
    let wish = Wish { say, to: resource(piece), fields: fields.collect() };
    act.verb(Verb::Fill(Box::new(fill)), wish).await
}

/// A piece that this ticket can have.
fn piece(ticket: &Ticket, name: &str) -> Option<Piece> {
    name.parse().ok().filter(|piece| ticket.pieces().contains(piece))
}

/// The first field of a piece's form.
const fn first(piece: Piece) -> &'static str {
    match piece {
        Piece::Caller => "caller",
        Piece::Callee => "callee",
        Piece::Time => "day",
        Piece::Message => "error_text",
    }
}

const fn resource(piece: Piece) -> &'static str {
    match piece {
        Piece::Caller => "pieces/caller",
        Piece::Callee => "pieces/callee",
        Piece::Time => "pieces/time",
        Piece::Message => "pieces/message",
    }
}
