//! What can be said on the command line; `--help` is made of it.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use dzwoni::{
    api::TokenCommand,
    blocklist::import::BlocklistImport,
    config::{Config, DatabaseConfig, MailConfig, parse_public_url},
    staff::StaffRole,
};

/// The portal where customers of a VoIP operator find out why a call failed, and where its staff answer them.
#[derive(Parser)]
#[command(version)]
pub struct Cli {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub enum Command {
    /// Serve the portal until Ctrl-C or SIGTERM
    Serve {
        #[command(flatten)]
        config: Config,
        /// Fill an empty database with made-up tickets and a sign-in that everybody knows; only on this machine
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database up to date
    Migrate {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Fill the database with made-up tickets of the last year, to see the portal with as many as one likes
    Demo {
        /// How many
        #[arg(long, default_value_t = 10_000)]
        tickets: u32,
        /// The same seed gives the same tickets (default: the first that was not used in this database)
        #[arg(long)]
        seed: Option<u64>,
        /// A folder with guides (default: the built-in ones)
        #[arg(long, env = "DZWONI_GUIDES")]
        guides: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Manage the staff's accounts
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Look after the guides
    #[command(subcommand)]
    Guides(GuidesCommand),
    /// Mail that comes in
    #[command(subcommand)]
    Mail(MailCommand),
    /// Look after the list of blocked addresses
    #[command(subcommand)]
    Addresses(BlocklistCommand),
    /// Say which programs may speak to the API
    Token {
        #[command(subcommand)]
        command: TokenCommand,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Run a command with DATABASE_URL set to an empty database of a private, fast and forgetful server
    #[command(hide = true)]
    WithTempDatabase {
        /// Where the server keeps its data
        #[arg(long)]
        data: PathBuf,
        /// Apply the migrations in this folder first
        #[arg(long)]
        migrations: Option<PathBuf>,
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Subcommand)]
pub enum StaffCommand {
    /// Add a person, or make a new link for one who is there; prints a one-time link to set the password
    Add {
        email: String,
        /// The name that colleagues see, and customers its first word
        #[arg(long)]
        name: String,
        #[arg(long, value_enum)]
        role: StaffRole,
        /// Address under which people reach the portal
        #[arg(long, env = "DZWONI_PUBLIC_URL", value_parser = parse_public_url, default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
pub enum MailCommand {
    /// Take one message (RFC 5322) from standard input, as mail servers hand it to a program. Ends with 0 once it is stored,
    /// whatever it was; 75 for "try again later"; 65 when there is no message
    Receive {
        #[command(flatten)]
        mail: MailConfig,
        /// TOML file about the operator (default: an example)
        #[arg(long, env = "DZWONI_OPERATOR")]
        operator: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
pub enum GuidesCommand {
    /// Read all guides and say, with file and line, what is wrong with them
    Check {
        /// A folder with guides (default: the built-in ones)
        #[arg(env = "DZWONI_GUIDES")]
        folder: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub enum BlocklistCommand {
    /// Read in a list; lines that can't be read are named and left out
    Import {
        #[command(flatten)]
        import: BlocklistImport,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}
