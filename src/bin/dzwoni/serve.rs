//! `dzwoni serve`: starts the portal and shuts it down.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use anyhow::{Context, bail, ensure};
use dzwoni::{
    app::App,
    clock::Clock,
    config::{Config, MediaConfig, is_loopback_url},
    demo,
    emails::Mailer,
    guides::Guides,
    http_server,
    i18n::Lang,
    jobs,
    mail_settings::MailSettings,
    operator::Operator,
    router::PortalService,
    staff, urls,
};
use line_test::media_server::MediaServer;
use sqlx::migrate::MigrateError;
use tokio::{net::TcpListener, signal::unix::SignalKind, task::JoinHandle};

use crate::{
    database::{open_database, stop_server, supervise},
    guides::load_guides,
};

/// How long the e-mail that is being sent at shutdown may take.
const EMAIL_SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// Serves until Ctrl-C or SIGTERM.
pub(crate) async fn serve_portal(config: Config, demo: bool) -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
    let guides = Arc::new(load_guides(config.guides.as_deref())?);
    let operator = Operator::load(config.operator.as_deref())?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    ensure!(
        !demo || (address.ip().is_loopback() && is_loopback_url(&public_url)),
        "--demo has a publicly known login: listen on 127.0.0.1 only, and without a public URL"
    );

    let mail = MailSettings::from_config(&config.mail, &operator, &public_url)?;
    let media = start_media_server(&config.media, address, &public_url)?;
    let (db, server) = open_database(&config.database).await?;
    match &media {
        Some(media) => tracing::info!(ports = ?media.public_addresses(), "the line test has media ports"),
        None => tracing::info!("the line test has no media port: see --media-listen"),
    }
    if mail.outbound.is_none() {
        tracing::info!("e-mails stay queued, because there is no SMTP server: see --smtp-url");
    }
    let app = App::new(db.clone(), Clock::System, operator, &public_url, config.trusted_proxies, mail, media);
    let preparing = tokio::spawn(prepare_database(app.clone(), guides.clone(), demo));
    let abort_preparing = preparing.abort_handle();
    let supervisor = server.clone().map(|server| tokio::spawn(supervise(server)));
    let mut prepared = pin!(async { preparing.await? });
    let mut stop_signal = pin!(async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    });
    let mailer = Arc::new(Mailer::default());
    let running_jobs = tokio::spawn(jobs::run(app.clone(), mailer.clone()));
    let change_feed = app.change_feed.clone();
    let listening = tokio::spawn({
        let (change_feed, db) = (change_feed.clone(), db.clone());
        async move { change_feed.run(&db).await }
    });
    let result = async {
        // with an external database the guides are served at once; the private server is running already
        if server.is_some() {
            tokio::select! { prepared = &mut prepared => prepared?, () = &mut stop_signal => return Ok(()) }
        }
        print_startup_info(&public_url, demo);
        let mut result = Ok(());
        let shutdown = async {
            tokio::select! {
                () = &mut stop_signal => {}
                Err(error) = &mut prepared, if server.is_none() => result = Err(error),
            }
            // open event streams would delay the shutdown
            change_feed.shut_down();
        };
        let portal = PortalService::new(app.clone(), guides, config.timeouts.body_timeout);
        http_server::serve(listener, portal, config.timeouts.header_timeout, shutdown).await;
        result
    }
    .await;
    abort_preparing.abort();
    mailer.shutdown(EMAIL_SHUTDOWN_GRACE).await;
    running_jobs.abort();
    jobs::flush_on_shutdown(&app).await;
    change_feed.shut_down();
    let _ = listening.await;
    db.close().await;
    supervisor.inspect(JoinHandle::abort);
    stop_server(server).await?;
    result
}

/// Starts the media ports of the line test, if there are any.
fn start_media_server(
    config: &MediaConfig,
    portal: SocketAddr,
    public_url: &str,
) -> anyhow::Result<Option<MediaServer>> {
    let ports = config.ports(portal, public_url)?;
    if ports.is_empty() {
        return Ok(None);
    }
    MediaServer::start(&ports, config.media_tests).map(Some).context("cannot open the media ports of the line test")
}

async fn prepare_database(app: App, guides: Arc<Guides>, demo: bool) -> anyhow::Result<()> {
    match app.db.migrate_with_retry().await {
        Err(MigrateError::VersionMissing(version)) => {
            bail!("the database has the unknown migration {version}: it belongs to a newer version of this program")
        }
        applied => applied.context("cannot migrate the database")?,
    }
    if app.is_public() {
        staff::revoke_published_passwords(&app).await.context("cannot look for published passwords")?;
    }
    if demo {
        demo::fill_empty(&app, &guides).await.context("cannot create the demo tickets")?;
    }
    Ok(())
}

fn print_startup_info(public_url: &str, demo: bool) {
    println!("The portal:  {public_url}{}", urls::public::home(Lang::default()));
    println!("Staff pages: {public_url}{}", urls::staff::QUEUE);
    if demo {
        println!("Login:       {}  password: {}", demo::DEMO_EMAIL, demo::DEMO_PASSWORD);
    }
    println!("Press Ctrl-C to stop.");
}
