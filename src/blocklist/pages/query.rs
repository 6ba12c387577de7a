//! What an address of the list asks for; what can't be understood counts as not said.

use ipnet::IpNet;

use super::{BlockEntry, BlockSource, BlocklistCursor, Which};
use crate::{
    blocklist::net::{self, NetParseError},
    web::{Form, form::percent_encode},
};

/// A search, filters and a place in the list.
pub(crate) struct BlocklistQuery {
    pub search_text: String,
    /// What is searched for: what contains it, and what lies in it.
    pub searched_net: Option<Result<IpNet, NetParseError>>,
    pub status: Which,
    pub source: Option<BlockSource>,
    pub after: Option<BlocklistCursor>,
}

impl BlocklistQuery {
    pub fn parse(query: &str) -> BlocklistQuery {
        let form = Form::parse(query.as_bytes());
        let typed: String = form.single_line("q").chars().take(100).collect();
        // bits behind the mask don't matter to somebody who looks
        let search = (!typed.is_empty()).then(|| net::parse_with_host_bits(&typed).map(|net| net.trunc()));
        let state = Which::ALL.into_iter().find(|state| state.as_str() == form.raw("state"));
        BlocklistQuery {
            // who looks for an address wants to see what it was, too
            status: state.unwrap_or(if search.is_some() { Which::All } else { Which::Active }),
            search_text: typed,
            searched_net: search,
            source: form.raw("source").parse().ok(),
            after: form.raw("after").parse().ok(),
        }
    }

    /// The address of this list from a place on.
    pub fn page_url(&self, after: &str) -> String {
        let mut address = format!("/staff/addresses?state={}", self.status.as_str());
        if let Some(source) = self.source {
            address += &format!("&source={}", source.as_str());
        }
        if !self.search_text.is_empty() {
            address += &format!("&q={}", percent_encode(&self.search_text));
        }
        if after.is_empty() { address } else { format!("{address}&after={}", percent_encode(after)) }
    }

    /// The place behind an entry.
    pub fn cursor_after(&self, entry: &BlockEntry) -> String {
        let at = match self.status {
            Which::Expired => entry.until.unwrap_or(entry.since),
            Which::Active | Which::All => entry.since,
        };
        BlocklistCursor { at, id: entry.net }.to_string()
    }

    /// Whether an entry contains what was searched for.
    pub fn contains_searched_net(&self, entry: &BlockEntry) -> bool {
        self.searched_net.and_then(Result::ok).is_some_and(|net| entry.net.contains(&net))
    }

    /// Why nothing can be found.
    pub fn search_error(&self) -> Option<NetParseError> {
        self.searched_net.and_then(Result::err)
    }

    pub fn is_source(&self, source: &BlockSource) -> bool {
        self.source == Some(*source)
    }
}
