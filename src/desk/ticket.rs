//! The ticket as staff see it.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use super::{
    came::Came,
    related::Related,
    saved::{self, Titled},
    settle::{Settling, is_guessed},
    strip::{Fact, Strip},
};
use crate::{
    addresses::{self, Entry, telling},
    app::{App, Now},
    checks,
    guides::Guides,
    incidents::{self, OfTicket},
    letters::{self, Told},
    mail_in::{self, Attachment},
    notices::Notice,
    phone::{Kind, Party},
    report::fields::understood,
    staff::{Frame, Person, Staff, colleagues},
    tickets::{
        self, Category, Event, Failure, GivenAnswer, Guess, Piece, Reference, Side, Status, Symptom, Ticket, example,
    },
    web::{Error, Form, html},
    words::{Lang, Say},
    zone,
};

/// Events that are shown at once; the older ones open below.
const RECENT: usize = 30;
/// Messages that are shown at once, beside the report itself.
const LATEST: usize = 15;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/tickets/{reference}", get(show))
}

#[derive(Template)]
#[template(path = "desk/ticket.html")]
pub(super) struct TicketPage {
    frame: Frame,
    ticket: Ticket,
    strip: Strip,
    events: Vec<Event>,
    related: Related,
    /// The customer's walk through the guide.
    given: Vec<GivenAnswer>,
    /// What the customer's addresses lie in that is blocked now.
    blocked: Vec<Entry>,
    /// What the customer's checks found.
    found: Vec<checks::Kept>,
    letters: Vec<Told>,
    incidents: Vec<OfTicket>,
    /// The e-mails that came about it.
    mails: Vec<mail_in::Mail>,
    /// What an e-mail told and nobody has confirmed.
    pub settling: Option<Settling>,
    colleagues: Vec<Person>,
    saved: Vec<Titled>,
    came: Came,
    now: OffsetDateTime,
    kept: Kept,
}

/// What stands in the composer, as a reply or as a note: kept when it was not taken, with the reason.
pub(super) struct Kept {
    pub form: &'static str,
    pub text: String,
    pub wrong: Option<Say>,
    /// The form's id: sent twice, a text counts once.
    pub submission: Uuid,
}

impl Kept {
    /// A form as it came.
    pub fn of(form: &'static str, sent: &Form, wrong: Option<Say>) -> Kept {
        let submission = Uuid::parse_str(sent.raw("submission")).unwrap_or_else(|_| Uuid::new_v4());
        Kept { form, text: sent.block("text"), wrong, submission }
    }
}

/// How it stands about a piece of the call.
#[derive(Clone, Copy, PartialEq, Eq)]
enum PieceIs {
    There,
    Missing,
    Asked,
}

