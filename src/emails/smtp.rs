//! An SMTP session (RFC 5321), in which several emails are sent one after the other.
//!
//! Each step returns what its failure means for the email. Sending the data is a step of its own: before it the email has
//! certainly not been sent, and after it the result is unknown until the server has responded.

use std::time::Duration;

use lettre::{
    Address,
    transport::smtp::{
        Error,
        authentication::DEFAULT_MECHANISMS,
        client::AsyncSmtpConnection,
        commands::{Data, Mail, Rcpt, Rset},
        extension::{Extension, MailParameter},
    },
};
use tokio::time::timeout;

use super::DeliveryFailure;
use crate::{
    mail_settings::{SmtpServer, SmtpTls},
    web::form::single_line,
};

/// Longest server response that is stored.
const MAX_RESPONSE_CHARS: usize = 500;

/// How long the server may take. RFC 5321, 4.5.3.2, asks for more, but it is meant for servers of other operators.
#[derive(Debug, Clone, Copy)]
pub struct SmtpTimeouts {
    /// To connect, to negotiate TLS and to authenticate.
    pub connect: Duration,
    /// To respond to a command.
    pub command: Duration,
    /// To accept the data. After a timeout the result is unknown, so this is the ten minutes of the RFC.
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

/// Why an email was not sent, and the server's response.
#[derive(Debug)]
pub(crate) struct SendError {
    pub failure: DeliveryFailure,
    pub server_response: String,
}

impl SendError {
    fn new(failure: DeliveryFailure, server_response: impl Into<String>) -> SendError {
        SendError { failure, server_response: server_response.into() }
    }
}

pub(crate) struct SmtpSession {
    connection: AsyncSmtpConnection,
    timeouts: SmtpTimeouts,
    /// A server may close a session after some emails.
    pub emails_attempted: usize,
}

impl SmtpSession {
    pub(super) async fn open(server: &SmtpServer, timeouts: SmtpTimeouts) -> Result<SmtpSession, SendError> {
        match timeout(timeouts.connect, connect(server, timeouts.connect)).await {
            Ok(Ok(connection)) => Ok(SmtpSession { connection, timeouts, emails_attempted: 0 }),
            Ok(Err(error)) => Err(SendError::new(DeliveryFailure::ServerUnavailable, describe_error(&error))),
            Err(_) => Err(SendError::new(DeliveryFailure::ServerUnavailable, "it took too long to answer")),
        }
    }

    /// Sends the sender, the recipient and `DATA`. After it the server waits for the data.
    pub(super) async fn send_envelope(&mut self, from: &Address, to: &Address) -> Result<(), SendError> {
        self.emails_attempted += 1;
        let mut parameters = Vec::new();
        if !to.to_string().is_ascii() {
            if !self.connection.server_info().supports_feature(Extension::SmtpUtfEight) {
                let response = "the server can't write to an address with letters like these (SMTPUTF8)";
                return Err(SendError::new(DeliveryFailure::Rejected, response));
            }
            parameters.push(MailParameter::SmtpUtfEight);
        }
        // a rejected sender means that no email can be sent
        self.send_command(Mail::new(Some(from.clone()), parameters))
            .await
            .map_err(|error| error.into_server_error())?;
        self.send_command(Rcpt::new(to.clone(), Vec::new())).await.map_err(SmtpError::into_message_error)?;
        self.send_command(Data).await.map_err(SmtpError::into_message_error)
    }

    pub(super) async fn send_data(&mut self, data: &[u8]) -> Result<(), SendError> {
        match timeout(self.timeouts.data, self.connection.message(data)).await {
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

    /// Resets the session after an email that was not accepted. Returns false when the session is lost.
    pub(super) async fn reset(&mut self) -> bool {
        self.send_command(Rset).await.is_ok()
    }

    pub(super) async fn close(mut self) {
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

/// A failure before the data was sent.
enum SmtpError {
    CommandFailed(Error),
    Timeout,
}

/// 421: the server closes the session. 530, 535 and 538: it wants authentication, or another kind of it (RFC 4954, 6).
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
            other => other.into_server_error(),
        }
    }
}

async fn connect(server: &SmtpServer, connect_timeout: Duration) -> Result<AsyncSmtpConnection, Error> {
    let implicit_tls = match &server.tls {
        SmtpTls::Implicit(tls) => Some(tls.clone()),
        SmtpTls::Never | SmtpTls::IfOffered(_) | SmtpTls::Required(_) => None,
    };
    let address = (server.host.as_str(), server.port);
    let mut connection =
        AsyncSmtpConnection::connect_tokio1(address, Some(connect_timeout), &server.ehlo_name, implicit_tls, None)
            .await?;
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

/// The server's response, or the error, in one line.
fn describe_error(error: &Error) -> String {
    let code = error.status().map(|code| code.to_string());
    let cause = std::error::Error::source(error).map(ToString::to_string);
    let parts: Vec<_> = [code, cause].into_iter().flatten().collect();
    let description = if parts.is_empty() { error.to_string() } else { parts.join(" ") };
    single_line(&description).chars().take(MAX_RESPONSE_CHARS).collect()
}
