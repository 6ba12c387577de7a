//! What came back, and what a reader sees of it.

use axum::{
    body::Bytes,
    http::{HeaderMap, StatusCode, header},
};

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
    /// The body as it travelled.
    pub bytes: Bytes,
    pub(super) path: String,
}

impl Answer {
    #[track_caller]
    pub fn expect(self, status: u16) -> Answer {
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

    /// Whether a reader sees `text`: tags dropped, entities read, spaces made one.
    pub fn shows(&self, text: &str) -> bool {
        self.text().contains(text)
    }

    #[track_caller]
    pub fn must_show(&self, text: &str) -> &Answer {
        assert!(self.shows(text), "{} does not show {text:?}: {}", self.path, self.text());
        self
    }

    #[track_caller]
    pub fn must_not_show(&self, text: &str) -> &Answer {
        assert!(!self.shows(text), "{} shows {text:?}: {}", self.path, self.text());
        self
    }

    /// A page for what went wrong has links to the home page and to the report form.
    #[track_caller]
    pub fn must_lead_on(&self, lang: &str) {
        for address in [format!("/{lang}"), format!("/{lang}/report")] {
            let button = ["btn", "btn secondary"].map(|class| format!("<a class=\"{class}\" href=\"{address}\""));
            assert!(button.iter().any(|link| self.body.contains(link)), "{} has no button to {address}", self.path);
        }
    }

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
                // what keeps a line from breaking
                '\u{a0}' if !in_tag => text.push(' '),
                '\u{2011}' if !in_tag => text.push('-'),
                c if !in_tag => text.push(c),
                _ => {}
            }
        }
        unescaped(&text).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// The value of the first input with this name.
    #[track_caller]
    pub fn value(&self, name: &str) -> String {
        let marker = format!("name=\"{name}\"");
        let at = self.body.find(&marker).unwrap_or_else(|| panic!("{} has no field {name}", self.path));
        let tag = &self.body[at..at + self.body[at..].find('>').unwrap()];
        let value = tag.split("value=\"").nth(1).map_or("", |rest| rest.split('"').next().unwrap());
        unescaped(value)
    }
}

/// Reads the entities that our pages write.
pub fn unescaped(html: &str) -> String {
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
        let known = ENTITIES.iter().find(|(entity, _)| after.starts_with(entity));
        let (c, length) = known.map_or(('&', 0), |(entity, c)| (*c, entity.len()));
        text.push_str(before);
        text.push(c);
        rest = &after[length..];
    }
    text + rest
}
