//! The IP address of the client, resolved through trusted proxies.

use std::{
    convert::Infallible,
    net::{IpAddr, Ipv4Addr, SocketAddr},
};

use axum::{
    extract::{ConnectInfo, FromRef, FromRequestParts},
    http::{HeaderMap, header::USER_AGENT, request::Parts},
};
use ipnet::IpNet;

use super::form;
use crate::app::App;

/// The number of entries of `X-Forwarded-For` that are read at most.
const MAX_PROXY_HOPS: usize = 16;

/// The client that sent a request.
#[derive(Debug, Clone)]
pub struct Client {
    pub ip: IpAddr,
    /// The `User-Agent` header, cut to 300 characters.
    pub user_agent: String,
}

impl<S: Send + Sync> FromRequestParts<S> for Client
where
    App: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Client, Infallible> {
        let app = App::from_ref(state);
        let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        let peer = peer.map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |ConnectInfo(address)| address.ip());
        let user_agent = parts.headers.get(USER_AGENT).map(|value| String::from_utf8_lossy(value.as_bytes()));
        Ok(Client {
            ip: resolve_client_ip(peer, &parts.headers, &app.trusted_proxies),
            user_agent: form::single_line(&user_agent.unwrap_or_default()).chars().take(300).collect(),
        })
    }
}

/// Reads `X-Forwarded-For` from the right for as long as the last hop is a trusted proxy. Entries further left may be
/// forged by the client.
fn resolve_client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: IpAddr| trusted.iter().any(|net| net.contains(&ip));
    let mut ip = peer.to_canonical();
    let values: Vec<_> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let mut hops = values.iter().flat_map(|value| value.split(',')).map(str::trim).collect::<Vec<_>>();
    for _ in 0..MAX_PROXY_HOPS {
        if !is_trusted(ip) {
            break;
        }
        match hops.pop().and_then(parse_hop) {
            Some(hop) => ip = hop.to_canonical(),
            None => break,
        }
    }
    ip
}

/// One entry. Some proxies add the port.
fn parse_hop(text: &str) -> Option<IpAddr> {
    text.parse().or_else(|_| text.parse::<SocketAddr>().map(|address| address.ip())).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forwarded_addresses_are_read_from_trusted_proxies_only() {
        let trusted = ["10.0.0.0/8".parse().unwrap(), "fd00::/8".parse().unwrap()];
        let cases = [
            ("203.0.113.9", "198.51.100.1", "203.0.113.9"),
            ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1", "198.51.100.1"),
            ("10.0.0.1", "6.6.6.6, 198.51.100.1, 10.2.2.2", "198.51.100.1"),
            ("10.0.0.1", "unknown", "10.0.0.1"),
            ("10.0.0.1", "garbage, 10.9.9.9", "10.9.9.9"),
            ("::ffff:10.0.0.1", "2001:db8::7", "2001:db8::7"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", "203.0.113.9:1234", "203.0.113.9"),
            ("10.0.0.1", "[2001:db8::5]:4711", "2001:db8::5"),
        ];
        for (peer, forwarded, expected) in cases {
            let mut headers = HeaderMap::new();
            headers.insert("x-forwarded-for", forwarded.parse().unwrap());
            let ip = resolve_client_ip(peer.parse().unwrap(), &headers, &trusted);
            assert_eq!(ip, expected.parse::<IpAddr>().unwrap(), "{peer} {forwarded}");
        }
    }
}
