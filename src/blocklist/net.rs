//! IP addresses and CIDR blocks: parsing, formatting, containment, scope.

use std::net::{IpAddr, Ipv6Addr};

use ipnet::{IpNet, Ipv4Net};

use crate::i18n::UiMessage;

/// Larger blocks can only be a mistake. A constraint of the table rejects them too.
const MIN_PREFIX_LEN_V4: u8 = 8;
const MIN_PREFIX_LEN_V6: u8 = 16;

/// Why a text is not an address or block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NetParseError {
    NotAnAddress,
    /// Bits after the prefix are set. Contains the block without them.
    HostBitsSet(IpNet),
    TooWide,
}

impl NetParseError {
    pub fn error_message(self) -> UiMessage {
        match self {
            NetParseError::NotAnAddress => UiMessage::new("block-net-invalid"),
            NetParseError::HostBitsSet(block) => UiMessage::new("block-net-misaligned").with("block", format(&block)),
            NetParseError::TooWide => UiMessage::new("block-net-too-wide"),
        }
    }
}

/// Parses `203.0.113.7`, `203.0.113.0/24` or `2001:db8::/48`. IPv4-mapped IPv6 becomes IPv4.
pub fn parse(text: &str) -> Result<IpNet, NetParseError> {
    let net = parse_with_host_bits(text)?;
    let block = net.trunc();
    if block != net { Err(NetParseError::HostBitsSet(block)) } else { Ok(net) }
}

/// Like [`parse`], but keeps bits after the prefix.
pub fn parse_with_host_bits(text: &str) -> Result<IpNet, NetParseError> {
    let text = text.trim();
    let net = match text.parse::<IpAddr>() {
        Ok(ip) => IpNet::from(ip),
        Err(_) => text.parse::<IpNet>().map_err(|_| NetParseError::NotAnAddress)?,
    };
    let net = unmap_ipv4(net);
    if net.prefix_len() < min_prefix_len(&net) { Err(NetParseError::TooWide) } else { Ok(net) }
}

/// All blocks of permitted size that contain a block, including itself. Empty for a block that is too large itself.
pub fn supernets(net: &IpNet) -> Vec<IpNet> {
    let lengths = min_prefix_len(net)..=net.prefix_len();
    lengths.filter_map(|length| Some(IpNet::new(net.addr(), length).ok()?.trunc())).collect()
}

/// The last address of a block. In PostgreSQL's order of `inet`, a block and everything in it lie between the block
/// itself and this address.
pub fn last_address(net: &IpNet) -> IpNet {
    IpNet::from(net.broadcast())
}

pub fn is_single_address(net: &IpNet) -> bool {
    net.prefix_len() == net.max_prefix_len()
}

/// Formats a block; a single address without its prefix length.
pub fn format(net: &IpNet) -> String {
    if is_single_address(net) { net.addr().to_string() } else { net.to_string() }
}

fn min_prefix_len(net: &IpNet) -> u8 {
    match net {
        IpNet::V4(_) => MIN_PREFIX_LEN_V4,
        IpNet::V6(_) => MIN_PREFIX_LEN_V6,
    }
}

fn unmap_ipv4(net: IpNet) -> IpNet {
    let IpNet::V6(v6) = net else { return net };
    let (Some(v4), Some(length)) = (v6.addr().to_ipv4_mapped(), v6.prefix_len().checked_sub(96)) else { return net };
    Ipv4Net::new(v4, length).map_or(net, IpNet::V4)
}

/// Where an address is valid.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AddressScope {
    /// On the internet.
    Public,
    /// In a home or office network (RFC 1918, RFC 4193).
    Private,
    /// In a provider's network behind carrier-grade NAT (RFC 6598).
    Shared,
    /// On one link or one machine (RFC 1122, RFC 3927, RFC 4291).
    Local,
}

