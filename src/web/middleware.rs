//! What surrounds every request that is not answered from memory: limits before it, headers and the error page behind it, one
//! line in the log.

use std::time::{Duration, Instant};

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, StatusCode,
        header::{
            ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY, REFRESH,
            RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    timeout::{RequestBodyDeadlineLayer, TimeoutLayer},
};

use super::PublicLayout;
use crate::{app::App, i18n::Lang};

/// No page has a script or a style of its own, so one policy fits all. Scripts, and what they fetch, come from here.
const CSP_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The longest that the body of a form may take to arrive; a phone at the edge of a network needs some seconds.
const BODY_READ_TIMEOUT: Duration = Duration::from_secs(20);

/// The longest that an answer may take to begin: what waits for a database that hangs is told so. A body has its own time
/// within this; what flows for long, as events and exports do, has begun.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, CSP_POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // not no-referrer: it would make the Origin of our own forms null
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Puts the guard around all routes, as one layer: each more would be boxed and cloned for each request. The outermost
/// is named first.
pub fn apply(routes: Router<App>, app: &App) -> Router<App> {
    routes.layer((
        middleware::from_fn_with_state(app.clone(), request_middleware),
        TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, RESPONSE_TIMEOUT),
        CsrfLayer::new(),
        DefaultBodyLimit::max(super::form::MAX_FORM_BYTES),
        RequestBodyDeadlineLayer::new(BODY_READ_TIMEOUT),
        CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    ))
}

async fn request_middleware(State(app): State<App>, request: Request, next: Next) -> Response {
    let begun = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let lang = PreferredLang::from_request(&request);
    let mut response = next.run(request).await;
    if needs_error_page(&response) {
        response = render_error_page(&app, uri.path(), lang, response);
        // a page that could not be had comes back by itself; nothing is ever sent again
        let is_away = response.status() == StatusCode::SERVICE_UNAVAILABLE && method.is_safe();
        if let Some(seconds) = response.headers().get(RETRY_AFTER).cloned().filter(|_| is_away) {
            response.headers_mut().insert(REFRESH, seconds);
        }
    }
    set_security_headers(&app, response.headers_mut());

    // the route, never the address: addresses hold references and keys
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    let ms = begun.elapsed().as_secs_f32() * 1000.0;
    if status >= 400 || !method.is_safe() {
        tracing::info!(%method, route, status, ms, "answered");
    } else {
        tracing::debug!(%method, route, status, ms, "answered");
    }
    response
}

/// Puts on what every answer has.
pub fn set_security_headers(app: &App, headers: &mut HeaderMap) {
    for (name, value) in &SECURITY_HEADERS {
        // a page that needs the microphone says so itself
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.public_url.starts_with("https://") {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The language that a request without a page of its own is answered in.
struct PreferredLang(Option<HeaderValue>);

impl PreferredLang {
    fn from_request(request: &Request) -> PreferredLang {
        PreferredLang(request.headers().get(ACCEPT_LANGUAGE).cloned())
    }

    fn lang(&self) -> Lang {
        let header = self.0.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default();
        Lang::from_accept_language(header)
    }
}

/// An error that nobody has made a page for: ours, the router's, or a layer's.
fn needs_error_page(response: &Response) -> bool {
    let status = response.status();
    let kind = response.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    (status.is_client_error() || status.is_server_error())
        && !kind.starts_with(b"text/html")
        && !kind.starts_with(b"application/")
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: PublicLayout,
    status: u16,
    message_prefix: &'static str,
    retry_after: Option<i64>,
    /// Somebody who works here goes back to the queue, not to the home page.
    is_staff_page: bool,
}

impl ErrorPage {
    fn title(&self) -> String {
        self.page.lang.t(&format!("{}-title", self.message_prefix)).into_owned()
    }

    fn text(&self) -> String {
        if self.is_staff_page && self.message_prefix == "error-not-found" {
            return self.page.lang.t("error-not-found-text-desk").into_owned();
        }
        self.page.lang.t(&format!("{}-text", self.message_prefix)).into_owned()
    }
}

fn render_error_page(app: &App, path: &str, asked: PreferredLang, bare: Response) -> Response {
    let page =
        PublicLayout::from_path(app, path).or_else(|| PublicLayout::from_path(app, &format!("/{}", asked.lang())));
    let Some(page) = page else { return bare };
    let at_desk = path.starts_with("/staff");
    let status = bare.status();
    let kept = bare.headers();
    let retry_after = kept.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = ErrorPage {
        page: page.without_query(),
        status: status.as_u16(),
        message_prefix: message_prefix(status),
        retry_after,
        is_staff_page: at_desk,
    };
    let mut response = match body.render() {
        Ok(body) => (status, Html(body)).into_response(),
        Err(_) => status.into_response(),
    };
    for name in [RETRY_AFTER, ALLOW] {
        if let Some(value) = kept.get(&name) {
            response.headers_mut().insert(name, value.clone());
        }
    }
    response
}

fn message_prefix(status: StatusCode) -> &'static str {
    match status {
        StatusCode::NOT_FOUND => "error-not-found",
        StatusCode::FORBIDDEN => "error-forbidden",
        StatusCode::METHOD_NOT_ALLOWED => "error-method-not-allowed",
        StatusCode::REQUEST_TIMEOUT => "error-timeout",
        StatusCode::PAYLOAD_TOO_LARGE => "error-too-large",
        StatusCode::TOO_MANY_REQUESTS => "error-rate-limited",
        StatusCode::SERVICE_UNAVAILABLE => "error-unavailable",
        status if status.is_client_error() => "error-bad-request",
        _ => "error-internal",
    }
}
