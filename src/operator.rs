//! The operator of the portal: a TOML file that is read at start, so that another operator needs no rebuild.

mod business_hours;
mod opening_hours;

use std::path::Path;

use anyhow::{Context, ensure};
use serde::Deserialize;

pub use opening_hours::{DayOfWeek, OpeningHours};

use crate::{i18n::Lang, phone::ShortCode};

/// The operator's file.
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
    /// How long call records are kept, in days. Older calls cannot be traced.
    pub records_days: u16,
    /// The number of business hours within which staff respond.
    pub reply_hours: u16,
    #[serde(default)]
    pub hours: Vec<OpeningHours>,
    /// `2026-12-24` for one year, `12-25` for every year.
    #[serde(default)]
    pub holidays: Vec<String>,
    #[serde(default)]
    pub short_codes: Vec<ShortCode>,
    pub colours: Option<Colours>,
    /// The path of an SVG file, relative to the operator's file.
    pub logo: Option<String>,
    /// The content of that file.
    #[serde(skip)]
    pub logo_svg: Option<Vec<u8>>,
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
    /// Reads and validates the file, or the built-in example.
    ///
    /// # Errors
    /// Returns an error if the file or its logo cannot be read, a key is unknown or missing, or opening hours, a
    /// holiday, a short code or a colour are invalid.
    pub fn load(file: Option<&Path>) -> anyhow::Result<Operator> {
        let Some(file) = file else {
            return Operator::parse(include_str!("../operator.example.toml"));
        };
        let context = || format!("the operator's file {}", file.display());
        let text = std::fs::read_to_string(file).with_context(context)?;
        let mut operator = Operator::parse(&text).with_context(context)?;
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
            ensure!(opening_hours::is_holiday_date(day), "the holiday {day:?} is not of the form 2026-12-24 or 12-24");
        }
        for code in &operator.short_codes {
            ensure!(
                (1..=20).contains(&code.code.len())
                    && code.code.bytes().all(|b| b.is_ascii_digit() || b"*#".contains(&b)),
                "the short code {:?} may contain only digits, * and #, at most 20",
                code.code
            );
        }
        if let Some(colours) = &operator.colours {
            for (name, colour) in [&colours.light, &colours.dark].into_iter().flat_map(Palette::entries) {
                let digits = colour.strip_prefix('#').unwrap_or_default();
                ensure!(
                    digits.len() == 6 && digits.bytes().all(|b| b.is_ascii_hexdigit()),
                    "the colour {name} = {colour:?} is not of the form #rrggbb"
                );
            }
        }
        Ok(operator)
    }

    /// The telephone number for a `tel:` link (RFC 3966): digits and a leading plus.
    pub fn phone_link(&self) -> Option<String> {
        let phone = self.phone.as_deref()?;
        Some(phone.chars().filter(|c| c.is_ascii_digit() || *c == '+').collect())
    }

    /// The telephone number as it is written in Poland, without +48.
    pub fn phone_text(&self) -> Option<&str> {
        let phone = self.phone.as_deref()?;
        Some(phone.strip_prefix("+48").map_or(phone, str::trim_start))
    }

    /// The opening hours in one line. Empty if there are none.
    pub fn hours_text(&self, lang: Lang) -> String {
        let day = |day: DayOfWeek| lang.t_with("business-hours-day", "day", day as i64 + 1);
        let line = |hours: &OpeningHours| {
            let days = match hours.to {
                Some(to) => format!("{}–{}", day(hours.from), day(to)),
                None => day(hours.from),
            };
            format!(
                "{days} {}–{}",
                opening_hours::strip_leading_zero(&hours.open),
                opening_hours::strip_leading_zero(&hours.close)
            )
        };
        self.hours.iter().map(line).collect::<Vec<_>>().join(", ")
    }

    /// The CSS that replaces the built-in colours by the operator's.
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
    fn the_built_in_example_is_valid() {
        let operator = Operator::load(None).unwrap();
        assert_eq!(operator.phone_link().as_deref(), Some("+48225550100"));
        assert_eq!(operator.phone_text(), Some("22 555 01 00"));
        assert_eq!(operator.hours_text(Lang::Pl), "pon.–pt. 8:00–18:00");
        assert_eq!(operator.hours_text(Lang::En), "Mon–Fri 8:00–18:00");
        assert!(operator.css_overrides().contains("--on-plum:#ffffff"));
    }

    #[test]
    fn every_weekday_has_an_opening_time() {
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
    fn invalid_opening_hours_are_rejected() {
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
        for (from, to, open, close, message) in [
            ("mon", "fri", "8.00", "18:00", "\"8.00\" is not a time"),
            ("mon", "fri", "8:00", "25:00", "\"25:00\" is not a time"),
            ("mon", "fri", "24:00", "24:00", "\"24:00\" is not a time"),
            ("mon", "fri", "+8:00", "18:00", "\"+8:00\" is not a time"),
            ("mon", "fri", "8:0", "18:00", "\"8:0\" is not a time"),
            ("mon", "fri", "18:00", "8:00", "begin at 18:00 and end at 8:00"),
            ("mon", "fri", "08:00", "8:00", "begin at 08:00 and end at 8:00"),
            ("sat", "mon", "8:00", "18:00", "a week begins with Monday"),
        ] {
            let error = with(from, to, open, close).unwrap_err().to_string();
            assert!(error.contains(message), "{from} {to} {open} {close}: {error}");
        }
    }

    #[test]
    fn colours_cannot_inject_css() {
        let text = include_str!("../operator.example.toml").replace("#f6ebf2", "red}body{display:none");
        let error = Operator::parse(&text).unwrap_err().to_string();
        assert!(error.contains("plum_tint"), "{error}");
    }
}
