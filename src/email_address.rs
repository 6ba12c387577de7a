//! E-mail addresses, as far as their form tells.

/// Whether a text can be an e-mail address: something, one @, a host with a dot. Whether it exists, only a letter shows.
pub fn is_email_address(text: &str) -> bool {
    let Some((local, host)) = text.rsplit_once('@') else { return false };
    let host_ok = host.split('.').count() >= 2
        && host.split('.').all(|label| !label.is_empty() && label.chars().all(|c| c.is_alphanumeric() || c == '-'));
    let local_ok = !local.is_empty() && !local.chars().any(|c| c.is_whitespace() || "@,;:<>()[]\"\\".contains(c));
    text.len() <= 254 && local.len() <= 64 && host_ok && local_ok && !local.starts_with('.') && !local.ends_with('.')
}

/// An address that its owner knows again and others don't learn: `j…@example.com`.
pub fn mask_email_address(email: &str) -> String {
    let (local, host) = email.rsplit_once('@').unwrap_or((email, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{host}")
}

#[cfg(test)]
mod tests {
    use crate::email_address::*;

    #[test]
    fn a_masked_address_does_not_tell_the_name() {
        assert_eq!(mask_email_address("jan.nowak@example.com"), "j…@example.com");
        assert_eq!(mask_email_address("ż@b.pl"), "ż…@b.pl");
        assert_eq!(mask_email_address(""), "…@");
    }

    #[test]
    fn addresses_are_told_from_other_words() {
        for good in ["jan.nowak@example.com", "a@b.pl", "zażółć@gęślą.pl", "o'hara+dzwoni@mail.example.org"] {
            assert!(is_email_address(good), "{good}");
        }
        for bad in [
            "",
            "jan",
            "jan@",
            "@example.com",
            "jan@example",
            "jan nowak@example.com",
            "a@b@c.pl",
            "a@.pl",
            "a@b..pl",
            "<a@b.pl>",
            ".a@b.pl",
        ] {
            assert!(!is_email_address(bad), "{bad}");
        }
    }
}
