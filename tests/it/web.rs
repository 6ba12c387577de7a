//! What every answer has in common: headers, compression, language, weight.

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
    support::{Answer, Browser, World},
};

/// What a phone can receive before it must say that it listens: ten packets (RFC 6928).
const FIRST_FLIGHT: usize = 14 * 1024;

/// Pages that anybody can open.
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

/// Pages of those who are signed in.
const STAFF_PAGES: &[&str] =
    &["/staff", "/staff?view=all", "/staff/account", "/staff/accounts", "/staff/addresses", "/staff/tokens"];

async fn stylesheet(visitor: &Browser, page: &str) -> String {
    let page = visitor.get(page).await;
    let sheets: Vec<_> = page.body.split("<link rel=\"stylesheet\" href=\"").skip(1).collect();
    assert_eq!(sheets.len(), 1, "a page has one style sheet");
    sheets[0].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn every_kind_of_answer_has_the_headers_of_the_house() {
    let world = World::new().await;
    let visitor = world.visitor();
    let sheet = stylesheet(&visitor, "/pl").await;
    let large = "x".repeat(600 * 1024);
    let answers = [
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
    for (status, answer) in answers {
        let answer = answer.expect(status);
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{status}");
        assert_eq!(answer.header("x-frame-options"), "DENY", "{status}");
        assert_eq!(answer.header("referrer-policy"), "same-origin", "{status}");
        assert_eq!(answer.header("cross-origin-opener-policy"), "same-origin", "{status}");
        assert!(answer.header("permissions-policy").contains("camera=()"), "{status}");
        assert!(!answer.header("cache-control").is_empty(), "{status}");
        assert_eq!(answer.header("server"), "", "{status}");
        let policy = answer.header("content-security-policy");
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
async fn a_page_from_memory_is_asked_about_without_being_sent() {
    let visitor = World::without_database().await.visitor();
    for _ in ["made", "kept"] {
        let asked = visitor.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(200);
        let sent = visitor.get("/pl/guide/audio").await.expect(200);
        assert_eq!(asked.body, "");
        assert_eq!(asked.header("content-length"), sent.bytes.len().to_string());
        assert_eq!(asked.header("etag"), sent.header("etag"));
        let has_it = visitor.clone().with_header("if-none-match", sent.header("etag"));
        let known = has_it.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(304);
        assert_eq!(known.header("content-length"), "");
        visitor.post("/pl/guide/audio", &[]).await.expect(405);
    }
}

#[tokio::test]
async fn a_mistake_of_ours_is_a_page_too() {
    let app = World::without_database().await.app.clone();
    let mistake = async || {
        if true {
            panic!("on purpose")
        }
    };
    let router = middleware::apply(Router::new().route("/pl/mistake", get(mistake)), &app).with_state(app.clone());
    let request = Request::get("/pl/mistake").body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), 500);
    assert!(answer.headers().contains_key("content-security-policy"));
    let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    let page = str::from_utf8(&body).unwrap();
    assert!(page.contains("To nasz błąd") && !page.contains("on purpose"), "{page}");
}

#[tokio::test]
async fn no_page_has_a_script_or_a_style_of_its_own() {
    let world = World::new().await;
    let (_, ticket) = given::report().accepted(&world).await;
    let wrong = given::audio().with("email", "x").send(&world.visitor()).await.expect(422);
    let admin = world.admin("Zofia").await;
    let queue = admin.get("/staff").await.expect(200);
    let link = queue.body.split("href=\"/staff/tickets/").nth(1).expect("no ticket in the queue");
    let detail = format!("/staff/tickets/{}", link.split('"').next().unwrap());
    let mut pages = vec![wrong];
    for path in PAGES.iter().copied().chain([ticket.as_str()]) {
        pages.push(world.visitor().get(path).await);
    }
    for path in STAFF_PAGES.iter().copied().chain([detail.as_str()]) {
        pages.push(admin.get(path).await.expect(200));
    }
    for page in pages.iter().filter(|page| page.status != 303) {
        assert!(page.body.starts_with("<!doctype html>") && page.body.contains("<h1"), "{}", page.text());
        // scripts of files of ours, on the pages of those who are signed in, and where a message is typed
        let scripts = page.body.matches("<script").count();
        let ours = page.body.matches("<script type=\"module\" src=\"/static/").count();
        let of_files = page.body.matches(".js\"></script>").count();
        assert_eq!((scripts, scripts), (ours, of_files), "{}", page.text());
        let has_work = page.body.contains("action=\"/staff/logout\"") || page.body.contains("data-message-lookup-url=");
        assert_eq!(scripts > 0, has_work, "{}", page.text());
        for inline in ["<style", " style=", " onclick=", " onload=", " onerror=", "javascript:"] {
            assert!(!page.body.contains(inline), "{inline} in {}", page.text());
        }
        assert_eq!(page.body.matches("<title>").count(), 1);
        assert!(page.header("content-type").starts_with("text/html"));
    }
}

#[tokio::test]
async fn every_static_address_on_a_page_is_there() {
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
            // what a script imports comes under its lasting address too
            for import in file.body.split(" from '").skip(1).map(|rest| rest.split('\'').next().unwrap()) {
                assert!(import.starts_with("/static/"), "{link} imports {import}");
                visitor.get(import).await.expect(200);
            }
        }
    }
}

