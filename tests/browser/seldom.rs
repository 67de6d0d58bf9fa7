//! Pages that are seldom seen: the first organizer's, extra time, questions with several right answers, rosters with
//! notes, long lists, and all of it in English; judged by axe-core and drawn like the others.

use std::path::Path;

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::files::Bank;
use harness::process::Process;
use harness::{Engine, Hall};

use crate::driver::Driver;
use crate::pages::{look, looked};
use crate::story::{enters, signs_in};

const TABLET: (u32, u32) = (1280, 800);
const PHONE: (u32, u32) = (360, 740);
const LAPTOP: (u32, u32) = (1366, 768);

const ROSTER: &str = "STT,Đội,Khối,Họ và tên,Vai trò,Điện thoại,Ghi chú\n\
    1,Đội xã 1,Khối xã,Nguyễn Văn 1 1,Đội trưởng,0912345678,ăn chay\n\
    2,Đội xã 1,,Phạm Dự Bị,Dự bị,,\n\
    3,Cơ quan khối Đảng,Khối cơ quan,Lê Thị Hòa,,0912345679,\n";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_shut_out_of_pages_seldom_seen() -> Result<()> {
    let driver = Driver::start().await?;
    let mut wrong = Vec::new();
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(3, 45);
    hall.bank = Bank::of(40).with_two_right();
    hall.creates("Hội thi Dân vận khéo huyện Bắc Tân Uyên").await?;
    hall.imports_teams().await?;

    // A house of its own, as it is on the first start, with the link that it prints.
    let url = harness::sqlite_url(&hall.database.folder().join("moi.db"));
    let log = hall.database.folder().join("moi.log");
    let program = Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"));
    let first = Process::serves(program, &url, log.clone()).await?;
    let told = std::fs::read_to_string(&log)?;
    let link = told
        .split_whitespace()
        .find(|word| word.contains("/khoi-tao/"))
        .context("the link of the first start")?;
    let path = &link[link.find("/khoi-tao/").context("a path")?..];
    let newcomer = driver.window_at(&first.base()).await?;
    for size in [TABLET, PHONE, LAPTOP] {
        look(&newcomer, path, "first-organizer", size, &mut wrong).await?;
    }
    look(
        &newcomer,
        "/khoi-tao/khong-co",
        "first-organizer-gone",
        PHONE,
        &mut wrong,
    )
    .await?;
    newcomer.closes().await?;
    first.dies().await?;

    // A roster with everything in it that does not simply arrive.
    let organizer = driver.window(&hall).await?;
    organizer.is_sized(LAPTOP.0, LAPTOP.1).await?;
    signs_in(&organizer).await?;
    let home = format!("/hoi-thi/{}", hall.contest);
    let preview = hall
        .uploads("teams", "danh-sach.csv", ROSTER.into())
        .await?
        .ok()?;
    let preview = preview.location.unwrap_or_default();
    for size in [LAPTOP, PHONE] {
        look(&organizer, &preview, "import-notes", size, &mut wrong).await?;
    }
    organizer
        .presses("form[action$=apply_import] button[type=submit]")
        .await?;
    organizer
        .arrives("the teams", |path| path.ends_with("/doi"))
        .await?;
    looked(&organizer, "/doi", "teams-clusters", LAPTOP, &mut wrong).await?;
    for (query, name) in [
        ("?vai=contestant&trang=2", "people-page-2"),
        ("?vai=contestant&tim=hoa", "people-found"),
        ("?vai=reserve", "people-reserves"),
    ] {
        let path = format!("{home}/nguoi{query}");
        look(&organizer, &path, name, LAPTOP, &mut wrong).await?;
    }
    hall.imports_questions().await?;
    hall.prepares().await?;
    hall.opens().await?;

    // Several right answers, on a tablet and on a phone; and more time for one.
    let passes = hall.passes_of(Role::Contestant).await?;
    let tablet = driver.window(&hall).await?;
    enters(&tablet, &passes[0].code).await?;
    for size in [TABLET, PHONE, LAPTOP] {
        look(&tablet, "/thi", "several-right", size, &mut wrong).await?;
    }
    tablet.sees(".exam[data-live]").await?;
    tablet
        .presses("fieldset.exam-question:not([hidden]) label.option:nth-of-type(1)")
        .await?;
    tablet
        .presses("fieldset.exam-question:not([hidden]) label.option:nth-of-type(3)")
        .await?;
    tablet.reads("#luu", |text| text.contains("Đã lưu")).await?;
    looked(&tablet, "/thi (two chosen)", "several-chosen", TABLET, &mut wrong).await?;
    let exam = format!("{home}/phan-thi/1");
    let one = format!("{exam}?nguoi={}", passes[0].person);
    look(&organizer, &one, "extra-time", LAPTOP, &mut wrong).await?;
    organizer
        .runs("document.querySelector('form[action$=grant_time]').closest('details').open = true")
        .await?;
    looked(&organizer, &one, "extra-time-form", LAPTOP, &mut wrong).await?;
    organizer
        .types("form[action$=grant_time] input[name=reason]", "Máy hỏng")
        .await?;
    organizer
        .presses("form[action$=grant_time] button[type=submit]")
        .await?;
    // It returns with what was granted.
    organizer.reads("main", |text| text.contains("+5")).await?;
    looked(&organizer, &one, "extra-time-given", LAPTOP, &mut wrong).await?;

    // The same in English.
    for window in [&organizer, &tablet] {
        window
            .runs("document.querySelector('form[action$=set_language] button[value=en]').click()")
            .await
            .ok();
    }
    let english = driver.window(&hall).await?;
    english.goes_to("/vao").await?;
    english
        .presses("form[action$=set_language] button[value=en]")
        .await?;
    english.reads("html", |text| text.contains("Enter")).await?;
    for size in [TABLET, PHONE, LAPTOP] {
        for (path, name) in [("/", "home"), ("/vao", "entry"), ("/dang-nhap", "sign-in")] {
            look(&english, path, &format!("en-{name}"), size, &mut wrong).await?;
        }
    }
    signs_in(&english).await?;
    for (path, name) in [
        ("/hoi-thi".to_owned(), "contests"),
        ("/hoi-thi/moi".to_owned(), "new-contest"),
        ("/tai-khoan".to_owned(), "accounts"),
        (home.clone(), "overview"),
        (format!("{home}/doi"), "teams"),
        (format!("{home}/nguoi"), "people"),
        (format!("{home}/cau-hoi"), "questions"),
        (format!("{home}/the-le"), "rules"),
        (exam.clone(), "exam"),
        (format!("{home}/tong-hop"), "standings"),
        (format!("{home}/nhat-ky"), "ledger"),
        (format!("/bang/{}", hall.contest), "board"),
    ] {
        look(&english, &path, &format!("en-{name}"), LAPTOP, &mut wrong).await?;
        let text = english.body().await?;
        for word in ["Thí sinh", "Ban tổ chức", "Đăng xuất", "Phần thi"] {
            if text.contains(word) && name != "ledger" {
                wrong.push(format!("{path} says {word:?} in English"));
            }
        }
    }
    enters(&english, &passes[1].code).await?;
    for size in [TABLET, PHONE] {
        look(&english, "/thi", "en-writing", size, &mut wrong).await?;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for window in [organizer, tablet, english] {
        window.closes().await?;
    }
    Ok(())
}
