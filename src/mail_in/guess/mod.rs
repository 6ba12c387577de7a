//! What an e-mail is about, as far as it can be guessed: who called whom, when, what was said, which of the problems it is.
//! Each guess is marked until staff confirm it; where nothing can be read nothing is put in its place.

mod category;
mod error;
mod sides;
mod when;

use std::net::IpAddr;

use time::OffsetDateTime;

use super::{Incoming, quoted::without_heads};
use crate::{
    phone::typed::fold,
    tickets::{Billing, Category, Guess, Precision, Told},
    words::Lang,
};

/// The most of a text that is looked through, in characters: whoever writes more has told it by then.
const MOST: usize = 6_000;

/// What was read, and which of it are guesses.
#[derive(Debug, Clone, PartialEq)]
pub struct Guessed {
    pub category: Category,
    pub told: Told,
    pub error_text: Option<String>,
    /// Where the sender can be called, in E.164.
    pub phone: Option<String>,
    pub lang: Lang,
    pub marks: Vec<Guess>,
}

/// Guesses. What the sender wrote counts before what was quoted or passed on. `kept_days` is how long calls can be traced.
pub fn guess(mail: &Incoming, now: OffsetDateTime, kept_days: u16) -> Guessed {
    // a clock that is wrong by days tells nothing
    let sent = mail.date.filter(|date| *date <= now && now - *date < time::Duration::days(7)).unwrap_or(now);
    let (body, signature) = signed(&mail.body);
    let (own, _) = without_heads(&unbroken(&format!("{}\n{body}", mail.subject)));
    let first = one(&own, sent, now, kept_days);
    let told_something = first.told.caller.is_some() || first.told.callee.is_some() || first.told.account.is_some();
    let guessed = match (told_something, mail.quoted.is_empty()) {
        (false, false) => {
            let (quoted, heads) = without_heads(&unbroken(&mail.quoted));
            // "today" is the day on which that was sent
            let sent = when::of(&heads, sent, now, kept_days).map_or(sent, |when| when.at);
            first.or(one(&quoted, sent, now, kept_days))
        }
        _ => first,
    };
    Guessed { phone: sides::contact(&mail.body, &signature), ..guessed }.marked()
}

fn one(text: &str, sent: OffsetDateTime, now: OffsetDateTime, kept_days: u16) -> Guessed {
    let folded = fold(text);
    let category = category::of(&folded);
    let sides = sides::of(text, category);
    let is_call = category != Category::LoggedOut;
    let when = when::of(text, sent, now, kept_days).filter(|_| is_call);
    let told = Told {
        in_billing: is_call.then_some(Billing::Unknown),
        symptom: (category == Category::Audio).then(|| category::symptom(&folded)).flatten(),
        at: when.map(|when| when.at),
        precision: when.map(|when| when.precision.max(Precision::FiveMinutes)),
        public_ip: (!is_call).then(|| address(text)).flatten(),
        caller: sides.caller,
        callee: sides.callee,
        account: sides.account,
    };
    let lang = language(&folded, text);
    Guessed { category, told, error_text: error::of(text), phone: None, lang, marks: Vec::new() }
}

impl Guessed {
    /// What is missing, from elsewhere.
    fn or(self, other: Guessed) -> Guessed {
        let category = if self.category == Category::Unknown { other.category } else { self.category };
        let is_same = category == other.category;
        let told = Told {
            caller: other.told.caller.filter(|_| is_same),
            callee: other.told.callee.filter(|_| is_same),
            account: other.told.account.filter(|_| is_same),
            at: self.told.at.or(other.told.at),
            precision: self.told.precision.or(other.told.precision),
            symptom: self.told.symptom.or(other.told.symptom.filter(|_| is_same)),
            public_ip: self.told.public_ip.or(other.told.public_ip),
            in_billing: (category != Category::LoggedOut).then_some(Billing::Unknown),
        };
        Guessed { category, told, error_text: self.error_text.or(other.error_text), ..self }
    }

