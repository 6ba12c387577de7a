//! `dzwoni mail receive`: one message from a mail server, and the code that tells it what to do with the message.

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

/// Whether that is what was asked for, also when the rest can't be understood.
pub fn is_mail_receive() -> bool {
    let words: Vec<_> = std::env::args_os().skip(1).take(2).collect();
    words == ["mail", "receive"]
}

/// Takes a message from standard input. Whatever goes wrong but for a missing message, it is to come again.
pub fn receive_mail(mail: &MailConfig, operator: Option<&Path>, database: &DatabaseConfig) -> ReceiveExitCode {
    let take = || {
        let Some(raw) = receive_command::read_from_stdin().context("the message can't be read")? else {
            return Ok(None);
        };
        let operator = Operator::load(operator)?;
        let own = dzwoni::mail_settings::own_addresses(mail, &operator);
        let mut said = String::new();
        with_database(database, async |db| {
            let postbox = Inbox::new(db.clone(), own, operator.records_days);
            said = receive_command::run(&postbox, raw, Clock::System.now()).await?;
            Ok(())
        })?;
        anyhow::Ok(Some(said))
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(take)) {
        Ok(Ok(Some(said))) => {
            println!("{said}");
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
