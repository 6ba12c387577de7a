//! Emails as people write them, and what is extracted from them.

use i18n::Lang;
use phone::Party;
use proptest::prelude::*;
use time::macros::datetime;

use crate::extract::*;

/// Friday, 20 November 2026, 15:00 in Warsaw.
const NOW: OffsetDateTime = datetime!(2026-11-20 14:00 UTC);

fn extract_from_mail(subject: &str, body: &str) -> Extraction {
    let mail =
        ParsedMessage { subject: subject.into(), body: body.into(), date: Some(NOW), ..ParsedMessage::default() };
    extract(&mail, NOW, 90)
}

/// Formats an extraction as "category | caller→callee | time | error text".
fn summarize(extraction: &Extraction) -> String {
    let category = match extraction.category {
        Some(ExtractedCategory::LoggedOut) => "logged-out",
        Some(ExtractedCategory::Audio) => "audio",
        Some(ExtractedCategory::Incoming) => "incoming",
        Some(ExtractedCategory::Outgoing) => "outgoing",
        None => "unknown",
    };
    let parties = match &extraction.account {
        Some(account) => account.canonical(),
        None => format!("{}→{}", format_party(&extraction.caller), format_party(&extraction.callee)),
    };
    let error_text = extraction.error_text.as_deref().unwrap_or_default();
    format!("{category} | {parties} | {} | {error_text}", format_call_time(extraction))
}

fn format_party(party: &Option<ExtractedParty>) -> String {
    match party {
        Some(ExtractedParty { party: Party::Withheld, .. }) => "withheld".into(),
        Some(ExtractedParty { party, .. }) => party.canonical(),
        None => String::new(),
    }
}

fn format_call_time(extraction: &Extraction) -> String {
    let at = extraction.call_time.map(|(at, _)| at);
    at.map(|at| format!("{} {}", local_time::format_date(at), local_time::format_time(at))).unwrap_or_default()
}

#[test]
fn calls_are_extracted_from_emails() {
    let table = [
        (
            "Nie mogę zadzwonić za granicę",
            "Dzień dobry,\ndzwoniłem dziś o 14:05 z numeru 22 555 01 20 na 0044 20 8190 0322 i słyszę „503 Service Unavailable”.\nJan",
            "outgoing | +48225550120→+442081900322 | 20.11.2026 14:05 | 503 Service Unavailable",
        ),
        (
            "Problem",
            "Nikt nie może się do nas dodzwonić, nasz numer to 22 555 01 20. Klient dzwonił z 601 555 210 wczoraj około 10.",
            "incoming | +48601555210→+48225550120 | 19.11.2026 10:00 | ",
        ),
        (
            "Nasz klient nie może się dodzwonić do nas",
            "Nasz klient (tel. 601 555 210) dzwoni bez skutku na 22 555 01 20.",
            "incoming | +48601555210→+48225550120 |  | ",
        ),
        (
            "połączenia przychodzące",
            "Dnia 18.11.2026 o godz. 9.30 dzwoniono z numeru zastrzeżonego na 22 555 01 20.",
            "incoming | withheld→+48225550120 | 18.11.2026 9:30 | ",
        ),
        (
            "Telefon się nie loguje",
            "Konto 12345-101 jest wylogowane od rana. IP 203.0.113.8",
            "logged-out | 12345-101 |  | ",
        ),
        (
            "Echo",
            "W rozmowach słychać echo. 19 listopada o 16:20 z 12345-102 do 601 555 210.",
            "audio | 12345-102→+48601555210 | 19.11.2026 16:20 | ",
        ),
        (
            "Cannot call",
            "Hello, we cannot call +44 20 8190 0322 from our number 22 555 01 20. Error: 486 Busy Here. It was yesterday at 2:05 pm.",
            "outgoing | +48225550120→+442081900322 | 19.11.2026 14:05 | 486 Busy Here",
        ),
        ("Dzień dobry", "Proszę o fakturę nr 225550120 za październik. NIP 525-224-84-81", "unknown | → |  | "),
        ("", "", "unknown | → |  | "),
        ("Pilne!!!", "Nie działa!!!\n-- \nJan Nowak\ntel. 601 555 210", "unknown | → |  | "),
        (
            "nie mogę zadzwonić",
            "A: 22 555 01 20\nB: 0044 20 8190 0322\nCzas: 20.11.2026 14:05:30\nKomunikat: 403 Forbidden",
            "outgoing | +48225550120→+442081900322 | 20.11.2026 14:05 | 403 Forbidden",
        ),
        (
            "nie mogę zadzwonić",
            "22 555 01 20\n601 555 210\n23:50",
            "outgoing | +48225550120→+48601555210 | 19.11.2026 23:50 | ",
        ),
        ("cena", "Zapłaciłem 500 zł i 404 gr, czy to dobrze?", "unknown | → |  | "),
    ];
    for (subject, body, expected) in table {
        assert_eq!(summarize(&extract_from_mail(subject, body)), expected, "{subject}: {body}");
    }
}

