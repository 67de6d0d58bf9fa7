//! The one large act of the moment.

use leptos::prelude::*;

use super::Desk;
use super::wire::TAKE;
use crate::icon::{Icon, icon};
use crate::words::td_string;

/// What is to be done next, by how the hall stands.
#[derive(Clone, PartialEq)]
enum Next {
    Claim,
    /// The next step of a reveal, whose card stands above with its own large button.
    Step,
    /// Everything is told: the public may see it.
    Unfreeze,
    /// So many screens have something ready.
    Take(Vec<i64>),
    Choose,
}

pub(super) fn primary(desk: Desk) -> impl IntoView {
    let locale = desk.locale;
    let next = Memo::new(move |_| {
        let hall = desk.hall.read();
        let of = &hall.desk;
        if of.screens.is_empty() {
            return Next::Claim;
        }
        if let Some(reveal) = &of.reveal {
            if reveal.next_name().is_some() {
                return Next::Step;
            }
            let organizer = desk.around.with_value(|around| around.organizer);
            if !reveal.rehearsal && of.frozen.is_some() && organizer {
                return Next::Unfreeze;
            }
        }
        let ready = of.screens.iter().filter(|screen| screen.next.is_some());
        let ready: Vec<i64> = ready.map(|screen| screen.id.0).collect();
        if ready.is_empty() {
            Next::Choose
        } else {
            Next::Take(ready)
        }
    });
    let busy = move || desk.way.under_way.get() > 0;
    let form =
        move |action: &'static str, fields: Vec<(&'static str, String)>, drawing: Icon, words: String| {
            let fields = fields
                .into_iter()
                .map(|(name, value)| view! { <input type="hidden" name=name value=value /> });
            view! {
                <form method="post" action=action>
                    {desk.contest_field()}
                    {fields.collect_view()}
                    <button type="submit" class="button large" aria-busy=move || busy().to_string()>
                        {icon(drawing)}<span>{words}</span>
                    </button>
                </form>
            }
            .into_any()
        };
    let link = |to: &'static str, drawing: Icon, words: &'static str| {
        view! { <a class="button large" href=to>{icon(drawing)}<span>{words}</span></a> }.into_any()
    };
    view! {
        <section class="card next hall-next" aria-labelledby="tiep" hidden=move || next.get() == Next::Step>
            <h2 id="tiep">{td_string!(locale, console.next_step)}</h2>
            {move || match next.get() {
                Next::Claim => link("#nhan", Icon::Plus, td_string!(locale, hall.do_claim)),
                Next::Choose => link("#canh", Icon::Screen, td_string!(locale, hall.do_choose)),
                // Deliberately: a second press on the button of the steps only leads there.
                Next::Unfreeze => link("#dong-bang", Icon::Eye, td_string!(locale, hall.do_unfreeze)),
                Next::Step => ().into_any(),
                Next::Take(screens) => {
                    let words = td_string!(locale, hall.do_take, n = screens.len());
                    let fields = screens.into_iter().map(|id| ("screens[]", id.to_string())).collect();
                    form(TAKE, fields, Icon::Play, words)
                }
            }}
        </section>
    }
}
