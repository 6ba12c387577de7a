//! Requests that no browser sends: the response has the right status and language, and useful links.

use std::{
    io,
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    http::Method,
};
use hyper::body::{Frame, SizeHint};

use crate::{given, support::World};

#[tokio::test]
async fn a_body_that_is_too_large_gets_an_error_page_in_the_language() {
    let visitor = World::without_database().await.visitor();
    let body = format!("category=outgoing&description={}", "x".repeat(600 * 1024));
    visitor
        .post_raw("/pl/report", body.clone())
        .await
        .expect(413)
        .assert_shows("To za dużo naraz")
        .assert_links_home_and_report("pl");
    visitor
        .post_raw("/en/report", body)
        .await
        .expect(413)
        .assert_shows("That is too much at once")
        .assert_links_home_and_report("en");
    let accepted = format!("category=outgoing&description={}", "x".repeat(500 * 1024));
    visitor.post_raw("/pl/report", accepted).await.expect(422).assert_shows("Ten tekst ma 512000 znaków");
}

#[tokio::test]
async fn a_body_of_another_content_type_is_refused() {
    let visitor = World::without_database().await.visitor();
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "\u{ff}"] {
        let page = visitor.clone().with_header("content-type", kind).post_raw("/pl/report", "{}").await.expect(415);
        page.assert_shows("Nie umiemy tego odczytać").assert_links_home_and_report("pl");
    }
    let mixed_case = visitor.with_header("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
    mixed_case.post_raw("/pl/report", "category=audio").await.expect(422);
}

/// A body that announces its length and never arrives.
struct Announced(u64);

impl HttpBody for Announced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        Poll::Pending
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.0)
    }
}

#[tokio::test]
async fn a_body_announced_as_too_large_is_refused_at_once() {
    let visitor = World::without_database().await.visitor();
    visitor.post_raw("/pl/report", Body::new(Announced(600 * 1024))).await.expect(413);
}

/// A body that is interrupted, as when a phone loses the network.
struct CutOff(bool);

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let started = std::mem::replace(&mut self.0, true);
        let interrupted = || Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        Poll::Ready(Some(if started { interrupted() } else { Ok(Frame::data("category=out".into())) }))
    }
}

#[tokio::test]
async fn an_interrupted_body_is_a_bad_request() {
    let visitor = World::without_database().await.visitor();
    let page = visitor.post_raw("/en/report", Body::new(CutOff(false))).await.expect(400);
    page.assert_shows("We can't read that").assert_links_home_and_report("en");
}

