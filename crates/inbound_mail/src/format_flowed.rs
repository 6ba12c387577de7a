//! Rejoins paragraphs that a mail program wrapped for transport (RFC 3676, `format=flowed`).

/// Joins each line that ends with a space to the next one, if both are quoted equally deep. `delsp` (RFC 3676, 4.2) says
/// that the space is not part of the text.
pub(crate) fn unwrap_paragraphs(text: &str, delsp: bool) -> String {
    let mut out = String::with_capacity(text.len());
    // the quote depth of the previous line, if that continues
    let mut open_depth: Option<usize> = None;
    for line in text.lines() {
        let depth = line.bytes().take_while(|byte| *byte == b'>').count();
        let text = &line[depth..];
        let text = text.strip_prefix(' ').unwrap_or(text);
        let is_signature = text == "-- ";
        if open_depth == Some(depth) && !is_signature {
            out.push_str(text);
        } else {
            if !out.is_empty() {
                out.push('\n');
            }
            if depth > 0 {
                out.extend(std::iter::repeat_n('>', depth));
                out.push(' ');
            }
            out.push_str(text);
        }
        open_depth = (text.ends_with(' ') && !is_signature).then_some(depth);
        if open_depth.is_some() && delsp {
            out.pop();
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use crate::format_flowed::*;

    #[test]
    fn wrapped_paragraphs_are_rejoined() {
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
