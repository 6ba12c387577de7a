//! What staff write about an incident, as it was typed and as it was understood.

use ipnet::IpNet;
use time::{OffsetDateTime, PrimitiveDateTime, format_description::FormatItem, macros::format_description};

use super::Incident;
use crate::{
    i18n::{Lang, UiMessage},
    local_time::{self, LocalTimeResolution},
    phone,
    public_incidents::{LocalizedText, PublicIncident},
    tickets::TicketCategory,
    web::Form,
};

const MAX_TITLE_LEN: usize = 120;
const MAX_TEXT_LEN: usize = 5000;
/// More beginnings of numbers, or networks, than one trouble has.
const MAX_LIST_ITEMS: usize = 50;

const DATETIME_LOCAL_FORMAT: &[FormatItem] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct IncidentForm {
    pub title: LocalizedText,
    pub text: LocalizedText,
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: String,
    pub networks: String,
    pub began_at: String,
    pub expected_end_at: String,
}

/// The same, understood.
#[derive(Debug, Clone)]
pub struct ValidatedIncident {
    pub title: LocalizedText,
    pub text: LocalizedText,
    pub categories: Vec<TicketCategory>,
    pub number_prefixes: Vec<String>,
    pub networks: Vec<String>,
    pub began_at: OffsetDateTime,
    pub expected_end_at: Option<OffsetDateTime>,
}

pub type IncidentFormErrors = Vec<(&'static str, UiMessage)>;

impl IncidentForm {
    pub fn new(now: OffsetDateTime) -> IncidentForm {
        IncidentForm { began_at: format_datetime_local(now), ..IncidentForm::default() }
    }

    pub fn from_incident(incident: &Incident) -> IncidentForm {
        IncidentForm {
            title: incident.localized_title(),
            text: incident.localized_text(),
            categories: incident.categories.clone(),
            number_prefixes: incident
                .number_prefixes
                .iter()
                .map(|one| phone::format_prefix(one))
                .collect::<Vec<_>>()
                .join(", "),
            networks: incident.networks.join(", "),
            began_at: format_datetime_local(incident.began_at),
            expected_end_at: incident.expected_end_at.map(format_datetime_local).unwrap_or_default(),
        }
    }

    pub fn parse(form: &Form) -> IncidentForm {
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

    /// Reads every field.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn validate(&self) -> Result<ValidatedIncident, IncidentFormErrors> {
        let mut wrong = IncidentFormErrors::new();
        for (lang, title, text) in [(Lang::Pl, "title_pl", "text_pl"), (Lang::En, "title_en", "text_en")] {
            wrong.extend(validate_text(title, self.title.get(&lang), MAX_TITLE_LEN));
            wrong.extend(validate_text(text, self.text.get(&lang), MAX_TEXT_LEN));
        }
        let mut keep = |field, read: Result<Vec<String>, UiMessage>| {
            read.map_err(|say| wrong.push((field, say))).unwrap_or_default()
        };
        let prefixes = keep("prefixes", parse_list(&self.number_prefixes, parse_number_prefix));
        let addresses = keep("addresses", parse_list(&self.networks, parse_network));
        let began_at = parse_local_time(&self.began_at);
        if began_at.is_none() {
            wrong.push(("began", UiMessage::new("incident-moment-invalid")));
        }
        let until = parse_local_time(&self.expected_end_at);
        match (began_at, until) {
            (_, None) if !self.expected_end_at.is_empty() => {
                wrong.push(("until", UiMessage::new("incident-moment-invalid")))
            }
            (Some(began), Some(until)) if until <= began => {
                wrong.push(("until", UiMessage::new("incident-until-before")))
            }
            _ => {}
        }
        let Some(began_at) = began_at.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let (title, text, categories) = (self.title.clone(), self.text.clone(), self.categories.clone());
        Ok(ValidatedIncident {
            title,
            text,
            categories,
            number_prefixes: prefixes,
            networks: addresses,
            began_at,
            expected_end_at: until,
        })
    }
}

impl ValidatedIncident {
    /// How it would be shown.
    pub fn to_public_incident(&self, id: i64, now: OffsetDateTime) -> PublicIncident {
        PublicIncident {
            id,
            title: self.title.clone(),
            text: self.text.clone(),
            categories: self.categories.iter().map(|one| one.as_str().to_owned()).collect(),
            number_prefixes: self.number_prefixes.clone(),
            began_at: self.began_at,
            expected_end_at: self.expected_end_at,
            published_at: now,
            updated_at: now,
            resolved_at: None,
            updates: Vec::new(),
        }
    }
}

/// What staff write later, in both languages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse_update(form: &Form) -> Result<LocalizedText, IncidentFormErrors> {
    let texts = LocalizedText::new(form.multi_line("text_pl"), form.multi_line("text_en"));
    let wrong: IncidentFormErrors = [(Lang::Pl, "text_pl"), (Lang::En, "text_en")]
        .into_iter()
        .filter_map(|(lang, field)| validate_text(field, texts.get(&lang), MAX_TEXT_LEN))
        .collect();
    if wrong.is_empty() { Ok(texts) } else { Err(wrong) }
}

