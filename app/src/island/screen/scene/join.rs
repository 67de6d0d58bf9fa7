//! The way to the public page: a code to scan and an address to type.

use leptos::prelude::*;

use super::{Frame, size};
use crate::words::td_string;

pub(super) fn drawn(of: Frame<'_>, origin: &str) -> impl IntoView + use<> {
    let locale = of.locale;
    let address = address(origin, of.view.contest.as_str());
    let picture = format!("/api/contests/{}/qr.svg", of.view.contest);
    let long = size(&address, [24, 34, 46, 60]);
    let alt = td_string!(locale, scene.qr_of, address = address.clone());
    view! {
        <section class="s-join">
            <img class="s-qr" src=picture alt=alt width="400" height="400" />
            <div class="s-join-words fit">
                <p class="s-contest">{of.view.title.clone()}</p>
                <h1>{td_string!(locale, scene.join_title)}</h1>
                <p class="s-join-how">{td_string!(locale, scene.join_scan)}</p>
                <p class="s-join-how">{td_string!(locale, scene.join_type)}</p>
                <p class=format!("s-address {long}")>{address}</p>
            </div>
        </section>
    }
}

/// What people type: without the scheme that every browser adds.
fn address(origin: &str, contest: &str) -> String {
    let host = origin.split_once("://").map_or(origin, |(_, host)| host);
    format!("{host}/bang/{contest}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_types_a_scheme() {
        assert_eq!(
            address("http://192.168.1.5:3000", "hoi-thi"),
            "192.168.1.5:3000/bang/hoi-thi"
        );
        assert_eq!(address("", "hoi-thi"), "/bang/hoi-thi");
    }
}
