//! Counts how often each step of each guide is opened. The counts are kept in memory and added to the day's rows
//! periodically; a crash loses the counts since the last time. Nothing about the visitor is stored.

use std::{
    collections::{BTreeMap, HashMap},
    sync::{
        PoisonError, RwLock,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::{
    http::{
        HeaderMap, HeaderValue, Method, StatusCode, Uri,
        header::{ACCEPT_LANGUAGE, USER_AGENT},
    },
    response::Response,
};
use sqlx::PgConnection;
use time::Date;

/// The views since they were last stored, by guide path without the language: `outgoing/yes/abroad`.
#[derive(Default)]
pub struct PageViewCounter {
    counts: RwLock<HashMap<Box<str>, AtomicU64>>,
}

impl PageViewCounter {
    /// Counts a view of a step if the response is 200. A 304 is a return to a page that was counted before.
    pub fn record_response(&self, path: &str, response: &Response) {
        if response.status() == StatusCode::OK {
            self.add(path, 1);
        }
    }

    pub fn add(&self, path: &str, views: u64) {
        if let Some(count) = self.counts.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            count.fetch_add(views, Ordering::Relaxed);
            return;
        }
        let mut counts = self.counts.write().unwrap_or_else(PoisonError::into_inner);
        *counts.entry(path.into()).or_default().get_mut() += views;
    }

    /// Takes the counts to store them. If that fails, the caller adds them again.
    pub fn drain(&self) -> BTreeMap<Box<str>, u64> {
        let counts = std::mem::take(&mut *self.counts.write().unwrap_or_else(PoisonError::into_inner));
        counts.into_iter().map(|(path, views)| (path, views.into_inner())).collect()
    }
}

/// Adds views to those of a day. All programs on one database lock the rows in the same order (by path), so they can't
/// deadlock. After an error nothing was added.
pub async fn add_to_day(db: &mut PgConnection, day: Date, views: &BTreeMap<Box<str>, u64>) -> Result<(), sqlx::Error> {
    let paths: Vec<String> = views.keys().map(|path| path.as_ref().to_owned()).collect();
    let counts: Vec<i64> = views.values().map(|count| i64::try_from(*count).unwrap_or(i64::MAX)).collect();
    sqlx::query!(
        "insert into guide_page_view (day, path, views)
        select $1, path, views from unnest($2::text[], $3::bigint[]) visit (path, views)
        on conflict (day, path) do update set views = guide_page_view.views + excluded.views",
        day,
        &paths,
        &counts
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The guide path without the language, if the request opens a step of a guide in a browser. The page of a whole guide is
/// not a step.
pub fn guide_step_of_request<'a>(method: &Method, uri: &'a Uri, headers: &HeaderMap) -> Option<&'a str> {
    let mut parts = uri.path().splitn(4, '/');
    let is_step = parts.nth(2)? == "guide" && uri.query() != Some("all");
    parts.next().filter(|_| is_step && method == Method::GET && is_browser_request(headers))
}

/// Browsers send `Mozilla/` and a preferred language; most other programs send neither. Bots that send both usually name
/// themselves. A prefetched page (`Sec-Purpose`) is not a view.
fn is_browser_request(request: &HeaderMap) -> bool {
    let agent = request.get(USER_AGENT).map_or(&b""[..], HeaderValue::as_bytes);
    agent.starts_with(b"Mozilla/")
        && request.contains_key(ACCEPT_LANGUAGE)
        && !request.contains_key("sec-purpose")
        && !is_bot(agent)
}

fn is_bot(agent: &[u8]) -> bool {
    let has_at =
        |at: usize, word: &[u8]| agent.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
    // a single pass, because this runs for every page from the cache
    agent.iter().enumerate().any(|(at, byte)| match byte.to_ascii_lowercase() {
        b'b' => has_at(at, b"bot"),
        b'c' => has_at(at, b"crawl") || has_at(at, b"compatible;"),
        b'h' => has_at(at, b"headless"),
        b'l' => has_at(at, b"lighthouse"),
        b's' => has_at(at, b"spider"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::page_views::*;

    #[test]
    fn requests_of_bots_are_not_counted_as_browser_requests() {
        let is_browser = |agent: &str| {
            let mut request = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("pl"))]);
            request.insert(USER_AGENT, HeaderValue::from_str(agent).unwrap());
            is_browser_request(&request)
        };
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        ] {
            assert!(is_browser(agent), "{agent}");
        }
        for agent in [
            "",
            "curl/8.14",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1) Chrome/140.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Linux) Baiduspider",
        ] {
            assert!(!is_browser(agent), "{agent}");
        }
    }

    #[test]
    fn drain_returns_the_counts_and_resets_them() {
        let counter = PageViewCounter::default();
        for path in ["outgoing", "outgoing/yes", "outgoing"] {
            counter.add(path, 1);
        }
        assert_eq!(counter.drain(), BTreeMap::from([("outgoing".into(), 2), ("outgoing/yes".into(), 1)]));
        assert!(counter.drain().is_empty());
    }
}
