//! `/staff/mail`: what came in and what became of it. Nothing is dropped behind anybody's back: each message can be read
//! here, and a ticket be made of one that was taken for a machine's.

mod give;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Attachment, Fate, Mail, Postbox,
    store::{self, Count, Line},
};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    web::{Cursor, Error, Form, html},
    words::{Lang, Say},
    zone,
};

/// Messages on a page.
const MOST: usize = 50;
/// The days over which they are counted.
const DAYS: i64 = 30;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/staff/mail", get(list))
        .route("/staff/mail/{id}", get(show))
        .route("/staff/mail/{id}/raw", get(give::raw))
        .route("/staff/mail/{id}/files/{number}", get(give::file))
        .route("/staff/mail/{id}/done", post(done))
        .route("/staff/mail/{id}/ticket", post(ticket))
}

#[derive(Template)]
#[template(path = "mail_in/list.html")]
struct ListPage {
    frame: Frame,
    fate: Option<Fate>,
    lines: Vec<Line>,
    counts: Vec<Count>,
    to_look_at: i64,
    is_later_page: bool,
    more: Option<String>,
    now: OffsetDateTime,
}

/// A kind to choose.
struct Tab {
    href: String,
    label: String,
    count: i64,
    current: bool,
}

impl ListPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn tabs(&self) -> Vec<Tab> {
        let all = Tab {
            href: "/staff/mail".into(),
            label: self.frame.t("mail-all").into_owned(),
            count: self.counts.iter().map(|count| count.count).sum(),
            current: self.fate.is_none(),
        };
        let each = Fate::ALL.into_iter().map(|fate| Tab {
            href: format!("/staff/mail?fate={}", fate.as_str()),
            label: self.frame.t(fate.label()).into_owned(),
            count: self.counts.iter().find(|count| count.fate == fate).map_or(0, |count| count.count),
            current: self.fate == Some(fate),
        });
        std::iter::once(all).chain(each).collect()
    }

    /// How many came more than once.
    fn again(&self) -> Option<String> {
        let again: i64 = self.counts.iter().map(|count| count.again).sum();
        (again > 0).then(|| self.frame.lang().t1("mail-again-count", "count", again))
    }

    fn subject(&self, line: &Line) -> String {
        named(&line.subject, self.frame.lang())
    }

    fn why(&self, line: &Line) -> String {
        self.frame.t(why(&line.why)).into_owned()
    }

    fn size(&self, line: &Line) -> String {
        size(line.size, self.frame.lang())
    }
}

/// What a subject is called when there is none.
fn named(subject: &str, lang: Lang) -> String {
    if subject.is_empty() { lang.t("mail-no-subject").into_owned() } else { subject.to_owned() }
}

/// The tone of a kind, beside its word.
pub(crate) const fn tone(fate: &Fate) -> &'static str {
    match fate {
        Fate::Ticket | Fate::Message => "ok",
        Fate::Bounce | Fate::Unreadable => "warn",
        Fate::Automatic | Fate::Loop | Fate::Flood => "info",
    }
}

/// Why a message became what it is, as a message of `words`.
fn why(name: &str) -> &'static str {
    match name {
        "new" => "mail-why-new",
        "signed-address" => "mail-why-signed-address",
        "letter" => "mail-why-letter",
        "over" => "mail-why-over",
        "follower" => "mail-why-follower",
        "by-hand" => "mail-why-by-hand",
        "no-header" => "mail-why-no-header",
        "no-sender" => "mail-why-no-sender",
        "same-id" => "mail-why-same-id",
        "own-address" => "mail-why-own-address",
        "own-letter" => "mail-why-own-letter",
        "hops" => "mail-why-hops",
        "report" => "mail-why-report",
        "auto-submitted" | "autoreply" | "suppress" => "mail-why-auto",
        "precedence" => "mail-why-precedence",
        "no-return" => "mail-why-no-return",
        "failed" => "mail-why-failed",
        "delayed" => "mail-why-delayed",
        "too-many" => "mail-why-too-many",
        _ => "mail-why-broken",
    }
}

/// "12 kB", "3,4 MB".
pub fn size(bytes: i64, lang: Lang) -> String {
    match bytes {
        ..1_000 => lang.t1("mail-bytes", "count", bytes),
        1_000..1_000_000 => lang.t1("mail-kilobytes", "count", bytes / 1_000),
        _ => lang.say(&Say::new("mail-megabytes").with("size", crate::words::Arg::Tenths(bytes / 100_000))),
    }
}

