//! What every room needs: made once in `main`, handed to every handler.

use std::{convert::Infallible, ops::Deref, sync::Arc};

use axum::{extract::FromRequestParts, http::request::Parts};
use ipnet::IpNet;
use line_test::media_server::MediaServer;
use time::OffsetDateTime;

use crate::{
    assets::Assets, change_feed::ChangeFeed, clock::Clock, config::is_loopback_url, db::Db,
    mail_settings::MailSettings, operator::Operator, page_cache::PageCache, page_views::PageViewCounter,
    public_incidents::PublicIncidentCache,
};

/// The running application.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// What is in it.
pub struct AppState {
    pub db: Db,
    pub clock: Clock,
    pub operator: Operator,
    pub assets: Arc<Assets>,
    pub page_cache: PageCache,
    pub page_views: PageViewCounter,
    pub public_incidents: PublicIncidentCache,
    pub change_feed: Arc<ChangeFeed>,
    pub mail: MailSettings,
    /// Where people reach the portal, without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    /// The line test's media ports, where there are any.
    pub media_server: Option<MediaServer>,
}

/// The operator, and the files in the operator's colours. These take a while to compress: whoever makes many apps makes one
/// of these for all of them.
#[derive(Clone)]
pub struct Appearance {
    operator: Operator,
    assets: Arc<Assets>,
}

impl From<Operator> for Appearance {
    fn from(operator: Operator) -> Appearance {
        Appearance { assets: Arc::new(Assets::load(&operator)), operator }
    }
}

impl App {
    pub fn new(
        db: Db,
        clock: Clock,
        appearance: impl Into<Appearance>,
        public_url: &str,
        trusted_proxies: Vec<IpNet>,
        mail: MailSettings,
        media: Option<MediaServer>,
    ) -> App {
        let Appearance { operator, assets } = appearance.into();
        App(Arc::new(AppState {
            assets,
            page_cache: PageCache::default(),
            page_views: PageViewCounter::default(),
            public_incidents: PublicIncidentCache::default(),
            change_feed: Arc::new(ChangeFeed::new(clock.clone())),
            db,
            clock,
            operator,
            public_url: public_url.trim_end_matches('/').to_owned(),
            trusted_proxies,
            mail,
            media_server: media,
        }))
    }

    /// Whether people reach the portal in a way on which browsers keep `Secure` cookies: HTTPS, or this machine.
    pub fn is_secure(&self) -> bool {
        self.public_url.starts_with("https://") || is_loopback_url(&self.public_url)
    }
}

impl Deref for App {
    type Target = AppState;

    fn deref(&self) -> &AppState {
        &self.0
    }
}

/// The moment at which a request is answered.
pub struct Now(pub OffsetDateTime);

impl FromRequestParts<App> for Now {
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, app: &App) -> Result<Now, Infallible> {
        Ok(Now(app.clock.now()))
    }
}