#[test]
fn an_announcement_and_the_code_beside_it_are_one_error_text() {
    let table = [
        ("usłyszałam „abonent czasowo niedostępny”, na telefonie 480", "abonent czasowo niedostępny, 480"),
        ("błąd 503, słyszę \"brak wolnych linii\"", "brak wolnych linii, 503"),
        ("Na ekranie kod 403. Głos mówi »brak środków«.", "brak środków, 403"),
        ("Kod: 480\n\nKomunikat: abonent niedostępny", "480, abonent niedostępny"),
        ("„abonent czasowo niedostępny” (Q.850: cause 20)", "abonent czasowo niedostępny, Q.850 20"),
        ("„480 Temporarily Unavailable”, kod 480", "480 Temporarily Unavailable"),
        ("usłyszałam abonent niedostępny, na telefonie 480", "usłyszałam abonent niedostępny, na telefonie 480"),
        // an extension, a room, a price
        ("z wew. 503 słyszę „abonent niedostępny”", "abonent niedostępny"),
        ("pokój 503, „abonent niedostępny”", "abonent niedostępny"),
        ("za 500 zł słyszę „brak środków”", "brak środków"),
        ("klient 601 555 480 słyszy „abonent niedostępny”", "abonent niedostępny"),
        ("Słyszę „cisza”, a „Zadzwoń” nie działa", ""),
    ];
    for (body, expected) in table {
        assert_eq!(extract_from_mail("Problem", body).error_text.unwrap_or_default(), expected, "{body}");
    }
}

#[test]
fn days_and_times_are_parsed_as_people_write_them() {
    let table = [
        ("wczoraj ok. 14", "19.11.2026 14:00"),
        ("wczoraj ok. 14 osób dzwoniło", ""),
        ("przedwczoraj o 15-tej", "18.11.2026 15:00"),
        ("20.11 o 14:05", "20.11.2026 14:05"),
        ("20.11 14:05", "20.11.2026 14:05"),
        ("20.11.2026r. godz.14:05", "20.11.2026 14:05"),
        ("20 listopada 2026, godz. 14.05", "20.11.2026 14:05"),
        ("19 lis 2026 o 14.05", "19.11.2026 14:05"),
        ("w środę o 9:15", "18.11.2026 9:15"),
        ("w zeszły piątek o 9:15", ""),
        ("on Monday at 9:15", "16.11.2026 9:15"),
        ("pracujemy od 8:00 do 16:00", ""),
        ("o 14", ""),
        ("wczoraj o 3", ""),
        ("mam 14 telefonów, dziś żaden", ""),
    ];
    for (body, expected) in table {
        assert_eq!(format_call_time(&extract_from_mail("", body)), expected, "{body}");
    }
}

#[test]
fn an_extracted_time_is_never_exact() {
    let extraction = extract_from_mail("", "dziś o 14:05 z 22 555 01 20 na 601 555 210");
    assert_eq!(extraction.call_time.map(|(_, precision)| precision), Some(CallTimePrecision::FiveMinutes));
}

#[test]
fn the_number_in_the_signature_is_the_contact_number_and_not_a_party() {
    let extraction =
        extract_from_mail("nie mogę zadzwonić", "na 0044 20 8190 0322\n\nPozdrawiam\nJan Nowak\ntel. 601 555 210");
    assert_eq!(extraction.caller, None);
    assert_eq!(extraction.contact_phone.as_deref(), Some("+48601555210"));
}

#[test]
fn a_forwarded_message_is_read_if_the_sender_wrote_no_details() {
    let mail = ParsedMessage {
        subject: "Fwd: problem".into(),
        body: "Proszę o pomoc".into(),
        quoted: "Od: Anna\nNie mogę zadzwonić z 22 555 01 20 na 601 555 210 dziś o 14:05".into(),
        date: Some(NOW),
        ..ParsedMessage::default()
    };
    assert_eq!(summarize(&extract(&mail, NOW, 90)), "outgoing | +48225550120→+48601555210 | 20.11.2026 14:05 | ");
}

#[test]
fn relative_days_count_from_the_date_of_the_message() {
    let mail = |date| ParsedMessage { body: "dziś o 14:05".into(), date, ..ParsedMessage::default() };
    let at = |date| extract(&mail(date), NOW, 90).call_time.map(|(at, _)| local_time::format_date(at));
    assert_eq!(at(Some(NOW - time::Duration::days(2))).as_deref(), Some("18.11.2026"));
    assert_eq!(at(Some(NOW - time::Duration::days(400))).as_deref(), Some("20.11.2026"), "the sender's clock is wrong");
    assert_eq!(at(Some(NOW + time::Duration::days(1))).as_deref(), Some("20.11.2026"));
    assert_eq!(at(None).as_deref(), Some("20.11.2026"));
}

#[test]
fn the_language_of_the_text_is_detected() {
    assert_eq!(extract_from_mail("", "Dzień dobry, nie działa").lang, Lang::Pl);
    assert_eq!(extract_from_mail("", "nie moge dzwonic na numer").lang, Lang::Pl);
    assert_eq!(extract_from_mail("", "Hello, we can not call our office, please help").lang, Lang::En);
    assert_eq!(extract_from_mail("", "").lang, Lang::Pl);
}

proptest! {
    #[test]
    fn any_text_is_extracted_without_a_panic_or_a_future_time(text in "([0-9+():. /-]{1,4}|o |z |na |godz |dziś |503 |„|”|[a-zżó ]{1,4}|\n){0,60}") {
        let extraction = extract_from_mail(&text, &text);
        prop_assert!(extraction.call_time.is_none_or(|(at, _)| at <= NOW));
    }
}