#[tokio::test]
async fn posts_from_other_sites_are_refused() {
    let world = World::new().await;
    let refused = [
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("origin", "https://evil.example"),
        ("origin", "http://127.0.0.1:9999"),
        ("origin", "null"),
    ];
    for (name, value) in refused {
        let visitor = world.visitor().with_header(name, value);
        let page = given::report().send(&visitor).await.expect(403);
        page.assert_shows("Tej czynności nie możemy wykonać").assert_links_home_and_report("pl");
        visitor.post("/staff/login", &[("email", "a@example.com"), ("password", "x")]).await.expect(403);
        // reading is allowed
        visitor.get("/pl/report?category=audio").await.expect(200);
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn posts_from_our_own_pages_are_accepted() {
    let world = World::new().await;
    let taken = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://127.0.0.1:8080")];
    for (name, value) in taken {
        given::report().send(&world.visitor().with_header(name, value)).await.expect(303);
    }
}

#[tokio::test]
async fn forms_are_accepted_when_a_proxy_replaces_the_host() {
    let world = World::new().await;
    let behind_proxy = world.visitor().with_header("host", "portal.internal:9000");
    given::report().send(&behind_proxy.clone().with_header("origin", "http://127.0.0.1:8080")).await.expect(303);
    given::report().send(&behind_proxy.with_header("origin", "http://127.0.0.1:9999")).await.expect(403);
}

#[tokio::test]
async fn only_the_whole_media_type_of_a_form_is_accepted() {
    let world = World::new().await;
    let form = "category=audio";
    for (media_type, status) in [
        ("application/x-www-form-urlencoded", 422),
        ("Application/X-WWW-Form-Urlencoded; charset=utf-8", 422),
        ("application/x-www-form-urlencoded-not", 415),
        ("application/x-www-form-urlencoded+json", 415),
        ("multipart/form-data; boundary=x", 415),
        ("", 415),
    ] {
        let visitor = world.visitor().with_header("content-type", media_type);
        visitor.post_raw("/pl/report", form).await.expect(status);
    }
}

#[tokio::test]
async fn an_unknown_page_is_not_found_in_the_language_of_the_path() {
    let visitor = World::without_database().await.visitor();
    for rest in ["/nope", "/report/x", "/check/nope", "/ticket/DZ-1/x", "/<script>", "/report.php", "/guide", "/.env"] {
        let escaped = rest.replace('<', "%3C").replace('>', "%3E");
        visitor
            .get(&format!("/pl{escaped}"))
            .await
            .expect(404)
            .assert_shows("Nie ma tu takiej strony")
            .assert_links_home_and_report("pl");
        let page = visitor.get(&format!("/en{escaped}")).await.expect(404);
        page.assert_shows("There is no such page here").assert_links_home_and_report("en");
        assert!(!page.body.contains("<script"));
        // the language switch leads to the same address in the other language
        assert!(page.body.contains("lang=\"pl\" hreflang=\"pl\""));
    }
}

#[tokio::test]
async fn an_unknown_path_without_a_language_uses_the_language_of_the_browser() {
    let visitor = World::without_database().await.visitor();
    let english = visitor.clone().with_header("accept-language", "de, en;q=0.8, pl;q=0.2");
    for path in ["/nope", "/de", "/PL", "/de/report", "/pl.html", "//", "/static/none.css", "/wp-login.php", "/en-GB"] {
        visitor.get(path).await.expect(404).assert_shows("Nie ma tu takiej strony").assert_links_home_and_report("pl");
        english
            .get(path)
            .await
            .expect(404)
            .assert_shows("There is no such page here")
            .assert_links_home_and_report("en");
    }
    given::report().send_to(&visitor, "/de/report").await.expect(404).assert_links_home_and_report("pl");
}

#[tokio::test]
async fn a_wrong_method_is_refused_and_the_allowed_ones_are_named() {
    let visitor = World::without_database().await.visitor();
    let brew = Method::from_bytes(b"BREW").unwrap();
    let table = [
        (Method::DELETE, "/pl/report", "POST"),
        (Method::PUT, "/pl/guide/audio", "GET"),
        (Method::POST, "/pl", "GET"),
        (Method::PATCH, "/pl/check/address", "GET"),
        (Method::OPTIONS, "/pl/ticket", "GET"),
        (Method::TRACE, "/pl", "GET"),
        (brew, "/pl", "GET"),
    ];
    for (method, path, allowed) in table {
        let page = visitor.send(method, path, Body::empty()).await.expect(405);
        page.assert_shows("Tego adresu nie można tak użyć").assert_links_home_and_report("pl");
        assert!(page.header("allow").contains(allowed), "{path}: {}", page.header("allow"));
    }
    let head = visitor.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(200);
    assert_eq!(head.body, "");
}

#[tokio::test]
async fn malformed_addresses_never_cause_a_server_error() {
    let visitor = World::without_database().await.visitor();
    let long = "a".repeat(10_000);
    let nested = "%2f..".repeat(2000);
    let garbage =
        ["%ff", "%00", "%", "%zz", "%c3%28", "%F0%9F%93%9E", "..%2f..%2fetc", "a%0d%0aset-cookie:x", "%u0041"];
    for part in garbage.into_iter().chain([long.as_str(), nested.as_str()]) {
        for path in [
            format!("/{part}"),
            format!("/pl/{part}"),
            format!("/pl/guide/{part}"),
            format!("/pl/guide/audio/{part}?all"),
            format!("/en/check/{part}"),
            format!("/pl/ticket/{part}?key={part}"),
            format!("/pl/ticket?reference={part}&key={part}"),
            format!("/pl/report?category={part}&trail={part}&{part}={part}"),
            format!("/pl/report?category=audio&trail={part}"),
            format!("/pl?{part}"),
            format!("/static/{part}"),
            format!("/staff/tickets/{part}?view={part}"),
            format!("/staff/login?next={part}"),
        ] {
            let response = visitor.get(&path).await;
            let status = response.status.as_u16();
            assert!(status < 500, "{path} returns {status}");
            assert!(status < 400 || response.body.contains("<h1"), "{path} returns {status} without a page");
            assert_eq!(response.header("set-cookie"), "", "{path}");
        }
    }
}

#[tokio::test]
async fn out_of_range_cursors_are_ignored() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    // times that the program can represent but PostgreSQL can not
    let (early, id) = ("-377705116800000000", uuid::Uuid::nil());
    for path in [
        format!("/staff?view=open&sort=waiting&after={early}.{id}"),
        format!("/staff?view=all&sort=call&before={early}.{id}"),
        format!("/staff/inbox?before={early}.{id}"),
        format!("/staff/emails?view=waiting&after={early}.7"),
        format!("/staff/blocklist?after={early}.10.0.0.1"),
        format!("/staff/blocklist?state=expired&after={early}.10.0.0.1"),
    ] {
        anna.get(&path).await.expect(200);
    }
}

#[tokio::test]
async fn redirects_never_lead_to_another_site() {
    let visitor = World::without_database().await.visitor();
    for path in
        ["//evil.example?x", "//evil.example/guide/audio?x", "/pl?//evil.example", "/pl/guide/audio?x=//evil", "/"]
    {
        let response = visitor.get(path).await;
        let elsewhere = response.header("location").starts_with("//") || response.header("location").contains("://");
        assert!(!elsewhere, "{path} leads to {}", response.header("location"));
    }
}
