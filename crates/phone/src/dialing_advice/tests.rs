use proptest::prelude::*;
use rlibphonenumber::{PHONE_NUMBER_UTIL, PhoneNumberFormat};

use crate::dialing_advice::*;
use i18n::Lang;

fn advise_with_operator_codes(typed: &str) -> DialingAdvice {
    let code =
        |code: &str| ShortCode { code: code.into(), name_pl: "poczta głosowa".into(), name_en: "voicemail".into() };
    advise_dialing(typed, &[code("*97"), code("*98")])
}

fn note_ids(notes: &[UiMessage]) -> Vec<&str> {
    notes.iter().map(|note| note.id.as_ref()).collect()
}

#[test]
fn what_to_dial_follows_the_operators_rule() {
    use DialingVerdict::{Correct, DialDifferently};
    for (typed, verdict, dial, note) in [
        ("22 122 80 22", Correct, "22 122 80 22", None),
        ("(22) 122-80-22", Correct, "22 122 80 22", None),
        ("601555210", Correct, "601 555 210", None),
        ("0044 20 8190 0322", Correct, "0044 20 8190 0322", None),
        ("+48 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-plus-poland")),
        ("0048 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-48")),
        ("48 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-48")),
        ("0 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-trunk")),
        ("00 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-00-poland")),
        ("+22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-00-poland")),
        ("000 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-00-poland")),
        ("+48 48 22 122 80 22", DialDifferently, "22 122 80 22", Some("number-note-48-twice")),
        ("4848601555210", DialDifferently, "601 555 210", Some("number-note-48-twice")),
        ("0048 0048 601 555 210", DialDifferently, "601 555 210", Some("number-note-48-twice")),
        ("+44 20 8190 0322", DialDifferently, "0044 20 8190 0322", Some("number-note-plus-abroad")),
        ("44 20 8190 0322", DialDifferently, "0044 20 8190 0322", Some("number-note-00-missing")),
        ("0044 020 8190 0322", DialDifferently, "0044 20 8190 0322", Some("number-note-zero")),
        ("0044 (0)20 8190 0322", DialDifferently, "0044 20 8190 0322", Some("number-note-bracket")),
        ("112", Correct, "112", None),
        ("+48 116 111", DialDifferently, "116111", None),
        ("*97", Correct, "*97", None),
        ("101", Correct, "101", Some("number-note-inside")),
        ("22 122 80 22 wew. 12", DialDifferently, "22 122 80 22", Some("number-note-extension")),
    ] {
        let advice = advise_with_operator_codes(typed);
        assert_eq!((advice.verdict, advice.dial_string.as_deref()), (verdict, Some(dial)), "{typed}: {advice:?}");
        assert_eq!(note_ids(&advice.notes).first().copied(), note, "{typed}");
    }
    assert_eq!(
        note_ids(&advise_with_operator_codes("+44 (0)20 8190 0322").notes),
        ["number-note-plus-abroad", "number-note-bracket"]
    );
}

#[test]
fn what_can_not_be_dialled_is_told_why() {
    use DialingVerdict::{Invalid, Unassigned};
    let long = "9".repeat(10_000);
    for (typed, verdict, notes) in [
        ("122 80 22", Invalid, vec!["number-area-missing"]),
        ("22 122 80 2", Invalid, vec!["number-digits", "number-note-one-short"]),
        ("22 122 80 222", Invalid, vec!["number-digits", "number-note-one-many"]),
        ("", Invalid, vec!["number-empty-callee"]),
        (&long, Invalid, vec!["number-too-much-text"]),
        ("😀", Invalid, vec!["number-nonsense"]),
        ("999 999 999", Unassigned, vec![]),
        ("+48 22 122 80 2", Unassigned, vec!["number-note-one-short"]),
        ("0044 20 8190 03", Unassigned, vec!["number-note-too-short"]),
        ("0044 20 8190 0322 99", Unassigned, vec!["number-note-too-long"]),
        ("+999 123 4567", Invalid, vec![]),
    ] {
        let advice = advise_with_operator_codes(typed);
        assert_eq!((advice.verdict, note_ids(&advice.notes)), (verdict, notes), "{typed}: {advice:?}");
    }
}

#[test]
fn calls_abroad_and_dear_ones_are_told_apart() {
    for (typed, is_abroad, is_dear) in [
        ("22 122 80 22", false, false),
        ("0044 20 8190 0322", true, false),
        ("701 234 567", false, true),
        ("800 123 456", false, false),
        ("00979 1 2345 6789", true, true),
        ("112", false, false),
    ] {
        let advice = advise_with_operator_codes(typed);
        assert_eq!((advice.is_international, advice.is_premium_rate), (is_abroad, is_dear), "{typed}");
    }
    let kind = advise_with_operator_codes("\u{202b}+44 20 8190 0322\u{200f}").description.unwrap();
    assert_eq!(Lang::Pl.format(&kind), "numer zagraniczny, Wielka Brytania");
    assert_eq!(
        Lang::En.format(&advise_with_operator_codes("*97").description.unwrap()),
        "a service of ours: voicemail"
    );
}

#[test]
fn every_country_has_a_name_and_its_numbers_can_be_dialled() {
    for region in PHONE_NUMBER_UTIL.get_supported_regions() {
        let Ok(number) = PHONE_NUMBER_UTIL.get_example_number(region) else { continue };
        let e164 = number.format_as(PhoneNumberFormat::E164).into_owned();
        let advice = advise_with_operator_codes(&e164);
        assert_eq!(advice.verdict, DialingVerdict::DialDifferently, "{region:?} {e164}: {advice:?}");
        let again = advise_with_operator_codes(&advice.dial_string.unwrap());
        assert_eq!(again.verdict, DialingVerdict::Correct, "{region:?} {e164}: {again:?}");
        for lang in Lang::ALL {
            let kind = lang.format(&again.description.clone().unwrap());
            assert!(!kind.contains('+'), "{region:?} has no name: {kind}");
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn no_text_is_too_strange(typed in prop_oneof![".*", "[-+0-9 ()/.*#]{0,40}", "(48|00|\\+|22|601|[0-9]){0,20}"]) {
        let advice = advise_with_operator_codes(&typed);
        for say in advice.notes.iter().chain(&advice.description) {
            prop_assert!(Lang::Pl.format(say) != say.id);
        }
    }

    #[test]
    fn what_to_dial_is_right_when_it_is_typed(
        typed in prop_oneof!["[-+0-9 ()]{2,20}", "(48|00|\\+){0,3}[1-9][0-9]{6,12}", "[0-9]{9}"]
    ) {
        let advice = advise_with_operator_codes(&typed);
        if let (Some(dial), DialingVerdict::Correct | DialingVerdict::DialDifferently) = (&advice.dial_string, advice.verdict) {
            let again = advise_with_operator_codes(dial);
            prop_assert_eq!((again.verdict, again.dial_string.as_ref()), (DialingVerdict::Correct, Some(dial)), "{}", typed);
        }
    }
}
