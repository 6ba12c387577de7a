//! CSV files for spreadsheets, safe against formula injection.

use std::borrow::Cow;

use axum::{
    body::{Body, Bytes},
    http::{
        HeaderValue,
        header::{CONTENT_DISPOSITION, CONTENT_TYPE},
    },
    response::Response,
};
use time::OffsetDateTime;

use crate::local_time;

/// A CSV writer for Excel with Polish settings. The delimiter is a semicolon, because the comma is the decimal
/// separator there. The file begins with a byte order mark, because Excel reads UTF-8 without one as Windows-1250.
pub struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    pub fn new() -> Csv {
        Csv::with_prefix("\u{feff}".into())
    }

    fn with_prefix(prefix: Vec<u8>) -> Csv {
        let mut builder = csv::WriterBuilder::new();
        builder.delimiter(b';').terminator(csv::Terminator::CRLF).flexible(false);
        Csv(builder.from_writer(prefix))
    }

    /// Adds a row. All rows must have as many cells as the first.
    pub fn write_row<'a>(&mut self, cells: impl IntoIterator<Item = Cow<'a, str>>) {
        // writing to memory does not fail; a row of another length is a defect
        let result = self.0.write_record(cells.into_iter().map(|cell| escape_formula(cell).into_owned()));
        debug_assert!(result.is_ok(), "{result:?}");
    }

    /// Returns the bytes that were written since the last call.
    pub fn take_bytes(&mut self) -> Bytes {
        let writer = std::mem::replace(self, Csv::with_prefix(Vec::new()));
        writer.0.into_inner().unwrap_or_default().into()
    }
}

impl Default for Csv {
    fn default() -> Csv {
        Csv::new()
    }
}

/// A response that browsers save as `dzwoni-NAME-DATE-TIME.csv`.
pub fn csv_download(body: impl Into<Body>, name: &str, at: OffsetDateTime) -> Response {
    let local = local_time::to_local(at);
    let file_name = format!("dzwoni-{name}-{}-{:02}{:02}.csv", local.date(), local.hour(), local.minute());
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{file_name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// Prefixes a cell that begins like a formula with an apostrophe (OWASP, CSV Injection). Spreadsheets treat full-width
/// signs like the ASCII ones.
fn escape_formula(cell: Cow<'_, str>) -> Cow<'_, str> {
    let formula_starts = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(formula_starts) { format!("'{cell}").into() } else { cell }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn cells_that_begin_like_a_formula_are_escaped() {
        let mut csv = Csv::new();
        csv.write_row(["A", "B", "C"].map(Cow::from));
        csv.write_row(["=cmd|' /C calc'!A0", "+48221228022", "tak; \"nie\"\r\n=1"].map(Cow::from));
        let first = csv.take_bytes();
        csv.write_row(["-1", "@x", "\t"].map(Cow::from));
        let file = [first, csv.take_bytes()].concat();
        assert_eq!(
            String::from_utf8(file).unwrap(),
            "\u{feff}A;B;C\r\n'=cmd|' /C calc'!A0;'+48221228022;\"tak; \"\"nie\"\"\r\n=1\"\r\n'-1;'@x;'\t\r\n"
        );
    }

    proptest! {
        #[test]
        fn every_row_is_read_back_with_its_cells(rows in prop::collection::vec(["(?s).*", "(?s).*", "(?s).*"], 1..9)) {
            let mut csv = Csv::new();
            csv.write_row(["A", "B", "C"].map(Cow::from));
            for row in &rows {
                csv.write_row(row.iter().map(|cell| Cow::from(cell.as_str())));
            }
            let text = csv.take_bytes();
            let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&*text);
            let records: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(records.len(), rows.len());
            for (record, row) in records.iter().zip(&rows) {
                let escaped: Vec<_> = row.iter().map(|cell| escape_formula(cell.into())).collect();
                prop_assert_eq!(record.iter().collect::<Vec<_>>(), escaped);
            }
        }
    }
}
