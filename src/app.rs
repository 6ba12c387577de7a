//! The application state: created once at start and passed to every handler.

use std::{convert::Infallible, ops::Deref, sync::Arc};

use axum::{
    extract::{FromRef, FromRequestParts},
    http::request::Parts,
};
use ipnet::IpNet;
use line_test::media_server::MediaServer;
use time::OffsetDateTime;

use crate::{
    assets::Assets, change_feed::ChangeFeed, clock::Clock, config::is_loopback_url, db::Db,
    mail_settings::MailSettings, operator::Operator, page_cache::PageCache, page_views::PageViewCounter,
    public_incidents::PublicIncidentCache, signing::CachedSecret,
};

/// A cheaply cloned handle to the application state.
#[derive(Clone)]
pub struct App(Arc<AppState>);

/// The state that all handlers share.
pub struct AppState {
    pub db: Db,
    pub signing_secret: CachedSecret,
    pub clock: Clock,
    pub operator: Operator,
    pub assets: Arc<Assets>,
    pub page_cache: PageCache,
    pub page_views: PageViewCounter,
    pub public_incidents: PublicIncidentCache,
    pub change_feed: Arc<ChangeFeed>,
    pub mail: MailSettings,
    /// The URL of the portal, without a slash at the end.
    pub public_url: String,
    pub trusted_proxies: Vec<IpNet>,
    /// The media ports of the line test, if it has any.
    pub media_server: Option<MediaServer>,
}

/// The operator and the static files in the operator's colours. Compressing the files takes a while, so tests share one
/// value between many apps.
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
        media_server: Option<MediaServer>,
    ) -> App {
        let Appearance { operator, assets } = appearance.into();
        App(Arc::new(AppState {
            assets,
            page_cache: PageCache::default(),
            page_views: PageViewCounter::default(),
            public_incidents: PublicIncidentCache::default(),
            change_feed: Arc::new(ChangeFeed::new(clock.clone())),
            db,
            signing_secret: CachedSecret::default(),
            clock,
            operator,
            public_url: public_url.trim_end_matches('/').to_owned(),
            trusted_proxies,
            mail,
            media_server,
        }))
    }

    /// Whether others than the users of this machine reach the portal.
    pub fn is_public(&self) -> bool {
        !is_loopback_url(&self.public_url)
    }

    /// Whether browsers store `Secure` cookies of the portal: over HTTPS or on a loopback address.
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

/// The time of a request.
pub struct Now(pub OffsetDateTime);

impl<S: Send + Sync> FromRequestParts<S> for Now
where
    App: FromRef<S>,
{
    type Rejection = Infallible;

    async fn from_request_parts(_: &mut Parts, state: &S) -> Result<Now, Infallible> {
        Ok(Now(App::from_ref(state).clock.now()))
    }
}
