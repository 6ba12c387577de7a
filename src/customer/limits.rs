//! The rate limits of the customer's pages.

use crate::web::rate_limit::{ACCESS_LINK_QUOTA, ClientRateLimiter, TICKET_LOOKUP_QUOTA, TICKET_WRITE_QUOTA};

/// One limiter per kind of request, each by client network.
pub(crate) struct CustomerRateLimits {
    pub lookups: ClientRateLimiter,
    pub writes: ClientRateLimiter,
    pub link_requests: ClientRateLimiter,
}

impl Default for CustomerRateLimits {
    fn default() -> CustomerRateLimits {
        CustomerRateLimits {
            lookups: ClientRateLimiter::new(&TICKET_LOOKUP_QUOTA),
            writes: ClientRateLimiter::new(&TICKET_WRITE_QUOTA),
            link_requests: ClientRateLimiter::new(&ACCESS_LINK_QUOTA),
        }
    }
}
