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
use line_test::{
    media_server::{MAX_OFFER_LEN, OpenSessionError, SessionKind},
    probe,
    verdict::{ClientReport, LineTestOutcome, ServerReport},
};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{
    CheckNavigation,
    line_test_sessions::{LineTestAdmission, LineTestSession, LineTestSessions},
};
use crate::{
    app::{App, Now},
    checks::{CheckOutcome, CheckResultStore, ConnectionType, Describe, LineTestResult, round_to_tenths},
    guides::Guides,
    i18n::{Lang, MessageArg},
    web::{
        AppError, Client, Form,
        rate_limit::{ClientRateLimiter, LINE_TEST_QUOTA},
    },
};

/// An echo over the WebSocket ends after so long.
const ECHO_TIMEOUT: Duration = Duration::from_secs(25);
/// More than a result of ten seconds can have.
const MAX_RESULT_LEN: usize = 128 * 1024;

pub fn routes() -> Router<App> {
    let guard = Arc::new(LineTestState {
        rate_limiter: ClientRateLimiter::new(&LINE_TEST_QUOTA),
        sessions: LineTestSessions::default(),
    });
    Router::new()
        .route("/{lang}/check/link/tests", post(create))
        .route("/{lang}/check/link/tests/{id}/echo", get(connect_echo))
        .route("/{lang}/check/link/tests/{id}/result", post(submit_result))
        .route("/{lang}/check/link/calls", post(create_echo_call))
        .layer(Extension(guard))
}

/// Who may come in, and who is in.
struct LineTestState {
    rate_limiter: ClientRateLimiter,
    sessions: LineTestSessions,
}

/// What went wrong, in a sentence for the page.
struct LineTestApiError {
    status: StatusCode,
    message_id: &'static str,
    retry_after: Option<u64>,
}

impl LineTestApiError {
    const fn new(status: StatusCode, id: &'static str) -> LineTestApiError {
        LineTestApiError { status, message_id: id, retry_after: None }
    }

    fn to_response(self, lang: Lang) -> Response {
        let mut response = (self.status, Json(json!({ "error": lang.t(self.message_id) }))).into_response();
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(RETRY_AFTER, seconds.into());
        }
        response
    }
}

const INVALID_OFFER: LineTestApiError = LineTestApiError::new(StatusCode::BAD_REQUEST, "line-test-failed-offer");
const AT_CAPACITY: LineTestApiError = LineTestApiError {
    status: StatusCode::SERVICE_UNAVAILABLE,
    message_id: "line-test-failed-full",
    retry_after: Some(60),
};
const SESSION_EXPIRED: LineTestApiError = LineTestApiError::new(StatusCode::NOT_FOUND, "line-test-failed-late");

impl From<AppError> for LineTestApiError {
    fn from(error: AppError) -> LineTestApiError {
        error.log();
        let retry_after = match &error {
            AppError::RateLimited { retry_after } => Some(retry_after.as_secs() + 1),
            _ => None,
        };
        let id = if retry_after.is_some() { "line-test-failed-many" } else { "line-test-failed-network" };
        LineTestApiError { status: error.status(), message_id: id, retry_after }
    }
}

impl From<OpenSessionError> for LineTestApiError {
    fn from(refused: OpenSessionError) -> LineTestApiError {
        match refused {
            OpenSessionError::InvalidOffer => INVALID_OFFER,
            OpenSessionError::AtCapacity | OpenSessionError::Stopped => AT_CAPACITY,
        }
    }
}

#[derive(Deserialize)]
struct LineTestOffer {
    /// Without one only the echo is opened.
    sdp: Option<String>,
}

impl LineTestOffer {
    fn parse(body: &Bytes) -> Result<LineTestOffer, LineTestApiError> {
        // twice: JSON escapes line ends
        if body.len() > 2 * MAX_OFFER_LEN {
            return Err(INVALID_OFFER);
        }
        serde_json::from_slice(body).map_err(|_| INVALID_OFFER)
    }
}

async fn create(
    State(app): State<App>,
    Extension(door): Extension<Arc<LineTestState>>,
    Path(lang): Path<String>,
    client: Client,
    body: Bytes,
) -> Result<Response, AppError> {
    let lang = Lang::from_code(&lang).ok_or(AppError::NotFound)?;
    let begun = open_session(&app, &door, &client, &body).await;
    Ok(begun.map_or_else(|wrong| wrong.to_response(lang), |answer| (StatusCode::CREATED, Json(answer)).into_response()))
}

async fn open_session(
    app: &App,
    door: &LineTestState,
    client: &Client,
    body: &Bytes,
) -> Result<Value, LineTestApiError> {
    let offer = LineTestOffer::parse(body)?;
    door.rate_limiter.check(client.ip)?;
    let id = match door.sessions.admit(client.ip) {
        LineTestAdmission::Admitted(id) => id,
        LineTestAdmission::TooManyForNetwork => {
            return Err(LineTestApiError {
                retry_after: Some(30),
                ..LineTestApiError::new(StatusCode::TOO_MANY_REQUESTS, "line-test-failed-many")
            });
        }
        LineTestAdmission::AtCapacity => return Err(AT_CAPACITY),
    };
    let mut answer = None;
    if let (Some(engine), Some(sdp)) = (&app.media_server, offer.sdp) {
        match engine.open_session(SessionKind::LineTest, sdp).await {
            Ok(opened) => {
                door.sessions.set_media_session(&id, opened.session_id);
                answer = Some(opened.sdp_answer);
            }
            // the echo has no limit but the door's: better the delay than nothing
            Err(OpenSessionError::AtCapacity | OpenSessionError::Stopped) => {}
            Err(OpenSessionError::InvalidOffer) => {
                door.sessions.remove(&id);
                return Err(INVALID_OFFER);
            }
        }
    }
    Ok(
        json!({ "id": id, "sdp": answer, "seconds": probe::TEST_SECONDS, "pace": probe::MESSAGES_PER_SECOND, "size": probe::MESSAGE_LEN }),
    )
}

