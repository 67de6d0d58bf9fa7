//! A stage round on real pages: from the draw to the confirmed mark on the wall, with five judges of whom one
//! loses the Wi-Fi, one has no WebAssembly and one no scripts at all.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::files::teams;
use harness::{Engine, Hall};

use crate::driver::Driver;
use crate::window::Window;

const TABLET: (u32, u32) = (1280, 800);
const UPRIGHT: (u32, u32) = (800, 1280);
const LAPTOP: (u32, u32) = (1366, 768);

/// Enters by a code and stands at the page of the role.
async fn enters(window: &Window, code: &str, page: &str) -> Result<()> {
    window.goes_to("/vao").await?;
    window.types("input[name=code]", code).await?;
    window.presses("form[action$=enter] button[type=submit]").await?;
    window.arrives(page, |path| path.starts_with(page)).await?;
    Ok(())
}

/// An act of the stage's desk: a button, or a form behind a second look.
async fn does(window: &Window, act: &str, fields: &[(&str, &str)]) -> Result<()> {
    let form = format!("form:has(input[name=act][value={act}])");
    window.sees("main").await?;
    let opened = format!(
        "const form = document.querySelector('{form}'); if (!form) return false; \
         const fold = form.closest('details'); if (fold) fold.open = true; return true"
    );
    harness::until(act, async || {
        Ok((window.runs(&opened).await? == true).then_some(()))
    })
    .await?;
    for (name, value) in fields {
        window.types(&format!("{form} [name={name}]"), value).await?;
    }
    window.presses(&format!("{form} button[type=submit]")).await
}

