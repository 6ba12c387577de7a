//! Placeholders of saved replies: `{numer_b}` or `{number_b}` stands for what the ticket says. Pure.

use crate::{
    phone::typed::fold,
    words::{Lang, Say},
};

/// The longest that stands between braces and is taken for a placeholder.
const LONGEST: usize = 40;

/// What can be filled in from a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    Reference,
    Caller,
    Callee,
    Account,
    Date,
    Time,
    Code,
    ErrorText,
    Address,
    StaffName,
    Operator,
    OperatorPhone,
}

impl Placeholder {
    pub const ALL: [Placeholder; 12] = [
        Placeholder::Reference,
        Placeholder::Caller,
        Placeholder::Callee,
        Placeholder::Account,
        Placeholder::Date,
        Placeholder::Time,
        Placeholder::Code,
        Placeholder::ErrorText,
        Placeholder::Address,
        Placeholder::StaffName,
        Placeholder::Operator,
        Placeholder::OperatorPhone,
    ];

    /// Its name in a language; both names work in both.
    pub const fn name(self, lang: Lang) -> &'static str {
        let (pl, en) = match self {
            Placeholder::Reference => ("numer_zgłoszenia", "reference"),
            Placeholder::Caller => ("numer_a", "number_a"),
            Placeholder::Callee => ("numer_b", "number_b"),
            Placeholder::Account => ("konto_sip", "sip_account"),
            Placeholder::Date => ("data", "date"),
            Placeholder::Time => ("godzina", "time"),
            Placeholder::Code => ("kod", "code"),
            Placeholder::ErrorText => ("komunikat", "message"),
            Placeholder::Address => ("adres_ip", "ip_address"),
            Placeholder::StaffName => ("imię_pracownika", "staff_name"),
            Placeholder::Operator => ("operator", "operator"),
            Placeholder::OperatorPhone => ("telefon_operatora", "operator_phone"),
        };
        match lang {
            Lang::Pl => pl,
            Lang::En => en,
        }
    }

    /// The message that says what it stands for.
    pub const fn meaning(self) -> &'static str {
        match self {
            Placeholder::Reference => "placeholder-reference",
            Placeholder::Caller => "placeholder-caller",
            Placeholder::Callee => "placeholder-callee",
            Placeholder::Account => "placeholder-account",
            Placeholder::Date => "placeholder-date",
            Placeholder::Time => "placeholder-time",
            Placeholder::Code => "placeholder-code",
            Placeholder::ErrorText => "placeholder-error-text",
            Placeholder::Address => "placeholder-address",
            Placeholder::StaffName => "placeholder-staff-name",
            Placeholder::Operator => "placeholder-operator",
            Placeholder::OperatorPhone => "placeholder-operator-phone",
        }
    }

    /// Reads a name as people write it: without Polish marks, with spaces, in capitals.
    fn named(text: &str) -> Option<Placeholder> {
        let plain = |text: &str| fold(text.trim()).replace([' ', '-'], "_");
        let wanted = plain(text);
        Placeholder::ALL.into_iter().find(|one| Lang::ALL.iter().any(|lang| plain(one.name(*lang)) == wanted))
    }

    /// What stands in its place where the ticket has no such thing: a person must write it, or take it out.
    fn gap(self, lang: Lang) -> String {
        lang.t1("placeholder-gap", "what", self.name(lang))
    }
}

