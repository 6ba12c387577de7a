//! The way back from a ticket to the queue view that it was opened from, with its filters. The ticket's URL stays short, as
//! it is sent to colleagues: the view is taken from the browser's `Referer` on our own pages.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, Method, Uri, header::LOCATION, header::REFERER, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::desk::queue::query::QueueQuery;
use crate::{
    i18n::{Label, Lang},
    urls,
    web::Form,
};

/// A longer query is dropped, in bytes.
const MAX_QUERY_LEN: usize = 1000;

/// The query of the queue view that the ticket was opened from, if it is known.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct QueueOrigin(Option<String>);

impl QueueOrigin {
    /// Reads `from` in the URL, or else the referring page.
    fn from_request(uri: &Uri, headers: &HeaderMap) -> QueueOrigin {
        let from = Form::from_query(uri).raw("from").to_owned();
        let referer = headers.get(REFERER).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
        let query = match (from.is_empty(), referer) {
            (false, _) => Some(from),
            (true, Some(page)) if page.path() == urls::staff::QUEUE => page.query().map(str::to_owned),
            (true, Some(page)) if page.path().starts_with(urls::staff::TICKETS) => {
                let from = Form::from_query(&page).raw("from").to_owned();
                Some(from).filter(|query| !query.is_empty())
            }
            (true, _) => None,
        };
        let query = query.filter(|query| query.len() <= MAX_QUERY_LEN && !query.contains(|c: char| c.is_control()));
        // a flash message is shown once
        QueueOrigin(
            query
                .map(|query| query.split('&').filter(|part| !part.starts_with("flash=")).collect::<Vec<_>>().join("&")),
        )
    }

    /// The URL of the view. Whatever the query is, it leads to the queue.
    pub(crate) fn url(&self) -> String {
        match &self.0 {
            Some(query) => format!("{}?{query}", urls::staff::QUEUE),
            None => urls::staff::QUEUE.to_owned(),
        }
    }

    /// The view's name, or the queue's name if the view is not known.
    pub(crate) fn view_label(&self, lang: Lang) -> String {
        let view = self.0.as_ref().map(|query| QueueQuery::parse(query).view.label());
        lang.t(view.unwrap_or_else(|| "desk-queue".to_owned())).into_owned()
    }

    /// Adds the view to the URL of a ticket's page.
    pub(crate) fn append_to_url(&self, url: &str) -> String {
        urls::with_query(url, &[("from", self.0.as_deref().unwrap_or_default())])
    }
}

impl<S: Sync> FromRequestParts<S> for QueueOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<QueueOrigin, Infallible> {
        Ok(QueueOrigin::from_request(&parts.uri, &parts.headers))
    }
}

/// Redirects a GET request for a resource without a page to its ticket. A browser sends one when the page with a rejected
/// form is opened again.
pub(crate) async fn redirect_get_to_ticket(origin: QueueOrigin, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let page = request.uri().path().rsplit_once('/').map_or(urls::staff::QUEUE, |(page, _)| page);
    Redirect::to(&origin.append_to_url(page)).into_response()
}

/// Adds the view to redirects that lead to a ticket's page.
pub(crate) async fn carry_origin(origin: QueueOrigin, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    let url = location
        .filter(|url| url.starts_with(urls::staff::TICKETS) && !url.contains('?'))
        .and_then(|url| HeaderValue::try_from(origin.append_to_url(url)).ok());
    if let Some(url) = url {
        response.headers_mut().insert(LOCATION, url);
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::desk::ticket::return_link::*;

    #[test]
    fn the_way_back_is_read_from_the_url_or_referer_and_leads_to_the_queue() {
        let table = [
            ("/staff/tickets/DZ", "http://127.0.0.1/staff?view=open&q=503", "/staff?view=open&q=503"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff?view=open&flash=none-new&q=5", "/staff?view=open&q=5"),
            ("/staff/tickets/DZ?from=view%3Dmine", "http://127.0.0.1/staff?view=open", "/staff?view=mine"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff/tickets/DZ/notes?from=view%3Dmine", "/staff?view=mine"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff/tickets/DZ", "/staff"),
            ("/staff/tickets/DZ", "http://127.0.0.1/pl?view=open", "/staff"),
            ("/staff/tickets/DZ?from=//evil.example", "", "/staff?//evil.example"),
            ("/staff/tickets/DZ?from=%0d%0ax", "not an address", "/staff"),
        ];
        for (url, referer, back) in table {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, referer.parse().unwrap());
            assert_eq!(QueueOrigin::from_request(&url.parse().unwrap(), &headers).url(), back, "{url} {referer}");
        }
    }
}
