//! Reading in the lists of other programs, as long as one likes: piece by piece, in lots, with a complaint for each line
//! that can't be read and on to the next.

mod fail2ban;
mod kamailio;
mod tokenizer;
mod plain;

use std::{
    collections::BTreeMap,
    fmt,
    fs::File,
    io::{self, BufRead, BufReader},
    path::PathBuf,
};

use anyhow::Context;
use ipnet::IpNet;
use time::{Duration, OffsetDateTime};

use super::{
    BlockReason, BlockSource,
    mutations::{self, ExternalBlock, ReportingProgram, UpsertCounts},
    net::{self, NetParseError},
};
use crate::{clock::Clock, db::Db, i18n::Lang};

/// Entries that are stored together.
const BATCH_SIZE: usize = 10_000;
/// Complaints that are told; the others are counted.
const MAX_REPORTED_ERRORS: usize = 20;

/// `dzwoni addresses import`
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct BlocklistImport {
    /// The list; - reads standard input
    pub file: PathBuf,
    #[arg(long, value_enum, default_value_t = ListFormat::Plain)]
    pub format: ListFormat,
    /// Why they are blocked: wrong-password, scanning, abuse or other (default: wrong-password for fail2ban, scanning for
    /// kamailio, other for plain). Customers may lift the block of a wrong password themselves
    #[arg(long, value_parser = parse_reason)]
    pub reason: Option<BlockReason>,
    /// For how many hours from now, where the list does not say it (default: until somebody lifts it)
    #[arg(long)]
    pub hours: Option<u32>,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ListFormat {
    /// One address or CIDR block a line, then a note if there is one; # begins a comment
    Plain,
    /// What `fail2ban-client banned` or `fail2ban-client get JAIL banip --with-time` print
    Fail2ban,
    /// What `kamcmd htable.dump NAME`, `permissions.addressDump` and `permissions.subnetDump` print, or the same as JSON
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
    text.parse().map_err(|()| {
        let names: Vec<_> = BlockReason::ALL.iter().map(|reason| reason.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

/// One entry of a list, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ParsedEntry {
    line: u64,
    text: String,
    net: Result<IpNet, NetParseError>,
    note: Option<String>,
    since: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
}

impl ParsedEntry {
    /// An address or a block; bits behind the mask are dropped, since there is no doubt what is meant.
    fn parse(line: u64, text: &str) -> ParsedEntry {
        let net = net::parse_with_host_bits(text).map(|net| net.trunc());
        ParsedEntry { line, text: text.chars().take(60).collect(), net, note: None, since: None, until: None }
    }
}

/// A reader of one format: gives the list's entries one by one.
trait ListReader {
    fn next_entry(&mut self) -> io::Result<Option<ParsedEntry>>;
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct ImportReport {
    /// Addresses and blocks in the list.
    pub entry_count: u64,
    pub inserted: i64,
    pub updated: i64,
    /// Bans that have run out already.
    pub already_expired: u64,
    /// Lines that could not be read, with what stands there: the first of them.
    pub errors: Vec<(u64, String, NetParseError)>,
    pub invalid_line_count: u64,
}

impl BlocklistImport {
    /// Reads the list in; gives what came of it.
    ///
    /// # Errors
    /// When the list can't be opened, or the database is away. The lots before it stay.
    pub async fn run(&self, db: &Db, clock: &Clock) -> anyhow::Result<ImportReport> {
        let input: Box<dyn BufRead> = if self.file.as_os_str() == "-" {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(&self.file).with_context(|| format!("can't open {}", self.file.display()))?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        self.import_from(input, db, clock).await
    }

    /// The same from anything that can be read.
    ///
    /// # Errors
    /// When it can't be read on, or the database is away. The lots before it stay.
    pub async fn import_from(
        &self,
        input: impl BufRead + 'static,
        db: &Db,
        clock: &Clock,
    ) -> anyhow::Result<ImportReport> {
        let mut list: Box<dyn ListReader> = match self.format {
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
        let until = self.hours.map(|hours| now + Duration::hours(hours.into()));
        let mut outcome = ImportReport::default();
        // in order, so that two lists at once don't wait for each other
        let mut lot = BTreeMap::new();
        let mut last_wrong = 0;
        while let Some(told) = list.next_entry().context("the list can't be read on")? {
            match told.net {
                Err(_) if told.line == last_wrong => {}
                Err(wrong) => {
                    last_wrong = told.line;
                    outcome.invalid_line_count += 1;
                    if outcome.errors.len() < MAX_REPORTED_ERRORS {
                        outcome.errors.push((told.line, told.text, wrong));
                    }
                }
                Ok(net) => {
                    outcome.entry_count += 1;
                    let until = told.until.or(until);
                    if until.is_some_and(|until| until <= now) {
                        outcome.already_expired += 1;
                        continue;
                    }
                    let since = told.since.map_or(now, |since| since.min(now));
                    lot.insert(net, ExternalBlock { net, note: told.note, since, until });
                    if lot.len() >= BATCH_SIZE {
                        outcome.add_counts(store_batch(db, std::mem::take(&mut lot), program, clock).await?);
                    }
                }
            }
        }
        outcome.add_counts(store_batch(db, lot, program, clock).await?);
        Ok(outcome)
    }
}

async fn store_batch(
    db: &Db,
    lot: BTreeMap<IpNet, ExternalBlock>,
    program: ReportingProgram,
    clock: &Clock,
) -> Result<UpsertCounts, sqlx::Error> {
    if lot.is_empty() {
        return Ok(UpsertCounts::default());
    }
    let given: Vec<_> = lot.into_values().collect();
    let mut tx = db.begin().await?;
    let put = mutations::upsert_external(&mut tx, &given, program, clock.now()).await?;
    tx.commit().await?;
    Ok(put)
}

impl ImportReport {
    fn add_counts(&mut self, put: UpsertCounts) {
        self.inserted += put.inserted;
        self.updated += put.updated;
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, text, wrong) in &self.errors {
            writeln!(f, "Line {line} can't be read: {text:?}. {}", Lang::En.format(&wrong.error_message()))?;
        }
        let told = u64::try_from(self.errors.len()).unwrap_or(u64::MAX);
        if self.invalid_line_count > told {
            writeln!(f, "{} more lines can't be read.", self.invalid_line_count - told)?;
        }
        write!(
            f,
            "{} read: {} new, {} changed, {} over already.",
            self.entry_count, self.inserted, self.updated, self.already_expired
        )?;
        write!(f, " The others are on the list just so, or kept by staff.")
    }
}
