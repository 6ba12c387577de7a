//! From what was typed to a [`Party`], or a complaint.

use std::net::IpAddr;

use super::address::{address, is_host, is_user, is_user_name, split_extension};
use super::hidden::is_hidden;
use super::show::display;
use super::typed::{LONGEST, shorten, tidy};
use super::{Number, Party};
use crate::words::Say;

/// Which side of the call is being read.
#[derive(Debug, Clone, Copy)]
pub(super) enum Side {
    Caller,
    Callee,
}

/// Emergency and intervention numbers that UKE publishes routing for (Tablice numerów kierowania alarmowego, with 981
/// from the numbering plan); no other three-digit numbers exist, so the rest are a PBX's own.
const EMERGENCY: [&str; 16] =
    ["112", "981", "984", "985", "986", "987", "989", "991", "992", "993", "994", "995", "996", "997", "998", "999"];

pub(super) fn party(typed: &str, side: Side) -> Result<Party, Say> {
    let empty = match side {
        Side::Caller => "number-empty-caller",
        Side::Callee => "number-empty-callee",
    };
    let text = legible(typed, empty)?;
    let address = address(&text);
    if is_hidden(&text) || is_hidden(&address) {
        return match side {
            Side::Caller => Ok(Party::Withheld),
            Side::Callee => Err(Say::new("number-callee-withheld")),
        };
    }
    if let Some((user, host)) = address.rsplit_once('@') {
        return at_host(user, host).ok_or_else(|| nonsense(&text));
    }
    if address.starts_with(['*', '#']) {
        return code(&address).ok_or_else(|| nonsense(&text));
    }
    if let Some((number, extension)) = split_extension(&address) {
        return match dial(number)? {
            Party::Number(number) => Ok(Party::Number(Number { extension: Some(extension), ..number })),
            Party::Short(_) | Party::Account(_) | Party::Withheld => Err(nonsense(&text)),
        };
    }
    if is_two(&address) {
        return Err(Say::new("number-two"));
    }
    if is_ip_like(&address) {
        return Err(nonsense(&text));
    }
    if let Some(account) = dashed_account(&address) {
        return Ok(Party::Account(account));
    }
    let dialled = address.trim_end_matches('#');
    if is_number_like(dialled) {
        return dial(dialled);
    }
    if let Some(instead) = letters_for_digits(&address) {
        return Err(Say::new("number-letters").with("text", shorten(&text)).with("instead", instead));
    }
    if is_user_name(&address) { Ok(Party::Account(address)) } else { Err(nonsense(&text)) }
}

pub(super) fn account(typed: &str) -> Result<String, Say> {
    let text = legible(typed, "number-empty-account")?;
    let address = address(&text);
    if is_hidden(&text) || is_hidden(&address) {
        return Err(Say::new("number-account-withheld"));
    }
    let refused = || Say::new("number-account-nonsense").with("text", shorten(&text));
    if let Some((user, host)) = address.rsplit_once('@') {
        return if is_user(user) && is_host(host) { Ok(address) } else { Err(refused()) };
    }
    if is_two(&address) {
        return Err(Say::new("number-account-two"));
    }
    if let Some(account) = dashed_account(&address) {
        return Ok(account);
    }
    let digits = digits_of(&address);
    if is_number_like(&address) && (2..=15).contains(&digits.len()) {
        return Ok(digits);
    }
    if is_user_name(&address) { Ok(address) } else { Err(refused()) }
}

pub(super) fn is_emergency(digits: &str) -> bool {
    EMERGENCY.contains(&digits)
}

/// Digits and what people put between them.
pub(super) fn is_number_like(text: &str) -> bool {
    text.contains(|character: char| character.is_ascii_digit())
        && text.chars().all(|character| character.is_ascii_digit() || " -./()[]+,".contains(character))
}

pub(super) fn digits_of(text: &str) -> String {
    text.chars().filter(char::is_ascii_digit).collect()
}

/// The digits that are dialled, and whether "+" stands before them. In "+44 (0)20 …" the zero is for callers inside
/// that country: written, but not dialled.
pub(super) fn dialled(text: &str) -> (String, bool) {
    let text: String = text.chars().filter(|character| *character != ' ').collect();
    let text = text.trim_start_matches(['(', '[', '.', '/', '-']);
    let plus = text.starts_with('+');
    let trunk = format!("({text}").starts_with("(0)");
    let digits = if trunk { digits_of(text) } else { digits_of(&text.replacen("(0)", "", 1)) };
    (digits, plus)
}

/// A SIP account of two numbers joined by a dash or a star: `12345-101`, `12345*101`. Nine digits stay a Polish number
/// and seven with a short first half a local one (122-8022), whatever stands between them.
pub(super) fn dashed_account(text: &str) -> Option<String> {
    let (client, line) = text.split_once(['-', '*'])?;
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(client) || !digits(line) || client.len() > 9 || line.len() > 6 {
        return None;
    }
    let whole = format!("{client}{line}");
    let total = whole.len();
    let dashed = line.len() <= 4
        && client.len() <= 6
        && total != 9
        && !(total == 7 && client.len() < 4)
        && !(total == 10 && client.starts_with('0'))
        && !client.starts_with("00")
        && !is_short(&whole);
    (text.contains('*') || dashed).then(|| text.to_owned())
}