/// A file's name, kind and size in one line.
pub fn told(file: &Attachment, lang: Lang) -> String {
    let bytes = i64::try_from(file.size).unwrap_or(i64::MAX);
    let parts = [file.name.as_str(), &file.kind, &size(bytes, lang)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let fate = Fate::named(query.raw("fate"));
    let before = query.raw("before").parse::<Cursor<Uuid>>().ok();
    let mut db = app.db.read().await?;
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut lines = store::lines(&mut db, fate, before, most).await?;
    let more = (lines.len() > MOST).then(|| {
        lines.truncate(MOST);
        let last = lines.last().map(|last| Cursor { at: last.at, id: last.id }.to_string());
        let kind = fate.map(|fate| format!("fate={}&", fate.as_str())).unwrap_or_default();
        format!("/staff/mail?{kind}before={}", last.unwrap_or_default())
    });
    let page = ListPage {
        frame: Frame::new(&app, &staff, "mail"),
        fate,
        counts: store::counts(&mut db, now - Duration::days(DAYS)).await?,
        to_look_at: store::to_look_at(&mut db).await?,
        lines,
        is_later_page: before.is_some(),
        more,
        now,
    };
    Ok(html(&page)?.into_response())
}

#[derive(Template)]
#[template(path = "mail_in/one.html")]
struct MailPage {
    frame: Frame,
    mail: Mail,
    now: OffsetDateTime,
}

impl MailPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn subject(&self) -> String {
        named(&self.mail.subject, self.frame.lang())
    }

    fn why(&self) -> String {
        self.frame.t(why(&self.mail.why)).into_owned()
    }

    fn size(&self) -> String {
        size(self.mail.size, self.frame.lang())
    }

    fn file(&self, file: &Attachment) -> String {
        told(file, self.frame.lang())
    }

    /// What is kept of it as it came: all, its beginning, or nothing any more.
    fn kept(&self) -> &'static str {
        match self.mail.kept {
            None => "mail-kept-nothing",
            Some(kept) if i64::from(kept) < self.mail.size => "mail-kept-beginning",
            Some(_) => "mail-kept-whole",
        }
    }

    fn needs_somebody(&self) -> bool {
        self.mail.fate == Fate::Unreadable && self.mail.done_at.is_none()
    }

    /// Whether a ticket can be made of it: somebody sent it, and it has none.
    fn can_be_ticket(&self) -> bool {
        self.mail.reference.is_none() && !self.mail.sender.is_empty() && self.mail.kept.is_some()
    }
}

async fn show(State(app): State<App>, staff: Staff, Now(now): Now, Path(id): Path<String>) -> Result<Response, Error> {
    let mut db = app.db.read().await?;
    let mail = find(&mut db, &id).await?;
    Ok(html(&MailPage { frame: Frame::new(&app, &staff, "mail"), mail, now })?.into_response())
}

async fn find(db: &mut sqlx::PgConnection, id: &str) -> Result<Mail, Error> {
    let id = Uuid::parse_str(id).map_err(|_| Error::NotFound)?;
    store::one(db, id).await?.ok_or(Error::NotFound)
}

async fn done(State(app): State<App>, staff: Staff, Now(now): Now, Path(id): Path<String>) -> Result<Response, Error> {
    let mut tx = app.db.begin().await?;
    let mail = find(&mut tx, &id).await?;
    // who was second finds it done
    store::done(&mut tx, mail.id, staff.id, now).await?;
    tx.commit().await?;
    Ok(Redirect::to("/staff/mail?fate=unreadable").into_response())
}

/// Makes a ticket of a message that was not taken for a person's.
async fn ticket(
    State(app): State<App>,
    staff: Staff,
    Now(now): Now,
    Path(id): Path<String>,
) -> Result<Response, Error> {
    let id = Uuid::parse_str(&id).map_err(|_| Error::NotFound)?;
    match Postbox::of(&app).take_by_hand(id, staff.id, now).await? {
        Some(reference) => Ok(Redirect::to(&format!("/staff/tickets/{reference}")).into_response()),
        None => Ok(Redirect::to(&format!("/staff/mail/{id}")).into_response()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_told_as_people_read_them() {
        for (bytes, polish) in [(0, "0 B"), (999, "999 B"), (12_345, "12 kB"), (20_400_000, "20,4 MB")] {
            assert_eq!(size(bytes, Lang::Pl).replace('\u{a0}', " "), polish);
        }
    }
}
