//! The page of one inbound message, and its two actions.

use ::inbound_mail::Attachment;
use askama::Template;
use axum::{
    extract::{Path, State},
    response::{IntoResponse, Redirect, Response},
};
use sqlx::PgConnection;
use time::OffsetDateTime;
use uuid::Uuid;

use super::labels::{describe_attachment, format_size, reason_label, subject_or_placeholder};
use crate::{
    app::{App, Now},
    i18n::Label,
    inbound_mail::{
        disposition::Disposition,
        ingest::Inbox,
        store::{self, InboundMail},
    },
    local_time,
    staff::{Staff, StaffLayout},
    urls,
    web::{AppError, render_html},
};

#[derive(Template)]
#[template(path = "inbound_mail/detail.html")]
struct InboundMailPage {
    frame: StaffLayout,
    mail: InboundMail,
    now: OffsetDateTime,
}

impl InboundMailPage {
    fn format_datetime(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().format(&local_time::format_short(*at, self.now))
    }

    fn subject_or_placeholder(&self) -> String {
        subject_or_placeholder(&self.mail.subject, self.frame.lang())
    }

    fn reason_text(&self) -> String {
        self.frame.t(reason_label(&self.mail.reason)).into_owned()
    }

    fn format_size(&self) -> String {
        format_size(self.mail.size, self.frame.lang())
    }

    fn describe_attachment(&self, attachment: &Attachment) -> String {
        describe_attachment(attachment, self.frame.lang())
    }

    /// Says how much of the raw message is stored: all, the beginning, or nothing any more.
    fn raw_retention_label(&self) -> &'static str {
        match self.mail.raw_size {
            None => "inbound-mail-stored-nothing",
            Some(_) if self.mail.is_raw_complete() => "inbound-mail-stored-whole",
            Some(_) => "inbound-mail-stored-beginning",
        }
    }

    fn needs_handling(&self) -> bool {
        self.mail.disposition == Disposition::Unreadable && self.mail.handled_at.is_none()
    }

    /// Whether a ticket can be opened from the message: it has none, and it has a sender to reply to.
    fn can_open_ticket(&self) -> bool {
        self.mail.reference.is_none() && !self.mail.sender.is_empty() && self.mail.raw_size.is_some()
    }
}

pub(crate) async fn show(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut db = app.db.acquire().await?;
    let mail = load_mail(&mut db, &id).await?;
    Ok(render_html(&InboundMailPage { frame: StaffLayout::new(&app, &staff, "inbox"), mail, now })?.into_response())
}

pub(crate) async fn load_mail(db: &mut PgConnection, id: &str) -> Result<InboundMail, AppError> {
    let id = Uuid::parse_str(id).map_err(|_| AppError::NotFound)?;
    store::find(db, id).await?.ok_or(AppError::NotFound)
}

pub(crate) async fn mark_handled(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let mut tx = app.db.begin().await?;
    let mail = load_mail(&mut tx, &id).await?;
    // a second click changes nothing
    store::mark_handled(&mut tx, mail.id, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to(&urls::with_query(urls::staff::INBOX, &[("disposition", Disposition::Unreadable.into_str())]))
        .into_response())
}

/// Opens a ticket from a message that was not classified as a person's.
pub(crate) async fn open_ticket(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, AppError> {
    let id = Uuid::parse_str(&id).map_err(|_| AppError::NotFound)?;
    match Inbox::from_app(&app).open_ticket_by_staff(id, staff.id, now).await? {
        Some(reference) => Ok(Redirect::to(&urls::staff::ticket(&reference)).into_response()),
        None => Ok(Redirect::to(&urls::staff::inbound_mail(id)).into_response()),
    }
}
