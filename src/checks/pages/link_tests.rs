//! The line test as the page's script runs it: an offer, an echo for those who get no further, a result.
//!
//! Whatever is wrong is said in a sentence that the page can show; of a stranger's offer nothing is ever printed.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    body::Bytes,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{StatusCode, Uri, header::RETRY_AFTER},
    response::{IntoResponse, Response},
    routing::{get, post},
};
use linktest::{
    engine::{Kind, LARGEST_OFFER, Refused},
    probe,
    verdict::{Ours, Outcome, Theirs},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    Way,
    link_places::{Place, Places, Taken},
};
use crate::{
    app::{App, Now},
    checks::{Connection, Finding, Keeper, LinkTested, Told, tenths},
    guides::Guides,
    web::{
        Client, Error, Form,
        limit::{LINE_TESTS, Limit},
    },
    words::{Arg, Lang},
};

/// An echo over the WebSocket ends after so long.
const ECHO_LIFE: Duration = Duration::from_secs(25);
/// More than a result of ten seconds can have.
const LARGEST_RESULT: usize = 128 * 1024;

pub fn routes() -> Router<App> {
    let guard = Arc::new(Door { limit: Limit::new(&LINE_TESTS), places: Places::default() });
    Router::new()
        .route("/{lang}/check/link/tests", post(begin))
        .route("/{lang}/check/link/tests/{id}/echo", get(echo))
        .route("/{lang}/check/link/tests/{id}/result", post(finish))
        .route("/{lang}/check/link/calls", post(call))
        .layer(Extension(guard))
}

/// Who may come in, and who is in.
struct Door {
    limit: Limit,
    places: Places,
}

/// What went wrong, in a sentence for the page.
struct Wrong {
    status: StatusCode,
    id: &'static str,
    retry_after: Option<u64>,
}

impl Wrong {
    const fn new(status: StatusCode, id: &'static str) -> Wrong {
        Wrong { status, id, retry_after: None }
    }

