//! The JSON interface of the line test's script: an offer, an echo over WebSocket, a result, and an echo call.
//!
//! An error is a sentence that the page can show. A visitor's offer is never logged.

use std::{sync::Arc, time::Duration};

use axum::{
    Json, Router,
    body::Bytes,
    extract::{
        Path, State,
        ws::{Message, WebSocket, WebSocketUpgrade},
    },
    http::{StatusCode, header::RETRY_AFTER},
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
    line_test_sessions::{LineTestAdmission, LineTestSession},
    request::{CheckRequest, CheckState, LineTestState},
};
use crate::{
    app::App,
    checks::{CheckOutcome, Describe, LineTestResult, round_to_tenths},
    i18n::{Label, Lang, MessageArg},
    urls,
    web::{AppError, parse_json_object},
};

/// How long a WebSocket echo stays open at most.
const ECHO_TIMEOUT: Duration = Duration::from_secs(25);
/// Maximum length of a result, in bytes: more than a test of ten seconds can have.
const MAX_RESULT_LEN: usize = 128 * 1024;

pub(super) fn routes() -> Router<CheckState> {
    Router::new()
        .route("/{lang}/check/link/tests", post(create))
        .route("/{lang}/check/link/tests/{id}/echo", get(connect_echo))
        .route("/{lang}/check/link/tests/{id}/result", post(submit_result))
        .route("/{lang}/check/link/calls", post(create_echo_call))
}

/// An error, with a sentence for the page.
struct LineTestApiError {
    status: StatusCode,
    message_id: &'static str,
    /// In seconds.
    retry_after: Option<u64>,
}

impl LineTestApiError {
    const fn new(status: StatusCode, message_id: &'static str) -> LineTestApiError {
        LineTestApiError { status, message_id, retry_after: None }
    }

    fn into_response(self, lang: Lang) -> Response {
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
        let message_id = if retry_after.is_some() { "line-test-failed-many" } else { "line-test-failed-network" };
        LineTestApiError { status: error.status(), message_id, retry_after }
    }
}

impl From<OpenSessionError> for LineTestApiError {
    fn from(error: OpenSessionError) -> LineTestApiError {
        match error {
            OpenSessionError::InvalidOffer => INVALID_OFFER,
            OpenSessionError::AtCapacity | OpenSessionError::Stopped => AT_CAPACITY,
        }
    }
}

#[derive(Deserialize)]
struct LineTestOffer {
    /// Without an SDP only the WebSocket echo is opened.
    sdp: Option<String>,
}

impl LineTestOffer {
    fn parse(body: &Bytes) -> Result<LineTestOffer, LineTestApiError> {
        // JSON escapes line breaks, so it may be longer than the SDP
        if body.len() > 2 * MAX_OFFER_LEN {
            return Err(INVALID_OFFER);
        }
        parse_json_object(body).map_err(|_| INVALID_OFFER)
    }
}

async fn create(State(line_tests): State<Arc<LineTestState>>, request: CheckRequest, body: Bytes) -> Response {
    match open_session(&line_tests, &request, &body).await {
        Ok(answer) => (StatusCode::CREATED, Json(answer)).into_response(),
        Err(error) => error.into_response(request.page.lang),
    }
}

async fn open_session(
    line_tests: &LineTestState,
    request: &CheckRequest,
    body: &Bytes,
) -> Result<Value, LineTestApiError> {
    let offer = LineTestOffer::parse(body)?;
    line_tests.rate_limiter.check(request.client.ip)?;
    let id = match line_tests.sessions.admit(request.client.ip) {
        LineTestAdmission::Admitted(id) => id,
        LineTestAdmission::TooManyForNetwork => {
            return Err(LineTestApiError {
                retry_after: Some(30),
                ..LineTestApiError::new(StatusCode::TOO_MANY_REQUESTS, "line-test-failed-many")
            });
        }
        LineTestAdmission::AtCapacity => return Err(AT_CAPACITY),
    };
    let mut sdp_answer = None;
    if let (Some(media_server), Some(sdp)) = (&request.app.media_server, offer.sdp) {
        match media_server.open_session(SessionKind::LineTest, sdp).await {
            Ok(opened) => {
                line_tests.sessions.set_media_session(&id, opened.session_id);
                sdp_answer = Some(opened.sdp_answer);
            }
            // the WebSocket echo still measures the delay
            Err(OpenSessionError::AtCapacity | OpenSessionError::Stopped) => {}
            Err(OpenSessionError::InvalidOffer) => {
                line_tests.sessions.remove(&id);
                return Err(INVALID_OFFER);
            }
        }
    }
    Ok(json!({
        "id": id,
        "sdp": sdp_answer,
        "seconds": probe::TEST_SECONDS,
        "pace": probe::MESSAGES_PER_SECOND,
        "size": probe::MESSAGE_LEN,
    }))
}

