//! Where numbers belong, told by their beginning alone, whether they exist or not: for counting them.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region as Country};

use crate::words::Say;

/// Beginnings of Polish mobile numbers (numbering plan, UKE).
const MOBILE: [&str; 13] = ["45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"];

/// An area of Poland, its mobile numbers, or a country.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// As it is dialled: `22`, `0044`; nothing for what begins in many ways.
    pub prefix: String,
    pub name: Say,
}

/// The region of a number in E.164, or of its beginning with at least five characters.
pub fn region(e164: &str) -> Option<Region> {
    let digits = e164.strip_prefix('+')?;
    if let Some(national) = digits.strip_prefix("48") {
        let begin = national.get(..2)?;
        let fixed = |begin: &str| Some(Say::new("number-reading-fixed").with("area", begin.parse::<i64>().ok()?));
        return Some(match begin {
            "70" => Region { prefix: begin.to_owned(), name: Say::new("number-reading-premium") },
            "80" => Region { prefix: begin.to_owned(), name: Say::new("number-reading-company") },
            "39" => Region { prefix: begin.to_owned(), name: Say::new("number-reading-voip") },
            mobile if MOBILE.contains(&mobile) => {
                Region { prefix: String::new(), name: Say::new("number-reading-mobile") }
            }
            area => Region { prefix: area.to_owned(), name: fixed(area)? },
        });
    }
    // country codes are such that none begins another
    (1..=3).find_map(|length| {
        let code = digits.get(..length)?;
        let country = PHONE_NUMBER_UTIL.get_region_for_country_code(code.parse().ok()?)?;
        let region = if country == Country::World { String::new() } else { format!("{country:?}") };
        let name = Say::new("number-country").with("region", region).with("code", code);
        Some(Region { prefix: format!("00{code}"), name })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::words::Lang;

    #[test]
    fn a_beginning_tells_where_a_number_belongs() {
        for (number, prefix, name) in [
            ("+48221228022", "22", "numer stacjonarny, Warszawa"),
            ("+4822", "22", "numer stacjonarny, Warszawa"),
            ("+48601555210", "", "numer komórkowy"),
            ("+48700", "70", "numer o\u{a0}podwyższonej opłacie"),
            ("+442081900322", "0044", "Wielka Brytania"),
            ("+420222555101", "00420", "Czechy"),
            ("+12125550123", "001", "Stany Zjednoczone"),
            ("+80012345678", "00800", "kraj +800"),
        ] {
            let region = region(number).unwrap();
            assert_eq!((region.prefix.as_str(), Lang::Pl.say(&region.name).as_str()), (prefix, name), "{number}");
        }
        for nowhere in ["+999123456", "+48", "112", "12345-101", ""] {
            assert_eq!(region(nowhere), None, "{nowhere}");
        }
    }
}
