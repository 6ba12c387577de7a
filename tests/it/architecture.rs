//! A room may name only rooms above it in `lib.rs`, and people find all of them on the map.

use std::{fs, path::Path};

#[test]
fn rooms_name_only_rooms_above_them() {
    let rooms = rooms();
    let mut faults = Vec::new();
    for (at, room) in rooms.iter().enumerate() {
        for (file, text) in sources(room) {
            for piece in text.split("crate::").skip(1) {
                for name in named(piece) {
                    let below = rooms.iter().position(|other| *other == name).is_some_and(|place| place > at);
                    if below {
                        faults.push(format!("{file} names {name}, which stands below {room}"));
                    }
                }
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}

/// The rooms in the order in which `lib.rs` has them.
fn rooms() -> Vec<String> {
    let map = fs::read_to_string("src/lib.rs").unwrap();
    let named = |line: &str| Some(line.strip_prefix("pub mod ")?.strip_suffix(';')?.to_owned());
    let rooms: Vec<String> = map.lines().filter_map(named).collect();
    assert!(rooms.len() > 20, "the map could not be read");
    rooms
}

#[test]
fn the_map_for_people_has_the_same_rooms_in_the_same_order() {
    let text = fs::read_to_string("CONTRIBUTING.md").unwrap();
    let map = text.split("## ").find(|part| part.starts_with("The map")).unwrap();
    let cells = map.lines().filter_map(|line| line.strip_prefix("| `")?.split('|').next());
    let named: Vec<&str> = cells.flat_map(|cell| cell.split(['`', ',', ' '])).filter(|name| !name.is_empty()).collect();
    assert_eq!(named, rooms());
}

/// The rooms behind `crate::`: one name, or the names at the first level of a pair of braces.
fn named(piece: &str) -> Vec<&str> {
    let word = |text: &'_ str| text.find(|c: char| !c.is_alphanumeric() && c != '_').unwrap_or(text.len());
    let Some(inside) = piece.strip_prefix('{') else { return vec![&piece[..word(piece)]] };
    let (mut depth, mut fresh, mut names) = (0, true, Vec::new());
    for (at, c) in inside.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => fresh = true,
            c if depth == 0 && fresh && c.is_alphabetic() => {
                names.push(&inside[at..at + word(&inside[at..])]);
                fresh = false;
            }
            _ => {}
        }
    }
    names
}

fn sources(room: &str) -> Vec<(String, String)> {
    let file = format!("src/{room}.rs");
    if Path::new(&file).exists() {
        return vec![(file.clone(), fs::read_to_string(&file).unwrap())];
    }
    let (mut found, mut folders) = (Vec::new(), vec![Path::new("src").join(room)]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap_or_else(|_| panic!("{room} is on the map but not there")) {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn sql_and_axum_stay_where_they_belong() {
    let mut faults = Vec::new();
    for room in rooms() {
        for (file, text) in sources(&room) {
            // these are small enough to need no file for it
            let is_small = ["src/db.rs", "src/visits.rs", "src/tickets/key.rs"].contains(&file.as_str());
            let is_store = file.contains("/store") || is_small;
            if text.contains("sqlx::query") && !is_store {
                faults.push(format!("{file} has SQL: it belongs into {room}/store.rs"));
            }
            if ["tickets", "phone"].contains(&room.as_str()) && text.contains("axum::") {
                faults.push(format!("{file} knows of axum"));
            }
        }
    }
    assert!(faults.is_empty(), "{faults:#?}");
}
