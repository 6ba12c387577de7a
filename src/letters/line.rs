//! A line to the mail server: one conversation (RFC 5321), in which letters are handed over one after the other.
//!
//! Each step tells what its failure means for the letter. The last one, in which the text goes over, is apart: before it
//! a letter has certainly not gone, after it nobody knows until the server has answered.

use std::time::Duration;

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailParameter},
    },
};
use tokio::time::timeout;

use super::Trouble;
use crate::mail::{Server, Tls};

/// How long the server may take. Its own standard (RFC 5321, 4.5.3.2) wants more of a server that talks to strangers.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// To be reached, to agree on encryption and to let us in.
    pub greeting: Duration,
    /// To answer a word.
    pub word: Duration,
    /// To take the text. Who gives up too early does not know what became of it, so here the standard's ten minutes hold.
    pub text: Duration,
}

impl Default for Patience {
    fn default() -> Patience {
        Patience { greeting: Duration::from_secs(30), word: Duration::from_secs(60), text: Duration::from_secs(600) }
    }
}

/// Why a letter did not go, and what the server said.
#[derive(Debug)]
pub(super) struct Failure {
    pub trouble: Trouble,
    pub said: String,
}

impl Failure {
    fn new(trouble: Trouble, said: impl Into<String>) -> Failure {
        Failure { trouble, said: said.into() }
    }
}

pub(super) struct Line {
    connection: AsyncSmtpConnection,
    patience: Patience,
    /// How many letters it was tried for. A server may end a line after some.
    pub used: usize,
}

impl Line {
    /// Calls the server.
    pub async fn open(server: &Server, patience: Patience) -> Result<Line, Failure> {
        let opened = timeout(patience.greeting, connect(server, patience.greeting)).await;
        match opened {
            Ok(Ok(connection)) => Ok(Line { connection, patience, used: 0 }),
            Ok(Err(error)) => Err(Failure::new(Trouble::Server, said(&error))),
            Err(_) => Err(Failure::new(Trouble::Server, "it took too long to answer")),
        }
    }

    /// Names sender and recipient. After it the server waits for the text.
    pub async fn offer(&mut self, from: &Address, to: &Address) -> Result<(), Failure> {
        self.used += 1;
        let mut parameters = Vec::new();
        if !to.to_string().is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let said = "the server can't write to an address with letters like these (SMTPUTF8)";
                return Err(Failure::new(Trouble::Refused, said));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        // who is not let send is not let send anything
        self.say(Mail::new(Some(from.clone()), parameters)).await.map_err(|error| error.of_server())?;
        self.say(Rcpt::new(to.clone(), Vec::new())).await.map_err(Spoken::of_letter)?;
        self.say(Data).await.map_err(Spoken::of_letter)
    }

    /// Hands the text over.
    pub async fn hand_over(&mut self, text: &[u8]) -> Result<(), Failure> {
        match timeout(self.patience.text, self.connection.message(text)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => Err(Failure::new(Trouble::Refused, said(&error))),
            Ok(Err(error)) if error.is_transient() => Err(Failure::new(Trouble::Later, said(&error))),
            Ok(Err(error)) => Err(Failure::new(Trouble::Unsure, said(&error))),
            Err(_) => Err(Failure::new(Trouble::Unsure, "it took too long to answer")),
        }
    }

    /// Begins anew after a letter that was not taken. False when the line is gone.
    pub async fn reset(&mut self) -> bool {
        self.say(Rset).await.is_ok()
    }

    pub async fn close(mut self) {
        let _ = timeout(self.patience.word.min(Duration::from_secs(5)), self.connection.quit()).await;
    }

    async fn say(&mut self, command: impl std::fmt::Display) -> Result<(), Spoken> {
        match timeout(self.patience.word, self.connection.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(Spoken::Answer(error)),
            Err(_) => Err(Spoken::Silence),
        }
    }
}

/// What came instead of "yes" before the text.
enum Spoken {
    Answer(Error),
    Silence,
}

/// 421: the server ends the line. 530, 535 and 538: it wants us to sign in, or otherwise (RFC 4954, 6).
const OF_SERVER: [u16; 4] = [421, 530, 535, 538];

impl Spoken {
    fn of_server(self) -> Failure {
        match self {
            Spoken::Answer(error) => Failure::new(Trouble::Server, said(&error)),
            Spoken::Silence => Failure::new(Trouble::Server, "it took too long to answer"),
        }
    }

    fn of_letter(self) -> Failure {
        match self {
            Spoken::Answer(error) if error.status().is_some_and(|code| OF_SERVER.contains(&code.into())) => {
                Spoken::Answer(error).of_server()
            }
            Spoken::Answer(error) if error.is_permanent() => Failure::new(Trouble::Refused, said(&error)),
            Spoken::Answer(error) if error.is_transient() => Failure::new(Trouble::Later, said(&error)),
            spoken => spoken.of_server(),
        }
    }
}

async fn connect(server: &Server, patience: Duration) -> Result<AsyncSmtpConnection, Error> {
    let encrypted = |tls: &TlsParameters| Some(tls.clone());
    let from_the_start = match &server.tls {
        Tls::FromTheStart(tls) => encrypted(tls),
        Tls::Never | Tls::IfOffered(_) | Tls::Required(_) => None,
    };
    let address = (server.host.as_str(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(address, Some(patience), &server.name, from_the_start, None).await?;
    match &server.tls {
        Tls::Required(tls) => connection.starttls(tls.clone(), &server.name).await?,
        Tls::IfOffered(tls) if connection.can_starttls() => connection.starttls(tls.clone(), &server.name).await?,
        Tls::Never | Tls::IfOffered(_) | Tls::FromTheStart(_) => {}
    }
    if let Some(credentials) = &server.credentials {
        connection.auth(DEFAULT_MECHANISMS, credentials).await?;
    }
    Ok(connection)
}

/// What the server said, or what happened instead, in one line.
fn said(error: &Error) -> String {
    let code = error.status().map(|code| code.to_string());
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let said: Vec<_> = [code, cause].into_iter().flatten().collect();
    let said = if said.is_empty() { error.to_string() } else { said.join(" ") };
    crate::web::form::line(&said).chars().take(500).collect()
}
