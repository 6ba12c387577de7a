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

use super::DeliveryFailure;
use crate::mail_settings::{SmtpServer, SmtpTls};

/// How long the server may take. Its own standard (RFC 5321, 4.5.3.2) wants more of a server that talks to strangers.
#[derive(Debug, Clone, Copy)]
pub struct SmtpTimeouts {
    /// To be reached, to agree on encryption and to let us in.
    pub connect: Duration,
    /// To answer a word.
    pub command: Duration,
    /// To take the text. Who gives up too early does not know what became of it, so here the standard's ten minutes hold.
    pub data: Duration,
}

impl Default for SmtpTimeouts {
    fn default() -> SmtpTimeouts {
        SmtpTimeouts {
            connect: Duration::from_secs(30),
            command: Duration::from_secs(60),
            data: Duration::from_secs(600),
        }
    }
}

/// Why a letter did not go, and what the server said.
#[derive(Debug)]
pub(crate) struct SendError {
    pub failure: DeliveryFailure,
    pub server_response: String,
}

impl SendError {
    fn new(trouble: DeliveryFailure, said: impl Into<String>) -> SendError {
        SendError { failure: trouble, server_response: said.into() }
    }
}

pub(crate) struct SmtpSession {
    connection: AsyncSmtpConnection,
    timeouts: SmtpTimeouts,
    /// How many letters it was tried for. A server may end a line after some.
    pub emails_attempted: usize,
}

impl SmtpSession {
    /// Calls the server.
    pub async fn open(server: &SmtpServer, patience: SmtpTimeouts) -> Result<SmtpSession, SendError> {
        let opened = timeout(patience.connect, connect(server, patience.connect)).await;
        match opened {
            Ok(Ok(connection)) => Ok(SmtpSession { connection, timeouts: patience, emails_attempted: 0 }),
            Ok(Err(error)) => Err(SendError::new(DeliveryFailure::ServerUnavailable, describe_error(&error))),
            Err(_) => Err(SendError::new(DeliveryFailure::ServerUnavailable, "it took too long to answer")),
        }
    }

    /// Names sender and recipient. After it the server waits for the text.
    pub async fn send_envelope(&mut self, from: &Address, to: &Address) -> Result<(), SendError> {
        self.emails_attempted += 1;
        let mut parameters = Vec::new();
        if !to.to_string().is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let said = "the server can't write to an address with letters like these (SMTPUTF8)";
                return Err(SendError::new(DeliveryFailure::Rejected, said));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        // who is not let send is not let send anything
        self.send_command(Mail::new(Some(from.clone()), parameters))
            .await
            .map_err(|error| error.into_server_error())?;
        self.send_command(Rcpt::new(to.clone(), Vec::new())).await.map_err(SmtpError::into_message_error)?;
        self.send_command(Data).await.map_err(SmtpError::into_message_error)
    }

    /// Hands the text over.
    pub async fn send_data(&mut self, text: &[u8]) -> Result<(), SendError> {
        match timeout(self.timeouts.data, self.connection.message(text)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) if error.is_permanent() => {
                Err(SendError::new(DeliveryFailure::Rejected, describe_error(&error)))
            }
            Ok(Err(error)) if error.is_transient() => {
                Err(SendError::new(DeliveryFailure::Deferred, describe_error(&error)))
            }
            Ok(Err(error)) => Err(SendError::new(DeliveryFailure::Unconfirmed, describe_error(&error))),
            Err(_) => Err(SendError::new(DeliveryFailure::Unconfirmed, "it took too long to answer")),
        }
    }

    /// Begins anew after a letter that was not taken. False when the line is gone.
    pub async fn reset(&mut self) -> bool {
        self.send_command(Rset).await.is_ok()
    }

    pub async fn close(mut self) {
        let _ = timeout(self.timeouts.command.min(Duration::from_secs(5)), self.connection.quit()).await;
    }

    async fn send_command(&mut self, command: impl std::fmt::Display) -> Result<(), SmtpError> {
        match timeout(self.timeouts.command, self.connection.command(command)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(SmtpError::CommandFailed(error)),
            Err(_) => Err(SmtpError::Timeout),
        }
    }
}

/// What came instead of "yes" before the text.
enum SmtpError {
    CommandFailed(Error),
    Timeout,
}

/// 421: the server ends the line. 530, 535 and 538: it wants us to sign in, or otherwise (RFC 4954, 6).
const SERVER_UNAVAILABLE_CODES: [u16; 4] = [421, 530, 535, 538];

impl SmtpError {
    fn into_server_error(self) -> SendError {
        match self {
            SmtpError::CommandFailed(error) => {
                SendError::new(DeliveryFailure::ServerUnavailable, describe_error(&error))
            }
            SmtpError::Timeout => SendError::new(DeliveryFailure::ServerUnavailable, "it took too long to answer"),
        }
    }

    fn into_message_error(self) -> SendError {
        match self {
            SmtpError::CommandFailed(error)
                if error.status().is_some_and(|code| SERVER_UNAVAILABLE_CODES.contains(&code.into())) =>
            {
                SmtpError::CommandFailed(error).into_server_error()
            }
            SmtpError::CommandFailed(error) if error.is_permanent() => {
                SendError::new(DeliveryFailure::Rejected, describe_error(&error))
            }
            SmtpError::CommandFailed(error) if error.is_transient() => {
                SendError::new(DeliveryFailure::Deferred, describe_error(&error))
            }
            spoken => spoken.into_server_error(),
        }
    }
}

async fn connect(server: &SmtpServer, patience: Duration) -> Result<AsyncSmtpConnection, Error> {
    let encrypted = |tls: &TlsParameters| Some(tls.clone());
    let from_the_start = match &server.tls {
        SmtpTls::Implicit(tls) => encrypted(tls),
        SmtpTls::Never | SmtpTls::IfOffered(_) | SmtpTls::Required(_) => None,
    };
    let address = (server.host.as_str(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(address, Some(patience), &server.ehlo_name, from_the_start, None).await?;
    match &server.tls {
        SmtpTls::Required(tls) => connection.starttls(tls.clone(), &server.ehlo_name).await?,
        SmtpTls::IfOffered(tls) if connection.can_starttls() => {
            connection.starttls(tls.clone(), &server.ehlo_name).await?
        }
        SmtpTls::Never | SmtpTls::IfOffered(_) | SmtpTls::Implicit(_) => {}
    }
    if let Some(credentials) = &server.credentials {
        connection.auth(DEFAULT_MECHANISMS, credentials).await?;
    }
    Ok(connection)
}

/// What the server said, or what happened instead, in one line.
fn describe_error(error: &Error) -> String {
    let code = error.status().map(|code| code.to_string());
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let said: Vec<_> = [code, cause].into_iter().flatten().collect();
    let said = if said.is_empty() { error.to_string() } else { said.join(" ") };
    crate::web::form::single_line(&said).chars().take(500).collect()
}