/// What happened on a day.
struct Day<'a> {
    name: String,
    events: Vec<&'a Event>,
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

    /// The block that an address of the strip lies in now.
    fn blocked(&self, fact: &Fact) -> Option<Entry> {
        let ip = fact.ip?;
        let entries: Vec<_> = self.blocked.iter().filter(|entry| entry.net.contains(&ip)).cloned().collect();
        telling(&entries).cloned()
    }

    fn blocked_said(&self, entry: &Entry) -> String {
        self.say(&Say::new("block-ticket").with("reason", Say::new(entry.reason.label())))
    }

    fn reading(&self, side: &Side) -> String {
        self.say(&understood(&side.party))
    }

    /// The strip as text, to be pasted elsewhere.
    fn plain(&self) -> String {
        let address = format!("{}{}", self.frame.app.public_url, self.address());
        self.strip.text(&self.ticket, self.frame.lang(), &address)
    }

    fn sentence(&self, event: &Event) -> String {
        self.say(&event.sentence())
    }

    /// The history by days, the newest first: what happened lately, and before.
    fn days(&self) -> [Vec<Day<'_>>; 2] {
        let newest: Vec<&Event> = self.events.iter().rev().collect();
        let (recent, older) = newest.split_at(newest.len().min(RECENT));
        [recent, older].map(|events| {
            let mut days: Vec<(Date, Day)> = Vec::new();
            for event in events {
                let date = zone::to_local(event.at).date();
                match days.last_mut() {
                    Some((last, day)) if *last == date => day.events.push(event),
                    _ => days.push((date, Day { name: self.say(&zone::day(event.at, self.now)), events: vec![event] })),
                }
            }
            days.into_iter().map(|(_, day)| day).collect()
        })
    }

    fn older(&self) -> usize {
        self.events.len().saturating_sub(RECENT)
    }

    /// What was written to and fro: what opens above, and the latest.
    fn talk(&self) -> (Vec<&Event>, Vec<&Event>) {
        let is_said = |event: &&Event| {
            event.note().is_some()
                || event.for_customer().is_some()
                || event.from_customer().is_some()
                || event.sent_again().is_some()
        };
        let mut earlier: Vec<_> = self.events.iter().filter(is_said).collect();
        let latest = earlier.split_off(earlier.len().saturating_sub(LATEST));
        (earlier, latest)
    }

    /// A text that would push everything else off the screen scrolls by itself.
    fn is_tall(&self, text: &str) -> bool {
        text.len() > 1500 || text.lines().count() > 25
    }

    /// What the composer was used for: a reply, unless it was a note.
    fn is_note(&self) -> bool {
        self.kept.form == "note"
    }

    fn wrong_text(&self) -> Option<String> {
        self.kept.wrong.as_ref().map(|wrong| self.say(wrong))
    }

    fn is_duplicate(&self) -> bool {
        self.ticket.status == Status::Duplicate
    }

    fn is_mine(&self) -> bool {
        self.ticket.assignee == Some(self.frame.staff.id)
    }

    /// Whether an event is the reader's own: a draft that stands there was sent.
    fn is_own(&self, event: &Event) -> bool {
        event.staff == Some(self.frame.staff.id)
    }

    fn address(&self) -> String {
        format!("/staff/tickets/{}", self.ticket.reference)
    }

    /// Where a form of the page goes, with the way back.
    fn to(&self, resource: &str) -> String {
        format!("{}/{resource}{}", self.address(), self.came.query())
    }

    fn to_piece(&self, piece: &Piece) -> String {
        self.to(&format!("pieces/{}", piece.as_str()))
    }

    /// Saved replies, those in the customer's language first.
    fn choices(&self) -> Vec<(Lang, Vec<&Titled>)> {
        let first = self.ticket.lang;
        let of = |lang| (lang, self.saved.iter().filter(|one| one.lang == lang).collect::<Vec<_>>());
        [first, first.other()].map(of).into_iter().filter(|(_, titles)| !titles.is_empty()).collect()
    }

    fn is_guessed(&self, field: &str) -> bool {
        is_guessed(&self.ticket, field)
    }

    fn file(&self, file: &Attachment) -> String {
        mail_in::pages::told(file, self.frame.lang())
    }

    fn is_category_guessed(&self) -> bool {
        self.ticket.guessed.contains(&Guess::Category)
    }

    /// What the title bar of a browser with many tabs should tell.
    fn title(&self) -> String {
        let ends: Vec<_> = self.strip.ends.iter().map(|end| end.shown.as_str()).collect();
        let code = self.ticket.sip_code.map(|code| format!(", {code}")).unwrap_or_default();
        format!("{}: {}{code}", self.ticket.reference, ends.join(" → "))
    }

    /// Incidents that it may be part of, as long as nobody has said.
    fn asked_incidents(&self) -> Vec<&OfTicket> {
        self.incidents.iter().filter(|one| !one.is_joined && self.ticket.status.is_active()).collect()
    }

    /// The incident that it is part of now; those that are over are its past.
    fn has_incident(&self) -> bool {
        self.incidents.iter().any(|one| one.is_joined && !one.is_over())
    }

    /// Those that it could join: known ones that were not proposed for it.
    fn other_incidents(&self) -> Vec<Notice> {
        let mut known = self.frame.app.notices.current();
        known.retain(|notice| !self.incidents.iter().any(|one| one.id == notice.id));
        known
    }

    /// Whether its customer is still asked for anything.
    fn can_ask(&self) -> bool {
        match self.ticket.status {
            Status::New | Status::Open | Status::Waiting | Status::Duplicate => true,
            Status::Resolved | Status::Spam => false,
        }
    }

    /// The pieces of the call, those first that are missing to find it.
    fn pieces(&self) -> Vec<(Piece, PieceIs)> {
        let missing = self.ticket.missing();
        let others = self.ticket.pieces().iter().filter(|piece| !missing.contains(piece));
        let is = |piece: &Piece| match () {
            () if self.ticket.asked.contains(piece) => PieceIs::Asked,
            () if missing.contains(piece) => PieceIs::Missing,
            () => PieceIs::There,
        };
        missing.iter().chain(others).map(|piece| (*piece, is(piece))).collect()
    }

    fn contact_phone(&self) -> Option<String> {
        let phone = self.ticket.phone.as_deref()?;
        Some(Party::stored(Kind::Number, phone, None).display())
    }
}

