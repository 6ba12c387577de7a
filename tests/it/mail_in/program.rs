//! `dzwoni mail receive` as a mail server starts it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use super::{letter, world};

/// Runs the command; gives its exit code, what it printed, and what it complained about.
fn receive(arguments: &[&str], url: &str, mail: &[u8]) -> (i32, String, String) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["mail", "receive"])
        .args(arguments)
        .env("DATABASE_URL", url)
        .env("DZWONI_MAIL_REPLY", super::MAILBOX)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // a program that ends before it has read everything closes the pipe
    let _ = child.stdin.take().unwrap().write_all(mail);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_hears_what_became_of_a_message() {
    let world = world().await;
    let url = world.url();
    let mail = letter("Subject: x", "Sekret");
    let (code, said, complaint) = receive(&[], &url, mail.as_bytes());
    assert_eq!((code, said.as_str(), complaint.as_str()), (0, "ticket new\n", ""));
    let (code, said, _) = receive(&[], &url, mail.as_bytes());
    assert_eq!((code, said.as_str()), (0, "ticket again\n"), "handed over twice");
    let (code, said, _) = receive(&[], &url, &[0, 159, 146, 150]);
    assert_eq!((code, said.as_str()), (0, "unreadable no-header\n"));
    let (code, said, _) = receive(&[], &url, letter("From: pomoc@example.com", "x").as_bytes());
    assert_eq!((code, said.as_str()), (0, "loop own-address\n"));
    assert_eq!(world.count("select count(*) from inbound_mail").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn only_a_missing_message_is_refused_and_everything_else_comes_again() {
    let world = world().await;
    let mail = letter("Subject: x", "Tekst");
    for empty in [&b""[..], b"\r\n \n"] {
        let (code, said, complaint) = receive(&[], &world.url(), empty);
        assert_eq!((code, said.as_str()), (65, ""));
        assert!(complaint.contains("no message"), "{complaint}");
    }
    let away = "postgres:///none?host=/nonexistent&user=nobody";
    let later = [
        (vec![], away),
        (vec![], "nonsense"),
        (vec!["--nonsense"], away),
        (vec!["--operator", "/nonexistent.toml"], away),
    ];
    for (arguments, url) in later {
        let (code, said, complaint) = receive(&arguments, url, mail.as_bytes());
        assert_eq!((code, said.as_str()), (75, ""), "{arguments:?} {url}: {complaint}");
        assert!(!complaint.is_empty() && !complaint.contains("jan.nowak"), "{complaint}");
    }
    assert_eq!(world.count("select count(*) from inbound_mail").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_without_our_tables_is_one_that_is_not_there_yet() {
    let (mut db, _drop) = crate::support::empty_database().await;
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&mut db).await.unwrap();
    let world = world().await;
    let url = world.url();
    let (before, _) = url.rsplit_once("/test_").unwrap();
    let after = url.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    let (code, ..) = receive(&[], &format!("{before}/{name}{after}"), letter("", "Tekst").as_bytes());
    assert_eq!(code, 75);
}
