//! Converts HTML to text. The tokenizer is a browser's (html5ever), so malformed input is split as a browser splits it. No
//! tree is built, so deep nesting costs nothing. Scripts, styles and attributes are dropped; the result is plain text and is
//! escaped like any other text when it is shown.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
        TokenizerOpts, states::RawKind,
    },
};

/// Maximum length of HTML that is read, in bytes.
const MAX_HTML_BYTES: usize = 2 << 20;
/// Maximum length of a tag, in bytes. The tokenizer compares each attribute with all others, which takes quadratic time.
const MAX_TAG_BYTES: usize = 16 << 10;
/// Maximum depth of nested quotations that is shown.
const MAX_QUOTE_DEPTH: usize = 8;
/// Maximum length of a link's address that is shown, in bytes.
const MAX_SHOWN_LINK_LEN: usize = 500;

/// Returns the text that a reader would see, with `>` before quoted lines.
pub(crate) fn to_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(MAX_HTML_BYTES)];
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(strip_long_tags(html)));
    let tokenizer = Tokenizer::new(TextSink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    tokenizer.sink.0.into_inner().into_text()
}

/// Removes tags that are longer than [`MAX_TAG_BYTES`].
fn strip_long_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let end_within_limit = || tag.bytes().take(MAX_TAG_BYTES).position(|byte| byte == b'>');
        let (kept_len, tag_len) = match is_tag.then(end_within_limit) {
            None => (1, 1),
            Some(Some(end)) => (end + 1, end + 1),
            Some(None) if tag.len() <= MAX_TAG_BYTES => (tag.len(), tag.len()),
            Some(None) => (0, tag.find('>').map_or(tag.len(), |end| end + 1)),
        };
        out.push_str(&rest[..start + kept_len]);
        rest = &tag[tag_len..];
    }
    out.push_str(rest);
    out
}

#[derive(Default)]
struct TextSink(RefCell<TextBuilder>);

#[derive(Default)]
struct TextBuilder {
    /// The quote depth and the text of each finished line.
    lines: Vec<(usize, String)>,
    current_line: String,
    /// White space that is written only if text follows on the line.
    has_pending_space: bool,
    /// A blank line is written before the next text.
    has_pending_blank_line: bool,
    quote_depth: usize,
    pre_depth: usize,
    /// The element whose content is dropped, such as `head` or `title`.
    hidden_element: Option<String>,
    /// The address of the open link, and where its text starts in the current line.
    open_link: Option<(String, usize)>,
}

