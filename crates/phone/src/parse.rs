//! Parses typed text into a [`Party`], or returns an error message.

use std::net::IpAddr;

use super::digits::{extract_digits, is_number_like};
use super::format::{format_number, is_emergency_number};
use super::normalize::{MAX_INPUT_LEN, normalize_text, truncate_for_echo};
use super::party::{Party, TelephoneNumber};
use super::sip_uri::{is_account_name, is_host, is_sip_user, split_extension, strip_decoration};
use super::withheld::is_withheld;
use i18n::UiMessage;

/// Which side of the call is parsed.
#[derive(Debug, Clone, Copy)]
pub(super) enum PartyRole {
    Caller,
    Callee,
}

impl Party {
    /// Parses the A side. It may be withheld ("zastrzeżony", "anonymous" and similar words).
    ///
    /// # Errors
    /// A message that says what is wrong and what to write instead.
    pub fn parse_caller(typed: &str) -> Result<Party, UiMessage> {
        parse_party(typed, PartyRole::Caller)
    }

    /// Parses the B side. A withheld number cannot be dialled, so it is an error here.
    ///
    /// # Errors
    /// A message that says what is wrong and what to write instead.
    pub fn parse_callee(typed: &str) -> Result<Party, UiMessage> {
        parse_party(typed, PartyRole::Callee)
    }

    /// Parses a SIP account; the result is always [`Party::Account`]. Digits are not formatted: the login of a single
    /// number often is the number itself.
    ///
    /// # Errors
    /// A message that says what is wrong and what to write instead.
    pub fn parse_account(typed: &str) -> Result<Party, UiMessage> {
        parse_account(typed).map(Party::Account)
    }
}

pub(super) fn parse_party(typed: &str, side: PartyRole) -> Result<Party, UiMessage> {
    let empty = match side {
        PartyRole::Caller => "number-empty-caller",
        PartyRole::Callee => "number-empty-callee",
    };
    let text = normalize_input(typed, empty)?;
    let address = strip_decoration(&text);
    if is_withheld(&text) || is_withheld(&address) {
        return match side {
            PartyRole::Caller => Ok(Party::Withheld),
            PartyRole::Callee => Err(UiMessage::new("number-callee-withheld")),
        };
    }
    if let Some((user, host)) = address.rsplit_once('@') {
        return parse_user_at_host(user, host).ok_or_else(|| unrecognized_error(&text));
    }
    if address.starts_with(['*', '#']) {
        return parse_feature_code(&address).ok_or_else(|| unrecognized_error(&text));
    }
    if let Some((number, extension)) = split_extension(&address) {
        return match parse_dialed(number)? {
            Party::Number(number) => Ok(Party::Number(TelephoneNumber { extension: Some(extension), ..number })),
            Party::Short(_) | Party::Account(_) | Party::Withheld => Err(unrecognized_error(&text)),
        };
    }
    if has_multiple_numbers(&address) {
        return Err(UiMessage::new("number-two-numbers"));
    }
    if is_ip_like(&address) {
        return Err(unrecognized_error(&text));
    }
    if let Some(account) = parse_dashed_account(&address) {
        return Ok(Party::Account(account));
    }
    let dialled = address.trim_end_matches('#');
    if is_number_like(dialled) {
        return parse_dialed(dialled);
    }
    if let Some(instead) = replace_lookalike_letters(&address) {
        return Err(UiMessage::new("number-letters").with("text", truncate_for_echo(&text)).with("instead", instead));
    }
    if is_account_name(&address) { Ok(Party::Account(address)) } else { Err(unrecognized_error(&text)) }
}

