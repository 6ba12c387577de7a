//! Placeholders of saved replies: `{numer_b}` or `{number_b}` is replaced by a value of the ticket. Pure.

use crate::{
    i18n::{Lang, UiMessage},
    phone::normalize::fold_diacritics,
};

/// Longer text in braces is not a placeholder. In characters.
const MAX_PLACEHOLDER_LEN: usize = 40;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
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
    pub(super) const ALL: [Placeholder; 12] = [
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

    /// The names of both languages are accepted in replies of either language.
    pub(super) const fn name(self, lang: Lang) -> &'static str {
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

    pub(super) const fn description(self) -> &'static str {
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

    /// Ignores case and diacritics. Spaces and hyphens count as underscores.
    fn parse(text: &str) -> Option<Placeholder> {
        let normalize = |text: &str| fold_diacritics(text.trim()).replace([' ', '-'], "_");
        let name = normalize(text);
        Placeholder::ALL
            .into_iter()
            .find(|placeholder| Lang::ALL.iter().any(|lang| normalize(placeholder.name(*lang)) == name))
    }

    /// Replaces a placeholder without a value. Staff must fill it in or remove it.
    fn missing_value_marker(self, lang: Lang) -> String {
        lang.t_with("placeholder-unfilled", "what", self.name(lang))
    }
}

enum TemplatePart<'a> {
    Text(&'a str),
    /// The text between braces, on one line.
    Braced(&'a str),
}

fn split_parts(text: &str) -> Vec<TemplatePart<'_>> {
    let (mut parts, mut rest) = (Vec::new(), text);
    while let Some(open) = rest.find('{') {
        let inside = &rest[open + 1..];
        let end = inside.find(['}', '{', '\n']).filter(|end| inside[*end..].starts_with('}'));
        match end.filter(|end| inside[..*end].chars().count() <= MAX_PLACEHOLDER_LEN) {
            Some(end) => {
                parts.extend([TemplatePart::Text(&rest[..open]), TemplatePart::Braced(&inside[..end])]);
                rest = &inside[end + 1..];
            }
            None => {
                parts.push(TemplatePart::Text(&rest[..=open]));
                rest = inside;
            }
        }
    }
    parts.push(TemplatePart::Text(rest));
    parts
}

/// The first text in braces that is not the name of a placeholder.
pub(super) fn find_unknown_placeholder(text: &str) -> Option<&str> {
    split_parts(text).into_iter().find_map(|part| match part {
        TemplatePart::Braced(name) if Placeholder::parse(name).is_none() => Some(name),
        TemplatePart::Braced(_) | TemplatePart::Text(_) => None,
    })
}

/// Replaces every placeholder by its value, or by a conspicuous marker if it has none.
pub(super) fn fill_placeholders(text: &str, lang: Lang, value: impl Fn(Placeholder) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len() * 2);
    for part in split_parts(text) {
        match part {
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

/// An error that names the first placeholder or marker in a text for a customer.
pub(crate) fn unfilled_placeholder_error(text: &str) -> Option<UiMessage> {
    let placeholder = split_parts(text).into_iter().find_map(|part| match part {
        TemplatePart::Braced(name) => Placeholder::parse(name).map(|_| format!("{{{name}}}")),
        TemplatePart::Text(_) => None,
    });
    let marker = || {
        let markers =
            Lang::ALL.into_iter().flat_map(|lang| Placeholder::ALL.map(|kind| kind.missing_value_marker(lang)));
        markers.into_iter().find(|marker| text.contains(marker.as_str()))
    };
    let unfilled = placeholder.or_else(marker)?;
    Some(UiMessage::new("placeholder-unfilled-error").with("what", unfilled))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn sample_value(placeholder: Placeholder) -> Option<String> {
        (placeholder != Placeholder::Caller).then(|| format!("<{}>", placeholder.name(Lang::En)))
    }

    #[test]
    fn placeholders_are_filled_in_whatever_the_language_and_spelling_of_their_names() {
        let table = [
            ("B: {numer_b}, {Numer B}, {NUMBER-B}.", "B: <number_b>, <number_b>, <number_b>."),
            ("{numer_zgłoszenia}{numer_zgloszenia}", "<reference><reference>"),
            ("{ imię_pracownika }", "<staff_name>"),
            ("{{godzina}}", "{<time>}"),
            ("a { b } c {", "a { b } c {"),
            ("{numer\nb} {}", "{numer\nb} {}"),
            ("{numer_a}", "[uzupełnij: numer_a]"),
        ];
        for (text, expected) in table {
            assert_eq!(fill_placeholders(text, Lang::Pl, sample_value), expected, "{text}");
        }
        assert_eq!(fill_placeholders("{numer_a}", Lang::En, sample_value), "[fill in: number_a]");
    }

    #[test]
    fn placeholder_names_are_unique_across_languages() {
        for placeholder in Placeholder::ALL {
            for lang in Lang::ALL {
                assert_eq!(Placeholder::parse(placeholder.name(lang)), Some(placeholder));
            }
        }
    }

    #[test]
    fn first_unknown_placeholder_is_reported() {
        assert_eq!(find_unknown_placeholder("{numer_b} {numer_c} {d}"), Some("numer_c"));
        assert_eq!(find_unknown_placeholder("{}"), Some(""));
        assert_eq!(find_unknown_placeholder("{numer_b}: { to nie\n}"), None);
    }

    #[test]
    fn reply_with_a_placeholder_or_marker_is_rejected() {
        let error = |text| unfilled_placeholder_error(text).map(|message| Lang::Pl.format(&message));
        assert!(error("Numer {Numer_B} działa").is_some_and(|message| message.contains("„{Numer_B}”")));
        assert!(
            error("Numer [fill in: number_a] działa").is_some_and(|message| message.contains("[fill in: number_a]"))
        );
        assert_eq!(error("Wyślij {\"json\": 1} i [coś]"), None);
    }

    proptest! {
        #[test]
        fn filled_text_has_no_placeholders_left(text in "[a-z{} \n_]{0,60}") {
            let filled = fill_placeholders(&text, Lang::Pl, |_| Some("x".into()));
            prop_assert!(find_unknown_placeholder(&text).is_some() || unfilled_placeholder_error(&filled).is_none(), "{filled}");
            prop_assert_eq!(fill_placeholders(&text, Lang::Pl, |_| None).is_empty(), text.is_empty());
        }
    }
}