    fn say(self, lang: Lang) -> Response {
        let mut response = (self.status, Json(json!({ "error": lang.t(self.id) }))).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

const OFFER: Wrong = Wrong::new(StatusCode::BAD_REQUEST, "link-failed-offer");
const FULL: Wrong = Wrong { status: StatusCode::SERVICE_UNAVAILABLE, id: "link-failed-full", retry_after: Some(60) };
const LATE: Wrong = Wrong::new(StatusCode::NOT_FOUND, "link-failed-late");

impl From<Error> for Wrong {
    fn from(error: Error) -> Wrong {
        error.log();
        let retry_after = match &error {
            Error::TooMany { retry_after } => Some(retry_after.as_secs() + 1),
            _ => None,
        };
        let id = if retry_after.is_some() { "link-failed-many" } else { "link-failed-network" };
        Wrong { status: error.status(), id, retry_after }
    }
}

impl From<Refused> for Wrong {
    fn from(refused: Refused) -> Wrong {
        match refused {
            Refused::Offer => OFFER,
            Refused::Full | Refused::Gone => FULL,
        }
    }
}

#[derive(Deserialize)]
struct Offer {
    /// Without one only the echo is opened.
    sdp: Option<String>,
}

impl Offer {
    fn read(body: &Bytes) -> Result<Offer, Wrong> {
        // twice: JSON escapes line ends
        if body.len() > 2 * LARGEST_OFFER {
            return Err(OFFER);
        }
        serde_json::from_slice(body).map_err(|_| OFFER)
    }
}

async fn begin(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    Path(lang): Path<String>,
    client: Client,
    body: Bytes,
) -> Result<Response, Error> {
    let lang = Lang::from_code(&lang).ok_or(Error::NotFound)?;
    let begun = open(&app, &door, &client, &body).await;
    Ok(begun.map_or_else(|wrong| wrong.say(lang), |answer| (StatusCode::CREATED, Json(answer)).into_response()))
}

async fn open(app: &App, door: &Door, client: &Client, body: &Bytes) -> Result<Value, Wrong> {
    let offer = Offer::read(body)?;
    door.limit.check(client.ip)?;
    let id = match door.places.take(client.ip) {
        Taken::Yes(id) => id,
        Taken::Many => {
            return Err(Wrong {
                retry_after: Some(30),
                ..Wrong::new(StatusCode::TOO_MANY_REQUESTS, "link-failed-many")
            });
        }
        Taken::Full => return Err(FULL),
    };
    let mut answer = None;
    if let (Some(engine), Some(sdp)) = (&app.media, offer.sdp) {
        match engine.open(Kind::Test, sdp).await {
            Ok(opened) => {
                door.places.connect(&id, opened.name);
                answer = Some(opened.answer);
            }
            // the echo has no limit but the door's: better the delay than nothing
            Err(Refused::Full | Refused::Gone) => {}
            Err(Refused::Offer) => {
                door.places.leave(&id);
                return Err(OFFER);
            }
        }
    }
    Ok(json!({ "id": id, "sdp": answer, "seconds": probe::SECONDS, "pace": probe::PACE, "size": probe::SIZE }))
}

async fn call(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    Path(lang): Path<String>,
    client: Client,
    body: Bytes,
) -> Result<Response, Error> {
    let lang = Lang::from_code(&lang).ok_or(Error::NotFound)?;
    let ring = async || -> Result<String, Wrong> {
        let sdp = Offer::read(&body)?.sdp.ok_or(OFFER)?;
        door.limit.check(client.ip)?;
        let engine = app.media.as_ref().ok_or(FULL)?;
        Ok(engine.open(Kind::Call, sdp).await?.answer)
    };
    Ok(match ring().await {
        Ok(answer) => (StatusCode::CREATED, Json(json!({ "sdp": answer }))).into_response(),
        Err(wrong) => wrong.say(lang),
    })
}

async fn echo(
    Extension(door): Extension<Arc<Door>>,
    Path((_, id)): Path<(String, String)>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, Error> {
    if !door.places.may_echo(&id) {
        return Err(Error::NotFound);
    }
    let upgrade = upgrade.max_message_size(probe::SIZE * 2).max_frame_size(probe::SIZE * 2);
    Ok(upgrade.on_upgrade(|socket| async {
        // a browser that goes away, or stays too long, is its own matter
        let _ = tokio::time::timeout(ECHO_LIFE, say_back(socket)).await;
    }))
}

/// Sends back what comes, as much as a test may send; a socket that is idle for long is dropped by the caller.
async fn say_back(mut socket: WebSocket) {
    let mut left = probe::MOST;
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Binary(bytes) = message else { continue };
        left = left.saturating_sub(1);
        if left == 0 || socket.send(Message::Binary(bytes)).await.is_err() {
            return;
        }
    }
}

#[derive(Deserialize)]
struct Heard {
    connection: Option<String>,
    heard: Theirs,
}

#[expect(clippy::too_many_arguments, reason = "they are what a request is made of")]
async fn finish(
    State(app): State<App>,
    Extension(door): Extension<Arc<Door>>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<Keeper>,
    Path((lang, id)): Path<(String, String)>,
    Now(now): Now,
    client: Client,
    uri: Uri,
    body: Bytes,
) -> Result<Response, Error> {
    let lang = Lang::from_code(&lang).ok_or(Error::NotFound)?;
    let Some(place) = door.places.find(&id) else { return Ok(LATE.say(lang)) };
    let read = Some(&body).filter(|body| body.len() <= LARGEST_RESULT);
    let Some(result) = read.and_then(|body| serde_json::from_slice::<Heard>(body).ok()) else {
        return Ok(Wrong::new(StatusCode::BAD_REQUEST, "link-failed-late").say(lang));
    };
    // one at a time: the second gets what the first got
    let mut done = place.done.lock().await;
    if done.is_none() {
        let tested = LinkTested {
            connection: result.connection.as_deref().and_then(Connection::from_name),
            outcome: Outcome::of(&ours(&app, &place).await, &result.heard.sane()),
        };
        let kept = keeper.keep(&app, &client, &Finding::Link(Box::new(tested.clone())), now).await;
        *done = Some((kept, tested));
    }
    let Some((kept, tested)) = done.as_ref() else { return Ok(LATE.say(lang)) };
    let url = kept.as_ref().map(|kept| {
        let way = Way::of(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, lang);
        way.onward(&format!("/{lang}/check/result/{kept}"))
    });
    let (said, why) = (lang.say(&tested.sentence()), lang.say(&tested.why()));
    let told = Lang::ALL.map(|lang| (lang.code().to_owned(), told(tested, lang)));
    let told = Value::Object(told.into_iter().collect());
    Ok(Json(json!({ "url": url, "said": said, "why": why, "told": told })).into_response())
}

/// A row in the table of a visit's tests, which outlives a change of the language.
fn told(tested: &LinkTested, lang: Lang) -> Value {
    let how = tested.connection.map(|how| lang.t(how.label())).unwrap_or_default();
    let mos = tested.outcome.quality.map(|quality| lang.arg(&Arg::Tenths(tenths(quality.mos)))).unwrap_or_default();
    json!({ "how": how, "said": lang.say(&tested.sentence()), "mos": mos })
}

async fn ours(app: &App, place: &Place) -> Ours {
    match (&app.media, place.name()) {
        (Some(engine), Some(name)) => engine.finish(&name).await.unwrap_or(Ours { had_place: true, ..Ours::default() }),
        _ => Ours::default(),
    }
}
