//! A report that staff take down for somebody on the telephone, in a chat or from an e-mail: the public form's rules on one
//! screen, with the open tickets beside it that it may belong to.

use std::sync::Arc;

use askama::Template;
use axum::{
    Extension, Router,
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse, Redirect, Response},
    routing::get,
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::related::{self, Heard, Kin};
use crate::{
    app::{App, Now},
    notices::Notice,
    phone::Party,
    report::{Reading, ReportForm, fields::Fields},
    staff::{Frame, Staff},
    tickets::{
        self, Actor, Channel, KeyMaker, NewTicket, Reference, Trail, Verb,
        incident::{How, join},
        verbs::{self, By, Opened},
    },
    web::{Client, Error, Form, html},
    words::Lang,
    zone,
};

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/report", get(blank).post(take_down))
        .route("/staff/report/similar", get(similar))
        .layer(Extension(Arc::new(KeyMaker::default())))
}

/// The ways by which a report comes to staff.
const CHANNELS: [Channel; 3] = [Channel::Phone, Channel::Chat, Channel::Email];

#[derive(Template)]
#[template(path = "desk/report.html")]
struct ReportPage {
    frame: Frame,
    form: ReportForm,
    reading: Option<Reading>,
    channel: Channel,
    /// The customer's language.
    customers: Lang,
    similar: Similar,
}

/// Open tickets that it may belong to: a part of the page that is also sent alone.
#[derive(Template)]
#[template(path = "desk/similar.html")]
struct Similar {
    lang: Lang,
    tickets: Vec<Kin>,
    /// Known trouble that it may be part of.
    troubles: Vec<Notice>,
    /// Whether there was anything to look for.
    is_asked: bool,
    now: OffsetDateTime,
}

impl ReportPage {
    fn f(&self) -> Fields<'_> {
        Fields { lang: self.frame.lang(), form: &self.form, reading: self.reading.as_ref() }
    }

    fn is_wrong(&self) -> bool {
        self.reading.as_ref().is_some_and(|reading| !reading.wrong.is_empty())
    }

    /// Known trouble, to be chosen from.
    fn troubles(&self) -> Vec<Notice> {
        self.frame.app.notices.current()
    }
}

impl Similar {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.lang.say(&zone::moment(*at, self.now))
    }

    fn t(&self, id: &str) -> String {
        self.lang.t(id).into_owned()
    }

    /// Where known trouble is told of, and its title.
    fn trouble(&self, notice: &Notice) -> (String, String) {
        (notice.address(&self.lang), notice.title.get(&self.lang).to_owned())
    }

    async fn to(
        app: &App,
        db: &mut PgConnection,
        form: &Form,
        lang: Lang,
        now: OffsetDateTime,
    ) -> Result<Similar, Error> {
        let heard = Heard {
            caller: Party::caller(&form.line("caller")).ok(),
            callee: Party::callee(&form.line("callee")).ok(),
            account: Party::account(&form.line("account")).ok(),
        };
        let is_asked = heard.caller.is_some() || heard.callee.is_some() || heard.account.is_some();
        let tickets = if is_asked { related::like(db, &heard, lang).await? } else { Vec::new() };
        let callee = heard.callee.as_ref().map(|callee| callee.canonical().replace('+', ""));
        let mut troubles = app.notices.current();
        troubles.retain(|notice| notice.may_cover(form.raw("category"), callee.as_deref()));
        Ok(Similar { lang, tickets, troubles, is_asked, now })
    }
}

async fn blank(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut form = ReportForm::read(&query);
    form.submission = Uuid::new_v4().to_string();
    for (field, usual) in [(&mut form.day, "today"), (&mut form.in_billing, "unknown")] {
        if field.is_empty() {
            usual.clone_into(field);
        }
    }
    let mut db = app.db.read().await?;
    page(&app, &mut db, &staff, &query, form, None, now).await
}

/// The part of the page that changes while numbers are typed.
async fn similar(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.read().await?;
    Ok(html(&Similar::to(&app, &mut db, &query, staff.lang, now).await?)?.into_response())
}

async fn take_down(
    State(app): State<App>,
    Extension(keys): Extension<Arc<KeyMaker>>,
    staff: Staff,
    client: Client,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let typed = ReportForm { website: String::new(), ..ReportForm::read(&form) };
    let mut tx = app.db.begin().await?;
    if form.has("look") {
        return page(&app, &mut tx, &staff, &form, typed, None, now).await;
    }
    let reading = typed.check_taken_down(now, app.operator.records_days);
    if !reading.wrong.is_empty() {
        return page(&app, &mut tx, &staff, &form, typed, Some(reading), now).await;
    }
    // the browser is not the customer's
    let client = Client { agent: String::new(), ..client };
    let new = typed.ticket(reading, customers(&form), &client, Trail::default()).ok_or(Error::BadRequest)?;
    let new = NewTicket { channel: channel(&form), ..new };
    let key = keys.key(&mut tx, new.submission).await?;
    let (Opened::New(reference) | Opened::Already(reference)) =
        verbs::take_down(&mut tx, &new, &key, staff.id, now).await?;
    if let Some(incident) = typed.incident() {
        join_incident(&mut tx, &reference, incident, &staff, now).await?;
    }
    if form.has("take") {
        take(&mut tx, &reference, &staff, now).await?;
    }
    tx.commit().await?;
    Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response())
}

/// Who has taken it down keeps it, unless somebody has it by now.
async fn take(db: &mut PgConnection, reference: &Reference, staff: &Staff, now: OffsetDateTime) -> Result<(), Error> {
    let Some(ticket) = tickets::by_reference(db, reference).await? else { return Ok(()) };
    let verb = Verb::Give { to: staff.person(), reason: None };
    let _ = verbs::act_on(db, ticket.seen(), &verb, None, By::new(Actor::Staff(staff.id), now)).await?;
    Ok(())
}

/// Who takes it down has heard that it is known trouble. If that is over by now, or the ticket has another one, its page says so.
async fn join_incident(
    db: &mut PgConnection,
    reference: &Reference,
    incident: i64,
    staff: &Staff,
    now: OffsetDateTime,
) -> Result<(), Error> {
    let Some(ticket) = tickets::by_reference(db, reference).await? else { return Ok(()) };
    let by = By::new(Actor::Staff(staff.id), now);
    let _ = join(db, &[ticket.id], incident, How::Staff, by).await?;
    Ok(())
}

async fn page(
    app: &App,
    db: &mut PgConnection,
    staff: &Staff,
    sent: &Form,
    form: ReportForm,
    reading: Option<Reading>,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    let status = if reading.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let similar = Similar::to(app, db, sent, staff.lang, now).await?;
    let frame = Frame::new(app, staff, "report");
    let page = ReportPage { frame, form, reading, channel: channel(sent), customers: customers(sent), similar };
    Ok((status, html(&page)?).into_response())
}

fn channel(form: &Form) -> Channel {
    let named = form.raw("channel").parse().ok();
    named.filter(|channel| CHANNELS.contains(channel)).unwrap_or(Channel::Phone)
}

/// The language that the customer is written to in.
fn customers(form: &Form) -> Lang {
    Lang::from_code(form.raw("lang")).unwrap_or_default()
}
