//! `dzwoni serve`: puts the portal together, and takes it apart when it is to end.

use std::{net::SocketAddr, pin::pin, sync::Arc, time::Duration};

use anyhow::{Context, bail, ensure};
use dzwoni::{
    app::App,
    clock::Clock,
    config::{Config, MediaConfig},
    demo,
    emails::Mailer,
    guides::Guides,
    http_server,
    mail_settings::MailSettings,
    operator::Operator,
    router::PortalService,
    workers,
};
use line_test::media_server::MediaServer;
use sqlx::migrate::MigrateError;
use tokio::{net::TcpListener, signal::unix::SignalKind, task::JoinHandle};

use crate::{
    database::{open_database, stop_server, supervise},
    load_guides,
};

/// Serves until Ctrl-C or SIGTERM.
pub async fn serve_portal(config: Config, demo: bool) -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
    let guides = Arc::new(load_guides(config.guides.as_deref())?);
    let operator = Operator::load(config.operator.as_deref())?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("can't listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    ensure!(!demo || address.ip().is_loopback(), "--demo has a sign-in that everybody knows: listen on 127.0.0.1 only");

    let mail = MailSettings::from_config(&config.mail, &operator, &public_url)?;
    let media = start_media_server(&config.media, address, &public_url)?;
    let (db, server) = open_database(&config.database).await?;
    match &media {
        Some(engine) => tracing::info!(ports = ?engine.public_addresses(), "the line test listens"),
        None => tracing::info!("the line test has no media port: see --media-listen"),
    }
    if mail.outbound.is_none() {
        tracing::info!("letters wait: there is no mail server, see --smtp-url");
    }
    let app = App::new(db.clone(), Clock::System, operator, &public_url, config.trusted_proxies, mail, media);
    let preparing = tokio::spawn(prepare_database(app.clone(), guides.clone(), demo));
    let unfinished = preparing.abort_handle();
    let kept_up = server.clone().map(|server| tokio::spawn(supervise(server)));
    let mut prepared = pin!(async { preparing.await? });
    let mut asked_to_end = pin!(async {
        tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
    });
    let post = Arc::new(Mailer::default());
    let working = tokio::spawn(workers::run(app.clone(), post.clone()));
    let live = app.change_feed.clone();
    let listening = tokio::spawn({
        let (live, db) = (live.clone(), db.clone());
        async move { live.run(&db).await }
    });
    let result = async {
        // the private database is there already; one's own may come later, and the guides don't wait for it
        if server.is_some() {
            tokio::select! { prepared = &mut prepared => prepared?, () = &mut asked_to_end => return Ok(()) }
        }
        print_startup_info(&public_url, demo);
        let mut result = Ok(());
        let stop = async {
            tokio::select! {
                () = &mut asked_to_end => {}
                Err(error) = &mut prepared, if server.is_none() => result = Err(error),
            }
            // pages that are kept up to date would keep the server
            live.shut_down();
        };
        http_server::serve(listener, PortalService::new(app.clone(), guides), stop).await;
        result
    }
    .await;
    unfinished.abort();
    post.shutdown(EMAIL_SHUTDOWN_GRACE).await;
    working.abort();
    workers::flush_on_shutdown(&app).await;
    live.shut_down();
    let _ = listening.await;
    db.close().await;
    kept_up.inspect(JoinHandle::abort);
    stop_server(server).await?;
    result
}

/// How long a letter that is being handed over when the program ends has for it.
const EMAIL_SHUTDOWN_GRACE: Duration = Duration::from_secs(10);

/// The line test's own ports, where the settings name some.
fn start_media_server(
    config: &MediaConfig,
    portal: SocketAddr,
    public_url: &str,
) -> anyhow::Result<Option<MediaServer>> {
    let ports = config.ports(portal, public_url)?;
    if ports.is_empty() {
        return Ok(None);
    }
    MediaServer::start(&ports, config.media_tests).map(Some).context("the line test's ports can't be taken")
}

async fn prepare_database(app: App, guides: Arc<Guides>, demo: bool) -> anyhow::Result<()> {
    match app.db.migrate_with_retry().await {
        Err(MigrateError::VersionMissing(version)) => {
            bail!(
                "the database is newer than this program, which does not know its migration {version}: start the newer one"
            )
        }
        applied => applied.context("the database can't be brought up to date")?,
    }
    if demo {
        demo::fill_empty(&app, &guides).await.context("the made-up tickets could not be stored")?;
    }
    Ok(())
}

fn print_startup_info(public_url: &str, demo: bool) {
    println!("The portal:  {public_url}/pl");
    println!("The desk:    {public_url}/staff");
    if demo {
        println!("Sign in as:  {}  password: {}", demo::DEMO_EMAIL, demo::DEMO_PASSWORD);
    }
    println!("Ctrl-C ends it.");
}
