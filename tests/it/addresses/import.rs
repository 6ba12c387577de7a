//! Lists of other programs, read in.

use std::{
    io::{BufReader, Cursor, Read},
    process::Command,
};

use dzwoni::blocklist::{
    BlockReason,
    import::{BlocklistImport, ImportReport, ListFormat},
};

use super::HOME;
use crate::support::World;

fn import(format: ListFormat) -> BlocklistImport {
    BlocklistImport { file: "-".into(), format, reason: None, hours: None }
}

async fn read(world: &World, import: &BlocklistImport, text: &str) -> ImportReport {
    let input = BufReader::new(Cursor::new(text.as_bytes().to_vec()));
    import.import_from(input, &world.app.db, &world.clock).await.unwrap()
}

/// What the list says, in the order of addresses.
async fn list(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' ', net, reason, source, note, to_char(until at time zone 'UTC', 'DD HH24:MI'))
        from blocked_address order by net",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_plain_list_is_read_and_wrong_lines_are_named() {
    let world = World::new().await;
    let text = "# ours\n\n203.0.113.7\n  203.0.113.0/24 ; spam, znowu\r\nbad line\n10.1.2.3/24 # bits behind the mask\n\
                2001:db8::/48\n0.0.0.0/0\n203.0.113.7 again\n";
    let outcome = read(&world, &import(ListFormat::Plain), text).await;
    let wrong: Vec<_> = outcome.errors.iter().map(|(line, text, _)| (*line, text.as_str())).collect();
    assert_eq!(wrong, [(5, "bad"), (8, "0.0.0.0/0")]);
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.updated, outcome.invalid_line_count), (5, 4, 0, 2));
    let expected = [
        "10.1.2.0/24 other import bits behind the mask",
        "203.0.113.0/24 other import spam, znowu",
        "203.0.113.7 other import again",
        "2001:db8::/48 other import",
    ];
    assert_eq!(list(&world).await, expected);
    assert!(
        outcome.to_string().starts_with("Line 5 can't be read: \"bad\". This is neither an IP address nor a block.")
    );

    // again it changes nothing; with another end it does
    assert_eq!(read(&world, &import(ListFormat::Plain), text).await.inserted, 0);
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 4);
    let longer = BlocklistImport { hours: Some(2), reason: Some(BlockReason::Scanning), ..import(ListFormat::Plain) };
    assert_eq!(read(&world, &longer, HOME).await.updated, 1);
    assert_eq!(list(&world).await[2], "203.0.113.7 scanning import 20 15:30");
}

#[tokio::test]
async fn fail2bans_lists_are_read_with_their_times() {
    let world = World::new().await;
    let jails = "[{'asterisk': ['203.0.113.7', '2001:db8::7']}, {'sshd': []}]\n";
    let outcome = read(&world, &import(ListFormat::Fail2ban), jails).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.invalid_line_count), (2, 2, 0));
    assert_eq!(list(&world).await[0], "203.0.113.7 wrong-password fail2ban jail: asterisk");
    world.visitor().post("/pl/check/address", &[]).await.expect(303);

    let times = "203.0.113.8 \t2026-11-20 14:25:00 + 600 = 2026-11-20 14:35:00\n\
                 203.0.113.9 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
                 203.0.113.10 \t2026-11-20 14:05:00 + -1 = 9999-12-31 23:59:59\n";
    let outcome = read(&world, &import(ListFormat::Fail2ban), times).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.already_expired), (3, 2, 1));
    assert_eq!(
        list(&world).await[..2],
        ["203.0.113.8 wrong-password fail2ban 20 13:35", "203.0.113.10 wrong-password fail2ban"]
    );
}

