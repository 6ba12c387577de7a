//! Normalizes typed and pasted text before it is parsed: one kind of space, one kind of dash, no invisible characters.
//! Numbers copied from messengers and web pages contain direction marks, and a number that looks right on the screen must
//! not be rejected because of invisible characters.

/// Maximum length of a number, date or time field. A longer text was pasted into the wrong field.
pub const MAX_INPUT_LEN: usize = 200;

const MAX_ECHO_LEN: usize = 30;

/// Folds full-width forms, spaces, dashes, dots and slashes to ASCII, drops control, direction and zero-width
/// characters, joins runs of spaces and trims the ends. Letters stay as they are.
pub fn normalize_text(typed: &str) -> String {
    let mut tidy = String::with_capacity(typed.len());
    for character in typed.chars().filter_map(normalize_char) {
        if character != ' ' || !(tidy.is_empty() || tidy.ends_with(' ')) {
            tidy.push(character);
        }
    }
    tidy.truncate(tidy.trim_end().len());
    tidy
}

/// Normalizes typed text and truncates it to 30 characters, for error messages that quote it.
pub fn truncate_for_echo(typed: &str) -> String {
    let tidy = normalize_text(typed);
    match tidy.char_indices().nth(MAX_ECHO_LEN) {
        Some((end, _)) => format!("{}…", tidy[..end].trim_end()),
        None => tidy,
    }
}

/// Lower case without Polish accents, so that words match in any spelling. Drops combining marks, which
/// is how some systems send "ż".
pub fn fold_diacritics(text: &str) -> String {
    text.to_lowercase()
        .chars()
        .filter(|character| !('\u{300}'..='\u{36F}').contains(character))
        .map(|character| match character {
            'ą' => 'a',
            'ć' => 'c',
            'ę' => 'e',
            'ł' => 'l',
            'ń' => 'n',
            'ó' => 'o',
            'ś' => 's',
            'ź' | 'ż' => 'z',
            other => other,
        })
        .collect()
}

fn normalize_char(character: char) -> Option<char> {
    match character {
        _ if character.is_whitespace() => Some(' '),
        _ if character.is_control() => None,
        // soft hyphen, Arabic and Mongolian marks, zero-width, direction and invisible operators, variation selectors, tags
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{180B}'..='\u{180E}' | '\u{FEFF}' => None,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' => None,
        '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E01EF}' => None,
        '\u{2010}'..='\u{2015}' | '\u{2043}' | '\u{2212}' | '\u{FE58}' | '\u{FE63}' => Some('-'),
        '\u{B7}' | '\u{2022}' | '\u{2024}' | '\u{2027}' | '\u{22C5}' | '\u{3002}' => Some('.'),
        '\u{2044}' | '\u{2215}' => Some('/'),
        '\u{2217}' | '\u{204E}' => Some('*'),
        '\u{FE62}' => Some('+'),
        '\u{201C}'..='\u{201F}' => Some('"'),
        '\u{2018}'..='\u{201B}' => Some('\''),
        // the full-width forms of ASCII lie at a fixed distance from it (Unicode block FF00)
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(character) - 0xFEE0),
        other => Some(other),
    }
}

#[cfg(test)]
mod tests {
    use crate::normalize::*;

    #[test]
    fn what_nobody_can_see_is_gone() {
        for (typed, read) in [
            ("\u{202A}+48 22 122 80 22\u{202C}", "+48 22 122 80 22"),
            ("22\u{A0}122\u{2009}80\u{202F}22\n", "22 122 80 22"),
            ("22\u{2011}122\u{2013}80\u{2212}22", "22-122-80-22"),
            ("２２１２２８０２２", "221228022"),
            ("14：05", "14:05"),
            ("\u{FEFF}\0 a \t b\u{200B}", "a b"),
            ("   ", ""),
        ] {
            assert_eq!(normalize_text(typed), read, "{typed:?}");
        }
    }

    #[test]
    fn quotes_are_short() {
        assert_eq!(truncate_for_echo(&"ż".repeat(30)), "ż".repeat(30));
        assert_eq!(truncate_for_echo(&"ż".repeat(31)), format!("{}…", "ż".repeat(30)));
        assert_eq!(fold_diacritics("Zastrzez\u{307}ony ŁÓDŹ"), "zastrzezony lodz");
    }
}
