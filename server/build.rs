//! A release embeds the built site: make it again whenever the site is built again.

use std::env;
use std::fs;
use std::path::Path;

fn main() {
    println!("cargo::rerun-if-changed=build.rs");
    // A debug build reads the site from disk, so nothing needs to be compiled again.
    if env::var_os("CARGO_CFG_DEBUG_ASSERTIONS").is_some() {
        return;
    }
    let site = Path::new("../target/site");
    // A path that does not exist would make cargo run this every time.
    if fs::create_dir_all(site).is_ok() {
        println!("cargo::rerun-if-changed={}", site.display());
    }
}