fn validate_text(field: &'static str, text: &str, most: usize) -> Option<(&'static str, UiMessage)> {
    match text.chars().count() {
        0 => Some((field, UiMessage::new(missing_text_message(field)))),
        count if count > most => {
            Some((field, UiMessage::new("report-too-long").with("count", count).with("most", most)))
        }
        _ => None,
    }
}

/// The summary of a form names its fields, so each says which it is.
fn missing_text_message(field: &str) -> &'static str {
    match field {
        "title_pl" => "incident-missing-title-pl",
        "title_en" => "incident-missing-title-en",
        "text_pl" => "incident-missing-text-pl",
        _ => "incident-missing-text-en",
    }
}

/// Parts of a list as people separate them.
fn parse_list(typed: &str, read: impl Fn(&str) -> Result<String, UiMessage>) -> Result<Vec<String>, UiMessage> {
    let parts = typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut all = parts.map(read).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    all.dedup();
    match all.len() {
        0..=MAX_LIST_ITEMS => Ok(all),
        count => Err(UiMessage::new("incident-list-too-long").with("count", count).with("most", MAX_LIST_ITEMS)),
    }
}

/// What a number begins with, as it is dialled: `0044 20`, `+44 20`, and in Poland `22 55`.
fn parse_number_prefix(typed: &str) -> Result<String, UiMessage> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}')).collect();
    let abroad = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    let digits = abroad.map_or_else(|| format!("48{plain}"), str::to_owned);
    let is_one = !plain.is_empty() && (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_one {
        Ok(digits)
    } else {
        Err(UiMessage::new("incident-prefix-invalid").with("text", typed.chars().take(40).collect::<String>()))
    }
}

fn parse_network(typed: &str) -> Result<String, UiMessage> {
    let net = typed.parse::<IpNet>().or_else(|_| typed.parse::<std::net::IpAddr>().map(IpNet::from));
    let net = net.map_err(|_| {
        UiMessage::new("incident-address-invalid").with("text", typed.chars().take(60).collect::<String>())
    })?;
    Ok(net.trunc().to_string())
}

fn parse_local_time(typed: &str) -> Option<OffsetDateTime> {
    let typed = typed.replacen(' ', "T", 1);
    let local = PrimitiveDateTime::parse(typed.get(..16)?, DATETIME_LOCAL_FORMAT).ok()?;
    Some(match local_time::resolve_local(local) {
        LocalTimeResolution::Unambiguous(at)
        | LocalTimeResolution::Gap { later: at, .. }
        | LocalTimeResolution::Fold { first: at, .. } => at,
    })
}

/// As a browser's field for a moment has it.
pub fn format_datetime_local(at: OffsetDateTime) -> String {
    local_time::to_local(at).format(DATETIME_LOCAL_FORMAT).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use crate::incidents::form::*;

    fn validate_form(change: &str) -> Result<ValidatedIncident, IncidentFormErrors> {
        let right = "title_pl=Anglia&title_en=England&text_pl=Opis&text_en=Text&began=2026-11-20T14:05";
        IncidentForm::parse(&Form::parse(format!("{change}&{right}").as_bytes())).validate()
    }

    #[test]
    fn everything_is_read_or_complained_about() {
        let wanted = validate_form(
            "prefixes=0044+20,+%2B49;22+55&addresses=203.0.113.9/24,+2001:db8::1&until=2026-11-20+16:00&category=audio",
        )
        .unwrap();
        assert_eq!(wanted.number_prefixes, ["4420", "482255", "49"]);
        assert_eq!(wanted.networks, ["2001:db8::1/128", "203.0.113.0/24"]);
        assert_eq!(wanted.began_at, datetime!(2026-11-20 13:05 UTC));
        assert_eq!(wanted.expected_end_at, Some(datetime!(2026-11-20 15:00 UTC)));
        assert_eq!(wanted.categories, [TicketCategory::Audio]);
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
            let wrong = validate_form(change).unwrap_err();
            assert_eq!(wrong.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [field], "{change}");
        }
        let long = format!("title_en={}", "x".repeat(121));
        assert!(validate_form(&long).is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_beginning_is_read_as_it_is_shown(stored in "48[0-9]{0,12}|[1-9][0-9]{0,14}") {
            let shown = phone::format_prefix(&stored);
            proptest::prop_assert_eq!(parse_number_prefix(&shown), Ok(stored), "{}", shown);
        }
    }

    #[test]
    fn what_is_stored_fills_the_form_again() {
        assert_eq!(format_datetime_local(datetime!(2026-11-20 13:05 UTC)), "2026-11-20T14:05");
        assert_eq!(parse_local_time("2026-11-20T14:05"), Some(datetime!(2026-11-20 13:05 UTC)));
        assert_eq!(parse_local_time("2026-11-20T14:05:33"), parse_local_time("2026-11-20 14:05"));
    }
}
