//! `dzwoni token`: manages API tokens on the command line.

use anyhow::{bail, ensure};
use time::OffsetDateTime;

use super::{auth::generate_token, store};
use crate::{clock::Clock, db::Db, local_time, token::sha256, web::form};

#[derive(Debug, Clone, clap::Subcommand)]
pub enum TokenCommand {
    /// Create a token for a program. The token is printed once and cannot be shown again
    Add {
        /// Name that staff see in the history of changes, such as the name of the machine
        name: String,
    },
    /// List names and times of all tokens, without the tokens themselves
    List,
    /// Revoke a token with immediate effect
    Revoke {
        /// Name of the token
        name: String,
    },
}

impl TokenCommand {
    /// Runs the command and returns its output.
    ///
    /// # Errors
    /// Returns an error if the name is invalid, already in use, or unknown.
    pub async fn run(&self, db: &Db, clock: &Clock) -> anyhow::Result<String> {
        let mut tx = db.begin().await?;
        let output = match self {
            TokenCommand::Add { name } => {
                let name = form::single_line(name);
                ensure!((1..=100).contains(&name.chars().count()), "a token needs a name of at most 100 characters");
                let token = generate_token();
                if !store::insert(&mut tx, &name, &sha256(&token), clock.now()).await? {
                    bail!("{name} has a token already; revoke it first with `dzwoni token revoke`");
                }
                format!("Token of {name}; it cannot be shown again:\n{token}")
            }
            TokenCommand::List => {
                let tokens = store::list(&mut tx).await?;
                let lines: Vec<_> = tokens.iter().map(format_token).collect();
                if lines.is_empty() { "There are no tokens.".to_owned() } else { lines.join("\n") }
            }
            TokenCommand::Revoke { name } => {
                ensure!(store::revoke_by_name(&mut tx, name.trim(), clock.now()).await?, "{name} has no token");
                format!("The token of {} is revoked.", name.trim())
            }
        };
        tx.commit().await?;
        Ok(output)
    }
}

fn format_token(token: &store::ApiToken) -> String {
    let format_time = |at: OffsetDateTime| {
        let local = local_time::to_local(at);
        format!("{} {}", local.date(), local_time::format_clock(local))
    };
    let used = token.last_used_at.map_or("never used".to_owned(), |at| format!("last used {}", format_time(at)));
    let revoked = token.revoked_at.map(|at| format!(", revoked {}", format_time(at))).unwrap_or_default();
    format!("{}: created {}, {used}{revoked}", token.name, format_time(token.created_at))
}
