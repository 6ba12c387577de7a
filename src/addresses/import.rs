//! Reading in the lists of other programs, as long as one likes: piece by piece, in lots, with a complaint for each line
//! that can't be read and on to the next.

mod fail2ban;
mod kamailio;
mod pieces;
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
    Reason, Source,
    net::{self, Wrong},
    write::{self, Given, Program, Put},
};
use crate::{clock::Clock, db::Db, words::Lang};

/// Entries that are stored together.
const LOT: usize = 10_000;
/// Complaints that are told; the others are counted.
const TOLD: usize = 20;

/// `dzwoni addresses import`
#[derive(Debug, Clone, clap::Args)]
#[group(skip)]
pub struct Import {
    /// The list; - reads standard input
    pub file: PathBuf,
    #[arg(long, value_enum, default_value_t = Format::Plain)]
    pub format: Format,
    /// Why they are blocked: wrong-password, scanning, abuse or other (default: wrong-password for fail2ban, scanning for
    /// kamailio, other for plain). Customers may lift the block of a wrong password themselves
    #[arg(long, value_parser = reason)]
    pub reason: Option<Reason>,
    /// For how many hours from now, where the list does not say it (default: until somebody lifts it)
    #[arg(long)]
    pub hours: Option<u32>,
}

/// How a list is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Format {
    /// One address or CIDR block a line, then a note if there is one; # begins a comment
    Plain,
    /// What `fail2ban-client banned` or `fail2ban-client get JAIL banip --with-time` print
    Fail2ban,
    /// What `kamcmd htable.dump NAME`, `permissions.addressDump` and `permissions.subnetDump` print, or the same as JSON
    Kamailio,
}

impl Format {
    const fn source(self) -> Source {
        match self {
            Format::Plain => Source::Import,
            Format::Fail2ban => Source::Fail2ban,
            Format::Kamailio => Source::Kamailio,
        }
    }

    const fn usual_reason(self) -> Reason {
        match self {
            Format::Plain => Reason::Other,
            Format::Fail2ban => Reason::WrongPassword,
            Format::Kamailio => Reason::Scanning,
        }
    }
}

fn reason(text: &str) -> Result<Reason, String> {
    text.parse().map_err(|()| {
        let names: Vec<_> = Reason::ALL.iter().map(|reason| reason.as_str()).collect();
        format!("one of {}", names.join(", "))
    })
}

/// One entry of a list, as it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Told {
    line: u64,
    text: String,
    net: Result<IpNet, Wrong>,
    note: Option<String>,
    since: Option<OffsetDateTime>,
    until: Option<OffsetDateTime>,
}

impl Told {
    /// An address or a block; bits behind the mask are dropped, since there is no doubt what is meant.
    fn of(line: u64, text: &str) -> Told {
        let net = net::read_within(text).map(|net| net.trunc());
        Told { line, text: text.chars().take(60).collect(), net, note: None, since: None, until: None }
    }
}

/// A reader of one format: gives the list's entries one by one.
trait Reads {
    fn next(&mut self) -> io::Result<Option<Told>>;
}

/// What came of it.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// Addresses and blocks in the list.
    pub read: u64,
    pub new: i64,
    pub changed: i64,
    /// Bans that have run out already.
    pub over: u64,
    /// Lines that could not be read, with what stands there: the first of them.
    pub wrong: Vec<(u64, String, Wrong)>,
    pub wrong_lines: u64,
}

impl Import {
    /// Reads the list in; gives what came of it.
    ///
    /// # Errors
    /// When the list can't be opened, or the database is away. The lots before it stay.
    pub async fn run(&self, db: &Db, clock: &Clock) -> anyhow::Result<Outcome> {
        let input: Box<dyn BufRead> = if self.file.as_os_str() == "-" {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(&self.file).with_context(|| format!("can't open {}", self.file.display()))?;
            Box::new(BufReader::with_capacity(1 << 16, file))
        };
        self.read(input, db, clock).await
    }

    /// The same from anything that can be read.
    ///
    /// # Errors
    /// When it can't be read on, or the database is away. The lots before it stay.
    pub async fn read(&self, input: impl BufRead + 'static, db: &Db, clock: &Clock) -> anyhow::Result<Outcome> {
        let mut list: Box<dyn Reads> = match self.format {
            Format::Plain => Box::new(plain::Plain::new(input)),
            Format::Fail2ban => Box::new(fail2ban::Fail2ban::new(input)),
            Format::Kamailio => Box::new(kamailio::Kamailio::new(input)),
        };
        let now = clock.now();
        let program = Program {
            reason: self.reason.unwrap_or(self.format.usual_reason()),
            source: self.format.source(),
            token: None,
        };
        let until = self.hours.map(|hours| now + Duration::hours(hours.into()));
        let mut outcome = Outcome::default();
        // in order, so that two lists at once don't wait for each other
        let mut lot = BTreeMap::new();
        let mut last_wrong = 0;
        while let Some(told) = list.next().context("the list can't be read on")? {
            match told.net {
                Err(_) if told.line == last_wrong => {}
                Err(wrong) => {
                    last_wrong = told.line;
                    outcome.wrong_lines += 1;
                    if outcome.wrong.len() < TOLD {
                        outcome.wrong.push((told.line, told.text, wrong));
                    }
                }
                Ok(net) => {
                    outcome.read += 1;
                    let until = told.until.or(until);
                    if until.is_some_and(|until| until <= now) {
                        outcome.over += 1;
                        continue;
                    }
                    let since = told.since.map_or(now, |since| since.min(now));
                    lot.insert(net, Given { net, note: told.note, since, until });
                    if lot.len() >= LOT {
                        outcome.add(store(db, std::mem::take(&mut lot), program, clock).await?);
                    }
                }
            }
        }
        outcome.add(store(db, lot, program, clock).await?);
        Ok(outcome)
    }
}

async fn store(db: &Db, lot: BTreeMap<IpNet, Given>, program: Program, clock: &Clock) -> Result<Put, sqlx::Error> {
    if lot.is_empty() {
        return Ok(Put::default());
    }
    let given: Vec<_> = lot.into_values().collect();
    let mut tx = db.begin().await?;
    let put = write::put(&mut tx, &given, program, clock.now()).await?;
    tx.commit().await?;
    Ok(put)
}

impl Outcome {
    fn add(&mut self, put: Put) {
        self.new += put.new;
        self.changed += put.changed;
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (line, text, wrong) in &self.wrong {
            writeln!(f, "Line {line} can't be read: {text:?}. {}", Lang::En.say(&wrong.say()))?;
        }
        let told = u64::try_from(self.wrong.len()).unwrap_or(u64::MAX);
        if self.wrong_lines > told {
            writeln!(f, "{} more lines can't be read.", self.wrong_lines - told)?;
        }
        write!(f, "{} read: {} new, {} changed, {} over already.", self.read, self.new, self.changed, self.over)?;
        write!(f, " The others are on the list just so, or kept by staff.")
    }
}
