//! `cargo xtask build`: from sources to `target/site`, and from there into one program.
//!
//! A step whose inputs have not changed is skipped: cargo knows for the client's code, and stamps (hashes of
//! the inputs, kept in `target/site-stamps`) for what is made of it. Files in `target/site` are named by
//! the hash of their content, and stand there with `.br` and `.gz` siblings; `manifest.json` names them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{cargo, must, root, style};

const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Changes the stamps when this file changes what it makes of the same inputs.
const RECIPE: &str = "2";

/// What to build.
#[derive(clap::Args, Clone, Copy, Default)]
pub struct Args {
    /// Build sooner instead of smaller and faster, for development.
    #[arg(long)]
    pub debug: bool,
    /// Only the site, not the program.
    #[arg(long)]
    pub site_only: bool,
}

/// Builds the site, then the program.
pub fn run(args: &Args) -> Result<()> {
    site(args.debug)?;
    if args.site_only {
        return Ok(());
    }
    program(args.debug).map(|path| eprintln!("built {}", path.display()))
}

/// Builds `hoithi` and says where it is.
pub fn program(debug: bool) -> Result<PathBuf> {
    let mut command = cargo();
    command.args(["build", "--package", "server", "--bin", "hoithi"]);
    if !debug {
        command.arg("--release");
    }
    must(&mut command)?;
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from);
    let profile = if debug { "debug" } else { "release" };
    Ok(target
        .join(profile)
        .join(format!("hoithi{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds `target/site`.
pub fn site(debug: bool) -> Result<()> {
    let site = Site::open()?;
    let mut manifest = BTreeMap::new();
    let mut kept = BTreeSet::new();
    let mut parts = vec![site.client("client", debug)?, site.style()?];
    if !debug {
        parts.push(site.client("tablet", debug)?);
    }
    for part in parts {
        kept.extend(part.files());
        manifest.extend(part.names);
    }
    site.drop_all_but(&kept)?;
    let text = serde_json::to_string_pretty(&manifest)?;
    // Written only when different: a release watches the folder.
    write_if_changed(&site.dir.join("manifest.json"), text.as_bytes())
}

/// What one step has made: logical name -> hashed name, and the files behind it.
#[derive(Default)]
struct Part {
    names: BTreeMap<String, String>,
    files: Vec<String>,
}

impl Part {
    fn files(&self) -> impl Iterator<Item = String> + '_ {
        self.files
            .iter()
            .flat_map(|name| [name.clone(), format!("{name}.br"), format!("{name}.gz")])
    }
}

struct Site {
    dir: PathBuf,
    stamps: PathBuf,
}

impl Site {
    fn open() -> Result<Self> {
        let target = root().join("target");
        let site = Self {
            dir: target.join("site"),
            stamps: target.join("site-stamps"),
        };
        fs::create_dir_all(&site.dir)?;
        fs::create_dir_all(&site.stamps)?;
        Ok(site)
    }

    /// Code of the islands -> wasm -> `client-….js` and `client-…_bg.wasm`.
    /// The same for `tablet`: the client without the islands that a contestant never sees.
    fn client(&self, name: &str, debug: bool) -> Result<Part> {
        let wasm = compile_client(name, debug)?;
        let code = fs::read(&wasm).with_context(|| format!("no {}", wasm.display()))?;
        self.unless_stamped(name, &[&code], || {
            let mut output = wasm_bindgen_cli_support::Bindgen::new()
                .input_bytes(name, code.clone())
                .web(true)?
                .typescript(false)
                .remove_name_section(!debug)
                .remove_producers_section(true)
                .omit_default_module_path(true)
                .generate_output()?;
            let mut script = output.js().to_owned();
            let mut part = Part::default();
            for (path, code) in snippets(&output) {
                // Flat and hashed like every other file, instead of a tree of folders.
                let name = format!("snippet-{}.js", content_hash(&[code.as_bytes()]));
                script = script.replace(&format!("./snippets/{path}"), &format!("./{name}"));
                self.write(&name, code.as_bytes())?;
                part.files.push(name);
            }
            if script.contains("./snippets/") {
                bail!("the client's script imports a file that wasm-bindgen did not hand out");
            }
            let module = output.wasm_mut().emit_wasm();
            // Leptos makes both names from one, so one hash covers both.
            let hashed = format!("{name}-{}", content_hash(&[script.as_bytes(), &module]));
            let (script_name, module_name) = (format!("{hashed}.js"), format!("{hashed}_bg.wasm"));
            self.write(&script_name, script.as_bytes())?;
            self.write(&module_name, &module)?;
            part.files.extend([script_name, module_name]);
            part.names.insert(name.to_owned(), hashed);
            Ok(part)
        })
    }

    /// `style/` -> one stylesheet, and the fonts it names.
    fn style(&self) -> Result<Part> {
        let sources = style::sources(&root().join("style"))?;
        let inputs: Vec<&[u8]> = sources
            .iter()
            .flat_map(|(name, bytes)| [name.as_bytes(), bytes])
            .collect();
        self.unless_stamped("style", &inputs, || {
            let mut part = Part::default();
            for (path, bytes) in sources.iter().filter(|(path, _)| style::is_asset(path)) {
                let (stem, extension) = path.rsplit_once('.').context("an asset without extension")?;
                let stem = stem.rsplit('/').next().unwrap_or(stem);
                let name = format!("{stem}-{}.{extension}", content_hash(&[bytes]));
                self.write(&name, bytes)?;
                part.names.insert(format!("{stem}.{extension}"), name.clone());
                part.files.push(name);
            }
            let css = style::bundle(&root().join("style/app.css"), &part.names)?;
            let name = format!("app-{}.css", content_hash(&[css.as_bytes()]));
            self.write(&name, css.as_bytes())?;
            part.names.insert("app.css".to_owned(), name.clone());
            part.files.push(name);
            Ok(part)
        })
    }

    /// Runs `make`, or takes what it made last time from the same inputs.
    fn unless_stamped(
        &self,
        step: &str,
        inputs: &[&[u8]],
        make: impl FnOnce() -> Result<Part>,
    ) -> Result<Part> {
        let mut all = vec![RECIPE.as_bytes()];
        all.extend(inputs);
        let stamp = content_hash(&all);
        let path = self.stamps.join(format!("{step}.json"));
        if let Some(part) = self.stamped(&path, &stamp) {
            return Ok(part);
        }
        eprintln!("xtask: making {step}");
        let part = make()?;
        let record = serde_json::json!({ "stamp": stamp, "names": part.names, "files": part.files });
        fs::write(&path, serde_json::to_vec_pretty(&record)?)?;
        Ok(part)
    }

    fn stamped(&self, path: &Path, stamp: &str) -> Option<Part> {
        let record: serde_json::Value = serde_json::from_slice(&fs::read(path).ok()?).ok()?;
        let text = |value: &serde_json::Value| value.as_str().map(str::to_owned);
        let names = record["names"].as_object()?;
        let part = Part {
            names: names
                .iter()
                .map(|(key, value)| Some((key.clone(), text(value)?)))
                .collect::<Option<_>>()?,
            files: record["files"]
                .as_array()?
                .iter()
                .map(text)
                .collect::<Option<_>>()?,
        };
        let current = record["stamp"].as_str() == Some(stamp);
        (current && part.files.iter().all(|file| self.dir.join(file).is_file())).then_some(part)
    }

    /// Writes a file, and its compressed siblings where they pay.
    fn write(&self, name: &str, bytes: &[u8]) -> Result<()> {
        let path = self.dir.join(name);
        fs::write(&path, bytes)?;
        if name.ends_with(".woff2") {
            return Ok(());
        }
        let mut brotli = brotli::CompressorWriter::new(Vec::new(), 1 << 16, 11, 24);
        brotli.write_all(bytes)?;
        let brotli = brotli.into_inner();
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(bytes)?;
        let gzip = gzip.finish()?;
        eprintln!(
            "xtask: {name}: {} B, brotli {} B, gzip {} B",
            bytes.len(),
            brotli.len(),
            gzip.len()
        );
        fs::write(self.dir.join(format!("{name}.br")), brotli)?;
        fs::write(self.dir.join(format!("{name}.gz")), gzip)?;
        Ok(())
    }

    /// Removes what former builds left behind.
    fn drop_all_but(&self, kept: &BTreeSet<String>) -> Result<()> {
        for entry in fs::read_dir(&self.dir)? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name != "manifest.json" && !kept.contains(&name) {
                fs::remove_file(entry.path())?;
            }
        }
        Ok(())
    }
}

/// Compiles the client and says where the raw wasm is.
fn compile_client(name: &str, debug: bool) -> Result<PathBuf> {
    let mut command = client("build", debug)?;
    if name == "tablet" {
        command.args(["--features", "tablet"]);
    }
    must(&mut command)?;
    Ok(wasm_dir()
        .join(WASM_TARGET)
        .join(client_profile(debug))
        .join("client.wasm"))
}

/// A cargo subcommand (`build`, `clippy`) on the client for the browser.
pub fn client(subcommand: &str, debug: bool) -> Result<Command> {
    add_wasm_target()?;
    let mut command = cargo();
    command
        .args([subcommand, "--package", "client", "--target", WASM_TARGET])
        .args(["--profile", client_profile(debug)])
        .arg("--target-dir")
        .arg(wasm_dir());
    Ok(command)
}

fn client_profile(debug: bool) -> &'static str {
    if debug { "wasm-dev" } else { "wasm-release" }
}

