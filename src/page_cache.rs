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

use crate::precompressed::PrecompressedBody;

/// Bytes that all pages together may take; the least used go first.
const MAX_CACHE_BYTES: u64 = 12 * 1024 * 1024;
/// Brotli's quality for pages: half a millisecond each, once.
const BROTLI_QUALITY: u32 = 6;

/// Pages by their address. An address that leads nowhere is never kept, so strangers can't fill it.
pub struct PageCache {
    pages: Cache<String, CachedPage, CachedPageWeighter>,
    generation: AtomicU64,
}

/// What all pages were made from, as far as it changes while the program runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Generation(u64);

#[derive(Clone)]
struct CachedPage {
    page: Arc<PrecompressedBody>,
    generation: Generation,
}

#[derive(Clone)]
struct CachedPageWeighter;

impl Weighter<String, CachedPage> for CachedPageWeighter {
    fn weight(&self, address: &String, kept: &CachedPage) -> u64 {
        kept.page.size_in_memory() + address.len() as u64
    }
}

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache {
            pages: Cache::with_weighter(1024, MAX_CACHE_BYTES, CachedPageWeighter),
            generation: AtomicU64::default(),
        }
    }
}

impl PageCache {
    /// Answers from memory: a page that is kept is there, so nobody has to ask again whether its address leads to one.
    pub fn lookup(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let kept = self.pages.get(cache_key(uri)).filter(|kept| kept.generation == self.generation());
        kept.map(|kept| kept.page.respond(headers))
    }

    /// The edition that a page belongs to for which the making begins now.
    pub fn generation(&self) -> Generation {
        Generation(self.generation.load(Ordering::Acquire))
    }

    /// What pages are made from has changed: those that are kept are out of date, and so are those being made.
    pub fn invalidate_all(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.pages.clear();
    }

    /// Answers with a page that was just rendered, and keeps it.
    pub fn store(&self, uri: &Uri, headers: &HeaderMap, edition: Generation, page: String) -> Response {
        self.store_with_content_type(uri, headers, edition, page, "text/html; charset=utf-8")
    }

    /// The same for what is no page.
    pub fn store_with_content_type(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        edition: Generation,
        body: String,
        content_type: &'static str,
    ) -> Response {
        // browsers ask again each time: it costs them a 304, and a changed page is seen at once
        let page = Arc::new(PrecompressedBody::new(body, content_type, "no-cache", BROTLI_QUALITY));
        let response = page.respond(headers);
        self.pages.insert(cache_key(uri).to_owned(), CachedPage { page, generation: edition });
        response
    }
}

fn cache_key(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |address| address.as_str())
}
