//! The command line: wires the rooms together, nothing else.

mod cli;
mod database;
mod mail;
mod serve;

use std::{path::Path, process::ExitCode};

use anyhow::{bail, ensure};
use clap::Parser;
use cli::{BlocklistCommand, Cli, Command, GuidesCommand, MailCommand, StaffCommand};
use database::{build_runtime, run_with_temporary_database, with_database};
use dzwoni::{
    checks,
    clock::Clock,
    db::Db,
    demo,
    email_address::is_email_address,
    guides::{self, Guides},
    inbound_mail::receive_command::ReceiveExitCode,
    staff::{self, StaffRole},
};
use mail::{is_mail_receive, receive_mail};
use serve::serve_portal;

fn main() -> ExitCode {
    let arguments = match Cli::try_parse() {
        Ok(arguments) => arguments,
        // a wrong setting is not the message's fault: it must come again, not go back to who sent it
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
    // what a mail server is told stands in its own log and in what it sends back: one line, from us
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
                println!("`dzwoni serve --demo` shows them.");
                Ok(())
            })?;
        }
        Command::Staff(StaffCommand::Add { email, name, role, public_url, database }) => {
            ensure!(is_email_address(&email), "{email} is not an e-mail address");
            with_database(&database, async |db| add_staff(db, &email, name.trim(), role, &public_url).await)?;
        }
        Command::Guides(GuidesCommand::Check { folder }) => {
            load_guides(folder.as_deref())?;
            println!("The guides can be walked: every answer leads on, in both languages.");
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

async fn add_staff(db: &Db, email: &str, name: &str, role: StaffRole, public_url: &str) -> anyhow::Result<()> {
    let now = Clock::System.now();
    db.migrate().await?;
    let mut tx = db.begin().await?;
    let id = match staff::insert(&mut tx, email, name, role, now).await? {
        Some(id) => id,
        None => match staff::find_by_email(&mut tx, email).await? {
            Some(account) => account.id,
            None => bail!("{email} has an account that is shut out: let it in again on the accounts page"),
        },
    };
    let link = staff::accounts::create_invitation_link(public_url, &mut tx, id, now).await?;
    tx.commit().await?;
    println!("This link sets the password, once, within three days:\n{link}");
    Ok(())
}

fn load_guides(folder: Option<&Path>) -> anyhow::Result<Guides> {
    let loaded = match folder {
        Some(folder) => guides::load_folder(folder),
        None => guides::load_built_in(),
    };
    if let Ok(guides) = &loaded {
        for cause in checks::causes_without_step(guides) {
            tracing::warn!(cause = cause.id, step = ?cause.guide_step, "the guides lack a step that treats a cause");
        }
    }
    loaded.map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("the guides can't be walked:{}", lines.concat())
    })
}

/// One line an event: JSON where a program reads it, plain where a person does.
fn init_logging() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,dzwoni=info".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) { builder.init() } else { builder.json().init() }
}
