//! Texts that the list and the page of a message share.

use ::inbound_mail::Attachment;

use crate::{
    i18n::{Lang, MessageArg, UiMessage},
    inbound_mail::disposition::Disposition,
};

/// The CSS class of a disposition's tag.
pub(crate) const fn disposition_css_class(disposition: &Disposition) -> &'static str {
    match disposition {
        Disposition::TicketOpened | Disposition::AddedToTicket => "ok",
        Disposition::Bounce | Disposition::Unreadable => "warn",
        Disposition::Automatic | Disposition::Loop | Disposition::Flood => "info",
    }
}

/// The message that explains the rule that decided about a message.
pub(crate) fn reason_label(reason: &str) -> &'static str {
    match reason {
        "new" => "inbound-mail-reason-new",
        "signed-address" => "inbound-mail-reason-signed-address",
        "email" => "inbound-mail-reason-email",
        "closed-ticket" => "inbound-mail-reason-closed-ticket",
        "subscriber" => "inbound-mail-reason-subscriber",
        "by-hand" => "inbound-mail-reason-by-hand",
        "no-header" => "inbound-mail-reason-no-header",
        "no-sender" => "inbound-mail-reason-no-sender",
        "same-id" => "inbound-mail-reason-same-id",
        "own-address" => "inbound-mail-reason-own-address",
        "own-email" => "inbound-mail-reason-own-email",
        "hops" => "inbound-mail-reason-hops",
        "report" => "inbound-mail-reason-report",
        "auto-submitted" | "autoreply" | "suppress" => "inbound-mail-reason-auto",
        "precedence" => "inbound-mail-reason-precedence",
        "no-return" => "inbound-mail-reason-no-return",
        "failed" => "inbound-mail-reason-failed",
        "delayed" => "inbound-mail-reason-delayed",
        "too-many" => "inbound-mail-reason-too-many",
        _ => "inbound-mail-reason-unreadable",
    }
}

pub(crate) fn subject_or_placeholder(subject: &str, lang: Lang) -> String {
    if subject.is_empty() { lang.t("inbound-mail-no-subject").into_owned() } else { subject.to_owned() }
}

/// "12 kB", "3,4 MB"; both are decimal units.
pub(crate) fn format_size(bytes: i64, lang: Lang) -> String {
    match bytes {
        ..1_000 => lang.t_with("inbound-mail-bytes", "count", bytes),
        1_000..1_000_000 => lang.t_with("inbound-mail-kilobytes", "count", bytes / 1_000),
        _ => lang.format(&UiMessage::new("inbound-mail-megabytes").with("size", MessageArg::Decimal1(bytes / 100_000))),
    }
}

/// Returns a file's name, content type and size in one line.
pub(crate) fn describe_attachment(attachment: &Attachment, lang: Lang) -> String {
    let bytes = i64::try_from(attachment.size).unwrap_or(i64::MAX);
    let parts = [attachment.name.as_str(), &attachment.content_type, &format_size(bytes, lang)];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_formatted_in_decimal_units() {
        for (bytes, polish) in [(0, "0 B"), (999, "999 B"), (12_345, "12 kB"), (20_400_000, "20,4 MB")] {
            assert_eq!(format_size(bytes, Lang::Pl).replace('\u{a0}', " "), polish);
        }
    }
}
