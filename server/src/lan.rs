//! Where other machines of the hall find this house.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The addresses for browsers on other machines, the likeliest first.
pub(crate) fn lan_urls(addr: SocketAddr) -> Vec<String> {
    if !addr.ip().is_unspecified() {
        let own = (!addr.ip().is_loopback()).then(|| format!("http://{addr}"));
        return own.into_iter().collect();
    }
    let mut found: Vec<Ipv4Addr> = if_addrs::get_if_addrs()
        .unwrap_or_default()
        .into_iter()
        .filter_map(|interface| match interface.ip() {
            IpAddr::V4(ip) if !ip.is_loopback() && !ip.is_link_local() => Some(ip),
            _ => None,
        })
        .collect();
    // A router of a hall gives out 192.168.x.x; containers and tunnels like the other ranges.
    found.sort_by_key(|ip| match ip.octets() {
        [192, 168, ..] => 0,
        [10, ..] => 1,
        _ => 2,
    });
    found.dedup();
    found
        .into_iter()
        .map(|ip| format!("http://{ip}:{}", addr.port()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_the_network_reaches_is_a_lan_address() {
        assert!(lan_urls("127.0.0.1:3000".parse().unwrap()).is_empty());
        assert_eq!(
            lan_urls("192.168.1.5:80".parse().unwrap()),
            ["http://192.168.1.5:80"]
        );
    }
}
