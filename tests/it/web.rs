//! What all responses have in common: headers, compression, language, size.

use std::io::Read;

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Method, Request},
    routing::get,
};
use dzwoni::web::middleware;
use tower::ServiceExt;

use crate::{
    given,
    support::{BODY_TIMEOUT, Browser, TestResponse, World},
};

/// Public pages.
const PAGES: &[&str] = &[
    "/pl",
    "/en",
    "/pl/guide/logged-out",
    "/pl/guide/incoming/yes/account",
    "/en/guide/audio?all",
    "/pl/guide/outgoing/yes/abroad/right/fixed",
    "/pl/check/address",
    "/pl/report",
    "/pl/report?category=audio",
    "/en/report?category=logged-out",
    "/pl/ticket",
    "/pl/ticket/DZ-1?key=x",
    "/pl/nope",
    "/staff/login",
    "/staff",
];

/// Pages for staff who are signed in.
const STAFF_PAGES: &[&str] =
    &["/staff", "/staff?view=all", "/staff/account", "/staff/accounts", "/staff/blocklist", "/staff/tokens"];

async fn stylesheet(visitor: &Browser, page: &str) -> String {
    let page = visitor.get(page).await;
    let sheets: Vec<_> = page.body.split("<link rel=\"stylesheet\" href=\"").skip(1).collect();
    assert_eq!(sheets.len(), 1, "a page has one style sheet");
    sheets[0].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_kind_of_response_has_the_security_headers() {
    let world = World::new().await;
    let visitor = world.visitor();
    let sheet = stylesheet(&visitor, "/pl").await;
    let large = "x".repeat(600 * 1024);
    let responses = [
        (200, visitor.get("/pl").await),
        (200, visitor.get(&sheet).await),
        (200, visitor.get("/robots.txt").await),
        (200, visitor.get("/healthz").await),
        (200, visitor.send(Method::HEAD, "/pl", Body::empty()).await),
        (303, visitor.get("/").await),
        (308, visitor.get("/pl?x").await),
        (307, visitor.get("/favicon.ico").await),
        (303, given::report().send(&visitor).await),
        (422, given::report().with("email", "x").send(&visitor).await),
        (404, visitor.get("/pl/nope").await),
        (404, visitor.get("/static/nope.css").await),
        (405, visitor.post("/pl", &[]).await),
        (413, visitor.post_raw("/pl/report", large).await),
        (415, visitor.clone().with_header("content-type", "text/plain").post_raw("/pl/report", "x").await),
        (403, given::report().send(&visitor.clone().with_header("sec-fetch-site", "cross-site")).await),
        (304, {
            let etag = visitor.get("/pl").await.header("etag").to_owned();
            visitor.clone().with_header("if-none-match", &etag).get("/pl").await
        }),
    ];
    for (status, response) in responses {
        let response = response.expect(status);
        assert_eq!(response.header("x-content-type-options"), "nosniff", "{status}");
        assert_eq!(response.header("x-frame-options"), "DENY", "{status}");
        assert_eq!(response.header("referrer-policy"), "same-origin", "{status}");
        assert_eq!(response.header("cross-origin-opener-policy"), "same-origin", "{status}");
        assert!(response.header("permissions-policy").contains("camera=()"), "{status}");
        assert!(!response.header("cache-control").is_empty(), "{status}");
        assert_eq!(response.header("server"), "", "{status}");
        let policy = response.header("content-security-policy");
        for part in [
            "default-src 'none'",
            "script-src 'self'; connect-src 'self'",
            "style-src 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ] {
            assert!(policy.contains(part), "{status} has no {part}");
        }
        for hole in ["unsafe-inline", "unsafe-eval", "*", "data:", "http:", "blob:"] {
            assert!(!policy.contains(hole), "{status} allows {hole}");
        }
    }
}

#[tokio::test]
async fn head_and_if_none_match_work_for_cached_pages() {
    let visitor = World::without_database().await.visitor();
    for _ in ["rendered", "cached"] {
        let head = visitor.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(200);
        let sent = visitor.get("/pl/guide/audio").await.expect(200);
        assert_eq!(head.body, "");
        assert_eq!(head.header("content-length"), sent.bytes.len().to_string());
        assert_eq!(head.header("etag"), sent.header("etag"));
        let cached = visitor.clone().with_header("if-none-match", sent.header("etag"));
        let revalidated = cached.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(304);
        assert_eq!(revalidated.header("content-length"), "");
        visitor.post("/pl/guide/audio", &[]).await.expect(405);
    }
}

#[tokio::test]
async fn a_panic_in_a_handler_is_an_error_page() {
    let app = World::without_database().await.app.clone();
    let handler = async || {
        if true {
            panic!("on purpose")
        }
    };
    let router =
        middleware::apply(Router::new().route("/pl/mistake", get(handler)), &app, BODY_TIMEOUT).with_state(app.clone());
    let request = Request::get("/pl/mistake").body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    assert_eq!(response.status(), 500);
    assert!(response.headers().contains_key("content-security-policy"));
    let body = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    let page = str::from_utf8(&body).unwrap();
    assert!(page.contains("To nasz błąd") && !page.contains("on purpose"), "{page}");
}

#[tokio::test]
async fn no_page_has_inline_scripts_or_styles() {
    let world = World::new().await;
    let (_, ticket) = given::report().accepted(&world).await;
    let refused = given::audio().with("email", "x").send(&world.visitor()).await.expect(422);
    let admin = world.admin("Zofia").await;
    let queue = admin.get("/staff").await.expect(200);
    let link = queue.body.split("href=\"/staff/tickets/").nth(1).expect("no ticket in the queue");
    let detail = format!("/staff/tickets/{}", link.split('"').next().unwrap());
    let mut pages = vec![refused];
    for path in PAGES.iter().copied().chain([ticket.as_str()]) {
        pages.push(world.visitor().get(path).await);
    }
    for path in STAFF_PAGES.iter().copied().chain([detail.as_str()]) {
        pages.push(admin.get(path).await.expect(200));
    }
    for page in pages.iter().filter(|page| page.status != 303) {
        assert!(page.body.starts_with("<!doctype html>") && page.body.contains("<h1"), "{}", page.text());
        // scripts only from our own files, on staff pages and where an error message is typed
        let scripts = page.body.matches("<script").count();
        let ours = page.body.matches("<script type=\"module\" src=\"/static/").count();
        let from_files = page.body.matches(".js\"></script>").count();
        assert_eq!((scripts, scripts), (ours, from_files), "{}", page.text());
        let needs_script =
            page.body.contains("action=\"/staff/logout\"") || page.body.contains("data-message-lookup-url=");
        assert_eq!(scripts > 0, needs_script, "{}", page.text());
        for inline in ["<style", " style=", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!page.body.contains(inline), "{inline} in {}", page.text());
        }
        assert_eq!(page.body.matches("<title>").count(), 1);
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn every_static_file_linked_on_a_page_exists() {
    let world = World::new().await;
    let visitor = world.admin("Zofia").await;
    for path in ["/pl", "/staff/login", "/staff"] {
        let page = visitor.get(path).await.expect(200);
        let links: Vec<_> =
            page.body.split("=\"/static/").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert!(links.len() >= 2, "{links:?}");
        for link in links {
            let file = visitor.get(&format!("/static/{link}")).await.expect(200);
            if !link.ends_with(".js") {
                continue;
            }
            assert_eq!(file.header("content-type"), "text/javascript; charset=utf-8");
            assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
            // imports use hashed addresses, too
            for import in file.body.split(" from '").skip(1).map(|rest| rest.split('\'').next().unwrap()) {
                assert!(import.starts_with("/static/"), "{link} imports {import}");
                visitor.get(import).await.expect(200);
            }
        }
    }
}

#[tokio::test]
async fn static_files_are_cached_for_a_year_and_compressed_as_accepted() {
    let visitor = World::without_database().await.visitor();
    for page in ["/pl", "/staff/login"] {
        let sheet = stylesheet(&visitor, page).await;
        let plain = get_encoded(&visitor, &sheet, "identity").await;
        assert!(plain.body.starts_with("@layer tokens"));
        let mut sizes = vec![plain.bytes.len()];
        for (accepted, coding) in [
            ("br, gzip", "br"),
            ("gzip, deflate, br;q=0.5", "br"),
            ("gzip, br;q=0", "gzip"),
            ("gzip", "gzip"),
            ("deflate", ""),
            ("", ""),
        ] {
            let response = get_encoded(&visitor, &sheet, accepted).await;
            assert_eq!(response.header("content-encoding"), coding, "{accepted}");
            assert_eq!(response.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(response.header("content-type"), "text/css; charset=utf-8");
            assert!(response.header("vary").contains("accept-encoding"));
            sizes.push(response.bytes.len());
            assert_eq!(decompressed(&response), plain.bytes, "{accepted}");
        }
        assert!(sizes[1] < sizes[4] && sizes[4] < sizes[0] / 2, "{sizes:?}");
    }
}

#[tokio::test]
async fn pages_are_compressed_and_revalidated() {
    let visitor = World::without_database().await.visitor();
    for path in ["/pl", "/en/guide/audio?all"] {
        let plain = get_encoded(&visitor, path, "").await;
        for coding in ["br", "gzip"] {
            let response = get_encoded(&visitor, path, coding).await;
            assert_eq!((response.header("content-encoding"), response.header("cache-control")), (coding, "no-cache"));
            assert_eq!(decompressed(&response), plain.bytes);
        }
    }
}

#[tokio::test]
async fn pages_that_are_rendered_for_one_request_are_compressed() {
    let world = World::new().await;
    let (_, ticket) = given::report().accepted(&world).await;
    let (visitor, agent) = (world.visitor(), world.agent("Anna").await);
    for (browser, path) in
        [(&visitor, "/pl/report?category=outgoing"), (&visitor, &*ticket), (&agent, "/staff?view=all")]
    {
        let plain = get_encoded(browser, path, "").await;
        assert_eq!(plain.header("content-encoding"), "");
        for coding in ["br", "gzip"] {
            let response = get_encoded(browser, path, coding).await;
            assert_eq!(response.header("content-encoding"), coding, "{path}");
            assert_eq!(response.header("content-length"), response.bytes.len().to_string(), "{path}");
            assert!(response.header("vary").contains("accept-encoding"), "{path}");
            assert!(
                response.bytes.len() < plain.bytes.len() / 2,
                "{path}: {} of {}",
                response.bytes.len(),
                plain.bytes.len()
            );
            assert!(String::from_utf8(decompressed(&response)).unwrap().trim_end().ends_with("</html>"), "{path}");
        }
    }
    let missing = visitor.clone().with_header("accept-encoding", "br").get("/pl/nothing").await.expect(404);
    assert_eq!(missing.header("content-encoding"), "br", "error pages too");

    let lured = agent.clone().with_header("sec-fetch-site", "cross-site");
    let response = get_encoded(&lured, "/staff?q=guess", "br").await;
    assert_eq!(response.header("content-encoding"), "", "another site must not learn from the length of a staff page");
    let response = get_encoded(&visitor.with_header("sec-fetch-site", "cross-site"), "/pl/report", "br").await;
    assert_eq!(response.header("content-encoding"), "br", "customers come from other sites");
}

#[tokio::test]
async fn addresses_with_a_slash_at_the_end_lead_to_the_page_without_it() {
    let world = World::new().await;
    let visitor = world.visitor();
    for (path, page) in [
        ("/pl/", "/pl"),
        ("/en//", "/en"),
        ("/pl/report/?category=outgoing", "/pl/report?category=outgoing"),
        ("/pl/guide/outgoing/", "/pl/guide/outgoing"),
        ("/pl/guide/outgoing/yes/", "/pl/guide/outgoing/yes"),
        ("/pl/check/message/busy/", "/pl/check/message/busy"),
        ("/pl/incident/1/", "/pl/incident/1"),
        ("/staff/", "/staff"),
        ("/staff/login/", "/staff/login"),
        // never to another host
        ("//example.com/", "/example.com"),
        ("/\\example.com/", "/example.com"),
    ] {
        assert_eq!(visitor.get(path).await.expect(308).location(), page, "{path}");
    }
    visitor.get("/pl/nothing/").await.expect(308);
    visitor.post("/pl/report/", &[]).await.expect(404);
    for path in ["/pl", "/pl/report?category=outgoing", "/pl/guide/outgoing/yes"] {
        visitor.get(path).await.expect(200);
    }
}

#[tokio::test]
async fn the_language_is_negotiated_and_polish_by_default() {
    let visitor = World::without_database().await.visitor();
    for (accepted, path) in [
        ("pl-PL,pl;q=0.9,en;q=0.8", "/pl"),
        ("en-GB,en;q=0.9", "/en"),
        ("de-DE,de;q=0.9,en;q=0.5,pl;q=0.4", "/en"),
        ("uk, ru;q=0.8", "/pl"),
        ("", "/pl"),
        ("*", "/pl"),
        ("en;q=0", "/pl"),
        (";;q=,,\u{ff}", "/pl"),
    ] {
        let response = visitor.clone().with_header("accept-language", accepted).get("/").await.expect(303);
        assert_eq!(response.location(), path, "{accepted}");
        assert!(response.header("vary").contains("accept-language"));
    }
}

#[tokio::test]
async fn the_language_switch_stays_on_the_page() {
    let visitor = World::without_database().await.visitor();
    for path in ["", "/guide/audio/choppy", "/guide/audio?all", "/check/address", "/report", "/ticket", "/nope"] {
        for (lang, other) in [("pl", "en"), ("en", "pl")] {
            let page = visitor.get(&format!("/{lang}{path}")).await;
            assert!(page.body.contains(&format!("<html lang=\"{lang}\">")), "{path}");
            let switch = format!("href=\"/{other}{path}\" lang=\"{other}\" hreflang=\"{other}\"");
            assert!(page.body.contains(&switch), "{lang} {path}");
        }
    }
}

#[tokio::test]
async fn healthz_is_ok_and_readyz_depends_on_the_database() {
    let world = World::new().await;
    world.visitor().get("/healthz").await.expect(200);
    let ready = world.visitor().get("/readyz").await.expect(200);
    assert_eq!(ready.body, "{\"database\":true}\n");
    assert_eq!(ready.header("content-type"), "application/json");

    let without_database = World::without_database().await.visitor();
    without_database.get("/healthz").await.expect(200);
    let not_ready = without_database.get("/readyz").await.expect(503);
    assert_eq!(not_ready.body, "{\"database\":false}\n");
    without_database.get("/pl").await.expect(200);
}

#[tokio::test]
async fn readyz_fails_while_a_migration_is_missing() {
    let world = World::new().await;
    let newest = "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)";
    sqlx::query(newest).execute(world.sql().await).await.unwrap();
    world.visitor().get("/readyz").await.expect(503);
}

#[tokio::test]
async fn pages_with_personal_data_are_not_cached() {
    let world = World::new().await;
    let (reference, ticket) = given::report().accepted(&world).await;
    let admin = world.admin("Zofia").await;
    let personal = [
        world.visitor().get(&ticket).await.expect(200),
        world.visitor().get(&format!("/pl/ticket/{reference}?key=x")).await.expect(404),
        world.visitor().get("/pl/check/address").await.expect(200),
        given::report().send(&world.visitor()).await.expect(303),
        admin.get("/staff").await.expect(200),
        admin.get(&format!("/staff/tickets/{reference}")).await.expect(200),
        admin.get("/staff/account").await.expect(200),
        admin.get("/staff/accounts").await.expect(200),
        world.visitor().get("/staff").await.expect(303),
    ];
    for page in personal {
        assert_eq!(page.header("cache-control"), "no-store", "{}", page.text());
        assert_eq!(page.header("etag"), "");
    }
    assert!(world.visitor().get(&ticket).await.body.contains("<meta name=\"robots\" content=\"noindex\">"));
}

async fn get_encoded(visitor: &Browser, path: &str, accepted: &str) -> TestResponse {
    visitor.clone().with_header("accept-encoding", accepted).get(path).await.expect(200)
}

fn decompressed(response: &TestResponse) -> Vec<u8> {
    let mut bytes = Vec::new();
    match response.header("content-encoding") {
        "br" => brotli::Decompressor::new(&response.bytes[..], 4096).read_to_end(&mut bytes).unwrap(),
        "gzip" => flate2::read::GzDecoder::new(&response.bytes[..]).read_to_end(&mut bytes).unwrap(),
        "" => return response.bytes.to_vec(),
        other => panic!("unexpected encoding {other}"),
    };
    bytes
}
