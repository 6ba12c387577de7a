//! Email addresses: one type and one validator for every address that comes from outside.

use std::str::FromStr;

use lettre::Address;
use url::Host;

/// Longest address in bytes: a path of 256 without its angle brackets (RFC 5321, 4.5.3.1.3).
const MAX_ADDRESS_LEN: usize = 254;

/// An address to which the SMTP client can send an email. Whether the mailbox exists is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmailAddress {
    text: String,
    smtp: Address,
}

#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0} is not an e-mail address")]
pub struct InvalidEmailAddress(String);

impl FromStr for EmailAddress {
    type Err = InvalidEmailAddress;

    fn from_str(text: &str) -> Result<EmailAddress, InvalidEmailAddress> {
        let smtp = parse_smtp_address(text).ok_or_else(|| InvalidEmailAddress(text.to_owned()))?;
        Ok(EmailAddress { text: text.to_owned(), smtp })
    }
}

impl EmailAddress {
    /// The address as it was typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The address as servers accept it: the host in ASCII (IDNA), the local part unchanged.
    pub fn into_smtp_address(self) -> Address {
        self.smtp
    }
}

/// Stricter than RFC 5321: no quoted local part, no IP address as the host, and at least one dot in the host.
fn parse_smtp_address(text: &str) -> Option<Address> {
    let (local_part, host) = text.rsplit_once('@')?;
    let is_label = |label: &str| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-');
    if local_part.contains('"') || !host.contains('.') || !host.split('.').all(is_label) {
        return None;
    }
    // A host that ends in a number is an IPv4 address to the URL standard (`firma.123`), and no such domain exists.
    let Host::<String>::Domain(ascii_host) = Host::parse(host).ok()? else { return None };
    let smtp = Address::new(local_part, ascii_host).ok()?;
    let longest = text.len().max(AsRef::<str>::as_ref(&smtp).len());
    (longest <= MAX_ADDRESS_LEN).then_some(smtp)
}

/// An address that its owner recognizes and others do not learn: `j…@example.com`.
pub fn mask_email_address(email: &str) -> String {
    let (local_part, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local_part.chars().take(1).collect();
    format!("{first}…@{host}")
}

#[cfg(test)]
mod tests {
    use crate::email_address::*;

    #[test]
    fn a_masked_address_hides_the_local_part() {
        assert_eq!(mask_email_address("jan.nowak@example.com"), "j…@example.com");
        assert_eq!(mask_email_address("ż@b.pl"), "ż…@b.pl");
        assert_eq!(mask_email_address(""), "…@");
    }

    #[test]
    fn valid_addresses_are_accepted_and_kept_as_typed() {
        for address in
            ["jan.nowak@example.com", "A@B.pl", "zażółć@gęślą.pl", "o'hara+dzwoni@mail.example.org", "a@1.pl"]
        {
            assert_eq!(address.parse::<EmailAddress>().unwrap().as_str(), address);
        }
    }

    #[test]
    fn text_that_is_not_an_address_is_rejected() {
        for text in [
            "",
            "jan",
            "jan@",
            "@example.com",
            "jan@example",
            "jan nowak@example.com",
            " a@b.pl",
            "a@b@c.pl",
            "a@.pl",
            "a@b.pl.",
            "a@b..pl",
            "a@b c.pl",
            "a@b_c.pl",
            "<a@b.pl>",
            "\"a\"@b.pl",
            ".a@b.pl",
            "a.@b.pl",
        ] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_to_which_no_email_can_be_sent_is_rejected() {
        for text in ["a@firma.123", "a@firma.0x1f", "a@127.0.0.1", "a@[127.0.0.1]", "a..b@c.pl", "a@-b.pl"] {
            assert!(text.parse::<EmailAddress>().is_err(), "{text}");
        }
    }

    #[test]
    fn an_address_longer_than_smtp_allows_is_rejected() {
        let host = format!("{}.pl", ["x".repeat(59), "x".repeat(59), "x".repeat(59), "x".repeat(9)].join("."));
        let address = |local_len: usize| format!("{}@{host}", "a".repeat(local_len)).parse::<EmailAddress>();
        assert_eq!(host.len(), 192);
        assert!(address(61).is_ok());
        assert!(address(62).is_err(), "255 bytes");
        assert!(format!("{}@b.pl", "a".repeat(65)).parse::<EmailAddress>().is_err(), "RFC 5321, 4.5.3.1.1: 64 octets");
    }

    #[test]
    fn emails_are_sent_to_a_host_in_ascii() {
        let smtp = |text: &str| text.parse::<EmailAddress>().unwrap().into_smtp_address().to_string();
        assert_eq!(smtp("a@gęślą.pl"), "a@xn--gl-qla2f4p.pl");
        assert_eq!(smtp("zażółć@example.com"), "zażółć@example.com");
    }
}
