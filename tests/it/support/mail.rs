//! A real mail server (tests/browser/smtp.js) and the e-mails that it accepted.

use std::{
    io::{BufRead, BufReader, Write},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{Arc, Mutex},
    time::Duration,
};

use dzwoni::{config::MailConfig, mail_settings::MailSettings, operator::Operator};
use mail_parser::{Message, MessageParser};
use serde_json::{Value, json};
use tokio::sync::Notify;

/// Longer than any step of a test takes.
const TIMEOUT: Duration = Duration::from_secs(30);

/// The settings that the program derives from a configuration.
pub fn settings(config: &MailConfig) -> MailSettings {
    let operator = Operator::load(None).unwrap();
    MailSettings::from_config(config, &operator, "http://127.0.0.1:8080").unwrap_or_else(|error| panic!("{error:#}"))
}

/// An e-mail that the server accepted.
#[derive(Debug, Clone)]
pub struct ReceivedEmail {
    pub from: String,
    pub to: String,
    pub raw: String,
    pub secure: bool,
    pub user: Option<String>,
}

impl ReceivedEmail {
    pub fn parse(&self) -> Message<'_> {
        MessageParser::default().parse(self.raw.as_bytes()).unwrap()
    }

    pub fn subject(&self) -> String {
        self.parse().subject().unwrap().to_owned()
    }

    /// The text in one line.
    pub fn text(&self) -> String {
        self.parse().body_text(0).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.parse();
        message.header_raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The path of the link in the text.
    pub fn link(&self) -> String {
        let text = self.parse().body_text(0).unwrap().into_owned();
        let link = text.lines().find(|line| line.starts_with("http://127.0.0.1:8080/")).expect("a link");
        link.trim_start_matches("http://127.0.0.1:8080").to_owned()
    }
}

#[derive(Default)]
struct ServerState {
    emails: Vec<ReceivedEmail>,
    connections: usize,
    /// Responses that were held back by the command `hold`.
    held_responses: usize,
    completed_commands: usize,
    port: u16,
}

/// The server process; dropping this kills it.
pub struct MailServer {
    child: Child,
    stdin: Mutex<ChildStdin>,
    state: Arc<(Mutex<ServerState>, Notify)>,
}

impl MailServer {
    pub async fn start() -> MailServer {
        MailServer::with(json!({})).await
    }

    pub async fn with(options: Value) -> MailServer {
        let mut child = Command::new("node")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/smtp.js"))
            .arg(options.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("node is needed for the mail server: ./test gets it");
        let stdin = Mutex::new(child.stdin.take().unwrap());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let state: Arc<(Mutex<ServerState>, Notify)> = Arc::default();
        let shared = state.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                handle_message(&mut shared.0.lock().unwrap(), &serde_json::from_str(&line).unwrap());
                shared.1.notify_waiters();
            }
        });
        let server = MailServer { child, stdin, state };
        server
            .wait_until("it listens (are the packages installed? npm ci --prefix tests/browser)", |state| {
                state.port > 0
            })
            .await;
        server
    }

    /// The configuration for sending to this server.
    pub fn config(&self) -> MailConfig {
        self.config_at(&format!("smtp://127.0.0.1:{}", self.port()))
    }

    pub fn config_at(&self, url: &str) -> MailConfig {
        MailConfig {
            maildir: None,
            smtp_url: url.parse().ok(),
            mail_from: Some("pomoc@dzwoni.example.com".into()),
            mail_reply: Some("reply@dzwoni.example.com".into()),
        }
    }

    pub fn port(&self) -> u16 {
        self.state.0.lock().unwrap().port
    }

    /// Changes the behaviour of the server; returns when the change is in effect.
    pub async fn command(&self, command: Value) {
        let before = self.state.0.lock().unwrap().completed_commands;
        writeln!(self.stdin.lock().unwrap(), "{command}").unwrap();
        self.wait_until("the command", |state| state.completed_commands > before).await;
    }

    /// Makes the server answer a stage of SMTP with an error code.
    pub async fn refuse(&self, stage: &str, code: u16) {
        self.command(json!({"refuse": {"stage": stage, "code": code, "text": "no thanks"}})).await;
    }

    /// Back to normal behaviour; held responses are sent.
    pub async fn reset(&self) {
        self.command(json!({"reset": true})).await;
    }

    /// Waits until all messages that the server has written so far are handled.
    async fn sync(&self) {
        self.command(json!({})).await;
    }

    /// Waits until the server holds a response back.
    pub async fn wait_until_held(&self) {
        self.wait_until("a held response", |state| state.held_responses > 0).await;
    }

    /// The accepted e-mails that were not taken yet.
    pub async fn emails(&self) -> Vec<ReceivedEmail> {
        self.sync().await;
        self.state.0.lock().unwrap().emails.clone()
    }

    /// Takes the accepted e-mails; returns `address: subject` of each, in order.
    pub async fn take_subjects(&self) -> Vec<String> {
        self.sync().await;
        let emails = std::mem::take(&mut self.state.0.lock().unwrap().emails);
        emails.iter().map(|email| format!("{}: {}", email.to, email.subject())).collect()
    }

    /// Takes the accepted e-mails; there must be exactly one.
    pub async fn take_only(&self) -> ReceivedEmail {
        self.sync().await;
        let mut emails = std::mem::take(&mut self.state.0.lock().unwrap().emails);
        assert_eq!(emails.len(), 1, "{emails:?}");
        emails.remove(0)
    }

    /// The number of connections so far.
    pub fn connections(&self) -> usize {
        self.state.0.lock().unwrap().connections
    }

    async fn wait_until(&self, what: &str, done: impl Fn(&ServerState) -> bool) {
        let waiting = async {
            loop {
                let changed = self.state.1.notified();
                tokio::pin!(changed);
                changed.as_mut().enable();
                if done(&self.state.0.lock().unwrap()) {
                    return;
                }
                changed.await;
            }
        };
        tokio::time::timeout(TIMEOUT, waiting).await.unwrap_or_else(|_| panic!("timeout of the mail server: {what}"));
    }
}

/// Handles a line that the server has written.
fn handle_message(state: &mut ServerState, message: &Value) {
    if let Some(port) = message["listening"].as_u64() {
        state.port = u16::try_from(port).unwrap();
    } else if message.get("connection").is_some() {
        state.connections += 1;
    } else if message.get("held").is_some() {
        state.held_responses += 1;
    } else if message.get("done").is_some() {
        state.completed_commands += 1;
    } else if let Some(email) = message.get("message") {
        let text = |name: &str| email[name].as_str().map(str::to_owned);
        state.emails.push(ReceivedEmail {
            from: text("from").unwrap(),
            to: email["to"][0].as_str().unwrap().to_owned(),
            raw: text("text").unwrap(),
            secure: email["secure"].as_bool().unwrap(),
            user: text("user"),
        });
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
