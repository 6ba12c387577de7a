//! Dzwoni: where customers of a VoIP operator find out why a call failed, and where its support staff answer them.
//!
//! The modules, in reading order. A module names only modules above it (`tests/it/architecture.rs`).

// crates of the workspace, by their own names
pub use {call_time, causes, clean_text, i18n, local_time, phone, private_postgres};

// infrastructure
pub mod clock;
pub mod token;
pub mod ticket_reference;
pub mod email_address;
pub mod urls;
pub mod config;
pub mod operator;
pub mod mail_settings;
pub mod db;
pub mod signing;
pub mod change_feed;
pub mod precompressed;
pub mod assets;
pub mod page_cache;
pub mod page_views;
pub mod public_incidents;
pub mod app;
pub mod web;

// features
pub mod staff;
pub mod tickets;
pub mod emails;
pub mod blocklist;
pub mod incidents;
pub mod guides;
pub mod home;
pub mod checks;
pub mod report;
pub mod inbound_mail;
pub mod customer;
pub mod desk;
pub mod stats;
pub mod api;
pub mod jobs;
pub mod health;
pub mod demo;
pub mod router;
pub mod http_server;
