//! Settings: every one is a flag and an environment variable.

use std::{
    fmt,
    net::{IpAddr, SocketAddr},
    path::PathBuf,
    str::FromStr,
};

use anyhow::{Context, ensure};
use ipnet::IpNet;
use line_test::media_server::MediaPort;

/// What `dzwoni serve` can be told.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    #[command(flatten)]
    pub database: DatabaseConfig,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, env = "DZWONI_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// Address under which people reach the portal, such as https://pomoc.example.com (default: http:// and the address
    /// listened on)
    #[arg(long, env = "DZWONI_PUBLIC_URL", value_parser = parse_public_url)]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, as addresses or CIDR blocks, separated by commas
    #[arg(long, env = "DZWONI_TRUSTED_PROXIES", value_delimiter = ',', value_parser = parse_network)]
    pub trusted_proxies: Vec<IpNet>,
    /// TOML file with the operator's name, contacts, hours and colours (default: an example)
    #[arg(long, env = "DZWONI_OPERATOR")]
    pub operator: Option<PathBuf>,
    /// Folder with guides to use instead of the built-in ones
    #[arg(long, env = "DZWONI_GUIDES")]
    pub guides: Option<PathBuf>,
    #[command(flatten)]
    pub mail: MailConfig,
    #[command(flatten)]
    pub media: MediaConfig,
}

/// How letters leave, and where answers to them go.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct MailConfig {
    /// Mail server that takes letters: smtps://USER:PASSWORD@HOST[:PORT], or smtp://HOST[:PORT] with ?tls=required or
    /// ?tls=opportunistic; &ca=FILE adds a certificate authority of your own (default: letters wait)
    #[arg(long, env = "DZWONI_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<Secret>,
    /// Address that letters come from (default: the e-mail address in the operator's file)
    #[arg(long, env = "DZWONI_MAIL_FROM")]
    pub mail_from: Option<String>,
    /// Mailbox that takes answers to letters and hands them to `dzwoni mail receive`. It must take +detail behind its name,
    /// which tells the ticket (default: letters ask for answers on the ticket's page)
    #[arg(long, env = "DZWONI_MAIL_REPLY")]
    pub mail_reply: Option<String>,
    /// Maildir that a mail server delivers into, for those who can't let it start `dzwoni mail receive` (default: none)
    #[arg(long, env = "DZWONI_MAILDIR")]
    pub maildir: Option<PathBuf>,
}

/// Where browsers send the line test's traffic.
#[derive(Debug, Clone, clap::Args)]
pub struct MediaConfig {
    /// UDP addresses of the line test, separated by commas, or "off". A second port at the same address shows whether a
    /// visitor's router keeps its mapping. Take ports in the range that calls use; browsers refuse 5060 and the well-known
    /// ones (default: two free ports when the portal listens on this machine only, otherwise off)
    #[arg(long, env = "DZWONI_MEDIA_LISTEN", value_delimiter = ',')]
    pub media_listen: Vec<MediaListen>,
    /// Addresses under which browsers reach these ports, in the same order; the last one stands for the rest, and
    /// without a port of its own the port stays the same (default: the addresses listened on)
    #[arg(long, env = "DZWONI_MEDIA_PUBLIC", value_delimiter = ',')]
    pub media_public: Vec<MediaPublic>,
    /// Line tests and echo calls at once
    #[arg(long, env = "DZWONI_MEDIA_TESTS", default_value_t = 200)]
    pub media_tests: usize,
}

impl MediaConfig {
    /// The ports to take, for a portal that listens at `portal` and is reached at `public_url`. None: the line test has no
    /// media port.
    ///
    /// # Errors
    /// When browsers could not reach a port: the verdict on every line would be wrong.
    pub fn ports(&self, portal: SocketAddr, public_url: &str) -> anyhow::Result<Vec<MediaPort>> {
        if self.media_listen.contains(&MediaListen::Off) {
            return Ok(Vec::new());
        }
        let mut listen: Vec<SocketAddr> = self.media_listen.iter().filter_map(MediaListen::socket_addr).collect();
        let is_here = is_loopback_url(public_url);
        // behind a proxy the portal itself listens here, and the visitors are elsewhere
        if listen.is_empty() && portal.ip().is_loopback() && is_here {
            listen = vec![SocketAddr::new(portal.ip(), 0); 2];
        }
        listen.into_iter().enumerate().map(|(at, listen)| self.resolve_port(at, listen, is_here)).collect()
    }

