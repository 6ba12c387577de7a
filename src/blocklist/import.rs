//! Import of blocklists from other programs. Lists of any length are streamed and stored in batches. Invalid lines are
//! reported and skipped.

mod fail2ban;
mod kamailio;
mod plain;
mod reader;
mod tokenizer;

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader},
    path::PathBuf,
};

use anyhow::Context;
use ipnet::IpNet;
use reader::ListReader;
use strum::VariantArray;
use time::Duration;

use super::{
    entry::{BlockReason, BlockSource},
    mutations::{self, ExternalBlock, ReportingProgram, UpsertCounts},
    net::NetParseError,
};
use crate::{clock::Clock, db::Db, i18n::Lang};

/// Entries that are stored in one transaction.
const BATCH_SIZE: usize = 10_000;
/// Invalid lines that are listed. Further ones are only counted.
const MAX_REPORTED_ERRORS: usize = 20;

/// Arguments of `dzwoni addresses import`.
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct BlocklistImport {
    /// File with the list, or - for standard input
    pub file: PathBuf,
    /// Format of the list
    #[arg(long, value_enum, default_value_t = ListFormat::Plain)]
    pub format: ListFormat,
    /// Reason of the blocks: wrong-password, scanning, abuse or other. Customers can lift a block with the reason
    /// wrong-password themselves (default: wrong-password for fail2ban, scanning for kamailio, other for plain)
    #[arg(long, value_parser = parse_reason)]
    pub reason: Option<BlockReason>,
    /// Duration in hours from now, for entries whose end the list does not state (default: no end)
    #[arg(long)]
    pub hours: Option<u32>,
}

/// The format of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// One address or CIDR block per line, with an optional note after it; # begins a comment
    Plain,
    /// Output of `fail2ban-client banned` or `fail2ban-client get JAIL banip --with-time`
    Fail2ban,
    /// Output of `kamcmd htable.dump NAME`, `permissions.addressDump` or `permissions.subnetDump`, as text or JSON
    Kamailio,
}

impl ListFormat {
    const fn source(self) -> BlockSource {
        match self {
            ListFormat::Plain => BlockSource::Import,
            ListFormat::Fail2ban => BlockSource::Fail2ban,
            ListFormat::Kamailio => BlockSource::Kamailio,
        }
    }

    const fn default_reason(self) -> BlockReason {
        match self {
            ListFormat::Plain => BlockReason::Other,
            ListFormat::Fail2ban => BlockReason::WrongPassword,
            ListFormat::Kamailio => BlockReason::Scanning,
        }
    }
}

fn parse_reason(text: &str) -> Result<BlockReason, String> {
    text.parse().map_err(|_| {
        let names: Vec<_> = BlockReason::VARIANTS.iter().map(|reason| reason.into_str()).collect();
        format!("must be one of {}", names.join(", "))
    })
}

/// The result of an import.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Valid addresses and blocks in the list.
    pub entry_count: u64,
    pub inserted: i64,
    pub updated: i64,
    /// Entries whose end has passed.
    pub already_expired: u64,
    /// The first invalid lines: line number, text and error.
    pub errors: Vec<(u64, String, NetParseError)>,
    pub invalid_line_count: u64,
}

impl BlocklistImport {
    /// Imports the list.
    ///
    /// # Errors
    /// Returns an error if the list cannot be read or the database fails. Batches stored before that are kept.
    pub async fn run(&self, db: &Db, clock: &Clock) -> anyhow::Result<ImportReport> {
        let input: Box<dyn BufRead> = if self.file.as_os_str() == "-" {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(&self.file).with_context(|| format!("can't open {}", self.file.display()))?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        self.import_from(input, db, clock).await
    }

    /// Like [`BlocklistImport::run`], from any reader.
    ///
    /// # Errors
    /// Returns an error if the list cannot be read or the database fails. Batches stored before that are kept.
    pub async fn import_from(
        &self,
        input: impl BufRead + 'static,
        db: &Db,
        clock: &Clock,
    ) -> anyhow::Result<ImportReport> {
        let mut reader: Box<dyn ListReader> = match self.format {
            ListFormat::Plain => Box::new(plain::PlainReader::new(input)),
            ListFormat::Fail2ban => Box::new(fail2ban::Fail2banReader::new(input)),
            ListFormat::Kamailio => Box::new(kamailio::KamailioReader::new(input)),
        };
        let now = clock.now();
        let program = ReportingProgram {
            reason: self.reason.unwrap_or(self.format.default_reason()),
            source: self.format.source(),
            token_id: None,
        };
        let default_until = self.hours.map(|hours| now + Duration::hours(hours.into()));
        let mut report = ImportReport::default();
        // sorted, so that two concurrent imports lock rows in the same order
        let mut batch = BTreeMap::new();
        let mut last_invalid_line = 0;
        while let Some(entry) = reader.next_entry().context("can't read the list")? {
            match entry.net {
                Err(_) if entry.line == last_invalid_line => {}
                Err(error) => {
                    last_invalid_line = entry.line;
                    report.invalid_line_count += 1;
                    if report.errors.len() < MAX_REPORTED_ERRORS {
                        report.errors.push((entry.line, entry.text, error));
                    }
                }
                Ok(net) => {
                    report.entry_count += 1;
                    let until = entry.until.or(default_until);
                    if until.is_some_and(|until| until <= now) {
                        report.already_expired += 1;
                        continue;
                    }
                    let since = entry.since.map_or(now, |since| since.min(now));
                    batch.insert(net, ExternalBlock { net, note: entry.note, since, until });
                    if batch.len() >= BATCH_SIZE {
                        report.add_counts(store_batch(db, std::mem::take(&mut batch), program, clock).await?);
                    }
                }
            }
        }
        report.add_counts(store_batch(db, batch, program, clock).await?);
        Ok(report)
    }
}

async fn store_batch(
    db: &Db,
    batch: BTreeMap<IpNet, ExternalBlock>,
    program: ReportingProgram,
    clock: &Clock,
) -> Result<UpsertCounts, sqlx::Error> {
    if batch.is_empty() {
        return Ok(UpsertCounts::default());
    }
    let blocks: Vec<_> = batch.into_values().collect();
    let mut tx = db.begin().await?;
    let counts = mutations::upsert_external(&mut tx, &blocks, program, clock.now()).await?;
    tx.commit().await?;
    Ok(counts)
}

impl ImportReport {
    fn add_counts(&mut self, counts: UpsertCounts) {
        self.inserted += counts.inserted;
        self.updated += counts.updated;
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, text, error) in &self.errors {
            writeln!(f, "Line {line} is invalid: {text:?}. {}", Lang::En.format(&error.error_message()))?;
        }
        let listed = u64::try_from(self.errors.len()).unwrap_or(u64::MAX);
        if self.invalid_line_count > listed {
            writeln!(f, "{} more lines are invalid.", self.invalid_line_count - listed)?;
        }
        write!(
            f,
            "{} entries: {} added, {} changed, {} expired.",
            self.entry_count, self.inserted, self.updated, self.already_expired
        )?;
        write!(f, " The others exist with the same content or are maintained by staff.")
    }
}
