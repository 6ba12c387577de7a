//! The line test and the sound check, as the pages' scripts and the report form use them.

use std::sync::OnceLock;

use line_test::{
    client::{ClientRun, LineTestClient},
    media_server::{MediaPort, MediaServer, SessionKind},
};
use serde_json::{Value, json};

use crate::{
    given,
    support::{Answer, Browser, World},
};

const TESTS: &str = "/pl/check/link/tests";

fn engine() -> MediaServer {
    let here = "127.0.0.1:0".parse().unwrap();
    MediaServer::start(&[MediaPort { listen: here, advertised: here }], 3).unwrap()
}

/// Sends JSON as the page's script does; the answer is JSON, whatever came of it.
async fn send(browser: &Browser, path: &str, body: &Value) -> (u16, Value) {
    send_raw(browser, path, body.to_string()).await
}

async fn send_raw(browser: &Browser, path: &str, body: String) -> (u16, Value) {
    let browser = browser.clone().with_header("content-type", "application/json");
    let answer = browser.post_raw(path, body).await;
    assert_eq!(answer.header("content-type"), "application/json", "{path}: {}", answer.body);
    (answer.status.as_u16(), serde_json::from_str(&answer.body).unwrap())
}

fn error(said: &Value) -> &str {
    said["error"].as_str().unwrap_or_else(|| panic!("no sentence: {said}"))
}

/// A test of two seconds with a real client; gives its id and what the client saw.
async fn walked(browser: &Browser) -> (String, ClientRun) {
    let (client, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
    let (status, place) = send(browser, TESTS, &json!({ "sdp": offer })).await;
    assert_eq!(status, 201, "{place}");
    let walked = client.run(place["sdp"].as_str().unwrap(), 100).await.unwrap();
    (place["id"].as_str().unwrap().to_owned(), walked)
}

#[tokio::test]
async fn a_test_becomes_a_result_that_goes_with_a_report() {
    let world = World::with_media(engine()).await;
    let visitor = world.visitor();
    let (id, walked) = walked(&visitor).await;
    let result = json!({ "connection": "cable", "heard": walked.report });
    let (status, said) = send(&visitor, &format!("{TESTS}/{id}/result?walk=audio"), &result).await;
    assert_eq!(status, 200, "{said}");
    let (_, again) = send(&visitor, &format!("{TESTS}/{id}/result?walk=audio"), &result).await;
    assert_eq!(said["url"], again["url"], "the same test has one result");
    assert_eq!(world.count("select count(*) from check_result where kind = 'link'").await, 1);

    let url = said["url"].as_str().unwrap();
    assert!(url.starts_with("/pl/check/result/") && url.ends_with("?walk=audio"), "{url}");
    let page = visitor.get(url).await.expect(200);
    page.must_show(said["said"].as_str().unwrap()).must_show("kablem").must_show("doszło 100 z 100");
    assert!(page.body.contains("noindex") && page.body.contains("/pl/guide/audio?checks="));
    let english = visitor.get(&url.replace("/pl/", "/en/")).await.expect(200);
    english.must_show("by cable").must_show("100 of 100 arrived").must_show("Line test");

    let checks = url.split(['/', '?']).nth(4).unwrap();
    let (_, ticket) = given::audio().with("checks", checks).accepted(&world).await;
    visitor.get(&ticket).await.expect(200).must_show("Test łącza").must_show(said["said"].as_str().unwrap());
}

#[tokio::test]
async fn a_result_is_told_even_when_it_cannot_be_kept() {
    let world = World::without_database().await;
    let (_, place) = send(&world.visitor(), TESTS, &json!({ "sdp": null })).await;
    let heard = json!({ "web": [[0.0, 30.0], [50.0, 81.0]], "webrtc": true });
    let path = format!("{TESTS}/{}/result", place["id"].as_str().unwrap());
    let (status, said) = send(&world.visitor(), &path, &json!({ "connection": null, "heard": heard })).await;
    assert_eq!((status, &said["url"]), (200, &Value::Null));
    assert_eq!(said["said"], "Nie udało się zmierzyć łącza");
}

#[tokio::test]
async fn a_portal_without_a_media_port_measures_only_the_delay_and_says_so() {
    let world = World::new().await;
    let page = world.visitor().get("/pl/check/link").await.expect(200);
    page.must_show("Zmierzymy tylko opóźnienie").must_not_show("Usłysz siebie");
    let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
    let (status, place) = send(&world.visitor(), TESTS, &json!({ "sdp": offer })).await;
    assert_eq!((status, &place["sdp"]), (201, &Value::Null));
    let (status, said) = send(&world.visitor(), "/pl/check/link/calls", &json!({ "sdp": offer })).await;
    assert_eq!(status, 503, "{said}");
}

#[tokio::test]
async fn what_is_wrong_is_said_in_a_sentence_of_our_own() {
    let world = World::with_media(engine()).await;
    let visitor = world.visitor();
    let long = "v=0\r\n".repeat(4_000);
    let strange = ["", "{}x", "[]", "null", "{\"sdp\":5}", "\u{1F525}"].map(str::to_owned);
    let offers =
        [json!({ "sdp": "v=0" }), json!({ "sdp": "\u{1F525}" }), json!({ "sdp": long })].map(|one| one.to_string());
    for body in strange.into_iter().chain(offers) {
        for path in [TESTS, "/pl/check/link/calls"] {
            let (status, said) = send_raw(&visitor, path, body.clone()).await;
            assert_eq!((status, error(&said)), (400, words("line-test-failed-offer")), "{path} {body}");
        }
    }
    let (status, said) = send(&visitor, "/en/check/link/calls", &json!({})).await;
    assert_eq!(status, 400);
    assert!(error(&said).starts_with("This browser offered"));

    let (_, place) = send(&visitor, TESTS, &json!({ "sdp": null })).await;
    let path = format!("{TESTS}/{}/result", place["id"].as_str().unwrap());
    for body in ["", "[]", "{\"heard\":{\"sent\":-1}}", "{\"heard\":{\"more\":1}}"] {
        let (status, said) = send_raw(&visitor, &path, body.to_owned()).await;
        assert_eq!(status, 400, "{said}");
    }
    let (status, said) = send(&visitor, &format!("{TESTS}/{}/result", "0".repeat(26)), &json!({ "heard": {} })).await;
    assert_eq!((status, error(&said)), (404, words("line-test-failed-late")));
    visitor.get(&format!("{TESTS}/{}/echo", "0".repeat(26))).await.expect(400);
    visitor.get(TESTS).await.expect(405);
    visitor
        .clone()
        .with_header("content-type", "application/json")
        .post_raw("/xx/check/link/tests", "{}")
        .await
        .expect(404);
}

fn words(id: &str) -> &'static str {
    static SAID: OnceLock<[(&str, String); 2]> = OnceLock::new();
    let said = SAID.get_or_init(|| {
        ["line-test-failed-offer", "line-test-failed-late"].map(|id| (id, dzwoni::i18n::Lang::Pl.t(id).into_owned()))
    });
    &said.iter().find(|(one, _)| *one == id).unwrap().1
}

