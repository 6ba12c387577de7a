//! Tables for spreadsheets, and nothing in them that a spreadsheet would run.

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

/// Rows that are being written, as a Polish Excel opens them: semicolons, because the comma divides decimals there, and
/// a byte order mark, without which it takes UTF-8 for Windows-1250.
pub struct Csv(csv::Writer<Vec<u8>>);

impl Csv {
    pub fn new() -> Csv {
        Csv::with_prefix("\u{feff}".into())
    }

    fn with_prefix(before: Vec<u8>) -> Csv {
        let mut format = csv::WriterBuilder::new();
        format.delimiter(b';').terminator(csv::Terminator::CRLF).flexible(false);
        Csv(format.from_writer(before))
    }

    /// Adds a row; all rows have as many cells as the first.
    pub fn write_row<'a>(&mut self, cells: impl IntoIterator<Item = Cow<'a, str>>) {
        // it fails for a row of another length, which is a defect, and never in writing to memory
        let written = self.0.write_record(cells.into_iter().map(|cell| escape_formula(cell).into_owned()));
        debug_assert!(written.is_ok(), "{written:?}");
    }

    /// What was written so far.
    pub fn take_bytes(&mut self) -> Bytes {
        let written = std::mem::replace(self, Csv::with_prefix(Vec::new()));
        written.0.into_inner().unwrap_or_default().into()
    }
}

impl Default for Csv {
    fn default() -> Csv {
        Csv::new()
    }
}

/// A file to keep, named by what it is and when it was made.
pub fn csv_download(body: impl Into<Body>, what: &str, at: OffsetDateTime) -> Response {
    let local = local_time::to_local(at);
    let name = format!("dzwoni-{what}-{}-{:02}{:02}.csv", local.date(), local.hour(), local.minute());
    let mut response = Response::new(body.into());
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/csv; charset=utf-8; header=present"));
    if let Ok(disposition) = HeaderValue::from_str(&format!("attachment; filename=\"{name}\"")) {
        headers.insert(CONTENT_DISPOSITION, disposition);
    }
    response
}

/// A cell that begins like a formula gets an apostrophe in front (OWASP, CSV Injection; full-width signs are taken for
/// the narrow ones).
fn escape_formula(cell: Cow<'_, str>) -> Cow<'_, str> {
    let formula = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(formula) { format!("'{cell}").into() } else { cell }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_spreadsheet_runs_nothing() {
        let mut csv = Csv::new();
        csv.write_row(["A", "B", "C"].map(Cow::from));
        csv.write_row(["=cmd|' /C calc'!A0", "+48221228022", "tak; \"nie\"\r\n=1"].map(Cow::from));
        let first = csv.take_bytes();
        csv.write_row(["-1", "@x", "\t"].map(Cow::from));
        let whole = [first, csv.take_bytes()].concat();
        assert_eq!(
            String::from_utf8(whole).unwrap(),
            "\u{feff}A;B;C\r\n'=cmd|' /C calc'!A0;'+48221228022;\"tak; \"\"nie\"\"\r\n=1\"\r\n'-1;'@x;'\t\r\n"
        );
    }

    proptest! {
        #[test]
        fn every_row_reads_back_with_as_many_cells(rows in prop::collection::vec(["(?s).*", "(?s).*", "(?s).*"], 1..9)) {
            let mut csv = Csv::new();
            csv.write_row(["A", "B", "C"].map(Cow::from));
            for row in &rows {
                csv.write_row(row.iter().map(|cell| Cow::from(cell.as_str())));
            }
            let text = csv.take_bytes();
            let mut reader = csv::ReaderBuilder::new().delimiter(b';').from_reader(&*text);
            let read: Vec<_> = reader.records().collect::<Result<_, _>>().unwrap();
            prop_assert_eq!(read.len(), rows.len());
            for (read, row) in read.iter().zip(&rows) {
                let harmless: Vec<_> = row.iter().map(|cell| escape_formula(cell.into())).collect();
                prop_assert_eq!(read.iter().collect::<Vec<_>>(), harmless);
            }
        }
    }
}
