//! Dzwoni: where customers of a VoIP operator find out why a call failed, and where its support staff answer them.
//!
//! The rooms, in reading order. A room may name only rooms above it (`tests/it/architecture.rs`).

// the ground floor
pub mod i18n;
pub mod local_time;
pub mod clock;
pub mod token;
pub mod email_address;
pub mod config;
pub mod operator;
pub mod mail_settings;
pub mod postgres;
pub mod db;
pub mod change_feed;
pub mod precompressed;
pub mod assets;
pub mod page_cache;
pub mod page_views;
pub mod public_incidents;
pub mod app;
pub mod web;

// the rooms
pub mod staff;
pub mod phone;
pub mod causes;
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
pub mod workers;
pub mod health;
pub mod demo;
pub mod router;
pub mod http_server;