impl AddressScope {
    pub fn from_ip(ip: IpAddr) -> AddressScope {
        match ip.to_canonical() {
            IpAddr::V4(v4) if v4.is_private() => AddressScope::Private,
            IpAddr::V4(v4) if v4.octets()[0] == 100 && v4.octets()[1] & 0xc0 == 64 => AddressScope::Shared,
            IpAddr::V4(v4) if v4.is_loopback() || v4.is_link_local() || v4.octets()[0] == 0 => AddressScope::Local,
            IpAddr::V6(v6) if v6.is_unique_local() => AddressScope::Private,
            IpAddr::V6(v6) if v6.is_loopback() || v6.is_unicast_link_local() || v6 == Ipv6Addr::UNSPECIFIED => {
                AddressScope::Local
            }
            IpAddr::V4(_) | IpAddr::V6(_) => AddressScope::Public,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::web::rate_limit::client_network;

    fn net(text: &str) -> IpNet {
        text.parse().unwrap()
    }

    #[test]
    fn addresses_and_blocks_are_parsed() {
        for (text, expected) in [
            ("203.0.113.7", Ok("203.0.113.7/32")),
            (" 203.0.113.0/24 ", Ok("203.0.113.0/24")),
            ("2001:DB8::7", Ok("2001:db8::7/128")),
            ("2001:db8::/48", Ok("2001:db8::/48")),
            ("::ffff:203.0.113.7", Ok("203.0.113.7/32")),
            ("::ffff:203.0.113.0/120", Ok("203.0.113.0/24")),
            ("203.0.113.7/24", Err(NetParseError::HostBitsSet(net("203.0.113.0/24")))),
            ("2001:db8::1/64", Err(NetParseError::HostBitsSet(net("2001:db8::/64")))),
            ("0.0.0.0/0", Err(NetParseError::TooWide)),
            ("10.0.0.0/7", Err(NetParseError::TooWide)),
            ("::/0", Err(NetParseError::TooWide)),
            ("203.0.113.777", Err(NetParseError::NotAnAddress)),
            ("203.0.113.7/33", Err(NetParseError::NotAnAddress)),
            ("example.com", Err(NetParseError::NotAnAddress)),
            ("", Err(NetParseError::NotAnAddress)),
        ] {
            assert_eq!(parse(text), expected.map(net), "{text}");
        }
    }

    #[test]
    fn private_shared_and_local_addresses_are_recognised() {
        for (ip, scope) in [
            ("203.0.113.7", AddressScope::Public),
            ("100.63.0.1", AddressScope::Public),
            ("100.64.0.1", AddressScope::Shared),
            ("100.127.255.255", AddressScope::Shared),
            ("100.128.0.1", AddressScope::Public),
            ("10.1.2.3", AddressScope::Private),
            ("172.31.0.1", AddressScope::Private),
            ("172.32.0.1", AddressScope::Public),
            ("192.168.1.5", AddressScope::Private),
            ("127.0.0.1", AddressScope::Local),
            ("169.254.1.1", AddressScope::Local),
            ("0.0.0.0", AddressScope::Local),
            ("::1", AddressScope::Local),
            ("fe80::1", AddressScope::Local),
            ("fd00::1", AddressScope::Private),
            ("2001:db8::1", AddressScope::Public),
            ("::ffff:192.168.1.5", AddressScope::Private),
        ] {
            assert_eq!(AddressScope::from_ip(ip.parse().unwrap()), scope, "{ip}");
        }
    }

    #[test]
    fn a_client_network_is_one_ipv4_address_or_one_ipv6_64() {
        assert_eq!(client_network("203.0.113.7".parse().unwrap()), net("203.0.113.7/32"));
        assert_eq!(client_network("2001:db8:1:2:3::4".parse().unwrap()), net("2001:db8:1:2::/64"));
    }

    proptest! {
        #[test]
        fn supernets_are_exactly_the_blocks_that_contain_an_address(bits: u128, is_v6: bool, length in 0_u8..=128) {
            let ip = if is_v6 { IpAddr::V6(bits.into()) } else { IpAddr::V4(((bits & 0xffff_ffff) as u32).into()) };
            let blocks = supernets(&IpNet::from(ip));
            prop_assert_eq!(blocks.len(), if is_v6 { 113 } else { 25 });
            prop_assert!(blocks.iter().all(|block| block.contains(&ip) && block.trunc() == *block));
            let own = IpNet::new(ip, length.min(if is_v6 { 128 } else { 32 })).unwrap().trunc();
            prop_assert_eq!(blocks.contains(&own), own.prefix_len() >= min_prefix_len(&own));
            prop_assert!(own.contains(&last_address(&own)));
        }
    }
}
