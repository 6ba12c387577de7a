//! Who calls whom: the operator's customers, and the rest of the world.
//!
//! Polish numbers have 555 in the middle, numbers abroad are those that their countries keep for films where there are
//! such (Ofcom, BNetzA, Arcep, NANPA): nobody is called by them.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use rand::{RngExt, rngs::SmallRng};

use super::{
    chance::{one, skewed, weighted},
    texts,
};
use crate::{
    phone::Party,
    tickets::{Service, Side},
    words::{Lang, Say},
};

/// Areas of landlines with how many of the country's people live there, roughly (UKE's numbering plan).
const AREAS: [(u32, u32); 20] = [
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
const MOBILES: [u32; 10] = [50, 51, 53, 57, 60, 66, 69, 72, 78, 88];
/// Numbers in the rest of the country that somebody calls.
const STRANGERS: usize = 60_000;

/// Beginnings of numbers abroad, and how many digits follow.
const ABROAD: [(u32, (&str, usize)); 14] = [
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
const SHORT: [&str; 4] = ["112", "19115", "118913", "116000"];
const WITHHELD: [&str; 4] = ["zastrzeżony", "numer zastrzeżony", "anonymous", "withheld"];

/// A customer of the operator.
pub struct Customer {
    /// The client's number, with which the SIP accounts begin.
    client: usize,
    lines: usize,
    main: String,
    pub email: String,
    pub lang: Lang,
    pub service: Service,
    pub device: &'static str,
    pub agent: &'static str,
    pub address: IpAddr,
}

/// All customers, the first of them with far more trouble than the last.
pub struct Customers(Vec<Customer>);

impl Customers {
    /// As many as have so many tickets in a year.
    pub fn with_tickets(tickets: u32, random: &mut SmallRng) -> Customers {
        let count = (tickets as usize / 25).clamp(40, 20_000);
        Customers((0..count).map(|number| customer(number, random)).collect())
    }

    pub fn one(&self, random: &mut SmallRng) -> &Customer {
        &self.0[skewed(random, self.0.len())]
    }
}

fn customer(number: usize, random: &mut SmallRng) -> Customer {
    let service = weighted(random, &[(6, Service::VirtualPbx), (3, Service::MiniVoip), (2, Service::SingleNumber)]);
    let company = texts::company(number);
    let v6: u16 = random.random();
    Customer {
        client: 10_000 + number,
        lines: if service == Service::VirtualPbx { random.random_range(2..20) } else { 1 },
        main: landline(random),
        email: format!("{}@{company}.example.com", one(random, &texts::MAILBOXES)),
        lang: weighted(random, &[(85, Lang::Pl), (15, Lang::En)]),
        service,
        device: one(random, &texts::DEVICES),
        agent: one(random, &texts::BROWSERS),
        // the blocks for documentation are too small for a year of customers: 198.18.0.0/15 is for tests (RFC 2544)
        address: if random.random_bool(0.9) {
            Ipv4Addr::new(198, random.random_range(18..20), random.random(), random.random_range(1..255)).into()
        } else {
            Ipv6Addr::new(0x2001, 0xdb8, v6, 0, 0, 0, 0, 7).into()
        },
    }
}

impl Customer {
    /// One of the SIP accounts.
    pub fn account(&self, random: &mut SmallRng) -> String {
        format!("{}-{}", self.client, 101 + skewed(random, self.lines))
    }

    /// The customer's side of a call, as it was typed.
    pub fn side(&self, random: &mut SmallRng) -> String {
        if random.random_bool(0.4) { self.account(random) } else { typed_polish(&self.main, random) }
    }

    /// The nine digits of the main number, in E.164.
    pub fn phone(&self) -> String {
        format!("+48{}", self.main)
    }
}

/// Somebody in Poland, or somebody who hides, calls.
pub fn caller(random: &mut SmallRng) -> String {
    match random.random_range(0..100) {
        ..4 => one(random, &WITHHELD).to_owned(),
        4..16 => abroad(random),
        _ => polish(random),
    }
}

/// Somebody whom customers call.
pub fn callee(random: &mut SmallRng) -> String {
    match random.random_range(0..100) {
        ..2 => one(random, &SHORT).to_owned(),
        2..45 => abroad(random),
        _ => polish(random),
    }
}

fn polish(random: &mut SmallRng) -> String {
    // the number follows from its place, so that the first places are numbers that everybody calls
    let place = skewed(random, STRANGERS) as u32;
    let digits = if place % 20 < 11 {
        let stir = place.wrapping_mul(2_654_435_761) >> 8;
        format!("{}{}555{:03}", MOBILES[stir as usize % 10], stir / 10 % 10, stir / 100 % 1000)
    } else {
        let stir = place.wrapping_mul(2_246_822_519) >> 8;
        format!("{}555{:04}", AREAS[stir as usize % AREAS.len()].1, stir / 20 % 10_000)
    };
    typed_polish(&digits, random)
}

fn abroad(random: &mut SmallRng) -> String {
    let to = weighted(random, &ABROAD);
    typed_abroad(to, random)
}

/// Somebody where a common trouble is.
pub fn abroad_to(random: &mut SmallRng, trouble: usize) -> String {
    typed_abroad(ABROAD[trouble % ABROAD.len()].1, random)
}

/// A number abroad, as people write it.
fn typed_abroad((begin, more): (&str, usize), random: &mut SmallRng) -> String {
    let rest = skewed(random, 10_usize.pow(more as u32));
    let digits = format!("{begin}{rest:0more$}");
    let country = match &digits[..2] {
        "12" => 1,
        "42" | "38" | "35" => 3,
        _ => 2,
    };
    let (country, national) = digits.split_at(country);
    match random.random_range(0..10) {
        ..4 => format!("00{country} {}", spaced(national)),
        4..7 => format!("+{country} {}", spaced(national)),
        7..9 => format!("00{digits}"),
        _ => format!("+{digits}"),
    }
}

fn landline(random: &mut SmallRng) -> String {
    format!("{}555{:04}", weighted(random, &AREAS), random.random_range(0..10_000))
}

/// Nine digits, in one of the ways in which people write them.
fn typed_polish(digits: &str, random: &mut SmallRng) -> String {
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

fn spaced(digits: &str) -> String {
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
pub fn side(typed: String, read: impl FnOnce(&str) -> Result<Party, Say>) -> Side {
    let party = read(&typed).unwrap_or_else(|_| Party::Short(typed.clone()));
    Side { typed, party }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;

    use super::*;

    #[test]
    fn whoever_is_made_up_can_be_read() {
        let mut random = SmallRng::seed_from_u64(1);
        let customers = Customers::with_tickets(100_000, &mut random);
        for _ in 0..5_000 {
            let ours = customers.one(&mut random).side(&mut random);
            let theirs = [caller(&mut random), abroad(&mut random), ours.clone()];
            for typed in theirs {
                assert!(Party::caller(&typed).is_ok(), "{typed}");
            }
            for typed in [callee(&mut random), ours] {
                assert!(Party::callee(&typed).is_ok(), "{typed}");
            }
        }
    }
}
