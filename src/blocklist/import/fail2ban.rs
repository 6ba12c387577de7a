//! What fail2ban's client prints: `banned` gives jails and their addresses as Python writes a list
//! (`[{'sshd': ['192.0.2.1', '192.0.2.2']}]`), all on one line; `get JAIL banip` gives addresses with spaces between them,
//! and with `--with-time` one a line, with its times (`192.0.2.1 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00`;
//! `BanManager.getBanList` in fail2ban 0.11 and later). Those are of the machine's own clock, which is taken to be ours.

use std::io::{self, BufRead};

use time::{
    Date, Duration, OffsetDateTime, PrimitiveDateTime, Time, format_description::StaticFormatDescription,
    macros::format_description,
};

use super::{
    ListReader, ParsedEntry,
    tokenizer::{ListToken, ListTokenizer},
};
use crate::local_time::{LocalTimeResolution, resolve_local};

/// Longer than any address.
const MAX_TOKEN_LEN: usize = 256;
const DATE_FORMAT: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const TIME_FORMAT: StaticFormatDescription = format_description!("[hour]:[minute]:[second]");

pub(crate) struct Fail2banReader<R> {
    tokens: ListTokenizer<R>,
    /// Read, but it may be a jail's name, or its times may follow.
    pending: Option<PendingEntry>,
    jail: Option<String>,
}

struct PendingEntry {
    token: ListToken,
    time_parts: Vec<String>,
}

impl<R: BufRead> Fail2banReader<R> {
    pub fn new(input: R) -> Fail2banReader<R> {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b"[]{}(),'\"".contains(&byte);
        Fail2banReader { tokens: ListTokenizer::new(input, MAX_TOKEN_LEN, ends), pending: None, jail: None }
    }

    fn to_entry(&self, held: PendingEntry) -> ParsedEntry {
        let (since, until) = parse_times(&held.time_parts);
        let note = self.jail.as_ref().map(|jail| format!("jail: {jail}"));
        ParsedEntry { note, since, until, ..ParsedEntry::parse(held.token.line, &held.token.text) }
    }
}

impl<R: BufRead> ListReader for Fail2banReader<R> {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>> {
        while let Some(piece) = self.tokens.next_token()? {
            if piece.text == ":" {
                self.jail = self.pending.take().map(|held| held.token.text.chars().take(100).collect());
                continue;
            }
            match &mut self.pending {
                Some(held) if held.token.line == piece.line && is_time_part(&piece.text) => {
                    held.time_parts.push(piece.text)
                }
                held => {
                    let before = held.replace(PendingEntry { token: piece, time_parts: Vec::new() });
                    if let Some(before) = before {
                        return Ok(Some(self.to_entry(before)));
                    }
                }
            }
        }
        Ok(self.pending.take().map(|held| self.to_entry(held)))
    }
}

/// A part of what stands behind an address.
fn is_time_part(text: &str) -> bool {
    ["+", "="].contains(&text)
        || text.parse::<i64>().is_ok()
        || Date::parse(text, DATE_FORMAT).is_ok()
        || Time::parse(text, TIME_FORMAT).is_ok()
}

/// From `DATE TIME + SECONDS = DATE TIME`: since when, and until when. Fewer than no seconds are for ever.
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

    use crate::blocklist::import::fail2ban::*;

    fn read_all(text: &'static str) -> Vec<ParsedEntry> {
        let mut list = Fail2banReader::new(text.as_bytes());
        std::iter::from_fn(|| list.next_entry().unwrap()).collect()
    }

    #[test]
    fn jails_and_their_addresses() {
        let told = read_all("[{'asterisk': ['192.0.2.1', '2001:db8::1']}, {'sshd': []}, {'sip': ['::1']}]\n");
        let seen: Vec<_> =
            told.iter().map(|one| (one.net.unwrap().to_string(), one.note.clone().unwrap(), one.line)).collect();
        assert_eq!(
            seen,
            [
                ("192.0.2.1/32".into(), "jail: asterisk".into(), 1),
                ("2001:db8::1/128".into(), "jail: asterisk".into(), 1),
                ("::1/128".into(), "jail: sip".into(), 1)
            ]
        );
    }

    #[test]
    fn addresses_with_their_times() {
        let told = read_all(
            "192.0.2.1 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
             192.0.2.2 \t2026-11-20 14:05:00 + -1 = 9999-12-31 23:59:59\n\
             bad \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
             192.0.2.3 192.0.2.4",
        );
        let at = datetime!(2026-11-20 13:05 UTC);
        assert_eq!((told[0].since, told[0].until), (Some(at), Some(at + Duration::minutes(10))));
        assert_eq!((told[1].since, told[1].until), (Some(at), None));
        assert!(told[2].net.is_err() && told[2].line == 3);
        assert_eq!(told.iter().filter(|one| one.net.is_ok()).count(), 4);
        assert_eq!((told[4].line, told[4].since), (4, None));
    }
}
