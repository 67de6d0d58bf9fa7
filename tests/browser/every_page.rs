//! Every page that the router knows, to whom it is for: judged by axe-core, and nothing sticks out of it. A page
//! without a row here fails, as an address without a row in the table of rights does.

use std::collections::BTreeMap;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use contest::actor::Role;
use harness::process::Process;
use harness::{Engine, Hall};
use server::RouteKind;

use crate::driver::Driver;
use crate::pages::look;
use crate::story::{enters_at, signs_in};
use crate::window::Window;

const LAPTOP: (u32, u32) = (1366, 768);
const PHONE: (u32, u32) = (360, 740);

/// Whose window a page is looked at in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Who {
    Guest,
    Organizer,
    Contestant,
    Judge,
    Host,
    /// At a demo's house.
    Newcomer,
}

use Who::{Contestant, Guest, Host, Judge, Newcomer, Organizer};

/// Each page's address, whose it is, and for what it is looked at: `{…}` stands for what the hall has.
const PAGES: [(&str, Who, &str); 38] = [
    ("/", Guest, "/"),
    ("/demo", Newcomer, "/demo"),
    ("/vao", Guest, "/vao"),
    ("/vao/{code}", Guest, "/vao/{code}"),
    ("/dang-nhap", Guest, "/dang-nhap"),
    ("/khoi-tao/{token}", Guest, "/khoi-tao/khong-co"),
    ("/bang/{id}", Guest, "/bang/{contest}"),
    ("/phu-de/{id}", Guest, "/phu-de/{contest}"),
    ("/man-hinh", Guest, "/man-hinh"),
    ("/man-hinh/nhan/{letters}", Organizer, "/man-hinh/nhan/{letters}"),
    ("/tai-khoan", Organizer, "/tai-khoan"),
    ("/hoi-thi", Organizer, "/hoi-thi"),
    ("/hoi-thi/moi", Organizer, "/hoi-thi/moi"),
    ("/hoi-thi/{contest}", Organizer, "/hoi-thi/{contest}"),
    (
        "/hoi-thi/{contest}/doi",
        Organizer,
        "/hoi-thi/{contest}/doi?sua=1",
    ),
    ("/hoi-thi/{contest}/nguoi", Organizer, "/hoi-thi/{contest}/nguoi"),
    (
        "/hoi-thi/{contest}/the/{role}",
        Organizer,
        "/hoi-thi/{contest}/the/contestant",
    ),
    (
        "/hoi-thi/{contest}/cau-hoi",
        Organizer,
        "/hoi-thi/{contest}/cau-hoi",
    ),
    ("/hoi-thi/{contest}/nhap/{upload}", Organizer, "{upload}"),
    (
        "/hoi-thi/{contest}/the-le",
        Organizer,
        "/hoi-thi/{contest}/the-le",
    ),
    (
        "/hoi-thi/{contest}/phan-thi/{round}",
        Organizer,
        "/hoi-thi/{contest}/phan-thi/1",
    ),
    (
        "/hoi-thi/{contest}/phan-thi/{round}/dap-an",
        Organizer,
        "/hoi-thi/{contest}/phan-thi/1/dap-an",
    ),
    (
        "/hoi-thi/{id}/phan-thi/{round}/bai/{person}",
        Organizer,
        "/hoi-thi/{contest}/phan-thi/1/bai/{person}",
    ),
    (
        "/hoi-thi/{contest}/san-khau/{round}",
        Organizer,
        "/hoi-thi/{contest}/san-khau/2",
    ),
    (
        "/hoi-thi/{contest}/san-khau/{round}/boc-tham",
        Organizer,
        "/hoi-thi/{contest}/san-khau/2/boc-tham",
    ),
    (
        "/hoi-thi/{contest}/san-khau/{round}/phieu",
        Organizer,
        "/hoi-thi/{contest}/san-khau/2/phieu",
    ),
    (
        "/hoi-thi/{contest}/san-khau/{round}/bang-diem",
        Organizer,
        "/hoi-thi/{contest}/san-khau/2/bang-diem?nhap=1",
    ),
    (
        "/hoi-thi/{contest}/tong-hop",
        Organizer,
        "/hoi-thi/{contest}/tong-hop",
    ),
    (
        "/hoi-thi/{contest}/bang-tong-hop",
        Organizer,
        "/hoi-thi/{contest}/bang-tong-hop?nhap=1",
    ),
    (
        "/hoi-thi/{contest}/bien-ban",
        Organizer,
        "/hoi-thi/{contest}/bien-ban?nhap=1",
    ),
    (
        "/hoi-thi/{contest}/giai-thuong",
        Organizer,
        "/hoi-thi/{contest}/giai-thuong",
    ),
    (
        "/hoi-thi/{contest}/man-hinh",
        Organizer,
        "/hoi-thi/{contest}/man-hinh",
    ),
    (
        "/hoi-thi/{id}/dan-chuong-trinh",
        Organizer,
        "/hoi-thi/{contest}/dan-chuong-trinh",
    ),
    (
        "/hoi-thi/{id}/giai-trinh/{team}",
        Organizer,
        "/hoi-thi/{contest}/giai-trinh/1",
    ),
    (
        "/hoi-thi/{contest}/nhat-ky",
        Organizer,
        "/hoi-thi/{contest}/nhat-ky",
    ),
    ("/dan-chuong-trinh", Host, "/dan-chuong-trinh"),
    ("/thi", Contestant, "/thi"),
    ("/thi/bai", Contestant, "/thi/bai"),
];

