//! `dzwoni mail receive` as a mail server starts it.

use std::{
    io::Write,
    process::{Command, Stdio},
};

use super::{message, world_with_inbox};

/// Runs the command; returns its exit code, standard output and standard error.
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
    // the command may exit before it has read everything
    let _ = child.stdin.take().unwrap().write_all(mail);
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_receive_prints_the_outcome_of_a_message() {
    let world = world_with_inbox().await;
    let url = world.url();
    let mail = message("Subject: x", "Sekret");
    let (code, stdout, stderr) = receive(&[], &url, mail.as_bytes());
    assert_eq!((code, stdout.as_str(), stderr.as_str()), (0, "ticket new\n", ""));
    let (code, stdout, _) = receive(&[], &url, mail.as_bytes());
    assert_eq!((code, stdout.as_str()), (0, "ticket again\n"), "delivered twice");
    let (code, stdout, _) = receive(&[], &url, &[0, 159, 146, 150]);
    assert_eq!((code, stdout.as_str()), (0, "unreadable no-header\n"));
    let (code, stdout, _) = receive(&[], &url, message("From: pomoc@example.com", "x").as_bytes());
    assert_eq!((code, stdout.as_str()), (0, "loop own-address\n"));
    assert_eq!(world.count("select count(*) from inbound_mail").await, 3);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_receive_rejects_only_an_empty_message_and_defers_all_other_failures() {
    let world = world_with_inbox().await;
    let mail = message("Subject: x", "Tekst");
    for empty in [&b""[..], b"\r\n \n"] {
        let (code, stdout, stderr) = receive(&[], &world.url(), empty);
        assert_eq!((code, stdout.as_str()), (65, ""));
        assert!(stderr.contains("no message"), "{stderr}");
    }
    let unavailable = "postgres:///none?host=/nonexistent&user=nobody";
    let temporary = [
        (vec![], unavailable),
        (vec![], "nonsense"),
        (vec!["--nonsense"], unavailable),
        (vec!["--operator", "/nonexistent.toml"], unavailable),
    ];
    for (arguments, url) in temporary {
        let (code, stdout, stderr) = receive(&arguments, url, mail.as_bytes());
        assert_eq!((code, stdout.as_str()), (75, ""), "{arguments:?} {url}: {stderr}");
        assert!(!stderr.is_empty() && !stderr.contains("jan.nowak"), "{stderr}");
    }
    assert_eq!(world.count("select count(*) from inbound_mail").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn mail_receive_defers_while_the_database_is_not_migrated() {
    let (mut db, _database) = crate::support::empty_database().await;
    let name: String = sqlx::query_scalar("select current_database()").fetch_one(&mut db).await.unwrap();
    let world = world_with_inbox().await;
    let url = world.url();
    let (before, _) = url.rsplit_once("/test_").unwrap();
    let after = url.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    let (code, ..) = receive(&[], &format!("{before}/{name}{after}"), message("", "Tekst").as_bytes());
    assert_eq!(code, 75);
}
