//! The world of a test: the real portal on a real PostgreSQL, a clock that is held, and browsers to walk with.

mod answer;
mod events;
pub mod mail;

use std::{
    collections::BTreeMap,
    io::{BufRead, BufReader},
    net::{IpAddr, SocketAddr},
    process::{Command, Stdio},
    sync::{Arc, LazyLock, Mutex},
};

pub use answer::{Answer, unescaped};
use axum::{
    body::{Body, to_bytes},
    http::{Method, Request, header},
    response::Response,
};
use dzwoni::{
    app::{App, Appearance},
    clock::Clock,
    config::MailConfig,
    db::{Db, MIGRATOR},
    guides::{self, Guides},
    incidents,
    mail_settings::MailSettings,
    operator::Operator,
    router::PortalService,
    staff::{self, Password, StaffRole},
};
pub use events::Events;
use sqlx::{ConnectOptions, Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use time::{OffsetDateTime, macros::datetime};
use tokio::sync::OnceCell;
use uuid::Uuid;

/// Friday, 20 November 2026, 14:30 in Warsaw.
pub const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);

pub const PASSWORD: &str = "a long test password";

/// The address of a server that all tests of this run share. It ends when this process does: the program that lends it
/// waits for our end of a pipe to close.
static SERVER: OnceCell<PgConnectOptions> = OnceCell::const_new();

async fn server() -> PgConnectOptions {
    SERVER
        .get_or_init(|| async {
            let url = tokio::task::spawn_blocking(lend).await.unwrap();
            let options: PgConnectOptions = url.parse().unwrap();
            let mut db = options.connect().await.unwrap();
            // one process at a time makes the template; nextest has many
            sqlx::query("select pg_advisory_lock(7)").execute(&mut db).await.unwrap();
            let exists: bool = sqlx::query_scalar("select exists (select 1 from pg_database where datname = $1)")
                .bind(template())
                .fetch_one(&mut db)
                .await
                .unwrap();
            if !exists {
                run(&mut db, format!("create database {}_new", template())).await;
                let mut made = options.clone().database(&format!("{}_new", template())).connect().await.unwrap();
                MIGRATOR.run_direct(None, &mut made, false).await.unwrap();
                made.close().await.unwrap();
                run(&mut db, format!("alter database {0}_new rename to {0}", template())).await;
            }
            db.close().await.unwrap();
            options
        })
        .await
        .clone()
}

/// One template for each state of the migrations.
fn template() -> String {
    let sums = MIGRATOR.iter().flat_map(|migration| migration.checksum.iter().copied());
    format!("template_{:016x}", sums.fold(0_u64, |sum, byte| sum.wrapping_mul(1_099_511_628_211) ^ u64::from(byte)))
}

