//! A ticket's reference, made to be read out on the phone: `DZ-7K3M9-Q2XWG`.
//!
//! It has nine random characters of Crockford's base 32 (45 bits, <https://www.crockford.com/base32.html>) and one check
//! character. Crockford's own check is modulo 37 and needs the signs `*~$=U`, which cannot be read out. The check here is
//! a weighted sum in GF(2⁵), the one-symbol case of a Reed–Solomon code: it detects every single wrong character and
//! every swap of two characters.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{i18n::UiMessage, token::CROCKFORD_ALPHABET};

const PREFIX: &str = "DZ";
/// Random characters before the check character.
const RANDOM_LEN: usize = 9;

/// A ticket's reference. Stored as its ten characters, displayed with prefix and dashes.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct TicketReference(String);

impl TicketReference {
    /// A new reference, from 45 random bits. Whether it is free is known on insertion.
    pub fn random() -> TicketReference {
        TicketReference::from_bits(rand::random())
    }

    /// The reference for the lowest 45 of these bits.
    pub fn from_bits(bits: u64) -> TicketReference {
        let mut values: Vec<u8> = (0..RANDOM_LEN).map(|index| (bits >> (5 * index)) as u8 & 31).collect();
        values.push(compute_check_value(&values));
        TicketReference::from_values(&values)
    }

    /// `values` are below 32.
    fn from_values(values: &[u8]) -> TicketReference {
        TicketReference(values.iter().map(|value| char::from(CROCKFORD_ALPHABET[usize::from(*value)])).collect())
    }

    /// The ten characters, as they are stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TicketReference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (first, second) = self.0.split_at(self.0.len().min(5));
        write!(f, "{PREFIX}-{first}-{second}")
    }
}

impl FromStr for TicketReference {
    type Err = UiMessage;

    /// Accepts what people type: lower case, with or without prefix, dashes and spaces, `O` for 0, `I` and `L` for 1.
    fn from_str(text: &str) -> Result<TicketReference, UiMessage> {
        let bare: String = text.chars().filter(|c| !matches!(c, '-' | '–' | ' ' | '\u{a0}' | '.' | '#')).collect();
        let bare = bare.to_ascii_uppercase();
        let bare = match bare.strip_prefix(PREFIX) {
            Some(rest) if bare.len() > RANDOM_LEN + 1 => rest,
            _ => &bare,
        };
        let values: Option<Vec<u8>> = bare.chars().map(decode_char).collect();
        let values = values.ok_or_else(|| UiMessage::new("reference-invalid-form"))?;
        if values.len() != RANDOM_LEN + 1 {
            return Err(UiMessage::new("reference-invalid-form"));
        }
        let (random, check) = values.split_at(RANDOM_LEN);
        if check != [compute_check_value(random)] {
            return Err(UiMessage::new("reference-invalid-check"));
        }
        Ok(TicketReference::from_values(&values))
    }
}

fn decode_char(c: char) -> Option<u8> {
    let c = match c {
        'O' => '0',
        'I' | 'L' => '1',
        c => c,
    };
    CROCKFORD_ALPHABET.iter().position(|known| char::from(*known) == c).and_then(|value| u8::try_from(value).ok())
}

/// Σ αⁱ·dᵢ over GF(2⁵) with x⁵ + x² + 1, α = x. The weights α¹…α⁹ are all different, and none is 1, which is the weight
/// of the check character.
fn compute_check_value(values: &[u8]) -> u8 {
    values.iter().rev().fold(0, |sum, value| multiply_by_alpha(sum ^ value))
}

fn multiply_by_alpha(value: u8) -> u8 {
    let shifted = value << 1;
    if shifted & 0b10_0000 == 0 { shifted } else { (shifted ^ 0b10_0101) & 31 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::ticket_reference::*;

    #[test]
    fn a_reference_is_parsed_however_people_type_it() {
        let reference = TicketReference::random();
        let displayed = reference.to_string();
        let spellings = [
            displayed.clone(),
            displayed.to_lowercase(),
            displayed.replace('-', ""),
            displayed.replace('-', " "),
            displayed.replace('0', "O").replace('1', "l"),
            reference.as_str().to_owned(),
            format!("#{displayed}"),
        ];
        for text in spellings {
            assert_eq!(text.parse().as_ref(), Ok(&reference), "{text}");
        }
    }

    #[test]
    fn other_text_is_rejected_with_a_message() {
        for text in ["", "DZ", "DZ-123", "DZ-UUUUU-UUUUU", "zażółć gęśl", "DZ-12345-678901"] {
            assert_eq!(text.parse::<TicketReference>(), Err(UiMessage::new("reference-invalid-form")), "{text}");
        }
    }

    proptest! {
        #[test]
        fn every_single_wrong_character_and_every_swap_is_detected(index in 0..10usize, other in 0..10usize, shift in 1..32usize) {
            let reference = TicketReference::random();
            let mut wrong = reference.as_str().as_bytes().to_vec();
            let old = CROCKFORD_ALPHABET.iter().position(|c| *c == wrong[index]).unwrap();
            wrong[index] = CROCKFORD_ALPHABET[(old + shift) % 32];
            let wrong = String::from_utf8(wrong).unwrap();
            prop_assert_eq!(wrong.parse::<TicketReference>(), Err(UiMessage::new("reference-invalid-check")));

            let mut swapped = reference.as_str().as_bytes().to_vec();
            swapped.swap(index, other);
            let swapped = String::from_utf8(swapped).unwrap();
            if swapped != reference.as_str() {
                prop_assert_eq!(swapped.parse::<TicketReference>(), Err(UiMessage::new("reference-invalid-check")));
            }
        }

        #[test]
        fn no_text_makes_parsing_panic(text: String) {
            let _ = text.parse::<TicketReference>();
        }
    }
}
