//! The middleware around all routes: limits, security headers, error pages and the request log.

use std::time::{Duration, Instant};

use askama::Template;
use axum::{
    Router,
    extract::{DefaultBodyLimit, MatchedPath, Request, State},
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCEPT_ENCODING, ACCEPT_LANGUAGE, ALLOW, CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
            REFERRER_POLICY, REFRESH, RETRY_AFTER, STRICT_TRANSPORT_SECURITY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    middleware::{self, Next},
    response::{Html, IntoResponse, Redirect, Response},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    csrf::CsrfLayer,
    timeout::{RequestBodyDeadlineLayer, TimeoutLayer},
};
use url::Url;

use super::{PublicLayout, form::RESTORED_BY_BACK_BUTTON};
use crate::{app::App, i18n::Lang, precompressed::compress_page, urls};

/// No page contains inline scripts or styles, so one policy fits all. Scripts and their requests stay on this origin.
const CSP_POLICY: &str = "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; img-src 'self'; \
                      form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// How long a response may take to begin, for example if the database hangs. Reading the body counts too. Long
/// responses such as event streams and exports have begun by then.
const RESPONSE_TIMEOUT: Duration = Duration::from_secs(30);

const SECURITY_HEADERS: [(HeaderName, &str); 6] = [
    (CONTENT_SECURITY_POLICY, CSP_POLICY),
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (X_FRAME_OPTIONS, "DENY"),
    // with `no-referrer` browsers would send our own forms with `Origin: null`
    (REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// Adds the middleware to all routes as one layer, because each layer is boxed and cloned for each request. The
/// outermost is first.
pub fn apply(routes: Router<App>, app: &App, body_timeout: Duration) -> Router<App> {
    routes.layer((
        middleware::from_fn_with_state(app.clone(), request_middleware),
        TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, RESPONSE_TIMEOUT),
        csrf_layer(app),
        DefaultBodyLimit::max(super::form::MAX_FORM_BYTES),
        RequestBodyDeadlineLayer::new(body_timeout),
        CatchPanicLayer::custom(|_: Box<dyn std::any::Any + Send>| StatusCode::INTERNAL_SERVER_ERROR.into_response()),
    ))
}

/// Rejects forms of other sites. The portal's own origin is known, so that it need not be compared with the header `Host`,
/// which a proxy may have replaced.
fn csrf_layer(app: &App) -> CsrfLayer {
    let origin = Url::parse(&app.public_url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    // without an origin only the header `Host` counts
    CsrfLayer::new().add_trusted_origin(origin).unwrap_or_default()
}

async fn request_middleware(State(app): State<App>, request: Request, next: Next) -> Response {
    let started = Instant::now();
    let method = request.method().clone();
    let uri = request.uri().clone();
    let route = request.extensions().get::<MatchedPath>().cloned();
    let lang = PreferredLang::from_request(&request);
    let accept_encoding = accepted_encodings(&request);
    let mut response = next.run(request).await;
    if let Some(redirect) = redirect_without_slash(&method, &uri, &response) {
        response = redirect;
    }
    if needs_error_page(&response) {
        response = render_error_page(&app, uri.path(), lang, response);
        // the browser reloads an unavailable page by itself, but never sends a form again
        let may_refresh = response.status() == StatusCode::SERVICE_UNAVAILABLE && method.is_safe();
        if let Some(retry_after) = response.headers().get(RETRY_AFTER).cloned().filter(|_| may_refresh) {
            response.headers_mut().insert(REFRESH, retry_after);
        }
    }
    if response.status() == StatusCode::UNPROCESSABLE_ENTITY && !urls::staff::is_staff_page(uri.path()) {
        // staff pages decide for themselves: what is kept can be restored after the logout
        let [(name, value)] = RESTORED_BY_BACK_BUTTON;
        response.headers_mut().entry(name).or_insert(HeaderValue::from_static(value));
    }
    set_security_headers(&app, response.headers_mut());
    let response = compress_page(accept_encoding.as_ref(), response).await;

    // the route pattern and not the URL, because URLs contain references and keys
    let route = route.as_ref().map_or("none", MatchedPath::as_str);
    let status = response.status().as_u16();
    let ms = started.elapsed().as_secs_f32() * 1000.0;
    if status >= 400 || !method.is_safe() {
        tracing::info!(%method, route, status, ms, "response");
    } else {
        tracing::debug!(%method, route, status, ms, "response");
    }
    response
}

/// Adds the headers that every response has.
pub fn set_security_headers(app: &App, headers: &mut HeaderMap) {
    for (name, value) in &SECURITY_HEADERS {
        // a page may set its own value, for example to use the microphone
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    }
    if app.public_url.starts_with("https://") {
        headers.insert(STRICT_TRANSPORT_SECURITY, HeaderValue::from_static("max-age=31536000"));
    }
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
}

/// The `Accept-Language` header, parsed only if an error page is needed.
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

/// The `Accept-Encoding` header, except for a staff page that another site opened: from the length of a compressed page
/// that repeats a search, an eavesdropper who chooses the searches could guess the rest of the page (BREACH).
fn accepted_encodings(request: &Request) -> Option<HeaderValue> {
    let headers = request.headers();
    let is_cross_site = headers.get("sec-fetch-site").is_some_and(|site| site == "cross-site");
    let is_staff_page = urls::staff::is_staff_page(request.uri().path());
    headers.get(ACCEPT_ENCODING).filter(|_| !(is_cross_site && is_staff_page)).cloned()
}

/// Redirects `/pl/` to `/pl`, if there is no page at the former.
fn redirect_without_slash(method: &Method, uri: &Uri, response: &Response) -> Option<Response> {
    let path = uri.path().strip_suffix('/')?;
    // a second slash or backslash at the beginning would lead to another host
    let path = path.trim_end_matches('/').trim_start_matches(['/', '\\']);
    if path.is_empty() || response.status() != StatusCode::NOT_FOUND || !method.is_safe() {
        return None;
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Some(Redirect::permanent(&format!("/{path}{query}")).into_response())
}

/// Whether the response is an error without a page: from a handler, the router or a layer.
fn needs_error_page(response: &Response) -> bool {
    let status = response.status();
    let content_type = response.headers().get(CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    (status.is_client_error() || status.is_server_error())
        && !content_type.starts_with(b"text/html")
        && !content_type.starts_with(b"application/")
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage {
    page: PublicLayout,
    status: u16,
    message_prefix: &'static str,
    retry_after: Option<i64>,
    /// Staff pages link to the queue instead of the home page.
    is_staff_page: bool,
}

impl ErrorPage {
    fn title(&self) -> String {
        self.page.lang.t(format!("{}-title", self.message_prefix)).into_owned()
    }

    fn text(&self) -> String {
        if self.is_staff_page && self.message_prefix == "error-not-found" {
            return self.page.lang.t("error-not-found-text-desk").into_owned();
        }
        self.page.lang.t(format!("{}-text", self.message_prefix)).into_owned()
    }
}

fn render_error_page(app: &App, path: &str, preferred_lang: PreferredLang, bare: Response) -> Response {
    let page = PublicLayout::from_path(app, path)
        .or_else(|| PublicLayout::from_path(app, &urls::public::home(preferred_lang.lang())));
    let Some(page) = page else { return bare };
    let status = bare.status();
    let headers = bare.headers();
    let retry_after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    let body = ErrorPage {
        page: page.without_query(),
        status: status.as_u16(),
        message_prefix: message_prefix(status),
        retry_after,
        is_staff_page: urls::staff::is_staff_page(path),
    };
    let mut response = match body.render() {
        Ok(body) => (status, Html(body)).into_response(),
        Err(_) => status.into_response(),
    };
    for name in [RETRY_AFTER, ALLOW] {
        if let Some(value) = headers.get(&name) {
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
