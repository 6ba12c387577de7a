//! Rate limits per client: the table of all quotas, and the limiter.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use ipnet::IpNet;

use super::AppError;

/// A quota: `burst` requests at once, then one per `interval`.
pub struct RateQuota {
    burst: NonZeroU32,
    interval: Duration,
}

#[expect(clippy::panic, reason = "evaluated at compile time")]
const fn rate_quota(burst: u32, interval: Duration) -> RateQuota {
    match NonZeroU32::new(burst) {
        Some(burst) => RateQuota { burst, interval },
        None => panic!("the burst must be at least 1"),
    }
}

/// Reports. In an office with one public address, forty people may report the same outage; a script would send
/// thousands.
pub const REPORT_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(15));
/// Ticket lookups by reference and key. Guessing a key of 128 bits is hopeless; the limit only bounds the cost of
/// trying.
pub const TICKET_LOOKUP_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(10));
/// Customers' changes on the ticket page. A customer may make ten test calls in a row and report each.
pub const TICKET_WRITE_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(10));
/// Requests for an access link by e-mail. A customer may try several e-mail addresses, and an office shares one public
/// address. Each ticket has a limit of its own.
pub const ACCESS_LINK_QUOTA: RateQuota = rate_quota(10, Duration::from_secs(60));
/// Stored check results. A user may check one number after the other, and an office shares one public address.
pub const CHECK_RESULT_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(5));
/// Line tests and echo calls. A household may test each of its devices, over cable and over Wi-Fi.
pub const LINE_TEST_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(20));

/// "Me too" on incidents. Everybody in an office may press it, with one public address.
pub const INCIDENT_JOIN_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(10));
/// Subscriptions to an incident, from an office with one public address. Each e-mail address has a limit of its own.
pub const INCIDENT_SUBSCRIBE_QUOTA: RateQuota = rate_quota(20, Duration::from_secs(30));
/// Login attempts. Forty staff members with one public address may log in at the same hour. Each account has delays of
/// its own; this limit is against attempts with many different names.
pub const SIGN_IN_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(3));
/// API requests. fail2ban reports all its bans at start, one request each.
pub const API_QUOTA: RateQuota = rate_quota(2000, Duration::from_millis(10));

/// The IPv6 prefix of one home network.
const CLIENT_PREFIX_LEN_V6: u8 = 64;

/// The IPv6 networks that are limited, and how many times the quota of one home network each may use. Providers assign a
/// /56 or a /48 to one customer (RFC 6177), who can send from each of its /64.
const LIMITED_NETWORKS_V6: [(u8, u32); 3] = [(CLIENT_PREFIX_LEN_V6, 1), (56, 2), (48, 4)];

/// Checks between two removals of unused entries.
const SWEEP_EVERY_CHECKS: usize = 20_000;

/// A rate limiter per client address; for IPv6 per /64, and with larger quotas per /56 and per /48.
pub struct ClientRateLimiter {
    /// One for each of [`LIMITED_NETWORKS_V6`]. The first one limits IPv4 addresses too.
    limiters: [DefaultKeyedRateLimiter<IpNet>; LIMITED_NETWORKS_V6.len()],
    check_count: AtomicUsize,
}

impl ClientRateLimiter {
    pub fn new(quota: &RateQuota) -> ClientRateLimiter {
        let limiters = LIMITED_NETWORKS_V6.map(|(_, factor)| {
            let period = Quota::with_period(quota.interval / factor).unwrap_or(Quota::per_second(NonZeroU32::MIN));
            RateLimiter::keyed(
                period.allow_burst(quota.burst.saturating_mul(NonZeroU32::MIN.saturating_add(factor - 1))),
            )
        });
        ClientRateLimiter { limiters, check_count: AtomicUsize::new(0) }
    }

    /// Counts a request.
    ///
    /// # Errors
    /// Returns [`AppError::RateLimited`] with the time to wait.
    pub fn check(&self, ip: IpAddr) -> Result<(), AppError> {
        // removes clients whose quota is full again; done rarely, so that the cost per check stays constant
        if self.check_count.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY_CHECKS == SWEEP_EVERY_CHECKS - 1 {
            self.limiters.iter().for_each(RateLimiter::retain_recent);
        }
        for (limiter, (prefix_len, _)) in self.limiters.iter().zip(LIMITED_NETWORKS_V6) {
            limiter.check_key(&network_of(ip, prefix_len)).map_err(|not_until| {
                let now = governor::clock::DefaultClock::default().now();
                AppError::RateLimited { retry_after: not_until.wait_time_from(now) }
            })?;
            if ip.is_ipv4() {
                break;
            }
        }
        Ok(())
    }
}

/// The network of one customer: the address itself for IPv4, the /64 for IPv6.
pub fn client_network(ip: IpAddr) -> IpNet {
    network_of(ip, CLIENT_PREFIX_LEN_V6)
}

/// The network with this prefix length that contains an IPv6 address. An IPv4 address is its own network.
fn network_of(ip: IpAddr, prefix_len_v6: u8) -> IpNet {
    let net = IpNet::from(ip);
    let length = if ip.is_ipv4() { net.max_prefix_len() } else { prefix_len_v6 };
    IpNet::new(ip, length).unwrap_or(net).trunc()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_one_ipv6_64_share_a_limit() {
        let limiter = ClientRateLimiter::new(&rate_quota(2, Duration::from_secs(3600)));
        let ip = |text: &str| text.parse().unwrap();
        assert!(limiter.check(ip("2001:db8::1")).is_ok());
        assert!(limiter.check(ip("2001:db8::2")).is_ok());
        assert!(matches!(limiter.check(ip("2001:db8::3")), Err(AppError::RateLimited { .. })));
        assert!(limiter.check(ip("2001:db8:0:1::3")).is_ok());
        assert!(limiter.check(ip("192.0.2.1")).is_ok());
    }

    #[test]
    fn the_networks_of_one_customer_share_a_larger_limit() {
        let limiter = ClientRateLimiter::new(&rate_quota(10, Duration::from_secs(3600)));
        let accepted = |networks: std::ops::Range<u16>| {
            let addresses = networks.flat_map(|subnet| (0..20).map(move |host| (subnet, host)));
            addresses
                .filter(|(subnet, host)| {
                    let ip = std::net::Ipv6Addr::new(0x2001, 0xdb8, 1, *subnet, 0, 0, 0, *host);
                    limiter.check(ip.into()).is_ok()
                })
                .count()
        };
        // five /64 in one /56, then a hundred in the same /48
        assert_eq!(accepted(0..5), 20);
        assert_eq!(accepted(0x100..0x6400), 20);
        assert!(limiter.check("2001:db8:2::1".parse().unwrap()).is_ok(), "another customer");
    }
}
