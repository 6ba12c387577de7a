//! `dzwoni mail receive`: receives one message from a mail server. The exit code tells the server what to do with it.

use std::path::Path;

use anyhow::Context;
use dzwoni::{
    clock::Clock,
    config::{DatabaseConfig, MailConfig},
    inbound_mail::{
        Inbox,
        receive_command::{self, ReceiveExitCode},
    },
    operator::Operator,
};

use crate::database::with_database;

/// Whether the command is `mail receive`, even if its arguments are invalid.
pub(crate) fn is_mail_receive() -> bool {
    let command: Vec<_> = std::env::args_os().skip(1).take(2).collect();
    command == ["mail", "receive"]
}

/// Receives a message from standard input. After any error except a missing message, the mail server is told to retry.
pub(crate) fn receive_mail(mail: &MailConfig, operator: Option<&Path>, database: &DatabaseConfig) -> ReceiveExitCode {
    let receive = || {
        let Some(raw) = receive_command::read_from_stdin().context("cannot read the message")? else {
            return Ok(None);
        };
        let operator = Operator::load(operator)?;
        let own_addresses = dzwoni::mail_settings::own_addresses(mail, &operator);
        let mut output = String::new();
        with_database(database, async |db| {
            let inbox = Inbox::new(db.clone(), own_addresses, operator.records_days);
            output = receive_command::run(&inbox, raw, Clock::System.now()).await?;
            Ok(())
        })?;
        anyhow::Ok(Some(output))
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(receive)) {
        Ok(Ok(Some(output))) => {
            println!("{output}");
            ReceiveExitCode::Ok
        }
        Ok(Ok(None)) => {
            eprintln!("dzwoni: there is no message on standard input");
            ReceiveExitCode::NoMessage
        }
        Ok(Err(error)) => {
            eprintln!("dzwoni: {error:#}");
            ReceiveExitCode::TemporaryFailure
        }
        Err(_) => ReceiveExitCode::TemporaryFailure,
    }
}
