//! The parties of the call. The words before a number determine its role.

use phone::{ExtractedNumber, Party, extract_numbers, normalize::fold_diacritics};

use super::extraction::{ExtractedCategory, ExtractedParty};

/// How many words before a number are read.
const MAX_PRECEDING_WORDS: usize = 6;

/// The role of a number in the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum NumberRole {
    Caller,
    Callee,
    /// The sender's own number: the callee of an incoming call, otherwise the caller.
    Own,
    /// The other party's number, such as that of the sender's customer.
    OtherEnd,
    /// The number at which the sender can be reached.
    Contact,
    Unspecified,
}

/// Words without diacritics between the word for the role and the number.
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

#[derive(Debug, Default)]
pub(crate) struct CallParties {
    pub caller: Option<ExtractedParty>,
    pub callee: Option<ExtractedParty>,
    /// Only for [`ExtractedCategory::LoggedOut`].
    pub account: Option<Party>,
}

/// Returns the parties of the call, or the account that is logged out.
pub(crate) fn extract_call_parties(text: &str, category: Option<ExtractedCategory>) -> CallParties {
    let numbers = extract_numbers(text);
    let roles = number_roles(text, &numbers);
    let with_role = |role: NumberRole| {
        numbers.iter().zip(&roles).filter(move |(_, actual)| **actual == role).map(|(number, _)| number)
    };
    if category == Some(ExtractedCategory::LoggedOut) {
        let mut accounts = numbers.iter().filter(|number| matches!(number.party, Party::Account(_)));
        let own_number = || with_role(NumberRole::Own).chain(with_role(NumberRole::Unspecified)).next();
        let account = accounts.next().or_else(own_number);
        let account = account.and_then(|number| Party::parse_account(&number.raw_text).ok());
        return CallParties { account, ..CallParties::default() };
    }
    let is_incoming = category == Some(ExtractedCategory::Incoming);
    let mut caller = with_role(NumberRole::Caller).next();
    let mut callee = with_role(NumberRole::Callee).next();
    let (own, other) = if is_incoming { (&mut callee, &mut caller) } else { (&mut caller, &mut callee) };
    if own.is_none() {
        *own = with_role(NumberRole::Own).next();
    }
    if other.is_none() {
        *other = with_role(NumberRole::OtherEnd).next();
    }
    let mut unspecified = with_role(NumberRole::Unspecified);
    let unspecified_count = with_role(NumberRole::Unspecified).count();
    // two numbers without a role are in the order of the call; a single one is the callee, or the missing party
    if caller.is_none() && callee.is_none() && unspecified_count > 1 {
        caller = unspecified.next();
    }
    if callee.is_none() {
        callee = unspecified.next();
    }
    if caller.is_none() {
        caller = unspecified.next();
    }
    let callee = callee.and_then(|number| {
        let party = Party::parse_callee(&number.raw_text).ok()?;
        Some(ExtractedParty { raw_text: number.raw_text.clone(), party })
    });
    let caller = caller.map(|number| ExtractedParty { raw_text: number.raw_text.clone(), party: number.party.clone() });
    let caller = caller.filter(|caller| callee.as_ref().is_none_or(|callee| callee.party != caller.party));
    let caller = caller.or_else(|| find_withheld_caller(text).filter(|_| is_incoming));
    CallParties { caller, callee, account: None }
}

/// Returns the number at which the sender can be reached: one with that role in the text, or else the first one in the
/// signature.
pub(crate) fn extract_contact_number(text: &str, signature: &str) -> Option<String> {
    let first_with_role = |text: &str, roles: &[NumberRole]| {
        let numbers = extract_numbers(text);
        let actual_roles = number_roles(text, &numbers);
        numbers
            .iter()
            .zip(actual_roles)
            .find(|(number, role)| roles.contains(role) && matches!(number.party, Party::Number(_)))
            .map(|(number, _)| number.party.canonical())
    };
    first_with_role(text, &[NumberRole::Contact])
        .or_else(|| first_with_role(signature, &[NumberRole::Contact, NumberRole::Unspecified]))
}

fn number_roles(text: &str, numbers: &[ExtractedNumber]) -> Vec<NumberRole> {
    let mut previous_end = 0;
    let role_of = |number: &ExtractedNumber| {
        let before = &text[previous_end..number.range.start];
        previous_end = number.range.end;
        role_from_preceding_words(before.rsplit('\n').next().unwrap_or_default())
    };
    numbers.iter().map(role_of).collect()
}

/// Returns the role of a number by the words before it on the same line.
fn role_from_preceding_words(before: &str) -> NumberRole {
    let folded = fold_diacritics(before);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let mut nearest_first = words.rev().take(MAX_PRECEDING_WORDS).peekable();
    // a role that a nearer word suggests and a word farther away may override
    let mut weak_role = None;
    while let Some(word) = nearest_first.next() {
        // in "mój numer to 22 …" the Polish "to" means "is" and does not mark the callee
        if word == "to" && nearest_first.peek().is_some_and(|previous| FILLER_WORDS.contains(previous)) {
            continue;
        }
        if CALLER_WORDS.contains(&word) {
            return NumberRole::Caller;
        }
        if CALLEE_WORDS.contains(&word) || word == "at" {
            if is_callback_request(&nearest_first.clone().take(3).collect::<Vec<_>>()) {
                return NumberRole::Contact;
            }
            if word == "at" {
                break;
            }
            return NumberRole::Callee;
        }
        if OTHER_END_WORDS.contains(&word) {
            weak_role = Some(NumberRole::OtherEnd);
        } else if weak_role != Some(NumberRole::OtherEnd) && OWN_WORDS.contains(&word) {
            return NumberRole::Own;
        } else if CONTACT_WORDS.contains(&word) {
            weak_role = weak_role.or(Some(NumberRole::Contact));
        } else if !FILLER_WORDS.contains(&word) {
            break;
        }
    }
    weak_role.unwrap_or(NumberRole::Unspecified)
}

/// Whether the words, the nearest first, ask for a call: "proszę o kontakt pod", "proszę dzwonić na".
fn is_callback_request(nearest_first: &[&str]) -> bool {
    let starts_with = |index: usize, prefixes: &[&str]| {
        nearest_first.get(index).is_some_and(|word| prefixes.iter().any(|prefix| word.starts_with(prefix)))
    };
    let call_words = ["dzwon", "zadzwon", "telefon", "call"];
    (0..2).any(|index| starts_with(index, &["kontakt", "oddzwon"]))
        || (starts_with(0, &call_words) && starts_with(1, &["prosz", "please"]))
        || starts_with(0, &["me"])
}

fn find_withheld_caller(text: &str) -> Option<ExtractedParty> {
    const WITHHELD_PHRASES: [&str; 6] = [
        "numer zastrzezony",
        "numeru zastrzezonego",
        "zastrzezony numer",
        "numer prywatny",
        "withheld number",
        "private number",
    ];
    let folded = fold_diacritics(text);
    let phrase = WITHHELD_PHRASES.into_iter().find(|phrase| folded.contains(phrase))?;
    Some(ExtractedParty { raw_text: phrase.to_owned(), party: Party::Withheld })
}
