//! The hosts' and sponsors' logos.

use leptos::prelude::*;

use super::Desk;
use super::wire::{ADD_LOGO, REMOVE_LOGO};
use crate::icon::{Icon, icon};
use crate::words::td_string;

pub(super) fn logos(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let list = Memo::new(move |_| desk.hall.read().desk.logos.clone());
    view! {
        <section class="card" aria-labelledby="bieu-trung">
            <h2 id="bieu-trung">{td_string!(locale, hall.logos)}</h2>
            {move || {
                let list = list.get();
                if list.is_empty() {
                    return view! { <p class="empty">{td_string!(locale, hall.no_logos)}</p> }.into_any();
                }
                let lines = list.into_iter().map(|logo| {
                    let image = format!("/api/contests/{}/logos/{}", desk.contest(), logo.hash);
                    let label = td_string!(locale, console.remove_named, name = logo.name.as_str());
                    view! {
                        <li class="row between">
                            <span class="row">
                                <img class="logo-small" src=image alt="" width=logo.width height=logo.height loading="lazy" />
                                {logo.name}
                            </span>
                            <form method="post" action=REMOVE_LOGO>
                                {desk.contest_field()}
                                <input type="hidden" name="hash" value=logo.hash.0 />
                                <button type="submit" class="button danger small" aria-label=label>
                                    {td_string!(locale, common.remove)}
                                </button>
                            </form>
                        </li>
                    }
                });
                view! { <ul class="links">{lines.collect_view()}</ul> }.into_any()
            }}
            <form method="post" action=ADD_LOGO enctype="multipart/form-data" class="stack">
                {desk.contest_field()}
                <div class="field">
                    <label for="logo-ten">{td_string!(locale, hall.logo_name)}</label>
                    <input id="logo-ten" name="name" required maxlength="120" autocomplete="off" />
                </div>
                <div class="field">
                    <label for="logo-tep">{td_string!(locale, hall.logo_file)}</label>
                    <input id="logo-tep" type="file" name="file" required accept="image/png,image/jpeg,image/webp" />
                </div>
                <p class="soft small">{td_string!(locale, hall.logo_note)}</p>
                <div>
                    <button type="submit" class="button quiet">{icon(Icon::Upload)}{td_string!(locale, hall.logo_add)}</button>
                </div>
            </form>
        </section>
    }
}
