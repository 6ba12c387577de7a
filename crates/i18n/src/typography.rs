//! Inserts no-break spaces, so that words that belong together stay on one line. Only for texts that are displayed: texts
//! that are copied into e-mails or fields are stripped of them.

use crate::lang::Lang;

const NBSP: char = '\u{a0}';
const NB_HYPHEN: char = '\u{2011}';

/// Words that may begin a line although a number comes before them, because they are no unit of it.
const NON_UNIT_WORDS: [&str; 19] = [
    "albo", "and", "are", "at", "by", "do", "for", "in", "is", "jest", "lub", "na", "of", "or", "oraz", "po", "są",
    "to", "za",
];
/// The same for words of one letter; units such as "s" and "h" are not among them.
const ONE_LETTER_WORDS: &str = "aiouwzAIOUWZ";

/// Inserts no-break spaces into a text, a message file or Markdown.
pub fn typeset(lang: Lang, text: &str) -> String {
    let text = text.replace("Wi-Fi", "Wi\u{2011}Fi").replace("ITU-T", "ITU\u{2011}T").replace(" ok. ", " ok.\u{a0}");
    let text = nbsp_counts(&nbsp_digit_groups(nb_hyphen_email(&text)));
    match lang {
        Lang::Pl => nbsp_one_letter_words(&text),
        Lang::En => text,
    }
}

/// Replaces no-break spaces by plain ones.
pub fn strip_typography(text: &str) -> String {
    text.replace(NBSP, " ").replace(NB_HYPHEN, "-")
}

/// Keeps a phone number on one line: its groups are the only ones separated by a single space.
pub fn nbsp_digit_groups(text: impl AsRef<str>) -> String {
    let text = text.as_ref();
    let mut tied = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        let is_between = c == ' ' && before.is_ascii_digit() && rest.peek().is_some_and(char::is_ascii_digit);
        tied.push(if is_between { NBSP } else { c });
        before = c;
    }
    tied
}

/// Keeps a short number and what it counts on one line: "9 cyfr", "23 listopada". Not a group of a longer number, which
/// would make a line too long for a narrow column.
pub(crate) fn nbsp_counts(text: &str) -> String {
    let mut tied = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices(' ') {
        if is_count(&text[..at], &text[at + 1..]) {
            tied.push_str(&text[from..at]);
            tied.push(NBSP);
            from = at + 1;
        }
    }
    tied.push_str(&text[from..]);
    tied
}

fn is_count(before: &str, after: &str) -> bool {
    if !before.ends_with(|c: char| c.is_ascii_digit()) {
        return false;
    }
    let start = before.rfind(|c: char| c.is_whitespace() || matches!(c, '(' | '„' | '“' | '>'));
    let (rest, number) = match start.and_then(|at| Some((at, before[at..].chars().next()?))) {
        Some((at, c)) => (&before[..at], &before[at + c.len_utf8()..]),
        None => ("", before),
    };
    let is_group = before.len() > rest.len() + number.len() && rest.ends_with(|c: char| c.is_ascii_digit());
    let is_short = number.len() <= 4 && number.bytes().all(|b| b.is_ascii_digit());
    let is_in_number = |c: char| c.is_ascii_digit() || matches!(c, ',' | '.' | '–');
    let is_range = number.contains([',', '–']) && number.chars().count() <= 9 && number.chars().all(is_in_number);
    let word = after.find(|c: char| !c.is_alphabetic()).map_or(after, |end| &after[..end]);
    let is_joining = word.is_empty() || NON_UNIT_WORDS.contains(&word) || ONE_LETTER_WORDS.contains(word);
    !is_group && (is_short || is_range) && number.starts_with(|c: char| c.is_ascii_digit()) && !is_joining
}