/// A piece of a text.
enum Piece<'a> {
    Text(&'a str),
    /// What stands between braces on one line.
    Braced(&'a str),
}

fn pieces(text: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let end = inside.find(['}', '{', '\n']).filter(|end| inside[*end..].starts_with('}'));
        match end.filter(|end| inside[..*end].chars().count() <= LONGEST) {
            Some(end) => {
                pieces.extend([Piece::Text(&rest[..open]), Piece::Braced(&inside[..end])]);
                rest = &inside[end + 1..];
            }
            None => {
                pieces.push(Piece::Text(&rest[..=open]));
                rest = inside;
            }
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

/// What stands between braces in a text and is no placeholder.
pub fn unknown(text: &str) -> Option<&str> {
    pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Braced(name) if Placeholder::named(name).is_none() => Some(name),
        Piece::Braced(_) | Piece::Text(_) => None,
    })
}

/// The text with every placeholder replaced, or by a gap that nobody overlooks where there is no value.
pub fn fill(text: &str, lang: Lang, value: impl Fn(Placeholder) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    for piece in pieces(text) {
        match piece {
            Piece::Text(text) => filled.push_str(text),
            Piece::Braced(name) => match Placeholder::named(name) {
                Some(placeholder) => {
                    filled.push_str(&value(placeholder).unwrap_or_else(|| placeholder.gap(lang)));
                }
                None => filled.push_str(&format!("{{{name}}}")),
            },
        }
    }
    filled
}

/// A complaint about the first placeholder or gap that is still in a text for a customer.
pub fn left_over(text: &str) -> Option<Say> {
    let braced = pieces(text).into_iter().find_map(|piece| match piece {
        Piece::Braced(name) => Placeholder::named(name).map(|_| format!("{{{name}}}")),
        Piece::Text(_) => None,
    });
    let gaps = || {
        let each = Lang::ALL.into_iter().flat_map(|lang| Placeholder::ALL.map(|one| one.gap(lang)));
        each.into_iter().find(|gap| text.contains(gap.as_str()))
    };
    let what = braced.or_else(gaps)?;
    Some(Say::new("placeholder-left-over").with("what", what))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(placeholder: Placeholder) -> Option<String> {
        (placeholder != Placeholder::Caller).then(|| format!("<{}>", placeholder.name(Lang::En)))
    }

    #[test]
    fn both_languages_names_work_however_they_are_spelled() {
        let table = [
            ("B: {numer_b}, {Numer B}, {NUMBER-B}.", "B: <number_b>, <number_b>, <number_b>."),
            ("{numer_zgłoszenia}{numer_zgloszenia}", "<reference><reference>"),
            ("{ imię_pracownika }", "<staff_name>"),
            ("{{godzina}}", "{<time>}"),
            ("a { b } c {", "a { b } c {"),
            ("{numer\nb} {}", "{numer\nb} {}"),
            ("{numer_a}", "[uzupełnij: numer_a]"),
        ];
        for (text, filled) in table {
            assert_eq!(fill(text, Lang::Pl, value), filled, "{text}");
        }
        assert_eq!(fill("{numer_a}", Lang::En, value), "[fill in: number_a]");
    }

    #[test]
    fn every_name_reads_back_and_is_nobody_elses() {
        for one in Placeholder::ALL {
            for lang in Lang::ALL {
                assert_eq!(Placeholder::named(one.name(lang)), Some(one));
            }
        }
    }

    #[test]
    fn what_is_no_placeholder_is_named() {
        assert_eq!(unknown("{numer_b} {numer_c} {d}"), Some("numer_c"));
        assert_eq!(unknown("{}"), Some(""));
        assert_eq!(unknown("{numer_b}: { to nie\n}"), None);
    }

    #[test]
    fn no_gap_and_no_placeholder_goes_out() {
        let what = |text| left_over(text).map(|say| Lang::Pl.say(&say));
        assert!(what("Numer {Numer_B} działa").is_some_and(|say| say.contains("„{Numer_B}”")));
        assert!(what("Numer [fill in: number_a] działa").is_some_and(|say| say.contains("[fill in: number_a]")));
        assert_eq!(what("Wyślij {\"json\": 1} i [coś]"), None);
    }

    proptest! {
        #[test]
        fn what_was_filled_has_only_gaps_left(text in "[a-z{} \n_]{0,60}") {
            let filled = fill(&text, Lang::Pl, |_| Some("x".into()));
            prop_assert!(unknown(&text).is_some() || left_over(&filled).is_none(), "{filled}");
            prop_assert_eq!(fill(&text, Lang::Pl, |_| None).is_empty(), text.is_empty());
        }
    }
}
