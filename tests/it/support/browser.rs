//! A client of the portal that keeps cookies.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    sync::{Arc, Mutex},
};

use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header},
    response::Response,
};
use dzwoni::router::PortalService;

use super::{Events, TestResponse};

/// A browser with its cookies. Clones share the cookies.
#[derive(Clone)]
pub struct Browser {
    portal: PortalService,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    ip: IpAddr,
    headers: BTreeMap<&'static str, String>,
}

impl Browser {
    pub fn new(portal: PortalService) -> Browser {
        Browser {
            portal,
            cookies: Arc::default(),
            ip: "203.0.113.7".parse().unwrap(),
            headers: BTreeMap::from([
                ("user-agent", "Mozilla/5.0 (test)".to_owned()),
                ("accept-language", "pl".to_owned()),
            ]),
        }
    }

    #[expect(clippy::wrong_self_convention, reason = "a builder: a visitor from an address")]
    pub fn from_ip(mut self, ip: &str) -> Browser {
        self.ip = ip.parse().unwrap();
        self
    }

    pub fn with_header(mut self, name: &'static str, value: &str) -> Browser {
        self.headers.insert(name, value.to_owned());
        self
    }

    /// The value of a stored cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    pub async fn get(&self, path: &str) -> TestResponse {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> TestResponse {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_raw(path, body).await
    }

    pub async fn post_raw(&self, path: &str, body: impl Into<Body>) -> TestResponse {
        self.send(Method::POST, path, body.into()).await
    }

    /// Opens a stream of server-sent events.
    pub async fn listen(&self, path: &str) -> Events {
        let response = self.request(Method::GET, path, Body::empty()).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream", "{path}");
        Events::new(response.into_body())
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> TestResponse {
        let (parts, body) = self.request(method, path, body).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        TestResponse {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
            path: path.to_owned(),
        }
    }

    async fn request(&self, method: Method, path: &str, body: Body) -> Response {
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if method == Method::POST && !self.headers.contains_key("content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let cookies: Vec<_> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let peer = SocketAddr::new(self.ip, 40_000);
        let response = self.portal.handle(request.body(body).unwrap(), peer).await;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Follows a redirect.
    pub async fn follow(&self, redirect: &TestResponse) -> TestResponse {
        self.get(redirect.location()).await
    }
}
