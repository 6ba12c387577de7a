//! Paragraphs that a mail program broke for transport (RFC 3676, `format=flowed`), put together again.

/// Joins lines that end with a space to the next one, as long as both are quoted equally deep.
pub fn unwrap_paragraphs(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    let mut open: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let bare = &line[depth..];
        let bare = bare.strip_prefix(' ').unwrap_or(bare);
        let is_signature = bare == "-- ";
        if open == Some(depth) && !is_signature {
            out.push_str(bare);
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            if depth > 0 {
                out.extend(std::iter::repeat_n('>', depth));
                out.push(' ');
            }
            out.push_str(bare);
        }
        open = (bare.ends_with(' ') && !is_signature).then_some(depth);
        if open.is_some() && delsp {
            out.pop();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::inbound_mail::format_flowed::*;

    #[test]
    fn paragraphs_are_whole_again() {
        let table = [
            ("Nie mogę \ndzwonić.\nNowy akapit", false, "Nie mogę dzwonić.\nNowy akapit"),
            ("dług \nie", true, "długie"),
            ("> cytat \n> dalej\nodpowiedź", false, "> cytat dalej\nodpowiedź"),
            ("> cytat \nodpowiedź", false, "> cytat \nodpowiedź"),
            ("Tekst \n-- \nJan", false, "Tekst \n-- \nJan"),
            ("", false, ""),
            (" >nie cytat", false, ">nie cytat"),
        ];
        for (text, delsp, expected) in table {
            assert_eq!(unwrap_paragraphs(text, delsp), expected, "{text:?}");
        }
    }
}
