//! Locale files -> the module `i18n`, in `OUT_DIR`.
//!
//! `load_locales!` cannot be told to make words with values usable in `td_string!`, and the crate
//! `leptos_i18n_build` compiles all of ICU's data tools; both are thin wrappers around these two, which the
//! macros of leptos_i18n need anyway.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use leptos_i18n_parser::parse_locales::options::{Config, ParseOptions};
use leptos_i18n_parser::parse_locales::parse_locales;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed=locales");
    let options = ParseOptions::new().interpolate_display(true);
    let config = Config::new("vi")?.add_locale("en")?.parse_options(options);
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let locales = parse_locales(Some(here), config)?;
    // A key that one language lacks, for example.
    for warning in locales.diag.warnings().iter() {
        println!("cargo::warning={warning}");
    }
    if let Some(error) = locales.diag.errors().first() {
        return Err(error.to_string().into());
    }
    let code = leptos_i18n_codegen::gen_code(&locales, None, false, None, false)?;
    fs::write(Path::new(&env::var("OUT_DIR")?).join("i18n.rs"), code.to_string())?;
    Ok(())
}
