mod properties;

use std::borrow::Cow;

use super::*;
use i18n::{MessageArg, UiMessage};
use strum::VariantArray;

fn error_id(read: Result<Party, UiMessage>) -> Cow<'static, str> {
    read.map_or_else(|say| say.id, |party| panic!("{party:?} was accepted"))
}

#[test]
fn what_people_write_is_read() {
    use PartyKind::{Account, Number, Short};
    for (typed, kind, canonical, display) in [
        ("22 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("22 555-01-20", Number, "+48225550120", "22 555 01 20"),
        ("(22) 122.80.22", Number, "+48221228022", "22 122 80 22"),
        ("22/122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("+48 22 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("(+48) 221228022", Number, "+48221228022", "22 122 80 22"),
        ("0048221228022", Number, "+48221228022", "22 122 80 22"),
        ("48221228022", Number, "+48221228022", "22 122 80 22"),
        ("48 (0)22 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("0 22 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("(0 22) 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("(0)22 122 80 22", Number, "+48221228022", "22 122 80 22"),
        ("48 371 67 86", Number, "+48483716786", "48 371 67 86"),
        ("＋４８　６０１５５５２１０", Number, "+48601555210", "601 555 210"),
        ("\u{202A}601\u{A0}555\u{2009}210\u{202C}", Number, "+48601555210", "601 555 210"),
        ("tel. kom.: 601–555–210", Number, "+48601555210", "601 555 210"),
        ("601,555,210", Number, "+48601555210", "601 555 210"),
        ("tel:+48-22-122-80-22", Number, "+48221228022", "22 122 80 22"),
        ("sip:+48221228022@sip.example.org", Number, "+48221228022", "22 122 80 22"),
        ("SIPS:%2B48221228022@example.org:5061;transport=tls", Number, "+48221228022", "22 122 80 22"),
        ("\"Biuro\" <sip:221228022@example.org>;tag=1", Number, "+48221228022", "22 122 80 22"),
        ("0044 20 8190 0322", Number, "+442081900322", "0044 20 8190 0322"),
        ("+44 (0)20 8190 0322", Number, "+442081900322", "0044 20 8190 0322"),
        ("+1 (212) 555-0123", Number, "+12125550123", "001 212 555 0123"),
        ("0039 06 1234 5678", Number, "+390612345678", "0039 06 1234 5678"),
        // numbers that do not exist are kept as they were dialled
        ("999 999 999", Number, "+48999999999", "999 999 999"),
        ("004402081900322", Number, "+4402081900322", "0044 020 819 003 22"),
        ("+999 123 4567", Number, "+9991234567", "00999 123 4567"),
        ("+48 22 122 80 2", Number, "+4822122802", "0048 221 228 02"),
        ("112", Short, "112", "112"),
        ("9-9-9", Short, "999", "999"),
        ("19 115", Short, "19115", "19115"),
        ("116 111", Short, "116111", "116111"),
        ("118-913", Short, "118913", "118913"),
        ("+48 116 111", Short, "116111", "116111"),
        ("sip:112@example.org", Short, "112", "112"),
        ("*100#", Short, "*100#", "*100#"),
        ("#31# 601 555 210", Short, "#31#601555210", "#31#601555210"),
        ("101", Account, "101", "101"),
        ("konto: 101", Account, "101", "101"),
        ("12345-101", Account, "12345-101", "12345-101"),
        ("12345*101", Account, "12345*101", "12345*101"),
        ("Anna", Account, "anna", "anna"),
        ("anna.k_2", Account, "anna.k_2", "anna.k_2"),
        ("sip:101@host", Account, "101@host", "101@host"),
        ("\"Anna\" <sip:Anna:tajne@Example.org:5060;transport=tcp>", Account, "anna@example.org", "anna@example.org"),
    ] {
        for party in [Party::parse_caller(typed), Party::parse_callee(typed)] {
            let party = party.unwrap_or_else(|say| panic!("{typed}: {say:?}"));
            assert_eq!((party.kind(), party.canonical().as_str()), (kind, canonical), "{typed}");
            assert_eq!(party.display(), display, "{typed}");
            assert_eq!(party.extension(), None, "{typed}");
        }
    }
}

#[test]
fn extensions_are_kept_apart() {
    for typed in [
        "22 122 80 22 wew. 12",
        "22 122 80 22 w. 12",
        "22 122 80 22 (wewn. 12)",
        "22 122 80 22 ext 12",
        "221228022x12",
        "221228022#12",
        "221228022,,12",
        "tel:+48221228022;ext=12",
        "+48 22 122 80 22, WEWNĘTRZNY: 12",
    ] {
        let party = Party::parse_callee(typed).unwrap_or_else(|say| panic!("{typed}: {say:?}"));
        assert_eq!((party.canonical().as_str(), party.extension()), ("+48221228022", Some("12")), "{typed}");
        assert_eq!(Party::from_stored(party.kind(), &party.canonical(), party.extension()), party);
    }
}

#[test]
fn refusals_say_what_is_wrong() {
    let long = "2".repeat(201);
    for (typed, error) in [
        ("", "number-empty-callee"),
        (" \u{200B}\n", "number-empty-callee"),
        (long.as_str(), "number-too-much-text"),
        ("20 8190 0322", "number-digits"),
        ("8", "number-digits"),
        ("22 122 80 2", "number-digits"),
        ("442081900322", "number-digits"),
        ("122 80 22", "number-area-missing"),
        ("122-8022", "number-area-missing"),
        ("+48 12", "number-abroad-short"),
        ("+0 22 122 80 22", "number-country-zero"),
        ("+44 2081 9003 2212 34", "number-too-long"),
        ("1234567890123456", "number-too-long"),
        ("221228022 601555210", "number-two-numbers"),
        ("221228022, 601555210", "number-two-numbers"),
        ("22 122 80 22 lub 601 555 210", "number-two-numbers"),
        ("221228022/601555210", "number-two-numbers"),
        ("+48221228022 +48601555210", "number-two-numbers"),
        ("101, 102", "number-two-numbers"),
        ("6O1 555 21O", "number-letters"),
        ("Anna Nowak", "number-nonsense"),
        ("601 555 210 \u{1F600}", "number-with-words"),
        ("Jan Nowak, 601 555 210 (Orange)", "number-with-words"),
        ("\u{1F600}", "number-nonsense"),
        ("192.168.1.10", "number-nonsense"),
        ("101/102", "number-two-numbers"),
        ("łukasz", "number-nonsense"),
        ("---", "number-nonsense"),
        ("anna@", "number-nonsense"),
        ("*#*", "number-nonsense"),
        ("zastrzeżony", "number-callee-withheld"),
    ] {
        assert_eq!(error_id(Party::parse_callee(typed)), error, "{typed}");
    }
    assert_eq!(Party::parse_callee("20 8190 0322"), Err(UiMessage::new("number-digits").with("count", 10_usize)));
    let say = Party::parse_callee("6O1 555 21O").unwrap_err();
    assert_eq!(say.args[1], ("instead", MessageArg::Text("601 555 210".to_owned())));
    assert_eq!(error_id(Party::parse_caller("")), "number-empty-caller");
}

#[test]
fn a_caller_may_be_withheld() {
    for typed in [
        "zastrzeżony",
        "Zastrzezony",
        "NUMER ZASTRZEŻONY",
        "nr ukryty",
        "prywatny",
        "nieznany",
        "Anonimowe połączenie",
        "withheld",
        "anonymous",
        "Private number",
        "unknown caller",
        "no caller id",
        "brak numeru",
        "(private)",
        "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
        "zastrzez\u{307}ony",
    ] {
        assert_eq!(Party::parse_caller(typed), Ok(Party::Withheld), "{typed}");
    }
}

#[test]
fn an_account_is_only_an_account() {
    for (typed, canonical) in [
        ("101", "101"),
        ("112", "112"),
        ("12345-101", "12345-101"),
        ("Anna", "anna"),
        ("sip:anna@example.org", "anna@example.org"),
        ("sip:48221228022@example.org:5060", "48221228022@example.org"),
        ("22 122 80 22", "221228022"),
        ("konto SIP: 12345*101", "12345*101"),
    ] {
        assert_eq!(Party::parse_account(typed), Ok(Party::Account(canonical.to_owned())), "{typed}");
    }
    for (typed, error) in [
        ("", "number-empty-account"),
        ("anna nowak", "number-account-nonsense"),
        ("*100#", "number-account-nonsense"),
        ("101, 102", "number-account-two"),
        ("prywatny", "number-account-withheld"),
    ] {
        assert_eq!(error_id(Party::parse_account(typed)), error, "{typed}");
    }
}

#[test]
fn readings_are_honest() {
    for (typed, reading) in [
        ("22 122 80 22", "number-description-fixed"),
        ("601 555 210", "number-description-mobile"),
        ("800 123 456", "number-description-free"),
        ("801 123 456", "number-description-shared"),
        ("701 234 567", "number-description-premium"),
        ("39 123 45 67", "number-description-voip"),
        ("642 123 456", "number-description-pager"),
        ("804 123 456", "number-description-company"),
        ("999 999 999", "number-description-unassigned"),
        ("+48 22 122 80 2", "number-description-polish-length"),
        ("+48 0 22 122 80 22", "number-description-extra-zero"),
        ("0044 020 8190 0322", "number-description-extra-zero"),
        ("0044 20 8190 0322", "number-description-abroad"),
        ("0044 1234567", "number-description-abroad-unknown"),
        ("00800 1234 5678", "number-description-global"),
        ("00979 1 2345 6789", "number-description-abroad-premium"),
        ("00999 123 456", "number-description-no-country"),
        ("112", "number-description-emergency"),
        ("19115", "number-description-short"),
        ("*100#", "number-description-code"),
        ("101", "number-description-account"),
        ("ukryty", "number-description-withheld"),
    ] {
        assert_eq!(Party::parse_caller(typed).unwrap().description().id, reading, "{typed}");
    }
    let say = Party::parse_callee("0044 020 8190 0322").unwrap().description();
    assert_eq!(say.args[1], ("instead", MessageArg::Text("0044 20 8190 0322".to_owned())));
    assert_eq!(
        Party::parse_callee("48 371 67 86").unwrap().description(),
        UiMessage::new("number-description-fixed").with("area", 48_i64)
    );
}

#[test]
fn kinds_have_names() {
    for &kind in PartyKind::VARIANTS {
        assert_eq!(kind.into_str().parse::<PartyKind>().ok(), Some(kind));
    }
    assert_eq!("other".parse::<PartyKind>().ok(), None);
}