    fn marked(self) -> Guessed {
        let told = &self.told;
        let guesses = [
            (Guess::Category, self.category != Category::Unknown),
            (Guess::Caller, told.caller.is_some()),
            (Guess::Callee, told.callee.is_some()),
            (Guess::When, told.at.is_some()),
            (Guess::Error, self.error_text.is_some()),
            (Guess::Symptom, told.symptom.is_some()),
            (Guess::Account, told.account.is_some()),
        ];
        let marks = guesses.into_iter().filter(|(_, is)| *is).map(|(guess, _)| guess).collect();
        Guessed { marks, ..self }
    }
}

/// The text, and the signature below it, which begins with "-- " (RFC 3676, 4.3) or with how people take their leave.
fn signed(text: &str) -> (String, String) {
    const LEAVES: [&str; 8] =
        ["pozdraw", "pozdr.", "z powazaniem", "z wyrazami", "lacze pozdrow", "regards", "kind regards", "best regards"];
    let lines: Vec<_> = text.lines().collect();
    let begins = |line: &str| {
        let is_leave = || LEAVES.iter().any(|leave| fold(line).starts_with(leave)) && line.chars().count() <= 40;
        line == "-- " || line == "--" || is_leave()
    };
    match lines.iter().position(|line| begins(line)) {
        Some(at) if lines[..at].iter().any(|line| !line.trim().is_empty()) => {
            (lines[..at].join("\n"), lines[at..].join("\n"))
        }
        _ => (text.to_owned(), String::new()),
    }
}

/// The beginning of a text, with the lines put together again that a mail program broke at its own width.
fn unbroken(text: &str) -> String {
    let mut out = String::new();
    let mut width = 0;
    for line in super::read::cut(text, MOST).lines() {
        let goes_on = line.starts_with(|c: char| c.is_lowercase() || c.is_ascii_digit() || "„(+".contains(c));
        let is_number = |c: char| c.is_ascii_digit() || c == '+';
        let parts = line.starts_with(is_number) && out.ends_with(is_number);
        let joins = (56..=80).contains(&width) && goes_on && !parts;
        if width > 0 || !out.is_empty() {
            out.push(if joins { ' ' } else { '\n' });
        }
        out.push_str(line);
        width = line.chars().count();
    }
    out
}

fn address(text: &str) -> Option<IpAddr> {
    let mut words = text.split(|c: char| c.is_whitespace() || ",;()[]".contains(c));
    words.find_map(|word| {
        let ip: IpAddr = word.trim_matches(['.', ':']).parse().ok()?;
        let is_public = match ip {
            IpAddr::V4(ip) => !ip.is_private() && !ip.is_loopback() && !ip.is_link_local() && !ip.is_unspecified(),
            IpAddr::V6(ip) => !ip.is_loopback() && !ip.is_unspecified() && word.len() > 6,
        };
        is_public.then_some(ip)
    })
}

/// Polish, unless it is English.
fn language(folded: &str, text: &str) -> Lang {
    const ENGLISH: [&str; 16] = [
        "the", "is", "are", "not", "from", "please", "hello", "we", "can", "my", "our", "have", "regards", "call",
        "calls", "you",
    ];
    const POLISH: [&str; 18] = [
        "nie",
        "sie",
        "jest",
        "na",
        "do",
        "prosze",
        "dzien",
        "dobry",
        "witam",
        "od",
        "mam",
        "pozdrawiam",
        "moge",
        "numer",
        "czy",
        "ze",
        "mi",
        "polaczenia",
    ];
    let count =
        |known: &[&str]| folded.split(|c: char| !c.is_alphanumeric()).filter(|word| known.contains(word)).count();
    let polish = count(&POLISH) + text.chars().filter(|c| "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ".contains(*c)).count();
    if count(&ENGLISH) > polish { Lang::En } else { Lang::Pl }
}

/// A side as it is shown in tests.
#[cfg(test)]
fn shown(side: Option<&crate::tickets::Side>) -> String {
    side.map(
        |side| if side.party == crate::phone::Party::Withheld { "withheld".into() } else { side.party.canonical() },
    )
    .unwrap_or_default()
}

#[cfg(test)]
mod tests;
