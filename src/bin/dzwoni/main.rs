//! The command line: wires the rooms together, nothing else.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, bail, ensure};
use clap::{Parser, Subcommand};
use dzwoni::{
    addresses::import::Import,
    api::TokenCommand,
    app::App,
    checks,
    clock::Clock,
    config::{Config, DatabaseConfig, MailConfig, MediaConfig},
    db::Db,
    demo,
    email::is_email,
    guides::{self, Guides},
    letters::Post,
    mail::Mail,
    mail_in::{
        Postbox,
        command::{self, Exit},
    },
    operator::Operator,
    postgres::{Durability, Server},
    router, serve,
    staff::{self, Role},
    workers,
};
use linktest::engine::Engine;
use tokio::{net::TcpListener, signal::unix::SignalKind};

/// The portal where customers of a VoIP operator find out why a call failed, and where its staff answer them.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the portal until Ctrl-C or SIGTERM
    Serve {
        #[command(flatten)]
        config: Config,
        /// Fill an empty database with made-up tickets and a sign-in that everybody knows; only on this machine
        #[arg(long)]
        demo: bool,
    },
    /// Bring the database up to date
    Migrate {
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Fill the database with made-up tickets of the last year, to see the portal with as many as one likes
    Demo {
        /// How many
        #[arg(long, default_value_t = 10_000)]
        tickets: u32,
        /// The same seed gives the same tickets (default: the first that was not used in this database)
        #[arg(long)]
        seed: Option<u64>,
        /// A folder with guides (default: the built-in ones)
        #[arg(long, env = "DZWONI_GUIDES")]
        guides: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Manage the staff's accounts
    #[command(subcommand)]
    Staff(StaffCommand),
    /// Look after the guides
    #[command(subcommand)]
    Guides(GuidesCommand),
    /// Mail that comes in
    #[command(subcommand)]
    Mail(MailCommand),
    /// Look after the list of blocked addresses
    #[command(subcommand)]
    Addresses(AddressesCommand),
    /// Say which programs may speak to the API
    Token {
        #[command(subcommand)]
        command: TokenCommand,
        #[command(flatten)]
        database: DatabaseConfig,
    },
    /// Run a command with DATABASE_URL set to an empty database of a private, fast and forgetful server
    #[command(hide = true)]
    WithDatabase {
        /// Where the server keeps its data
        #[arg(long)]
        data: PathBuf,
        /// Apply the migrations in this folder first
        #[arg(long)]
        migrations: Option<PathBuf>,
        #[arg(last = true, required = true)]
        command: Vec<String>,
    },
}

#[derive(Subcommand)]
enum StaffCommand {
    /// Add a person, or make a new link for one who is there; prints a one-time link to set the password
    Add {
        email: String,
        /// The name that colleagues see, and customers its first word
        #[arg(long)]
        name: String,
        #[arg(long, value_enum)]
        role: Role,
        /// Address under which people reach the portal
        #[arg(long, env = "DZWONI_PUBLIC_URL", default_value = "http://127.0.0.1:8080")]
        public_url: String,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
enum MailCommand {
    /// Take one message (RFC 5322) from standard input, as mail servers hand it to a program. Ends with 0 once it is stored,
    /// whatever it was; 75 for "try again later"; 65 when there is no message
    Receive {
        #[command(flatten)]
        mail: MailConfig,
        /// TOML file about the operator (default: an example)
        #[arg(long, env = "DZWONI_OPERATOR")]
        operator: Option<PathBuf>,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

#[derive(Subcommand)]
enum GuidesCommand {
    /// Read all guides and say, with file and line, what is wrong with them
    Check {
        /// A folder with guides (default: the built-in ones)
        #[arg(env = "DZWONI_GUIDES")]
        folder: Option<PathBuf>,
    },
}

#[derive(Subcommand)]
enum AddressesCommand {
    /// Read in a list; lines that can't be read are named and left out
    Import {
        #[command(flatten)]
        import: Import,
        #[command(flatten)]
        database: DatabaseConfig,
    },
}

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        // a wrong setting is not the message's fault: it must come again, not go back to who sent it
        Err(error) if error.use_stderr() && is_mail_receive() => {
            let _ = error.print();
            return Exit::Later.into();
        }
        Err(error) => error.exit(),
    };
    match run(arguments.command) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("dzwoni: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Serve { config, demo } => {
            log();
            runtime()?.block_on(serve_portal(config, demo))?;
        }
        Command::Migrate { database } => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("The database is up to date.");
                Ok(())
            })?;
        }
        Command::Demo { tickets, seed, guides, database } => {
            let guides = load_guides(guides.as_deref())?;
            with_database(&database, async |db| {
                db.migrate().await?;
                demo::fill(db, guides, tickets, seed, Clock::System.now()).await?;
                println!("`dzwoni serve --demo` shows them.");
                Ok(())
            })?;
        }
        Command::Staff(StaffCommand::Add { email, name, role, public_url, database }) => {
            ensure!(is_email(&email), "{email} is not an e-mail address");
            with_database(&database, async |db| add_staff(db, &email, name.trim(), role, &public_url).await)?;
        }
        Command::Guides(GuidesCommand::Check { folder }) => {
            load_guides(folder.as_deref())?;
            println!("The guides can be walked: every answer leads on, in both languages.");
        }
        Command::Mail(MailCommand::Receive { mail, operator, database }) => {
            return Ok(receive_mail(&mail, operator.as_deref(), &database).into());
        }
        Command::Addresses(AddressesCommand::Import { import, database }) => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("{}", import.run(db, &Clock::System).await?);
                Ok(())
            })?;
        }
        Command::Token { command, database } => {
            with_database(&database, async |db| {
                db.migrate().await?;
                println!("{}", command.run(db, &Clock::System).await?);
                Ok(())
            })?;
        }
        Command::WithDatabase { data, migrations, command } => return lend_database(&data, migrations, &command),
    }
    Ok(ExitCode::SUCCESS)
}

