//! Importing lists of other programs.

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

fn import_options(format: ListFormat) -> BlocklistImport {
    BlocklistImport { file: "-".into(), format, reason: None, hours: None }
}

async fn import_text(world: &World, options: &BlocklistImport, text: &str) -> ImportReport {
    let input = BufReader::new(Cursor::new(text.as_bytes().to_vec()));
    options.import_from(input, &world.app.db, &world.clock).await.unwrap()
}

/// The entries of the blocklist, ordered by address.
async fn entries(world: &World) -> Vec<String> {
    sqlx::query_scalar(
        "select concat_ws(' ', net, reason, source, note, to_char(until at time zone 'UTC', 'DD HH24:MI'))
        from blocked_address order by net",
    )
    .fetch_all(world.sql().await)
    .await
    .unwrap()
}

#[tokio::test]
async fn a_plain_list_is_imported_and_invalid_lines_are_listed() {
    let world = World::new().await;
    let text = "# ours\n\n203.0.113.7\n  203.0.113.0/24 ; spam, znowu\r\nbad line\n10.1.2.3/24 # bits behind the mask\n\
                2001:db8::/48\n0.0.0.0/0\n203.0.113.7 again\n";
    let outcome = import_text(&world, &import_options(ListFormat::Plain), text).await;
    let errors: Vec<_> = outcome.errors.iter().map(|(line, text, _)| (*line, text.as_str())).collect();
    assert_eq!(errors, [(5, "bad"), (8, "0.0.0.0/0")]);
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.updated, outcome.invalid_line_count), (5, 4, 0, 2));
    let expected = [
        "10.1.2.0/24 other import bits behind the mask",
        "203.0.113.0/24 other import spam, znowu",
        "203.0.113.7 other import again",
        "2001:db8::/48 other import",
    ];
    assert_eq!(entries(&world).await, expected);
    assert!(outcome.to_string().starts_with("Line 5 is invalid: \"bad\". This is neither an IP address nor a block."));

    // the same import again changes nothing; another end is an update
    assert_eq!(import_text(&world, &import_options(ListFormat::Plain), text).await.inserted, 0);
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 4);
    let longer =
        BlocklistImport { hours: Some(2), reason: Some(BlockReason::Scanning), ..import_options(ListFormat::Plain) };
    assert_eq!(import_text(&world, &longer, HOME).await.updated, 1);
    assert_eq!(entries(&world).await[2], "203.0.113.7 scanning import 20 15:30");
}

#[tokio::test]
async fn fail2ban_lists_are_imported_with_their_times() {
    let world = World::new().await;
    let jails = "[{'asterisk': ['203.0.113.7', '2001:db8::7']}, {'sshd': []}]\n";
    let outcome = import_text(&world, &import_options(ListFormat::Fail2ban), jails).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.invalid_line_count), (2, 2, 0));
    assert_eq!(entries(&world).await[0], "203.0.113.7 wrong-password fail2ban jail: asterisk");
    world.visitor().post("/pl/check/address", &[]).await.expect(303);

    let times = "203.0.113.8 \t2026-11-20 14:25:00 + 600 = 2026-11-20 14:35:00\n\
                 203.0.113.9 \t2026-11-20 14:05:00 + 600 = 2026-11-20 14:15:00\n\
                 203.0.113.10 \t2026-11-20 14:05:00 + -1 = 9999-12-31 23:59:59\n";
    let outcome = import_text(&world, &import_options(ListFormat::Fail2ban), times).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.already_expired), (3, 2, 1));
    assert_eq!(
        entries(&world).await[..2],
        ["203.0.113.8 wrong-password fail2ban 20 13:35", "203.0.113.10 wrong-password fail2ban"]
    );
}

