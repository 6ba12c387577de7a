//! Who called whom: each number in a text has a part to play, which the words before it name.

use crate::{
    phone::{ExtractedNumber, Party, extract_numbers, normalize::fold_diacritics},
    tickets::{CallParty, TicketCategory},
};

/// What a number is in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberRole {
    Caller,
    Callee,
    /// The sender's own: A or B, as the problem is.
    Own,
    /// The other end's: a customer's customer.
    OtherEnd,
    /// Where the sender can be called.
    Contact,
    Unspecified,
}

/// Words that stand between the one that tells and the number, folded.
const FILLER_WORDS: [&str; 24] = [
    "numer",
    "numeru",
    "numery",
    "numerem",
    "nr",
    "number",
    "konto",
    "konta",
    "kontem",
    "account",
    "sip",
    "komorkowy",
    "komorke",
    "komorki",
    "stacjonarny",
    "abonenta",
    "zagraniczny",
    "wewnetrzny",
    "wewnetrzne",
    "is",
    "oto",
    "telefonu",
    "the",
    "polski",
];
const CALLER_WORDS: [&str; 11] =
    ["z", "ze", "od", "a", "caller", "from", "dzwoniacy", "dzwoniacego", "zrodlo", "zrodlowy", "dzwoni"];
const CALLEE_WORDS: [&str; 14] = [
    "na",
    "do",
    "pod",
    "b",
    "to",
    "callee",
    "called",
    "wybieram",
    "wybierany",
    "wywolywany",
    "dial",
    "dialled",
    "dialed",
    "docelowy",
];
const OWN_WORDS: [&str; 12] =
    ["moj", "nasz", "swoj", "mojego", "naszego", "moim", "naszym", "moje", "nasze", "my", "our", "naszej"];
const OTHER_END_WORDS: [&str; 8] =
    ["klient", "klienta", "klientka", "klientki", "kontrahent", "kontrahenta", "pacjent", "pacjenta"];
const CONTACT_WORDS: [&str; 10] =
    ["tel", "telefon", "kom", "mob", "mobile", "phone", "fax", "faks", "kontakt", "kontaktowy"];

/// What was found.
#[derive(Debug, Default)]
pub struct CallParties {
    pub caller: Option<CallParty>,
    pub callee: Option<CallParty>,
    pub account: Option<Party>,
}

/// The sides of the call, or the account that is logged out.
pub fn extract_call_parties(text: &str, category: TicketCategory) -> CallParties {
    let found = extract_numbers(text);
    let roles = number_roles(text, &found);
    let with = |role: NumberRole| found.iter().zip(&roles).filter(move |(_, is)| **is == role).map(|(found, _)| found);
    if category == TicketCategory::LoggedOut {
        let mut accounts = found.iter().filter(|found| matches!(found.party, Party::Account(_)));
        let number = || with(NumberRole::Own).chain(with(NumberRole::Unspecified)).next();
        let account = accounts.next().or_else(number).and_then(|found| Party::parse_account(&found.raw_text).ok());
        return CallParties { account, ..CallParties::default() };
    }
    let is_incoming = category == TicketCategory::Incoming;
    let mut caller = with(NumberRole::Caller).next();
    let mut callee = with(NumberRole::Callee).next();
    let (own, other) = if is_incoming { (&mut callee, &mut caller) } else { (&mut caller, &mut callee) };
    if own.is_none() {
        *own = with(NumberRole::Own).next();
    }
    if other.is_none() {
        *other = with(NumberRole::OtherEnd).next();
    }
    let mut unsaid = with(NumberRole::Unspecified);
    let count = with(NumberRole::Unspecified).count();
    // two that stand alone are told in the order of the call; one is the other end of what is known, or the one called
    if caller.is_none() && callee.is_none() && count > 1 {
        caller = unsaid.next();
    }
    if callee.is_none() {
        callee = unsaid.next();
    }
    if caller.is_none() {
        caller = unsaid.next();
    }
    let side = |found: &ExtractedNumber, party: Party| CallParty { raw_text: found.raw_text.clone(), party };
    let callee = callee.and_then(|found| Some(side(found, Party::parse_callee(&found.raw_text).ok()?)));
    let caller = caller.map(|found| side(found, found.party.clone()));
    let caller = caller.filter(|caller| callee.as_ref().is_none_or(|callee| callee.party != caller.party));
    let caller = caller.or_else(|| find_withheld_caller(text).filter(|_| is_incoming));
    CallParties { caller, callee, account: None }
}

