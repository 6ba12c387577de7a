//! Settings: every one is a flag and an environment variable.

use std::{fmt, net::SocketAddr, path::PathBuf, str::FromStr};

use ipnet::IpNet;

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
    #[arg(long, env = "DZWONI_PUBLIC_URL")]
    pub public_url: Option<String>,
    /// Proxies whose X-Forwarded-For is believed, as addresses or CIDR blocks, separated by commas
    #[arg(long, env = "DZWONI_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    pub trusted_proxies: Vec<IpNet>,
    /// TOML file with the operator's name, contacts, hours and colours (default: an example)
    #[arg(long, env = "DZWONI_OPERATOR")]
    pub operator: Option<PathBuf>,
    /// Folder with guides to use instead of the built-in ones
    #[arg(long, env = "DZWONI_GUIDES")]
    pub guides: Option<PathBuf>,
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

fn network(text: &str) -> Result<IpNet, String> {
    let text = text.trim();
    text.parse()
        .or_else(|_| text.parse::<std::net::IpAddr>().map(IpNet::from))
        .map_err(|_| format!("{text} is neither an address nor a CIDR block such as 10.0.0.0/8"))
}
