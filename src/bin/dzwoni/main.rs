//! The program: parses the command line and runs the command.

mod cli;
mod database;
mod guides;
mod mail;
mod serve;
mod staff;

use std::process::ExitCode;

use clap::Parser;
use cli::{BlocklistCommand, Cli, Command, GuidesCommand, MailCommand, StaffCommand};
use database::{build_runtime, run_with_temporary_database, with_database};
use dzwoni::{clock::Clock, demo, inbound_mail::receive_command::ReceiveExitCode};
use guides::load_guides;
use mail::{is_mail_receive, receive_mail};
use serve::serve_portal;
use staff::add_staff;

fn main() -> ExitCode {
    let arguments = match Cli::try_parse() {
        Ok(arguments) => arguments,
        // with invalid settings the mail server must retry later and not return the message to its sender
        Err(error) if error.use_stderr() && is_mail_receive() => {
            let _ = error.print();
            return ReceiveExitCode::TemporaryFailure.into();
        }
        Err(error) => error.exit(),
    };
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dzwoni: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    // mail servers log the output and may send it to the sender, so `mail receive` prints one line only
    if !matches!(command, Command::Mail(_)) {
        init_logging();
    }
    match command {
        Command::Serve { config, demo } => {
            build_runtime()?.block_on(serve_portal(config, demo))?;
        }
        Command::Migrate { database } => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("The database is up to date.");
                Ok(())
            })?;
        }
        Command::Demo { tickets, seed, guides, database } => {
            let guides = load_guides(guides.as_deref())?;
            with_database(&database, async |db| {
                db.migrate().await?;
                demo::fill_bulk(db, guides, tickets, seed, Clock::System.now()).await?;
                println!("Run `dzwoni serve --demo` to see them.");
                Ok(())
            })?;
        }
        Command::Staff(StaffCommand::Add { email, name, role, public_url, database }) => {
            with_database(&database, async |db| add_staff(db, email.as_str(), name.trim(), role, &public_url).await)?;
        }
        Command::Guides(GuidesCommand::Check { folder }) => {
            load_guides(folder.as_deref())?;
            println!("The guides are valid in both languages.");
        }
        Command::Mail(MailCommand::Receive { mail, operator, database }) => {
            return Ok(receive_mail(&mail, operator.as_deref(), &database).into());
        }
        Command::Addresses(BlocklistCommand::Import { import, database }) => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("{}", import.run(db, &Clock::System).await?);
                Ok(())
            })?;
        }
        Command::Token { command, database } => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("{}", command.run(db, &Clock::System).await?);
                Ok(())
            })?;
        }
        Command::WithTempDatabase { data, migrations, command } => {
            return run_with_temporary_database(&data, migrations, &command);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// One line per event: text on a terminal, JSON elsewhere.
fn init_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,dzwoni=info".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) { builder.init() } else { builder.json().init() }
}
