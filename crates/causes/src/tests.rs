use proptest::prelude::*;

use super::{parse_table::parse, *};
use i18n::Lang;
use phone::normalize::fold_diacritics;

#[test]
fn the_code_of_an_error_text_is_found() {
    for (text, code) in [
        ("503", Some(503)),
        ("SIP/2.0 480 Temporarily Unavailable", Some(480)),
        ("błąd: 403 (Forbidden)", Some(403)),
        ("kod=486;busy", Some(486)),
        ("601 555 210: zajęte, 486", Some(486)),
        ("+48 601-555-210", None),
        ("0048503123456", None),
        ("HTTP 200", None),
        ("z wew. 501 na wewnętrzny nr 602 słychać: zajęte", None),
        ("mam 500 zł na koncie, a komunikat to brak środków", None),
        ("wew. 501, błąd nr 486", Some(486)),
        ("abonent niedostępny", None),
        ("", None),
    ] {
        assert_eq!(extract_sip_code(text), code, "{text}");
    }
}

#[test]
fn the_table_is_large_enough_and_says_everything_in_both_languages() {
    assert!(all().len() >= 25);
    assert!(all().iter().map(|cause| cause.phrases.len()).sum::<usize>() >= 40);
    for cause in all() {
        for message in [&cause.name, &cause.meaning, &cause.first_step] {
            let [pl, en] = Lang::ALL.map(|lang| lang.t(message));
            assert!(pl != *message && en != *message && pl != en, "{message}");
        }
    }
    assert_eq!(Lang::Pl.t(sip_code_label(486).unwrap()), "Zajęte");
    assert_eq!(sip_code_label(499), None);
}

#[test]
fn a_table_that_contradicts_itself_is_refused() {
    let row = |id: &str, more: &str| {
        let say = r#"{ name = "n", means = "m", first = "f" }"#;
        format!("[[cause]]\nid = {id:?}\nside = \"network\"\nsource = \"s\"\npl = {say}\nen = {say}\n{more}\n")
    };
    let right = row("a", "phrases = [\"x y\"]\nsip = [486]\nq850 = [17]\nstep = \"audio/first\"");
    assert_eq!(parse(&right).unwrap().len(), 1);
    for wrong in [
        row("a", "phrases = [\"z\"]"),
        row("hint", "phrases = [\"z\"]"),
        row("B!", "phrases = [\"z\"]"),
        row("b", "phrases = [\"X, Y!\"]"),
        row("b", "phrases = []"),
        row("b", "phrases = [\"z\"]\nsip = [486]"),
        row("b", "phrases = [\"z\"]\nsip = [200]"),
        row("b", "phrases = [\"z\"]\nq850 = [17]"),
        row("b", "phrases = [\"z\"]\nq850 = [128]"),
        row("b", "phrases = [\"z\"]\nstep = \"audio\""),
        row("b", "phrases = [\"z\"]\ncolour = 1"),
        row("b", "phrases = [\"z\"]").replace("\"m\"", "\"{ $m }\""),
        row("b", "phrases = [\"z\"]").replace("source = \"s\"", "source = \"\""),
    ] {
        assert!(parse(&format!("{right}{wrong}")).is_err(), "{wrong}");
    }
}

#[test]
fn each_code_finds_its_own_row() {
    for cause in all() {
        for code in &cause.sip {
            for text in [format!("{code}"), format!("SIP/2.0 {code} Whatever"), format!("Błąd {code} przy dzwonieniu")]
            {
                assert_eq!(
                    match_text(&text).map(|read| (read.cause, read.matched_by)),
                    Some((cause, MatchedBy::Sip(*code))),
                    "{text}"
                );
            }
        }
        for code in &cause.q850 {
            for text in [
                format!("{code}"),
                format!("kod {code}"),
                format!("Q.850 cause={code}"),
                format!("Reason: Q.850;cause={code};text=\"?\""),
                format!("przyczyna {code}"),
                format!("cause {code}"),
            ] {
                assert_eq!(
                    match_text(&text).map(|read| (read.cause, read.matched_by)),
                    Some((cause, MatchedBy::Q850(*code))),
                    "{text}"
                );
            }
        }
    }
}

#[test]
fn each_phrase_finds_its_own_row_and_no_other_fits_better() {
    for cause in all() {
        for phrase in &cause.phrases {
            let read_as = |text: &str| match_text(text).map(|read| read.cause.id.as_str());
            for text in
                [phrase.clone(), fold_diacritics(phrase), phrase.to_uppercase(), format!("Usłyszałem: „{phrase}”.")]
            {
                assert_eq!(read_as(&text), Some(cause.id.as_str()), "{text}");
            }
            for text in typing_errors(phrase) {
                assert_eq!(read_as(&text), Some(cause.id.as_str()), "{phrase} as {text}");
            }
        }
    }
}

/// Every text that one slip of the finger makes of a phrase. Its digits are left alone: another code is another code.
fn typing_errors(phrase: &str) -> Vec<String> {
    let letters: Vec<char> = phrase.chars().collect();
    let mut texts = Vec::new();
    for at in 0..letters.len() {
        if !letters[at].is_alphabetic() || letters.iter().filter(|c| c.is_alphabetic()).count() < 4 {
            continue;
        }
        let mut with = |change: &dyn Fn(&mut Vec<char>)| {
            let mut changed = letters.clone();
            change(&mut changed);
            texts.push(changed.into_iter().collect::<String>());
        };
        with(&|text| _ = text.remove(at));
        with(&|text| text[at] = 'x');
        with(&|text| text.insert(at, 'k'));
        if letters.get(at + 1).is_some_and(|next| next.is_alphabetic()) {
            with(&|text| text.swap(at, at + 1));
        }
    }
    texts
}

#[test]
fn what_people_type_is_understood() {
    for (text, id) in [
        ("abonent czasowo niedostępny", "unavailable"),
        ("Abonent czasowo niedostepny, prosimy spróbować później", "unavailable"),
        ("niedostępny jest abonent", "unavailable"),
        ("niedostępny", "unavailable"),
        ("brak środków", "no-credit"),
        ("usłyszałem że brak srodkow na koncie", "no-credit"),
        ("403", "forbidden"),
        ("Request Timeout", "timeout"),
        ("time out", "timeout"),
        ("zajety", "busy"),
        ("ZAJĘTE!!!", "busy"),
        ("SIP/2.0 503 Service Unavailable Reason: Q.850;cause=17", "no-lines"),
        ("Q.850 cause=34", "no-lines"),
        ("przyczyna nr 34", "no-lines"),
        ("  34 ", "no-lines"),
        ("nie ma takiego numeru", "unknown-number"),
    ] {
        assert_eq!(match_text(text).map(|read| read.cause.id.as_str()), Some(id), "{text}");
    }
    for text in ["", "?", "halo", "nic nie słychać", "200", "0", "128", "999", "601 555 210", "😀", "w"] {
        assert_eq!(match_text(text), None, "{text}");
    }
}

#[test]
fn a_second_candidate_is_asked_about() {
    let read = match_text("503, a potem brak środków na koncie").unwrap();
    assert_eq!(
        (read.cause.id.as_str(), read.alternative.map(|other| other.id.as_str())),
        ("no-lines", Some("no-credit"))
    );
    let sure = super::match_text("486 Busy Here").unwrap();
    assert_eq!(sure.alternative, None);
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in prop_oneof![".*", "[a-zżółć0-9 .,=]{0,300}", "(cause|q|850|przyczyna|[0-9]{1,4}| |\u{202e})*"]) {
        match_text(&text);
        extract_sip_code(&text);
    }
}
