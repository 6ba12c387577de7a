//! How often one address may do a thing: the table of all limits.

use std::{
    net::IpAddr,
    num::NonZeroU32,
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter, clock::Clock};
use ipnet::IpNet;

use super::AppError;

/// A limit: `burst` at once, then one every `every`.
pub struct RateQuota {
    burst: NonZeroU32,
    interval: Duration,
}

const fn rate_quota(burst: u32, every: Duration) -> RateQuota {
    match NonZeroU32::new(burst) {
        Some(burst) => RateQuota { burst, interval: every },
        None => panic!("a limit lets at least one through"),
    }
}

/// Reports: an office of forty behind one address may have one outage and forty reporters; a script has thousands.
pub const REPORT_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(15));
/// Looking for a ticket by reference and key: guesses are hopeless anyway (128 bits), this only keeps them cheap.
pub const TICKET_LOOKUP_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(10));
/// What customers write on their tickets' pages: a person who tries ten calls in a row and tells of each.
pub const TICKET_WRITE_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(10));
/// Links that are to be sent: somebody who tries their three addresses, for a whole office. Each ticket has its own limit.
pub const ACCESS_LINK_QUOTA: RateQuota = rate_quota(10, Duration::from_secs(60));
/// Results of checks that are kept: somebody who tries one number after the other, for a whole office.
pub const CHECK_RESULT_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(5));
/// Line tests and echo calls: a household that tries each of its devices, by cable and by Wi-Fi.
pub const LINE_TEST_QUOTA: RateQuota = rate_quota(30, Duration::from_secs(20));

/// "Me too": an office where everybody taps it on their own telephone, behind one address.
pub const INCIDENT_JOIN_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(10));
/// Addresses that ask for news of an incident: an office where some do. Each address has its own limit.
pub const INCIDENT_SUBSCRIBE_QUOTA: RateQuota = rate_quota(20, Duration::from_secs(30));
/// Attempts to sign in: an office of forty behind one address that begins at eight. Each account has its own pauses; this is
/// for those who make a name up each time.
pub const SIGN_IN_QUOTA: RateQuota = rate_quota(60, Duration::from_secs(3));
/// Requests of programs: a fail2ban that starts tells all its bans at once, one request each.
pub const API_QUOTA: RateQuota = rate_quota(2000, Duration::from_millis(10));

/// What one customer has of IPv6.
const CLIENT_PREFIX_LEN_V6: u8 = 64;

/// Checks between two sweeps.
const SWEEP_EVERY_CHECKS: usize = 20_000;

/// Counts by address; for IPv6 by the /64 that one customer has.
pub struct ClientRateLimiter {
    limiter: DefaultKeyedRateLimiter<IpNet>,
    check_count: AtomicUsize,
}

impl ClientRateLimiter {
    pub fn new(rule: &RateQuota) -> ClientRateLimiter {
        let quota = Quota::with_period(rule.interval).unwrap_or(Quota::per_second(NonZeroU32::MIN));
        ClientRateLimiter {
            limiter: RateLimiter::keyed(quota.allow_burst(rule.burst)),
            check_count: AtomicUsize::new(0),
        }
    }

    /// Counts one more.
    ///
    /// # Errors
    /// [`Error::TooMany`] with the time to wait.
    pub fn check(&self, ip: IpAddr) -> Result<(), AppError> {
        // addresses that have been quiet long enough are forgotten, now and then: the cost stays the same for each check
        if self.check_count.fetch_add(1, Ordering::Relaxed) % SWEEP_EVERY_CHECKS == SWEEP_EVERY_CHECKS - 1 {
            self.limiter.retain_recent();
        }
        self.limiter.check_key(&client_network(ip)).map_err(|until| {
            let now = governor::clock::DefaultClock::default().now();
            AppError::RateLimited { retry_after: until.wait_time_from(now) }
        })
    }
}

/// Whom an address belongs to, as far as limits go.
pub fn client_network(ip: IpAddr) -> IpNet {
    let net = IpNet::from(ip);
    let length = if ip.is_ipv4() { net.max_prefix_len() } else { CLIENT_PREFIX_LEN_V6 };
    IpNet::new(ip, length).unwrap_or(net).trunc()
}

#[cfg(test)]
mod tests {
    use crate::web::rate_limit::*;

    #[test]
    fn one_household_shares_a_limit_and_others_do_not() {
        let limit = ClientRateLimiter::new(&rate_quota(2, Duration::from_secs(3600)));
        let ip = |text: &str| text.parse().unwrap();
        assert!(limit.check(ip("2001:db8::1")).is_ok());
        assert!(limit.check(ip("2001:db8::2")).is_ok());
        assert!(matches!(limit.check(ip("2001:db8::3")), Err(AppError::RateLimited { .. })));
        assert!(limit.check(ip("2001:db8:0:1::3")).is_ok());
        assert!(limit.check(ip("192.0.2.1")).is_ok());
    }
}
