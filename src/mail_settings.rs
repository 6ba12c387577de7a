//! Mail settings: parsed once at start, so that a mistake in them stops the start.

use std::{
    net::Ipv4Addr,
    path::PathBuf,
    sync::atomic::{AtomicI64, Ordering},
};

use anyhow::{Context, bail, ensure};
use lettre::{
    Address,
    message::Mailbox,
    transport::smtp::{
        authentication::Credentials,
        client::{Certificate, TlsParameters},
        extension::ClientId,
    },
};
use url::{Host, Url};

use crate::{config::MailConfig, operator::Operator};

/// How emails are sent and how replies return.
#[derive(Default)]
pub struct MailSettings {
    /// `None`: emails stay queued.
    pub outbound: Option<OutboundMail>,
    /// The mailbox for replies, without the ticket's tag; see `emails::reply_address`.
    pub reply_mailbox: Option<Address>,
    /// The sender and reply addresses, in lower case. Inbound mail from one of them is our own.
    pub own_addresses: Vec<String>,
    /// The maildir of inbound mail.
    pub maildir: Option<PathBuf>,
    /// How many emails have failed, as of the last count; shown on every staff page.
    pub failed_count: AtomicI64,
}

/// The mail server and the sender.
pub struct OutboundMail {
    pub server: SmtpServer,
    pub from: Mailbox,
}

/// A mail server for submission.
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub credentials: Option<Credentials>,
    /// The name in our EHLO.
    pub ehlo_name: ClientId,
}

/// How the connection to the server is encrypted.
pub enum SmtpTls {
    Never,
    /// STARTTLS if the server offers it.
    IfOffered(TlsParameters),
    /// STARTTLS, or no connection.
    Required(TlsParameters),
    /// TLS from the first byte.
    Implicit(TlsParameters),
}

impl MailSettings {
    /// # Errors
    /// The mistake in the settings, without the password.
    pub fn from_config(config: &MailConfig, operator: &Operator, public_url: &str) -> anyhow::Result<MailSettings> {
        let reply_mailbox =
            config.mail_reply.as_deref().map(|reply| parse_address("--mail-reply", reply)).transpose()?;
        if let Some(mailbox) = &reply_mailbox {
            // RFC 5321, 4.5.3.1.1: 64 octets, of which the ticket's tag needs 28
            ensure!(
                mailbox.user().len() <= 36,
                "--mail-reply: the name before the @ is too long to have a ticket added"
            );
        }
        let settings = MailSettings {
            reply_mailbox,
            own_addresses: own_addresses(config, operator),
            maildir: config.maildir.clone(),
            ..MailSettings::default()
        };
        let Some(url) = &config.smtp_url else { return Ok(settings) };
        let server = SmtpServer::from_url(url.expose(), public_url).context("DZWONI_SMTP_URL can't be used")?;
        let from = config.mail_from.as_deref().or(operator.email.as_deref());
        let from = from.context("--mail-from is missing: emails need a sender address")?;
        let from = Mailbox::new(Some(operator.name.clone()), parse_address("--mail-from", from)?);
        Ok(MailSettings { outbound: Some(OutboundMail { server, from }), ..settings })
    }
}

/// The portal's own addresses, in lower case.
pub fn own_addresses(config: &MailConfig, operator: &Operator) -> Vec<String> {
    let from = config.mail_from.as_deref().or(operator.email.as_deref());
    [from, config.mail_reply.as_deref()].into_iter().flatten().map(|address| address.trim().to_lowercase()).collect()
}

impl MailSettings {
    /// How many emails have failed; `None` instead of zero.
    pub fn failed_count(&self) -> Option<i64> {
        Some(self.failed_count.load(Ordering::Relaxed)).filter(|count| *count > 0)
    }
}

/// Parses an address of the operator. It is not an `EmailAddress`, because the operator's host may have a name without a dot.
fn parse_address(flag: &str, text: &str) -> anyhow::Result<Address> {
    let address: Option<Address> = text.trim().parse().ok();
    address
        .filter(|address| address.to_string().is_ascii())
        .with_context(|| format!("{flag}: {text} is not an e-mail address"))
}

impl SmtpServer {
    fn from_url(url: &str, public_url: &str) -> anyhow::Result<SmtpServer> {
        let url = Url::parse(url).context("it is not an address such as smtps://user:password@mail.example.com")?;
        let host = url.host_str().filter(|host| !host.is_empty()).context("it names no server")?;
        // an IPv6 address stands in brackets
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let mut requested_tls = None;
        let mut ca_file = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                "tls" => requested_tls = Some(value.into_owned()),
                "ca" => ca_file = Some(value.into_owned()),
                _ => bail!("{name} is unknown: there are tls and ca"),
            }
        }
        let parameters = || build_tls_parameters(&host, ca_file.as_deref());
        let (tls, default_port) = match (url.scheme(), requested_tls.as_deref()) {
            ("smtps", None) => (SmtpTls::Implicit(parameters()?), 465),
            ("smtp", None) => (SmtpTls::Never, 25),
            ("smtp", Some("opportunistic")) => (SmtpTls::IfOffered(parameters()?), 25),
            ("smtp", Some("required")) => (SmtpTls::Required(parameters()?), 587),
            ("smtp", Some(_)) => bail!("tls is required or opportunistic"),
            ("smtps", Some(_)) => bail!("smtps is encrypted from the start: leave tls out, or write smtp"),
            _ => bail!("it begins neither with smtp: nor with smtps:"),
        };
        let decode = |text: &str| -> anyhow::Result<String> {
            Ok(percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .context("the name or the password is not UTF-8")?
                .into())
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decode(url.username())?, decode(password)?)),
            None => {
                ensure!(url.username().is_empty(), "there is a name but no password");
                None
            }
        };
        let is_safe = matches!(tls, SmtpTls::Required(_) | SmtpTls::Implicit(_)) || is_loopback_host(&host);
        ensure!(
            credentials.is_none() || is_safe,
            "the password would travel in the open: write smtps, or ?tls=required"
        );
        Ok(SmtpServer {
            port: url.port().unwrap_or(default_port),
            host,
            tls,
            credentials,
            ehlo_name: ehlo_name(public_url),
        })
    }
}

