//! A response, and the text that a reader sees.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};

pub struct TestResponse {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it was sent, possibly compressed.
    pub bytes: Bytes,
    pub(super) path: String,
}

impl TestResponse {
    #[track_caller]
    pub fn expect(self, status: u16) -> TestResponse {
        assert_eq!(self.status.as_u16(), status, "{}: {}", self.path, self.body);
        self
    }

    #[track_caller]
    pub fn location(&self) -> &str {
        let location = self.headers.get(header::LOCATION);
        location.unwrap_or_else(|| panic!("{} did not redirect: {}", self.path, self.body)).to_str().unwrap()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// Whether [`TestResponse::text`] contains `text`.
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    #[track_caller]
    pub fn assert_shows(&self, text: &str) -> &TestResponse {
        assert!(self.shows(text), "{} does not show {text:?}: {}", self.path, self.text());
        self
    }

    #[track_caller]
    pub fn assert_hides(&self, text: &str) -> &TestResponse {
        assert!(!self.shows(text), "{} shows {text:?}: {}", self.path, self.text());
        self
    }

    /// Every error page has buttons to the home page and to the report form.
    #[track_caller]
    pub fn assert_links_home_and_report(&self, lang: &str) {
        for address in [format!("/{lang}"), format!("/{lang}/report")] {
            let button = ["btn", "btn secondary"].map(|class| format!("<a class=\"{class}\" href=\"{address}\""));
            assert!(button.iter().any(|link| self.body.contains(link)), "{} has no button to {address}", self.path);
        }
    }

    /// The text without tags, with decoded entities; white space is collapsed.
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut in_tag = false;
        for c in self.body.chars() {
            match c {
                '<' => in_tag = true,
                '>' if in_tag => {
                    in_tag = false;
                    text.push(' ');
                }
                // no-break space and no-break hyphen, which the typography inserts
                '\u{a0}' if !in_tag => text.push(' '),
                '\u{2011}' if !in_tag => text.push('-'),
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        unescape_html(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of the first input with this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\"");
        let at = self.body.find(&marker).unwrap_or_else(|| panic!("{} has no field {name}", self.path));
        let tag = &self.body[at..at + self.body[at..].find('>').unwrap()];
        let value = tag.split("value=\"").nth(1).map_or("", |rest| rest.split('"').next().unwrap());
        unescape_html(value)
    }
}

/// Decodes the entities that the templates write.
pub fn unescape_html(html: &str) -> String {
    const ENTITIES: [(&str, char); 9] = [
        ("#60;", '<'),
        ("#62;", '>'),
        ("#34;", '"'),
        ("#39;", '\''),
        ("#38;", '&'),
        ("lt;", '<'),
        ("gt;", '>'),
        ("quot;", '"'),
        ("amp;", '&'),
    ];
    let (mut text, mut rest) = (String::with_capacity(html.len()), html);
    while let Some((before, after)) = rest.split_once('&') {
        let entity = ENTITIES.iter().find(|(name, _)| after.starts_with(name));
        let (c, length) = entity.map_or(('&', 0), |(name, c)| (*c, name.len()));
        text.push_str(before);
        text.push(c);
        rest = &after[length..];
    }
    text + rest
}
