//! How letters leave: the settings of the mail server, read once at start, so that a mistake in them is told then.

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

/// How letters leave and answers come back.
#[derive(Default)]
pub struct MailSettings {
    /// `None`: letters wait until there is a way.
    pub outbound: Option<OutboundMail>,
    /// The mailbox for answers, without what tells the ticket; see `letters::address`.
    pub reply_mailbox: Option<Address>,
    /// The addresses that letters come from and answers go to: what comes from one of them is our own.
    pub own_addresses: Vec<String>,
    /// The maildir that mail comes in by, if it does.
    pub maildir: Option<PathBuf>,
    /// How many letters need a person, as far as it was counted lately: staff see it on every page.
    pub failed_count: AtomicI64,
}

/// The way out.
pub struct OutboundMail {
    pub server: SmtpServer,
    pub from: Mailbox,
}

/// A server that takes letters.
pub struct SmtpServer {
    pub host: String,
    pub port: u16,
    pub tls: SmtpTls,
    pub credentials: Option<Credentials>,
    /// What we call ourselves.
    pub ehlo_name: ClientId,
}

/// Whether what goes to the server is encrypted.
pub enum SmtpTls {
    Never,
    /// If the server offers it.
    IfOffered(TlsParameters),
    /// It must be, by STARTTLS,
    Required(TlsParameters),
    /// or from the first byte.
    Implicit(TlsParameters),
}

impl MailSettings {
    /// Reads the settings.
    ///
    /// # Errors
    /// What is wrong with them, without the password.
    pub fn from_config(config: &MailConfig, operator: &Operator, public_url: &str) -> anyhow::Result<MailSettings> {
        let reply = config.mail_reply.as_deref().map(|reply| parse_address("--mail-reply", reply)).transpose()?;
        if let Some(reply) = &reply {
            // RFC 5321, 4.5.3.1.1: 64 octets, of which the ticket takes 28
            ensure!(reply.user().len() <= 36, "--mail-reply: the name before the @ is too long to have a ticket added");
        }
        let own = own_addresses(config, operator);
        let rest = MailSettings {
            reply_mailbox: reply,
            own_addresses: own,
            maildir: config.maildir.clone(),
            ..MailSettings::default()
        };
        let Some(url) = &config.smtp_url else { return Ok(rest) };
        let server = SmtpServer::from_url(url.expose(), public_url).context("DZWONI_SMTP_URL can't be used")?;
        let from = config.mail_from.as_deref().or(operator.email.as_deref());
        let from = from.context("--mail-from is missing: letters need an address that they come from")?;
        let from = Mailbox::new(Some(operator.name.clone()), parse_address("--mail-from", from)?);
        Ok(MailSettings { outbound: Some(OutboundMail { server, from }), ..rest })
    }
}

/// The portal's own addresses.
pub fn own_addresses(config: &MailConfig, operator: &Operator) -> Vec<String> {
    let from = config.mail_from.as_deref().or(operator.email.as_deref());
    [from, config.mail_reply.as_deref()].into_iter().flatten().map(|address| address.trim().to_lowercase()).collect()
}

impl MailSettings {
    /// How many letters need a person; `None` when none does.
    pub fn failed_count(&self) -> Option<i64> {
        Some(self.failed_count.load(Ordering::Relaxed)).filter(|count| *count > 0)
    }
}

fn parse_address(flag: &str, text: &str) -> anyhow::Result<Address> {
    let read: Option<Address> = text.trim().parse().ok();
    read.filter(|address| address.to_string().is_ascii())
        .with_context(|| format!("{flag}: {text} is not an e-mail address"))
}

