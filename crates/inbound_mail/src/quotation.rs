//! Splits what a sender wrote from what the sender quoted. A page shows the quotation collapsed.
//!
//! Quoted are lines that start with `>`, the attribution line above them, and everything after a mail program's divider
//! ("-----Wiadomość oryginalna-----", "Od: … Wysłano: … Temat: …"). Nothing is split off if the sender replies between the
//! lines of a quotation at least twice, because then the reply needs its context, or if nothing else would remain.

use phone::normalize::fold_diacritics;

/// Dividers without diacritics and without the dashes around them.
const DIVIDERS: [&str; 18] = [
    "original message",
    "oryginalna wiadomosc",
    "wiadomosc oryginalna",
    "wiadomosc oryg.",
    "tresc oryginalnej wiadomosci",
    "wiadomosc przekazana",
    "wiadomosc przekazana dalej",
    "przekazana wiadomosc",
    "przeslana wiadomosc",
    "tresc przekazanej wiadomosci",
    "wiadomosc napisana przez",
    "forwarded message",
    "begin forwarded message:",
    "poczatek przekazanej wiadomosci:",
    "poczatek przekazywanej wiadomosci:",
    "poczatek przesylanej wiadomosci:",
    "reply message",
    "dnia wiadomosc napisal",
];
/// The header lines that mail programs write above a quoted message, without diacritics: the first, and the others.
const FROM_HEADERS: [&str; 3] = ["od:", "from:", "nadawca:"];
const FOLLOWING_HEADERS: [&str; 16] = [
    "wyslano:",
    "wyslane:",
    "sent:",
    "data:",
    "date:",
    "do:",
    "to:",
    "temat:",
    "subject:",
    "dw:",
    "cc:",
    "udw:",
    "bcc:",
    "odbiorca:",
    "adresat:",
    "dnia:",
];
/// Endings of attribution lines ("On 20 Nov, Jan wrote:"), without diacritics.
const ATTRIBUTION_ENDINGS: [&str; 9] =
    ["wrote:", "pisze:", "napisal:", "napisala:", "napisal(a):", "napisal/a:", "napisano:", "schrieb:", "writes:"];
/// Starts of attribution lines, without diacritics. A line that starts with a digit is one too.
const ATTRIBUTION_STARTS: [&str; 12] = [
    "on ",
    "w dniu ",
    "dnia ",
    "am ",
    "pon., ",
    "wt., ",
    "sr., ",
    "czw., ",
    "pt., ",
    "sob., ",
    "niedz., ",
    APPLE_ATTRIBUTION_START,
];
/// Start of the attribution line of Apple's programs, without diacritics.
const APPLE_ATTRIBUTION_START: &str = "wiadomosc napisana przez ";

/// Returns the sender's own text and the quotation.
pub(crate) fn split_quotation(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let mut is_quoted: Vec<bool> = lines.iter().map(|line| line.trim_start().starts_with('>')).collect();
    if let Some(first) = (0..lines.len()).find(|index| starts_quotation(&lines[*index..])) {
        is_quoted[first..].fill(true);
    }
    for index in 0..lines.len() {
        if is_quoted[index] && (index == 0 || !is_quoted[index - 1]) {
            for attribution in attribution_lines(&lines[..index]) {
                is_quoted[attribution] = true;
            }
        }
    }
    // blank lines belong to the line below them
    for index in (0..lines.len()).rev() {
        if lines[index].trim().is_empty() {
            is_quoted[index] = is_quoted.get(index + 1).copied().unwrap_or(true);
        }
    }
    let is_own_text = |index: usize| !lines[index].trim().is_empty() && !is_quoted[index];
    let inline_replies = (1..lines.len()).filter(|index| is_own_text(*index) && is_quoted[index - 1]).count();
    let join_lines = |quoted: bool| {
        let selected = lines.iter().zip(&is_quoted).filter(|(_, is_quoted)| **is_quoted == quoted);
        let joined = selected.map(|(line, _)| *line).collect::<Vec<_>>().join("\n");
        joined.trim_matches(['\n', ' ']).to_owned()
    };
    let own_text = join_lines(false);
    if own_text.trim().is_empty() || inline_replies > 1 {
        return (text.trim().to_owned(), String::new());
    }
    (own_text, join_lines(true))
}

