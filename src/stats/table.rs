//! A figure's table, for the page and for a CSV file.

use std::borrow::Cow;

use super::chart::Percent;
use crate::{
    i18n::{Lang, UiMessage, strip_typography},
    web::Csv,
};

/// A value, formatted for people and for spreadsheets.
#[derive(Debug, Clone)]
pub(crate) struct FigureCell {
    pub display: String,
    csv_value: String,
    pub is_number: bool,
}

#[derive(Debug)]
pub(crate) struct FigureRow {
    pub heading: String,
    /// The link of the heading.
    pub href: Option<String>,
    pub cells: Vec<FigureCell>,
    /// The width of the bar behind the cells, in a figure without a chart.
    pub bar: Option<Percent>,
}

#[derive(Debug, Default)]
pub(crate) struct FigureTable {
    /// The first is the heading of the row headings.
    pub headings: Vec<String>,
    pub rows: Vec<FigureRow>,
}

impl FigureRow {
    pub(crate) fn new(heading: impl Into<String>, cells: Vec<FigureCell>) -> FigureRow {
        FigureRow { heading: heading.into(), href: None, cells, bar: None }
    }

    /// Adds the share `part / whole` as the last cell and as a bar.
    pub(crate) fn with_share(mut self, part: i64, whole: i64, lang: Lang) -> FigureRow {
        let share = share(part, whole);
        self.cells.push(percent_cell(share, lang));
        self.bar = Some(Percent((share.unwrap_or_default() * 100.0).min(100.0)));
        self
    }
}

impl FigureTable {
    /// Whether the column has numbers. Column 0 has the row headings.
    pub(crate) fn is_numeric_column(&self, column: &usize) -> bool {
        let cell = column.checked_sub(1).and_then(|index| self.rows.first()?.cells.get(index));
        cell.is_some_and(|cell| cell.is_number)
    }

    pub(crate) fn to_csv(&self) -> axum::body::Bytes {
        let mut csv = Csv::new();
        csv.write_row(self.headings.iter().map(|heading| Cow::from(strip_typography(heading))));
        for row in &self.rows {
            csv.write_row(
                std::iter::once(Cow::from(strip_typography(&row.heading)))
                    .chain(row.cells.iter().map(|cell| Cow::from(strip_typography(&cell.csv_value)))),
            );
        }
        csv.take_bytes()
    }
}

/// `part / whole`, or `None` if the whole is zero.
pub(crate) fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub(crate) fn text_cell(text: impl Into<String>) -> FigureCell {
    let display: String = text.into();
    FigureCell { csv_value: display.clone(), display, is_number: false }
}

fn number_cell(display: String, csv_value: String) -> FigureCell {
    FigureCell { display, csv_value, is_number: true }
}

fn empty_cell() -> FigureCell {
    number_cell(String::new(), String::new())
}

pub(crate) fn count_cell(count: i64, lang: Lang) -> FigureCell {
    number_cell(format_integer(count, lang), count.to_string())
}

/// A count; empty for a time that is still to come.
pub(crate) fn optional_count_cell(value: Option<i64>, lang: Lang) -> FigureCell {
    value.map_or_else(empty_cell, |value| count_cell(value, lang))
}

/// An average with one decimal place; empty without a value.
pub(crate) fn average_cell(value: Option<f64>, lang: Lang) -> FigureCell {
    let tenths = value.map(|value| localize_decimal_separator(&format!("{value:.1}"), lang));
    tenths.map_or_else(empty_cell, |value| number_cell(value.clone(), value))
}

/// A share in whole per cent; in the CSV file with one decimal place.
pub(crate) fn percent_cell(share: Option<f64>, lang: Lang) -> FigureCell {
    match share {
        Some(share) => {
            number_cell(format_percent(share, lang), localize_decimal_separator(&format!("{:.1}", share * 100.0), lang))
        }
        None => empty_cell(),
    }
}

pub(crate) fn format_percent(share: f64, lang: Lang) -> String {
    lang.format(&UiMessage::new("stats-percent").with("value", (share * 100.0).round() as i64))
}

/// An integer with the language's thousands separator.
pub(crate) fn format_integer(count: i64, lang: Lang) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::from(if count < 0 { "-" } else { "" });
    for (index, digit) in digits.chars().enumerate() {
        // Polish does not separate four digits
        if index > 0 && (digits.len() - index).is_multiple_of(3) && (digits.len() > 4 || lang == Lang::En) {
            text.push(match lang {
                Lang::Pl => '\u{a0}',
                Lang::En => ',',
            });
        }
        text.push(digit);
    }
    text
}

fn localize_decimal_separator(number: &str, lang: Lang) -> String {
    match lang {
        Lang::Pl => number.replace('.', ","),
        Lang::En => number.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_the_separators_of_the_language() {
        let both = |count| (format_integer(count, Lang::Pl), format_integer(count, Lang::En));
        assert_eq!(both(999), ("999".into(), "999".into()));
        assert_eq!(both(1234), ("1234".into(), "1,234".into()));
        assert_eq!(both(1_234_567), ("1\u{a0}234\u{a0}567".into(), "1,234,567".into()));
        assert_eq!(average_cell(Some(2.25), Lang::Pl).display, "2,2");
        assert_eq!(percent_cell(share(1, 3), Lang::En).csv_value, "33.3");
        assert_eq!(percent_cell(share(0, 0), Lang::En).display, "");
    }
}