/// Digits as they would be dialled from Poland, where every number has nine and since 2005 no trunk zero (numbering
/// plan, UKE). A country code is told by "+" or by 00.
fn dial(text: &str) -> Result<Party, Say> {
    if text.trim_start_matches([' ', '(', '[', '+']).contains('+') {
        return Err(Say::new("number-two"));
    }
    let (digits, plus) = dialled(text);
    let count = digits.len();
    match digits.strip_prefix("00").or(plus.then_some(digits.as_str())) {
        Some(abroad) => return international(abroad),
        None if is_short(&digits) => return Ok(Party::Short(digits)),
        None => {}
    }
    match count {
        2..=6 => Ok(Party::Account(digits)),
        7 => Err(Say::new("number-area-missing").with("count", count)),
        9 => Ok(number(format!("+48{digits}"))),
        10 if digits.starts_with('0') => Ok(number(format!("+48{}", &digits[1..]))),
        11 if digits.starts_with("48") => Ok(number(format!("+{digits}"))),
        18.. => Err(Say::new("number-two")),
        16..=17 => Err(Say::new("number-too-long").with("count", count)),
        _ => Err(Say::new("number-digits").with("count", count)),
    }
}

/// Seven to fifteen digits after "+": E.164 sets the upper end, the shortest numbers of small countries the lower.
/// Whether such a number exists is not asked.
fn international(digits: &str) -> Result<Party, Say> {
    if let Some(short) = digits.strip_prefix("48").filter(|rest| is_short(rest)) {
        return Ok(Party::Short(short.to_owned()));
    }
    let count = digits.len();
    match count {
        0..=6 => Err(Say::new("number-abroad-short").with("count", count)),
        7..=15 if digits.starts_with('0') => Err(Say::new("number-country-zero")),
        7..=15 => Ok(number(format!("+{digits}"))),
        16..=17 => Err(Say::new("number-too-long").with("count", count)),
        _ => Err(Say::new("number-two")),
    }
}

fn number(e164: String) -> Party {
    Party::Number(Number { e164, extension: None })
}

/// Numbers without an area code: emergency, 19xxx (abonenckie usługi specjalne), 116xxx (European services of social
/// value), 118xxx (directory enquiries). Numbering plan, UKE.
fn is_short(digits: &str) -> bool {
    is_emergency(digits)
        || (digits.len() == 5 && digits.starts_with("19"))
        || (digits.len() == 6 && (digits.starts_with("116") || digits.starts_with("118")))
}

/// `*100#`, `#31#601555210`: sent to the exchange as it stands.
fn code(text: &str) -> Option<Party> {
    let code: String = text.chars().filter(|character| !" -".contains(*character)).collect();
    let plausible = code.len() <= 30
        && code.contains(|character: char| character.is_ascii_digit())
        && code.chars().all(|character| character.is_ascii_digit() || "*#+".contains(character));
    plausible.then_some(Party::Short(code))
}

/// `user@host`: a gateway's address when the user part is a number, else an account.
fn at_host(user: &str, host: &str) -> Option<Party> {
    if !is_host(host) {
        return None;
    }
    if is_number_like(user) && (user.starts_with('+') || is_short(user) || digits_of(user).len() >= 9) {
        return match dial(user) {
            Ok(party @ (Party::Number(_) | Party::Short(_))) => Some(party),
            Ok(Party::Account(_) | Party::Withheld) | Err(_) => {
                is_user(user).then(|| Party::Account(format!("{user}@{host}")))
            }
        };
    }
    is_user(user).then(|| Party::Account(format!("{user}@{host}")))
}

/// An IP address, unless its dots stand where they stand in a telephone number: `22.122.80.22`.
pub(super) fn is_ip_like(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('.').map(str::len).collect();
    text.parse::<IpAddr>().is_ok() && lengths != [2, 3, 2, 2]
}

fn legible(typed: &str, empty: &'static str) -> Result<String, Say> {
    if typed.chars().nth(LONGEST).is_some() {
        return Err(Say::new("number-too-much-text").with("max", LONGEST));
    }
    let text = tidy(typed);
    if text.is_empty() { Err(Say::new(empty)) } else { Ok(text) }
}

/// Neither a number nor an account; a number among words is offered by itself.
fn nonsense(text: &str) -> Say {
    let among_words: String =
        text.chars().filter(|character| character.is_ascii_digit() || "+() ".contains(*character)).collect();
    match dial(&among_words) {
        Ok(Party::Number(number)) if !is_ip_like(text) => {
            Say::new("number-with-words").with("text", shorten(text)).with("instead", display(&number.e164))
        }
        Ok(Party::Number(_) | Party::Short(_) | Party::Account(_) | Party::Withheld) | Err(_) => {
            Say::new("number-nonsense").with("text", shorten(text))
        }
    }
}

/// Several numbers in one field: divided by a comma, a word or a slash, or a second "+".
fn is_two(text: &str) -> bool {
    let total = digits_of(text).len();
    let divided = |between: &str, least: usize| {
        let parts: Vec<&str> = text.split(between).filter(|part| !part.trim().is_empty()).collect();
        parts.len() > 1 && parts.iter().all(|part| is_number_like(part) && digits_of(part).len() >= least)
    };
    total != 9
        && ([",", ";", "|", "&", " lub ", " albo ", " oraz ", " i ", " or ", " and "]
            .iter()
            .any(|mark| divided(mark, 3))
            || divided("/", 9)
            || (divided("/", 2) && total < 7)
            || divided("+", 7))
}

/// "6O1 555 21O": the number meant, when letters that look like digits are all that is wrong.
fn letters_for_digits(text: &str) -> Option<String> {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let digits: String = text
        .chars()
        .map(|character| match character {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    ((1..=3).contains(&letters) && is_number_like(&digits) && digits_of(&digits).len() >= 9).then_some(digits)
}
