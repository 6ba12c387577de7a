//! One binary for all tests that need the whole house.

mod addresses;
mod architecture;
mod bad_input;
mod checks;
mod clock;
mod customer;
mod demo;
mod desk;
mod given;
mod guides;
mod intake;
mod letters;
mod live;
mod line;
mod mail_in;
mod migrations;
mod outage;
mod postgres;
mod program;
mod report;
mod staff;
mod stats;
mod support;
mod tickets;
mod web;
mod words;