#[tokio::test]
async fn kamailios_dumps_are_read() {
    let world = World::new().await;
    let dump = "{\n\tentry: 35\n\tsize: 1\n\tslot: {\n\t\t{\n\t\t\tname: 203.0.113.7\n\t\t\tvalue: 1\n\t\t\ttype: int\n\t\t}\n\t}\n}\n\
                {\n\tid: 0\n\tgroup: 1\n\titem: {\n\t\tip: 198.51.100.0\n\t\tmask: 24\n\t\tport: 0\n\t\ttag: \n\t}\n}\n";
    let outcome = read(&world, &BlocklistImport { hours: Some(1), ..import(ListFormat::Kamailio) }, dump).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.invalid_line_count), (2, 2, 0), "{outcome}");
    assert_eq!(
        list(&world).await,
        ["198.51.100.0/24 scanning kamailio 20 14:30", "203.0.113.7 scanning kamailio 20 14:30"]
    );
}

#[tokio::test]
async fn what_staff_keep_no_list_changes() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.post("/staff/addresses", &[("net", HOME), ("reason", "abuse"), ("lasts", "day")]).await.expect(303);
    let outcome = read(&world, &import(ListFormat::Fail2ban), HOME).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.updated), (1, 0, 0));
    assert_eq!(list(&world).await, ["203.0.113.7 abuse staff 21 13:30"]);
}

#[tokio::test]
async fn garbage_and_lines_without_end_neither_stop_it_nor_fill_the_memory() {
    let world = World::new().await;
    // a line of a hundred megabytes, never in memory as a whole
    let endless = std::io::repeat(b'x').take(100 << 20).chain(Cursor::new(b"\n203.0.113.7\n".to_vec()));
    for format in [ListFormat::Plain, ListFormat::Fail2ban, ListFormat::Kamailio] {
        let input = BufReader::new(std::io::repeat(b'\xff').take(1 << 20));
        import(format).import_from(input, &world.app.db, &world.clock).await.unwrap();
    }
    let outcome =
        import(ListFormat::Plain).import_from(BufReader::new(endless), &world.app.db, &world.clock).await.unwrap();
    assert_eq!((outcome.entry_count, outcome.invalid_line_count), (1, 1));
    assert_eq!(outcome.errors[0].0, 1);

    let many: String = (0..30_000)
        .map(|n| if n % 3 == 0 { "?\n".to_owned() } else { format!("10.{}.{}.1\n", n / 250, n % 250) })
        .collect();
    let outcome = read(&world, &import(ListFormat::Plain), &many).await;
    assert_eq!((outcome.inserted, outcome.errors.len(), outcome.invalid_line_count), (20_000, 20, 10_000));
    assert!(outcome.to_string().contains("9980 more lines can't be read."), "{outcome}");
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 20_001);

    // all of it on one line
    let line = format!(
        "[{{'sip': [{}]}}]",
        (0..20_000).map(|n| format!("'11.{}.{}.1'", n / 250, n % 250)).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(read(&world, &import(ListFormat::Fail2ban), &line).await.inserted, 20_000);
}

#[test]
fn the_program_explains_its_commands() {
    for (command, says) in [
        (&["addresses", "import"][..], "permissions.subnetDump"),
        (&["token", "add"], "prints it, this once"),
        (&["token", "revoke"], "Revoke a token at once"),
    ] {
        let told = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(command).arg("--help").output().unwrap();
        let text = String::from_utf8_lossy(&told.stdout).into_owned() + &String::from_utf8_lossy(&told.stderr);
        assert!(told.status.success() && text.contains(says), "{command:?}: {text}");
    }
    let wrong = ["addresses", "import", "-", "--reason", "because"];
    let told = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(wrong).output().unwrap();
    assert!(String::from_utf8_lossy(&told.stderr).contains("one of wrong-password, scanning, abuse, other"));
}

#[tokio::test]
async fn a_list_that_is_gone_is_said_so() {
    let world = World::new().await;
    let missing = BlocklistImport { file: "/nonexistent/list".into(), ..import(ListFormat::Plain) };
    let error = missing.run(&world.app.db, &world.clock).await.unwrap_err();
    assert!(error.to_string().contains("can't open /nonexistent/list"), "{error}");
}
