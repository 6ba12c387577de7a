use proptest::prelude::*;
use time::{Date, macros::date};

use super::*;
use crate::i18n::{Lang, strip_typography};

const TODAY_FRIDAY: Date = date!(2026 - 11 - 20);

fn chips(text: &str) -> Vec<String> {
    let line = normalize_query(text);
    let terms = parse(&line, TODAY_FRIDAY);
    let has_day = terms.iter().any(|term| matches!(term.condition, SearchCondition::Days { .. }));
    terms.iter().map(|term| strip_typography(&Lang::Pl.format(&term.chip_message(&line, has_day)))).collect()
}

#[test]
fn search_text_is_parsed_into_the_expected_chips() {
    let mut failures = Vec::new();
    let (friday, thursday) = ("dzień: pt. 20.11.2026", "dzień: czw. 19.11.2026");
    for (text, expected) in [
        // numbers
        ("22 122-80-22", &["numer: 22 122 80 22"][..]),
        ("0048221228022", &["numer: 22 122 80 22"]),
        ("+48 22 122 80 22", &["numer: 22 122 80 22"]),
        ("44 20 8190 0322", &["cyfry numeru: 442081900322"]),
        ("22 122", &["cyfry numeru: 22122"]),
        ("8022", &["cyfry numeru: 8022"]),
        ("+48 22", &["cyfry numeru: +4822"]),
        ("22 122 80 22 601 555 210", &["numer: 22 122 80 22", "numer: 601 555 210"]),
        ("22 555 01 20 → 0044 20 8190 0322", &["numer: 22 555 01 20", "numer: 0044 20 8190 0322"]),
        ("a:22 122 80 22 do:0044", &["od: 22 122 80 22", "do, cyfry: 0044"]),
        ("od: 8022", &["od, cyfry: 8022"]),
        ("b:12345-101", &["do: 12345-101"]),
        ("12345-101 22 122", &["numer: 12345-101", "cyfry numeru: 22122"]),
        ("od:zastrzeżony", &["od: numer zastrzeżony"]),
        ("tel:+48221228022", &["numer: 22 122 80 22"]),
        ("*100#", &["numer: *100#"]),
        ("101", &["numer: 101"]),
        // accounts and addresses
        ("konto:Recepcja", &["konto SIP: recepcja"]),
        ("sip:anna@sip.example.org", &["konto SIP: anna@sip.example.org"]),
        ("from:anna", &["od: anna"]),
        ("Jan.Nowak@Example.com", &["e-mail: jan.nowak@example.com"]),
        ("198.51.100.7", &["adres IP: 198.51.100.7"]),
        ("2001:db8::7", &["adres IP: 2001:db8::7"]),
        ("22.122.80.22", &["numer: 22 122 80 22"]),
        // codes
        ("kod:503 code:486", &["kod: 503", "kod: 486"]),
        ("503", &["kod: 503"]),
        ("503 22 122 80 22", &["kod: 503", "numer: 22 122 80 22"]),
        ("numer:503", &["numer: 503"]),
        ("a:503", &["od: 503"]),
        // times
        ("dziś", &[friday]),
        ("Dzis", &[friday]),
        ("wczoraj 14:00-14:30", &[thursday, "godziny: 14:00–14:30"]),
        ("wczoraj, 14:00 – 14:30", &[thursday, "godziny: 14:00–14:30"]),
        ("wczoraj od 14:00 do 14:30", &[thursday, "godziny: 14:00–14:30"]),
        ("wczoraj 14-15", &[thursday, "godziny: 14:00–15:00"]),
        ("w piątek o 14", &[friday, "godziny: 13:30–14:30"]),
        ("thursday at 2:05 pm", &[thursday, "godziny: 14:00–14:10"]),
        ("14:00-14:30", &["dziś: 14:00–14:30"]),
        ("14:05", &["dziś: 14:00–14:10"]),
        ("0:02", &["dziś: 0:00–0:07"]),
        ("23:58", &["dziś: 23:53–23:59"]),
        ("2026-11-19", &[thursday]),
        ("19.11", &[thursday]),
        ("czw. 19.11.2026", &[thursday]),
        ("19 listopada 2026", &[thursday]),
        ("Thursday, 19 November 2026", &[thursday, thursday]),
        ("18.11-20.11", &["dni: śr. 18.11.2026 – pt. 20.11.2026"]),
        ("środa do piątek", &["dni: śr. 18.11.2026 – pt. 20.11.2026"]),
        ("pn", &["dzień: pon. 16.11.2026"]),
        // assignee, status and category
        ("moje", &["moje"]),
        ("mine free", &["moje", "wolne"]),
        ("status:otwarte", &["status: w toku"]),
        ("status:open stan:w toku", &["status: w toku", "status: w toku"]),
        ("dziś i otwarte", &[friday, "status: w toku"]),
        ("aktywne dźwięk", &["status: niezakończone", "kategoria: dźwięk"]),
        // references
        ("DZ-00000-00000", &["zgłoszenie: DZ-00000-00000"]),
        ("dz 00000 00001", &["zgłoszenie: dz 00000 00001"]),
        ("DZ-1", &["zgłoszenie: DZ-1"]),
        // words
        ("\"brak wolnych linii\"", &["dokładnie: „brak wolnych linii”"]),
        ("„brak linii", &["dokładnie: „brak linii”"]),
        ("abonent niedostępny wczoraj", &["słowa: abonent niedostępny", thursday]),
        ("dzwonek", &["słowa: dzwonek"]),
        ("kod:abc", &["słowa: kod abc"]),
        ("słowa:moje", &["słowa: moje"]),
        ("%", &["nieczytelne: %"]),
        ("", &[]),
        // combined
        (
            "22 122 80 22 kod:503 wczoraj 14:00-14:30 moje \"brak linii\"",
            &["numer: 22 122 80 22", "kod: 503", thursday, "godziny: 14:00–14:30", "moje", "dokładnie: „brak linii”"],
        ),
    ] {
        if chips(text) != expected {
            failures.push(format!("{text}: {:?}", chips(text)));
        }
    }
    assert!(failures.is_empty(), "{failures:#?}");
}