/// A folder of its own: no waiting for the lock of a cargo that builds the server.
fn wasm_dir() -> PathBuf {
    root().join("target/wasm")
}

fn add_wasm_target() -> Result<()> {
    let sysroot = Command::new("rustc")
        .args(["--print", "sysroot"])
        .output()
        .context("cannot run rustc")?;
    let sysroot = PathBuf::from(String::from_utf8_lossy(&sysroot.stdout).trim());
    if sysroot.join("lib/rustlib").join(WASM_TARGET).is_dir() {
        return Ok(());
    }
    must(Command::new("rustup").args(["target", "add", WASM_TARGET]))
}

/// JavaScript that crates of the client bring along, by its path under `snippets/`.
fn snippets(output: &wasm_bindgen_cli_support::Output) -> BTreeMap<String, String> {
    let inline = output.snippets().iter().flat_map(|(crate_id, codes)| {
        codes
            .iter()
            .enumerate()
            .map(move |(index, code)| (format!("{crate_id}/inline{index}.js"), code.clone()))
    });
    let files = output
        .local_modules()
        .iter()
        .map(|(path, code)| (path.clone(), code.clone()));
    inline.chain(files).collect()
}

/// Sixteen hex digits of SHA-256 over the parts and their lengths.
fn content_hash(parts: &[&[u8]]) -> String {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_be_bytes());
        hasher.update(part);
    }
    HEXLOWER.encode(&hasher.finalize()[..8])
}

fn write_if_changed(path: &Path, bytes: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(());
    }
    Ok(fs::write(path, bytes)?)
}