async fn serve_portal(config: Config, demo: bool) -> anyhow::Result<()> {
    let mut terminate = tokio::signal::unix::signal(SignalKind::terminate())?;
    let mut interrupt = tokio::signal::unix::signal(SignalKind::interrupt())?;
    let guides = Arc::new(load_guides(config.guides.as_deref())?);
    let operator = Operator::load(config.operator.as_deref())?;
    let listener =
        TcpListener::bind(config.listen).await.with_context(|| format!("can't listen on {}", config.listen))?;
    let address = listener.local_addr()?;
    let public_url = config.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    ensure!(!demo || address.ip().is_loopback(), "--demo has a sign-in that everybody knows: listen on 127.0.0.1 only");

    let mail = Mail::of(&config.mail, &operator, &public_url)?;
    let media = open_media(&config.media, address, &public_url)?;
    let (db, server) = open_database(&config.database).await?;
    match &media {
        Some(engine) => tracing::info!(ports = ?engine.ports(), "the line test listens"),
        None => tracing::info!("the line test has no media port: see --media-listen"),
    }
    if mail.way.is_none() {
        tracing::info!("letters wait: there is no mail server, see --smtp-url");
    }
    let app = App::new(db.clone(), Clock::System, operator, &public_url, config.trusted_proxies, mail, media);
    let prepared = tokio::spawn(prepare(app.clone(), guides.clone(), demo));
    let post = Arc::new(Post::default());
    let working = tokio::spawn(workers::work(app.clone(), post.clone()));
    let live = app.live.clone();
    let listening = tokio::spawn({
        let (live, db) = (live.clone(), db.clone());
        async move { live.listen(&db).await }
    });
    let result = match server {
        // the private database is there already; one's own may come later, and the guides don't wait for it
        Some(_) => prepared.await?,
        None => Ok(()),
    };
    if result.is_ok() {
        announce(&public_url, demo);
        let stop = async {
            tokio::select! { _ = terminate.recv() => {}, _ = interrupt.recv() => {} }
            // pages that are kept up to date would keep the server
            live.end();
        };
        serve::serve(listener, router(app.clone(), guides), stop).await;
    }
    post.close(LAST_LETTER).await;
    working.abort();
    workers::finish(&app).await;
    live.end();
    let _ = listening.await;
    db.close().await;
    stop_server(server).await?;
    result
}

/// How long a letter that is being handed over when the program ends has for it.
const LAST_LETTER: Duration = Duration::from_secs(10);

fn is_mail_receive() -> bool {
    let words: Vec<_> = std::env::args_os().skip(1).take(2).collect();
    words == ["mail", "receive"]
}

/// Takes a message from standard input. Whatever goes wrong but for a missing message, it is to come again.
fn receive_mail(mail: &MailConfig, operator: Option<&std::path::Path>, database: &DatabaseConfig) -> Exit {
    let take = || {
        let Some(raw) = command::message().context("the message can't be read")? else { return Ok(None) };
        let operator = Operator::load(operator)?;
        let own = dzwoni::mail::own(mail, &operator);
        let mut said = String::new();
        with_database(database, async |db| {
            let postbox = Postbox::new(db.clone(), own, operator.records_days);
            said = command::receive(&postbox, raw, Clock::System.now()).await?;
            Ok(())
        })?;
        anyhow::Ok(Some(said))
    };
    match std::panic::catch_unwind(std::panic::AssertUnwindSafe(take)) {
        Ok(Ok(Some(said))) => {
            println!("{said}");
            Exit::Ok
        }
        Ok(Ok(None)) => {
            eprintln!("dzwoni: there is no message on standard input");
            Exit::NoMessage
        }
        Ok(Err(error)) => {
            eprintln!("dzwoni: {error:#}");
            Exit::Later
        }
        Err(_) => Exit::Later,
    }
}

/// The line test's own ports, where the settings name some.
fn open_media(config: &MediaConfig, portal: SocketAddr, public_url: &str) -> anyhow::Result<Option<Engine>> {
    let ports = config.ports(portal, public_url)?;
    if ports.is_empty() {
        return Ok(None);
    }
    Engine::start(&ports, config.media_tests).map(Some).context("the line test's ports can't be taken")
}

