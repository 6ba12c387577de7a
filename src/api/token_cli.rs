//! `dzwoni token …`: who may speak to the API, from the command line.

use anyhow::{bail, ensure};
use time::OffsetDateTime;

use super::{auth::generate_token, store};
use crate::{clock::Clock, db::Db, local_time, token::sha256, web::form};

#[derive(Debug, Clone, clap::Subcommand)]
pub enum TokenCommand {
    /// Make a token for a program; prints it, this once
    Add {
        /// What staff see in the history of what it did, such as the machine's name
        name: String,
    },
    /// List the tokens: names and times, never the tokens
    List,
    /// Revoke a token at once
    Revoke { name: String },
}

impl TokenCommand {
    /// Does it; gives what there is to say.
    ///
    /// # Errors
    /// When the name can't be taken, or the database is away.
    pub async fn run(&self, db: &Db, clock: &Clock) -> anyhow::Result<String> {
        let mut tx = db.begin().await?;
        let said = match self {
            TokenCommand::Add { name } => {
                let name = form::single_line(name);
                ensure!((1..=100).contains(&name.chars().count()), "a token needs a name of at most 100 characters");
                let token = generate_token();
                if !store::insert(&mut tx, &name, &sha256(&token), clock.now()).await? {
                    bail!("{name} has a token already; `dzwoni token revoke` makes room");
                }
                format!("The token of {name}, shown only now:\n{token}")
            }
            TokenCommand::List => {
                let tokens = store::list(&mut tx).await?;
                let lines: Vec<_> = tokens.iter().map(format_token).collect();
                if lines.is_empty() { "There are no tokens.".to_owned() } else { lines.join("\n") }
            }
            TokenCommand::Revoke { name } => {
                ensure!(store::revoke_by_name(&mut tx, name.trim(), clock.now()).await?, "{name} has no token");
                format!("The token of {} opens nothing any more.", name.trim())
            }
        };
        tx.commit().await?;
        Ok(said)
    }
}

fn format_token(token: &store::ApiToken) -> String {
    let moment = |at: OffsetDateTime| {
        let local = local_time::to_local(at);
        format!("{} {}", local.date(), local_time::format_clock(local))
    };
    let used = token.last_used_at.map_or("never used".to_owned(), |at| format!("last used {}", moment(at)));
    let revoked = token.revoked_at.map(|at| format!(", revoked {}", moment(at))).unwrap_or_default();
    format!("{}: made {}, {used}{revoked}", token.name, moment(token.created_at))
}
