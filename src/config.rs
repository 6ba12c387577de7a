//! Settings. Each is a flag and an environment variable.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use anyhow::{Context, ensure};
use ipnet::IpNet;
use line_test::media_server::MediaPort;

/// The settings of `dzwoni serve`.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// Address and port to listen on; port 0 selects a free port
    #[arg(long, env = "DZWONI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// URL under which users reach the portal, such as https://pomoc.example.com (default: http:// and the address of
    /// --listen)
    #[arg(long, env = "DZWONI_PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For header is trusted: addresses or CIDR blocks, separated by commas
    #[arg(long, env = "DZWONI_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,
    /// TOML file with the operator's name, contacts, opening hours and colours (default: a built-in example)
    #[arg(long, env = "DZWONI_OPERATOR")]
    pub operator: Option<PathBuf>,
    /// Directory with guides (default: the built-in guides)
    #[arg(long, env = "DZWONI_GUIDES")]
    pub guides: Option<PathBuf>,
    #[command(flatten)]
    pub mail: MailConfig,
    #[command(flatten)]
    pub media: MediaConfig,
    #[command(flatten)]
    pub timeouts: RequestTimeouts,
}

/// How long a request may take to arrive. Hidden, because only tests need other values.
#[derive(Debug, Clone, clap::Args)]
pub struct RequestTimeouts {
    /// Seconds for the headers, from the moment that the client may send them
    #[arg(long, hide = true, default_value = "10", value_parser = parse_seconds)]
    pub header_timeout: Duration,
    /// Seconds for the body. A phone with poor reception needs some
    #[arg(long, hide = true, default_value = "20", value_parser = parse_seconds)]
    pub body_timeout: Duration,
}

/// Outgoing and inbound mail.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct MailConfig {
    /// SMTP server for outgoing e-mail: smtps://USER:PASSWORD@HOST[:PORT], or smtp://HOST[:PORT] with ?tls=required or
    /// ?tls=opportunistic; &ca=FILE adds a certificate authority of your own (default: e-mails stay queued)
    #[arg(long, env = "DZWONI_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// Sender address of outgoing e-mail (default: the e-mail address in the operator's file)
    #[arg(long, env = "DZWONI_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Mailbox for customers' replies, which passes them to `dzwoni mail receive`. It must accept +detail after its
    /// name, which identifies the ticket (default: e-mails ask customers to reply on the ticket page)
    #[arg(long, env = "DZWONI_MAIL_REPLY")]
    pub mail_reply: Option<String>,
    /// Maildir into which a mail server delivers, if it cannot run `dzwoni mail receive` (default: none)
    #[arg(long, env = "DZWONI_MAILDIR")]
    pub maildir: Option<PathBuf>,
}

/// The media ports of the line test.
#[derive(Debug, Clone, clap::Args)]
pub struct MediaConfig {
    /// UDP addresses of the line test, separated by commas, or "off". A second port on the same address shows whether
    /// the visitor's router keeps its port mapping. Use ports in the range of your calls; browsers refuse 5060 and the
    /// well-known ports (default: two free ports if the portal listens on a loopback address, otherwise off)
    #[arg(long, env = "DZWONI_MEDIA_LISTEN", value_delimiter = ',')]
    pub media_listen: Vec<MediaListen>,
    /// Addresses under which browsers reach these ports, in the same order. The last one applies to the remaining
    /// ports. An address without a port keeps the port (default: the addresses of --media-listen)
    #[arg(long, env = "DZWONI_MEDIA_PUBLIC", value_delimiter = ',')]
    pub media_public: Vec<MediaPublic>,
    /// Maximum number of concurrent line tests and echo calls
    #[arg(long, env = "DZWONI_MEDIA_TESTS", default_value_t = 200)]
    pub media_tests: usize,
}

impl MediaConfig {
    /// The media ports of a portal that listens on `portal` and is reached at `public_url`. Empty if the line test has
    /// none.
    ///
    /// # Errors
    /// Returns an error if browsers could not reach a port, because the verdict on every line would be wrong.
    pub fn ports(&self, portal: SocketAddr, public_url: &str) -> anyhow::Result<Vec<MediaPort>> {
        if self.media_listen.contains(&MediaListen::Off) {
            return Ok(Vec::new());
        }
        let mut listen: Vec<SocketAddr> = self.media_listen.iter().filter_map(MediaListen::socket_addr).collect();
        let is_local = is_loopback_url(public_url);
        // behind a proxy the portal listens on a loopback address, too, but the visitors are elsewhere
        if listen.is_empty() && portal.ip().is_loopback() && is_local {
            listen = vec![SocketAddr::new(portal.ip(), 0); 2];
        }
        listen.into_iter().enumerate().map(|(index, listen)| self.resolve_port(index, listen, is_local)).collect()
    }

    fn resolve_port(&self, index: usize, listen: SocketAddr, is_local: bool) -> anyhow::Result<MediaPort> {
        let configured = self.media_public.get(index).or(self.media_public.last());
        let public =
            configured.map_or(listen, |public| SocketAddr::new(public.ip, public.port.unwrap_or(listen.port())));
        ensure!(
            !public.ip().is_unspecified() && (is_local || !public.ip().is_loopback()),
            "--media-public is missing: browsers cannot reach {listen}. Set the address under which they can"
        );
        ensure!(
            public.is_ipv4() == listen.is_ipv4(),
            "--media-public: {public} and {listen} are not of the same IP version"
        );
        Ok(MediaPort { listen, advertised: public })
    }
}