/// Whether the first of these lines is a divider.
fn starts_quotation(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    let first = normalize_line(first);
    let label = first.trim_matches(['-', '_', '=', '*', ' ']);
    let is_rule = first.len() >= 20 && first.chars().all(|c| c == '_' || c == '-');
    let is_marked = label.len() < first.len() || first.ends_with(':');
    if is_marked && DIVIDERS.iter().any(|divider| label == *divider || label == divider.trim_end_matches(':')) {
        return true;
    }
    let mut below = lines.iter().skip(1).map(|line| normalize_line(line)).filter(|line| !line.is_empty());
    if is_rule {
        return below.next().is_some_and(|line| FROM_HEADERS.iter().any(|header| line.starts_with(header)));
    }
    let is_following_header = |line: &String| FOLLOWING_HEADERS.iter().any(|header| line.starts_with(header));
    is_from_header(&first) && below.take(3).filter(is_following_header).count() >= 2
}

/// Whether a line is like "Od: Jan Nowak". A telephone number is not a sender: "Od: 22 555 01 20", "Do: …", "Data: …"
/// describes a call.
fn is_from_header(normalized_line: &str) -> bool {
    let sender = FROM_HEADERS.iter().find_map(|header| normalized_line.strip_prefix(header));
    sender.is_some_and(|sender| sender.contains(char::is_alphabetic) || !sender.contains(|c: char| c.is_ascii_digit()))
}

/// Splits the header and attribution lines of quoted messages off a text. Their senders and dates say nothing about the
/// reported call. Returns the remaining text and these lines.
pub(crate) fn split_off_quote_headers(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
    let mut is_header_line = vec![false; lines.len()];
    let has_header_name = |line: &str| {
        let line = normalize_line(line);
        FROM_HEADERS.iter().chain(&FOLLOWING_HEADERS).any(|name| line.starts_with(name))
    };
    for index in 0..lines.len() {
        if !is_header_line[index] && has_header_name(lines[index]) {
            let block_len =
                lines[index..].iter().take_while(|line| line.trim().is_empty() || has_header_name(line)).count();
            let block = &lines[index..index + block_len];
            // Thunderbird starts with the subject
            let has_three_headers = || block.iter().filter(|line| has_header_name(line)).count() >= 3;
            if block.iter().any(|line| is_from_header(&normalize_line(line)))
                && (has_three_headers() || starts_quotation(&lines[index..]))
            {
                is_header_line[index..index + block_len].fill(true);
            }
        }
        if !lines[index].trim().is_empty() {
            for attribution in attribution_lines(&lines[..=index]) {
                is_header_line[attribution] = true;
            }
        }
    }
    let join_lines = |headers: bool| {
        let selected = text.lines().zip(&is_header_line).filter(|(_, is_header)| **is_header == headers);
        selected.map(|(line, _)| line).collect::<Vec<_>>().join("\n")
    };
    (join_lines(false), join_lines(true))
}

/// Returns the indexes of the attribution lines directly above a quotation: one, or two where the mail program wrapped it.
fn attribution_lines(above: &[&str]) -> Vec<usize> {
    let mut non_blank = (0..above.len()).rev().filter(|index| !above[*index].trim().is_empty());
    let Some(last) = non_blank.next() else { return Vec::new() };
    let previous = non_blank.next().filter(|previous| previous + 1 == last);
    let last_line = normalize_line(above[last]);
    let previous_line = previous.map(|previous| normalize_line(above[previous]));
    let is_apples = last_line.ends_with(':')
        && [Some(&last_line), previous_line.as_ref()]
            .into_iter()
            .flatten()
            .any(|line| line.starts_with(APPLE_ATTRIBUTION_START));
    if !is_apples && !ATTRIBUTION_ENDINGS.iter().any(|ending| last_line.ends_with(ending)) {
        return Vec::new();
    }
    match (previous, previous_line) {
        (Some(previous), Some(previous_line))
            if !starts_attribution(&last_line) && starts_attribution(&previous_line) =>
        {
            vec![previous, last]
        }
        _ => vec![last],
    }
}

fn starts_attribution(normalized_line: &str) -> bool {
    ATTRIBUTION_STARTS.iter().any(|start| normalized_line.starts_with(start))
        || normalized_line.starts_with(|c: char| c.is_ascii_digit())
}

