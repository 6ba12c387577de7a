//! `/staff/letters`: what waits and what needs a person, who decides there.

mod store;

use askama::Template;
use axum::{
    Router,
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use time::OffsetDateTime;

use self::store::{Row, Wish};
use super::{State as Stand, Trouble, told::label};
use crate::{
    app::{App, Now},
    staff::{Frame, Staff},
    web::{Cursor, Error, Form, html},
    zone,
};

/// Letters on a page,
const MOST: usize = 50;
/// and how far they are counted.
const COUNTED: i64 = 100;

pub fn routes() -> Router<App> {
    Router::new().route("/staff/letters", get(list).post(decide_all)).route("/staff/letters/{id}", post(decide_one))
}

#[derive(Template)]
#[template(path = "letters/list.html")]
struct ListPage {
    frame: Frame,
    stuck: bool,
    letters: Vec<Row>,
    /// How many wait, how many need a person.
    counts: (i64, i64),
    is_later_page: bool,
    more: Option<String>,
    now: OffsetDateTime,
}

impl ListPage {
    fn moment(&self, at: &OffsetDateTime) -> String {
        self.frame.lang().say(&zone::moment(*at, self.now))
    }

    fn label(&self, letter: &Row) -> String {
        self.frame.t(label(letter.kind)).into_owned()
    }

    /// What it is about, for who hears the page and for the link.
    fn about(&self, letter: &Row) -> (String, String) {
        match (&letter.reference, letter.incident) {
            (Some(reference), _) => (reference.to_string(), format!("/staff/tickets/{reference}")),
            (None, incident) => {
                let id = incident.unwrap_or_default();
                (format!("{} {id}", self.frame.t("incident")), format!("/staff/incidents/{id}"))
            }
        }
    }

    fn count(&self, count: &i64) -> String {
        if *count >= COUNTED { format!("{}+", COUNTED - 1) } else { count.to_string() }
    }

    /// Whether there is a way out at all.
    fn has_way(&self) -> bool {
        self.frame.app.mail.way.is_some()
    }

    /// Where a letter is, in words.
    fn state(&self, letter: &Row) -> String {
        let lang = self.frame.lang();
        match letter.state {
            Stand::Sending => lang.t("letter-state-sending").into_owned(),
            Stand::Waiting if letter.next_at > self.now => {
                lang.t1("letter-next", "moment", self.moment(&letter.next_at))
            }
            Stand::Waiting | Stand::Sent | Stand::Stuck | Stand::Dropped => String::new(),
        }
    }

    fn why(&self, letter: &Row) -> Option<String> {
        letter.trouble.map(|trouble| self.frame.t(trouble.label()).into_owned())
    }

    fn tries(&self, letter: &Row) -> Option<String> {
        (letter.attempts > 0).then(|| self.frame.lang().t1("letter-tries", "count", i64::from(letter.attempts)))
    }

    /// What pressing "send" means for a letter of which nobody knows whether it went.
    fn again(&self, letter: &Row) -> &'static str {
        match (letter.state, letter.trouble) {
            (Stand::Stuck, Some(Trouble::Unsure)) => "letter-again-unsure",
            (Stand::Stuck, _) => "letter-again",
            (Stand::Waiting | Stand::Sending | Stand::Sent | Stand::Dropped, _) => "letter-now",
        }
    }
}

async fn list(State(app): State<App>, staff: Staff, Now(now): Now, uri: Uri) -> Result<Response, Error> {
    let query = Form::parse(uri.query().unwrap_or_default().as_bytes());
    let mut db = app.db.read().await?;
    let counts = store::counts(&mut db, COUNTED).await?;
    let stuck = match query.raw("view") {
        "stuck" => true,
        "waiting" => false,
        // what needs somebody comes first
        _ => counts.1 > 0,
    };
    let after = query.raw("after");
    let Cursor { at, id } = after.parse().unwrap_or(Cursor { at: OffsetDateTime::UNIX_EPOCH, id: 0 });
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let mut letters = match stuck {
        true => store::stuck(&mut db, id, most).await?,
        false => store::waiting(&mut db, (at, id), most).await?,
    };
    let more = (letters.len() > MOST).then(|| {
        letters.truncate(MOST);
        let last = letters.last().map(|last| Cursor { at: last.next_at, id: last.id }.to_string()).unwrap_or_default();
        format!("/staff/letters?view={}&after={last}", view(stuck))
    });
    let frame = Frame::new(&app, &staff, "letters");
    let page = ListPage { frame, stuck, letters, counts, is_later_page: !after.is_empty(), more, now };
    Ok(html(&page)?.into_response())
}

const fn view(stuck: bool) -> &'static str {
    if stuck { "stuck" } else { "waiting" }
}

async fn decide_one(
    State(app): State<App>,
    staff: Staff,
    Path(id): Path<String>,
    Now(now): Now,
    form: Form,
) -> Result<Response, Error> {
    let id = id.parse().map_err(|_| Error::NotFound)?;
    decide(&app, &staff, Some(id), &form, now).await
}

async fn decide_all(State(app): State<App>, staff: Staff, Now(now): Now, form: Form) -> Result<Response, Error> {
    decide(&app, &staff, None, &form, now).await
}

/// Pressed twice, or by two people: the second finds that it is so, or that the letter has gone.
async fn decide(
    app: &App,
    staff: &Staff,
    letter: Option<i64>,
    form: &Form,
    now: OffsetDateTime,
) -> Result<Response, Error> {
    let wish = match form.raw("wish") {
        "again" => Wish::Again,
        "never" => Wish::Never,
        _ => return Err(Error::BadRequest),
    };
    store::decide(&mut *app.db.read().await?, letter, wish, staff.id, now).await?;
    let stuck = form.raw("view") != "waiting";
    Ok(Redirect::to(&format!("/staff/letters?view={}", view(stuck))).into_response())
}
