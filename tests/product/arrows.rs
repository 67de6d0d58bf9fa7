//! The rooms depend on each other in one direction only (DESIGN, "Rooms").

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::MetadataCommand;

#[test]
fn nothing_points_back() {
    let allowed: BTreeMap<&str, &[&str]> = BTreeMap::from([
        ("contest", &[][..]),
        ("app", &["contest"]),
        ("client", &["app", "contest"]),
        ("server", &["app", "contest"]),
        // The bench alone speaks to the port, and is built only when asked for.
        ("product", &["app", "contest", "server"]),
        ("xtask", &[]),
    ]);
    let metadata = MetadataCommand::new()
        .no_deps()
        .exec()
        .expect("cargo metadata works");
    let rooms: BTreeSet<&str> = metadata
        .packages
        .iter()
        .map(|package| package.name.as_str())
        .collect();
    assert_eq!(
        rooms,
        allowed.keys().copied().collect(),
        "a room is missing or new"
    );

    for package in &metadata.packages {
        let used: BTreeSet<&str> = package
            .dependencies
            .iter()
            .map(|dependency| dependency.name.as_str())
            .collect();
        let used: Vec<&str> = used.intersection(&rooms).copied().collect();
        let may = allowed[package.name.as_str()];
        assert!(
            used.iter().all(|room| may.contains(room)),
            "{} uses {used:?}",
            package.name
        );
    }
}

#[test]
fn rules_and_face_touch_nothing_outside() {
    let metadata = MetadataCommand::new()
        .no_deps()
        .exec()
        .expect("cargo metadata works");
    let rules = ["tokio", "sqlx", "axum", "leptos", "getrandom", "jiff", "tracing"];
    // The face makes answers of HTTP, but only the house reads clocks, files and sockets, and draws lots.
    let face = ["tokio", "sqlx", "getrandom", "rand", "jiff", "tracing", "reqwest"];
    for (room, banned) in [("contest", rules), ("app", face)] {
        let package = metadata
            .packages
            .iter()
            .find(|package| package.name.as_str() == room);
        let used = &package.expect("it is there").dependencies;
        for banned in banned {
            assert!(
                used.iter().all(|dependency| dependency.name != banned),
                "{room} uses {banned}"
            );
        }
    }
}
