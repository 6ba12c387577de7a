//! URLs of the blocklist. Invalid parameters are ignored.

use ipnet::IpNet;

use crate::{
    blocklist::{
        entry::{BlockEntry, BlockSource},
        net::{self, NetParseError},
        store::{BlockStatusFilter, BlocklistCursor},
    },
    urls,
    web::Form,
};

/// The maximum length of a search, in characters. The rest is ignored.
const MAX_SEARCH_LEN: usize = 100;

/// The URL of an entry.
pub fn entry_url(net: &IpNet) -> String {
    urls::staff::blocklist_entry(&net::format(net))
}

/// The query of the list: search, filters and position.
pub(super) struct BlocklistQuery {
    pub(super) search_text: String,
    /// The list shows what contains this address or block, and what it contains.
    pub(super) searched_net: Option<Result<IpNet, NetParseError>>,
    pub(super) status: BlockStatusFilter,
    pub(super) source: Option<BlockSource>,
    pub(super) after: Option<BlocklistCursor>,
}

impl BlocklistQuery {
    pub(super) fn parse(form: &Form) -> BlocklistQuery {
        let search_text: String = form.single_line("q").chars().take(MAX_SEARCH_LEN).collect();
        // bits after the prefix do not matter for a search
        let searched_net =
            (!search_text.is_empty()).then(|| net::parse_with_host_bits(&search_text).map(|net| net.trunc()));
        let status = form.raw("state").parse().ok();
        // a search finds expired entries, too
        let default_status = if searched_net.is_some() { BlockStatusFilter::All } else { BlockStatusFilter::Active };
        BlocklistQuery {
            search_text,
            searched_net,
            status: status.unwrap_or(default_status),
            source: form.raw("source").parse().ok(),
            after: form.raw("after").parse().ok(),
        }
    }

    /// The URL of this list from a position on.
    pub(super) fn page_url(&self, after: &str) -> String {
        let source = self.source.map_or("", Into::into);
        let parameters =
            [("state", self.status.into_str()), ("source", source), ("q", &self.search_text), ("after", after)];
        urls::with_query(urls::staff::BLOCKLIST, &parameters)
    }

    /// The position after an entry.
    pub(super) fn cursor_after(&self, entry: &BlockEntry) -> String {
        let at = match self.status {
            BlockStatusFilter::Expired => entry.until.unwrap_or(entry.since),
            BlockStatusFilter::Active | BlockStatusFilter::All => entry.since,
        };
        BlocklistCursor { at, id: entry.net }.to_string()
    }

    /// Whether an entry contains the searched address or block.
    pub(super) fn contains_searched_net(&self, entry: &BlockEntry) -> bool {
        self.searched_net.and_then(Result::ok).is_some_and(|net| entry.net.contains(&net))
    }

    /// Why the search is invalid.
    pub(super) fn search_error(&self) -> Option<NetParseError> {
        self.searched_net.and_then(Result::err)
    }

    pub(super) fn is_source(&self, source: &BlockSource) -> bool {
        self.source == Some(*source)
    }
}