fn is_loopback_host(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn build_tls_parameters(host: &str, ca_file: Option<&str>) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(file) = ca_file {
        let pem = std::fs::read(file).with_context(|| format!("the certificate {file}"))?;
        builder = builder
            .add_root_certificate(Certificate::from_pem(&pem).with_context(|| format!("the certificate {file}"))?);
    }
    Ok(builder.build()?)
}

/// The name for EHLO (RFC 5321, 4.1.4): the portal's domain, or an address where it has none.
fn ehlo_name(public_url: &str) -> ClientId {
    match Url::parse(public_url).ok().and_then(|url| url.host().map(|host| host.to_owned())) {
        Some(Host::Domain(domain)) if domain.contains('.') => ClientId::Domain(domain),
        Some(Host::Ipv4(ip)) => ClientId::Ipv4(ip),
        Some(Host::Ipv6(ip)) => ClientId::Ipv6(ip),
        _ => ClientId::Ipv4(Ipv4Addr::LOCALHOST),
    }
}

#[cfg(test)]
mod tests {
    use crate::mail_settings::*;

    fn describe_parsed_url(url: &str) -> Result<String, String> {
        let config = MailConfig { smtp_url: url.parse().ok(), ..MailConfig::default() };
        let operator = Operator::load(None).map_err(|error| error.to_string())?;
        let mail = MailSettings::from_config(&config, &operator, "https://pomoc.example.com")
            .map_err(|error| format!("{error:#}"))?;
        let server = mail.outbound.ok_or("no outbound mail")?.server;
        let tls = match server.tls {
            SmtpTls::Never => "never",
            SmtpTls::IfOffered(_) => "if offered",
            SmtpTls::Required(_) => "required",
            SmtpTls::Implicit(_) => "implicit",
        };
        let login = if server.credentials.is_some() { "login" } else { "anonymous" };
        Ok(format!("{} {} {tls} {login}", server.host, server.port))
    }

    #[test]
    fn a_server_url_sets_host_port_encryption_and_login() {
        for (url, expected) in [
            ("smtps://dzwoni:p%40ss@mail.example.com", "mail.example.com 465 implicit login"),
            ("smtp://mail.example.com", "mail.example.com 25 never anonymous"),
            ("smtp://localhost:2525", "localhost 2525 never anonymous"),
            ("smtp://[::1]:2525", "::1 2525 never anonymous"),
            ("smtp://a:b@127.0.0.1:2525", "127.0.0.1 2525 never login"),
            ("smtp://a:b@mail.example.com?tls=required", "mail.example.com 587 required login"),
            ("smtp://mail.example.com?tls=opportunistic", "mail.example.com 25 if offered anonymous"),
        ] {
            assert_eq!(describe_parsed_url(url).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn an_error_about_a_server_url_does_not_show_the_password() {
        for (url, expected) in [
            ("mail.example.com", "not an address"),
            ("http://a:secret@mail.example.com", "neither with smtp"),
            ("smtp://a:secret@mail.example.com", "in the open"),
            ("smtp://a:secret@mail.example.com?tls=opportunistic", "in the open"),
            ("smtp://mail.example.com?tls=sometimes", "required or opportunistic"),
            ("smtps://mail.example.com?tls=required", "from the start"),
            ("smtps://mail.example.com?ca=/nonexistent", "/nonexistent"),
            ("smtps://mail.example.com?secret=1", "there are tls and ca"),
            ("smtps://a@mail.example.com", "no password"),
        ] {
            let error = describe_parsed_url(url).expect_err(url);
            assert!(error.contains(expected), "{url}: {error}");
            assert!(!error.contains("a:secret"), "{error}");
        }
    }

    #[test]
    fn own_addresses_are_validated_at_start() {
        let operator = Operator::load(None).unwrap_or_else(|error| panic!("{error}"));
        let sender = |from: &str, reply: &str| {
            let config = MailConfig {
                smtp_url: "smtp://localhost".parse().ok(),
                mail_from: Some(from.to_owned()).filter(|from| !from.is_empty()),
                mail_reply: Some(reply.to_owned()),
                ..MailConfig::default()
            };
            MailSettings::from_config(&config, &operator, "http://127.0.0.1:8080")
                .map(|settings| settings.outbound.map(|outbound| outbound.from.to_string()))
        };
        assert_eq!(sender("", "reply@example.com").ok().flatten().as_deref(), Some("Dzwoni <pomoc@example.com>"));
        assert_eq!(sender("a@b.pl", "reply@example.com").ok().flatten().as_deref(), Some("Dzwoni <a@b.pl>"));
        assert!(sender("nobody", "reply@example.com").is_err());
        assert!(sender("", "a-name-that-leaves-no-space-for-a-ticket@example.com").is_err());
    }
}
