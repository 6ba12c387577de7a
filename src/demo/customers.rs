//! Demo customers and phone numbers.
//!
//! Polish numbers contain 555. Foreign numbers are from ranges reserved for fiction where a country has such ranges
//! (Ofcom, BNetzA, Arcep, NANPA), so that they have no subscribers.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rand::{RngExt, rngs::SmallRng};

use super::{
    distributions::{pick, pick_weighted, skewed_index},
    texts,
};
use crate::{
    i18n::{Lang, UiMessage},
    phone::Party,
    tickets::{CallParty, Service},
};

/// Landline area codes (numbering plan of UKE), weighted by approximate population.
const LANDLINE_AREA_CODES: [(u32, u32); 20] = [
    (28, 22),
    (14, 32),
    (10, 12),
    (9, 61),
    (9, 71),
    (8, 58),
    (7, 42),
    (5, 91),
    (5, 81),
    (5, 52),
    (5, 85),
    (4, 17),
    (4, 56),
    (3, 41),
    (3, 77),
    (3, 89),
    (2, 33),
    (2, 48),
    (2, 68),
    (2, 75),
];
const MOBILE_PREFIXES: [u32; 10] = [50, 51, 53, 57, 60, 66, 69, 72, 78, 88];
/// Distinct Polish numbers that are not numbers of demo customers.
const OTHER_NUMBER_COUNT: usize = 60_000;

/// Weighted prefixes of foreign numbers, and the number of digits that follow.
const FOREIGN_PREFIXES: [(u32, (&str, usize)); 14] = [
    (16, ("442079460", 3)),
    (7, ("441614960", 3)),
    (9, ("447700900", 3)),
    (18, ("493023125", 3)),
    (6, ("4917139200", 2)),
    (10, ("420222555", 3)),
    (8, ("380445550", 3)),
    (7, ("331990000", 2)),
    (6, ("121255501", 2)),
    (5, ("31205550", 3)),
    (4, ("4722555", 3)),
    (3, ("35315550", 3)),
    (3, ("390655500", 3)),
    (2, ("34915550", 3)),
];
const SHORT_NUMBERS: [&str; 4] = ["112", "19115", "118913", "116000"];
const WITHHELD_TEXTS: [&str; 4] = ["zastrzeżony", "numer zastrzeżony", "anonymous", "withheld"];

/// A customer of the operator.
pub(super) struct DemoCustomer {
    /// The client number, which is the prefix of the SIP accounts.
    client_number: usize,
    line_count: usize,
    main_number: String,
    pub email: String,
    pub lang: Lang,
    pub service: Service,
    pub device: &'static str,
    pub user_agent: &'static str,
    pub ip: IpAddr,
}

/// All customers. The first ones report far more often than the last ones.
pub(super) struct DemoCustomers(Vec<DemoCustomer>);

impl DemoCustomers {
    /// Creates a plausible number of customers for this number of tickets in a year.
    pub(super) fn for_ticket_count(tickets: u32, rng: &mut SmallRng) -> DemoCustomers {
        let count = (tickets as usize / 25).clamp(40, 20_000);
        DemoCustomers((0..count).map(|number| random_customer(number, rng)).collect())
    }

    pub(super) fn pick(&self, rng: &mut SmallRng) -> &DemoCustomer {
        &self.0[skewed_index(rng, self.0.len())]
    }
}

fn random_customer(number: usize, rng: &mut SmallRng) -> DemoCustomer {
    let service = pick_weighted(rng, &[(6, Service::VirtualPbx), (3, Service::MiniVoip), (2, Service::SingleNumber)]);
    let company = texts::company_name(number);
    let v6: u16 = rng.random();
    DemoCustomer {
        client_number: 10_000 + number,
        line_count: if service == Service::VirtualPbx { rng.random_range(2..20) } else { 1 },
        main_number: random_landline(rng),
        email: format!("{}@{company}.example.com", pick(rng, &texts::MAILBOXES)),
        lang: pick_weighted(rng, &[(85, Lang::Pl), (15, Lang::En)]),
        service,
        device: pick(rng, &texts::DEVICES),
        user_agent: pick(rng, &texts::BROWSERS),
        // the documentation blocks are too small for all customers; 198.18.0.0/15 is reserved for benchmarks (RFC 2544)
        ip: if rng.random_bool(0.9) {
            Ipv4Addr::new(198, rng.random_range(18..20), rng.random(), rng.random_range(1..255)).into()
        } else {
            Ipv6Addr::new(0x2001, 0xdb8, v6, 0, 0, 0, 0, 7).into()
        },
    }
}

impl DemoCustomer {
    /// One of the customer's SIP accounts.
    pub(super) fn random_account(&self, rng: &mut SmallRng) -> String {
        format!("{}-{}", self.client_number, 101 + skewed_index(rng, self.line_count))
    }

    /// The customer's own party of a call, as the customer would type it.
    pub(super) fn random_own_number(&self, rng: &mut SmallRng) -> String {
        if rng.random_bool(0.4) { self.random_account(rng) } else { format_polish_number(&self.main_number, rng) }
    }

