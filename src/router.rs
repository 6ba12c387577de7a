//! The complete portal as a service: all routes, behind the page cache and the middleware.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use axum::{
    BoxError, Router,
    body::{Body, Bytes, HttpBody},
    extract::ConnectInfo,
    http::{HeaderMap, Method, Request, StatusCode, Uri, header::CONTENT_LENGTH},
    response::Response,
};
use tower::ServiceExt;

use crate::{
    api,
    app::App,
    blocklist, checks, customer, desk, emails,
    guides::{self, Guides, GuidesState},
    health, home, inbound_mail, incidents, page_views, report, staff, stats,
    web::{self, middleware, static_files},
};

/// Handles all requests. The server and the tests use it.
#[derive(Clone)]
pub struct PortalService {
    app: App,
    router: Router,
}

impl PortalService {
    pub fn new(app: App, guides: Arc<Guides>, body_timeout: Duration) -> PortalService {
        let with_guides = GuidesState { app: app.clone(), guides: guides.clone() };
        let routes = Router::new()
            .merge(home::routes().with_state(with_guides.clone()))
            .merge(guides::pages::routes().with_state(with_guides.clone()))
            .merge(checks::pages::routes(app.clone(), guides.clone()))
            .merge(report::pages::routes(app.clone(), guides.clone()))
            .merge(inbound_mail::pages::routes())
            .merge(customer::routes(app.clone(), guides))
            .merge(staff::pages::routes(app.clone()))
            .merge(emails::pages::routes())
            .merge(desk::routes(with_guides.clone()))
            .merge(blocklist::pages::routes())
            .merge(incidents::routes(app.clone()))
            .merge(stats::routes().with_state(with_guides))
            .merge(api::routes(app.clone()))
            .merge(health::routes())
            .merge(static_files::routes())
            .fallback(async || web::AppError::NotFound);
        let router = middleware::apply(routes, &app, body_timeout).with_state(app.clone());
        PortalService { app, router }
    }

    /// Handles a request from `peer`. Cached pages are served before routing and middleware, which would cost more than
    /// the page itself (see `docs/decisions/0004-pages-are-served-before-the-router.md`).
    pub async fn handle<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let step = page_views::guide_step_of_request(request.method(), request.uri(), request.headers());
        if let Some(response) = self.cached_response(request.method(), request.uri(), request.headers()) {
            step.inspect(|step| self.app.page_views.record_response(step, &response));
            return response;
        }
        let step = step.map(str::to_owned);
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(ConnectInfo(peer));
        let Ok(response) = self.router.clone().oneshot(request).await;
        step.inspect(|step| self.app.page_views.record_response(step, &response));
        response
    }

    fn cached_response(&self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        if method != Method::GET && method != Method::HEAD {
            return None;
        }
        let mut response = self.app.page_cache.lookup(uri, headers)?;
        middleware::set_security_headers(&self.app, response.headers_mut());
        if method == Method::HEAD && response.status() == StatusCode::OK {
            let body = std::mem::take(response.body_mut());
            let length = body.size_hint().exact().unwrap_or_default();
            response.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        Some(response)
    }
}
