//! What somebody wrote, told from what they quoted. A quotation is kept, but folded away.
//!
//! The rule: lines that begin with `>`, the line above them that says who wrote that, and everything from a mail program's
//! dividing line on ("-----Wiadomość oryginalna-----", "Od: … Wysłano: … Temat: …") are quoted. Who answers between the
//! lines of a quotation, two times or more, needs them: then nothing is folded. Neither is it if nothing else would remain.

use crate::phone::normalize::fold_diacritics;

/// Texts of dividing lines, folded, without the dashes around them.
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
/// The first headers of an answered message, as mail programs write them above it.
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
/// How a line ends that says who wrote what follows, folded.
const ATTRIBUTION_ENDINGS: [&str; 9] =
    ["wrote:", "pisze:", "napisal:", "napisala:", "napisal(a):", "napisal/a:", "napisano:", "schrieb:", "writes:"];

/// How Apple's programs begin that line.
const APPLE_ATTRIBUTION_START: &str = "wiadomosc napisana przez ";

/// The own words and the quotation.
pub fn split_quotation(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let mut is_quoted: Vec<bool> = lines.iter().map(|line| line.trim_start().starts_with('>')).collect();
    if let Some(first) = (0..lines.len()).find(|at| starts_quotation(&lines[*at..])) {
        is_quoted[first..].fill(true);
    }
    for at in 0..lines.len() {
        if is_quoted[at] && (at == 0 || !is_quoted[at - 1]) {
            for above in attribution_lines(&lines[..at]) {
                is_quoted[above] = true;
            }
        }
    }
    // blank lines belong to what follows them
    for at in (0..lines.len()).rev() {
        if lines[at].trim().is_empty() {
            is_quoted[at] = is_quoted.get(at + 1).copied().unwrap_or(true);
        }
    }
    let said = |at: usize| !lines[at].trim().is_empty() && !is_quoted[at];
    let answers = (1..lines.len()).filter(|at| said(*at) && is_quoted[at - 1]).count();
    let pick = |quoted: bool| {
        let picked = lines.iter().zip(&is_quoted).filter(|(_, is)| **is == quoted).map(|(line, _)| *line);
        picked.collect::<Vec<_>>().join("\n").trim_matches(['\n', ' ']).to_owned()
    };
    let own = pick(false);
    if own.trim().is_empty() || answers > 1 {
        return (text.trim().to_owned(), String::new());
    }
    (own, pick(true))
}

/// Whether everything from the first of these lines on is quoted.
fn starts_quotation(lines: &[&str]) -> bool {
    let Some(first) = lines.first() else { return false };
    let folded = normalize_line(first);
    let bare = folded.trim_matches(['-', '_', '=', '*', ' ']);
    let is_rule = folded.len() >= 20 && folded.chars().all(|c| c == '_' || c == '-');
    let is_marked = bare.len() < folded.len() || folded.ends_with(':');
    if is_marked && DIVIDERS.iter().any(|divider| bare == *divider || bare == divider.trim_end_matches(':')) {
        return true;
    }
    let below: Vec<String> =
        lines.iter().skip(1).map(|line| normalize_line(line)).filter(|line| !line.is_empty()).take(4).collect();
    if is_rule {
        return below.first().is_some_and(|line| FROM_HEADERS.iter().any(|from| line.starts_with(from)));
    }
    let headers =
        below.iter().take(3).filter(|line| FOLLOWING_HEADERS.iter().any(|next| line.starts_with(next))).count();
    is_from_header(&folded) && headers >= 2
}

/// "Od: Jan Nowak". A number is no sender: "Od: 22 555 01 20", "Do: …", "Data: …" is how a call is told.
fn is_from_header(plain: &str) -> bool {
    let sender = FROM_HEADERS.iter().find_map(|from| plain.strip_prefix(from));
    sender.is_some_and(|sender| sender.contains(char::is_alphabetic) || !sender.contains(|c: char| c.is_ascii_digit()))
}

/// A text without what mail programs wrote into it about the messages that it quotes, and that: who sent them and when is
/// not what they tell.
pub fn split_off_quote_headers(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().map(|line| line.trim_start_matches(['>', ' '])).collect();
    let mut is_head = vec![false; lines.len()];
    let is_header = |line: &str| {
        let line = normalize_line(line);
        FROM_HEADERS.iter().chain(&FOLLOWING_HEADERS).any(|name| line.starts_with(name))
    };
    for at in 0..lines.len() {
        if !is_head[at] && is_header(lines[at]) {
            let run = lines[at..].iter().take_while(|line| line.trim().is_empty() || is_header(line)).count();
            let run = &lines[at..at + run];
            // Thunderbird begins with the subject
            let is_whole = || run.iter().filter(|line| is_header(line)).count() >= 3;
            if run.iter().any(|line| is_from_header(&normalize_line(line)))
                && (is_whole() || starts_quotation(&lines[at..]))
            {
                is_head[at..at + run.len()].fill(true);
            }
        }
        if !lines[at].trim().is_empty() {
            for line in attribution_lines(&lines[..=at]) {
                is_head[line] = true;
            }
        }
    }
    let pick = |head: bool| {
        let picked = text.lines().zip(&is_head).filter(|(_, is)| **is == head).map(|(line, _)| line);
        picked.collect::<Vec<_>>().join("\n")
    };
    (pick(false), pick(true))
}

/// The lines just above a quotation that say whose it is: one, or two where the mail program broke it.
fn attribution_lines(above: &[&str]) -> Vec<usize> {
    let mut filled = (0..above.len()).rev().filter(|at| !above[*at].trim().is_empty());
    let Some(last) = filled.next() else { return Vec::new() };
    let starts = |line: &str| normalize_line(line).starts_with(APPLE_ATTRIBUTION_START);
    let ends = normalize_line(above[last]);
    let before = filled.next().filter(|before| before + 1 == last);
    let is_apples = ends.ends_with(':') && (starts(above[last]) || before.is_some_and(|before| starts(above[before])));
    if !is_apples && !ATTRIBUTION_ENDINGS.iter().any(|wrote| ends.ends_with(wrote)) {
        return Vec::new();
    }
    let begins = |line: &str| {
        let line = normalize_line(line);
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
        ATTRIBUTION_STARTS.iter().any(|word| line.starts_with(word)) || line.starts_with(|c: char| c.is_ascii_digit())
    };
    match before {
        Some(before) if !begins(above[last]) && begins(above[before]) => vec![before, last],
        _ => vec![last],
    }
}

/// Lower case, without Polish marks and the stars of bold text.
fn normalize_line(line: &str) -> String {
    fold_diacritics(line.trim()).replace('*', "")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::inbound_mail::quotation::*;

    #[test]
    fn quotations_are_folded() {
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
    fn what_programs_wrote_above_a_quotation_is_no_part_of_it() {
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
        for (text, rest, heads) in table {
            assert_eq!(split_off_quote_headers(text), (rest.to_owned(), heads.to_owned()), "{text}");
        }
    }

    proptest! {
        #[test]
        fn no_word_is_lost(text in "(> |od: |temat: |wrote:|--|[a-z]{1,3}| |\n){0,40}") {
            let (own, quoted) = split_quotation(&text);
            let mut before: Vec<_> = text.split_whitespace().collect();
            let mut after: Vec<_> = own.split_whitespace().chain(quoted.split_whitespace()).collect();
            before.sort_unstable();
            after.sort_unstable();
            prop_assert_eq!(before, after);
        }
    }
}
