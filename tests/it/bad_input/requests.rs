//! Requests that no browser of a customer sends: an answer with the right status, in the language, with a way on.

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
async fn too_large_a_body_is_told_in_the_language() {
    let visitor = World::without_database().await.visitor();
    let body = format!("category=outgoing&description={}", "x".repeat(600 * 1024));
    visitor.post_raw("/pl/report", body.clone()).await.expect(413).must_show("To za dużo naraz").must_lead_on("pl");
    visitor.post_raw("/en/report", body).await.expect(413).must_show("That is too much at once").must_lead_on("en");
    let fits = format!("category=outgoing&description={}", "x".repeat(500 * 1024));
    visitor.post_raw("/pl/report", fits).await.expect(422).must_show("Ten tekst ma 512000 znaków");
}

#[tokio::test]
async fn what_is_not_a_form_is_told_so() {
    let visitor = World::without_database().await.visitor();
    for kind in ["application/json", "multipart/form-data; boundary=x", "text/plain", "", "\u{ff}"] {
        let page = visitor.clone().with_header("content-type", kind).post_raw("/pl/report", "{}").await.expect(415);
        page.must_show("Nie umiemy tego odczytać").must_lead_on("pl");
    }
    let spelled = visitor.with_header("content-type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
    spelled.post_raw("/pl/report", "category=audio").await.expect(422);
}

/// A body that says how long it will be and never comes.
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
async fn a_body_that_says_it_is_too_large_is_not_waited_for() {
    let visitor = World::without_database().await.visitor();
    visitor.post_raw("/pl/report", Body::new(Announced(600 * 1024))).await.expect(413);
}

/// A body that breaks off, as when a phone leaves the network.
struct CutOff(bool);

impl HttpBody for CutOff {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let begun = std::mem::replace(&mut self.0, true);
        let broken = || Err(io::Error::from(io::ErrorKind::UnexpectedEof));
        Poll::Ready(Some(if begun { broken() } else { Ok(Frame::data("category=out".into())) }))
    }
}

#[tokio::test]
async fn a_body_that_breaks_off_is_told_so() {
    let visitor = World::without_database().await.visitor();
    let page = visitor.post_raw("/en/report", Body::new(CutOff(false))).await.expect(400);
    page.must_show("We can't read that").must_lead_on("en");
}

#[tokio::test]
async fn writes_from_other_sites_are_refused() {
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
        page.must_show("Tej czynności nie możemy wykonać").must_lead_on("pl");
        visitor.post("/staff/login", &[("email", "a@example.com"), ("password", "x")]).await.expect(403);
        // looking is free
        visitor.get("/pl/report?category=audio").await.expect(200);
    }
    assert_eq!(world.count("select count(*) from ticket").await, 0);
}

#[tokio::test]
async fn writes_from_our_own_pages_are_taken() {
    let world = World::new().await;
    let taken = [("sec-fetch-site", "same-origin"), ("sec-fetch-site", "none"), ("origin", "http://127.0.0.1:8080")];
    for (name, value) in taken {
        given::report().send(&world.visitor().with_header(name, value)).await.expect(303);
    }
}

#[tokio::test]
async fn an_unknown_page_leads_on_in_the_language() {
    let visitor = World::without_database().await.visitor();
    for rest in ["/nope", "/report/x", "/check/nope", "/ticket/DZ-1/x", "/<script>", "/report.php", "/guide", "/.env"] {
        let escaped = rest.replace('<', "%3C").replace('>', "%3E");
        visitor.get(&format!("/pl{escaped}")).await.expect(404).must_show("Nie ma tu takiej strony").must_lead_on("pl");
        let page = visitor.get(&format!("/en{escaped}")).await.expect(404);
        page.must_show("There is no such page here").must_lead_on("en");
        assert!(!page.body.contains("<script"));
        // the switch goes to the same address in the other language
        assert!(page.body.contains("lang=\"pl\" hreflang=\"pl\""));
    }
}

#[tokio::test]
async fn an_address_without_a_language_answers_in_the_browsers() {
    let visitor = World::without_database().await.visitor();
    let english = visitor.clone().with_header("accept-language", "de, en;q=0.8, pl;q=0.2");
    for path in ["/nope", "/de", "/PL", "/de/report", "/pl.html", "//", "/static/none.css", "/wp-login.php", "/en-GB"] {
        visitor.get(path).await.expect(404).must_show("Nie ma tu takiej strony").must_lead_on("pl");
        english.get(path).await.expect(404).must_show("There is no such page here").must_lead_on("en");
    }
    given::report().send_to(&visitor, "/de/report").await.expect(404).must_lead_on("pl");
}

#[tokio::test]
async fn an_address_used_in_another_way_says_how_it_can_be() {
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
        page.must_show("Tego adresu nie można tak użyć").must_lead_on("pl");
        assert!(page.header("allow").contains(allowed), "{path}: {}", page.header("allow"));
    }
    let head = visitor.send(Method::HEAD, "/pl/guide/audio", Body::empty()).await.expect(200);
    assert_eq!(head.body, "");
}

#[tokio::test]
async fn no_address_is_too_strange() {
    let visitor = World::without_database().await.visitor();
    let long = "a".repeat(10_000);
    let nested = "%2f..".repeat(2000);
    let garbage =
        ["%ff", "%00", "%", "%zz", "%c3%28", "%F0%9F%93%9E", "..%2f..%2fetc", "a%0d%0aset-cookie:x", "%u0041"];
    for part in garbage.into_iter().chain([long.as_str(), nested.as_str()]) {
        for place in [
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
            let answer = visitor.get(&place).await;
            let status = answer.status.as_u16();
            assert!(status < 500, "{place} gives {status}");
            assert!(status < 400 || answer.body.contains("<h1"), "{place} gives {status} without a page");
            assert_eq!(answer.header("set-cookie"), "", "{place}");
        }
    }
}

#[tokio::test]
async fn a_redirect_never_leads_to_another_site() {
    let visitor = World::without_database().await.visitor();
    for path in
        ["//evil.example?x", "//evil.example/guide/audio?x", "/pl?//evil.example", "/pl/guide/audio?x=//evil", "/"]
    {
        let answer = visitor.get(path).await;
        let elsewhere = answer.header("location").starts_with("//") || answer.header("location").contains("://");
        assert!(!elsewhere, "{path} leads to {}", answer.header("location"));
    }
}