    /// The main number in E.164 format.
    pub(super) fn main_number_e164(&self) -> String {
        format!("+48{}", self.main_number)
    }
}

/// A caller of a customer: Polish, foreign or withheld.
pub(super) fn random_caller(rng: &mut SmallRng) -> String {
    match rng.random_range(0..100) {
        ..4 => pick(rng, &WITHHELD_TEXTS).to_owned(),
        4..16 => random_foreign_number(rng),
        _ => random_polish_number(rng),
    }
}

/// A number that a customer calls: short, foreign or Polish.
pub(super) fn random_callee(rng: &mut SmallRng) -> String {
    match rng.random_range(0..100) {
        ..2 => pick(rng, &SHORT_NUMBERS).to_owned(),
        2..45 => random_foreign_number(rng),
        _ => random_polish_number(rng),
    }
}

fn random_polish_number(rng: &mut SmallRng) -> String {
    // the number is a function of its index, so that low indexes are frequently called numbers
    let index = skewed_index(rng, OTHER_NUMBER_COUNT) as u32;
    let digits = if index % 20 < 11 {
        let hash = index.wrapping_mul(2_654_435_761) >> 8;
        format!("{}{}555{:03}", MOBILE_PREFIXES[hash as usize % 10], hash / 10 % 10, hash / 100 % 1000)
    } else {
        let hash = index.wrapping_mul(2_246_822_519) >> 8;
        format!("{}555{:04}", LANDLINE_AREA_CODES[hash as usize % LANDLINE_AREA_CODES.len()].1, hash / 20 % 10_000)
    };
    format_polish_number(&digits, rng)
}

fn random_foreign_number(rng: &mut SmallRng) -> String {
    let to = pick_weighted(rng, &FOREIGN_PREFIXES);
    format_foreign_number(to, rng)
}

/// A foreign number in the country affected by this incident.
pub(super) fn random_number_in_incident(rng: &mut SmallRng, incident: usize) -> String {
    format_foreign_number(FOREIGN_PREFIXES[incident % FOREIGN_PREFIXES.len()].1, rng)
}

/// A foreign number in one of the usual notations.
fn format_foreign_number((prefix, suffix_len): (&str, usize), rng: &mut SmallRng) -> String {
    let rest = skewed_index(rng, 10_usize.pow(suffix_len as u32));
    let digits = format!("{prefix}{rest:0suffix_len$}");
    let country = match &digits[..2] {
        "12" => 1,
        "42" | "38" | "35" => 3,
        _ => 2,
    };
    let (country, national) = digits.split_at(country);
    match rng.random_range(0..10) {
        ..4 => format!("00{country} {}", group_digits(national)),
        4..7 => format!("+{country} {}", group_digits(national)),
        7..9 => format!("00{digits}"),
        _ => format!("+{digits}"),
    }
}

fn random_landline(rng: &mut SmallRng) -> String {
    format!("{}555{:04}", pick_weighted(rng, &LANDLINE_AREA_CODES), rng.random_range(0..10_000))
}

/// A nine-digit number in one of the usual notations.
fn format_polish_number(digits: &str, rng: &mut SmallRng) -> String {
    let groups = if digits.as_bytes()[2..5] == *b"555" {
        [&digits[..2], &digits[2..5], &digits[5..7], &digits[7..]].join(" ")
    } else {
        [&digits[..3], &digits[3..6], &digits[6..]].join(" ")
    };
    match rng.random_range(0..20) {
        ..10 => groups,
        10..14 => digits.to_owned(),
        14..16 => groups.replace(' ', "-"),
        16..18 => format!("+48 {groups}"),
        18 => format!("0048{digits}"),
        _ => format!("+48{digits}"),
    }
}

fn group_digits(digits: &str) -> String {
    let (mut text, mut count) = (String::with_capacity(digits.len() * 2), 0);
    for digit in digits.chars() {
        if count == 3 {
            text.push(' ');
            count = 0;
        }
        text.push(digit);
        count += 1;
    }
    text
}

/// Parses a party as the report form does. A test checks that all generated numbers can be parsed.
pub(super) fn parse_call_party(raw_text: String, parse: impl FnOnce(&str) -> Result<Party, UiMessage>) -> CallParty {
    let party = parse(&raw_text).unwrap_or_else(|_| Party::Short(raw_text.clone()));
    CallParty { raw_text, party }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use crate::demo::customers::*;

    #[test]
    fn generated_call_parties_can_be_parsed() {
        let mut rng = SmallRng::seed_from_u64(1);
        let customers = DemoCustomers::for_ticket_count(100_000, &mut rng);
        for _ in 0..5_000 {
            let own_number = customers.pick(&mut rng).random_own_number(&mut rng);
            let callers = [random_caller(&mut rng), random_foreign_number(&mut rng), own_number.clone()];
            for raw_text in callers {
                assert!(Party::parse_caller(&raw_text).is_ok(), "{raw_text}");
            }
            for raw_text in [random_callee(&mut rng), own_number] {
                assert!(Party::parse_callee(&raw_text).is_ok(), "{raw_text}");
            }
        }
    }
}
