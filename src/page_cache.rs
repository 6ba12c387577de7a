//! Public pages that are the same for everybody, rendered and compressed once and then answered from memory.

use std::sync::Arc;

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
    pages: Cache<String, Arc<Ready>, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Arc<Ready>> for Weight {
    fn weight(&self, address: &String, page: &Arc<Ready>) -> u64 {
        page.weight() + address.len() as u64
    }
}

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache { pages: Cache::with_weighter(1024, MOST_BYTES, Weight) }
    }
}

impl PageCache {
    /// Answers from memory: a page that is kept is there, so nobody has to ask again whether its address leads to one.
    pub fn kept(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        self.pages.get(address(uri)).map(|page| page.respond(headers))
    }

    /// Answers with a page that was just rendered, and keeps it.
    pub fn keep(&self, uri: &Uri, headers: &HeaderMap, page: String) -> Response {
        // browsers ask again each time: it costs them a 304, and a changed page is seen at once
        let page = Arc::new(Ready::new(page, "text/html; charset=utf-8", "no-cache", EFFORT));
        let response = page.respond(headers);
        self.pages.insert(address(uri).to_owned(), page);
        response
    }
}

fn address(uri: &Uri) -> &str {
    uri.path_and_query().map_or("/", |address| address.as_str())
}
