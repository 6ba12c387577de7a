//! What staff write about an incident, as it was typed and as it was understood.

use ipnet::IpNet;
use time::{OffsetDateTime, PrimitiveDateTime, format_description::FormatItem, macros::format_description};

use super::Incident;
use crate::{
    notices::{Notice, Texts},
    phone,
    tickets::Category,
    web::Form,
    words::{Lang, Say},
    zone::{self, Resolved},
};

const MOST_IN_TITLE: usize = 120;
const MOST_IN_TEXT: usize = 5000;
/// More beginnings of numbers, or networks, than one trouble has.
const MOST_LISTED: usize = 50;

const MINUTE: &[FormatItem] = format_description!("[year]-[month]-[day]T[hour]:[minute]");

/// The form as it was typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub title: Texts,
    pub text: Texts,
    pub categories: Vec<Category>,
    pub prefixes: String,
    pub addresses: String,
    pub began: String,
    pub until: String,
}

/// The same, understood.
#[derive(Debug, Clone)]
pub struct Wanted {
    pub title: Texts,
    pub text: Texts,
    pub categories: Vec<Category>,
    pub prefixes: Vec<String>,
    pub addresses: Vec<String>,
    pub began_at: OffsetDateTime,
    pub until: Option<OffsetDateTime>,
}

pub type Complaints = Vec<(&'static str, Say)>;

impl Draft {
    pub fn new(now: OffsetDateTime) -> Draft {
        Draft { began: field(now), ..Draft::default() }
    }

    pub fn of(incident: &Incident) -> Draft {
        Draft {
            title: incident.titles(),
            text: incident.texts(),
            categories: incident.categories.clone(),
            prefixes: incident.prefixes.iter().map(|one| phone::beginning(one)).collect::<Vec<_>>().join(", "),
            addresses: incident.addresses.join(", "),
            began: field(incident.began_at),
            until: incident.until.map(field).unwrap_or_default(),
        }
    }

    pub fn read(form: &Form) -> Draft {
        let categories = form.all("category").iter().filter_map(|name| name.parse().ok());
        let categories = categories.filter(|category| Category::KNOWN.contains(category)).collect();
        Draft {
            title: Texts::of(form.line("title_pl"), form.line("title_en")),
            text: Texts::of(form.block("text_pl"), form.block("text_en")),
            categories,
            prefixes: form.line("prefixes"),
            addresses: form.line("addresses"),
            began: form.line("began"),
            until: form.line("until"),
        }
    }

    /// Reads every field.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn check(&self) -> Result<Wanted, Complaints> {
        let mut wrong = Complaints::new();
        for (lang, title, text) in [(Lang::Pl, "title_pl", "text_pl"), (Lang::En, "title_en", "text_en")] {
            wrong.extend(said(title, self.title.get(&lang), MOST_IN_TITLE));
            wrong.extend(said(text, self.text.get(&lang), MOST_IN_TEXT));
        }
        let mut keep =
            |field, read: Result<Vec<String>, Say>| read.map_err(|say| wrong.push((field, say))).unwrap_or_default();
        let prefixes = keep("prefixes", listed(&self.prefixes, digits));
        let addresses = keep("addresses", listed(&self.addresses, network));
        let began_at = moment(&self.began);
        if began_at.is_none() {
            wrong.push(("began", Say::new("incident-moment-wrong")));
        }
        let until = moment(&self.until);
        match (began_at, until) {
            (_, None) if !self.until.is_empty() => wrong.push(("until", Say::new("incident-moment-wrong"))),
            (Some(began), Some(until)) if until <= began => wrong.push(("until", Say::new("incident-until-before"))),
            _ => {}
        }
        let Some(began_at) = began_at.filter(|_| wrong.is_empty()) else { return Err(wrong) };
        let (title, text, categories) = (self.title.clone(), self.text.clone(), self.categories.clone());
        Ok(Wanted { title, text, categories, prefixes, addresses, began_at, until })
    }
}

impl Wanted {
    /// How it would be shown.
    pub fn preview(&self, id: i64, now: OffsetDateTime) -> Notice {
        Notice {
            id,
            title: self.title.clone(),
            text: self.text.clone(),
            categories: self.categories.iter().map(|one| one.as_str().to_owned()).collect(),
            numbers: self.prefixes.clone(),
            began_at: self.began_at,
            until: self.until,
            published_at: now,
            changed_at: now,
            resolved_at: None,
            news: Vec::new(),
        }
    }
}

/// What staff write later, in both languages.
///
/// # Errors
/// Everything that is wrong with it.
pub fn update(form: &Form) -> Result<Texts, Complaints> {
    let texts = Texts::of(form.block("text_pl"), form.block("text_en"));
    let wrong: Complaints = [(Lang::Pl, "text_pl"), (Lang::En, "text_en")]
        .into_iter()
        .filter_map(|(lang, field)| said(field, texts.get(&lang), MOST_IN_TEXT))
        .collect();
    if wrong.is_empty() { Ok(texts) } else { Err(wrong) }
}

