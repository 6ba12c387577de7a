//! A cache of public pages that are the same for everybody. They are rendered and compressed once.

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

/// The maximum size of all pages together. The least used are evicted first.
const MAX_CACHE_BYTES: u64 = 12 * 1024 * 1024;
/// The number of pages for which the cache is laid out.
const EXPECTED_PAGES: usize = 1024;
/// Brotli's quality. Compressing a page takes half a millisecond.
const BROTLI_QUALITY: u32 = 6;

/// Pages by path and query. Errors are never cached, so requests for invalid URLs cannot fill the cache.
pub struct PageCache {
    pages: Cache<String, CachedPage, CachedPageWeighter>,
    generation: AtomicU64,
}

/// The version of the data that pages are rendered from. It changes with [`PageCache::invalidate_all`].
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
    fn weight(&self, url: &String, cached: &CachedPage) -> u64 {
        cached.page.size_in_memory() + url.len() as u64
    }
}

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache {
            pages: Cache::with_weighter(EXPECTED_PAGES, MAX_CACHE_BYTES, CachedPageWeighter),
            generation: AtomicU64::default(),
        }
    }
}

impl PageCache {
    /// Returns the response for a cached page.
    pub fn lookup(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let cached = self.pages.get(cache_key(uri)).filter(|cached| cached.generation == self.generation());
        cached.map(|cached| cached.page.respond(headers))
    }

    /// The current generation. Read it before rendering a page.
    pub fn generation(&self) -> Generation {
        Generation(self.generation.load(Ordering::Acquire))
    }

    /// Invalidates all cached pages and those that are being rendered.
    pub fn invalidate_all(&self) {
        self.generation.fetch_add(1, Ordering::AcqRel);
        self.pages.clear();
    }

    /// Stores a rendered page and returns its response. `generation` is the one from before rendering.
    pub fn store(&self, uri: &Uri, headers: &HeaderMap, generation: Generation, page: String) -> Response {
        self.store_with_content_type(uri, headers, generation, page, "text/html; charset=utf-8")
    }

    /// Like [`PageCache::store`], for other content types than HTML.
    pub fn store_with_content_type(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        generation: Generation,
        body: String,
        content_type: &'static str,
    ) -> Response {
        // browsers revalidate on each visit, mostly with a 304, so changes are visible at once
        let page = Arc::new(PrecompressedBody::new(body, content_type, "no-cache", BROTLI_QUALITY));
        let response = page.respond(headers);
        self.pages.insert(cache_key(uri).to_owned(), CachedPage { page, generation });
        response
    }
}

fn cache_key(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |url| url.as_str())
}
