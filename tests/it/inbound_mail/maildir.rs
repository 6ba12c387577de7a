//! A maildir that a mail server delivers into: crashes, two processes, an unavailable database.

use std::{
    fs,
    path::{Path, PathBuf},
};

use dzwoni::inbound_mail::{
    Inbox, RawMessage,
    maildir::{MaildirError, MaildirReport, ingest_new_files},
};

use super::{message, world_with_inbox};
use crate::support::World;

struct Maildir(PathBuf);

impl Maildir {
    fn new() -> Maildir {
        let folder = std::env::temp_dir().join(format!("dzwoni-maildir-{}", uuid::Uuid::new_v4().simple()));
        for part in ["tmp", "new", "cur"] {
            fs::create_dir_all(folder.join(part)).unwrap();
        }
        Maildir(folder)
    }

    /// Delivers as a mail server does: writes the file in `tmp`, then moves it to `new`.
    fn deliver(&self, name: &str, mail: impl AsRef<[u8]>) {
        let tmp = self.0.join("tmp").join(name);
        fs::write(&tmp, mail).unwrap();
        fs::rename(tmp, self.0.join("new").join(name)).unwrap();
    }

    fn names(&self, part: &str) -> Vec<String> {
        let files = fs::read_dir(self.0.join(part)).unwrap();
        let mut names: Vec<_> = files.map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }
}

impl Drop for Maildir {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn ingest_new(world: &World, folder: &Path) -> Result<MaildirReport, MaildirError> {
    ingest_new_files(folder, &Inbox::from_app(&world.app), world.clock.now()).await
}

fn ingested(messages: usize) -> MaildirReport {
    MaildirReport { ingested_count: messages, ..MaildirReport::default() }
}

#[tokio::test]
async fn messages_are_ingested_in_order_and_moved() {
    let (world, maildir) = (world_with_inbox().await, Maildir::new());
    maildir.deliver("2.b", message("Subject: drugi", "Tekst"));
    maildir.deliver("1.a", message("Subject: pierwszy", "Tekst"));
    maildir.deliver("3.c", "nic z tego nie będzie");
    maildir.deliver(".hidden", message("Subject: ukryty", "Tekst"));
    fs::create_dir(maildir.0.join("new/folder")).unwrap();
    fs::write(maildir.0.join("tmp/4.d"), message("Subject: niegotowy", "Tekst")).unwrap();

    assert_eq!(ingest_new(&world, &maildir.0).await.unwrap(), ingested(3));
    assert_eq!(maildir.names("cur"), ["1.a:2,S", "2.b:2,S", "3.c:2,FS"]);
    assert_eq!(maildir.names("new"), [".hidden", "folder"]);
    let subjects: Vec<String> =
        sqlx::query_scalar("select subject from inbound_mail order by id").fetch_all(world.sql().await).await.unwrap();
    assert_eq!(subjects, ["pierwszy", "drugi", ""]);
    assert_eq!(ingest_new(&world, &maildir.0).await.unwrap(), ingested(0));
}

#[tokio::test]
async fn a_message_stored_before_a_crash_is_only_moved() {
    let (world, maildir) = (world_with_inbox().await, Maildir::new());
    for (name, mail) in [("1.a", message("Subject: x", "Tekst")), ("2.b", message("Message-ID:\nSubject: y", "Tekst"))]
    {
        let size = mail.len() as u64;
        let raw = RawMessage { bytes: mail.clone().into_bytes(), size };
        Inbox::from_app(&world.app).ingest(raw, world.clock.now()).await.unwrap();
        maildir.deliver(name, mail);
    }
    assert_eq!(ingest_new(&world, &maildir.0).await.unwrap(), ingested(2));
    assert_eq!(maildir.names("cur"), ["1.a:2,S", "2.b:2,S"]);
    assert_eq!(world.count("select count(*) from ticket").await, 2);
    assert_eq!(world.count("select sum(duplicate_count) from inbound_mail").await, 2);
}

#[tokio::test]
async fn two_processes_share_a_maildir() {
    let (world, maildir) = (world_with_inbox().await, Maildir::new());
    for number in 0..20 {
        let mail = message(&format!("From: k{number}@example.com\nSubject: x"), &format!("Tekst {number}"));
        maildir.deliver(&format!("{number:02}"), mail);
    }
    let second = world.second();
    let (first_report, second_report) = tokio::join!(ingest_new(&world, &maildir.0), ingest_new(&second, &maildir.0));
    assert_eq!(
        first_report.unwrap().ingested_count + second_report.unwrap().ingested_count,
        20,
        "each message was ingested by one of them"
    );
    assert_eq!(maildir.names("new"), Vec::<String>::new());
    assert_eq!(world.count("select count(*) from ticket").await, 20);
}

#[tokio::test]
async fn messages_stay_in_the_maildir_while_the_database_is_unavailable() {
    let (world, maildir) = (World::without_database().await, Maildir::new());
    maildir.deliver("1.a", message("Subject: x", "Tekst"));
    assert!(matches!(ingest_new(&world, &maildir.0).await, Err(MaildirError::Database(_))));
    assert_eq!(maildir.names("new"), ["1.a"]);
}

#[tokio::test]
async fn a_missing_maildir_is_an_error() {
    let world = world_with_inbox().await;
    let error = ingest_new(&world, Path::new("/nonexistent")).await.unwrap_err();
    assert_eq!(error.to_string(), "the maildir /nonexistent can't be read");
}

#[tokio::test]
async fn messages_that_can_not_be_moved_do_not_block_newer_ones() {
    let (world, maildir) = (world_with_inbox().await, Maildir::new());
    for number in 0..201 {
        let name = format!("1.{number:03}");
        maildir.deliver(&name, message("Subject: zawsze ten sam", "Tekst"));
        // a folder with its target name, which can not be overwritten
        fs::create_dir_all(maildir.0.join(format!("cur/{name}:2,S/x"))).unwrap();
    }
    maildir.deliver("2.new", message("Subject: nowy", "Tekst"));
    assert_eq!(ingest_new(&world, &maildir.0).await.unwrap(), MaildirReport { ingested_count: 1, failed_count: 201 });
    assert_eq!(world.count("select count(*) from inbound_mail where subject = 'nowy'").await, 1);
    assert!(!maildir.names("new").contains(&"2.new".to_owned()));
}

#[tokio::test]
async fn a_maildir_without_a_usable_cur_folder_is_an_error_before_a_message_is_read() {
    let (world, maildir) = (world_with_inbox().await, Maildir::new());
    maildir.deliver("1.a", message("Subject: x", "Tekst"));
    fs::remove_dir(maildir.0.join("cur")).unwrap();
    fs::write(maildir.0.join("cur"), "not a folder").unwrap();
    let error = ingest_new(&world, &maildir.0).await.unwrap_err();
    assert!(error.to_string().ends_with("can't be moved to cur"), "{error}");
    assert_eq!(maildir.names("new"), ["1.a"], "nothing else is left there");
    assert_eq!(world.count("select count(*) from inbound_mail").await, 0);

    fs::remove_file(maildir.0.join("cur")).unwrap();
    assert_eq!(ingest_new(&world, &maildir.0).await.unwrap(), ingested(1));
    assert_eq!(maildir.names("cur"), ["1.a:2,S"]);
}
