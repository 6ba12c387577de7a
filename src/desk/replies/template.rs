//! Placeholders of saved replies: `{numer_b}` or `{number_b}` stands for what the ticket says. Pure.

use crate::{
    i18n::{Lang, UiMessage},
    phone::normalize::fold_diacritics,
};

/// The longest that stands between braces and is taken for a placeholder.
const MAX_PLACEHOLDER_LEN: usize = 40;

/// What can be filled in from a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Placeholder {
    Reference,
    Caller,
    Callee,
    Account,
    Date,
    Time,
    SipCode,
    ErrorText,
    IpAddress,
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
        Placeholder::SipCode,
        Placeholder::ErrorText,
        Placeholder::IpAddress,
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
            Placeholder::SipCode => ("kod", "code"),
            Placeholder::ErrorText => ("komunikat", "message"),
            Placeholder::IpAddress => ("adres_ip", "ip_address"),
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
    pub const fn description(self) -> &'static str {
        match self {
            Placeholder::Reference => "placeholder-reference",
            Placeholder::Caller => "placeholder-caller",
            Placeholder::Callee => "placeholder-callee",
            Placeholder::Account => "placeholder-account",
            Placeholder::Date => "placeholder-date",
            Placeholder::Time => "placeholder-time",
            Placeholder::SipCode => "placeholder-code",
            Placeholder::ErrorText => "placeholder-error-text",
            Placeholder::IpAddress => "placeholder-address",
            Placeholder::StaffName => "placeholder-staff-name",
            Placeholder::Operator => "placeholder-operator",
            Placeholder::OperatorPhone => "placeholder-operator-phone",
        }
    }

    /// Reads a name as people write it: without Polish marks, with spaces, in capitals.
    fn parse(text: &str) -> Option<Placeholder> {
        let plain = |text: &str| fold_diacritics(text.trim()).replace([' ', '-'], "_");
        let wanted = plain(text);
        Placeholder::ALL.into_iter().find(|one| Lang::ALL.iter().any(|lang| plain(one.name(*lang)) == wanted))
    }

    /// What stands in its place where the ticket has no such thing: a person must write it, or take it out.
    fn missing_value_marker(self, lang: Lang) -> String {
        lang.t_with("placeholder-unfilled", "what", self.name(lang))
    }
}

/// A piece of a text.
enum TemplatePart<'a> {
    Text(&'a str),
    /// What stands between braces on one line.
    Braced(&'a str),
}

fn split_parts(text: &str) -> Vec<TemplatePart<'_>> {
    let (mut pieces, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let end = inside.find(['}', '{', '\n']).filter(|end| inside[*end..].starts_with('}'));
        match end.filter(|end| inside[..*end].chars().count() <= MAX_PLACEHOLDER_LEN) {
            Some(end) => {
                pieces.extend([TemplatePart::Text(&rest[..open]), TemplatePart::Braced(&inside[..end])]);
                rest = &inside[end + 1..];
            }
            None => {
                pieces.push(TemplatePart::Text(&rest[..=open]));
                rest = inside;
            }
        }
    }
    pieces.push(TemplatePart::Text(rest));
    pieces
}

/// What stands between braces in a text and is no placeholder.
pub fn find_unknown_placeholder(text: &str) -> Option<&str> {
    split_parts(text).into_iter().find_map(|piece| match piece {
        TemplatePart::Braced(name) if Placeholder::parse(name).is_none() => Some(name),
        TemplatePart::Braced(_) | TemplatePart::Text(_) => None,
    })
}

/// The text with every placeholder replaced, or by a gap that nobody overlooks where there is no value.
pub fn fill_placeholders(text: &str, lang: Lang, value: impl Fn(Placeholder) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    for piece in split_parts(text) {
        match piece {
            TemplatePart::Text(text) => filled.push_str(text),
            TemplatePart::Braced(name) => match Placeholder::parse(name) {
                Some(placeholder) => {
                    filled.push_str(&value(placeholder).unwrap_or_else(|| placeholder.missing_value_marker(lang)));
                }
                None => filled.push_str(&format!("{{{name}}}")),
            },
        }
    }
    filled
}

/// A complaint about the first placeholder or gap that is still in a text for a customer.
pub fn unfilled_placeholder_error(text: &str) -> Option<UiMessage> {
    let braced = split_parts(text).into_iter().find_map(|piece| match piece {
        TemplatePart::Braced(name) => Placeholder::parse(name).map(|_| format!("{{{name}}}")),
        TemplatePart::Text(_) => None,
    });
    let gaps = || {
        let each = Lang::ALL.into_iter().flat_map(|lang| Placeholder::ALL.map(|one| one.missing_value_marker(lang)));
        each.into_iter().find(|gap| text.contains(gap.as_str()))
    };
    let what = braced.or_else(gaps)?;
    Some(UiMessage::new("placeholder-unfilled-error").with("what", what))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::desk::replies::template::*;

    fn sample_value(placeholder: Placeholder) -> Option<String> {
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
            assert_eq!(fill_placeholders(text, Lang::Pl, sample_value), filled, "{text}");
        }
        assert_eq!(fill_placeholders("{numer_a}", Lang::En, sample_value), "[fill in: number_a]");
    }

    #[test]
    fn every_name_reads_back_and_is_nobody_elses() {
        for one in Placeholder::ALL {
            for lang in Lang::ALL {
                assert_eq!(Placeholder::parse(one.name(lang)), Some(one));
            }
        }
    }

    #[test]
    fn what_is_no_placeholder_is_named() {
        assert_eq!(find_unknown_placeholder("{numer_b} {numer_c} {d}"), Some("numer_c"));
        assert_eq!(find_unknown_placeholder("{}"), Some(""));
        assert_eq!(find_unknown_placeholder("{numer_b}: { to nie\n}"), None);
    }

    #[test]
    fn no_gap_and_no_placeholder_goes_out() {
        let what = |text| unfilled_placeholder_error(text).map(|say| Lang::Pl.format(&say));
        assert!(what("Numer {Numer_B} działa").is_some_and(|say| say.contains("„{Numer_B}”")));
        assert!(what("Numer [fill in: number_a] działa").is_some_and(|say| say.contains("[fill in: number_a]")));
        assert_eq!(what("Wyślij {\"json\": 1} i [coś]"), None);
    }

    proptest! {
        #[test]
        fn what_was_filled_has_only_gaps_left(text in "[a-z{} \n_]{0,60}") {
            let filled = fill_placeholders(&text, Lang::Pl, |_| Some("x".into()));
            prop_assert!(find_unknown_placeholder(&text).is_some() || unfilled_placeholder_error(&filled).is_none(), "{filled}");
            prop_assert_eq!(fill_placeholders(&text, Lang::Pl, |_| None).is_empty(), text.is_empty());
        }
    }
}