async fn create_echo_call(
    State(app): State<App>,
    Extension(door): Extension<Arc<LineTestState>>,
    Path(lang): Path<String>,
    client: Client,
    body: Bytes,
) -> Result<Response, AppError> {
    let lang = Lang::from_code(&lang).ok_or(AppError::NotFound)?;
    let ring = async || -> Result<String, LineTestApiError> {
        let sdp = LineTestOffer::parse(&body)?.sdp.ok_or(INVALID_OFFER)?;
        door.rate_limiter.check(client.ip)?;
        let engine = app.media_server.as_ref().ok_or(AT_CAPACITY)?;
        Ok(engine.open_session(SessionKind::EchoCall, sdp).await?.sdp_answer)
    };
    Ok(match ring().await {
        Ok(answer) => (StatusCode::CREATED, Json(json!({ "sdp": answer }))).into_response(),
        Err(wrong) => wrong.to_response(lang),
    })
}

async fn connect_echo(
    Extension(door): Extension<Arc<LineTestState>>,
    Path((_, id)): Path<(String, String)>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, AppError> {
    if !door.sessions.try_register_echo(&id) {
        return Err(AppError::NotFound);
    }
    let upgrade = upgrade.max_message_size(probe::MESSAGE_LEN * 2).max_frame_size(probe::MESSAGE_LEN * 2);
    Ok(upgrade.on_upgrade(|socket| async {
        // a browser that goes away, or stays too long, is its own matter
        let _ = tokio::time::timeout(ECHO_TIMEOUT, echo_messages(socket)).await;
    }))
}

/// Sends back what comes, as much as a test may send; a socket that is idle for long is dropped by the caller.
async fn echo_messages(mut socket: WebSocket) {
    let mut left = probe::MAX_MESSAGES;
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Binary(bytes) = message else { continue };
        left = left.saturating_sub(1);
        if left == 0 || socket.send(Message::Binary(bytes)).await.is_err() {
            return;
        }
    }
}

#[derive(Deserialize)]
struct LineTestSubmission {
    connection: Option<String>,
    #[serde(rename = "heard")]
    client_report: ClientReport,
}

#[expect(clippy::too_many_arguments, reason = "they are what a request is made of")]
async fn submit_result(
    State(app): State<App>,
    Extension(door): Extension<Arc<LineTestState>>,
    Extension(guides): Extension<Arc<Guides>>,
    Extension(keeper): Extension<CheckResultStore>,
    Path((lang, id)): Path<(String, String)>,
    Now(now): Now,
    client: Client,
    uri: Uri,
    body: Bytes,
) -> Result<Response, AppError> {
    let lang = Lang::from_code(&lang).ok_or(AppError::NotFound)?;
    let Some(place) = door.sessions.find(&id) else { return Ok(SESSION_EXPIRED.to_response(lang)) };
    let read = Some(&body).filter(|body| body.len() <= MAX_RESULT_LEN);
    let Some(result) = read.and_then(|body| serde_json::from_slice::<LineTestSubmission>(body).ok()) else {
        return Ok(LineTestApiError::new(StatusCode::BAD_REQUEST, "line-test-failed-late").to_response(lang));
    };
    // one at a time: the second gets what the first got
    let mut done = place.result.lock().await;
    if done.is_none() {
        let tested = LineTestResult {
            connection: result.connection.as_deref().and_then(ConnectionType::from_name),
            outcome: LineTestOutcome::from_reports(
                &finish_media_session(&app, &place).await,
                &result.client_report.clamped(),
            ),
        };
        let kept = keeper.save(&app, &client, &CheckOutcome::LineTest(Box::new(tested.clone())), now).await;
        *done = Some((kept, tested));
    }
    let Some((kept, tested)) = done.as_ref() else { return Ok(SESSION_EXPIRED.to_response(lang)) };
    let url = kept.as_ref().map(|kept| {
        let way = CheckNavigation::from_query(&Form::parse(uri.query().unwrap_or_default().as_bytes()), &guides, lang);
        way.append_to_url(&format!("/{lang}/check/result/{kept}"))
    });
    let (said, why) = (lang.format(&tested.summary()), lang.format(&tested.explanation()));
    let told = Lang::ALL.map(|lang| (lang.code().to_owned(), history_row(tested, lang)));
    let told = Value::Object(told.into_iter().collect());
    Ok(Json(json!({ "url": url, "said": said, "why": why, "told": told })).into_response())
}

/// A row in the table of a visit's tests, which outlives a change of the language.
fn history_row(tested: &LineTestResult, lang: Lang) -> Value {
    let how = tested.connection.map(|how| lang.t(how.label())).unwrap_or_default();
    let mos = tested
        .outcome
        .quality
        .map(|quality| lang.format_arg(&MessageArg::Decimal1(round_to_tenths(quality.mos))))
        .unwrap_or_default();
    json!({ "how": how, "said": lang.format(&tested.summary()), "mos": mos })
}

async fn finish_media_session(app: &App, place: &LineTestSession) -> ServerReport {
    match (&app.media_server, place.media_session_id()) {
        (Some(engine), Some(name)) => {
            engine.finish_session(&name).await.unwrap_or(ServerReport { had_session: true, ..ServerReport::default() })
        }
        _ => ServerReport::default(),
    }
}
