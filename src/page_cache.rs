//! Public pages that are the same for everybody, rendered and compressed once and then answered from memory.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use axum::{
    http::{HeaderMap, Uri},
    response::Response,
};
use quick_cache::{Weighter, sync::Cache};

use crate::ready::Ready;

/// Bytes that all pages together may take; the least used go first.
const MOST_BYTES: u64 = 12 * 1024 * 1024;
/// Brotli's quality for pages: half a millisecond each, once.
const EFFORT: u32 = 6;

/// Pages by their address. An address that leads nowhere is never kept, so strangers can't fill it.
pub struct PageCache {
    pages: Cache<String, Kept, Weight>,
    edition: AtomicU64,
}

/// What all pages were made from, as far as it changes while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Edition(u64);

#[derive(Clone)]
struct Kept {
    page: Arc<Ready>,
    edition: Edition,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Kept> for Weight {
    fn weight(&self, address: &String, kept: &Kept) -> u64 {
        kept.page.weight() + address.len() as u64
    }
}

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache { pages: Cache::with_weighter(1024, MOST_BYTES, Weight), edition: AtomicU64::default() }
    }
}

impl PageCache {
    /// Answers from memory: a page that is kept is there, so nobody has to ask again whether its address leads to one.
    pub fn kept(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let kept = self.pages.get(address(uri)).filter(|kept| kept.edition == self.edition());
        kept.map(|kept| kept.page.respond(headers))
    }

    /// The edition that a page belongs to for which the making begins now.
    pub fn edition(&self) -> Edition {
        Edition(self.edition.load(Ordering::Acquire))
    }

    /// What pages are made from has changed: those that are kept are out of date, and so are those being made.
    pub fn renew(&self) {
        self.edition.fetch_add(1, Ordering::AcqRel);
        self.pages.clear();
    }

    /// Answers with a page that was just rendered, and keeps it.
    pub fn keep(&self, uri: &Uri, headers: &HeaderMap, edition: Edition, page: String) -> Response {
        self.keep_as(uri, headers, edition, page, "text/html; charset=utf-8")
    }

    /// The same for what is no page.
    pub fn keep_as(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        edition: Edition,
        body: String,
        content_type: &'static str,
    ) -> Response {
        // browsers ask again each time: it costs them a 304, and a changed page is seen at once
        let page = Arc::new(Ready::new(body, content_type, "no-cache", EFFORT));
        let response = page.respond(headers);
        self.pages.insert(address(uri).to_owned(), Kept { page, edition });
        response
    }
}

fn address(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |address| address.as_str())
}
