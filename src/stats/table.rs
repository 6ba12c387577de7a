//! A figure's table: what stands on the page, and the same for a spreadsheet.

use std::borrow::Cow;

use super::chart::Percent;
use crate::{
    i18n::{Lang, UiMessage, strip_typography},
    web::Csv,
};

/// What stands in a cell, as people read it and as a spreadsheet counts with it.
#[derive(Debug, Clone)]
pub struct FigureCell {
    pub display: String,
    csv_value: String,
    pub is_number: bool,
}

/// One line of a table. Its head says what it is about.
#[derive(Debug)]
pub struct FigureRow {
    pub heading: String,
    /// Where it leads.
    pub href: Option<String>,
    pub cells: Vec<FigureCell>,
    /// A bar behind the cells, in a table that is its own drawing.
    pub bar: Option<Percent>,
}

/// A table with its heads, the row's own first.
#[derive(Debug, Default)]
pub struct FigureTable {
    pub headings: Vec<String>,
    pub rows: Vec<FigureRow>,
}

impl FigureRow {
    pub fn new(head: impl Into<String>, cells: Vec<FigureCell>) -> FigureRow {
        FigureRow { heading: head.into(), href: None, cells, bar: None }
    }

    /// With a bar of this part of the whole, which is also its last cell.
    pub fn with_share(mut self, part: i64, whole: i64, lang: Lang) -> FigureRow {
        let share = share(part, whole);
        self.cells.push(percent_cell(share, lang));
        self.bar = Some(Percent((share.unwrap_or_default() * 100.0).min(100.0)));
        self
    }
}

impl FigureTable {
    /// Whether the column with this head, counted from the first, has numbers.
    pub fn is_numeric_column(&self, column: &usize) -> bool {
        let cell = column.checked_sub(1).and_then(|at| self.rows.first()?.cells.get(at));
        cell.is_some_and(|cell| cell.is_number)
    }

    pub fn to_csv(&self) -> axum::body::Bytes {
        let mut csv = Csv::new();
        csv.write_row(self.headings.iter().map(|head| Cow::from(strip_typography(head))));
        for row in &self.rows {
            csv.write_row(
                std::iter::once(Cow::from(strip_typography(&row.heading)))
                    .chain(row.cells.iter().map(|cell| Cow::from(strip_typography(&cell.csv_value)))),
            );
        }
        csv.take_bytes()
    }
}

/// A part of the whole, unless the whole is nothing.
pub fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub fn text_cell(text: impl Into<String>) -> FigureCell {
    let shown: String = text.into();
    FigureCell { csv_value: shown.clone(), display: shown, is_number: false }
}

fn number_cell(shown: String, plain: String) -> FigureCell {
    FigureCell { display: shown, csv_value: plain, is_number: true }
}

fn empty_cell() -> FigureCell {
    number_cell(String::new(), String::new())
}

pub fn count_cell(count: i64, lang: Lang) -> FigureCell {
    number_cell(format_integer(count, lang), count.to_string())
}

/// A count that may be none because there is nothing to count yet.
pub fn optional_count_cell(value: Option<i64>, lang: Lang) -> FigureCell {
    value.map_or_else(empty_cell, |value| count_cell(value, lang))
}

/// An average, to one place; none where there is nothing to take it of.
pub fn average_cell(value: Option<f64>, lang: Lang) -> FigureCell {
    let tenths = value.map(|value| localize_decimal_separator(&format!("{value:.1}"), lang));
    tenths.map_or_else(empty_cell, |value| number_cell(value.clone(), value))
}

/// A share in whole per cent; a spreadsheet gets one place more.
pub fn percent_cell(share: Option<f64>, lang: Lang) -> FigureCell {
    match share {
        Some(share) => {
            number_cell(format_percent(share, lang), localize_decimal_separator(&format!("{:.1}", share * 100.0), lang))
        }
        None => empty_cell(),
    }
}

pub fn format_percent(share: f64, lang: Lang) -> String {
    lang.format(&UiMessage::new("stats-percent").with("value", (share * 100.0).round() as i64))
}

/// With the language's sign between thousands.
pub fn format_integer(count: i64, lang: Lang) -> String {
    let digits = count.unsigned_abs().to_string();
    let mut text = String::from(if count < 0 { "-" } else { "" });
    for (at, digit) in digits.chars().enumerate() {
        // Polish leaves four digits together
        if at > 0 && (digits.len() - at).is_multiple_of(3) && (digits.len() > 4 || lang == Lang::En) {
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
    fn numbers_are_written_as_each_language_does() {
        let both = |count| (format_integer(count, Lang::Pl), format_integer(count, Lang::En));
        assert_eq!(both(999), ("999".into(), "999".into()));
        assert_eq!(both(1234), ("1234".into(), "1,234".into()));
        assert_eq!(both(1_234_567), ("1\u{a0}234\u{a0}567".into(), "1,234,567".into()));
        assert_eq!(average_cell(Some(2.25), Lang::Pl).display, "2,2");
        assert_eq!(percent_cell(share(1, 3), Lang::En).csv_value, "33.3");
        assert_eq!(percent_cell(share(0, 0), Lang::En).display, "");
    }
}