#[test]
fn every_page_has_a_row() {
    let routes = server::routes();
    let pages = routes.iter().filter(|route| route.kind == RouteKind::Page);
    let pages: Vec<&str> = pages.map(|route| &*route.path).collect();
    for page in &pages {
        let rows = PAGES.iter().filter(|(row, ..)| row == page).count();
        let judges = usize::from(*page == JUDGES);
        assert_eq!(rows + judges, 1, "{page} is looked at {rows} times");
    }
    for (row, ..) in PAGES {
        assert!(pages.contains(&row), "{row} is no page any more");
    }
}

/// It shows a sheet, or why there is none; in all its states it is looked at where judges mark.
const JUDGES: &str = "/giam-khao";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_page_is_judged() -> Result<()> {
    let driver = Driver::start().await?;
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(8, 2);
    hall.teams[2].name = "Phòng Lao động, Thương binh và Xã hội huyện Bắc Tân Uyên".into();
    hall.creates("Hội thi Dân vận khéo huyện Bắc Tân Uyên").await?;
    hall.imports_teams().await?;
    let upload = hall
        .uploads("questions", "cau-hoi.csv", hall.bank.csv())
        .await?
        .ok()?;
    let upload = upload.location.context("a preview")?;
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;
    let pass = hall.passes_of(Role::Contestant).await?[0].clone();
    let host = hall.invites(Role::Host, "Nguyễn Thị Dẫn").await?;
    let judge = hall.invites(Role::Judge, "Giám khảo Minh").await?;
    let screen = hall.passer_by()?;
    screen.page("/man-hinh").await?;
    let door: serde_json::Value = screen.get("/api/man-hinh").await?.ok()?.json()?;
    let letters = door["letters"].as_str().context("four letters")?;

    let demo = Process::runs(
        Path::new(env!("CARGO_BIN_EXE_hoithi-under-test")),
        &["demo"],
        &harness::sqlite_url(&hall.database.folder().join("demo.db")),
        hall.database.folder().join("demo.log"),
    )
    .await?;
    let mut windows: BTreeMap<Who, Window> = BTreeMap::new();
    for who in [Guest, Organizer, Contestant, Judge, Host] {
        windows.insert(who, driver.window(&hall).await?);
    }
    windows.insert(Newcomer, driver.window_at(&demo.base()).await?);
    signs_in(&windows[&Organizer]).await?;
    enters_at(&windows[&Contestant], &pass.code, "/thi").await?;
    windows[&Contestant].sees(".exam[data-live]").await?;
    enters_at(&windows[&Judge], &judge.code, JUDGES).await?;
    enters_at(&windows[&Host], &host.code, "/dan-chuong-trinh").await?;
    hall.closes("Hội trường đã nộp bài").await?;
    hall.passes(32);
    harness::until("all to be handed in and marked", async || {
        Ok(hall.marks().await.is_ok().then_some(()))
    })
    .await?;
    hall.publishes().await?;

    let mut wrong = Vec::new();
    let rows = PAGES.into_iter().chain([(JUDGES, Judge, JUDGES)]);
    for (row, who, path) in rows {
        let path = path
            .replace("{contest}", &hall.contest)
            .replace("{upload}", &upload)
            .replace("{person}", &pass.person.to_string())
            .replace("{code}", &pass.code)
            .replace("{letters}", letters);
        ensure!(!path.contains('{'), "{path}");
        let name = format!("page{}", row.replace(['/', '{', '}'], "-"));
        for size in [LAPTOP, PHONE] {
            look(&windows[&who], &path, &name, size, &mut wrong).await?;
            let at = windows[&who].path().await?;
            if path.split('?').next() != Some(&at) {
                wrong.push(format!("{path} leads to {at}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for window in windows.into_values() {
        window.closes().await?;
    }
    demo.dies().await
}
