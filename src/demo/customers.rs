//! Who calls whom: the operator's customers, and the rest of the world.
//!
//! Polish numbers have 555 in the middle, numbers abroad are those that their countries keep for films where there are
//! such (Ofcom, BNetzA, Arcep, NANPA): nobody is called by them.

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

/// Areas of landlines with how many of the country's people live there, roughly (UKE's numbering plan).
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
/// Numbers in the rest of the country that somebody calls.
const OTHER_NUMBER_COUNT: usize = 60_000;

/// Beginnings of numbers abroad, and how many digits follow.
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
pub struct DemoCustomer {
    /// The client's number, with which the SIP accounts begin.
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

/// All customers, the first of them with far more trouble than the last.
pub struct DemoCustomers(Vec<DemoCustomer>);

impl DemoCustomers {
    /// As many as have so many tickets in a year.
    pub fn for_ticket_count(tickets: u32, random: &mut SmallRng) -> DemoCustomers {
        let count = (tickets as usize / 25).clamp(40, 20_000);
        DemoCustomers((0..count).map(|number| random_customer(number, random)).collect())
    }

    pub fn pick(&self, random: &mut SmallRng) -> &DemoCustomer {
        &self.0[skewed_index(random, self.0.len())]
    }
}

fn random_customer(number: usize, random: &mut SmallRng) -> DemoCustomer {
    let service =
        pick_weighted(random, &[(6, Service::VirtualPbx), (3, Service::MiniVoip), (2, Service::SingleNumber)]);
    let company = texts::company_name(number);
    let v6: u16 = random.random();
    DemoCustomer {
        client_number: 10_000 + number,
        line_count: if service == Service::VirtualPbx { random.random_range(2..20) } else { 1 },
        main_number: random_landline(random),
        email: format!("{}@{company}.example.com", pick(random, &texts::MAILBOXES)),
        lang: pick_weighted(random, &[(85, Lang::Pl), (15, Lang::En)]),
        service,
        device: pick(random, &texts::DEVICES),
        user_agent: pick(random, &texts::BROWSERS),
        // the blocks for documentation are too small for a year of customers: 198.18.0.0/15 is for tests (RFC 2544)
        ip: if random.random_bool(0.9) {
            Ipv4Addr::new(198, random.random_range(18..20), random.random(), random.random_range(1..255)).into()
        } else {
            Ipv6Addr::new(0x2001, 0xdb8, v6, 0, 0, 0, 0, 7).into()
        },
    }
}

impl DemoCustomer {
    /// One of the SIP accounts.
    pub fn random_account(&self, random: &mut SmallRng) -> String {
        format!("{}-{}", self.client_number, 101 + skewed_index(random, self.line_count))
    }

    /// The customer's side of a call, as it was typed.
    pub fn random_own_number(&self, random: &mut SmallRng) -> String {
        if random.random_bool(0.4) {
            self.random_account(random)
        } else {
            format_polish_number(&self.main_number, random)
        }
    }

    /// The nine digits of the main number, in E.164.
    pub fn main_number_e164(&self) -> String {
        format!("+48{}", self.main_number)
    }
}

/// Somebody in Poland, or somebody who hides, calls.
pub fn random_caller(random: &mut SmallRng) -> String {
    match random.random_range(0..100) {
        ..4 => pick(random, &WITHHELD_TEXTS).to_owned(),
        4..16 => random_foreign_number(random),
        _ => random_polish_number(random),
    }
}

/// Somebody whom customers call.
pub fn random_callee(random: &mut SmallRng) -> String {
    match random.random_range(0..100) {
        ..2 => pick(random, &SHORT_NUMBERS).to_owned(),
        2..45 => random_foreign_number(random),
        _ => random_polish_number(random),
    }
}

fn random_polish_number(random: &mut SmallRng) -> String {
    // the number follows from its place, so that the first places are numbers that everybody calls
    let place = skewed_index(random, OTHER_NUMBER_COUNT) as u32;
    let digits = if place % 20 < 11 {
        let stir = place.wrapping_mul(2_654_435_761) >> 8;
        format!("{}{}555{:03}", MOBILE_PREFIXES[stir as usize % 10], stir / 10 % 10, stir / 100 % 1000)
    } else {
        let stir = place.wrapping_mul(2_246_822_519) >> 8;
        format!("{}555{:04}", LANDLINE_AREA_CODES[stir as usize % LANDLINE_AREA_CODES.len()].1, stir / 20 % 10_000)
    };
    format_polish_number(&digits, random)
}

fn random_foreign_number(random: &mut SmallRng) -> String {
    let to = pick_weighted(random, &FOREIGN_PREFIXES);
    format_foreign_number(to, random)
}

/// Somebody where a common trouble is.
pub fn random_number_in_incident(random: &mut SmallRng, trouble: usize) -> String {
    format_foreign_number(FOREIGN_PREFIXES[trouble % FOREIGN_PREFIXES.len()].1, random)
}

/// A number abroad, as people write it.
fn format_foreign_number((begin, more): (&str, usize), random: &mut SmallRng) -> String {
    let rest = skewed_index(random, 10_usize.pow(more as u32));
    let digits = format!("{begin}{rest:0more$}");
    let country = match &digits[..2] {
        "12" => 1,
        "42" | "38" | "35" => 3,
        _ => 2,
    };
    let (country, national) = digits.split_at(country);
    match random.random_range(0..10) {
        ..4 => format!("00{country} {}", group_digits(national)),
        4..7 => format!("+{country} {}", group_digits(national)),
        7..9 => format!("00{digits}"),
        _ => format!("+{digits}"),
    }
}

fn random_landline(random: &mut SmallRng) -> String {
    format!("{}555{:04}", pick_weighted(random, &LANDLINE_AREA_CODES), random.random_range(0..10_000))
}

/// Nine digits, in one of the ways in which people write them.
fn format_polish_number(digits: &str, random: &mut SmallRng) -> String {
    let groups = if digits.as_bytes()[2..5] == *b"555" {
        [&digits[..2], &digits[2..5], &digits[5..7], &digits[7..]].join(" ")
    } else {
        [&digits[..3], &digits[3..6], &digits[6..]].join(" ")
    };
    match random.random_range(0..20) {
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

/// What the form reads out of it. It reads all that is made up here; a test says so.
pub fn parse_call_party(typed: String, read: impl FnOnce(&str) -> Result<Party, UiMessage>) -> CallParty {
    let party = read(&typed).unwrap_or_else(|_| Party::Short(typed.clone()));
    CallParty { raw_text: typed, party }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use crate::demo::customers::*;

    #[test]
    fn whoever_is_made_up_can_be_read() {
        let mut random = SmallRng::seed_from_u64(1);
        let customers = DemoCustomers::for_ticket_count(100_000, &mut random);
        for _ in 0..5_000 {
            let ours = customers.pick(&mut random).random_own_number(&mut random);
            let theirs = [random_caller(&mut random), random_foreign_number(&mut random), ours.clone()];
            for typed in theirs {
                assert!(Party::parse_caller(&typed).is_ok(), "{typed}");
            }
            for typed in [random_callee(&mut random), ours] {
                assert!(Party::parse_callee(&typed).is_ok(), "{typed}");
            }
        }
    }
}