/// A number of the sender's to be called at: one that is called a telephone, not a side of the call; or the first one that
/// stands in the signature.
pub fn extract_contact_number(text: &str, signature: &str) -> Option<String> {
    let first = |text: &str, wanted: &[NumberRole]| {
        let text = crate::inbound_mail::parse::truncate(text, super::MAX_SCANNED_LEN);
        let found = extract_numbers(&text);
        let roles = number_roles(&text, &found);
        let is_wanted = |(found, role): &(&ExtractedNumber, NumberRole)| {
            wanted.contains(role) && matches!(found.party, Party::Number(_))
        };
        found.iter().zip(roles).find(is_wanted).map(|(found, _)| found.party.canonical())
    };
    first(text, &[NumberRole::Contact]).or_else(|| first(signature, &[NumberRole::Contact, NumberRole::Unspecified]))
}

fn number_roles(text: &str, found: &[ExtractedNumber]) -> Vec<NumberRole> {
    let mut from = 0;
    let one = |found: &ExtractedNumber| {
        let before = &text[from..found.range.start];
        from = found.range.end;
        let line = before.rsplit('\n').next().unwrap_or_default();
        role_from_preceding_words(line)
    };
    found.iter().map(one).collect()
}

/// What the words before a number say about it.
fn role_from_preceding_words(before: &str) -> NumberRole {
    let folded = fold_diacritics(before);
    let mut words =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).rev().take(6).peekable();
    let mut called = None;
    while let Some(word) = words.next() {
        // "mój numer to 22 …": in Polish it says what the number is, not where the call goes
        if word == "to" && words.peek().is_some_and(|before| FILLER_WORDS.contains(before)) {
            continue;
        }
        let role = if CALLER_WORDS.contains(&word) {
            NumberRole::Caller
        } else if CALLEE_WORDS.contains(&word) || word == "at" {
            if is_callback_request(&words.clone().take(3).collect::<Vec<_>>()) {
                NumberRole::Contact
            } else if word == "at" {
                break;
            } else {
                NumberRole::Callee
            }
        } else if OTHER_END_WORDS.contains(&word) {
            called = Some(NumberRole::OtherEnd);
            continue;
        } else if called != Some(NumberRole::OtherEnd) && OWN_WORDS.contains(&word) {
            NumberRole::Own
        } else if CONTACT_WORDS.contains(&word) {
            called = called.or(Some(NumberRole::Contact));
            continue;
        } else if FILLER_WORDS.contains(&word) {
            continue;
        } else {
            break;
        };
        return role;
    }
    called.unwrap_or(NumberRole::Unspecified)
}

/// "Proszę o kontakt pod", "proszę dzwonić na": the words before, the nearest first.
fn is_callback_request(before: &[&str]) -> bool {
    let is = |at: usize, beginnings: &[&str]| {
        before.get(at).is_some_and(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
    };
    let calls = ["dzwon", "zadzwon", "telefon", "call"];
    (0..2).any(|at| is(at, &["kontakt", "oddzwon"])) || (is(0, &calls) && is(1, &["prosz", "please"])) || is(0, &["me"])
}

fn find_withheld_caller(text: &str) -> Option<CallParty> {
    let folded = fold_diacritics(text);
    let words = [
        "numer zastrzezony",
        "numeru zastrzezonego",
        "zastrzezony numer",
        "numer prywatny",
        "withheld number",
        "private number",
    ];
    let typed = words.into_iter().find(|words| folded.contains(words))?;
    Some(CallParty { raw_text: typed.to_owned(), party: Party::Withheld })
}