/// `?saved=id` puts a saved reply into the composer.
async fn show(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    uri: Uri,
    came: Came,
    Now(now): Now,
) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    let text = filled(&app, &mut db, &ticket, &staff, &query).await?;
    let kept = Kept { text, ..Kept::of("reply", &Form::default(), None) };
    let page = page(&app, &mut db, &staff, ticket, &guides, Some(kept), now).await?;
    Ok(html(&TicketPage { came, ..page })?.into_response())
}

/// The same without losing what is written already, for browsers without a script: nothing is stored.
pub(super) async fn insert(
    State(app): State<App>,
    Extension(guides): Extension<Arc<Guides>>,
    staff: Staff,
    Path(reference): Path<String>,
    came: Came,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let ticket = find(&mut db, &reference).await?;
    let filled = filled(&app, &mut db, &ticket, &staff, &form).await?;
    let kept = Kept::of("reply", &form, None);
    let written = [kept.text.as_str(), &filled].into_iter().filter(|text| !text.is_empty());
    let kept = Kept { text: written.collect::<Vec<_>>().join("\n\n"), ..kept };
    let page = page(&app, &mut db, &staff, ticket, &guides, Some(kept), now).await?;
    Ok(html(&TicketPage { came, ..page })?.into_response())
}

async fn filled(
    app: &App,
    db: &mut PgConnection,
    ticket: &Ticket,
    staff: &Staff,
    form: &Form,
) -> Result<String, Error> {
    let Ok(id) = Uuid::parse_str(form.raw("saved")) else { return Ok(String::new()) };
    let saved = saved::one(db, id).await?;
    Ok(saved.map(|saved| saved.filled(app, ticket, staff)).unwrap_or_default())
}

pub(super) async fn page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    ticket: Ticket,
    guides: &Guides,
    kept: Option<Kept>,
    now: OffsetDateTime,
) -> Result<TicketPage, Error> {
    let examples = example::of(db, ticket.id).await?;
    let strip = Strip::of(&ticket, &examples, staff.lang);
    let ips: Vec<_> = strip.facts.iter().filter_map(|fact| fact.ip).collect();
    Ok(TicketPage {
        frame: Frame::new(app, staff, "queue"),
        blocked: addresses::store::covering_any(db, &ips, now).await?,
        strip,
        events: tickets::events(db, ticket.id).await?,
        related: Related::of(db, &ticket, staff.lang).await?,
        given: guides.retell(staff.lang, &ticket),
        found: checks::of_ticket(db, ticket.id).await?,
        letters: letters::of_ticket(db, ticket.id).await?,
        incidents: incidents::of_ticket(db, ticket.id).await?,
        mails: mail_in::of_ticket(db, ticket.id).await?,
        settling: Settling::of(&ticket),
        colleagues: colleagues(db).await?,
        saved: saved::titles(db).await?,
        came: Came::default(),
        ticket,
        now,
        kept: kept.unwrap_or_else(|| Kept::of("reply", &Form::default(), None)),
    })
}

pub(super) async fn find(db: &mut PgConnection, typed: &str) -> Result<Ticket, Error> {
    let reference: Reference = typed.parse().map_err(|_| Error::NotFound)?;
    tickets::by_reference(db, &reference).await?.ok_or(Error::NotFound)
}