#[tokio::test]
async fn a_household_has_only_so_many_tests_at_once_and_places_run_out() {
    let world = World::with_media(engine()).await;
    let visitor = world.visitor();
    let mut answers = Vec::new();
    for _ in 0..11 {
        let browser = visitor.clone().with_header("content-type", "application/json");
        answers.push(browser.post_raw(TESTS, "{\"sdp\":null}").await);
    }
    let last: Answer = answers.pop().unwrap();
    assert!(answers.iter().all(|answer| answer.status == 201));
    assert_eq!((last.status.as_u16(), last.header("retry-after")), (429, "30"));
    assert!(last.body.contains("Odczekaj"));

    // the engine of this test has three places; who finds none is measured another way
    let mut had_place = Vec::new();
    for n in 1..=4 {
        let neighbour = world.visitor().from_ip(&format!("198.51.100.{n}"));
        let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::LineTest).await.unwrap();
        let (status, place) = send(&neighbour, TESTS, &json!({ "sdp": offer })).await;
        assert_eq!(status, 201);
        had_place.push(place["sdp"].is_string());
    }
    assert_eq!(had_place, [true, true, true, false]);
    let (_, offer) = LineTestClient::new("127.0.0.1:0".parse().unwrap(), SessionKind::EchoCall).await.unwrap();
    let (status, said) =
        send(&world.visitor().from_ip("192.0.2.1"), "/pl/check/link/calls", &json!({ "sdp": offer })).await;
    assert_eq!(status, 503);
    assert!(error(&said).contains("miejsca"));
}

#[tokio::test]
async fn only_the_pages_that_listen_may_use_the_microphone() {
    let world = World::new().await;
    for (path, may) in [("/pl/check/sound", true), ("/pl/check/link", true), ("/pl", false), ("/pl/check/lamps", false)]
    {
        let page = world.visitor().get(path).await.expect(200);
        assert_eq!(page.header("permissions-policy").contains("microphone=(self)"), may, "{path}");
        assert!(page.header("content-security-policy").contains("script-src 'self'"));
    }
}

#[tokio::test]
async fn the_sound_check_keeps_two_words_when_they_are_sent() {
    let world = World::new().await;
    let visitor = world.visitor();
    let fields = [("microphone", "clipped"), ("speakers", "left"), ("walk", "audio")];
    let kept = visitor.post("/pl/check/sound", &fields).await.expect(303);
    assert!(kept.location().ends_with("?walk=audio"));
    let page = visitor.follow(&kept).await.expect(200);
    page.must_show("Mikrofon jest za głośny i zniekształca głos").must_show("Dźwięk słychać tylko z lewej strony");
    page.must_show("Odsuń mikrofon od ust");
    assert_eq!(world.count("select count(*) from check_result where kind = 'sound' and verdict = 'clipped'").await, 1);
    // nothing was checked, or words that nobody has: back to the page
    for fields in [&[][..], &[("microphone", ""), ("speakers", "")], &[("microphone", "loud\u{1F525}")]] {
        assert_eq!(visitor.post("/pl/check/sound", fields).await.expect(303).location(), "/pl/check/sound");
    }
    let away = World::without_database().await;
    let page = away.visitor().post("/pl/check/sound", &[("microphone", "silent")]).await.expect(200);
    page.must_show("nic z niego nie słychać");
}
