//! How often each step of each guide is opened: counted in memory, and added to the day's row now and then. Nobody is
//! remembered, only that somebody was there. A crash loses what was counted since the last time.

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

/// The visits since they were last stored, by the walk's address without the language: `outgoing/yes/abroad`.
#[derive(Default)]
pub struct PageViewCounter {
    counts: RwLock<HashMap<Box<str>, AtomicU64>>,
}

impl PageViewCounter {
    /// Counts a step that a person asked for, if that is what was answered. Who has it already (304) only came back to it.
    pub fn record_response(&self, step: &str, response: &Response) {
        if response.status() == StatusCode::OK {
            self.add(step, 1);
        }
    }

    /// Adds visits.
    pub fn add(&self, path: &str, visits: u64) {
        if let Some(count) = self.counts.read().unwrap_or_else(PoisonError::into_inner).get(path) {
            count.fetch_add(visits, Ordering::Relaxed);
            return;
        }
        let mut counted = self.counts.write().unwrap_or_else(PoisonError::into_inner);
        *counted.entry(path.into()).or_default().get_mut() += visits;
    }

    /// Takes what was counted, to be stored, or to be added again when it can't be.
    pub fn drain(&self) -> BTreeMap<Box<str>, u64> {
        let counted = std::mem::take(&mut *self.counts.write().unwrap_or_else(PoisonError::into_inner));
        counted.into_iter().map(|(path, visits)| (path, visits.into_inner())).collect()
    }
}

/// Adds visits to those of a day. Their order is the same for all programs on one database: nobody waits for somebody
/// who waits for them.
///
/// # Errors
/// When the database is away; then nothing was added.
pub async fn add_to_day(db: &mut PgConnection, day: Date, visits: &BTreeMap<Box<str>, u64>) -> Result<(), sqlx::Error> {
    let paths: Vec<String> = visits.keys().map(|path| path.as_ref().to_owned()).collect();
    let counts: Vec<i64> = visits.values().map(|count| i64::try_from(*count).unwrap_or(i64::MAX)).collect();
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

/// The step of a guide that a person asks for: its walk's address without the language. The whole guide on one page is no
/// step of a walk.
pub fn guide_step_of_request<'a>(method: &Method, uri: &'a Uri, headers: &HeaderMap) -> Option<&'a str> {
    let mut parts = uri.path().splitn(4, '/');
    let is_step = parts.nth(2)? == "guide" && uri.query() != Some("all");
    parts.next().filter(|_| is_step && method == Method::GET && is_browser_request(headers))
}

/// All browsers call themselves Mozilla and say which language they want; most programs that look at pages do neither.
/// Those that do, the honest ones, say what they are. A page that is only fetched ahead is not looked at yet.
fn is_browser_request(request: &HeaderMap) -> bool {
    let agent = request.get(USER_AGENT).map_or(&b""[..], HeaderValue::as_bytes);
    agent.starts_with(b"Mozilla/")
        && request.contains_key(ACCEPT_LANGUAGE)
        && !request.contains_key("sec-purpose")
        && !is_bot(agent)
}

fn is_bot(agent: &[u8]) -> bool {
    let begins =
        |at: usize, word: &[u8]| agent.get(at..at + word.len()).is_some_and(|part| part.eq_ignore_ascii_case(word));
    // in one pass: this is asked for every page that comes from memory
    agent.iter().enumerate().any(|(at, byte)| match byte.to_ascii_lowercase() {
        b'b' => begins(at, b"bot"),
        b'c' => begins(at, b"crawl") || begins(at, b"compatible;"),
        b'h' => begins(at, b"headless"),
        b'l' => begins(at, b"lighthouse"),
        b's' => begins(at, b"spider"),
        _ => false,
    })
}

#[cfg(test)]
mod tests {
    use crate::page_views::*;

    #[test]
    fn robots_are_no_people() {
        let person = |agent: &str| {
            let mut request = HeaderMap::from_iter([(ACCEPT_LANGUAGE, HeaderValue::from_static("pl"))]);
            request.insert(USER_AGENT, HeaderValue::from_str(agent).unwrap());
            is_browser_request(&request)
        };
        for agent in [
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36",
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 Version/18.6 Safari/604.1",
            "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0",
        ] {
            assert!(person(agent), "{agent}");
        }
        for agent in [
            "",
            "curl/8.14",
            "Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)",
            "Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; Googlebot/2.1) Chrome/140.0 Safari/537.36",
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/141.0.0.0 Safari/537.36",
            "Mozilla/5.0 (Linux) Baiduspider",
        ] {
            assert!(!person(agent), "{agent}");
        }
    }

    #[test]
    fn what_is_taken_is_counted_anew() {
        let visits = PageViewCounter::default();
        for path in ["outgoing", "outgoing/yes", "outgoing"] {
            visits.add(path, 1);
        }
        assert_eq!(visits.drain(), BTreeMap::from([("outgoing".into(), 2), ("outgoing/yes".into(), 1)]));
        assert!(visits.drain().is_empty());
    }
}