#[test]
fn removing_a_term_keeps_the_meaning_of_the_others() {
    let without = |text: &str, index| {
        let line = normalize_query(text);
        remove_term(&line, &parse(&line, TODAY_FRIDAY), index, TODAY_FRIDAY)
    };
    assert_eq!(without("kod:503 wczoraj 14:00-14:30", 0), "wczoraj 14:00-14:30");
    assert_eq!(without("8022 dziś 5210", 1), "8022, 5210");
    assert_eq!(without("moje", 0), "");
}

#[test]
fn days_and_hours_combine_into_one_utc_range() {
    use time::macros::datetime;
    let range_of = |text: &str| {
        let terms = parse(&normalize_query(text), TODAY_FRIDAY);
        let criteria = SearchCriteria::from_terms(&terms, uuid::Uuid::nil(), TODAY_FRIDAY);
        criteria.time_range.map(|range| (range.from, range.to))
    };
    // winter time, one hour ahead of UTC
    for (text, from, to) in [
        ("dziś", datetime!(2026-11-19 23:00 UTC), datetime!(2026-11-20 23:00 UTC)),
        ("14:00-14:30", datetime!(2026-11-20 13:00 UTC), datetime!(2026-11-20 13:31 UTC)),
        ("wczoraj 23:30-0:30", datetime!(2026-11-19 22:30 UTC), datetime!(2026-11-19 23:31 UTC)),
        ("wczoraj dziś", datetime!(2026-11-18 23:00 UTC), datetime!(2026-11-20 23:00 UTC)),
        ("29.03 2:10-2:20", datetime!(2026-03-29 0:10 UTC), datetime!(2026-03-29 1:21 UTC)),
        ("25.10 2:10-2:20", datetime!(2026-10-25 0:10 UTC), datetime!(2026-10-25 1:21 UTC)),
    ] {
        assert_eq!(range_of(text), Some((from, to)), "{text}");
    }
    assert_eq!(range_of("moje"), None);
}

fn query_piece() -> impl Strategy<Value = String> {
    const KNOWN: &[&str] = &[
        "moje",
        "wolne",
        "dziś",
        "wczoraj",
        "14:00-14:30",
        "14:05",
        "20.11",
        "20.11.2026",
        "2026-11-20",
        "piątek",
        "kod:503",
        "503",
        "status:open",
        "w toku",
        "nowe",
        "dźwięk",
        "22 122 80 22",
        "+48 22 122",
        "8022",
        "12345-101",
        "0044 20 8190 0322",
        "a:8022",
        "do:",
        "od:",
        "\"brak linii\"",
        "\"",
        "abonent",
        "niedostępny",
        "jan@example.com",
        "198.51.100.7",
        "DZ-00000-00000",
        "dz",
        "o",
        "od",
        "i",
        "-",
        ",",
        "→",
        "%",
        "konto:anna",
        "listopada",
        "14",
        "pm",
    ];
    prop_oneof![8 => proptest::sample::select(KNOWN).prop_map(str::to_owned), 1 => ".{0,6}"]
}

proptest! {
    #[test]
    fn terms_do_not_overlap_and_each_can_be_removed_alone(pieces in prop::collection::vec(query_piece(), 0..7)) {
        let line = normalize_query(&pieces.join(" "));
        let terms = parse(&line, TODAY_FRIDAY);
        let mut end = 0;
        for term in &terms {
            prop_assert!(term.range.start >= end && term.range.end > term.range.start, "{terms:?}");
            end = term.range.end;
            term.chip_message(&line, true);
        }
        for removed in 0..terms.len() {
            let text = remove_term(&line, &terms, removed, TODAY_FRIDAY);
            let remaining: Vec<_> = parse(&text, TODAY_FRIDAY).into_iter().map(|term| term.condition).collect();
            let mut expected: Vec<_> = terms.iter().map(|term| term.condition.clone()).collect();
            expected.remove(removed);
            prop_assert_eq!(remaining, expected, "{} without {} is {}", line, removed, text);
        }
    }

    #[test]
    fn no_text_makes_the_parser_panic(text: String) {
        let line = normalize_query(&text);
        let terms = parse(&line, TODAY_FRIDAY);
        SearchCriteria::from_terms(&terms, uuid::Uuid::nil(), TODAY_FRIDAY);
        for index in 0..terms.len() {
            remove_term(&line, &terms, index, TODAY_FRIDAY);
        }
    }
}
