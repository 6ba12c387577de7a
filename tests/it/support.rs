//! The world of a test: the real portal on a real PostgreSQL, a clock that the test moves, and browsers.

mod browser;
mod database;
mod events;
mod invariants;
pub mod mail;
mod response;

use std::{
    sync::{Arc, LazyLock},
    time::Duration,
};

pub use browser::Browser;
use database::TestDatabase;
pub use database::{empty_database, migrated_database};
use dzwoni::{
    app::{App, Appearance},
    clock::Clock,
    config::MailConfig,
    db::Db,
    guides::{self, Guides},
    incidents,
    mail_settings::MailSettings,
    operator::Operator,
    router::PortalService,
    staff::{self, Password, StaffRole},
};
pub use events::Events;
use line_test::media_server::MediaServer;
pub use response::{TestResponse, unescape_html};
use sqlx::{ConnectOptions, PgPool};
use time::{OffsetDateTime, macros::datetime};
use tokio::sync::OnceCell;

/// Friday, 20 November 2026, 14:30 in Warsaw.
pub const NOW: OffsetDateTime = datetime!(2026-11-20 13:30 UTC);

pub const BODY_TIMEOUT: Duration = Duration::from_secs(20);

pub const PASSWORD: &str = "a long test password";

pub struct World {
    pub app: App,
    pub clock: Clock,
    pub guides: Arc<Guides>,
    portal: PortalService,
    pool: OnceCell<PgPool>,
    database: TestDatabase,
}

impl World {
    pub async fn new() -> World {
        World::at(NOW).await
    }

    pub async fn at(now: OffsetDateTime) -> World {
        World::build(TestDatabase::create().await, now, None, MailSettings::default())
    }

    /// A world that sends e-mail.
    pub async fn with_mail(config: &MailConfig) -> World {
        World::build(TestDatabase::create().await, NOW, None, mail::settings(config))
    }

    /// A second process on the same database, which sends e-mail.
    pub fn second_with_mail(&self, config: &MailConfig) -> World {
        let database = TestDatabase::external(self.database.options.clone());
        World::build(database, self.clock.now(), None, mail::settings(config))
    }

    /// A world with a media port for the line test.
    pub async fn with_media(media: MediaServer) -> World {
        World::build(TestDatabase::create().await, NOW, Some(media), MailSettings::default())
    }

    /// A world whose database is unavailable.
    pub async fn without_database() -> World {
        World::on("postgres:///none?host=/nonexistent&user=nobody")
    }

    /// A world on a server that the test started itself.
    pub fn on(url: &str) -> World {
        World::build(TestDatabase::external(url.parse().unwrap()), NOW, None, MailSettings::default())
    }

    /// The URL of the database, for other programs.
    pub fn url(&self) -> String {
        self.database.options.to_url_lossy().to_string()
    }

    /// A second process on the same database.
    pub fn second(&self) -> World {
        World::on(&self.url())
    }

    fn build(database: TestDatabase, now: OffsetDateTime, media: Option<MediaServer>, mail: MailSettings) -> World {
        // both are the same in every world, and building them takes longer than most tests
        static APPEARANCE: LazyLock<Appearance> = LazyLock::new(|| Operator::load(None).unwrap().into());
        static GUIDES: LazyLock<Arc<Guides>> =
            LazyLock::new(|| Arc::new(guides::load_built_in().unwrap_or_else(|errors| panic!("{errors:?}"))));
        let db = Db::new(database.options.to_url_lossy().as_str()).unwrap();
        let clock = Clock::manual(now);
        let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        let app =
            App::new(db, clock.clone(), APPEARANCE.clone(), "http://127.0.0.1:8080", trusted_proxies, mail, media);
        let guides = GUIDES.clone();
        let portal = PortalService::new(app.clone(), guides.clone(), BODY_TIMEOUT);
        World { app, clock, guides, portal, pool: OnceCell::new(), database }
    }

    /// Starts the background tasks that follow changes in the database, as `serve` does.
    pub async fn listening(self) -> World {
        let (change_feed, db) = (self.app.change_feed.clone(), self.app.db.clone());
        tokio::spawn(async move { change_feed.run(&db).await });
        let app = self.app.clone();
        tokio::spawn(async move { incidents::follow_changes(&app).await });
        let mut connected = self.app.change_feed.subscribe_connected();
        connected.wait_for(|connected| *connected).await.unwrap();
        self
    }

    pub async fn sql(&self) -> &PgPool {
        self.pool.get_or_init(|| async { PgPool::connect_with(self.database.options.clone()).await.unwrap() }).await
    }

    /// The result of a query that returns one number.
    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(self.sql().await).await.unwrap()
    }

    /// Every world checks the invariants when it ends. This checks them in the middle of a test.
    pub async fn assert_invariants(&self) {
        let mut db = self.sql().await.acquire().await.unwrap();
        assert_eq!(invariants::violations(&mut db).await, Vec::<String>::new());
    }

    /// For tests that write rows which no command would write.
    pub fn skip_invariants(&self) {
        self.database.skip_invariants();
    }

    pub fn advance(&self, by: time::Duration) {
        self.clock.advance(by);
    }

    /// A customer's browser without cookies.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.portal.clone())
    }

    /// The browser of a new agent with this first name, signed in.
    pub async fn agent(&self, name: &str) -> Browser {
        let email = self.add_staff(name, StaffRole::Agent).await;
        self.signed_in(&email).await
    }

    /// The browser of a new admin with this first name, signed in.
    pub async fn admin(&self, name: &str) -> Browser {
        let email = self.add_staff(name, StaffRole::Admin).await;
        self.signed_in(&email).await
    }

    /// The browser of an existing staff member, signed in to this process.
    pub async fn signed_in(&self, email: &str) -> Browser {
        let browser = self.visitor();
        let response = browser.post("/staff/login", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(response.location(), "/staff", "{}", response.body);
        browser
    }

    /// Adds an account with a password; returns its e-mail address.
    pub async fn add_staff(&self, name: &str, role: StaffRole) -> String {
        let email = format!("{}@example.com", name.to_lowercase());
        let mut tx = self.app.db.begin().await.unwrap();
        let id = staff::insert(&mut tx, &email, name, role, self.clock.now()).await.unwrap().unwrap();
        // hashing is slow on purpose, so all accounts share one hash
        static HASH: OnceCell<String> = OnceCell::const_new();
        let password = || Password::new(PASSWORD, &email).unwrap_or_else(|message| panic!("{message:?}"));
        let hash = HASH.get_or_init(|| async { password().hash().await.unwrap() }).await;
        staff::set_password(&mut tx, id, hash).await.unwrap();
        tx.commit().await.unwrap();
        email
    }
}

/// Waits until `condition` is true and panics after `timeout`.
pub async fn eventually<F: Future<Output = bool>>(timeout: Duration, condition: impl Fn() -> F) {
    let polling = async {
        while !condition().await {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(timeout, polling).await.expect("the condition did not become true in time");
}