/// Keeps "e-mail" on one line. Not inside a URL or an id, and not if it is a whole message, such as the
/// label of a field: that never wraps, and tests find it more easily by its plain spelling.
fn nb_hyphen_email(text: &str) -> String {
    let mut tied = String::with_capacity(text.len());
    let mut from = 0;
    for (at, _) in text.match_indices("-mail") {
        let Some(before) = text[..at].strip_suffix(['e', 'E']) else { continue };
        let is_piece =
            before.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '-' | '/' | '.' | '@' | '_' | '#'));
        let is_whole = before.ends_with("= ") && text[at + "-mail".len()..].starts_with('\n');
        if !is_piece && !is_whole {
            tied.push_str(&text[from..at]);
            tied.push(NB_HYPHEN);
            from = at + 1;
        }
    }
    tied.push_str(&text[from..]);
    tied
}

/// Keeps Polish one-letter words on the line of the next word, as Polish typography asks.
fn nbsp_one_letter_words(text: &str) -> String {
    let mut tied = String::with_capacity(text.len());
    let mut before = ' ';
    let mut rest = text.chars().peekable();
    while let Some(c) = rest.next() {
        tied.push(c);
        let alone = before.is_whitespace() || matches!(before, '(' | '„' | NBSP);
        if alone && ONE_LETTER_WORDS.contains(c) && rest.peek() == Some(&' ') {
            rest.next();
            tied.push(NBSP);
            before = NBSP;
        } else {
            before = c;
        }
    }
    tied
}

#[cfg(test)]
mod tests {
    use crate::typography::*;

    #[test]
    fn one_letter_words_stay_with_the_next() {
        assert_eq!(
            nbsp_one_letter_words("Słychać w słuchawce i w głośniku"),
            "Słychać w\u{a0}słuchawce i\u{a0}w\u{a0}głośniku"
        );
        assert_eq!(nbsp_one_letter_words("oraz { $a } itd."), "oraz { $a } itd.");
    }

    #[test]
    fn the_groups_of_a_number_stay_together() {
        let tied = "for example 22\u{a0}122\u{a0}80\u{a0}22, abroad 0044\u{a0}20\u{a0}8190\u{a0}0322";
        let example = tied.replace('\u{a0}', " ");
        assert!(Lang::ALL.iter().all(|lang| typeset(*lang, &example) == tied));
        assert_eq!(nbsp_digit_groups("9 digits: 22, 33 and 5. 44"), "9 digits: 22, 33 and 5. 44");
    }

    #[test]
    fn a_number_stays_with_what_it_counts() {
        // ~ stands for a no-break space
        let table = [
            "razem 9~cyfr.",
            "23~listopada 2026",
            "(do 4~godzin pracy)",
            "do ok.~150~ms, ok.~150–600~ms, 4,5~s",
            "w~ciągu 2~h",
            // the next word is not a unit
            "503 albo „abonent niedostępny”",
            "7 i~8, od 1 do 9",
            "najwyżej 5. Potem",
            // a whole phone number, a time, a year, a block of addresses
            "numer 22~122~80~22 dzwoni",
            "o~14:05 dzwoni, w~2026~roku, z~203.0.113.0/24 albo",
            "+48 nie",
        ];
        for tied in table {
            let tied = tied.replace('~', "\u{a0}");
            assert_eq!(typeset(Lang::Pl, &tied.replace('\u{a0}', " ")), tied);
        }
    }

    #[test]
    fn a_hyphen_in_a_word_does_not_break_it() {
        let typeset = |text| typeset(Lang::Pl, text);
        assert_eq!(typeset("Podaj e-mail. E-mailem?"), "Podaj e\u{2011}mail. E\u{2011}mailem?");
        assert_eq!(typeset("wg ITU-T, przez Wi-Fi"), "wg ITU\u{2011}T, przez Wi\u{2011}Fi");
        for address in ["one-mail = E-mail\n", "https://example.com/e-mail", "https://e-mail.example.com"] {
            assert_eq!(typeset(address), address);
        }
        assert_eq!(strip_typography(&typeset("E-mail za 5 minut i w domu")), "E-mail za 5 minut i w domu");
    }
}
