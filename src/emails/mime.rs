//! Serializes an email (RFC 5322): plain text, with headers for threading and against automatic replies.

use std::time::{Duration, SystemTime};

use lettre::{
    Address, Message,
    message::{
        Mailbox, SinglePart,
        header::{HeaderName, HeaderValue},
    },
};
use time::OffsetDateTime;

use crate::i18n::{Lang, strip_typography};

/// The parts of an email.
pub(crate) struct EmailParts<'a> {
    pub from: &'a Mailbox,
    pub to: &'a Address,
    pub reply_to: Option<Address>,
    pub subject: String,
    pub text: String,
    pub lang: Lang,
    pub message_id: &'a str,
    /// Message-ID of the first email to this recipient about this ticket or incident.
    pub thread_message_id: Option<&'a str>,
    /// Message-ID of the inbound mail that this email confirms.
    pub in_reply_to: Option<&'a str>,
    /// One-click unsubscribe URL for the mail program's own button.
    pub unsubscribe_url: Option<String>,
    pub date: OffsetDateTime,
}

impl EmailParts<'_> {
    /// Returns the email's bytes, all of them ASCII. `None` when a part cannot be serialized, which is a bug.
    pub(super) fn into_bytes(self) -> Option<Vec<u8>> {
        // RFC 3834, 5: an automatic reply to a message, or an email that no message asked for
        let auto_submitted = if self.in_reply_to.is_some() { "auto-replied" } else { "auto-generated" };
        let mut message = Message::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, self.to.clone()))
            .subject(strip_typography(&self.subject))
            .message_id(Some(self.message_id.to_owned()))
            .date(to_system_time(self.date))
            .raw_header(raw_header("Auto-Submitted", auto_submitted))
            // Exchange sends "out of office" replies to everything without this header
            .raw_header(raw_header("X-Auto-Response-Suppress", "All"))
            .raw_header(raw_header("Content-Language", self.lang.code()));
        if let Some(reply_to) = self.reply_to {
            message = message.reply_to(Mailbox::new(None, reply_to));
        }
        if let Some(url) = self.unsubscribe_url {
            // RFC 2369, 3.2, and RFC 8058, 3.1
            message = message
                .raw_header(raw_header("List-Unsubscribe", &format!("<{url}>")))
                .raw_header(raw_header("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"));
        }
        let references: Vec<_> =
            [self.in_reply_to, self.thread_message_id].into_iter().flatten().filter_map(sanitize_message_id).collect();
        if let Some(in_reply_to) = references.first() {
            message = message.in_reply_to(in_reply_to.clone()).references(references.join(" "));
        }
        // lettre builds an envelope from these headers, which is not used
        Some(message.singlepart(SinglePart::plain(self.text)).ok()?.formatted())
    }
}

/// Accepts a Message-ID from outside only if it is well-formed, so that it cannot inject headers.
fn sanitize_message_id(text: &str) -> Option<String> {
    let inside = text.trim().strip_prefix('<')?.strip_suffix('>')?;
    let is_message_id = inside.bytes().all(|byte| byte.is_ascii_graphic() && !b"<>".contains(&byte));
    (is_message_id && inside.len() <= 900).then(|| format!("<{inside}>"))
}

fn raw_header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn to_system_time(at: OffsetDateTime) -> SystemTime {
    let seconds = u64::try_from(at.unix_timestamp()).unwrap_or(0);
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

#[cfg(test)]
mod tests {
    use crate::emails::mime::*;

    fn build_email(change: impl FnOnce(&mut EmailParts)) -> String {
        let from = "Dzwoni – pomoc <pomoc@example.com>".parse().unwrap();
        let to = "jan.nowak@example.com".parse().unwrap();
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
    fn headers_allow_threading_and_suppress_automatic_replies() {
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
        let update =
            build_email(|parts| parts.unsubscribe_url = Some("https://example.com/pl/follow/1/end?key=X".into()));
        assert!(update.contains("List-Unsubscribe: <https://example.com/pl/follow/1/end?key=X>\r\n"), "{update}");
        assert!(update.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n"), "{update}");
        let reply = build_email(|parts| parts.in_reply_to = Some("<abc@mail.example.org>"));
        assert!(reply.contains("Auto-Submitted: auto-replied\r\n"), "{reply}");
        assert!(reply.contains("In-Reply-To: <abc@mail.example.org>\r\n"), "{reply}");
        assert!(reply.contains("References: <abc@mail.example.org> <1.x@example.com>\r\n"), "{reply}");
    }

    #[test]
    fn a_message_id_from_outside_cannot_inject_headers() {
        for invalid in ["<a@b>\r\nBcc: <c@d>", "abc", "<a b@c>", "", "<>\n<>"] {
            let text = build_email(|parts| (parts.in_reply_to, parts.thread_message_id) = (Some(invalid), None));
            assert!(!text.contains("Bcc") && !text.contains("References"), "{invalid:?}: {text}");
        }
    }
}
