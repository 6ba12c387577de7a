//! The region of a number, by its prefix alone, whether the number exists or not. Used for statistics.

use rlibphonenumber::{PHONE_NUMBER_UTIL, Region as Country};

use i18n::UiMessage;

/// Prefixes of Polish mobile numbers (numbering plan, UKE).
const MOBILE_PREFIXES: [&str; 13] = ["45", "50", "51", "53", "57", "60", "66", "69", "72", "73", "78", "79", "88"];

/// An area of Poland, its mobile numbers, or a country.
#[derive(Debug, Clone, PartialEq)]
pub struct NumberRegion {
    /// The prefix as it is dialled: `22`, `0044`. Empty for a region with several prefixes.
    pub prefix: String,
    pub name: UiMessage,
}

/// The region of a number in E.164, or of a prefix of at least five characters.
pub fn find_region(e164: &str) -> Option<NumberRegion> {
    let digits = e164.strip_prefix('+')?;
    if let Some(national) = digits.strip_prefix("48") {
        let begin = national.get(..2)?;
        let fixed =
            |begin: &str| Some(UiMessage::new("number-description-fixed").with("area", begin.parse::<i64>().ok()?));
        return Some(match begin {
            "70" => NumberRegion { prefix: begin.to_owned(), name: UiMessage::new("number-description-premium") },
            "80" => NumberRegion { prefix: begin.to_owned(), name: UiMessage::new("number-description-company") },
            "39" => NumberRegion { prefix: begin.to_owned(), name: UiMessage::new("number-description-voip") },
            mobile if MOBILE_PREFIXES.contains(&mobile) => {
                NumberRegion { prefix: String::new(), name: UiMessage::new("number-description-mobile") }
            }
            area => NumberRegion { prefix: area.to_owned(), name: fixed(area)? },
        });
    }
    // no country code is a prefix of another
    (1..=3).find_map(|length| {
        let code = digits.get(..length)?;
        let country = PHONE_NUMBER_UTIL.get_region_for_country_code(code.parse().ok()?)?;
        let region = if country == Country::World { String::new() } else { format!("{country:?}") };
        let name = UiMessage::new("number-country").with("region", region).with("code", code);
        Some(NumberRegion { prefix: format!("00{code}"), name })
    })
}

/// A prefix as it is dialled from Poland: `0044 20` for "4420", `22 55` for "482255".
pub fn format_prefix(digits: &str) -> String {
    let national = digits.strip_prefix("48").filter(|rest| !rest.is_empty() && !rest.starts_with('0'));
    if let Some(national) = national {
        let is_mobile = MOBILE_PREFIXES.iter().any(|begin| national.starts_with(begin));
        return split_with_space(national, if is_mobile { 3 } else { 2 });
    }
    let is_code = |length: &usize| {
        let code = digits.get(..*length).and_then(|code| code.parse().ok());
        code.is_some_and(|code| PHONE_NUMBER_UTIL.get_region_for_country_code(code).is_some())
    };
    format!("00{}", split_with_space(digits, (1..=3).find(is_code).unwrap_or(digits.len())))
}

fn split_with_space(digits: &str, at: usize) -> String {
    match digits.split_at_checked(at) {
        Some((begin, rest)) if !rest.is_empty() => format!("{begin} {rest}"),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use i18n::Lang;

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
            let region = find_region(number).unwrap();
            assert_eq!((region.prefix.as_str(), Lang::Pl.format(&region.name).as_str()), (prefix, name), "{number}");
        }
        for (digits, shown) in [
            ("4420", "0044 20"),
            ("49", "0049"),
            ("48", "0048"),
            ("4822", "22"),
            ("482255", "22 55"),
            ("48601555", "601 555"),
            ("12125", "001 2125"),
            ("420222", "00420 222"),
            ("99912", "0099912"),
        ] {
            assert_eq!(format_prefix(digits), shown);
        }
        for nowhere in ["+999123456", "+48", "112", "12345-101", ""] {
            assert_eq!(find_region(nowhere), None, "{nowhere}");
        }
    }
}
