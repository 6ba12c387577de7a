//! Extracts a SIP code from typed text.

/// The first SIP code of a failure (400 to 699) in a text, such as the 503 of "SIP/2.0 503 Service Unavailable". Three
/// digits beside others, as in 601 555 210, are part of a number. Extensions ("wew. 501") and amounts of money are
/// ignored too.
pub fn extract_sip_code(text: &str) -> Option<i16> {
    let words: Vec<_> = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    let is_number_part = |at: usize| words.get(at).is_some_and(|word| word.len() > 1 && word.parse::<u64>().is_ok());
    let is_code = |at: usize| {
        let mut before = words[..at].iter().rev().map(|word| word.to_lowercase());
        let before = before.find(|word| !matches!(word.as_str(), "nr" | "numer" | "numeru" | "number" | "no"));
        let is_extension = before.is_some_and(|word| {
            word == "wew" || word == "ext" || word.starts_with("wewn") || word.starts_with("extension")
        });
        let after = words.get(at + 1).map(|word| word.to_lowercase());
        let is_money =
            after.is_some_and(|word| matches!(word.as_str(), "zł" | "zl" | "złotych" | "pln" | "gr" | "eur"));
        !is_extension && !is_money
    };
    let codes = words.iter().enumerate().filter(|(at, word)| {
        word.len() == 3 && !is_number_part(at + 1) && !at.checked_sub(1).is_some_and(is_number_part) && is_code(*at)
    });
    codes.filter_map(|(_, word)| word.parse().ok()).find(|code| (400..700).contains(code))
}
