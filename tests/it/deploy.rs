//! The example files in `deploy/`.

use std::{
    fs,
    io::Write,
    process::{Command, Stdio},
};

use dzwoni::{
    i18n::Lang,
    tickets::{AccessKey, TicketReference},
    urls,
};

/// Stands for every secret of an address.
const SECRET: &str = "3ZQ5K8M1V7T2";

/// What nginx logs of a path: the mapped beginning, or the whole path. `grep` has the regular expressions of nginx.
fn logged_path(pattern: &str, path: &str) -> String {
    let mut grep = Command::new("grep")
        .args(["--perl-regexp", "--ignore-case", "--only-matching", "-e", pattern])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    grep.stdin.take().unwrap().write_all(path.as_bytes()).unwrap();
    let output = grep.wait_with_output().unwrap();
    assert!(output.status.code().is_some_and(|code| code < 2), "grep accepts the pattern {pattern}");
    let beginning = String::from_utf8(output.stdout).unwrap().trim_end().to_owned();
    if beginning.is_empty() { path.to_owned() } else { beginning + "***" }
}

#[test]
fn the_log_of_nginx_contains_no_secret() {
    let conf = fs::read_to_string("deploy/nginx.conf").unwrap();
    let format = conf.split("log_format dzwoni").nth(1).unwrap().split(';').next().unwrap();
    let is_of_variable = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let variables: Vec<_> =
        format.split('$').skip(1).map(|rest| rest.split(|c| !is_of_variable(c)).next().unwrap()).collect();
    // neither the URL as it was requested, nor its query, nor the page before
    assert_eq!(
        variables,
        [
            "remote_addr",
            "time_iso8601",
            "request_method",
            "dzwoni_logged_path",
            "server_protocol",
            "status",
            "body_bytes_sent",
            "request_time"
        ]
    );

    let map = conf.split("map $uri $dzwoni_logged_path {").nth(1).unwrap().split("\n}").next().unwrap();
    let pattern = map.split("\"~*").nth(1).unwrap().split('"').next().unwrap();
    let (lang, reference, key) = (Lang::Pl, TicketReference::random(), AccessKey(SECRET.to_owned()));
    let line_test = format!("{}/tests/{SECRET}", urls::public::check(lang, "link"));
    for url in [
        urls::staff::invitation(SECRET),
        urls::public::check_result(lang, SECRET),
        urls::public::check_result(Lang::En, SECRET),
        format!("{line_test}/echo"),
        format!("{line_test}/result"),
        urls::public::ticket(lang, &reference, "", Some(&key)),
        urls::public::subscription(lang, 1, "/end", &key),
    ] {
        let path = url.split('?').next().unwrap();
        let logged = logged_path(pattern, path);
        assert!(!logged.contains(SECRET), "{url} is logged as {logged}");
        assert!(logged.len() > 10, "{url} can still be recognized in {logged}");
    }
    for path in ["/pl", "/pl/report", "/en/check/link/tests", "/pl/check/message/busy", "/staff/tickets/DZ-1"] {
        assert_eq!(logged_path(pattern, path), path);
    }
}