pub(super) fn parse_account(typed: &str) -> Result<String, UiMessage> {
    let text = normalize_input(typed, "number-empty-account")?;
    let address = strip_decoration(&text);
    if is_withheld(&text) || is_withheld(&address) {
        return Err(UiMessage::new("number-account-withheld"));
    }
    let refused = || UiMessage::new("number-account-nonsense").with("text", truncate_for_echo(&text));
    if let Some((user, host)) = address.rsplit_once('@') {
        return if is_sip_user(user) && is_host(host) { Ok(address) } else { Err(refused()) };
    }
    if has_multiple_numbers(&address) {
        return Err(UiMessage::new("number-account-two"));
    }
    if let Some(account) = parse_dashed_account(&address) {
        return Ok(account);
    }
    let digits = extract_digits(&address);
    if is_number_like(&address) && (2..=15).contains(&digits.len()) {
        return Ok(digits);
    }
    if is_account_name(&address) { Ok(address) } else { Err(refused()) }
}

/// The digits that are dialled, and whether "+" comes before them. In "+44 (0)20 …" the zero is for callers inside that
/// country: it is written, but not dialled.
pub(super) fn extract_dialed_digits(text: &str) -> (String, bool) {
    let text: String = text.chars().filter(|character| *character != ' ').collect();
    let text = text.trim_start_matches(['(', '[', '.', '/', '-']);
    let plus = text.starts_with('+');
    let trunk = format!("({text}").starts_with("(0)");
    let digits = if trunk { extract_digits(text) } else { extract_digits(&text.replacen("(0)", "", 1)) };
    (digits, plus)
}

/// A SIP account of two numbers joined by a dash or a star: `12345-101`, `12345*101`. Nine digits stay a Polish number
/// and seven with a short first half a local one (122-8022), with any separator.
pub(super) fn parse_dashed_account(text: &str) -> Option<String> {
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
        && !is_short_number(&whole);
    (text.contains('*') || dashed).then(|| text.to_owned())
}

/// Digits as they would be dialled from Poland, where every number has nine and since 2005 no trunk zero (numbering
/// plan, UKE). A country code follows "+" or 00.
fn parse_dialed(text: &str) -> Result<Party, UiMessage> {
    if text.trim_start_matches([' ', '(', '[', '+']).contains('+') {
        return Err(UiMessage::new("number-two-numbers"));
    }
    let (digits, plus) = extract_dialed_digits(text);
    let count = digits.len();
    match digits.strip_prefix("00").or(plus.then_some(digits.as_str())) {
        Some(abroad) => return parse_international(abroad),
        None if is_short_number(&digits) => return Ok(Party::Short(digits)),
        None => {}
    }
    match count {
        2..=6 => Ok(Party::Account(digits)),
        7 => Err(UiMessage::new("number-area-missing").with("count", count)),
        9 => Ok(party_from_e164(format!("+48{digits}"))),
        10 if digits.starts_with('0') => Ok(party_from_e164(format!("+48{}", &digits[1..]))),
        11 if digits.starts_with("48") => Ok(party_from_e164(format!("+{digits}"))),
        18.. => Err(UiMessage::new("number-two-numbers")),
        16..=17 => Err(UiMessage::new("number-too-long").with("count", count)),
        _ => Err(UiMessage::new("number-digits").with("count", count)),
    }
}

/// Seven to fifteen digits after "+": E.164 sets the upper end, the shortest numbers of small countries the lower.
/// Does not check whether the number exists.
fn parse_international(digits: &str) -> Result<Party, UiMessage> {
    if let Some(short) = digits.strip_prefix("48").filter(|rest| is_short_number(rest)) {
        return Ok(Party::Short(short.to_owned()));
    }
    let count = digits.len();
    match count {
        0..=6 => Err(UiMessage::new("number-abroad-short").with("count", count)),
        7..=15 if digits.starts_with('0') => Err(UiMessage::new("number-country-zero")),
        7..=15 => Ok(party_from_e164(format!("+{digits}"))),
        16..=17 => Err(UiMessage::new("number-too-long").with("count", count)),
        _ => Err(UiMessage::new("number-two-numbers")),
    }
}

fn party_from_e164(e164: String) -> Party {
    Party::Number(TelephoneNumber { e164, extension: None })
}

/// Numbers without an area code: emergency, 19xxx (abonenckie usługi specjalne), 116xxx (European services of social
/// value), 118xxx (directory enquiries). Numbering plan, UKE.
fn is_short_number(digits: &str) -> bool {
    is_emergency_number(digits)
        || (digits.len() == 5 && digits.starts_with("19"))
        || (digits.len() == 6 && (digits.starts_with("116") || digits.starts_with("118")))
}