#[tokio::test]
async fn kamailio_dumps_are_imported() {
    let world = World::new().await;
    let dump = "{\n\tentry: 35\n\tsize: 1\n\tslot: {\n\t\t{\n\t\t\tname: 203.0.113.7\n\t\t\tvalue: 1\n\t\t\ttype: int\n\t\t}\n\t}\n}\n\
                {\n\tid: 0\n\tgroup: 1\n\titem: {\n\t\tip: 198.51.100.0\n\t\tmask: 24\n\t\tport: 0\n\t\ttag: \n\t}\n}\n";
    let outcome =
        import_text(&world, &BlocklistImport { hours: Some(1), ..import_options(ListFormat::Kamailio) }, dump).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.invalid_line_count), (2, 2, 0), "{outcome}");
    assert_eq!(
        entries(&world).await,
        ["198.51.100.0/24 scanning kamailio 20 14:30", "203.0.113.7 scanning kamailio 20 14:30"]
    );
}

#[tokio::test]
async fn an_import_does_not_change_entries_of_staff() {
    let world = World::new().await;
    let anna = world.agent("Anna").await;
    anna.post("/staff/blocklist", &[("net", HOME), ("reason", "abuse"), ("duration", "day")]).await.expect(303);
    let outcome = import_text(&world, &import_options(ListFormat::Fail2ban), HOME).await;
    assert_eq!((outcome.entry_count, outcome.inserted, outcome.updated), (1, 0, 0));
    assert_eq!(entries(&world).await, ["203.0.113.7 abuse staff 21 13:30"]);
}

#[tokio::test]
async fn an_import_survives_garbage_and_endless_lines_in_constant_memory() {
    let world = World::new().await;
    // a line of 100 MB, which must not be held in memory
    let endless = std::io::repeat(b'x').take(100 << 20).chain(Cursor::new(b"\n203.0.113.7\n".to_vec()));
    for format in [ListFormat::Plain, ListFormat::Fail2ban, ListFormat::Kamailio] {
        let input = BufReader::new(std::io::repeat(b'\xff').take(1 << 20));
        import_options(format).import_from(input, &world.app.db, &world.clock).await.unwrap();
    }
    let outcome = import_options(ListFormat::Plain)
        .import_from(BufReader::new(endless), &world.app.db, &world.clock)
        .await
        .unwrap();
    assert_eq!((outcome.entry_count, outcome.invalid_line_count), (1, 1));
    assert_eq!(outcome.errors[0].0, 1);

    let many: String = (0..30_000)
        .map(|n| if n % 3 == 0 { "?\n".to_owned() } else { format!("10.{}.{}.1\n", n / 250, n % 250) })
        .collect();
    let outcome = import_text(&world, &import_options(ListFormat::Plain), &many).await;
    assert_eq!((outcome.inserted, outcome.errors.len(), outcome.invalid_line_count), (20_000, 20, 10_000));
    assert!(outcome.to_string().contains("9980 more lines are invalid."), "{outcome}");
    assert_eq!(world.count("select count(*) from blocked_address_change").await, 20_001);

    // 20,000 entries on one line
    let line = format!(
        "[{{'sip': [{}]}}]",
        (0..20_000).map(|n| format!("'11.{}.{}.1'", n / 250, n % 250)).collect::<Vec<_>>().join(", ")
    );
    assert_eq!(import_text(&world, &import_options(ListFormat::Fail2ban), &line).await.inserted, 20_000);
}

#[test]
fn the_help_describes_the_import_and_token_commands() {
    for (command, expected) in [
        (&["addresses", "import"][..], "permissions.subnetDump"),
        (&["token", "add"], "The token is printed once"),
        (&["token", "revoke"], "Revoke a token with immediate effect"),
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(command).arg("--help").output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success() && text.contains(expected), "{command:?}: {text}");
    }
    let invalid = ["addresses", "import", "-", "--reason", "because"];
    let output = Command::new(env!("CARGO_BIN_EXE_dzwoni")).args(invalid).output().unwrap();
    assert!(String::from_utf8_lossy(&output.stderr).contains("one of wrong-password, scanning, abuse, other"));
}

#[tokio::test]
async fn a_missing_import_file_is_an_error() {
    let world = World::new().await;
    let missing = BlocklistImport { file: "/nonexistent/list".into(), ..import_options(ListFormat::Plain) };
    let error = missing.run(&world.app.db, &world.clock).await.unwrap_err();
    assert!(error.to_string().contains("can't open /nonexistent/list"), "{error}");
}
