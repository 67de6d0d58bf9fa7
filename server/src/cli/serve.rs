//! `hoithi serve`.

use std::net::SocketAddr;

use app::words::{Locale, td_string};
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;

use super::{Common, Failure};
use crate::config::Kind;
use crate::lan::lan_urls;
use crate::{Config, Site};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) door: DoorArgs,
}

/// How visitors come in.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct DoorArgs {
    /// Address and port to listen on; port 0 takes a free one, 0.0.0.0 lets the whole network in.
    #[arg(long, env = "HOITHI_LISTEN", default_value = "127.0.0.1:3000")]
    pub(super) listen: SocketAddr,
    /// Scheme and host under which visitors know this server, if a proxy stands before it, for example
    /// https://hoithi.example.vn.
    #[arg(long, env = "HOITHI_PUBLIC_URL", value_parser = origin)]
    pub(super) public_url: Option<String>,
}

/// An origin as browsers write it: scheme and host, nothing after.
fn origin(text: &str) -> Result<String, String> {
    let text = text.trim_end_matches('/');
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    match host {
        Some(host) if !host.is_empty() && !host.contains(['/', '?', '#', '@']) => Ok(text.to_lowercase()),
        _ => Err("it must be http:// or https:// and a host, without a path".to_owned()),
    }
}

pub(super) async fn run(common: &Common, args: Args) -> Result<(), Failure> {
    let site = open(common.database(), Kind::Real, &args.door).await?;
    announce(common.lang, &site, &args.door);
    serve(common.lang, site).await;
    Ok(())
}

/// Builds the site, ready for as many visitors as the system allows.
pub(super) async fn open(database: &str, kind: Kind, door: &DoorArgs) -> Result<Site, Failure> {
    // Ten thousand open screens need ten thousand file descriptors.
    if let Err(error) = rlimit::increase_nofile_limit(u64::MAX) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
    let config = Config {
        listen: door.listen,
        public_url: door.public_url.clone(),
        kind,
        ..Config::local(database)
    };
    Ok(Site::build(config).await?)
}

/// Serves until Ctrl-C or SIGTERM.
pub(super) async fn serve(lang: Locale, site: Site) {
    let stop = site.stop_token();
    tokio::spawn(async move {
        asked_to_stop().await;
        tell!("{}", td_string!(lang, cli.stopping));
        stop.cancel();
    });
    site.run_until_stopped().await;
    tell!("{}", td_string!(lang, cli.stopped));
}

/// Prints where the site is to be found, and the link of the first start.
pub(super) fn announce(lang: Locale, site: &Site, door: &DoorArgs) {
    let local = local_url(site.addr());
    let lan = match &door.public_url {
        Some(url) => vec![url.clone()],
        None => lan_urls(site.addr()),
    };
    tell!("");
    tell!("{}", td_string!(lang, cli.local, url = local.clone()));
    for url in &lan {
        tell!("{}", td_string!(lang, cli.lan, url = url.clone()));
    }
    match lan.first() {
        Some(url) => {
            if let Some(code) = qr(&format!("{url}/vao")) {
                tell!("{}\n{code}", td_string!(lang, cli.scan));
            }
        }
        None => tell!("{}", td_string!(lang, cli.no_lan)),
    }
    if let Some(path) = site.house().first_link() {
        tell!("\n{}", td_string!(lang, cli.first_link));
        for url in std::iter::once(&local).chain(&lan) {
            tell!("  {url}{path}");
        }
    }
    tell!("");
}

/// The address for a browser on this machine.
pub(super) fn local_url(addr: SocketAddr) -> String {
    if addr.ip().is_unspecified() {
        format!("http://localhost:{}", addr.port())
    } else {
        format!("http://{addr}")
    }
}

/// A QR code in blocks, dark on light whatever the colours of the terminal.
fn qr(text: &str) -> Option<String> {
    let code = QrCode::new(text).ok()?;
    let blocks = code
        .render::<Dense1x2>()
        .dark_color(Dense1x2::Dark)
        .light_color(Dense1x2::Light)
        .build();
    Some(blocks)
}

async fn asked_to_stop() {
    let interrupt = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = interrupt => {}
        () = terminate => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_has_no_path() {
        assert_eq!(origin("https://Hoithi.vn/").as_deref(), Ok("https://hoithi.vn"));
        assert!(origin("hoithi.vn").is_err());
        assert!(origin("https://hoithi.vn/thi").is_err());
    }

    #[test]
    fn a_browser_on_this_machine_has_a_name_for_it() {
        assert_eq!(
            local_url("0.0.0.0:3000".parse().unwrap()),
            "http://localhost:3000"
        );
    }

    #[test]
    fn a_qr_code_is_drawn_with_its_margin() {
        let code = qr("http://192.168.1.5:3000/vao").unwrap();
        assert!(code.lines().count() > 12);
    }
}
