//! What an address of the list asks for; what can't be understood counts as not said.

use ipnet::IpNet;

use super::{Cursor, Entry, Source, Which};
use crate::{
    addresses::net::{self, Wrong},
    web::{Form, form::escape},
};

/// A search, filters and a place in the list.
pub(super) struct Asked {
    pub typed: String,
    /// What is searched for: what contains it, and what lies in it.
    pub search: Option<Result<IpNet, Wrong>>,
    pub state: Which,
    pub source: Option<Source>,
    pub after: Option<Cursor>,
}

impl Asked {
    pub fn read(query: &str) -> Asked {
        let form = Form::parse(query.as_bytes());
        let typed: String = form.line("q").chars().take(100).collect();
        // bits behind the mask don't matter to somebody who looks
        let search = (!typed.is_empty()).then(|| net::read_within(&typed).map(|net| net.trunc()));
        let state = Which::ALL.into_iter().find(|state| state.as_str() == form.raw("state"));
        Asked {
            // who looks for an address wants to see what it was, too
            state: state.unwrap_or(if search.is_some() { Which::All } else { Which::Active }),
            typed,
            search,
            source: form.raw("source").parse().ok(),
            after: form.raw("after").parse().ok(),
        }
    }

    /// The address of this list from a place on.
    pub fn further(&self, after: &str) -> String {
        let mut address = format!("/staff/addresses?state={}", self.state.as_str());
        if let Some(source) = self.source {
            address += &format!("&source={}", source.as_str());
        }
        if !self.typed.is_empty() {
            address += &format!("&q={}", escape(&self.typed));
        }
        if after.is_empty() { address } else { format!("{address}&after={}", escape(after)) }
    }

    /// The place behind an entry.
    pub fn cursor(&self, entry: &Entry) -> String {
        let at = match self.state {
            Which::Over => entry.until.unwrap_or(entry.since),
            Which::Active | Which::All => entry.since,
        };
        Cursor { at, id: entry.net }.to_string()
    }

    /// Whether an entry contains what was searched for.
    pub fn is_around(&self, entry: &Entry) -> bool {
        self.search.and_then(Result::ok).is_some_and(|net| entry.net.contains(&net))
    }

    /// Why nothing can be found.
    pub fn wrong(&self) -> Option<Wrong> {
        self.search.and_then(Result::err)
    }

    pub fn is_source(&self, source: &Source) -> bool {
        self.source == Some(*source)
    }
}