/// Looks at a page with axe-core, and for what sticks out; keeps a picture.
async fn looks(window: &Window, name: &str, size: (u32, u32), wrong: &mut Vec<String>) -> Result<()> {
    window.is_sized(size.0, size.1).await?;
    for violation in window.violations().await? {
        wrong.push(format!("{name} at {}x{}: {violation}", size.0, size.1));
    }
    let wide = window
        .runs("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await?;
    if wide.as_i64().is_none_or(|wide| wide > 1) {
        wrong.push(format!("{name} at {}x{} is {wide} px too wide", size.0, size.1));
    }
    window.is_drawn(&format!("{name}-{}x{}", size.0, size.1)).await
}

/// Writes marks into the sheet, criterion by criterion; leaving the last field too.
async fn marks(window: &Window, marks: &[(u32, &str)]) -> Result<()> {
    for (criterion, mark) in marks {
        window
            .types(&format!("#tieu-chi-{criterion}"), &format!("{mark}\t"))
            .await?;
    }
    Ok(())
}

/// From the sheet over the last look to the locked sheet.
async fn hands_in(window: &Window) -> Result<()> {
    window.presses("form.sheet button[value=nop]").await?;
    window
        .presses("form[action$=hand_in_sheet] button[type=submit]")
        .await?;
    window
        .reads(".judge-main", |text| text.contains("Phiếu đã nộp và được khóa"))
        .await?;
    Ok(())
}

const FORTY: [(u32, &str); 5] = [(1, "12"), (2, "10"), (3, "8"), (4, "6"), (5, "4")];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_judges_from_the_draw_to_the_mark_on_the_wall() -> Result<()> {
    let driver = Driver::start().await?;
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = teams(2, 1);
    hall.creates("Hội thi Dân vận khéo").await?;
    hall.imports_teams().await?;
    let mut judges = Vec::new();
    for name in [
        "Giám khảo An",
        "Giám khảo Bình",
        "Giám khảo Cúc",
        "Giám khảo Dũng",
        "Giám khảo Em",
    ] {
        judges.push(hall.invites(Role::Judge, name).await?);
    }
    let secretary = hall.invites(Role::Secretary, "Thư ký Lan").await?;
    let ids: Vec<String> = judges.iter().map(|judge| judge.person.to_string()).collect();
    let mut panel: Vec<(&str, &str)> = vec![("contest", &hall.contest), ("round", "2"), ("chief", &ids[0])];
    let names: Vec<String> = (0..ids.len()).map(|n| format!("judges[{n}]")).collect();
    panel.extend(
        names
            .iter()
            .zip(&ids)
            .map(|(name, id)| (name.as_str(), id.as_str())),
    );
    hall.organizer.act("set_panel", &panel).await?;

    let mut wrong = Vec::new();
    let desk = driver.window(&hall).await?;
    desk.is_sized(LAPTOP.0, LAPTOP.1).await?;
    enters(&desk, &secretary.code, "/hoi-thi/").await?;
    let stage = format!("/hoi-thi/{}/san-khau/2", hall.contest);

    // The seal is shown before the seed is, and the order comes with the seed.
    desk.goes_to(&format!("{stage}/boc-tham")).await?;
    desk.presses("form:has(input[value=seal]) button").await?;
    let seal = desk.sees(".draw-code").await?.text().await?;
    assert_eq!(seal.replace(' ', "").len(), 64, "{seal}");
    assert_eq!(desk.count(".paper-table").await?, 0, "nothing is drawn yet");
    looks(&desk, "draw-sealed", LAPTOP, &mut wrong).await?;
    desk.presses("form:has(input[value=open]) button").await?;
    desk.sees(".paper-table").await?;
    let shown = desk.body().await?;
    assert!(
        shown.contains(&seal) && shown.contains("hoithi verify"),
        "{shown}"
    );
    looks(&desk, "draw-opened", LAPTOP, &mut wrong).await?;

    let wall = driver.window(&hall).await?;
    wall.is_sized(1920, 1080).await?;
    wall.goes_to(&format!("/bang/{}?cong-khai=1", hall.contest))
        .await?;

    // The first team is called, the clock runs on every device.
    desk.goes_to(&stage).await?;
    does(&desk, "call", &[]).await?;
    does(&desk, "start", &[]).await?;
    let plain = driver.window_with(&hall, &["--js-flags=--jitless"]).await?;
    let mut tablets = Vec::new();
    for _ in 0..4 {
        tablets.push(driver.window(&hall).await?);
    }
    tablets.push(plain);
    for (window, judge) in tablets.iter().zip(&judges) {
        window.is_sized(TABLET.0, TABLET.1).await?;
        enters(window, &judge.code, "/giam-khao").await?;
        window.sees("form.sheet").await?;
        window.sees(".stage-clock-time").await?;
    }
    for window in &tablets[..3] {
        window.sees("form.sheet[data-alive]").await?;
    }
    // Blank is not zero.
    tablets[0].reads("[data-total]", |text| text == "–").await?;
    tablets[0]
        .reads("[data-save-state]", |text| text == "Chưa chấm tiêu chí nào")
        .await?;
    for size in [TABLET, UPRIGHT] {
        looks(&tablets[0], "sheet-empty", size, &mut wrong).await?;
    }

    // The team begins anew: a mark from a sheet of the first run is not taken, and nobody says that it is saved.
    does(&desk, "repeat", &[("reason", "Mất điện")]).await?;
    marks(&tablets[1], &[(1, "12")]).await?;
    tablets[1]
        .reads("#tieu-chi-1-tinh-trang", |text| text.contains("thi lại (lần 2)"))
        .await?;
    tablets[1]
        .reads("[data-save-state]", |text| {
            text.contains("Còn 1 điểm không được nhận") && !text.contains("Đã lưu")
        })
        .await?;
    looks(&tablets[1], "sheet-other-run", TABLET, &mut wrong).await?;
    desk.goes_to(&stage).await?;
    does(&desk, "start", &[]).await?;
    for window in &tablets {
        window.goes_to("/giam-khao").await?;
        window.sees("form.sheet").await?;
    }
    for window in &tablets[..3] {
        window.sees("form.sheet[data-alive]").await?;
    }

    // A mark above the maximum is told beside its field and counts nowhere.
    marks(&tablets[1], &[(1, "16"), (2, "10,1"), (3, "8")]).await?;
    tablets[1]
        .reads("#tieu-chi-1-tinh-trang", |text| text == "Quá điểm tối đa 15.")
        .await?;
    tablets[1]
        .reads("#tieu-chi-2-tinh-trang", |text| {
            text == "Điểm phải là bội số của 0,25."
        })
        .await?;
    tablets[1].reads("[data-total]", |text| text == "8").await?;
    tablets[1].presses("form.sheet button[value=nop]").await?;
    tablets[1]
        .reads("[data-save-state]", |text| text.contains("2 ô chưa đúng"))
        .await?;
    for size in [TABLET, UPRIGHT] {
        looks(&tablets[1], "sheet-refused", size, &mut wrong).await?;
    }
    marks(&tablets[1], &FORTY).await?;
    tablets[1].reads("[data-total]", |text| text == "40").await?;
    tablets[1]
        .reads("[data-save-state]", |text| text.contains("Đã lưu"))
        .await?;

    // One loses the Wi-Fi in the middle of his sheet, goes on, and comes back.
    marks(&tablets[2], &FORTY[..2]).await?;
    tablets[2]
        .reads("[data-save-state]", |text| text.contains("Đã lưu"))
        .await?;
    tablets[2].is_offline(true).await?;
    marks(&tablets[2], &FORTY[2..]).await?;
    tablets[2]
        .reads("[data-save-state]", |text| text.contains("Còn 3 điểm chưa gửi"))
        .await?;
    looks(&tablets[2], "sheet-offline", TABLET, &mut wrong).await?;
    tablets[2].is_offline(false).await?;
    tablets[2]
        .reads("[data-save-state]", |text| text.contains("Đã lưu"))
        .await?;
    // His marks are the house's: another look at the page shows them.
    tablets[2].goes_to("/giam-khao").await?;
    tablets[2].reads("[data-total]", |text| text == "40").await?;

    // A reload with marks that never left the tablet: they come from its storage.
    tablets[0].is_offline(true).await?;
    marks(&tablets[0], &FORTY).await?;
    tablets[0]
        .reads("[data-save-state]", |text| text.contains("chưa gửi"))
        .await?;
    tablets[0].is_offline(false).await?;
    tablets[0].goes_to("/giam-khao").await?;
    tablets[0].reads("[data-total]", |text| text == "40").await?;
    tablets[0]
        .reads("[data-save-state]", |text| text.contains("lưu"))
        .await?;

    // Without scripts, and without WebAssembly, the sheet is a form.
    tablets[3].has_no_scripts().await?;
    tablets[3].goes_to("/giam-khao").await?;
    marks(&tablets[3], &[(1, "15,3")]).await?;
    tablets[3].presses("form.sheet button[value=nop]").await?;
    let said = tablets[3]
        .reads("#tieu-chi-1-tinh-trang", |text| !text.is_empty())
        .await?;
    assert_eq!(said, "Quá điểm tối đa 15.");
    for window in &tablets[3..] {
        assert_eq!(
            window.count("form.sheet[data-alive]").await?,
            0,
            "nothing has come alive"
        );
    }
    marks(&tablets[3], &FORTY).await?;
    marks(&tablets[4], &[(1, "8"), (2, "6"), (3, "5"), (4, "4"), (5, "2")]).await?;
    for window in &tablets {
        window.presses("form.sheet button[value=nop]").await?;
        window.sees("form[action$=hand_in_sheet]").await?;
    }
    for size in [TABLET, UPRIGHT] {
        looks(&tablets[0], "sheet-last-look", size, &mut wrong).await?;
    }
    // The Wi-Fi is gone at the moment of handing in: the press is kept until it is back.
    tablets[2].sees("form[action$=hand_in_sheet][data-alive]").await?;
    tablets[2].is_offline(true).await?;
    tablets[2]
        .presses("form[action$=hand_in_sheet] button[type=submit]")
        .await?;
    tablets[2]
        .reads(".judge-main", |text| {
            text.contains("Chưa gửi được, phiếu vẫn giữ")
        })
        .await?;
    looks(&tablets[2], "hand-in-offline", TABLET, &mut wrong).await?;
    tablets[2].is_offline(false).await?;
    for (at, window) in tablets.iter().enumerate() {
        if at != 2 {
            window
                .presses("form[action$=hand_in_sheet] button[type=submit]")
                .await?;
        }
        window
            .reads(".judge-main", |text| text.contains("Phiếu đã nộp và được khóa"))
            .await?;
    }
    for size in [TABLET, UPRIGHT] {
        looks(&tablets[0], "sheet-locked", size, &mut wrong).await?;
    }
    does(&desk, "stop", &[]).await?;

    // One asks for his sheet back; the chief judge gives it with a reason and sees before and after.
    let ask = "form[action$=ask_reopening]";
    tablets[1]
        .runs(&format!(
            "document.querySelector('{ask}').closest('details').open = true"
        ))
        .await?;
    tablets[1]
        .types(&format!("{ask} [name=reason]"), "Chấm nhầm tiêu chí 1")
        .await?;
    tablets[1].presses(&format!("{ask} button[type=submit]")).await?;
    tablets[1]
        .reads(".judge-main", |text| text.contains("Đã xin mở lại"))
        .await?;
    let chief = &tablets[0];
    chief.is_sized(LAPTOP.0, LAPTOP.1).await?;
    chief.goes_to(&stage).await?;
    chief
        .reads("[data-live=doi]", |text| text.contains("Chấm nhầm tiêu chí 1"))
        .await?;
    // A team by its name.
    chief
        .reads("[data-live=viec] .blockers", |text| {
            text.contains("Điểm của Đội xã")
        })
        .await?;
    looks(chief, "chief-desk", LAPTOP, &mut wrong).await?;
    let reopen = format!(
        "form:has(input[name=judge][value=\"{}\"]):has(input[value=reopen])",
        ids[1]
    );
    chief
        .runs(&format!(
            "document.querySelector('{reopen}').closest('details').open = true"
        ))
        .await?;
    chief
        .types(&format!("{reopen} [name=reason]"), "Đồng ý cho sửa")
        .await?;
    chief.presses(&format!("{reopen} button[type=submit]")).await?;
    // The judge's page hears of it by itself.
    tablets[1].presses(".reopened a").await?;
    tablets[1].sees("form.sheet[data-alive]").await?;
    marks(&tablets[1], &[(1, "13")]).await?;
    tablets[1].reads("[data-total]", |text| text == "41").await?;
    hands_in(&tablets[1]).await?;

    // 40, 41, 40, 40 and 25: one stands apart, and nothing is confirmed before that is talked over.
    chief.goes_to(&stage).await?;
    chief
        .reads("[data-live=doi]", |text| {
            text.contains("lệch 15,25") && text.contains("5/5")
        })
        .await?;
    let table = chief
        .runs("return document.querySelector('[data-live=doi] .panel-sheet table').textContent")
        .await?;
    let table = table.as_str().unwrap_or_default().to_owned();
    assert!(
        table.contains("Lần nộp 1") && table.contains("Hiện nay") && table.contains("1213"),
        "12 before, 13 now: {table}"
    );
    chief
        .runs("document.querySelectorAll('[data-live=doi] details').forEach((fold) => { fold.open = true })")
        .await?;
    looks(chief, "chief-desk-reopened", LAPTOP, &mut wrong).await?;
    chief.goes_to(&stage).await?;
    does(
        chief,
        "note",
        &[("reason", "Ban giám khảo đã hội ý, giữ nguyên điểm")],
    )
    .await?;
    hall.board_becomes("nothing before the confirmation", |board| {
        board["rows"][0]["marks"][1].is_null()
    })
    .await?;
    let confirm = "[data-live=doi] form:has(input[name=act][value=confirm]) button";
    chief.presses(confirm).await?;
    hall.board_becomes("(40 + 41 + 40 + 40 + 25) / 5", |board| {
        board["rows"][0]["marks"][1] == 37_200
    })
    .await?;
    wall.reads(".board", |text| text.contains("37,2")).await?;
    wall.is_drawn("judging-wall-1920x1080").await?;

    // The other team does not come; the papers are there to be signed.
    desk.goes_to(&stage).await?;
    let second = desk
        .runs("return document.querySelector('[data-live=cac-doi] tbody tr:nth-child(2) a').getAttribute('href')")
        .await?;
    desk.goes_to(second.as_str().context("a link")?).await?;
    does(&desk, "absent", &[("reason", "Đội báo vắng vì mưa lũ")]).await?;
    desk.goes_to(&stage).await?;
    desk.reads("[data-live=cac-doi]", |text| {
        text.contains("Vắng") && text.contains("Đã chốt")
    })
    .await?;
    looks(&desk, "stage-desk", LAPTOP, &mut wrong).await?;
    // All is settled: the organizer makes the round official.
    let publish = [("contest", &*hall.contest), ("round", "2"), ("act", "publish")];
    hall.organizer.act("run_stage", &publish).await?;
    desk.goes_to(&stage).await?;
    desk.reads("main", |text| text.contains("Phần thi đã công bố"))
        .await?;
    for (path, name) in [
        ("phieu", "paper-sheets"),
        ("bang-diem?nhap=1", "paper-summary"),
        ("boc-tham", "paper-draw"),
    ] {
        desk.goes_to(&format!("{stage}/{path}")).await?;
        desk.sees(".sheet-paper").await?;
        looks(&desk, name, LAPTOP, &mut wrong).await?;
    }
    desk.goes_to(&format!("/hoi-thi/{}/bien-ban?nhap=1", hall.contest))
        .await?;
    desk.reads(".sheet-paper", |text| text.contains("Đội báo vắng vì mưa lũ"))
        .await?;
    looks(&desk, "paper-minutes", LAPTOP, &mut wrong).await?;
    desk.is_printed("paper-minutes").await?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for window in tablets.into_iter().chain([desk, wall]) {
        window.closes().await?;
    }
    Ok(())
}
