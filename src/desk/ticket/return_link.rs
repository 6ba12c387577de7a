//! Where somebody came from: the view of the queue that leads back, with its filters. The address of the ticket page stays
//! as short as it is when it is sent to a colleague; what carries the view is the browser's `Referer` of our own pages.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, Request},
    http::{HeaderMap, HeaderValue, Method, Uri, header::LOCATION, header::REFERER, request::Parts},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
};

use crate::desk::queue::query::QueueQuery;
use crate::{
    i18n::Lang,
    web::{Form, form::percent_encode},
};

/// The longest address of the queue that is carried along.
const MAX_QUERY_LEN: usize = 1000;

/// The query of the view that somebody came from.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct QueueOrigin(Option<String>);

impl QueueOrigin {
    /// From the address itself, or from the page that led here.
    fn from_request(uri: &Uri, headers: &HeaderMap) -> QueueOrigin {
        let said = Form::parse(uri.query().unwrap_or_default().as_bytes()).raw("from").to_owned();
        let referer = headers.get(REFERER).and_then(|value| value.to_str().ok()?.parse::<Uri>().ok());
        let query = match (said.is_empty(), referer) {
            (false, _) => Some(said),
            (true, Some(page)) if page.path() == "/staff" => page.query().map(str::to_owned),
            (true, Some(page)) if page.path().starts_with("/staff/tickets/") => {
                let carried = Form::parse(page.query().unwrap_or_default().as_bytes()).raw("from").to_owned();
                Some(carried).filter(|query| !query.is_empty())
            }
            (true, _) => None,
        };
        let query = query.filter(|query| query.len() <= MAX_QUERY_LEN && !query.contains(|c: char| c.is_control()));
        // what was said there once need not be said again
        QueueOrigin(
            query.map(|query| query.split('&').filter(|part| !part.starts_with("said=")).collect::<Vec<_>>().join("&")),
        )
    }

    /// The way back. Whatever was carried, it leads to the queue.
    pub fn url(&self) -> String {
        match &self.0 {
            Some(query) => format!("/staff?{query}"),
            None => "/staff".to_owned(),
        }
    }

    /// The view's name, where it is known.
    pub fn view_label(&self, lang: Lang) -> String {
        let view = self.0.as_ref().map(|query| QueueQuery::parse(query).view.label());
        lang.t(view.unwrap_or("desk-queue")).into_owned()
    }

    /// What an address needs to carry it on.
    pub fn to_query_string(&self) -> String {
        self.0.as_ref().map(|query| format!("?from={}", percent_encode(query))).unwrap_or_default()
    }
}

impl<S: Sync> FromRequestParts<S> for QueueOrigin {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<QueueOrigin, Infallible> {
        Ok(QueueOrigin::from_request(&parts.uri, &parts.headers))
    }
}

/// Resources that have no page of their own: who asks for one (with the address of a form that was refused) sees the
/// ticket.
pub(crate) async fn redirect_get_to_ticket(came: QueueOrigin, request: Request, next: Next) -> Response {
    if request.method() != Method::GET {
        return next.run(request).await;
    }
    let page = request.uri().path().rsplit_once('/').map_or("/staff", |(page, _)| page);
    Redirect::to(&format!("{page}{}", came.to_query_string())).into_response()
}

/// Whoever is sent back to the ticket's page after a change takes the view along.
pub(crate) async fn carry_origin(came: QueueOrigin, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let location = response.headers().get(LOCATION).and_then(|value| value.to_str().ok());
    if let Some(location) = location.filter(|location| location.starts_with("/staff/tickets/")) {
        let (page, place) =
            location.split_once('#').map_or((location, String::new()), |(page, place)| (page, format!("#{place}")));
        if !page.contains('?')
            && let Ok(value) = HeaderValue::try_from(format!("{page}{}{place}", came.to_query_string()))
        {
            response.headers_mut().insert(LOCATION, value);
        }
    }
    response
}

#[cfg(test)]
mod tests {
    use crate::desk::ticket::return_link::*;

    #[test]
    fn the_view_is_found_and_always_leads_to_the_queue() {
        let table = [
            ("/staff/tickets/DZ", "http://127.0.0.1/staff?view=open&q=503", "/staff?view=open&q=503"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff?view=open&said=none-new&q=5", "/staff?view=open&q=5"),
            ("/staff/tickets/DZ?from=view%3Dmine", "http://127.0.0.1/staff?view=open", "/staff?view=mine"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff/tickets/DZ/notes?from=view%3Dmine", "/staff?view=mine"),
            ("/staff/tickets/DZ", "http://127.0.0.1/staff/tickets/DZ", "/staff"),
            ("/staff/tickets/DZ", "http://127.0.0.1/pl?view=open", "/staff"),
            ("/staff/tickets/DZ?from=//evil.example", "", "/staff?//evil.example"),
            ("/staff/tickets/DZ?from=%0d%0ax", "not an address", "/staff"),
        ];
        for (address, referer, back) in table {
            let mut headers = HeaderMap::new();
            headers.insert(REFERER, referer.parse().unwrap());
            assert_eq!(
                QueueOrigin::from_request(&address.parse().unwrap(), &headers).url(),
                back,
                "{address} {referer}"
            );
        }
    }
}
