use proptest::prelude::*;
use rlibphonenumber::PhoneNumber;
use strum::VariantArray;

use crate::{Party, PartyKind};

fn number_fragments() -> impl Strategy<Value = String> {
    let scrap = prop::sample::select(vec![
        "0",
        "1",
        "22",
        "48",
        "601",
        "999",
        "+",
        "00",
        "+48",
        "(0)",
        " ",
        "-",
        "*",
        "#",
        "/",
        ",",
        ".",
        "@",
        "sip:",
        "tel:",
        "tel. ",
        "wew. ",
        ";ext=",
        "x",
        "w",
        "anna",
        "example.org",
        "lub",
        "<",
        ">",
        "ł",
        "prywatny",
        "\u{202E}",
        "konto ",
        "12345",
        "o",
        "112",
        "19",
    ]);
    prop::collection::vec(scrap, 0..9).prop_map(|scraps| scraps.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn nothing_panics(typed in prop_oneof![".*", "[-+0-9 ()/.*#@a-c]{0,30}", number_fragments()], name in 0_usize..4) {
        let kind = PartyKind::VARIANTS[name];
        for party in [Party::parse_caller(&typed), Party::parse_callee(&typed), Party::parse_account(&typed)].into_iter().flatten() {
            party.display();
            party.description();
        }
        let stored = Party::from_stored(kind, &typed, None);
        stored.display();
        stored.description();
    }

    #[test]
    fn what_is_shown_reads_back(typed in prop_oneof!["[-+0-9 ()*]{2,20}", "00[1-9][0-9]{6,14}", "[0-9]{9}", number_fragments()]) {
        for party in [Party::parse_caller(&typed), Party::parse_callee(&typed)].into_iter().flatten() {
            let stored = Party::from_stored(party.kind(), &party.canonical(), party.extension());
            prop_assert_eq!(&stored, &party);
            if party.kind() != PartyKind::Withheld {
                let again = Party::parse_caller(&stored.display());
                prop_assert_eq!(again.map(|again| again.canonical()), Ok(party.canonical()));
            }
        }
        if let Ok(party) = Party::parse_account(&typed) {
            prop_assert_eq!(Party::parse_account(&party.display()), Ok(party));
        }
    }

    #[test]
    fn every_spelling_of_a_polish_number_is_the_same(
        national in "[1-9][0-9]{8}".prop_filter("a number that exists", |national| {
            PhoneNumber::parse(format!("+48{national}"), None).is_ok_and(|number| number.is_valid())
        })
    ) {
        let (a, b, c, d) = (&national[..2], &national[2..5], &national[5..7], &national[7..]);
        let (e, f, g) = (&national[..3], &national[3..6], &national[6..]);
        for typed in [
            national.clone(),
            format!("{a} {b} {c} {d}"),
            format!("({a}) {b}-{c}-{d}"),
            format!("{e}-{f}-{g}"),
            format!("{e}.{f}.{g}"),
            format!("{a}/{b}{c}{d}"),
            format!("+48 {e} {f} {g}"),
            format!("+48{national}"),
            format!("0048 {national}"),
            format!("48{national}"),
            format!("0{a} {b}{c}{d}"),
            format!("+48 (0){a} {b} {c} {d}"),
            format!("tel:+48-{a}-{b}-{c}-{d}"),
            format!("sip:+48{national}@example.org"),
            format!("<sip:{national}@10.0.0.1;user=phone>"),
            format!("\u{200E}{e}\u{A0}{f}\u{2011}{g}"),
            format!("nr {e} {f} {g} w. 7"),
        ] {
            let read = Party::parse_caller(&typed).map(|party| party.canonical());
            prop_assert_eq!(read, Ok(format!("+48{national}")), "{}", typed);
        }
    }
}
