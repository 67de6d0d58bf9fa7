//! What a house must be told before it opens.

use std::net::SocketAddr;

/// The settings of one node.
#[derive(Debug, Clone, clap::Args)]
pub struct Config {
    /// Address and port to listen on; port 0 takes a free one.
    #[arg(long, env = "HOITHI_LISTEN", default_value = "127.0.0.1:3000")]
    pub listen: SocketAddr,
}