fn said(field: &'static str, text: &str, most: usize) -> Option<(&'static str, Say)> {
    match text.chars().count() {
        0 => Some((field, Say::new(missing(field)))),
        count if count > most => Some((field, Say::new("report-too-long").with("count", count).with("most", most))),
        _ => None,
    }
}

/// The summary of a form names its fields, so each says which it is.
fn missing(field: &str) -> &'static str {
    match field {
        "title_pl" => "incident-missing-title-pl",
        "title_en" => "incident-missing-title-en",
        "text_pl" => "incident-missing-text-pl",
        _ => "incident-missing-text-en",
    }
}

/// Parts of a list as people separate them.
fn listed(typed: &str, read: impl Fn(&str) -> Result<String, Say>) -> Result<Vec<String>, Say> {
    let parts = typed.split([',', ';']).map(str::trim).filter(|part| !part.is_empty());
    let mut all = parts.map(read).collect::<Result<Vec<_>, _>>()?;
    all.sort();
    all.dedup();
    match all.len() {
        0..=MOST_LISTED => Ok(all),
        count => Err(Say::new("incident-list-too-long").with("count", count).with("most", MOST_LISTED)),
    }
}

/// What a number begins with, as it is dialled: `0044 20`, `+44 20`, and in Poland `22 55`.
fn digits(typed: &str) -> Result<String, Say> {
    let plain: String = typed.chars().filter(|c| !matches!(c, ' ' | '-' | '(' | ')' | '.' | '\u{a0}')).collect();
    let abroad = plain.strip_prefix('+').or_else(|| plain.strip_prefix("00"));
    let digits = abroad.map_or_else(|| format!("48{plain}"), str::to_owned);
    let is_one = !plain.is_empty() && (1..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    if is_one {
        Ok(digits)
    } else {
        Err(Say::new("incident-prefix-wrong").with("text", typed.chars().take(40).collect::<String>()))
    }
}

fn network(typed: &str) -> Result<String, Say> {
    let net = typed.parse::<IpNet>().or_else(|_| typed.parse::<std::net::IpAddr>().map(IpNet::from));
    let net =
        net.map_err(|_| Say::new("incident-address-wrong").with("text", typed.chars().take(60).collect::<String>()))?;
    Ok(net.trunc().to_string())
}

fn moment(typed: &str) -> Option<OffsetDateTime> {
    let typed = typed.replacen(' ', "T", 1);
    let local = PrimitiveDateTime::parse(typed.get(..16)?, MINUTE).ok()?;
    Some(match zone::resolve(local) {
        Resolved::One(at) | Resolved::Gap { later: at, .. } | Resolved::Fold { first: at, .. } => at,
    })
}

/// As a browser's field for a moment has it.
pub fn field(at: OffsetDateTime) -> String {
    zone::to_local(at).format(MINUTE).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;

    use super::*;

    fn draft(change: &str) -> Result<Wanted, Complaints> {
        let right = "title_pl=Anglia&title_en=England&text_pl=Opis&text_en=Text&began=2026-11-20T14:05";
        Draft::read(&Form::parse(format!("{change}&{right}").as_bytes())).check()
    }

    #[test]
    fn everything_is_read_or_complained_about() {
        let wanted = draft(
            "prefixes=0044+20,+%2B49;22+55&addresses=203.0.113.9/24,+2001:db8::1&until=2026-11-20+16:00&category=audio",
        )
        .unwrap();
        assert_eq!(wanted.prefixes, ["4420", "482255", "49"]);
        assert_eq!(wanted.addresses, ["2001:db8::1/128", "203.0.113.0/24"]);
        assert_eq!(wanted.began_at, datetime!(2026-11-20 13:05 UTC));
        assert_eq!(wanted.until, Some(datetime!(2026-11-20 15:00 UTC)));
        assert_eq!(wanted.categories, [Category::Audio]);
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
            let wrong = draft(change).unwrap_err();
            assert_eq!(wrong.iter().map(|(field, _)| *field).collect::<Vec<_>>(), [field], "{change}");
        }
        let long = format!("title_en={}", "x".repeat(121));
        assert!(draft(&long).is_err());
    }

    proptest::proptest! {
        #[test]
        fn a_beginning_is_read_as_it_is_shown(stored in "48[0-9]{0,12}|[1-9][0-9]{0,14}") {
            let shown = phone::beginning(&stored);
            proptest::prop_assert_eq!(digits(&shown), Ok(stored), "{}", shown);
        }
    }

    #[test]
    fn what_is_stored_fills_the_form_again() {
        assert_eq!(field(datetime!(2026-11-20 13:05 UTC)), "2026-11-20T14:05");
        assert_eq!(moment("2026-11-20T14:05"), Some(datetime!(2026-11-20 13:05 UTC)));
        assert_eq!(moment("2026-11-20T14:05:33"), moment("2026-11-20 14:05"));
    }
}
