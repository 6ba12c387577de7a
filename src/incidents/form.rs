//! The form of an incident: as it was typed, and validated.

use ipnet::IpNet;
use time::{OffsetDateTime, PrimitiveDateTime, format_description::FormatItem, macros::format_description};

use super::incident::{Incident, ValidatedIncident};
use crate::{
    i18n::{Lang, UiMessage},
    local_time::{self, LocalTimeResolution},
    phone,
    public_incidents::LocalizedText,
    tickets::TicketCategory,
    web::Form,
};

const MAX_TITLE_LEN: usize = 120;
const MAX_TEXT_LEN: usize = 5000;
/// More number prefixes or networks than one incident affects.
const MAX_LIST_ITEMS: usize = 50;

const DATETIME_LOCAL_FORMAT: &[FormatItem] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct IncidentForm {
    pub title: LocalizedText,
    pub text: LocalizedText,
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: String,
    pub networks: String,
    pub began_at: String,
    pub expected_end_at: String,
}

/// Field names and messages.
pub(super) type IncidentFormErrors = Vec<(&'static str, UiMessage)>;

impl IncidentForm {
    pub(super) fn new(now: OffsetDateTime) -> IncidentForm {
        IncidentForm { began_at: format_datetime_local(now), ..IncidentForm::default() }
    }

    pub(super) fn from_incident(incident: &Incident) -> IncidentForm {
        IncidentForm {
            title: incident.localized_title(),
            text: incident.localized_text(),
            categories: incident.categories.clone(),
            number_prefixes: incident
                .number_prefixes
                .iter()
                .map(|prefix| phone::format_prefix(prefix))
                .collect::<Vec<_>>()
                .join(", "),
            networks: incident.networks.join(", "),
            began_at: format_datetime_local(incident.began_at),
            expected_end_at: incident.expected_end_at.map(format_datetime_local).unwrap_or_default(),
        }
    }

    pub(super) fn parse(form: &Form) -> IncidentForm {
        let categories = form.values("category").iter().filter_map(|name| name.parse().ok());
        let categories = categories.filter(|category| TicketCategory::WITH_GUIDE.contains(category)).collect();
        IncidentForm {
            title: LocalizedText::new(form.single_line("title_pl"), form.single_line("title_en")),
            text: LocalizedText::new(form.multi_line("text_pl"), form.multi_line("text_en")),
            categories,
            number_prefixes: form.single_line("prefixes"),
            networks: form.single_line("addresses"),
            began_at: form.single_line("began"),
            expected_end_at: form.single_line("until"),
        }
    }

    /// # Errors
    /// The errors of all fields.
    pub(super) fn validate(&self) -> Result<ValidatedIncident, IncidentFormErrors> {
        let mut errors = IncidentFormErrors::new();
        for (lang, title, text) in [(Lang::Pl, "title_pl", "text_pl"), (Lang::En, "title_en", "text_en")] {
            errors.extend(validate_text(title, self.title.get(&lang), MAX_TITLE_LEN));
            errors.extend(validate_text(text, self.text.get(&lang), MAX_TEXT_LEN));
        }
        let mut collect = |field, parsed: Result<Vec<String>, UiMessage>| {
            parsed.map_err(|error| errors.push((field, error))).unwrap_or_default()
        };
        let number_prefixes = collect("prefixes", parse_list(&self.number_prefixes, parse_number_prefix));
        let networks = collect("addresses", parse_list(&self.networks, parse_network));
        let began_at = parse_local_time(&self.began_at);
        if began_at.is_none() {
            errors.push(("began", UiMessage::new("incident-moment-invalid")));
        }
        let expected_end_at = parse_local_time(&self.expected_end_at);
        match (began_at, expected_end_at) {
            (_, None) if !self.expected_end_at.is_empty() => {
                errors.push(("until", UiMessage::new("incident-moment-invalid")))
            }
            (Some(start), Some(end)) if end <= start => errors.push(("until", UiMessage::new("incident-until-before"))),
            _ => {}
        }
        let Some(began_at) = began_at.filter(|_| errors.is_empty()) else { return Err(errors) };
        Ok(ValidatedIncident {
            title: self.title.clone(),
            text: self.text.clone(),
            categories: self.categories.clone(),
            number_prefixes,
            networks,
            began_at,
            expected_end_at,
        })
    }
}

/// Validates an update in both languages.
///
/// # Errors
/// The errors of all fields.
pub(super) fn validate_update(text: &LocalizedText) -> Result<(), IncidentFormErrors> {
    let errors: IncidentFormErrors = [(Lang::Pl, "text_pl"), (Lang::En, "text_en")]
        .into_iter()
        .filter_map(|(lang, field)| validate_text(field, text.get(&lang), MAX_TEXT_LEN))
        .collect();
    if errors.is_empty() { Ok(()) } else { Err(errors) }
}

/// The error of a field, for its page.
pub(super) fn error_message(errors: &IncidentFormErrors, lang: Lang, field: &str) -> Option<String> {
    errors.iter().find(|(name, _)| *name == field).map(|(_, error)| lang.format(error))
}

/// The label of a language.
pub(super) const fn language_label(lang: &Lang) -> &'static str {
    match lang {
        Lang::Pl => "incident-in-pl",
        Lang::En => "incident-in-en",
    }
}

