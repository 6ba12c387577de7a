//! A figure's table: what stands on the page, and the same for a spreadsheet.

use std::borrow::Cow;

use super::chart::Percent;
use crate::{
    web::Csv,
    words::{Lang, Say, plain},
};

/// What stands in a cell, as people read it and as a spreadsheet counts with it.
#[derive(Debug, Clone)]
pub struct Cell {
    pub shown: String,
    plain: String,
    pub is_number: bool,
}

/// One line of a table. Its head says what it is about.
#[derive(Debug)]
pub struct Row {
    pub head: String,
    /// Where it leads.
    pub href: Option<String>,
    pub cells: Vec<Cell>,
    /// A bar behind the cells, in a table that is its own drawing.
    pub bar: Option<Percent>,
}

/// A table with its heads, the row's own first.
#[derive(Debug, Default)]
pub struct Table {
    pub heads: Vec<String>,
    pub rows: Vec<Row>,
}

impl Row {
    pub fn new(head: impl Into<String>, cells: Vec<Cell>) -> Row {
        Row { head: head.into(), href: None, cells, bar: None }
    }

    /// With a bar of this part of the whole, which is also its last cell.
    pub fn with_share(mut self, part: i64, whole: i64, lang: Lang) -> Row {
        let share = share(part, whole);
        self.cells.push(percent(share, lang));
        self.bar = Some(Percent((share.unwrap_or_default() * 100.0).min(100.0)));
        self
    }
}

impl Table {
    /// Whether the column with this head, counted from the first, has numbers.
    pub fn has_numbers(&self, column: &usize) -> bool {
        let cell = column.checked_sub(1).and_then(|at| self.rows.first()?.cells.get(at));
        cell.is_some_and(|cell| cell.is_number)
    }

    pub fn csv(&self) -> axum::body::Bytes {
        let mut csv = Csv::new();
        csv.row(self.heads.iter().map(|head| Cow::from(plain(head))));
        for row in &self.rows {
            csv.row(
                std::iter::once(Cow::from(plain(&row.head)))
                    .chain(row.cells.iter().map(|cell| Cow::from(plain(&cell.plain)))),
            );
        }
        csv.take()
    }
}

/// A part of the whole, unless the whole is nothing.
pub fn share(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

pub fn text(text: impl Into<String>) -> Cell {
    let shown: String = text.into();
    Cell { plain: shown.clone(), shown, is_number: false }
}

fn number(shown: String, plain: String) -> Cell {
    Cell { shown, plain, is_number: true }
}

fn nothing() -> Cell {
    number(String::new(), String::new())
}

pub fn count(count: i64, lang: Lang) -> Cell {
    number(grouped(count, lang), count.to_string())
}

/// A count that may be none because there is nothing to count yet.
pub fn perhaps(value: Option<i64>, lang: Lang) -> Cell {
    value.map_or_else(nothing, |value| count(value, lang))
}

/// An average, to one place; none where there is nothing to take it of.
pub fn average(value: Option<f64>, lang: Lang) -> Cell {
    let tenths = value.map(|value| decimal(&format!("{value:.1}"), lang));
    tenths.map_or_else(nothing, |value| number(value.clone(), value))
}

/// A share in whole per cent; a spreadsheet gets one place more.
pub fn percent(share: Option<f64>, lang: Lang) -> Cell {
    match share {
        Some(share) => number(whole_percent(share, lang), decimal(&format!("{:.1}", share * 100.0), lang)),
        None => nothing(),
    }
}

pub fn whole_percent(share: f64, lang: Lang) -> String {
    lang.say(&Say::new("stats-percent").with("value", (share * 100.0).round() as i64))
}

/// With the language's sign between thousands.
pub fn grouped(count: i64, lang: Lang) -> String {
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

fn decimal(number: &str, lang: Lang) -> String {
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
        let both = |count| (grouped(count, Lang::Pl), grouped(count, Lang::En));
        assert_eq!(both(999), ("999".into(), "999".into()));
        assert_eq!(both(1234), ("1234".into(), "1,234".into()));
        assert_eq!(both(1_234_567), ("1\u{a0}234\u{a0}567".into(), "1,234,567".into()));
        assert_eq!(average(Some(2.25), Lang::Pl).shown, "2,2");
        assert_eq!(percent(share(1, 3), Lang::En).plain, "33.3");
        assert_eq!(percent(share(0, 0), Lang::En).shown, "");
    }
}
