//! What the network said: the SIP code in an error text, and what it means in plain words.
//!
//! The SIP code stands first: how it maps to a Q.850 cause differs from maker to maker.

/// Final responses that say why a call failed, and their sentences. RFC 3261, section 21, and the registry
/// "Response Codes" that IANA keeps.
const SIP: [(i16, &str); 25] = [
    (401, "sip-401"),
    (402, "sip-402"),
    (403, "sip-403"),
    (404, "sip-404"),
    (407, "sip-407"),
    (408, "sip-408"),
    (410, "sip-410"),
    (420, "sip-420"),
    (480, "sip-480"),
    (481, "sip-481"),
    (482, "sip-482"),
    (483, "sip-483"),
    (484, "sip-484"),
    (486, "sip-486"),
    (487, "sip-487"),
    (488, "sip-488"),
    (500, "sip-500"),
    (501, "sip-501"),
    (502, "sip-502"),
    (503, "sip-503"),
    (504, "sip-504"),
    (600, "sip-600"),
    (603, "sip-603"),
    (604, "sip-604"),
    (606, "sip-606"),
];

/// The first SIP code of a failure (400 to 699) in a text, such as the 503 of "SIP/2.0 503 Service Unavailable". Three
/// digits beside others, as in 601 555 210, are a piece of a number.
pub fn sip_code(text: &str) -> Option<i16> {
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_piece = |at: usize| words.get(at).is_some_and(|word| word.len() > 1 && word.parse::<u64>().is_ok());
    let codes = words
        .iter()
        .enumerate()
        .filter(|(at, word)| word.len() == 3 && !is_piece(at + 1) && !at.checked_sub(1).is_some_and(is_piece));
    codes.filter_map(|(_, word)| word.parse().ok()).find(|code| (400..700).contains(code))
}

/// The message that says what a code means, for those that calls end with.
pub fn sip_meaning(code: i16) -> Option<&'static str> {
    SIP.iter().find(|(known, _)| *known == code).map(|(_, message)| *message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_of_an_error_text_is_found() {
        for (text, code) in [
            ("503", Some(503)),
            ("SIP/2.0 480 Temporarily Unavailable", Some(480)),
            ("błąd: 403 (Forbidden)", Some(403)),
            ("kod=486;busy", Some(486)),
            ("601 555 210: zajęte, 486", Some(486)),
            ("+48 601-555-210", None),
            ("0048503123456", None),
            ("HTTP 200", None),
            ("abonent niedostępny", None),
            ("", None),
        ] {
            assert_eq!(sip_code(text), code, "{text}");
        }
    }

    #[test]
    fn every_code_has_its_meaning_once() {
        assert!(SIP.is_sorted_by(|(one, _), (next, _)| one < next));
        assert_eq!(sip_meaning(503), Some("sip-503"));
        assert_eq!(sip_meaning(499), None);
    }
}