fn lend() -> String {
    let mut lender = Command::new(env!("CARGO_BIN_EXE_dzwoni"))
        .args(["with-database", "--data", concat!(env!("CARGO_MANIFEST_DIR"), "/target/postgres"), "--"])
        .args(["sh", "-c", "echo \"$DATABASE_URL\"; exec cat"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut url = String::new();
    BufReader::new(lender.stdout.take().unwrap()).read_line(&mut url).unwrap();
    assert!(url.starts_with("postgres:"), "the test database did not start");
    // neither waited for nor closed: both happen when this process ends
    std::mem::forget(lender);
    url.trim().to_owned()
}

async fn run(db: &mut PgConnection, sql: String) {
    sqlx::raw_sql(sqlx::AssertSqlSafe(sql)).execute(db).await.unwrap();
}

pub struct World {
    pub app: App,
    pub clock: Clock,
    pub guides: Arc<Guides>,
    portal: PortalService,
    name: String,
    options: PgConnectOptions,
    pool: OnceCell<PgPool>,
}

impl World {
    pub async fn new() -> World {
        World::at(NOW).await
    }

    pub async fn at(now: OffsetDateTime) -> World {
        let server = server().await;
        let name = format!("test_{}", Uuid::new_v4().simple());
        let mut db = server.connect().await.unwrap();
        // quicker than through the log, where a crash may cost everything
        run(&mut db, format!("create database {name} template {} strategy file_copy", template())).await;
        db.close().await.unwrap();
        let options = server.database(&name);
        let db = Db::new(options.to_url_lossy().as_str()).unwrap();
        World::with(db, options, name, now, None, MailSettings::default())
    }

    /// A world that has a way to send letters.
    pub async fn with_mail(config: &MailConfig) -> World {
        let mut world = World::new().await;
        let db = Db::new(world.options.to_url_lossy().as_str()).unwrap();
        let name = std::mem::take(&mut world.name);
        World::with(db, world.options.clone(), name, NOW, None, mail::read(config))
    }

    /// A second program on the same database, with a way to send letters.
    pub fn second_with_mail(&self, config: &MailConfig) -> World {
        let url = self.options.to_url_lossy();
        let now = self.clock.now();
        World::with(
            Db::new(url.as_str()).unwrap(),
            url.as_str().parse().unwrap(),
            String::new(),
            now,
            None,
            mail::read(config),
        )
    }

    /// A world with a media port for the line test.
    pub async fn with_media(engine: line_test::media_server::MediaServer) -> World {
        let mut world = World::new().await;
        let db = Db::new(world.options.to_url_lossy().as_str()).unwrap();
        let name = std::mem::take(&mut world.name);
        World::with(db, world.options.clone(), name, NOW, Some(engine), MailSettings::default())
    }

    /// A world whose database can't be reached.
    pub async fn without_database() -> World {
        World::on("postgres:///none?host=/nonexistent&user=nobody")
    }

    /// A world on a server of the test's own.
    pub fn on(url: &str) -> World {
        World::with(Db::new(url).unwrap(), url.parse().unwrap(), String::new(), NOW, None, MailSettings::default())
    }

    /// The address of its database, for programs of their own.
    pub fn url(&self) -> String {
        self.options.to_url_lossy().to_string()
    }

    /// A second program on the same database.
    pub fn second(&self) -> World {
        World::on(self.options.to_url_lossy().as_str())
    }

    fn with(
        db: Db,
        options: PgConnectOptions,
        name: String,
        now: OffsetDateTime,
        media: Option<line_test::media_server::MediaServer>,
        mail: MailSettings,
    ) -> World {
        // both are the same in every world, and take longer to make than most tests
        static APPEARANCE: LazyLock<Appearance> = LazyLock::new(|| Operator::load(None).unwrap().into());
        static GUIDES: LazyLock<Arc<Guides>> =
            LazyLock::new(|| Arc::new(guides::load_built_in().unwrap_or_else(|faults| panic!("{faults:?}"))));
        let clock = Clock::manual(now);
        let trusted = vec!["10.0.0.0/8".parse().unwrap()];
        let app = App::new(db, clock.clone(), APPEARANCE.clone(), "http://127.0.0.1:8080", trusted, mail, media);
        let guides = GUIDES.clone();
        let portal = PortalService::new(app.clone(), guides.clone());
        World { app, clock, guides, portal, name, options, pool: OnceCell::new() }
    }

    /// Hears what changes, as a program that serves does.
    pub async fn listening(self) -> World {
        let (live, db) = (self.app.change_feed.clone(), self.app.db.clone());
        tokio::spawn(async move { live.run(&db).await });
        let app = self.app.clone();
        tokio::spawn(async move { incidents::follow_changes(&app).await });
        let mut connected = self.app.change_feed.subscribe_connected();
        connected.wait_for(|connected| *connected).await.unwrap();
        self
    }

    pub async fn sql(&self) -> &PgPool {
        self.pool.get_or_init(|| async { PgPool::connect_with(self.options.clone()).await.unwrap() }).await
    }

    /// One number out of the database.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.sql().await).await.unwrap()
    }

    pub fn advance(&self, by: time::Duration) {
        self.clock.advance(by);
    }

    /// Somebody at home.
    pub fn visitor(&self) -> Browser {
        Browser {
            portal: self.portal.clone(),
            cookies: Arc::default(),
            ip: "203.0.113.7".parse().unwrap(),
            headers: BTreeMap::from([
                ("user-agent", "Mozilla/5.0 (test)".to_owned()),
                ("accept-language", "pl".to_owned()),
            ]),
        }
    }

    /// A signed-in agent with a first name.
    pub async fn agent(&self, name: &str) -> Browser {
        self.staff(name, StaffRole::Agent).await
    }

    pub async fn admin(&self, name: &str) -> Browser {
        self.staff(name, StaffRole::Admin).await
    }

    async fn staff(&self, name: &str, role: StaffRole) -> Browser {
        let email = self.add_staff(name, role).await;
        self.signed_in(&email).await
    }

    /// Somebody who has an account, at this program's door.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let browser = self.visitor();
        let answer = browser.post("/staff/login", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.location(), "/staff", "{}", answer.body);
        browser
    }

    /// An account with a password; gives its e-mail address.
    pub async fn add_staff(&self, name: &str, role: StaffRole) -> String {
        let email = format!("{}@example.com", name.to_lowercase());
        let mut tx = self.app.db.begin().await.unwrap();
        let id = staff::insert(&mut tx, &email, name, role, self.clock.now()).await.unwrap().unwrap();
        // a hash is meant to take its time: one does for everybody
        static HASH: OnceCell<String> = OnceCell::const_new();
        let password = || Password::new(PASSWORD, &email).unwrap_or_else(|say| panic!("{say:?}"));
        let hash = HASH.get_or_init(|| async { password().hash().await.unwrap() }).await;
        staff::set_password(&mut tx, id, hash).await.unwrap();
        tx.commit().await.unwrap();
        email
    }
}

