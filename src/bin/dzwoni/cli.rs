//! The commands and their help texts.

use std::path::PathBuf;

use clap::{Parser, Subcommand};
use dzwoni::{
    api::TokenCommand,
    blocklist::import::BlocklistImport,
    config::{Config, DatabaseConfig, MailConfig, parse_public_url},
    email_address::EmailAddress,
    staff::StaffRole,
};

/// Self-service troubleshooting portal and support desk of a VoIP operator.
#[derive(Parser)]
#[command(version)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Serve the portal until Ctrl-C or SIGTERM
    Serve {
        #[command(flatten)]
        config: Config,
        /// Fill an empty database with demo tickets and a publicly known login; requires a loopback address and no public URL
        #[arg(long)]
        demo: bool,
    },
    /// Apply missing database migrations
    Migrate {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Create demo tickets of the last year, to try the portal with any number of them
    Demo {
        /// Number of tickets
        #[arg(long, default_value_t = 10_000)]
        tickets: u32,
        /// Seed of the random generator; the same seed creates the same tickets (default: the first one that this
        /// database has not used)
        #[arg(long)]
        seed: Option<u64>,
        /// Directory with guides (default: the built-in guides)
        #[arg(long, env = "DZWONI_GUIDES")]
        guides: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Manage staff accounts
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Validate guides
    #[command(subcommand)]
    Guides(GuidesCommand),
    /// Receive inbound mail
    #[command(subcommand)]
    Mail(MailCommand),
    /// Manage the blocklist
    #[command(subcommand)]
    Addresses(BlocklistCommand),
    /// Manage API tokens
    Token {
        #[command(subcommand)]
        command: TokenCommand,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Run a command with DATABASE_URL set to a temporary database, on a private server without durability
    #[command(hide = true)]
    WithTempDatabase {
        /// Data directory of the server
        #[arg(long)]
        data: PathBuf,
        /// Apply the migrations in this directory first
        #[arg(long)]
        migrations: Option<PathBuf>,
        /// Command and its arguments
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Subcommand)]
pub(crate) enum StaffCommand {
    /// Add an account, or create a new link for an existing one; prints a one-time link that sets the password
    Add {
        /// E-mail address, used to log in
        email: EmailAddress,
        /// Name that colleagues see; customers see the first word
        #[arg(long)]
        name: String,
        /// What the account may do
        #[arg(long, value_enum)]
        role: StaffRole,
        /// URL under which users reach the portal
        #[arg(long, env = "DZWONI_PUBLIC_URL", value_parser = parse_public_url, default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
pub(crate) enum MailCommand {
    /// Take one message (RFC 5322) from standard input, as mail servers pass it to a program. Exit code 0: the message
    /// is stored, whatever its content; 75: try again later; 65: standard input is empty
    Receive {
        #[command(flatten)]
        mail: MailConfig,
        /// TOML file with the operator's details (default: a built-in example)
        #[arg(long, env = "DZWONI_OPERATOR")]
        operator: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
pub(crate) enum GuidesCommand {
    /// Validate all guides and report every error with file and line
    Check {
        /// Directory with guides (default: the built-in guides)
        #[arg(env = "DZWONI_GUIDES")]
        folder: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
pub(crate) enum BlocklistCommand {
    /// Import a list of addresses; invalid lines are reported and skipped
    Import {
        #[command(flatten)]
        import: BlocklistImport,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::Cli;

    /// `UPDATE_DOCS=1 cargo test --bin dzwoni` writes the file.
    #[test]
    fn the_configuration_reference_equals_the_command_line() {
        let options = clap_markdown::MarkdownOptions::new()
            .title("Configuration reference".to_owned())
            .show_footer(false)
            .show_table_of_contents(false);
        let reference = clap_markdown::help_markdown_custom::<Cli>(&options);
        let notice = "Every setting is a flag and an environment variable. This page is generated from the command's own \
                      definition by `UPDATE_DOCS=1 cargo test --bin dzwoni`.";
        let reference = reference.replacen("\n\n", &format!("\n\n{notice}\n\n"), 1);
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/configuration.md");
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &reference).unwrap();
        }
        assert_eq!(fs::read_to_string(&path).unwrap(), reference, "run UPDATE_DOCS=1 cargo test --bin dzwoni");
    }
}