/// Whether a URL is reachable on this machine only, such as http://127.0.0.1:8080.
pub fn is_loopback_url(url: &str) -> bool {
    let host = url.split_once("://").map_or(url, |(_, rest)| rest);
    let host = host.split('/').next().unwrap_or_default();
    let host = host.rsplit_once(':').filter(|(_, port)| !port.contains(']')).map_or(host, |(name, _)| name);
    matches!(host, "localhost" | "127.0.0.1" | "[::1]")
}

/// One address of `--media-listen`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MediaListen {
    Off,
    Address(SocketAddr),
}

impl MediaListen {
    fn socket_addr(&self) -> Option<SocketAddr> {
        match self {
            MediaListen::Off => None,
            MediaListen::Address(address) => Some(*address),
        }
    }
}

impl FromStr for MediaListen {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<MediaListen> {
        match text.trim() {
            "off" => Ok(MediaListen::Off),
            text => Ok(MediaListen::Address(
                text.parse().context("must be an address with a port, such as 0.0.0.0:10000, or off")?,
            )),
        }
    }
}

/// One address of `--media-public`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MediaPublic {
    ip: IpAddr,
    port: Option<u16>,
}

impl FromStr for MediaPublic {
    type Err = anyhow::Error;

    fn from_str(text: &str) -> anyhow::Result<MediaPublic> {
        let text = text.trim();
        if let Ok(ip) = text.parse() {
            return Ok(MediaPublic { ip, port: None });
        }
        let address: SocketAddr =
            text.parse().context("must be an address such as 203.0.113.7 or 203.0.113.7:10000")?;
        Ok(MediaPublic { ip: address.ip(), port: Some(address.port()) })
    }
}

/// The database.
#[derive(Debug, Clone, clap::Args)]
pub struct DatabaseConfig {
    /// URL of the PostgreSQL database (default: a private server in the data directory)
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// Directory for all stored data
    #[arg(long, env = "DZWONI_DATA", default_value = "./data")]
    pub data: PathBuf,
}

/// A setting that is never printed.
#[derive(Clone)]
pub struct Secret(String);

impl Secret {
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl FromStr for Secret {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Secret, Self::Err> {
        Ok(Secret(text.to_owned()))
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(secret)")
    }
}

/// Parses the URL of the portal, which is used in e-mails, links and cookies.
pub fn parse_public_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    match host.bytes().next() {
        Some(first) if first != b'/' && host.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text.to_owned()),
        _ => Err("the URL must begin with https:// or http://, such as https://pomoc.example.com".into()),
    }
}

fn parse_seconds(text: &str) -> Result<Duration, std::num::ParseIntError> {
    text.parse().map(Duration::from_secs)
}

fn parse_network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text} is neither an address nor a CIDR block such as 10.0.0.0/8"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(listen: &str, public: &str, portal: &str, url: &str) -> Result<String, String> {
        let list = |text: &str| text.split(',').filter(|text| !text.is_empty()).map(str::to_owned).collect::<Vec<_>>();
        let config = MediaConfig {
            media_listen: list(listen).iter().map(|text| text.parse().unwrap()).collect(),
            media_public: list(public).iter().map(|text| text.parse().unwrap()).collect(),
            media_tests: 1,
        };
        let ports = config.ports(portal.parse().unwrap(), url).map_err(|error| error.to_string())?;
        Ok(ports.iter().map(|port| format!("{}>{}", port.listen, port.advertised)).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn media_ports_are_advertised_at_their_public_address() {
        let (loopback, any) = ("127.0.0.1:8080", "0.0.0.0:8080");
        let url = |portal: &str| {
            if portal == any { "https://pomoc.example.com".to_owned() } else { format!("http://{portal}") }
        };
        let cases = [
            ("", "", loopback, "127.0.0.1:0>127.0.0.1:0 127.0.0.1:0>127.0.0.1:0"),
            ("", "", "[::1]:8080", "[::1]:0>[::1]:0 [::1]:0>[::1]:0"),
            ("", "", any, ""),
            ("off", "", loopback, ""),
            ("192.0.2.1:10000", "", any, "192.0.2.1:10000>192.0.2.1:10000"),
            (
                "0.0.0.0:10000,0.0.0.0:10001",
                "203.0.113.7",
                any,
                "0.0.0.0:10000>203.0.113.7:10000 0.0.0.0:10001>203.0.113.7:10001",
            ),
            ("10.0.0.5:10000", "203.0.113.7:20000", any, "10.0.0.5:10000>203.0.113.7:20000"),
            ("0.0.0.0:1,[::]:1", "203.0.113.7,2001:db8::7", any, "0.0.0.0:1>203.0.113.7:1 [::]:1>[2001:db8::7]:1"),
        ];
        for (listen, public, portal, expected) in cases {
            assert_eq!(ports(listen, public, portal, &url(portal)).as_deref(), Ok(expected), "{listen} {public}");
        }
    }

    #[test]
    fn behind_a_proxy_there_are_no_media_ports_by_default() {
        for url in ["https://pomoc.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1:8080"] {
            assert_eq!(ports("", "", "127.0.0.1:8080", url).as_deref(), Ok(""), "{url}");
        }
        for url in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080/", "http://[::1]"] {
            assert_ne!(ports("", "", "127.0.0.1:8080", url).as_deref(), Ok(""), "{url}");
        }
    }

    #[test]
    fn media_addresses_that_browsers_cannot_reach_are_rejected() {
        let error =
            |listen, public| ports(listen, public, "127.0.0.1:8080", "https://pomoc.example.com:8443/").unwrap_err();
        assert!(error("0.0.0.0:10000", "").contains("--media-public is missing"));
        assert!(error("127.0.0.1:10000", "").contains("--media-public is missing"));
        assert!(error("0.0.0.0:10000", "2001:db8::7").contains("not of the same IP version"));
        assert!("10000".parse::<MediaListen>().is_err());
        assert!("example.com".parse::<MediaPublic>().is_err());
    }
}