fn validate_text(field: &'static str, text: &str, max_len: usize) -> Option<(&'static str, UiMessage)> {
    match text.chars().count() {
        0 => Some((field, UiMessage::new(missing_text_message(field)))),
        count if count > max_len => {
            Some((field, UiMessage::new("report-too-long").with("count", count).with("most", max_len)))
        }
        _ => None,
    }
}

/// The error summary does not name the fields, so each message does.
fn missing_text_message(field: &str) -> &'static str {
    match field {
        "title_pl" => "incident-missing-title-pl",
        "title_en" => "incident-missing-title-en",
        "text_pl" => "incident-missing-text-pl",
        _ => "incident-missing-text-en",
    }
}

/// Parses a list with commas or semicolons.
fn parse_list(text: &str, parse_item: impl Fn(&str) -> Result<String, UiMessage>) -> Result<Vec<String>, UiMessage> {
    let parts = text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut items = parts.map(parse_item).collect::<Result<Vec<_>, _>>()?;
    items.sort();
    items.dedup();
    match items.len() {
        0..=MAX_LIST_ITEMS => Ok(items),
        count => Err(UiMessage::new("incident-list-too-long").with("count", count).with("most", MAX_LIST_ITEMS)),
    }
}

/// Parses a number prefix as it is dialed: `0044 20`, `+44 20`, and in Poland `22 55`. Returns the digits with country code.
fn parse_number_prefix(text: &str) -> Result<String, UiMessage> {
    let compact: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}')).collect();
    let international = compact.strip_prefix('+').or_else(|| compact.strip_prefix("00"));
    let digits = international.map_or_else(|| format!("48{compact}"), str::to_owned);
    let is_valid =
        !compact.is_empty() && (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_valid {
        Ok(digits)
    } else {
        Err(UiMessage::new("incident-prefix-invalid").with("text", text.chars().take(40).collect::<String>()))
    }
}

fn parse_network(text: &str) -> Result<String, UiMessage> {
    let net = text.parse::<IpNet>().or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from));
    let net = net.map_err(|_| {
        UiMessage::new("incident-address-invalid").with("text", text.chars().take(60).collect::<String>())
    })?;
    Ok(net.trunc().to_string())
}

fn parse_local_time(text: &str) -> Option<OffsetDateTime> {
    let text = text.replacen(' ', "T", 1);
    let local = PrimitiveDateTime::parse(text.get(..16)?, DATETIME_LOCAL_FORMAT).ok()?;
    Some(match local_time::resolve_local(local) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    })
}

/// Formats a time for an input of type `datetime-local`.
fn format_datetime_local(at: OffsetDateTime) -> String {
    local_time::to_local(at).format(DATETIME_LOCAL_FORMAT).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::incidents::form::*;

    fn validate_form(change: &str) -> Result<ValidatedIncident, IncidentFormErrors> {
        let valid = "title_pl=Anglia&title_en=England&text_pl=Opis&text_en=Text&began=2026-11-20T14:05";
        IncidentForm::parse(&Form::parse(format!("{change}&{valid}").as_bytes())).validate()
    }

    #[test]
    fn every_field_is_parsed_or_has_an_error() {
        let incident = validate_form(
            "prefixes=0044+20,+%2B49;22+55&addresses=203.0.113.9/24,+2001:db8::1&until=2026-11-20+16:00&category=audio",
        )
        .unwrap();
        assert_eq!(incident.number_prefixes, ["4420", "482255", "49"]);
        assert_eq!(incident.networks, ["2001:db8::1/128", "203.0.113.0/24"]);
        assert_eq!(incident.began_at, datetime!(2026-11-20 13:05 UTC));
        assert_eq!(incident.expected_end_at, Some(datetime!(2026-11-20 15:00 UTC)));
        assert_eq!(incident.categories, [TicketCategory::Audio]);
        for (change, field) in [
            ("title_pl=", "title_pl"),
            ("text_en=", "text_en"),
            ("began=", "began"),
            ("began=2026-02-30T10:00", "began"),
            ("until=x", "until"),
            ("until=2026-11-20T14:05", "until"),
            ("prefixes=abc", "prefixes"),
            ("prefixes=1234567890123456", "prefixes"),
            ("addresses=203.0.113.300", "addresses"),
        ] {
            let errors = validate_form(change).unwrap_err();
            assert_eq!(errors.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [field], "{change}");
        }
        let long = format!("title_en={}", "x".repeat(121));
        assert!(validate_form(&long).is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_formatted_prefix_is_parsed_back(stored in "48[0-9]{0,12}|[1-9][0-9]{0,14}") {
            let formatted = phone::format_prefix(&stored);
            proptest::prop_assert_eq!(parse_number_prefix(&formatted), Ok(stored), "{}", formatted);
        }
    }

    #[test]
    fn a_stored_time_is_formatted_for_the_form_and_parsed_back() {
        assert_eq!(format_datetime_local(datetime!(2026-11-20 13:05 UTC)), "2026-11-20T14:05");
        assert_eq!(parse_local_time("2026-11-20T14:05"), Some(datetime!(2026-11-20 13:05 UTC)));
        assert_eq!(parse_local_time("2026-11-20T14:05:33"), parse_local_time("2026-11-20 14:05"));
    }
}
