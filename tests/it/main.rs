//! One binary for all tests that need the whole portal.
#![allow(unreachable_pub, reason = "a test binary has no public interface")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "helpers of tests fail by a panic, too")]

mod architecture;
mod bad_input;
mod batch_writer;
mod blocklist;
mod checks;
mod clock;
mod customer;
mod demo;
mod deploy;
mod desk;
mod emails;
mod given;
mod guides;
mod i18n;
mod inbound_mail;
mod incidents;
mod line_test;
mod live;
mod migrations;
mod outage;
mod postgres;
mod program;
mod query_descriptions;
mod report;
mod staff;
mod stats;
mod support;
mod tickets;
mod urls;
mod web;
