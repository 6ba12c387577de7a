//! Public pages that are the same for everybody, rendered and compressed once and then answered from memory.

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
    pages: Cache<String, Ready, Weight>,
}

#[derive(Clone)]
struct Weight;

impl Weighter<String, Ready> for Weight {
    fn weight(&self, address: &String, page: &Ready) -> u64 {
        page.weight() + address.len() as u64
    }
}

impl Default for PageCache {
    fn default() -> PageCache {
        PageCache { pages: Cache::with_weighter(1024, MOST_BYTES, Weight) }
    }
}

impl PageCache {
    /// Answers from memory, or renders first.
    ///
    /// # Errors
    /// When `render` fails; then nothing is kept.
    pub fn answer<E>(
        &self,
        uri: &Uri,
        headers: &HeaderMap,
        render: impl FnOnce() -> Result<String, E>,
    ) -> Result<Response, E> {
        let address = uri.path_and_query().map_or("/", |address| address.as_str());
        if let Some(page) = self.pages.get(address) {
            return Ok(page.respond(headers));
        }
        // browsers ask again each time: it costs them a 304, and a changed page is seen at once
        let page = Ready::new(render()?, "text/html; charset=utf-8", "no-cache", EFFORT);
        let response = page.respond(headers);
        self.pages.insert(address.to_owned(), page);
        Ok(response)
    }
}
