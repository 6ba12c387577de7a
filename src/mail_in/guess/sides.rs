//! Who called whom: each number in a text has a part to play, which the words before it name.

use crate::{
    phone::{Found, Party, find, typed::fold},
    tickets::{Category, Side},
};

/// What a number is in the story.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    Caller,
    Callee,
    /// The sender's own: A or B, as the problem is.
    Own,
    /// The other end's: a customer's customer.
    Other,
    /// Where the sender can be called.
    Contact,
    Unsaid,
}

/// Words that stand between the one that tells and the number, folded.
const BETWEEN: [&str; 24] = [
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
const CALLER: [&str; 11] =
    ["z", "ze", "od", "a", "caller", "from", "dzwoniacy", "dzwoniacego", "zrodlo", "zrodlowy", "dzwoni"];
const CALLEE: [&str; 14] = [
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
const OWN: [&str; 12] =
    ["moj", "nasz", "swoj", "mojego", "naszego", "moim", "naszym", "moje", "nasze", "my", "our", "naszej"];
const OTHER: [&str; 8] =
    ["klient", "klienta", "klientka", "klientki", "kontrahent", "kontrahenta", "pacjent", "pacjenta"];
const CONTACT: [&str; 10] = ["tel", "telefon", "kom", "mob", "mobile", "phone", "fax", "faks", "kontakt", "kontaktowy"];

/// What was found.
#[derive(Debug, Default)]
pub struct Sides {
    pub caller: Option<Side>,
    pub callee: Option<Side>,
    pub account: Option<Party>,
}

/// The sides of the call, or the account that is logged out.
pub fn of(text: &str, category: Category) -> Sides {
    let found = find(text);
    let roles = roles(text, &found);
    let with = |role: Role| found.iter().zip(&roles).filter(move |(_, is)| **is == role).map(|(found, _)| found);
    if category == Category::LoggedOut {
        let mut accounts = found.iter().filter(|found| matches!(found.party, Party::Account(_)));
        let number = || with(Role::Own).chain(with(Role::Unsaid)).next();
        let account = accounts.next().or_else(number).and_then(|found| Party::account(&found.typed).ok());
        return Sides { account, ..Sides::default() };
    }
    let is_incoming = category == Category::Incoming;
    let mut caller = with(Role::Caller).next();
    let mut callee = with(Role::Callee).next();
    let (own, other) = if is_incoming { (&mut callee, &mut caller) } else { (&mut caller, &mut callee) };
    if own.is_none() {
        *own = with(Role::Own).next();
    }
    if other.is_none() {
        *other = with(Role::Other).next();
    }
    let mut unsaid = with(Role::Unsaid);
    let count = with(Role::Unsaid).count();
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
    let side = |found: &Found, party: Party| Side { typed: found.typed.clone(), party };
    let callee = callee.and_then(|found| Some(side(found, Party::callee(&found.typed).ok()?)));
    let caller = caller.map(|found| side(found, found.party.clone()));
    let caller = caller.filter(|caller| callee.as_ref().is_none_or(|callee| callee.party != caller.party));
    let caller = caller.or_else(|| withheld(text).filter(|_| is_incoming));
    Sides { caller, callee, account: None }
}

/// A number of the sender's to be called at: one that is called a telephone, not a side of the call; or the first one that
/// stands in the signature.
pub fn contact(text: &str, signature: &str) -> Option<String> {
    let first = |text: &str, wanted: &[Role]| {
        let text = crate::mail_in::read::cut(text, super::MOST);
        let found = find(&text);
        let roles = roles(&text, &found);
        let is_wanted =
            |(found, role): &(&Found, Role)| wanted.contains(role) && matches!(found.party, Party::Number(_));
        found.iter().zip(roles).find(is_wanted).map(|(found, _)| found.party.canonical())
    };
    first(text, &[Role::Contact]).or_else(|| first(signature, &[Role::Contact, Role::Unsaid]))
}

fn roles(text: &str, found: &[Found]) -> Vec<Role> {
    let mut from = 0;
    let one = |found: &Found| {
        let before = &text[from..found.place.start];
        from = found.place.end;
        let line = before.rsplit('\n').next().unwrap_or_default();
        role(line)
    };
    found.iter().map(one).collect()
}

/// What the words before a number say about it.
fn role(before: &str) -> Role {
    let folded = fold(before);
    let mut words =
        folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).rev().take(6).peekable();
    let mut called = None;
    while let Some(word) = words.next() {
        // "mój numer to 22 …": in Polish it says what the number is, not where the call goes
        if word == "to" && words.peek().is_some_and(|before| BETWEEN.contains(before)) {
            continue;
        }
        let role = if CALLER.contains(&word) {
            Role::Caller
        } else if CALLEE.contains(&word) || word == "at" {
            if asks_to_be_called(&words.clone().take(3).collect::<Vec<_>>()) {
                Role::Contact
            } else if word == "at" {
                break;
            } else {
                Role::Callee
            }
        } else if OTHER.contains(&word) {
            called = Some(Role::Other);
            continue;
        } else if called != Some(Role::Other) && OWN.contains(&word) {
            Role::Own
        } else if CONTACT.contains(&word) {
            called = called.or(Some(Role::Contact));
            continue;
        } else if BETWEEN.contains(&word) {
            continue;
        } else {
            break;
        };
        return role;
    }
    called.unwrap_or(Role::Unsaid)
}

/// "Proszę o kontakt pod", "proszę dzwonić na": the words before, the nearest first.
fn asks_to_be_called(before: &[&str]) -> bool {
    let is = |at: usize, beginnings: &[&str]| {
        before.get(at).is_some_and(|word| beginnings.iter().any(|beginning| word.starts_with(beginning)))
    };
    let calls = ["dzwon", "zadzwon", "telefon", "call"];
    (0..2).any(|at| is(at, &["kontakt", "oddzwon"])) || (is(0, &calls) && is(1, &["prosz", "please"])) || is(0, &["me"])
}

fn withheld(text: &str) -> Option<Side> {
    let folded = fold(text);
    let words = [
        "numer zastrzezony",
        "numeru zastrzezonego",
        "zastrzezony numer",
        "numer prywatny",
        "withheld number",
        "private number",
    ];
    let typed = words.into_iter().find(|words| folded.contains(words))?;
    Some(Side { typed: typed.to_owned(), party: Party::Withheld })
}
