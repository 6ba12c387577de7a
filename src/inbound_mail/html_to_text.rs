//! HTML as text. The tokenizer is a browser's own (html5ever), so it splits nasty input as a browser would; no tree is
//! built, so nothing can be nested too deeply. Scripts, styles and everything hidden in tags are gone; what remains is text
//! and is escaped like any other text when it is shown.

use std::cell::RefCell;

use html5ever::{
    tendril::StrTendril,
    tokenizer::{
        BufferQueue, CharacterTokens, EndTag, StartTag, Tag, TagToken, Token, TokenSink, TokenSinkResult, Tokenizer,
        TokenizerOpts, states::RawKind,
    },
};

/// The most that is read, in bytes.
const MAX_HTML_BYTES: usize = 2 << 20;
/// A longer tag is no tag: its attributes would be compared each with each.
const MAX_TAG_BYTES: usize = 16 << 10;
/// Quotes in quotes that are shown as such.
const MAX_QUOTE_DEPTH: usize = 8;

/// The text that a reader would see, with `>` before quoted lines.
pub fn to_text(html: &str) -> String {
    let html = &html[..html.floor_char_boundary(MAX_HTML_BYTES)];
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from(strip_long_tags(html)));
    let tokenizer = Tokenizer::new(TextSink::default(), TokenizerOpts::default());
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let page = tokenizer.sink.0.into_inner();
    page.into_text()
}

/// Cuts tags that are longer than any person's program writes.
fn strip_long_tags(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let tag = &rest[start..];
        let is_tag = tag[1..].starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?'));
        let near = || tag.bytes().take(MAX_TAG_BYTES).position(|byte| byte == b'>');
        let (kept, length) = match is_tag.then(near) {
            None => (1, 1),
            Some(Some(end)) => (end + 1, end + 1),
            Some(None) if tag.len() <= MAX_TAG_BYTES => (tag.len(), tag.len()),
            Some(None) => (0, tag.find('>').map_or(tag.len(), |end| end + 1)),
        };
        out.push_str(&rest[..start + kept]);
        rest = &tag[length..];
    }
    out.push_str(rest);
    out
}

#[derive(Default)]
struct TextSink(RefCell<TextBuilder>);

#[derive(Default)]
struct TextBuilder {
    lines: Vec<(usize, String)>,
    current_line: String,
    /// Spaces that count only if something follows on the line.
    has_pending_space: bool,
    /// Blank lines wanted before the next text.
    has_pending_blank_line: bool,
    quote_depth: usize,
    pre_depth: usize,
    /// Inside `head`, `title` and their like.
    hidden_element: Option<String>,
    /// Where the open link leads.
    open_link: Option<(String, usize)>,
}

impl TokenSink for TextSink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            CharacterTokens(text) => page.push_text(&text),
            TagToken(tag) => return page.handle_tag(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl TextBuilder {
    fn handle_tag(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = &*tag.name;
        if let Some(unseen) = &self.hidden_element {
            let body_begins = unseen == "head" && tag.kind == StartTag && name == "body";
            if (tag.kind == EndTag && *unseen == name) || body_begins {
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

    /// What follows stands on a line of its own, after a blank one if `apart`.
    fn start_block(&mut self, apart: bool) {
        if !self.current_line.trim().is_empty() {
            self.lines.push((self.quote_depth, std::mem::take(&mut self.current_line)));
        }
        self.current_line.clear();
        self.has_pending_space = false;
        self.has_pending_blank_line |= apart;
    }

    /// Says where a link leads, unless its text does.
    fn close_link(&mut self) {
        let Some((href, start)) = self.open_link.take() else { return };
        let shown = self.current_line.get(start..).unwrap_or_default().trim().to_owned();
        let bare = href.trim_start_matches("mailto:").trim_start_matches("tel:").trim_end_matches('/');
        let leads = ["http://", "https://"].iter().any(|scheme| href.starts_with(scheme));
        let is_told = shown.is_empty() || shown.contains(bare) || bare.contains(shown.as_str());
        if leads && !is_told && href.len() <= 500 {
            self.push_text(&format!(" <{href}>"));
        }
    }

    fn into_text(mut self) -> String {
        self.start_block(false);
        let mut out = String::new();
        let mut blank = 0;
        for (quotes, line) in self.lines {
            let line = line.trim_end();
            blank = if line.is_empty() { blank + 1 } else { 0 };
            if blank > 1 {
                continue;
            }
            for _ in 0..quotes {
                out.push('>');
            }
            if quotes > 0 && !line.is_empty() {
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

    use crate::inbound_mail::html_to_text::*;

    #[test]
    fn html_becomes_what_a_reader_sees() {
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
    fn what_is_made_to_hurt_does_not() {
        assert_eq!(
            to_text(&format!("{}tekst", "<div><blockquote>".repeat(100_000))).trim_start_matches(['>', ' ']),
            "tekst"
        );
        assert_eq!(to_text(&"<table><tr><td>".repeat(50_000)), "");
        let many: String = (0..200_000).map(|n| format!("a{n} ")).collect();
        assert_eq!(to_text(&format!("przed<a {many}>po")), "przedpo");
        assert!(to_text(&"&".repeat(500_000)).len() > 400_000);
        assert_eq!(to_text(&"<".repeat(500_000)).trim_matches('<'), "");
    }

    proptest! {
        #[test]
        fn nothing_is_too_strange(html in "(<|>|/|!|-|&|;|\"|'|p|br|script|style|head|[a-z ąę\n]){0,60}") {
            to_text(&html);
        }
    }
}
