//! The addresses in `src/urls`: each leads to a route, and no other file writes addresses.

use std::{collections::BTreeSet, fs};

use axum::{
    body::Body,
    http::{Method, header::ALLOW},
};
use dzwoni::{
    i18n::Lang,
    tickets::{AccessKey, TicketReference},
    urls,
};
use uuid::Uuid;

use crate::{architecture::source_files, support::World};

/// Names in `src/urls` that are not the address of a page.
const NO_PAGES: [&str; 2] = ["staff::TICKETS", "staff::is_staff_page"];

/// Lines with an address outside `src/urls`, and why.
const OTHER_ADDRESSES: [(&str, &str); 3] = [
    (r#"format!("/{path}{query}")"#, "the requested page without a slash at its end"),
    (r#"!next.starts_with("/staff/log")"#, "login and logout"),
    (r#"format!("/{}{}", self.lang.other(), self.path_and_query)"#, "the requested page in the other language"),
];

/// A list of addresses with their names and the method of a request to them.
macro_rules! addresses {
    ($($module:ident::$name:ident $(($($argument:expr),*))?, $method:literal;)*) => {
        [$((
            concat!(stringify!($module), "::", stringify!($name)),
            urls::$module::$name$(($($argument),*))?.to_string(),
            $method,
        )),*]
    };
}

fn all_addresses() -> Vec<(&'static str, String, &'static str)> {
    let (lang, reference, key) = (Lang::En, TicketReference::random(), AccessKey("0".repeat(26)));
    addresses! {
        public::home(lang), "GET";
        public::guide(lang, "outgoing/yes/abroad"), "GET";
        public::whole_guide(lang, "audio"), "GET";
        public::step_of_whole_guide(lang, "audio", "symptom"), "GET";
        public::check(lang, "address"), "GET";
        public::check(lang, "lamps"), "GET";
        public::check(lang, "link"), "GET";
        public::check(lang, "message"), "GET";
        public::check(lang, "number"), "GET";
        public::check(lang, "sound"), "GET";
        public::check_result(lang, "0"), "GET";
        public::message_hint(lang), "GET";
        public::report(lang), "GET";
        public::incidents(lang), "GET";
        public::incident_feed(lang), "GET";
        public::incident(lang, 1), "GET";
        public::subscription(lang, 1, "", &key), "GET";
        public::subscription(lang, 1, "/end", &key), "POST";
        public::ticket(lang, &reference, "", None), "GET";
        public::ticket(lang, &reference, "/example", Some(&key)), "GET";
        public::ticket(lang, &reference, "/answer/caller", Some(&key)), "GET";
        staff::QUEUE, "GET";
        staff::QUEUE_CSV, "GET";
        staff::QUEUE_LIVE, "GET";
        staff::LOGIN, "GET";
        staff::login_before(urls::staff::INBOX), "GET";
        staff::invitation("token"), "GET";
        staff::PHONE_REPORT, "GET";
        staff::ACCOUNTS, "GET";
        staff::TOKENS, "GET";
        staff::REPLIES, "GET";
        staff::saved_reply(Uuid::nil()), "GET";
        staff::INCIDENTS, "GET";
        staff::incident(1), "GET";
        staff::INBOX, "GET";
        staff::inbound_mail(Uuid::nil()), "GET";
        staff::EMAILS, "GET";
        staff::BLOCKLIST, "GET";
        staff::blocklist_entry("192.0.2.0/24"), "GET";
        staff::STATS, "GET";
        staff::stats_csv("categories"), "GET";
        staff::ticket(&reference), "GET";
        staff::ticket_section(&reference, "conversation"), "GET";
        staff::ticket_resource(&reference, "link"), "GET";
        staff::ticket_resource(&reference, "replies"), "POST";
    }
    .into()
}

#[test]
fn all_addresses_are_tested() {
    let tested: BTreeSet<_> = all_addresses().into_iter().map(|(name, ..)| name.to_owned()).collect();
    let mut defined = BTreeSet::new();
    for module in ["public", "staff"] {
        let text = fs::read_to_string(format!("src/urls/{module}.rs")).unwrap();
        let names = text.lines().filter_map(|line| line.strip_prefix("pub fn ").or(line.strip_prefix("pub const ")));
        defined.extend(names.map(|name| format!("{module}::{}", name.split(['(', ':']).next().unwrap())));
    }
    assert!(NO_PAGES.iter().all(|name| defined.remove(*name)));
    assert_eq!(tested, defined);
}

/// A request with a method that no route has: a route rejects it and names its methods, whatever the database contains.
#[tokio::test]
async fn every_address_leads_to_a_route() {
    let world = World::new().await;
    let agent = world.agent("Anna").await;
    for (name, url, method) in all_addresses() {
        let response = agent.send(Method::PATCH, &url, Body::empty()).await;
        assert_eq!(response.status, 405, "{name}: {url}");
        let allowed = response.headers[ALLOW].to_str().unwrap();
        assert!(allowed.split(',').any(|allowed| allowed == method), "{name}: {url} allows {allowed}");
        // every other path of one segment would be the home page in an unknown language
        if url.matches('/').count() == 1 {
            assert_eq!(agent.get(&url).await.status, 200, "{name}: {url}");
        }
    }
    assert_eq!(agent.send(Method::PATCH, "/staff/nope", Body::empty()).await.status, 404);
}

#[test]
fn addresses_are_written_only_in_the_list_and_in_routes() {
    let mut violations = Vec::new();
    for (file, text) in source_files(&["src"]).into_iter().filter(|(file, _)| !file.starts_with("src/urls/")) {
        let mut previous = "";
        for line in text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::trim) {
            let is_route = line.contains(".route(") || previous.ends_with(".route(");
            let has_address =
                ["\"/staff", "}/staff", "format!(\"/{", "Redirect::to(\"/"].iter().any(|start| line.contains(start));
            let is_listed = OTHER_ADDRESSES.iter().any(|(other, _)| line.contains(other));
            if has_address && !is_route && !is_listed && !line.starts_with("//") {
                violations.push(format!("{file}: {line}"));
            }
            previous = line;
        }
    }
    assert!(violations.is_empty(), "addresses belong into src/urls:\n{}", violations.join("\n"));
}
