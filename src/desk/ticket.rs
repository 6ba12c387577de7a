//! The ticket as staff see it.

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    app::{App, Now},
    phone::Party,
    report::fields::understood,
    staff::{Frame, Person, Staff, colleagues},
    tickets::{self, Event, Failure, Reference, Side, Status, Ticket},
    web::{Error, html},
    words::Say,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}", get(show))
}

#[derive(Template)]
#[template(path = "desk/ticket.html")]
pub(super) struct TicketPage {
    frame: Frame,
    ticket: Ticket,
    events: Vec<Event>,
    colleagues: Vec<Person>,
    now: OffsetDateTime,
    /// Ids of the two forms: sent twice, they count once.
    note_submission: Uuid,
    reply_submission: Uuid,
    kept: Option<Kept>,
}

/// A text that was not taken: which form, what was written, and why.
pub(super) struct Kept {
    pub form: &'static str,
    pub text: String,
    pub wrong: Say,
}

impl TicketPage {
    fn say(&self, say: &Say) -> String {
        self.frame.lang().say(say)
    }

    fn moment(&self, at: &OffsetDateTime) -> String {
        self.say(&zone::moment(*at, self.now))
    }

    fn ago(&self, at: &OffsetDateTime) -> String {
        self.say(&zone::span(*at, self.now))
    }

    fn side(&self, party: &Party) -> String {
        match party {
            Party::Withheld => self.frame.t("queue-withheld").into_owned(),
            party => party.display(),
        }
    }

    fn reading(&self, side: &Side) -> String {
        self.say(&understood(&side.party))
    }

    /// The time of the call with its window: staff look this far to either side.
    fn window(&self, at: &OffsetDateTime, minutes: u8, utc: bool) -> String {
        let about = Duration::minutes(minutes.into());
        self.say(&zone::window(*at - about, *at + about, utc))
    }

    fn sentence(&self, event: &Event) -> String {
        self.say(&event.sentence())
    }

    fn text_of(&self, form: &str) -> &str {
        self.kept.as_ref().filter(|kept| kept.form == form).map_or("", |kept| &kept.text)
    }

    fn wrong_of(&self, form: &str) -> Option<String> {
        self.kept.as_ref().filter(|kept| kept.form == form).map(|kept| self.say(&kept.wrong))
    }

    fn is_mine(&self) -> bool {
        self.ticket.assignee == Some(self.frame.staff.id)
    }

    fn address(&self) -> String {
        format!("/staff/tickets/{}", self.ticket.reference)
    }

    /// What the title bar of a browser with many tabs should tell.
    fn title(&self) -> String {
        match &self.ticket.failure {
            Failure::Call { caller, callee, .. } => {
                format!("{}: {} → {}", self.ticket.reference, self.side(&caller.party), callee.party.display())
            }
            Failure::LoggedOut { account, .. } => format!("{}: {}", self.ticket.reference, account.display()),
        }
    }

    fn contact_phone(&self) -> Option<String> {
        let phone = self.ticket.phone.as_deref()?;
        Some(Party::stored(crate::phone::Kind::Number, phone, None).display())
    }
}

async fn show(
    State(app): State<App>,
    staff: Staff,
    Path(reference): Path<String>,
    Now(now): Now,
) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    Ok(html(&page(&app, &mut db, &staff, ticket, None, now).await?)?.into_response())
}

pub(super) async fn page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    kept: Option<Kept>,
    now: OffsetDateTime,
) -> Result<TicketPage, Error> {
    Ok(TicketPage {
        frame: Frame::new(app, staff, "queue"),
        events: tickets::events(db, ticket.id).await?,
        colleagues: colleagues(db).await?,
        ticket,
        now,
        note_submission: Uuid::new_v4(),
        reply_submission: Uuid::new_v4(),
        kept,
    })
}

pub(super) async fn find(db: &mut PgConnection, typed: &str) -> Result<Ticket, Error> {
    let reference: Reference = typed.parse().map_err(|_| Error::NotFound)?;
    tickets::by_reference(db, &reference).await?.ok_or(Error::NotFound)
}
