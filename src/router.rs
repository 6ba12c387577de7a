//! The whole portal, as a server or a test sees it: a request goes in, an answer comes out.

use std::{net::SocketAddr, sync::Arc};

use axum::{
    BoxError, Extension, Router,
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
    guides::{self, Guides},
    health, home, inbound_mail, incidents, page_views, report, staff, stats,
    web::{self, middleware, static_files},
};

/// All rooms behind one door.
#[derive(Clone)]
pub struct PortalService {
    app: App,
    router: Router,
}

impl PortalService {
    pub fn new(app: App, guides: Arc<Guides>) -> PortalService {
        let routes = Router::new()
            .merge(home::routes())
            .merge(guides::pages::routes())
            .merge(checks::pages::routes())
            .merge(report::pages::routes())
            .merge(inbound_mail::pages::routes())
            .merge(customer::routes())
            .merge(staff::pages::routes())
            .merge(emails::pages::routes())
            .merge(desk::routes())
            .merge(blocklist::pages::routes())
            .merge(incidents::routes())
            .merge(stats::routes())
            .merge(api::routes())
            .merge(health::routes())
            .merge(static_files::routes())
            .fallback(async || web::AppError::NotFound)
            .layer(Extension(guides));
        let rooms = middleware::apply(routes, &app).with_state(app.clone());
        PortalService { app, router: rooms }
    }

    /// Answers a request that came from `peer`. A page that is kept in memory is answered at the door: it is the same for
    /// everybody, and the way to its room and through the guard costs more than the page.
    pub async fn handle<B>(&self, request: Request<B>, peer: SocketAddr) -> Response
    where
        B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        let step = page_views::guide_step_of_request(request.method(), request.uri(), request.headers());
        if let Some(kept) = self.cached_response(request.method(), request.uri(), request.headers()) {
            step.inspect(|step| self.app.page_views.record_response(step, &kept));
            return kept;
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
