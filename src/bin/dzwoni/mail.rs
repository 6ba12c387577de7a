//! `dzwoni mail receive`: one message from a mail server, and the code that tells it what to do with the message.

use std::path::Path;

use anyhow::Context;
use dzwoni::{
    clock::Clock,
    config::{DatabaseConfig, MailConfig},
    mail_in::{
        Postbox,
        command::{self, Exit},
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
pub fn receive_mail(mail: &MailConfig, operator: Option<&Path>, database: &DatabaseConfig) -> Exit {
    let take = || {
        let Some(raw) = command::message().context("the message can't be read")? else { return Ok(None) };
        let operator = Operator::load(operator)?;
        let own = dzwoni::mail::own(mail, &operator);
        let mut said = String::new();
        with_database(database, async |db| {
            let postbox = Postbox::new(db.clone(), own, operator.records_days);
            said = command::receive(&postbox, raw, Clock::System.now()).await?;
            Ok(())
        })?;
        anyhow::Ok(Some(said))
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(take)) {
        Ok(Ok(Some(said))) => {
            println!("{said}");
            Exit::Ok
        }
        Ok(Ok(None)) => {
            eprintln!("dzwoni: there is no message on standard input");
            Exit::NoMessage
        }
        Ok(Err(error)) => {
            eprintln!("dzwoni: {error:#}");
            Exit::Later
        }
        Err(_) => Exit::Later,
    }
}
