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
    Reads, Told,
    pieces::{Piece, Pieces},
};
use crate::zone::{Resolved, resolve};

/// Longer than any address.
const LONGEST: usize = 256;
const DATE: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const TIME: StaticFormatDescription = format_description!("[hour]:[minute]:[second]");

pub(super) struct Fail2ban<R> {
    pieces: Pieces<R>,
    /// Read, but it may be a jail's name, or its times may follow.
    held: Option<Held>,
    jail: Option<String>,
}

struct Held {
    piece: Piece,
    times: Vec<String>,
}

impl<R: BufRead> Fail2ban<R> {
    pub fn new(input: R) -> Fail2ban<R> {
        let ends = |byte: u8| byte.is_ascii_whitespace() || b"[]{}(),'\"".contains(&byte);
        Fail2ban { pieces: Pieces::new(input, LONGEST, ends), held: None, jail: None }
    }

    fn told(&self, held: Held) -> Told {
        let (since, until) = times(&held.times);
        let note = self.jail.as_ref().map(|jail| format!("jail: {jail}"));
        Told { note, since, until, ..Told::of(held.piece.line, &held.piece.text) }
    }
}

impl<R: BufRead> Reads for Fail2ban<R> {
    fn next(&mut self) -> io::Result<Option<Told>> {
        while let Some(piece) = self.pieces.next()? {
            if piece.text == ":" {
                self.jail = self.held.take().map(|held| held.piece.text.chars().take(100).collect());
                continue;
            }
            match &mut self.held {
                Some(held) if held.piece.line == piece.line && is_time(&piece.text) => held.times.push(piece.text),
                held => {
                    let before = held.replace(Held { piece, times: Vec::new() });
                    if let Some(before) = before {
                        return Ok(Some(self.told(before)));
                    }
                }
            }
        }
        Ok(self.held.take().map(|held| self.told(held)))
    }
}

/// A part of what stands behind an address.
fn is_time(text: &str) -> bool {
    ["+", "="].contains(&text)
        || text.parse::<i64>().is_ok()
        || Date::parse(text, DATE).is_ok()
        || Time::parse(text, TIME).is_ok()
}

/// From `DATE TIME + SECONDS = DATE TIME`: since when, and until when. Fewer than no seconds are for ever.
fn times(parts: &[String]) -> (Option<OffsetDateTime>, Option<OffsetDateTime>) {
    let [date, time, _, seconds, ..] = parts else { return (None, None) };
    let (Ok(date), Ok(time)) = (Date::parse(date, DATE), Time::parse(time, TIME)) else { return (None, None) };
    let since = match resolve(PrimitiveDateTime::new(date, time)) {
        Resolved::One(at) | Resolved::Fold { first: at, .. } | Resolved::Gap { later: at, .. } => at,
    };
    let seconds = seconds.parse::<i64>().ok().filter(|seconds| *seconds >= 0);
    let until = seconds.and_then(|seconds| since.checked_add(Duration::seconds(seconds)));
    (Some(since), until.filter(|until| until.year() < 9999))
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn read(text: &'static str) -> Vec<Told> {
        let mut list = Fail2ban::new(text.as_bytes());
        std::iter::from_fn(|| list.next().unwrap()).collect()
    }

    #[test]
    fn jails_and_their_addresses() {
        let told = read("[{'asterisk': ['192.0.2.1', '2001:db8::1']}, {'sshd': []}, {'sip': ['::1']}]\n");
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
        let told = read(
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