async fn prepare(app: App, guides: Arc<Guides>, demo: bool) -> anyhow::Result<()> {
    app.db.migrate_when_possible().await;
    if demo {
        demo::fill_empty(&app, &guides).await?;
    }
    Ok(())
}

fn announce(public_url: &str, demo: bool) {
    println!("The portal:  {public_url}/pl");
    println!("The desk:    {public_url}/staff");
    if demo {
        println!("Sign in as:  {}  password: {}", demo::EMAIL, demo::PASSWORD);
    }
    println!("Ctrl-C ends it.");
}

async fn add_staff(db: &Db, email: &str, name: &str, role: Role, public_url: &str) -> anyhow::Result<()> {
    let now = Clock::System.now();
    db.migrate().await?;
    let mut tx = db.begin().await?;
    let id = match staff::add(&mut tx, email, name, role, now).await? {
        Some(id) => id,
        None => match staff::find(&mut tx, email).await? {
            Some(account) => account.id,
            None => bail!("{email} has an account that is shut out: let it in again on the accounts page"),
        },
    };
    let link = staff::accounts::invite(public_url, &mut tx, id, now).await?;
    tx.commit().await?;
    println!("This link sets the password, once, within three days:\n{link}");
    Ok(())
}

/// Opens the database that is configured, or starts the private one.
async fn open_database(config: &DatabaseConfig) -> anyhow::Result<(Db, Option<Server>)> {
    if let Some(url) = &config.database_url {
        return Ok((Db::new(url.expose()).context("DATABASE_URL can't be read")?, None));
    }
    let folder = config.data.join("postgres");
    let (server, url) = tokio::task::spawn_blocking(move || {
        let server = Server::start(&folder, Durability::Safe)?;
        server.ensure_database("dzwoni")?;
        let url = server.url("dzwoni");
        if !server.home().starts_with(std::path::absolute(&folder).unwrap_or(folder)) {
            tracing::info!(folder = %server.home().display(), "the database's files are kept outside the data folder");
        }
        Ok::<_, dzwoni::postgres::Error>((server, url))
    })
    .await??;
    Ok((Db::new(&url)?, Some(server)))
}

async fn stop_server(server: Option<Server>) -> anyhow::Result<()> {
    if let Some(server) = server {
        tokio::task::spawn_blocking(move || server.stop()).await??;
    }
    Ok(())
}

/// Runs `work` on the configured database and stops the private server after it, whatever came out.
fn with_database(config: &DatabaseConfig, work: impl AsyncFnOnce(&Db) -> anyhow::Result<()>) -> anyhow::Result<()> {
    runtime()?.block_on(async {
        let (db, server) = open_database(config).await?;
        let result = work(&db).await;
        db.close().await;
        stop_server(server).await?;
        result
    })
}

/// For tests and for writing `.sqlx`: the command gets a database that nobody else has and that is gone after it.
fn lend_database(data: &std::path::Path, migrations: Option<PathBuf>, command: &[String]) -> anyhow::Result<ExitCode> {
    let server = Server::start(data, Durability::Fast)?;
    let name = format!("lent_{}", std::process::id());
    server.ensure_database(&name)?;
    let url = server.url(&name);
    if let Some(folder) = migrations {
        runtime()?.block_on(async {
            let pool = sqlx::PgPool::connect(&url).await?;
            sqlx::migrate::Migrator::new(folder.as_path()).await?.run(&pool).await?;
            pool.close().await;
            anyhow::Ok(())
        })?;
    }
    let (program, rest) = command.split_first().context("no command")?;
    let status = std::process::Command::new(program).args(rest).env("DATABASE_URL", &url).status();
    server.stop()?;
    let code = status.with_context(|| format!("can't run {program}"))?.code().unwrap_or(1);
    Ok(ExitCode::from(u8::try_from(code).unwrap_or(1)))
}

fn load_guides(folder: Option<&std::path::Path>) -> anyhow::Result<Guides> {
    let loaded = match folder {
        Some(folder) => guides::load_folder(folder),
        None => guides::load_built_in(),
    };
    if let Ok(guides) = &loaded {
        for cause in checks::steps_missing(guides) {
            tracing::warn!(cause = cause.id, step = ?cause.step, "the guides lack a step that treats a cause");
        }
    }
    loaded.map_err(|faults| {
        let lines: Vec<_> = faults.iter().map(|fault| format!("\n  {fault}")).collect();
        anyhow::anyhow!("the guides can't be walked:{}", lines.concat())
    })
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    Ok(tokio::runtime::Builder::new_multi_thread().enable_all().build()?)
}

/// One line an event: JSON where a program reads it, plain where a person does.
fn log() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env().unwrap_or_else(|_| "warn,dzwoni=info".into());
    let builder = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if std::io::IsTerminal::is_terminal(&std::io::stderr()) { builder.init() } else { builder.json().init() }
}
