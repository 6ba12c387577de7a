//! One question, by itself: a letter leads straight here, and the answer lands in the field that it is about.

use askama::Template;
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use uuid::Uuid;

use super::{acts::submission, guest::Guest};
use crate::{
    report::{Reading, ReportForm, fields::Fields},
    tickets::{
        self, Event, Piece, Ticket, Value, Verb, What,
        verbs::{self, Outcome},
    },
    web::{Error, Form, Page, html},
};

#[derive(Template)]
#[template(path = "tracking/answer.html")]
struct AnswerPage {
    page: Page,
    ticket: Ticket,
    piece: Piece,
    back: String,
    to: String,
    form: ReportForm,
    reading: Option<Reading>,
    submission: Uuid,
    is_open: bool,
    /// Staff took the question back.
    was_taken_back: bool,
    /// An answer that came when nothing was asked any more.
    late: Option<Value>,
    to_messages: String,
}

impl AnswerPage {
    fn of(guest: &Guest, piece: Piece, form: ReportForm, reading: Option<Reading>) -> AnswerPage {
        AnswerPage {
            page: guest.page.clone(),
            piece,
            back: guest.address(""),
            to: guest.address(&format!("/answer/{}", piece.as_str())),
            form,
            reading,
            submission: Uuid::new_v4(),
            is_open: guest.ticket.questions().contains(&piece),
            was_taken_back: false,
            late: None,
            to_messages: guest.address("/messages"),
            ticket: guest.ticket.clone(),
        }
    }

    fn f(&self) -> Fields<'_> {
        Fields { lang: self.page.lang, form: &self.form, reading: self.reading.as_ref(), begins: None }
    }

    fn is_wrong(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| !reading.wrong.all().is_empty())
    }

    /// The question, in the words of a person who asks.
    fn question(&self) -> String {
        let id = match self.piece {
            Piece::Caller => "answer-caller",
            Piece::Callee => "answer-callee",
            Piece::Time => "answer-time",
            Piece::Message => "answer-message",
        };
        self.page.t(id).into_owned()
    }

    /// What the ticket has in this place now.
    fn known(&self) -> Option<String> {
        self.ticket.value(self.piece).map(|value| self.page.say(&value.say()))
    }

    /// The answer that came too late, as a message.
    fn as_message(&self) -> Option<String> {
        let value = self.page.say(&self.late.as_ref()?.say());
        Some(format!("{}: {value}", self.page.t(self.piece.label())))
    }
}

pub(super) async fn question(guest: Guest, Path(path): Path<(String, String, String)>) -> Result<Response, Error> {
    let piece = piece(&guest, &path.2)?;
    let mut page = AnswerPage::of(&guest, piece, ReportForm::about(&guest.ticket), None);
    if !page.is_open {
        let events = tickets::events(&mut *guest.app.db.read().await?, guest.ticket.id).await?;
        page.was_taken_back = was_taken_back(&events, piece);
    }
    Ok(html(&page)?.into_response())
}

pub(super) async fn answer(
    guest: Guest,
    Path(path): Path<(String, String, String)>,
    form: Form,
) -> Result<Response, Error> {
    let piece = piece(&guest, &path.2)?;
    let typed = ReportForm { category: guest.ticket.category.as_str().to_owned(), ..ReportForm::read(&form) };
    let reading = typed.check_piece(piece, guest.now, guest.app.operator.records_days);
    if !reading.wrong.is_empty() {
        let page = AnswerPage::of(&guest, piece, typed, Some(reading));
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    }
    guest.writes()?;
    let mut tx = guest.app.db.begin().await?;
    let fill = typed.fill(piece, reading, &guest.ticket).ok_or(Error::BadRequest)?;
    let now = fill.now.clone();
    let verb = Verb::Fill(Box::new(fill));
    match verbs::act_on(&mut tx, guest.ticket.seen(), &verb, submission(&form), guest.by()).await? {
        Outcome::Done => {
            tx.commit().await?;
            Ok(Redirect::to(&guest.said("answer")).into_response())
        }
        Outcome::Already | Outcome::Closed => {
            // read again: somebody was first, perhaps with the same
            let ticket = tickets::by_reference(&mut tx, &guest.ticket.reference).await?.ok_or(Error::NotFound)?;
            if is_there(&ticket, piece, &now) {
                return Ok(Redirect::to(&guest.said("answer")).into_response());
            }
            let guest = Guest { ticket, ..guest };
            let page = AnswerPage { late: Some(now), ..AnswerPage::of(&guest, piece, typed, None) };
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
        Outcome::Stale | Outcome::Held | Outcome::Duplicate | Outcome::Gone => Err(Error::NotFound),
    }
}

/// Whether the last that happened to a question is that staff took it back.
fn was_taken_back(events: &[Event], piece: Piece) -> bool {
    let about = |event: &Event| match &event.what.0 {
        What::Asked { piece: one, .. } | What::Filled { piece: one, .. } => (*one == piece).then_some(false),
        What::TookBack { piece: one, .. } => (*one == piece).then_some(true),
        _ => None,
    };
    events.iter().rev().find_map(about).unwrap_or(false)
}

fn is_there(ticket: &Ticket, piece: Piece, value: &Value) -> bool {
    ticket.value(piece).is_some_and(|known| known.means(value))
}

/// Only what can be asked about this ticket has a page.
fn piece(guest: &Guest, name: &str) -> Result<Piece, Error> {
    let piece: Piece = name.parse().map_err(|()| Error::NotFound)?;
    if guest.ticket.pieces().contains(&piece) { Ok(piece) } else { Err(Error::NotFound) }
}
