//! A complaint from the team's own tablet to the corrected board, with a look at who would move between.

use anyhow::{Context, ensure};
use contest::TeamId;
use harness::{Engine, on_both_engines};

use crate::platform::{Platform, SKITS};

/// Sheets of 40, 41 and 40,5 by both judges; 1,5 off team 2: it has 39,5 and would have 41.
const SHEETS: [[i64; 5]; 3] = [
    [12_000, 10_000, 8_000, 6_000, 4_000],
    [13_000, 10_000, 8_000, 6_000, 4_000],
    [12_500, 10_000, 8_000, 6_000, 4_000],
];

/// Whether the page has the form that records a changed deduction.
fn records(page: &str) -> bool {
    page.contains("value=\"correct\"") || page.contains("value=correct")
}

on_both_engines! {
    async fn a_complaint_is_answered_and_corrected_with_a_look_at_who_moves(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 2).await?;
        let chief = platform.judges[0].visitor.clone();
        for (team, sheet) in (1..).map(TeamId).zip(SHEETS) {
            platform.performs(team).await?;
            for judge in &mut platform.judges {
                judge.turns_to(team);
                judge.fills(&sheet).await?;
                judge.hands_in().await?.ok()?;
            }
            if team == TeamId(2) {
                let off = [("points", "1.5"), ("reason", "đạo cụ rơi khỏi sân khấu")];
                platform.tries(&platform.secretary, "deduct", team, &off).await?.ok()?;
            }
            platform.tries(&chief, "confirm", team, &[]).await?.ok()?;
        }
        let organizer = platform.hall.organizer.clone();
        let contest = platform.hall.contest.clone();
        // Nothing is published yet: complaints are not heard.
        let contestant = platform.hall.contestants().await?.swap_remove(2);
        let complaint = [("contest", &*contest), ("team", "2"), ("text", "Đạo cụ rơi do sân khấu rung")];
        let early: serde_json::Value = contestant.visitor.call("file_appeal", &complaint).await?.json()?;
        assert_eq!(early["refusal"]["refusal"], "appeals_closed", "{early}");
        platform.tries(&organizer, "publish", TeamId(1), &[]).await?.ok()?;
        contestant.visitor.act("file_appeal", &complaint).await?;
        let answer = [("contest", &*contest), ("appeal", "1"), ("upheld", "true"), ("reason", "Sân khấu rung")];
        let secretary: serde_json::Value = platform.secretary.call("answer_appeal", &answer).await?.json()?;
        assert_eq!(secretary["refusal"]["refusal"], "not_allowed", "{secretary}");
        organizer.act("answer_appeal", &answer).await?;

        // A look: team 2 would go from the third place to the first. Nothing is recorded by it.
        let before = platform.facts().await?.len();
        let path = format!("/hoi-thi/{contest}/giai-thuong?diem-cua={SKITS}-2&viec=tru&diem-tru=0");
        let page = organizer.page(&path).await?;
        ensure!(page.contains("39,5") && page.contains("41"), "both totals stand in the preview");
        ensure!(records(&page), "and the form that records it");
        assert_eq!(platform.facts().await?.len(), before);
        assert_eq!(platform.mark(&organizer, TeamId(2)).await?, Some(39_500));
        // A secretary sees the complaints, but corrects nothing.
        ensure!(!records(&platform.secretary.page(&path).await?));

        let fields = [("points", "0"), ("reason", "Khiếu nại được chấp nhận")];
        platform.tries(&organizer, "correct", TeamId(2), &fields).await?.ok()?;
        // One person changes no published mark: it is said where it waits, and another one agrees.
        assert_eq!(platform.mark(&organizer, TeamId(2)).await?, Some(39_500));
        let agreed = [("points", "0")];
        let alone = platform.tries(&organizer, "agree", TeamId(2), &agreed).await?;
        assert_eq!(alone.status, 409, "{}", alone.text());
        let page = organizer.page(&format!("/hoi-thi/{contest}/giai-thuong")).await?;
        ensure!(page.contains("Đề nghị đổi điểm trừ thành 0"), "{page}");
        let desk = format!("/hoi-thi/{contest}/san-khau/{SKITS}?doi=2");
        ensure!(!organizer.page(&desk).await?.contains("value=\"agree\""), "not he himself");
        ensure!(chief.page(&desk).await?.contains("value=\"agree\""), "but the chief judge");
        platform.tries(&chief, "agree", TeamId(2), &agreed).await?.ok()?;
        let board = platform.hall.board().await?;
        let first = &board["rows"].as_array().context("rows")?[0];
        assert_eq!((first["team"].as_u64(), first["total"].as_i64()), (Some(2), Some(41_000)));

        // The minutes tell it, and also what was asked for and not done.
        let again = [("points", "2"), ("reason", "Xem lại đồng hồ lần nữa")];
        platform.tries(&organizer, "correct", TeamId(2), &again).await?.ok()?;
        let dropped = [("reason", "Đồng hồ không sai")];
        platform.tries(&chief, "drop", TeamId(2), &dropped).await?.ok()?;
        let minutes = organizer.page(&format!("/hoi-thi/{contest}/bien-ban?nhap=1")).await?;
        for (what, why) in [
            ("Đề nghị sửa điểm trừ", "Khiếu nại được chấp nhận"),
            ("Đề nghị sửa điểm trừ", "Xem lại đồng hồ lần nữa"),
            ("Bỏ đề nghị sửa điểm trừ", "Đồng hồ không sai"),
        ] {
            let line = |line: &str| line.contains(what) && line.contains(why);
            ensure!(minutes.split("<li>").any(line), "{what}: {why}");
        }
        platform.holds().await
    }
}