    fn resolve_port(&self, at: usize, listen: SocketAddr, is_here: bool) -> anyhow::Result<MediaPort> {
        let given = self.media_public.get(at).or(self.media_public.last());
        let public = given.map_or(listen, |public| SocketAddr::new(public.ip, public.port.unwrap_or(listen.port())));
        ensure!(
            !public.ip().is_unspecified() && (is_here || !public.ip().is_loopback()),
            "--media-public is missing: browsers can't reach {listen}. Give the address under which they can"
        );
        ensure!(public.is_ipv4() == listen.is_ipv4(), "--media-public: {public} can't stand for {listen}");
        Ok(MediaPort { listen, advertised: public })
    }
}

/// Whether an address such as http://127.0.0.1:8080 is for browsers on this machine only.
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
                text.parse().context("give an address with a port, such as 0.0.0.0:10000, or off")?,
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
        let address: SocketAddr = text.parse().context("give an address such as 203.0.113.7 or 203.0.113.7:10000")?;
        Ok(MediaPublic { ip: address.ip(), port: Some(address.port()) })
    }
}

/// Where the data lives.
#[derive(Debug, Clone, clap::Args)]
pub struct DatabaseConfig {
    /// PostgreSQL to use; when not set, a private server is started under the data folder
    #[arg(long, env = "DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<Secret>,
    /// Folder for everything that is kept
    #[arg(long, env = "DZWONI_DATA", default_value = "./data")]
    pub data: PathBuf,
}

/// A setting that never prints.
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

/// An address under which people reach the portal: letters, links and cookies are made of it.
///
/// # Errors
/// With a sentence, when it is not of the web.
pub fn parse_public_url(text: &str) -> Result<String, String> {
    let text = text.trim();
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")).unwrap_or_default();
    match host.bytes().next() {
        Some(first) if first != b'/' && host.bytes().all(|byte| byte.is_ascii_graphic()) => Ok(text.to_owned()),
        _ => Err("an address that people can reach begins with https:// or http://, such as https://pomoc.example.com"
            .into()),
    }
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
    fn the_line_test_has_a_port_where_browsers_can_reach_it() {
        let (home, world) = ("127.0.0.1:8080", "0.0.0.0:8080");
        let url = |portal: &str| {
            if portal == world { "https://pomoc.example.com".to_owned() } else { format!("http://{portal}") }
        };
        let table = [
            ("", "", home, "127.0.0.1:0>127.0.0.1:0 127.0.0.1:0>127.0.0.1:0"),
            ("", "", "[::1]:8080", "[::1]:0>[::1]:0 [::1]:0>[::1]:0"),
            ("", "", world, ""),
            ("off", "", home, ""),
            ("192.0.2.1:10000", "", world, "192.0.2.1:10000>192.0.2.1:10000"),
            (
                "0.0.0.0:10000,0.0.0.0:10001",
                "203.0.113.7",
                world,
                "0.0.0.0:10000>203.0.113.7:10000 0.0.0.0:10001>203.0.113.7:10001",
            ),
            ("10.0.0.5:10000", "203.0.113.7:20000", world, "10.0.0.5:10000>203.0.113.7:20000"),
            ("0.0.0.0:1,[::]:1", "203.0.113.7,2001:db8::7", world, "0.0.0.0:1>203.0.113.7:1 [::]:1>[2001:db8::7]:1"),
        ];
        for (listen, public, portal, expected) in table {
            assert_eq!(ports(listen, public, portal, &url(portal)).as_deref(), Ok(expected), "{listen} {public}");
        }
    }

    #[test]
    fn behind_a_proxy_there_is_no_port_that_only_this_machine_could_reach() {
        for url in ["https://pomoc.example.com", "http://127.0.0.1.example.com", "http://10.0.0.1:8080"] {
            assert_eq!(ports("", "", "127.0.0.1:8080", url).as_deref(), Ok(""), "{url}");
        }
        for url in ["http://localhost:8080", "http://127.0.0.1", "http://[::1]:8080/", "http://[::1]"] {
            assert_ne!(ports("", "", "127.0.0.1:8080", url).as_deref(), Ok(""), "{url}");
        }
    }

    #[test]
    fn an_address_that_browsers_cannot_reach_is_said_so() {
        let wrong =
            |listen, public| ports(listen, public, "127.0.0.1:8080", "https://pomoc.example.com:8443/").unwrap_err();
        assert!(wrong("0.0.0.0:10000", "").contains("--media-public is missing"));
        assert!(wrong("127.0.0.1:10000", "").contains("--media-public is missing"));
        assert!(wrong("0.0.0.0:10000", "2001:db8::7").contains("can't stand for"));
        assert!("10000".parse::<MediaListen>().is_err());
        assert!("example.com".parse::<MediaPublic>().is_err());
    }
}
