//! The operator whose portal this is: one TOML file, read at start, so that another operator needs no rebuild.

mod business_hours;

use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;

use crate::i18n::{Lang, MessageArg};

/// Name, contacts, hours and colours.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Operator {
    pub name: String,
    pub phone: Option<String>,
    pub email: Option<String>,
    pub chat_url: Option<String>,
    pub panel_url: Option<String>,
    /// Set-up instructions for phones and apps.
    pub manuals_url: Option<String>,
    /// How long a call can be traced, in days.
    pub records_days: u16,
    /// Within how many working hours staff answer.
    pub reply_hours: u16,
    #[serde(default)]
    pub hours: Vec<OpeningHours>,
    /// Days off: `2026-12-24`, or `12-25` for every year.
    #[serde(default)]
    pub holidays: Vec<String>,
    #[serde(default)]
    pub short_codes: Vec<ShortCode>,
    pub colours: Option<Colours>,
    pub logo: Option<String>,
    /// The logo file's content, read when the settings are.
    #[serde(skip)]
    pub logo_svg: Option<Vec<u8>>,
}

/// What is dialled in the operator's own network alone: `*97` for voicemail.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShortCode {
    pub code: String,
    pub name_pl: String,
    pub name_en: String,
}

impl ShortCode {
    pub fn localized_name(&self) -> MessageArg {
        MessageArg::PerLang(Box::new(Lang::ALL.map(|lang| match lang {
            Lang::Pl => self.name_pl.clone(),
            Lang::En => self.name_en.clone(),
        })))
    }
}

/// Days of the week with the same opening hours.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OpeningHours {
    pub from: DayOfWeek,
    pub to: Option<DayOfWeek>,
    pub open: String,
    pub close: String,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DayOfWeek {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Colours {
    pub light: Palette,
    pub dark: Palette,
}

#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Palette {
    plum: String,
    plum_deep: String,
    plum_tint: String,
    on_plum: String,
}

impl Operator {
    /// Reads the file, or the example when there is none.
    ///
    /// # Errors
    /// When the file or its logo can't be read, a key is unknown or missing, opening hours or a holiday are none, a short code
    /// can't be dialled, or a colour is not `#rrggbb`.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Operator> {
        let Some(file) = file else {
            return Operator::parse(include_str!("../operator.example.toml"));
        };
        let said = || format!("the operator's file {}", file.display());
        let text = std::fs::read_to_string(file).with_context(said)?;
        let mut operator = Operator::parse(&text).with_context(said)?;
        if let Some(logo) = &operator.logo {
            let path = file.parent().unwrap_or(Path::new("")).join(logo);
            operator.logo_svg = Some(std::fs::read(&path).with_context(|| format!("the logo {}", path.display()))?);
        }
        Ok(operator)
    }

    fn parse(text: &str) -> anyhow::Result<Operator> {
        let operator: Operator = toml::from_str(text)?;
        for hours in &operator.hours {
            hours.validate()?;
        }
        for day in &operator.holidays {
            ensure!(business_hours::is_holiday_date(day), "the holiday {day:?} is not of the form 2026-12-24 or 12-24");
        }
        for code in &operator.short_codes {
            ensure!(
                (1..=20).contains(&code.code.len())
                    && code.code.bytes().all(|b| b.is_ascii_digit() || b"*#".contains(&b)),
                "the short code {:?} is not of digits, stars and hashes",
                code.code
            );
        }
        if let Some(colours) = &operator.colours {
            for colour in [&colours.light, &colours.dark].into_iter().flat_map(Palette::entries) {
                let digits = colour.1.strip_prefix('#').unwrap_or_default();
                ensure!(
                    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()),
                    "the colour {} = {:?} is not of the form #rrggbb",
                    colour.0,
                    colour.1
                );
            }
        }
        Ok(operator)
    }

    /// The number as a `tel:` link wants it (RFC 3966: digits and a leading plus).
    pub fn phone_link(&self) -> Option<String> {
        let phone = self.phone.as_deref()?;
        Some(phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect())
    }

    /// The number as people in Poland read it.
    pub fn phone_text(&self) -> Option<&str> {
        let phone = self.phone.as_deref()?;
        Some(phone.strip_prefix("+48").map_or(phone, str::trim_start))
    }

    /// The opening hours in one line, empty when there are none.
    pub fn hours_text(&self, lang: Lang) -> String {
        let day = |day: DayOfWeek| lang.t_with("business-hours-day", "day", day as i64 + 1);
        let line = |hours: &OpeningHours| {
            let days = match hours.to {
                Some(to) => format!("{}–{}", day(hours.from), day(to)),
                None => day(hours.from),
            };
            format!(
                "{days} {}–{}",
                business_hours::strip_leading_zero(&hours.open),
                business_hours::strip_leading_zero(&hours.close)
            )
        };
        self.hours.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    /// The style rules for the operator's colours, put behind the house's own tokens.
    pub fn css_overrides(&self) -> String {
        let Some(colours) = &self.colours else { return String::new() };
        let rules = |palette: &Palette| -> String {
            palette.entries().iter().map(|(name, value)| format!("--{}:{value};", name.replace('_', "-"))).collect()
        };
        format!(
            "@layer tokens{{@media screen{{:root{{{}}}}}@media screen and (prefers-color-scheme:dark){{:root{{{}}}}}}}\n",
            rules(&colours.light),
            rules(&colours.dark)
        )
    }
}