#[tokio::test]
async fn static_files_are_kept_for_a_year_and_come_as_the_browser_likes_them() {
    let visitor = World::without_database().await.visitor();
    for page in ["/pl", "/staff/login"] {
        let sheet = stylesheet(&visitor, page).await;
        let plain = get_as(&visitor, &sheet, "identity").await;
        assert!(plain.body.starts_with("@layer tokens"));
        let mut sizes = vec![plain.bytes.len()];
        for (asked, coding) in [
            ("br, gzip", "br"),
            ("gzip, deflate, br;q=0.5", "br"),
            ("gzip, br;q=0", "gzip"),
            ("gzip", "gzip"),
            ("deflate", ""),
            ("", ""),
        ] {
            let answer = get_as(&visitor, &sheet, asked).await;
            assert_eq!(answer.header("content-encoding"), coding, "{asked}");
            assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
            assert_eq!(answer.header("content-type"), "text/css; charset=utf-8");
            assert!(answer.header("vary").contains("accept-encoding"));
            sizes.push(answer.bytes.len());
            assert_eq!(unpacked(&answer), plain.bytes, "{asked}");
        }
        assert!(sizes[1] < sizes[4] && sizes[4] < sizes[0] / 2, "{sizes:?}");
    }
}

#[tokio::test]
async fn pages_come_compressed_too_and_are_asked_for_again() {
    let visitor = World::without_database().await.visitor();
    for path in ["/pl", "/en/guide/audio?all"] {
        let plain = get_as(&visitor, path, "").await;
        for coding in ["br", "gzip"] {
            let answer = get_as(&visitor, path, coding).await;
            assert_eq!((answer.header("content-encoding"), answer.header("cache-control")), (coding, "no-cache"));
            assert_eq!(unpacked(&answer), plain.bytes);
        }
    }
}

#[tokio::test]
async fn the_first_view_fits_the_first_flight() {
    let visitor = World::without_database().await.visitor();
    for page in ["/pl", "/en"] {
        let sheet = stylesheet(&visitor, page).await;
        let html = visitor.get(page).await.expect(200).body;
        let script = html.split("src=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let mut weight = 0;
        for address in [page, &sheet, &script] {
            weight += get_as(&visitor, address, "br").await.bytes.len();
        }
        assert!(weight < FIRST_FLIGHT, "{page} weighs {weight} bytes with its style sheet and its script");
    }
}

#[tokio::test]
async fn the_language_is_the_browsers_and_polish_when_it_asks_for_neither() {
    let visitor = World::without_database().await.visitor();
    for (asked, place) in [
        ("pl-PL,pl;q=0.9,en;q=0.8", "/pl"),
        ("en-GB,en;q=0.9", "/en"),
        ("de-DE,de;q=0.9,en;q=0.5,pl;q=0.4", "/en"),
        ("uk, ru;q=0.8", "/pl"),
        ("", "/pl"),
        ("*", "/pl"),
        ("en;q=0", "/pl"),
        (";;q=,,\u{ff}", "/pl"),
    ] {
        let answer = visitor.clone().with_header("accept-language", asked).get("/").await.expect(303);
        assert_eq!(answer.location(), place, "{asked}");
        assert!(answer.header("vary").contains("accept-language"));
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
async fn health_tells_alive_from_ready() {
    let world = World::new().await;
    world.visitor().get("/healthz").await.expect(200);
    let ready = world.visitor().get("/readyz").await.expect(200);
    assert_eq!(ready.body, "{\"database\":true}\n");
    assert_eq!(ready.header("content-type"), "application/json");

    let alone = World::without_database().await.visitor();
    alone.get("/healthz").await.expect(200);
    let away = alone.get("/readyz").await.expect(503);
    assert_eq!(away.body, "{\"database\":false}\n");
    alone.get("/pl").await.expect(200);
}

#[tokio::test]
async fn without_its_migrations_the_database_is_not_ready() {
    let world = World::new().await;
    let newest = "delete from _sqlx_migrations where version = (select max(version) from _sqlx_migrations)";
    sqlx::query(newest).execute(world.sql().await).await.unwrap();
    world.visitor().get("/readyz").await.expect(503);
}

#[tokio::test]
async fn pages_with_somebodys_data_are_kept_by_nobody() {
    let world = World::new().await;
    let (reference, ticket) = given::report().accepted(&world).await;
    let admin = world.admin("Zofia").await;
    let personal = [
        world.visitor().get(&ticket).await.expect(200),
        world.visitor().get(&format!("/pl/ticket/{reference}?key=x")).await.expect(404),
        world.visitor().get("/pl/check/address").await.expect(200),
        given::report().with("email", "x").send(&world.visitor()).await.expect(422),
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

async fn get_as(visitor: &Browser, path: &str, accepted: &str) -> Answer {
    visitor.clone().with_header("accept-encoding", accepted).get(path).await.expect(200)
}

fn unpacked(answer: &Answer) -> Vec<u8> {
    let mut bytes = Vec::new();
    match answer.header("content-encoding") {
        "br" => brotli::Decompressor::new(&answer.bytes[..], 4096).read_to_end(&mut bytes).unwrap(),
        "gzip" => flate2::read::GzDecoder::new(&answer.bytes[..]).read_to_end(&mut bytes).unwrap(),
        "" => return answer.bytes.to_vec(),
        other => panic!("nobody asked for {other}"),
    };
    bytes
}
