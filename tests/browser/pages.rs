//! Every page at its real size, judged by axe-core and drawn for people to look at.

use anyhow::Result;
use contest::actor::Role;
use harness::{Engine, Hall};

use crate::driver::Driver;
use crate::story::{enters, signs_in};
use crate::window::Window;

/// Looks at a page: whatever is serious is noted.
pub(crate) async fn look(
    window: &Window,
    path: &str,
    name: &str,
    size: (u32, u32),
    wrong: &mut Vec<String>,
) -> Result<()> {
    window.is_sized(size.0, size.1).await?;
    window.goes_to(path).await?;
    window.sees("main").await?;
    looked(window, path, name, size, wrong).await
}

/// The same of the page that is shown already.
pub(crate) async fn looked(
    window: &Window,
    path: &str,
    name: &str,
    size: (u32, u32),
    wrong: &mut Vec<String>,
) -> Result<()> {
    for violation in window.violations().await? {
        wrong.push(format!("{path} at {}x{}: {violation}", size.0, size.1));
    }
    // Nothing sticks out to the right, on any screen.
    let wide = window
        .runs("return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        .await?;
    if wide.as_i64().is_none_or(|wide| wide > 1) {
        wrong.push(format!("{path} at {}x{} is {wide} px too wide", size.0, size.1));
    }
    if let Some(slow) = window.is_slow_to_lay_out().await? {
        wrong.push(format!("{path} at {}x{}: {slow}", size.0, size.1));
    }
    window.is_drawn(&format!("{name}-{}x{}", size.0, size.1)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_shut_out_of_any_page() -> Result<()> {
    let driver = Driver::start().await?;
    const LAPTOP: (u32, u32) = (1366, 768);
    const PHONE: (u32, u32) = (360, 740);
    const TABLETS: [(u32, u32); 2] = [(1280, 800), (800, 1280)];
    const WALLS: [(u32, u32); 3] = [(1920, 1080), (1024, 768), (3840, 1080)];
    let mut hall = Hall::empty(Engine::Sqlite).await?;
    hall.teams = harness::files::teams(14, 2);
    hall.creates("Hội thi Dân vận khéo huyện Bắc Tân Uyên").await?;
    hall.imports_teams().await?;
    let mut wrong = Vec::new();

    let guest = driver.window(&hall).await?;
    for size in [LAPTOP, PHONE] {
        for (path, name) in [
            ("/", "home"),
            ("/vao", "entry"),
            ("/dang-nhap", "sign-in"),
            ("/khong-co", "not-found"),
        ] {
            look(&guest, path, name, size, &mut wrong).await?;
        }
    }

    let organizer = driver.window(&hall).await?;
    organizer.is_sized(LAPTOP.0, LAPTOP.1).await?;
    signs_in(&organizer).await?;
    let home = format!("/hoi-thi/{}", hall.contest);
    let preview = hall
        .uploads("questions", "cau-hoi.csv", hall.bank.csv())
        .await?
        .ok()?;
    let preview = preview.location.unwrap_or_default();
    look(&organizer, &preview, "import", LAPTOP, &mut wrong).await?;
    let broken = hall
        .uploads(
            "questions",
            "sai.csv",
            "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n,x,y,Z,T,?\n".into(),
        )
        .await?;
    look(
        &organizer,
        &broken.location.unwrap_or_default(),
        "import-problems",
        LAPTOP,
        &mut wrong,
    )
    .await?;
    hall.imports_questions().await?;
    hall.invites(Role::Judge, "Giám khảo Minh").await?;
    let exam = format!("{home}/phan-thi/1");
    look(&organizer, &exam, "exam-draft", LAPTOP, &mut wrong).await?;
    hall.prepares().await?;
    let passes = hall.passes_of(Role::Contestant).await?;
    let tablet = driver.window(&hall).await?;
    enters(&tablet, &passes[0].code).await?;
    for size in TABLETS {
        look(&tablet, "/thi", "waiting", size, &mut wrong).await?;
    }
    hall.opens().await?;
    let mut others = hall.contestant(1).await?;
    hall.answers_paper(&mut others, 20, 10).await?;
    for size in [TABLETS[0], TABLETS[1], PHONE] {
        look(&tablet, "/thi", "writing", size, &mut wrong).await?;
        tablet.presses("button.exam-hand-in").await?;
        tablet.sees(".exam-ask").await?;
        looked(&tablet, "/thi (handing in)", "asking", size, &mut wrong).await?;
    }
    look(&organizer, &exam, "exam-open", LAPTOP, &mut wrong).await?;
    let board = format!("/bang/{}?cong-khai=1", hall.contest);
    let wall = driver.window(&hall).await?;
    for size in WALLS {
        look(&wall, &board, "board-open", size, &mut wrong).await?;
    }
    others.hands_in().await?;
    hall.closes("Tất cả đã nộp bài").await.ok();
    hall.passes(32);
    harness::until("the round to be closed", async || {
        if hall.board().await?["rounds"][0]["phase"] == "closed" {
            return Ok(Some(()));
        }
        Ok(hall.exam("close_exam", &[]).await.is_ok().then_some(()))
    })
    .await?;
    look(&organizer, &exam, "exam-closed", LAPTOP, &mut wrong).await?;
    harness::until("all to be handed in and marked", async || {
        Ok(hall.marks().await.is_ok().then_some(()))
    })
    .await?;
    look(&organizer, &exam, "exam-marked", LAPTOP, &mut wrong).await?;
    hall.publishes().await?;
    for (path, name) in [
        ("/hoi-thi".to_owned(), "contests"),
        ("/hoi-thi/moi".to_owned(), "new-contest"),
        ("/tai-khoan".to_owned(), "accounts"),
        (home.clone(), "overview"),
        (format!("{home}/doi"), "teams"),
        (format!("{home}/nguoi"), "people"),
        (format!("{home}/the/contestant"), "cards"),
        (format!("{home}/cau-hoi"), "questions"),
        (format!("{home}/the-le"), "rules"),
        (exam.clone(), "exam-published"),
        (format!("{exam}/dap-an"), "corrections"),
        (format!("{home}/tong-hop"), "standings"),
        (format!("{home}/giai-trinh/1"), "explain"),
        (format!("{home}/nhat-ky"), "ledger"),
    ] {
        look(&organizer, &path, name, LAPTOP, &mut wrong).await?;
    }
    for size in TABLETS {
        look(&tablet, "/thi", "receipt", size, &mut wrong).await?;
        look(&tablet, "/thi/bai", "marked-paper", size, &mut wrong).await?;
    }
    for size in WALLS {
        look(&wall, &board, "board-published", size, &mut wrong).await?;
    }
    look(&wall, &board, "board-published", PHONE, &mut wrong).await?;
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    for window in [guest, organizer, tablet, wall] {
        window.closes().await?;
    }
    Ok(())
}
