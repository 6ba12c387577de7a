//! A real mail server (tests/browser/smtp.js) and the letters that it took.

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

/// Longer than anything here takes.
const PATIENCE: Duration = Duration::from_secs(30);

/// The settings as the program reads them.
pub fn read(config: &MailConfig) -> MailSettings {
    let operator = Operator::load(None).unwrap();
    MailSettings::from_config(config, &operator, "http://127.0.0.1:8080").unwrap_or_else(|error| panic!("{error:#}"))
}

/// A letter that arrived.
#[derive(Debug, Clone)]
pub struct Letter {
    pub from: String,
    pub to: String,
    pub raw: String,
    pub secure: bool,
    pub user: Option<String>,
}

impl Letter {
    pub fn read(&self) -> Message<'_> {
        MessageParser::default().parse(self.raw.as_bytes()).unwrap()
    }

    pub fn subject(&self) -> String {
        self.read().subject().unwrap().to_owned()
    }

    /// The text, its lines as one.
    pub fn text(&self) -> String {
        self.read().body_text(0).unwrap().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    pub fn header(&self, name: &str) -> Option<String> {
        let message = self.read();
        message.header_raw(name).map(|value| value.split_whitespace().collect::<Vec<_>>().join(" "))
    }

    /// The address of the ticket's page, as the visitor's browser asks for it.
    pub fn link(&self) -> String {
        let text = self.read().body_text(0).unwrap().into_owned();
        let link = text.lines().find(|line| line.starts_with("http://127.0.0.1:8080/")).expect("a link");
        link.trim_start_matches("http://127.0.0.1:8080").to_owned()
    }
}

#[derive(Default)]
struct Heard {
    letters: Vec<Letter>,
    lines: usize,
    held: usize,
    done: usize,
    port: u16,
}

/// The server; it ends with the test.
pub struct MailServer {
    child: Child,
    orders: Mutex<ChildStdin>,
    heard: Arc<(Mutex<Heard>, Notify)>,
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
        let orders = Mutex::new(child.stdin.take().unwrap());
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let heard: Arc<(Mutex<Heard>, Notify)> = Arc::default();
        let hears = heard.clone();
        std::thread::spawn(move || {
            for line in lines.map_while(Result::ok) {
                hear(&mut hears.0.lock().unwrap(), &serde_json::from_str(&line).unwrap());
                hears.1.notify_waiters();
            }
        });
        let server = MailServer { child, orders, heard };
        server
            .until("it listens (are the packages there? npm ci --prefix tests/browser)", |heard| heard.port > 0)
            .await;
        server
    }

    /// The setting that leads to it.
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
        self.heard.0.lock().unwrap().port
    }

    /// Tells it what to do; returns when it does.
    pub async fn order(&self, order: Value) {
        let before = self.heard.0.lock().unwrap().done;
        writeln!(self.orders.lock().unwrap(), "{order}").unwrap();
        self.until("the order", |heard| heard.done > before).await;
    }

    pub async fn refuse(&self, stage: &str, code: u16) {
        self.order(json!({"refuse": {"stage": stage, "code": code, "text": "no thanks"}})).await;
    }

    pub async fn obey(&self) {
        self.order(json!({"reset": true})).await;
    }

    /// Hears what it has told until now.
    async fn listen(&self) {
        self.order(json!({})).await;
    }

    /// Waits until somebody waits for an answer that is held back.
    pub async fn held(&self) {
        self.until("somebody waits", |heard| heard.held > 0).await;
    }

    /// The letters that it has taken.
    pub async fn letters(&self) -> Vec<Letter> {
        self.listen().await;
        self.heard.0.lock().unwrap().letters.clone()
    }

    /// What it has taken since the last time, as `address: subject` in order.
    pub async fn took(&self) -> Vec<String> {
        self.listen().await;
        let letters = std::mem::take(&mut self.heard.0.lock().unwrap().letters);
        letters.iter().map(|letter| format!("{}: {}", letter.to, letter.subject())).collect()
    }

    /// The only letter since the last time.
    pub async fn only(&self) -> Letter {
        self.listen().await;
        let mut letters = std::mem::take(&mut self.heard.0.lock().unwrap().letters);
        assert_eq!(letters.len(), 1, "{letters:?}");
        letters.remove(0)
    }

    /// How many lines were opened.
    pub fn lines(&self) -> usize {
        self.heard.0.lock().unwrap().lines
    }

    async fn until(&self, what: &str, done: impl Fn(&Heard) -> bool) {
        let waited = async {
            loop {
                let heard_more = self.heard.1.notified();
                tokio::pin!(heard_more);
                heard_more.as_mut().enable();
                if done(&self.heard.0.lock().unwrap()) {
                    return;
                }
                heard_more.await;
            }
        };
        tokio::time::timeout(PATIENCE, waited).await.unwrap_or_else(|_| panic!("waited for the mail server: {what}"));
    }
}

fn hear(heard: &mut Heard, told: &Value) {
    if let Some(port) = told["listening"].as_u64() {
        heard.port = u16::try_from(port).unwrap();
    } else if told.get("connection").is_some() {
        heard.lines += 1;
    } else if told.get("held").is_some() {
        heard.held += 1;
    } else if told.get("done").is_some() {
        heard.done += 1;
    } else if let Some(letter) = told.get("message") {
        let text = |name: &str| letter[name].as_str().map(str::to_owned);
        heard.letters.push(Letter {
            from: text("from").unwrap(),
            to: letter["to"][0].as_str().unwrap().to_owned(),
            raw: text("text").unwrap(),
            secure: letter["secure"].as_bool().unwrap(),
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