/// `*100#`, `#31#601555210`: sent to the exchange unchanged.
fn parse_feature_code(text: &str) -> Option<Party> {
    let code: String = text.chars().filter(|character| !" -".contains(*character)).collect();
    let plausible = code.len() <= 30
        && code.contains(|character: char| character.is_ascii_digit())
        && code.chars().all(|character| character.is_ascii_digit() || "*#+".contains(character));
    plausible.then_some(Party::Short(code))
}

/// `user@host`: the address of a gateway if the user part is a number, else an account.
fn parse_user_at_host(user: &str, host: &str) -> Option<Party> {
    if !is_host(host) {
        return None;
    }
    if is_number_like(user) && (user.starts_with('+') || is_short_number(user) || extract_digits(user).len() >= 9) {
        return match parse_dialed(user) {
            Ok(party @ (Party::Number(_) | Party::Short(_))) => Some(party),
            Ok(Party::Account(_) | Party::Withheld) | Err(_) => {
                is_sip_user(user).then(|| Party::Account(format!("{user}@{host}")))
            }
        };
    }
    is_sip_user(user).then(|| Party::Account(format!("{user}@{host}")))
}

/// Whether it is an IP address, unless the dots group it as a telephone number: `22.122.80.22`.
pub(super) fn is_ip_like(text: &str) -> bool {
    let lengths: Vec<usize> = text.split('.').map(str::len).collect();
    text.parse::<IpAddr>().is_ok() && lengths != [2, 3, 2, 2]
}

fn normalize_input(typed: &str, empty: &'static str) -> Result<String, UiMessage> {
    if typed.chars().nth(MAX_INPUT_LEN).is_some() {
        return Err(UiMessage::new("number-too-much-text").with("max", MAX_INPUT_LEN));
    }
    let text = normalize_text(typed);
    if text.is_empty() { Err(UiMessage::new(empty)) } else { Ok(text) }
}

/// The error for a text that is neither a number nor an account. A number inside it is suggested.
fn unrecognized_error(text: &str) -> UiMessage {
    let among_words: String =
        text.chars().filter(|character| character.is_ascii_digit() || "+() ".contains(*character)).collect();
    match parse_dialed(&among_words) {
        Ok(Party::Number(number)) if !is_ip_like(text) => UiMessage::new("number-with-words")
            .with("text", truncate_for_echo(text))
            .with("instead", format_number(&number.e164)),
        Ok(Party::Number(_) | Party::Short(_) | Party::Account(_) | Party::Withheld) | Err(_) => {
            UiMessage::new("number-nonsense").with("text", truncate_for_echo(text))
        }
    }
}

/// Whether the field contains several numbers: separated by a comma, a word, a slash or a second "+".
fn has_multiple_numbers(text: &str) -> bool {
    let total = extract_digits(text).len();
    let divided = |between: &str, least: usize| {
        let parts: Vec<&str> = text.split(between).filter(|part| !part.trim().is_empty()).collect();
        parts.len() > 1 && parts.iter().all(|part| is_number_like(part) && extract_digits(part).len() >= least)
    };
    total != 9
        && ([",", ";", "|", "&", " lub ", " albo ", " oraz ", " i ", " or ", " and "]
            .iter()
            .any(|mark| divided(mark, 3))
            || divided("/", 9)
            || (divided("/", 2) && total < 7)
            || divided("+", 7))
}

/// "6O1 555 21O": the number with letters replaced by the digits that they look like, if it is valid then.
fn replace_lookalike_letters(text: &str) -> Option<String> {
    let letters = text.chars().filter(|character| character.is_alphabetic()).count();
    let digits: String = text
        .chars()
        .map(|character| match character {
            'o' => '0',
            'i' | 'l' => '1',
            other => other,
        })
        .collect();
    ((1..=3).contains(&letters) && is_number_like(&digits) && extract_digits(&digits).len() >= 9).then_some(digits)
}
