//! Output of `fail2ban-client`.
//!
//! - `banned` prints jails and their addresses as a Python list on one line: `[{'sshd': ['192.0.2.1', '192.0.2.2']}]`.
//! - `get JAIL banip` prints addresses separated by spaces.
//! - `get JAIL banip --with-time` prints one address per line with its times:
//!   `192.0.2.1 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00` (`BanManager.getBanList` in fail2ban 0.11 and later).
//!
//! The times are local times of that machine. Europe/Warsaw is assumed.

use std::io::{self, BufRead};

use time::{
    Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, format_description::StaticFormatDescription,
    macros::format_description,
};

use super::{
    reader::{ListReader, MAX_TOKEN_LEN, ParsedEntry},
    tokenizer::{ListToken, ListTokenizer},
};
use crate::local_time::{LocalTimeResolution, resolve_local};

const DATE_FORMAT: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const TIME_FORMAT: StaticFormatDescription = format_description!("[hour]:[minute]:[second]");

pub(crate) struct Fail2banReader<R> {
    tokens: ListTokenizer<R>,
    /// The last word. It may turn out to be the name of a jail, or its times may follow.
    pending: Option<PendingEntry>,
    jail: Option<String>,
}

struct PendingEntry {
    token: ListToken,
    time_parts: Vec<String>,
}

impl<R: BufRead> Fail2banReader<R> {
    pub(super) fn new(input: R) -> Fail2banReader<R> {
        let is_delimiter = |byte: u8| byte.is_ascii_whitespace() || b"[]{}(),'\"".contains(&byte);
        Fail2banReader { tokens: ListTokenizer::new(input, MAX_TOKEN_LEN, is_delimiter), pending: None, jail: None }
    }

    fn to_entry(&self, pending: PendingEntry) -> ParsedEntry {
        let (since, until) = parse_times(&pending.time_parts);
        let note = self.jail.as_ref().map(|jail| format!("jail: {jail}"));
        ParsedEntry { note, since, until, ..ParsedEntry::parse(pending.token.line, &pending.token.text) }
    }
}

impl<R: BufRead> ListReader for Fail2banReader<R> {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>> {
        while let Some(token) = self.tokens.next_token()? {
            if token.text == ":" {
                self.jail = self.pending.take().map(|jail| jail.token.text.chars().take(100).collect());
                continue;
            }
            match &mut self.pending {
                Some(entry) if entry.token.line == token.line && is_time_part(&token.text) => {
                    entry.time_parts.push(token.text)
                }
                pending => {
                    let previous = pending.replace(PendingEntry { token, time_parts: Vec::new() });
                    if let Some(previous) = previous {
                        return Ok(Some(self.to_entry(previous)));
                    }
                }
            }
        }
        Ok(self.pending.take().map(|entry| self.to_entry(entry)))
    }
}

/// Whether the text is a part of the times after an address.
fn is_time_part(text: &str) -> bool {
    ["+", "="].contains(&text)
        || text.parse::<i64>().is_ok()
        || Date::parse(text, DATE_FORMAT).is_ok()
        || Time::parse(text, TIME_FORMAT).is_ok()
}

/// Returns begin and end from `DATE TIME + SECONDS = DATE TIME`. Negative seconds mean no end.
fn parse_times(parts: &[String]) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
    let [date, time, _, seconds, ..] = parts else { return (None, None) };
    let (Ok(date), Ok(time)) = (Date::parse(date, DATE_FORMAT), Time::parse(time, TIME_FORMAT)) else {
        return (None, None);
    };
    let since = match resolve_local(PrimitiveDateTime::new(date, time)) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Fold { first: at, .. }
        | LocalTimeResolution::Gap { later: at, .. } => at,
    };
    let seconds = seconds.parse::<i64>().ok().filter(|seconds| *seconds >= 0);
    let until = seconds.and_then(|seconds| since.checked_add(Duration::seconds(seconds)));
    (Some(since), until.filter(|until| until.year() < 9999))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn read_all(text: &'static str) -> Vec<ParsedEntry> {
        let mut reader = Fail2banReader::new(text.as_bytes());
        std::iter::from_fn(|| reader.next_entry().unwrap()).collect()
    }

    #[test]
    fn the_list_of_banned_addresses_is_parsed_with_its_jails() {
        let entries = read_all("[{'asterisk': ['192.0.2.1', '2001:db8::1']}, {'sshd': []}, {'sip': ['::1']}]\n");
        let parsed: Vec<_> = entries
            .iter()
            .map(|entry| (entry.net.unwrap().to_string(), entry.note.clone().unwrap(), entry.line))
            .collect();
        assert_eq!(
            parsed,
            [
                ("192.0.2.1/32".into(), "jail: asterisk".into(), 1),
                ("2001:db8::1/128".into(), "jail: asterisk".into(), 1),
                ("::1/128".into(), "jail: sip".into(), 1)
            ]
        );
    }

    #[test]
    fn addresses_are_parsed_with_their_times() {
        let entries = read_all(
            "192.0.2.1 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
             192.0.2.2 \t2026-11-20 14:05:00 + -1 = 9999-12-31 23:59:59\n\
             bad \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
             192.0.2.3 192.0.2.4",
        );
        let at = datetime!(2026-11-20 13:05 UTC);
        assert_eq!((entries[0].since, entries[0].until), (Some(at), Some(at + Duration::minutes(10))));
        assert_eq!((entries[1].since, entries[1].until), (Some(at), None));
        assert!(entries[2].net.is_err() && entries[2].line == 3);
        assert_eq!(entries.iter().filter(|entry| entry.net.is_ok()).count(), 4);
        assert_eq!((entries[4].line, entries[4].since), (4, None));
    }
}
