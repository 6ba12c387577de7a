//! Reports that tests start from.

use dzwoni::tickets::TicketReference;

use crate::support::{Browser, TestResponse, World};

/// A report form. Tests change fields of a valid one.
pub struct Report(Vec<(&'static str, String)>);

/// A failed call abroad, today at 14:05.
pub fn report() -> Report {
    let fields = [
        ("category", "outgoing"),
        ("service", "virtual-pbx"),
        ("caller", "22 555 01 20"),
        ("callee", "0044 20 8190 0322"),
        ("day", "today"),
        ("time", "14:05"),
        ("precision", "exact"),
        ("error_text", "503 Service Unavailable"),
        ("in_billing", "yes"),
        ("email", "jan.nowak@example.com"),
    ];
    let report = Report(fields.map(|(name, value)| (name, value.to_owned())).into());
    report.with("submission", &uuid())
}

/// An empty form.
pub fn empty() -> Report {
    Report(Vec::new())
}

/// An account that is logged out.
pub fn logged_out() -> Report {
    report().with("category", "logged-out").with("account", "12345-101").without("caller").without("callee")
}

/// Bad audio.
pub fn audio() -> Report {
    report().with("category", "audio").with("symptom", "choppy")
}

/// Incoming calls fail.
pub fn incoming() -> Report {
    report().with("category", "incoming").with("caller", "601 555 210").with("callee", "22 555 01 20")
}

impl Report {
    pub fn with(mut self, name: &'static str, value: &str) -> Report {
        self = self.without(name);
        self.0.push((name, value.to_owned()));
        self
    }

    pub fn without(mut self, name: &str) -> Report {
        self.0.retain(|(field, _)| *field != name);
        self
    }

    pub fn value(&self, name: &str) -> &str {
        self.0.iter().find(|(field, _)| *field == name).map_or("", |(_, value)| value)
    }

    /// The body as a browser sends it.
    pub fn body(&self) -> String {
        form_urlencoded::Serializer::new(String::new()).extend_pairs(&self.0).finish()
    }

    pub async fn send(&self, browser: &Browser) -> TestResponse {
        self.send_to(browser, "/pl/report").await
    }

    pub async fn send_to(&self, browser: &Browser, path: &str) -> TestResponse {
        browser.post_raw(path, self.body()).await
    }

    /// Sends the report; returns the ticket's reference and the path of its customer page.
    pub async fn accepted(&self, world: &World) -> (TicketReference, String) {
        let response = self.send(&world.visitor()).await.expect(303);
        let location = response.location().to_owned();
        let reference = location.split(['/', '?']).nth(3).unwrap().parse().unwrap();
        (reference, location)
    }
}

/// A new random id.
pub fn uuid() -> String {
    uuid::Uuid::new_v4().to_string()
}