/// Lower case without diacritics and without the asterisks of bold text.
fn normalize_line(line: &str) -> String {
    fold_diacritics(line.trim()).replace('*', "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::quotation::*;

    #[test]
    fn quotations_are_split_off() {
        let table = [
            ("Nadal nie działa.", "Nadal nie działa.", ""),
            (
                "Nadal nie działa.\n\nW dniu 20.11.2026 o 14:05, BOK pisze:\n> Proszę sprawdzić.\n> BOK",
                "Nadal nie działa.",
                "W dniu 20.11.2026 o 14:05, BOK pisze:\n> Proszę sprawdzić.\n> BOK",
            ),
            (
                "It works.\n\nOn Fri, 20 Nov 2026 at 14:05, Support <a@b.pl>\nwrote:\n\n> Please check.",
                "It works.",
                "On Fri, 20 Nov 2026 at 14:05, Support <a@b.pl>\nwrote:\n\n> Please check.",
            ),
            ("> Czy działa?\nNie.", "Nie.", "> Czy działa?"),
            (
                "Nie.\n-----Wiadomość oryginalna-----\nOd: BOK\nCzy działa?",
                "Nie.",
                "-----Wiadomość oryginalna-----\nOd: BOK\nCzy działa?",
            ),
            (
                "Nie.\n\nOd: BOK <a@b.pl>\nWysłano: piątek\nDo: Jan\nTemat: DZ-1\n\nCzy działa?",
                "Nie.",
                "Od: BOK <a@b.pl>\nWysłano: piątek\nDo: Jan\nTemat: DZ-1\n\nCzy działa?",
            ),
            ("*From:* nikt więcej nie dzwonił", "*From:* nikt więcej nie dzwonił", ""),
            (
                "Od: 22 555 01 20\nDo: 601 555 210\nData: 20.11.2026\nNie łączy",
                "Od: 22 555 01 20\nDo: 601 555 210\nData: 20.11.2026\nNie łączy",
                "",
            ),
            (
                "Nadal nie.\n\npt., 20 lis 2026 o 14:03 Dzwoni – pomoc <a@b.pl>\nnapisał(a):\n\n> Czy działa?",
                "Nadal nie.",
                "pt., 20 lis 2026 o 14:03 Dzwoni – pomoc <a@b.pl>\nnapisał(a):\n\n> Czy działa?",
            ),
            (
                "Nie.\n\nWiadomość napisana przez BOK <a@b.pl> w dniu 20 lis 2026, o godz. 14:03:\n\n> Czy działa?",
                "Nie.",
                "Wiadomość napisana przez BOK <a@b.pl> w dniu 20 lis 2026, o godz. 14:03:\n\n> Czy działa?",
            ),
            (
                "Proszę.\n________________________________\nOd: BOK\nTreść",
                "Proszę.",
                "________________________________\nOd: BOK\nTreść",
            ),
            ("> A?\nTak.\n> B?\nNie.", "> A?\nTak.\n> B?\nNie.", ""),
            ("> sam cytat\n> i nic więcej", "> sam cytat\n> i nic więcej", ""),
            (
                "Patrz niżej\n\n---------- Forwarded message ---------\nOd: Anna\nNie działa 22 555 01 20",
                "Patrz niżej",
                "---------- Forwarded message ---------\nOd: Anna\nNie działa 22 555 01 20",
            ),
            ("", "", ""),
        ];
        for (text, own, quoted) in table {
            assert_eq!(split_quotation(text), (own.to_owned(), quoted.to_owned()), "{text}");
        }
    }

    #[test]
    fn quote_headers_are_split_off() {
        let table = [
            (
                "Od: Anna <a@b.pl>\nWysłano: piątek 14:03\nDo: BOK\n\nNie działa",
                "Nie działa",
                "Od: Anna <a@b.pl>\nWysłano: piątek 14:03\nDo: BOK\n",
            ),
            (
                "W dniu 20.11.2026 o 14:03 Anna pisze:\n> Nie działa",
                "> Nie działa",
                "W dniu 20.11.2026 o 14:03 Anna pisze:",
            ),
            ("Od: 22 555 01 20\nDo: 601 555 210\nData: dziś", "Od: 22 555 01 20\nDo: 601 555 210\nData: dziś", ""),
            ("", "", ""),
        ];
        for (text, rest, headers) in table {
            assert_eq!(split_off_quote_headers(text), (rest.to_owned(), headers.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn splitting_loses_no_word(text in "(> |od: |temat: |wrote:|--|[a-z]{1,3}| |\n){0,40}") {
            let (own, quoted) = split_quotation(&text);
            let mut before: Vec<_> = text.split_whitespace().collect();
            let mut after: Vec<_> = own.split_whitespace().chain(quoted.split_whitespace()).collect();
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
