//! A letter as it travels (RFC 5322): plain text, with the headers by which programs thread it and leave it unanswered.

use std::time::{Duration, SystemTime};

use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use time::OffsetDateTime;
use url::Host;

use crate::i18n::{Lang, strip_typography};

/// What a letter is made of.
pub(crate) struct EmailParts<'a> {
    pub from: &'a Mailbox,
    pub to: &'a Address,
    pub reply_to: Option<Address>,
    pub subject: String,
    pub text: String,
    pub lang: Lang,
    pub message_id: &'a str,
    /// The ticket's first letter.
    pub thread_message_id: Option<&'a str>,
    /// The mail that it answers by itself.
    pub in_reply_to: Option<&'a str>,
    /// Where its reader ends such letters with one press of the mail program's button.
    pub unsubscribe_url: Option<String>,
    pub date: OffsetDateTime,
}

impl EmailParts<'_> {
    /// The letter's bytes, all of them ASCII. `None` when a part can't be written, which is a defect.
    pub fn into_bytes(self) -> Option<Vec<u8>> {
        // RFC 3834, 5: an answer to somebody's mail by a program, or a letter that nobody's mail called for
        let automatic = if self.in_reply_to.is_some() { "auto-replied" } else { "auto-generated" };
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .subject(strip_typography(&self.subject))
            .message_id(Some(self.message_id.to_owned()))
            .date(to_system_time(self.date))
            .raw_header(raw_header("Auto-Submitted", automatic))
            // Exchange sends "out of office" to everything that does not say this
            .raw_header(raw_header("X-Auto-Response-Suppress", "All"))
            .raw_header(raw_header("Content-Language", self.lang.code()));
        if let Some(reply_to) = self.reply_to {
            message = message.reply_to(Mailbox::new(None, reply_to));
        }
        if let Some(end) = self.unsubscribe_url {
            // RFC 2369, 3.2, and RFC 8058, 3.1
            message = message
                .raw_header(raw_header("List-Unsubscribe", &format!("<{end}>")))
                .raw_header(raw_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let before: Vec<_> =
            [self.in_reply_to, self.thread_message_id].into_iter().flatten().filter_map(sanitize_message_id).collect();
        if let Some(answers) = before.first() {
            message = message.in_reply_to(answers.clone()).references(before.join(" "));
        }
        // bcc and envelope are made from these headers, and not used
        Some(message.singlepart(SinglePart::plain(self.text)).ok()?.formatted())
    }
}

/// A message's name from outside: only what can be one, so that nothing else gets into the header.
fn sanitize_message_id(text: &str) -> Option<String> {
    let inside = text.trim().strip_prefix('<')?.strip_suffix('>')?;
    let is_name = inside.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    (is_name && inside.len() <= 900).then(|| format!("<{inside}>"))
}

fn raw_header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn to_system_time(at: OffsetDateTime) -> SystemTime {
    let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// An address as servers take it: the host in ASCII (IDNA), the name before it as it is.
pub(crate) fn parse_recipient(email: &str) -> Option<Address> {
    let (name, host) = email.rsplit_once('@')?;
    let Host::<String>::Domain(host) = Host::parse(host).ok()? else { return None };
    Address::new(name, host).ok()
}

#[cfg(test)]
mod tests {
    use crate::emails::mime::*;

    fn build_email(change: impl FnOnce(&mut EmailParts)) -> String {
        let from = "Dzwoni – pomoc <pomoc@example.com>".parse().unwrap();
        let to = parse_recipient("jan.nowak@example.com").unwrap();
        let mut parts = EmailParts {
            from: &from,
            to: &to,
            reply_to: None,
            subject: "Odpowiedź na zgłoszenie".into(),
            text: "Zażółć gęślą jaźń\n".into(),
            lang: Lang::Pl,
            message_id: "<2.x@example.com>",
            thread_message_id: Some("<1.x@example.com>"),
            in_reply_to: None,
            unsubscribe_url: None,
            date: OffsetDateTime::UNIX_EPOCH,
        };
        change(&mut parts);
        String::from_utf8(parts.into_bytes().unwrap()).unwrap()
    }

    #[test]
    fn programs_can_thread_it_and_leave_it_alone() {
        let text = build_email(|_| {});
        assert!(text.is_ascii(), "{text}");
        for line in [
            "Message-ID: <2.x@example.com>",
            "In-Reply-To: <1.x@example.com>",
            "References: <1.x@example.com>",
            "Auto-Submitted: auto-generated",
            "Date: Thu, 01 Jan 1970 00:00:00 +0000",
            "To: jan.nowak@example.com",
            "Content-Type: text/plain; charset=utf-8",
            "Content-Language: pl",
            "MIME-Version: 1.0",
        ] {
            assert!(text.contains(&format!("{line}\r\n")), "{line}: {text}");
        }
        assert!(!text.contains("\r\nReply-To:") && !text.contains("Bcc") && !text.contains("\r\nList-"), "{text}");
        let news =
            build_email(|parts| parts.unsubscribe_url = Some("https://example.com/pl/follow/1/end?key=X".into()));
        assert!(news.contains("List-Unsubscribe: <https://example.com/pl/follow/1/end?key=X>\r\n"), "{news}");
        assert!(news.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{news}");
        let answer = build_email(|parts| parts.in_reply_to = Some("<abc@mail.example.org>"));
        assert!(answer.contains("Auto-Submitted: auto-replied\r\n"), "{answer}");
        assert!(answer.contains("In-Reply-To: <abc@mail.example.org>\r\n"), "{answer}");
        assert!(answer.contains("References: <abc@mail.example.org> <1.x@example.com>\r\n"), "{answer}");
    }

    #[test]
    fn a_name_from_outside_can_not_add_headers() {
        for wrong in ["<a@b>\r\nBcc: <c@d>", "abc", "<a b@c>", "", "<>\n<>"] {
            let text = build_email(|parts| (parts.in_reply_to, parts.thread_message_id) = (Some(wrong), None));
            assert!(!text.contains("Bcc") && !text.contains("References"), "{wrong:?}: {text}");
        }
    }

    #[test]
    fn hosts_are_written_in_ascii() {
        let ascii = |email: &str| parse_recipient(email).map(|address| address.to_string());
        assert_eq!(ascii("a@gęślą.pl").as_deref(), Some("a@xn--gl-qla2f4p.pl"));
        assert_eq!(ascii("zażółć@example.com").as_deref(), Some("zażółć@example.com"));
        for wrong in ["a@[127.0.0.1]", "a@127.0.0.1", "a", "@b.pl", "a b@c.pl", "a@b c.pl"] {
            assert_eq!(ascii(wrong), None, "{wrong}");
        }
    }
}