impl Palette {
    fn entries(&self) -> [(&'static str, &str); 4] {
        [
            ("plum", &self.plum),
            ("plum_deep", &self.plum_deep),
            ("plum_tint", &self.plum_tint),
            ("on_plum", &self.on_plum),
        ]
    }
}

#[cfg(test)]
mod tests {
    use time::{Weekday, macros::time};

    use super::*;

    #[test]
    fn the_example_reads() {
        let operator = Operator::load(None).unwrap();
        assert_eq!(operator.phone_link().as_deref(), Some("+48225550100"));
        assert_eq!(operator.phone_text(), Some("22 555 01 00"));
        assert_eq!(operator.hours_text(Lang::Pl), "pon.–pt. 8:00–18:00");
        assert_eq!(operator.hours_text(Lang::En), "Mon–Fri 8:00–18:00");
        assert!(operator.css_overrides().contains("--on-plum:#ffffff"));
    }

    #[test]
    fn every_day_begins_at_some_hour() {
        let mut operator = Operator::load(None).unwrap();
        assert_eq!([Weekday::Monday, Weekday::Sunday].map(|day| operator.opening_time(day)), [time!(8:00); 2]);
        operator.hours[0].open = "07:30".into();
        operator.hours.push(OpeningHours {
            from: DayOfWeek::Sat,
            to: None,
            open: "10:00".into(),
            close: "13:00".into(),
        });
        let days = [Weekday::Friday, Weekday::Saturday, Weekday::Sunday];
        assert_eq!(days.map(|day| operator.opening_time(day)), [time!(7:30), time!(10:00), time!(7:30)]);
        operator.hours[0].open = "early".into();
        assert_eq!(operator.opening_time(Weekday::Monday), time!(8:00));
        operator.hours.clear();
        assert_eq!(operator.opening_time(Weekday::Monday), time!(8:00));
    }

    #[test]
    fn opening_hours_that_mean_nothing_are_refused() {
        let example = include_str!("../operator.example.toml");
        let with = |from: &str, to: &str, open: &str, close: &str| {
            let hours = format!("from = \"{from}\"\nto = \"{to}\"\nopen = \"{open}\"\nclose = \"{close}\"");
            Operator::parse(
                &example.replace("from = \"mon\"\nto = \"fri\"\nopen = \"08:00\"\nclose = \"18:00\"", &hours),
            )
        };
        for (open, close, text) in [
            ("8:00", "18:00", "pon.–pt. 8:00–18:00"),
            ("00:00", "24:00", "pon.–pt. 0:00–24:00"),
            ("0:30", "08:05", "pon.–pt. 0:30–8:05"),
        ] {
            assert_eq!(with("mon", "fri", open, close).unwrap().hours_text(Lang::Pl), text);
        }
        for (from, to, open, close, said) in [
            ("mon", "fri", "8.00", "18:00", "\"8.00\" is not a time"),
            ("mon", "fri", "8:00", "25:00", "\"25:00\" is not a time"),
            ("mon", "fri", "24:00", "24:00", "\"24:00\" is not a time"),
            ("mon", "fri", "+8:00", "18:00", "\"+8:00\" is not a time"),
            ("mon", "fri", "8:0", "18:00", "\"8:0\" is not a time"),
            ("mon", "fri", "18:00", "8:00", "open at 18:00 and close at 8:00"),
            ("mon", "fri", "08:00", "8:00", "open at 08:00 and close at 8:00"),
            ("sat", "mon", "8:00", "18:00", "a week begins with Monday"),
        ] {
            let error = with(from, to, open, close).unwrap_err().to_string();
            assert!(error.contains(said), "{from} {to} {open} {close}: {error}");
        }
    }

    #[test]
    fn a_colour_can_not_smuggle_style_in() {
        let text = include_str!("../operator.example.toml").replace("#f6ebf2", "red}body{display:none");
        let error = Operator::parse(&text).unwrap_err().to_string();
        assert!(error.contains("plum_tint"), "{error}");
    }
}