impl SmtpServer {
    fn from_url(url: &str, public_url: &str) -> anyhow::Result<SmtpServer> {
        let url = Url::parse(url).context("it is not an address such as smtps://user:password@mail.example.com")?;
        let host = url.host_str().filter(|host| !host.is_empty()).context("it names no server")?;
        // what stands in brackets or as digits is an address, to `smtp:` as well
        let host = host.trim_start_matches('[').trim_end_matches(']').to_owned();
        let mut wanted = None;
        let mut authority = None;
        for (name, value) in url.query_pairs() {
            match &*name {
                "tls" => wanted = Some(value.into_owned()),
                "ca" => authority = Some(value.into_owned()),
                _ => bail!("{name} is unknown: there are tls and ca"),
            }
        }
        let parameters = || build_tls_parameters(&host, authority.as_deref());
        let (tls, usual) = match (url.scheme(), wanted.as_deref()) {
            ("smtps", None) => (SmtpTls::Implicit(parameters()?), 465),
            ("smtp", None) => (SmtpTls::Never, 25),
            ("smtp", Some("opportunistic")) => (SmtpTls::IfOffered(parameters()?), 25),
            ("smtp", Some("required")) => (SmtpTls::Required(parameters()?), 587),
            ("smtp", Some(_)) => bail!("tls is required or opportunistic"),
            ("smtps", Some(_)) => bail!("smtps is encrypted from the start: leave tls out, or write smtp"),
            _ => bail!("it begins neither with smtp: nor with smtps:"),
        };
        let decoded = |text: &str| -> anyhow::Result<String> {
            Ok(percent_encoding::percent_decode_str(text)
                .decode_utf8()
                .context("the name or the password is not UTF-8")?
                .into())
        };
        let credentials = match url.password() {
            Some(password) => Some(Credentials::new(decoded(url.username())?, decoded(password)?)),
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
        Ok(SmtpServer { port: url.port().unwrap_or(usual), host, tls, credentials, ehlo_name: ehlo_name(public_url) })
    }
}

fn is_loopback_host(host: &str) -> bool {
    host == "localhost" || host.parse().is_ok_and(|ip: std::net::IpAddr| ip.is_loopback())
}

fn build_tls_parameters(host: &str, authority: Option<&str>) -> anyhow::Result<TlsParameters> {
    let mut builder = TlsParameters::builder(host.to_owned());
    if let Some(file) = authority {
        let pem = std::fs::read(file).with_context(|| format!("the certificate {file}"))?;
        builder = builder
            .add_root_certificate(Certificate::from_pem(&pem).with_context(|| format!("the certificate {file}"))?);
    }
    Ok(builder.build()?)
}

/// Servers ask who calls (RFC 5321, 4.1.4): the portal's name, or an address where it has none.
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
        let way = mail.outbound.ok_or("no way")?;
        let tls = match way.server.tls {
            SmtpTls::Never => "never",
            SmtpTls::IfOffered(_) => "if offered",
            SmtpTls::Required(_) => "required",
            SmtpTls::Implicit(_) => "from the start",
        };
        let who = if way.server.credentials.is_some() { "somebody" } else { "nobody" };
        Ok(format!("{} {} {tls} {who}", way.server.host, way.server.port))
    }

    #[test]
    fn a_server_is_an_address() {
        for (url, expected) in [
            ("smtps://dzwoni:p%40ss@mail.example.com", "mail.example.com 465 from the start somebody"),
            ("smtp://mail.example.com", "mail.example.com 25 never nobody"),
            ("smtp://localhost:2525", "localhost 2525 never nobody"),
            ("smtp://[::1]:2525", "::1 2525 never nobody"),
            ("smtp://a:b@127.0.0.1:2525", "127.0.0.1 2525 never somebody"),
            ("smtp://a:b@mail.example.com?tls=required", "mail.example.com 587 required somebody"),
            ("smtp://mail.example.com?tls=opportunistic", "mail.example.com 25 if offered nobody"),
        ] {
            assert_eq!(describe_parsed_url(url).as_deref(), Ok(expected), "{url}");
        }
    }

    #[test]
    fn a_wrong_address_is_told_without_its_password() {
        for (url, told) in [
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
            let said = describe_parsed_url(url).expect_err(url);
            assert!(said.contains(told), "{url}: {said}");
            assert!(!said.contains("a:secret"), "{said}");
        }
    }

    #[test]
    fn addresses_of_ours_are_read_at_start() {
        let operator = Operator::load(None).unwrap_or_else(|error| panic!("{error}"));
        let mail = |from: &str, reply: &str| {
            let config = MailConfig {
                smtp_url: "smtp://localhost".parse().ok(),
                mail_from: Some(from.to_owned()).filter(|from| !from.is_empty()),
                mail_reply: Some(reply.to_owned()),
                ..MailConfig::default()
            };
            MailSettings::from_config(&config, &operator, "http://127.0.0.1:8080")
                .map(|mail| mail.outbound.map(|way| way.from.to_string()))
        };
        assert_eq!(mail("", "reply@example.com").ok().flatten().as_deref(), Some("Dzwoni <pomoc@example.com>"));
        assert_eq!(mail("a@b.pl", "reply@example.com").ok().flatten().as_deref(), Some("Dzwoni <a@b.pl>"));
        assert!(mail("nobody", "reply@example.com").is_err());
        assert!(mail("", "a-name-that-leaves-no-room-for-a-ticket@example.com").is_err());
    }
}