async fn create_echo_call(
    State(line_tests): State<Arc<LineTestState>>,
    request: CheckRequest,
    body: Bytes,
) -> Response {
    match open_echo_call(&line_tests, &request, &body).await {
        Ok(sdp_answer) => (StatusCode::CREATED, Json(json!({ "sdp": sdp_answer }))).into_response(),
        Err(error) => error.into_response(request.page.lang),
    }
}

async fn open_echo_call(
    line_tests: &LineTestState,
    request: &CheckRequest,
    body: &Bytes,
) -> Result<String, LineTestApiError> {
    let sdp = LineTestOffer::parse(body)?.sdp.ok_or(INVALID_OFFER)?;
    line_tests.rate_limiter.check(request.client.ip)?;
    let media_server = request.app.media_server.as_ref().ok_or(AT_CAPACITY)?;
    Ok(media_server.open_session(SessionKind::EchoCall, sdp).await?.sdp_answer)
}

async fn connect_echo(
    State(line_tests): State<Arc<LineTestState>>,
    Path((_, id)): Path<(String, String)>,
    upgrade: WebSocketUpgrade,
) -> Result<Response, AppError> {
    if !line_tests.sessions.try_register_echo(&id) {
        return Err(AppError::NotFound);
    }
    let upgrade = upgrade.max_message_size(probe::MESSAGE_LEN * 2).max_frame_size(probe::MESSAGE_LEN * 2);
    Ok(upgrade.on_upgrade(|socket| async {
        // the socket is closed in both cases
        let _ = tokio::time::timeout(ECHO_TIMEOUT, echo_messages(socket)).await;
    }))
}

/// Sends every message back, up to [`probe::MAX_MESSAGES`].
async fn echo_messages(mut socket: WebSocket) {
    let mut remaining = probe::MAX_MESSAGES;
    while let Some(Ok(message)) = socket.recv().await {
        let Message::Binary(bytes) = message else { continue };
        remaining = remaining.saturating_sub(1);
        if remaining == 0 || socket.send(Message::Binary(bytes)).await.is_err() {
            return;
        }
    }
}

#[derive(Deserialize)]
struct LineTestSubmission {
    connection: Option<String>,
    #[serde(rename = "report")]
    client_report: ClientReport,
}

async fn submit_result(
    State(line_tests): State<Arc<LineTestState>>,
    request: CheckRequest,
    Path((_, id)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let CheckRequest { app, page, client, now, result_store, navigation, .. } = request;
    let lang = page.lang;
    let Some(session) = line_tests.sessions.find(&id) else { return SESSION_EXPIRED.into_response(lang) };
    let body = Some(&body).filter(|body| body.len() <= MAX_RESULT_LEN);
    let Some(submission) = body.and_then(|body| parse_json_object::<LineTestSubmission>(body).ok()) else {
        return LineTestApiError::new(StatusCode::BAD_REQUEST, "line-test-failed-late").into_response(lang);
    };
    // a second submission waits and returns the first result
    let mut stored = session.result.lock().await;
    if stored.is_none() {
        let server_report = finish_media_session(&app, &session).await;
        let result = LineTestResult {
            connection: submission.connection.and_then(|name| name.parse().ok()),
            outcome: LineTestOutcome::from_reports(&server_report, &submission.client_report.clamped()),
        };
        let result_id = result_store.save(&app, &client, &CheckOutcome::LineTest(Box::new(result.clone())), now).await;
        *stored = Some((result_id, result));
    }
    let Some((result_id, result)) = stored.as_ref() else { return SESSION_EXPIRED.into_response(lang) };
    let url = result_id.as_ref().map(|id| navigation.append_to_url(&urls::public::check_result(lang, id)));
    let rows = Lang::ALL.map(|lang| (lang.code().to_owned(), history_row(result, lang)));
    Json(json!({
        "url": url,
        "summary": lang.format(&result.summary()),
        "explanation": lang.format(&result.explanation()),
        "rows": Value::Object(rows.into_iter().collect()),
    }))
    .into_response()
}

/// A row in the table of a visitor's tests. The page keeps the rows in all languages, for a change of the language.
fn history_row(result: &LineTestResult, lang: Lang) -> Value {
    let connection = result.connection.map(|connection| lang.t(connection.label())).unwrap_or_default();
    let mos = result
        .outcome
        .quality
        .map(|quality| lang.format_arg(&MessageArg::Decimal1(round_to_tenths(quality.mos))))
        .unwrap_or_default();
    json!({ "connection": connection, "summary": lang.format(&result.summary()), "mos": mos })
}

async fn finish_media_session(app: &App, session: &LineTestSession) -> ServerReport {
    match (&app.media_server, session.media_session_id()) {
        (Some(media_server), Some(id)) => media_server
            .finish_session(&id)
            .await
            .unwrap_or(ServerReport { had_session: true, ..ServerReport::default() }),
        _ => ServerReport::default(),
    }
}