impl TokenSink for TextSink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut text = self.0.borrow_mut();
        match token {
            CharacterTokens(characters) => text.push_text(&characters),
            TagToken(tag) => return text.handle_tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl TextBuilder {
    fn handle_tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if let Some(hidden) = &self.hidden_element {
            let is_body_start = hidden == "head" && tag.kind == StartTag && name == "body";
            if (tag.kind == EndTag && *hidden == name) || is_body_start {
                self.hidden_element = None;
            }
            return match name {
                "style" | "title" if tag.kind == StartTag => TokenSinkResult::RawData(RawKind::Rawtext),
                "script" if tag.kind == StartTag => TokenSinkResult::RawData(RawKind::ScriptData),
                _ => TokenSinkResult::Continue,
            };
        }
        match (tag.kind, name) {
            (StartTag, "script") => {
                self.hidden_element = Some(name.to_owned());
                return TokenSinkResult::RawData(RawKind::ScriptData);
            }
            (StartTag, "style" | "title" | "textarea" | "noscript" | "iframe" | "noembed" | "noframes" | "xmp") => {
                self.hidden_element = Some(name.to_owned());
                return TokenSinkResult::RawData(RawKind::Rawtext);
            }
            (StartTag, "head") => self.hidden_element = Some(name.to_owned()),
            (_, "br") => self.end_line(),
            (StartTag, "hr") => self.start_block(true),
            (StartTag, "li") => {
                self.start_block(false);
                self.push_text("- ");
            }
            (StartTag, "blockquote") => {
                self.start_block(true);
                self.quote_depth = (self.quote_depth + 1).min(MAX_QUOTE_DEPTH);
            }
            (EndTag, "blockquote") => {
                self.start_block(true);
                self.quote_depth = self.quote_depth.saturating_sub(1);
            }
            (StartTag, "pre") => {
                self.start_block(true);
                self.pre_depth += 1;
            }
            (EndTag, "pre") => {
                self.start_block(true);
                self.pre_depth = self.pre_depth.saturating_sub(1);
            }
            (_, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "ul" | "ol" | "dl" | "table" | "figure") => {
                self.start_block(true);
            }
            (
                _,
                "div" | "tr" | "dt" | "dd" | "section" | "article" | "header" | "footer" | "address" | "center"
                | "form" | "body" | "html" | "caption" | "thead" | "tbody" | "tfoot" | "main" | "nav" | "aside"
                | "fieldset",
            ) => {
                self.start_block(false);
            }
            (EndTag, "td" | "th") => self.push_text("\t"),
            (StartTag, "img") => {
                if let Some(alt) = find_attribute(tag, "alt").filter(|alt| !alt.trim().is_empty()) {
                    self.push_text(&format!("[{}]", alt.trim()));
                }
            }
            (StartTag, "a") => {
                self.open_link = find_attribute(tag, "href").map(|href| (href, self.current_line.len()));
            }
            (EndTag, "a") => self.close_link(),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn push_text(&mut self, text: &str) {
        if self.hidden_element.is_some() {
            return;
        }
        for c in text.chars() {
            match c {
                '\n' if self.pre_depth > 0 => self.end_line(),
                ' ' | '\t' if self.pre_depth > 0 => self.current_line.push(c),
                c if c.is_whitespace() && c != '\u{a0}' => self.has_pending_space = true,
                c => {
                    if self.has_pending_blank_line && self.current_line.is_empty() && !self.lines.is_empty() {
                        self.lines.push((self.quote_depth, String::new()));
                    }
                    self.has_pending_blank_line = false;
                    if self.has_pending_space && !self.current_line.is_empty() {
                        self.current_line.push(' ');
                    }
                    self.has_pending_space = false;
                    self.current_line.push(if c == '\u{a0}' { ' ' } else { c });
                }
            }
        }
    }

    fn end_line(&mut self) {
        self.lines.push((self.quote_depth, std::mem::take(&mut self.current_line)));
        self.has_pending_space = false;
        self.has_pending_blank_line = false;
    }

    /// Ends the line. If `with_blank_line`, a blank line separates the next text.
    fn start_block(&mut self, with_blank_line: bool) {
        if !self.current_line.trim().is_empty() {
            self.lines.push((self.quote_depth, std::mem::take(&mut self.current_line)));
        }
        self.current_line.clear();
        self.has_pending_space = false;
        self.has_pending_blank_line |= with_blank_line;
    }

    /// Writes the address of a web link, unless its text contains it.
    fn close_link(&mut self) {
        let Some((href, start)) = self.open_link.take() else { return };
        let text = self.current_line.get(start..).unwrap_or_default().trim().to_owned();
        let address = href.trim_start_matches("mailto:").trim_start_matches("tel:").trim_end_matches('/');
        let is_web_link = ["http://", "https://"].iter().any(|scheme| href.starts_with(scheme));
        let is_redundant = text.is_empty() || text.contains(address) || address.contains(text.as_str());
        if is_web_link && !is_redundant && href.len() <= MAX_SHOWN_LINK_LEN {
            self.push_text(&format!(" <{href}>"));
        }
    }

    fn into_text(mut self) -> String {
        self.start_block(false);
        let mut out = String::new();
        let mut blank_lines = 0;
        for (depth, line) in self.lines {
            let line = line.trim_end();
            blank_lines = if line.is_empty() { blank_lines + 1 } else { 0 };
            if blank_lines > 1 {
                continue;
            }
            out.extend(std::iter::repeat_n('>', depth));
            if depth > 0 && !line.is_empty() {
                out.push(' ');
            }
            out.push_str(line);
            out.push('\n');
        }
        out.trim().to_owned()
    }
}

fn find_attribute(tag: &Tag, name: &str) -> Option<String> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::html_to_text::*;

    #[test]
    fn html_is_converted_to_what_a_reader_sees() {
        let table = [
            ("<p>Dzień dobry,</p><p>nie mogę<br>dzwonić</p>", "Dzień dobry,\n\nnie mogę\ndzwonić"),
            ("<div>jeden</div><div>dwa</div>", "jeden\ndwa"),
            ("a &amp; b &lt;script&gt; &oacute; &#x142;&nbsp;ź", "a & b <script> ó ł ź"),
            ("<style>p{color:red}</style>widać<script>alert('</p>')</script>!", "widać!"),
            ("<head><title>nie</title><style>x</style></head><body>tak</body>", "tak"),
            ("<head><title>nie</title><body>bez końca głowy</body>", "bez końca głowy"),
            ("<ul><li>raz<li>dwa</ul>po", "- raz\n- dwa\n\npo"),
            ("<blockquote>cytat<blockquote>głębiej</blockquote></blockquote>moje", "> cytat\n>>\n>> głębiej\n\nmoje"),
            ("<table><tr><td>A</td><td>B</td></tr><tr><td>1</td></tr></table>", "A B\n1"),
            ("<pre>a\n  b</pre>", "a\n  b"),
            ("tekst 3 < 5 i dalej", "tekst 3 < 5 i dalej"),
            ("niedomknięty <b", "niedomknięty"),
            ("<a href='https://example.com/x'>tutaj</a>", "tutaj <https://example.com/x>"),
            ("<a href='https://example.com/'>example.com</a>", "example.com"),
            ("<a href='javascript:alert(1)'>klik</a>", "klik"),
            ("<img src=x onerror=alert(1) alt='zrzut ekranu'>", "[zrzut ekranu]"),
            ("<!-- <p>ukryte</p> -->widać<!--[if mso]>x<![endif]-->", "widać"),
            ("<svg><script>x</script></svg>po", "po"),
            ("<script>nigdy się nie kończy", ""),
            ("&nbsp;&nbsp;<br><br><br><br>x", "x"),
            ("bez znaczników\nw dwóch liniach", "bez znaczników w dwóch liniach"),
        ];
        for (html, text) in table {
            assert_eq!(to_text(html), text, "{html}");
        }
    }

    #[test]
    fn hostile_html_is_converted_in_linear_time() {
        assert_eq!(
            to_text(&format!("{}tekst", "<div><blockquote>".repeat(100_000))).trim_start_matches(['>', ' ']),
            "tekst"
        );
        assert_eq!(to_text(&"<table><tr><td>".repeat(50_000)), "");
        let attributes: String = (0..200_000).map(|n| format!("a{n} ")).collect();
        assert_eq!(to_text(&format!("przed<a {attributes}>po")), "przedpo");
        assert!(to_text(&"&".repeat(500_000)).len() > 400_000);
        assert_eq!(to_text(&"<".repeat(500_000)).trim_matches('<'), "");
    }

    proptest! {
        #[test]
        fn any_html_is_converted_without_a_panic(html in "(<|>|/|!|-|&|;|\"|'|p|br|script|style|head|[a-z ąę\n]){0,60}") {
            to_text(&html);
        }
    }
}
