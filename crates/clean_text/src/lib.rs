//! Text from outside, made safe to store and to show: without control characters, direction marks and invisible characters.

/// Returns text on one line. Line ends and tabs become spaces; spaces at both ends are dropped.
pub fn single_line(text: &str) -> String {
    let spaced = text.chars().map(|c| if matches!(c, '\n' | '\r' | '\t') { ' ' } else { c });
    spaced.filter(|c| is_allowed_char(*c)).collect::<String>().trim().to_owned()
}

/// Returns text of several lines. Line ends become `\n` and tabs become spaces; white space at both ends is dropped.
pub fn multi_line(text: &str) -> String {
    let text = text.replace("\r\n", "\n").replace('\r', "\n").replace('\t', " ");
    text.chars().filter(|c| *c == '\n' || is_allowed_char(*c)).collect::<String>().trim().to_owned()
}

/// Returns the beginning of a text, at most `max_len` characters.
pub fn truncate_chars(text: &str, max_len: usize) -> String {
    match text.char_indices().nth(max_len) {
        Some((end, _)) => text[..end].to_owned(),
        None => text.to_owned(),
    }
}

fn is_allowed_char(c: char) -> bool {
    let bidi = matches!(c, '\u{200e}' | '\u{200f}' | '\u{61c}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let invisible = matches!(c, '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{ad}' | '\u{fff9}'..='\u{fffb}');
    !c.is_control() && !bidi && !invisible && !is_noncharacter(c)
}

/// The code points that are never characters (The Unicode Standard, 23.7). XML does not allow U+FFFE and U+FFFF.
fn is_noncharacter(c: char) -> bool {
    let code = u32::from(c);
    code & 0xfffe == 0xfffe || (0xfdd0..=0xfdef).contains(&code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::*;

    #[test]
    fn direction_marks_and_invisible_characters_are_removed() {
        assert_eq!(single_line("\u{202e}22\u{200b} 1\n2\u{200f} "), "22 1 2");
        assert_eq!(single_line("a\u{fffe}b\u{ffff}c\u{fdd0}d\u{1fffe}e\u{10ffff}"), "abcde");
        assert_eq!(single_line("\u{fffd} \u{fdf0} 😀"), "\u{fffd} \u{fdf0} 😀");
        assert_eq!(multi_line(" a\r\nb\u{7}\tc \r"), "a\nb c");
    }

    #[test]
    fn text_is_truncated_at_a_character() {
        assert_eq!(truncate_chars("żółw", 2), "żó");
        assert_eq!(truncate_chars("żółw", 4), "żółw");
        assert_eq!(truncate_chars("", 0), "");
    }

    proptest! {
        #[test]
        fn clean_text_has_no_control_characters_and_is_not_changed_by_cleaning_again(text: String) {
            let (line, lines) = (single_line(&text), multi_line(&text));
            prop_assert!(!line.contains(char::is_control));
            prop_assert!(!lines.contains(|c: char| c.is_control() && c != '\n'));
            prop_assert_eq!(single_line(&line), line);
            prop_assert_eq!(multi_line(&lines), lines);
        }
    }
}
