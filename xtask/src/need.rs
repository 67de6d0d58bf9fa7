//! What the tests need beside this workspace: found, installed, or asked for by the exact command.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

use crate::{must, root};

/// The accessibility checker of the browser tests, from npm. It judges pages; nothing of it is shipped.
const AXE: &str = "axe-core-4.10.3";
const AXE_SHA256: &str = "0f2b4d7dcdf7d1219df8d1959ad68e565f51d14c3f0d88bb71cd59abeb956292";

/// Something that a Debian package brings along.
#[derive(Debug)]
pub struct Need {
    /// For the reader.
    pub what: &'static str,
    /// What `--without` calls it.
    pub without: &'static str,
    /// The packages.
    pub packages: &'static [&'static str],
}

pub const POSTGRES: Need = Need {
    what: "PostgreSQL",
    without: "postgres",
    packages: &["postgresql"],
};

const BROWSER: Need = Need {
    what: "Chromium with chromedriver",
    without: "browser",
    packages: &["chromium", "chromium-driver"],
};

const NPM: Need = Need {
    what: "npm (to fetch the accessibility checker)",
    without: "browser",
    packages: &["npm"],
};

impl Need {
    /// What `find` finds, after installing the packages if it must and may.
    ///
    /// # Errors
    /// Names the command that would help.
    pub fn met<T>(&self, find: impl Fn() -> Option<T>) -> Result<T> {
        if let Some(found) = find() {
            return Ok(found);
        }
        let packages = self.packages.join(" ");
        if is_root() && on_path("apt-get").is_some() {
            eprintln!("xtask: {} is missing; installing it", self.what);
            let apt = || {
                let mut command = Command::new("apt-get");
                command.env("DEBIAN_FRONTEND", "noninteractive");
                command
            };
            must(apt().arg("update"))?;
            must(
                apt()
                    .args(["install", "--yes", "--no-install-recommends"])
                    .args(self.packages),
            )?;
            if let Some(found) = find() {
                return Ok(found);
            }
        }
        bail!(
            "{} is missing. Install it with\n\n    sudo apt-get install {packages}\n\nor leave these tests out \
             with `cargo xtask test --without {}`.",
            self.what,
            self.without
        )
    }
}

/// Chromium and chromedriver are there.
///
/// # Errors
/// As [`Need::met`].
pub fn browser() -> Result<()> {
    BROWSER.met(|| {
        on_path("chromedriver")?;
        ["chromium", "chromium-browser", "google-chrome", "chrome"]
            .into_iter()
            .find_map(on_path)
            .map(drop)
    })
}

/// The file `axe.min.js`, fetched once and checked.
///
/// # Errors
/// When it can neither be found nor fetched, or is not the file it should be.
pub fn axe() -> Result<PathBuf> {
    let dir = root().join("target/axe");
    let script = dir.join("package/axe.min.js");
    if script.is_file() {
        return Ok(script);
    }
    let npm = NPM.met(|| on_path("npm"))?;
    fs::create_dir_all(&dir)?;
    let package = AXE.replacen("core-", "core@", 1);
    must(
        Command::new(npm)
            .current_dir(&dir)
            .args(["pack", "--silent", &package]),
    )?;
    let archive = dir.join(format!("{AXE}.tgz"));
    let bytes = fs::read(&archive).with_context(|| format!("npm left no {}", archive.display()))?;
    let found = HEXLOWER.encode(&Sha256::digest(&bytes));
    if found != AXE_SHA256 {
        fs::remove_file(&archive)?;
        bail!("{AXE}.tgz has the checksum {found}, not {AXE_SHA256}");
    }
    must(
        Command::new("tar")
            .current_dir(&dir)
            .arg("-xzf")
            .arg(&archive)
            .arg("package/axe.min.js"),
    )?;
    Ok(script)
}

/// The full path of a program.
pub fn on_path(program: &str) -> Option<PathBuf> {
    let name = format!("{program}{}", env::consts::EXE_SUFFIX);
    env::split_paths(&env::var_os("PATH")?)
        .map(|dir| dir.join(&name))
        .find(|path| path.is_file())
}

/// Whether this process may do everything.
pub fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status
        .lines()
        .find_map(|line| line.strip_prefix("Uid:"))
        .and_then(|ids| ids.split_whitespace().nth(1))
        == Some("0")
}

/// Who may run a server that refuses to be root: `(uid, gid)` of the first of these accounts.
pub fn humble_account(names: &[&str]) -> Option<(String, String)> {
    let accounts = fs::read_to_string(Path::new("/etc/passwd")).ok()?;
    names.iter().find_map(|name| {
        let line = accounts
            .lines()
            .find(|line| line.split(':').next() == Some(*name))?;
        let mut ids = line.split(':').skip(2);
        Some((ids.next()?.to_owned(), ids.next()?.to_owned()))
    })
}
