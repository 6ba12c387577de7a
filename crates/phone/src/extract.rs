//! Extracts numbers and accounts from free text, such as an e-mail. Only numbers that exist by the numbering plans are
//! extracted, because texts contain many other digits.

use std::ops::Range;

use rlibphonenumber::{Region, phonenumber_matcher::PHONE_MATCHER_FACTORY};

use super::{normalize::fold_diacritics, parse::parse_dashed_account, party::Party};

/// A number or an account, and its position in the text, in bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct ExtractedNumber {
    pub range: Range<usize>,
    pub raw_text: String,
    pub party: Party,
}

/// Maximum number of parse attempts per text. A long text of digits would take hours.
const MAX_MATCHER_TRIES: u64 = 2_000;

/// Words before digits that are no telephone number, folded.
const NON_PHONE_LABELS: [&str; 20] = [
    "nip",
    "regon",
    "krs",
    "pesel",
    "konta bankowego",
    "iban",
    "faktura",
    "faktury",
    "fakture",
    "invoice",
    "fv",
    "zamowienie",
    "zamowienia",
    "umowa",
    "umowy",
    "sprawy",
    "order",
    "kwota",
    "kod pocztowy",
    "zl",
];

/// Extracts all numbers and accounts of a text, in their order.
pub fn extract_numbers(text: &str) -> Vec<ExtractedNumber> {
    let matches =
        PHONE_MATCHER_FACTORY.matcher_builder(text).preferred_region(Region::PL).max_tries(MAX_MATCHER_TRIES).build();
    let numbers = matches.filter_map(|found| {
        let place = found.start..found.end();
        let typed = text.get(place.clone())?.to_owned();
        let party = Party::parse_caller(&typed).ok().filter(|party| matches!(party, Party::Number(_)))?;
        Some(ExtractedNumber { range: place, raw_text: typed, party })
    });
    let mut found: Vec<ExtractedNumber> =
        numbers.filter(|found| !ends_with_non_phone_label(&text[..found.range.start])).collect();
    for (start, word) in words_with_offsets(text) {
        let place = start..start + word.len();
        let is_taken = found.iter().any(|other| other.range.start < place.end && place.start < other.range.end);
        if let (false, Some(party)) = (is_taken, parse_account_word(word)) {
            found.push(ExtractedNumber { range: place, raw_text: word.to_owned(), party });
        }
    }
    found.sort_by_key(|found| found.range.start);
    found
}

/// Whether the words before the digits show that they are no telephone number.
fn ends_with_non_phone_label(before: &str) -> bool {
    let before = fold_diacritics(&before[before.floor_char_boundary(before.len().saturating_sub(24))..]);
    let ends = |text: &'_ str| text.trim_end_matches([':', ' ', '.', '-', '#']).len();
    let before = &before[..ends(&before)];
    // "faktura nr 225550120"
    let named = ["nr", "numer", "no", "number"].iter().find_map(|word| before.strip_suffix(word));
    let before = named.map_or(before, |rest| &rest[..ends(rest)]);
    NON_PHONE_LABELS.iter().any(|other| before.ends_with(other))
}

fn words_with_offsets(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let candidates = text.split(|c: char| c.is_whitespace() || "<>()[]\"'„”,;".contains(c));
    candidates.filter_map(move |candidate| {
        let word = candidate.trim_matches(['.', ':', '?', '!']);
        let start = word.as_ptr() as usize - text.as_ptr() as usize;
        (!word.is_empty()).then_some((start, word))
    })
}

/// `12345-101`, `12345*101` and `sip:anna@example.org`. A postal code (00-950) and a year's half (2026-11) are not accounts.
fn parse_account_word(word: &str) -> Option<Party> {
    if word.get(..4).is_some_and(|scheme| scheme.eq_ignore_ascii_case("sip:")) {
        return Party::parse_caller(word).ok();
    }
    let account = parse_dashed_account(word)?;
    let (client, line) = account.split_once(['-', '*'])?;
    let is_year = client.len() == 4 && (client.starts_with("20") || client.starts_with("19")) && line.len() <= 2;
    (client.len() >= 3 && line.len() >= 2 && !is_year).then_some(Party::Account(account))
}

#[cfg(test)]
mod tests {
    use crate::extract::*;

    #[test]
    fn numbers_are_found_among_other_digits() {
        let table: [(&str, &[&str]); 15] = [
            ("Dzwonię z 22 555 01 20 na 0044 20 8190 0322.", &["+48225550120", "+442081900322"]),
            ("tel. +48 601 555 210, NIP 525-224-84-81", &["+48601555210"]),
            ("dnia 20.11.2026 o 14:05 numer 601555210", &["+48601555210"]),
            ("konto 12345-101 nie loguje się", &["12345-101"]),
            ("sip:anna@example.org", &["anna@example.org"]),
            ("ul. Prosta 2, 00-950 Warszawa", &[]),
            ("503 Service Unavailable", &[]),
            ("faktura 225550120", &[]),
            ("zamówienie nr 601555210, umowa: 225550120", &[]),
            ("rok 2026-11", &[]),
            ("IP 192.168.1.10", &[]),
            ("", &[]),
            ("PL61 1090 1014 0000 0712 1981 2874", &[]),
            ("(22) 555-01-20 lub 22/555-01-21", &["+48225550120", "+48225550121"]),
            ("zażółć 48221228022 gęślą", &["+48221228022"]),
        ];
        for (text, expected) in table {
            let found: Vec<_> = extract_numbers(text).iter().map(|found| found.party.canonical()).collect();
            assert_eq!(found, expected, "{text}");
        }
    }

    proptest::proptest! {
        #[test]
        fn places_lie_in_the_text(text in "([0-9+() ./-]|[a-zżó]){0,80}") {
            for found in extract_numbers(&text) {
                proptest::prop_assert_eq!(&text[found.range.clone()], &found.raw_text);
            }
        }
    }
}
