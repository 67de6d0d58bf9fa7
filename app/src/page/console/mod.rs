//! The console of organizers and secretaries, one module for each page.

mod appeals;
mod awards;
mod cards;
mod contests;
mod corrections;
mod device;
mod draw;
mod exam;
mod hall;
mod import;
mod ledger;
mod moves;
mod overview;
mod paper;
mod parts;
mod people;
mod questions;
mod rules;
mod stage;
mod standings;
mod teams;

pub(super) use parts::reason_field;

use leptos::prelude::*;
use leptos_router::any_nested_route::{AnyNestedRoute, IntoAnyNestedRoute};
use leptos_router::components::Route;
use leptos_router::{SsrMode, path};

/// The console's pages by address. Rendered whole: they work without scripts, and their status is theirs.
#[component(transparent)]
pub fn ConsoleRoutes() -> AnyNestedRoute {
    view! {
        <Route path=path!("/hoi-thi") view=contests::Contests ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/moi") view=contests::NewContest ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest") view=overview::Overview ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/doi") view=teams::Teams ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/nguoi") view=people::People ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/the/:role") view=cards::Cards ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/cau-hoi") view=questions::Questions ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/nhap/:upload") view=import::ImportPreview ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/the-le") view=rules::RulesPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/phan-thi/:round") view=exam::ExamPage ssr=SsrMode::Async />
        <Route
            path=path!("/hoi-thi/:contest/phan-thi/:round/dap-an")
            view=corrections::Corrections
            ssr=SsrMode::Async
        />
        <Route path=path!("/hoi-thi/:contest/san-khau/:round") view=stage::StagePage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/san-khau/:round/boc-tham") view=draw::DrawPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/san-khau/:round/phieu") view=paper::sheets::SheetsPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/san-khau/:round/bang-diem") view=paper::summary::SummaryPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/bien-ban") view=paper::minutes::MinutesPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/giai-thuong") view=awards::AwardsPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/tong-hop") view=standings::Standings ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/man-hinh") view=hall::HallPage ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/bang-tong-hop") view=paper::standings::StandingsPaper ssr=SsrMode::Async />
        <Route path=path!("/hoi-thi/:contest/nhat-ky") view=ledger::Ledger ssr=SsrMode::Async />
    }
    .into_inner()
    .into_any_nested_route()
}