/// A database without any table, and what drops it.
pub async fn empty_database() -> (PgConnection, impl Drop) {
    struct Dropper(String, PgConnectOptions);
    impl Drop for Dropper {
        fn drop(&mut self) {
            drop_database(std::mem::take(&mut self.0), self.1.clone());
        }
    }
    let server = server().await;
    let name = format!("test_{}", Uuid::new_v4().simple());
    let mut db = server.connect().await.unwrap();
    run(&mut db, format!("create database {name}")).await;
    db.close().await.unwrap();
    (server.clone().database(&name).connect().await.unwrap(), Dropper(name, server))
}

/// Waits until `done` is true, asking again as soon as the machine allows; fails after `patience`.
pub async fn eventually<F: Future<Output = bool>>(patience: std::time::Duration, done: impl Fn() -> F) {
    let asked = async {
        while !done().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(patience, asked).await.expect("it did not come true in time");
}

impl Drop for World {
    fn drop(&mut self) {
        if !self.name.is_empty() {
            drop_database(std::mem::take(&mut self.name), self.options.clone());
        }
    }
}

fn drop_database(name: String, options: PgConnectOptions) {
    let options = options.database("postgres");
    let drop = async move {
        let mut db = options.connect().await.unwrap();
        run(&mut db, format!("drop database {name} with (force)")).await;
    };
    // a test's own runtime may be ending
    let _ = std::thread::spawn(|| {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(drop);
    })
    .join();
}

/// A browser with its cookies.
#[derive(Clone)]
pub struct Browser {
    portal: PortalService,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    ip: IpAddr,
    headers: BTreeMap<&'static str, String>,
}

impl Browser {
    #[expect(clippy::wrong_self_convention, reason = "read at the call: a visitor from an address")]
    pub fn from_ip(mut self, ip: &str) -> Browser {
        self.ip = ip.parse().unwrap();
        self
    }

    pub fn with_header(mut self, name: &'static str, value: &str) -> Browser {
        self.headers.insert(name, value.to_owned());
        self
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, Body::empty()).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.post_raw(path, body).await
    }

    pub async fn post_raw(&self, path: &str, body: impl Into<Body>) -> Answer {
        self.send(Method::POST, path, body.into()).await
    }

    /// Opens a stream of events.
    pub async fn listen(&self, path: &str) -> Events {
        let response = self.response(Method::GET, path, Body::empty()).await;
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/event-stream", "{path}");
        Events::new(response.into_body())
    }

    pub async fn send(&self, method: Method, path: &str, body: Body) -> Answer {
        let (parts, body) = self.response(method, path, body).await.into_parts();
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
            path: path.to_owned(),
        }
    }

    async fn response(&self, method: Method, path: &str, body: Body) -> Response {
        let mut request = Request::builder().method(&method).uri(path).header(header::HOST, "127.0.0.1:8080");
        for (name, value) in &self.headers {
            request = request.header(*name, value);
        }
        if method == Method::POST && !self.headers.contains_key("content-type") {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        let cookies = self.cookies.lock().unwrap().iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>();
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        let peer = SocketAddr::new(self.ip, 40_000);
        let response = self.portal.handle(request.body(body).unwrap(), peer).await;
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let cookie = cookie.to_str().unwrap();
            let (name, rest) = cookie.split_once('=').unwrap();
            let value = rest.split(';').next().unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        response
    }

    /// Follows a redirect.
    pub async fn follow(&self, answer: &Answer) -> Answer {
        self.get(answer.location()).await
    }
}
