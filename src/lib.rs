//! Dzwoni: where customers of a VoIP operator find out why a call failed, and where its support staff answer them.
//!
//! The rooms, in reading order. A room may name only rooms above it (`tests/it/architecture.rs`).

// the ground floor
pub mod words;
pub mod zone;
pub mod clock;
pub mod token;
pub mod email;
pub mod config;
pub mod operator;
pub mod mail;
pub mod postgres;
pub mod db;
pub mod live;
pub mod ready;
pub mod assets;
pub mod page_cache;
pub mod visits;
pub mod notices;
pub mod app;
pub mod web;

// the rooms
pub mod staff;
pub mod phone;
pub mod causes;
pub mod tickets;
pub mod letters;
pub mod addresses;
pub mod incidents;
pub mod guides;
pub mod home;
pub mod checks;
pub mod report;
pub mod mail_in;
pub mod tracking;
pub mod desk;
pub mod stats;
pub mod api;
pub mod workers;
pub mod health;
pub mod demo;
pub mod portal;
pub mod serve;
