use proptest::prelude::*;
use time::{Date, macros::date};

use crate::desk::queue::search::*;
use crate::i18n::{Lang, strip_typography};

/// A Friday.
const TODAY: Date = date!(2026 - 11 - 20);

fn chips(typed: &str) -> Vec<String> {
    let line = normalize_query(typed);
    let readings = parse(&line, TODAY);
    let has_day = readings.iter().any(|reading| matches!(reading.condition, SearchCondition::Days { .. }));
    readings.iter().map(|reading| strip_typography(&Lang::Pl.format(&reading.chip_message(&line, has_day)))).collect()
}

#[test]
fn every_way_of_searching_is_read() {
    let mut wrong = Vec::new();
    let (friday, thursday) = ("dzień: pt. 20.11.2026", "dzień: czw. 19.11.2026");
    for (typed, read) in [
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
        // whose, and how far
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
        // together
        (
            "22 122 80 22 kod:503 wczoraj 14:00-14:30 moje \"brak linii\"",
            &["numer: 22 122 80 22", "kod: 503", thursday, "godziny: 14:00–14:30", "moje", "dokładnie: „brak linii”"],
        ),
    ] {
        if chips(typed) != read {
            wrong.push(format!("{typed} was read as {:?}", chips(typed)));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn a_reading_can_be_taken_out_and_leaves_the_others() {
    let without = |typed: &str, at| {
        let line = normalize_query(typed);
        remove_term(&line, &parse(&line, TODAY), at, TODAY)
    };
    assert_eq!(without("kod:503 wczoraj 14:00-14:30", 0), "wczoraj 14:00-14:30");
    assert_eq!(without("8022 dziś 5210", 1), "8022, 5210");
    assert_eq!(without("moje", 0), "");
}

#[test]
fn days_and_hours_are_one_time() {
    use time::macros::datetime;
    let span = |typed: &str| {
        let criteria = SearchCriteria::from_terms(&parse(&normalize_query(typed), TODAY), uuid::Uuid::nil(), TODAY);
        criteria.time_range.map(|span| (span.from, span.to))
    };
    // winter time, an hour before UTC
    for (typed, from, to) in [
        ("dziś", datetime!(2026-11-19 23:00 UTC), datetime!(2026-11-20 23:00 UTC)),
        ("14:00-14:30", datetime!(2026-11-20 13:00 UTC), datetime!(2026-11-20 13:31 UTC)),
        ("wczoraj 23:30-0:30", datetime!(2026-11-19 22:30 UTC), datetime!(2026-11-19 23:31 UTC)),
        ("wczoraj dziś", datetime!(2026-11-18 23:00 UTC), datetime!(2026-11-20 23:00 UTC)),
        ("29.03 2:10-2:20", datetime!(2026-03-29 0:10 UTC), datetime!(2026-03-29 1:21 UTC)),
        ("25.10 2:10-2:20", datetime!(2026-10-25 0:10 UTC), datetime!(2026-10-25 1:21 UTC)),
    ] {
        assert_eq!(span(typed), Some((from, to)), "{typed}");
    }
    assert_eq!(span("moje"), None);
}

/// Pieces as people put them together.
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
    fn readings_lie_side_by_side_and_can_be_taken_out_one_by_one(pieces in prop::collection::vec(query_piece(), 0..7)) {
        let line = normalize_query(&pieces.join(" "));
        let readings = parse(&line, TODAY);
        let mut end = 0;
        for reading in &readings {
            prop_assert!(reading.range.start >= end && reading.range.end > reading.range.start, "{readings:?}");
            end = reading.range.end;
            reading.chip_message(&line, true);
        }
        for dropped in 0..readings.len() {
            let rest = remove_term(&line, &readings, dropped, TODAY);
            let left: Vec<_> = parse(&rest, TODAY).into_iter().map(|reading| reading.condition).collect();
            let mut expected: Vec<_> = readings.iter().map(|reading| reading.condition.clone()).collect();
            expected.remove(dropped);
            prop_assert_eq!(left, expected, "{} without {} is {}", line, dropped, rest);
        }
    }

    #[test]
    fn nothing_typed_makes_it_fail_badly(typed: String) {
        let line = normalize_query(&typed);
        let readings = parse(&line, TODAY);
        SearchCriteria::from_terms(&readings, uuid::Uuid::nil(), TODAY);
        for at in 0..readings.len() {
            remove_term(&line, &readings, at, TODAY);
        }
    }
}
