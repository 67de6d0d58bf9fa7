//! Judges' tablets under power cuts, without Wi-Fi, swapped, and with pages that have grown old.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use contest::stage::SheetState;
use contest::{Points, TeamId};
use harness::process::Process;
use harness::{Engine, JudgeTablet, on_both_engines};
use rand::RngExt;
use tokio_util::sync::CancellationToken;

use crate::platform::{FORTY, Platform, SKITS};

/// How often the power is cut.
const CUTS: usize = 20;
/// The maxima of the skit's criteria in quarters of a point.
const QUARTERS: [i64; 5] = [60, 50, 40, 30, 20];

/// A judge who changes his mind all the time.
async fn marks_away(mut tablet: JudgeTablet, stop: CancellationToken) -> Result<JudgeTablet> {
    while !stop.is_cancelled() {
        let (criterion, quarters) = {
            let mut rng = rand::rng();
            let criterion = rng.random_range(0..QUARTERS.len());
            (criterion, rng.random_range(0..=QUARTERS[criterion]))
        };
        tablet.writes(criterion as u32 + 1, Points(quarters * 250));
        tablet.flushes().await?;
        tokio::task::yield_now().await;
    }
    Ok(tablet)
}

on_both_engines! {
    /// Killed at random moments while five judges mark: what was acknowledged is in the ledger, what was
    /// not is on the tablets, and drafts come back on the same and on another tablet.
    async fn every_acknowledged_mark_survives_twenty_kills(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 5).await?;
        platform.performs(TeamId(1)).await?;
        platform.hall.stops().await?;
        let program = Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"));
        for cut in 0..CUTS {
            let log = platform.hall.database.folder().join(format!("{cut}.log"));
            let process = Process::serves(program, platform.hall.database.url(), log).await?;
            let stop = CancellationToken::new();
            let mut marking = Vec::new();
            for mut tablet in platform.judges.drain(..) {
                tablet.visitor = tablet.visitor.at(&process.base());
                marking.push(tokio::spawn(marks_away(tablet, stop.clone())));
            }
            // The one random moment of the test: any of them must do.
            let moment = rand::rng().random_range(20..300);
            tokio::time::sleep(Duration::from_millis(moment)).await;
            process.dies().await?;
            stop.cancel();
            for tablet in marking {
                platform.judges.push(tablet.await??);
            }
            platform.holds().await?;
        }
        ensure!(platform.book.all().len() > CUTS * 5, "there was hardly any load");

        // Power is back for good. The same tablets send what they still have.
        let log = platform.hall.database.folder().join("last.log");
        let process = Process::serves(program, platform.hall.database.url(), log).await?;
        platform.secretary = platform.secretary.at(&process.base());
        for tablet in &mut platform.judges {
            tablet.visitor = tablet.visitor.at(&process.base());
            tablet.loads().await?;
            tablet.returns().await?;
            ensure!(tablet.unsent() == 0);
        }
        platform.holds().await?;
        // And on another tablet the same draft lies.
        let before = platform.judges[3].view().await?.sheet.context("a sheet")?;
        let other = platform.changes_tablet(3).await?;
        assert_eq!(other.view().await?.sheet.context("a sheet")?.marks, before.marks);
        process.dies().await
    }

    async fn marks_written_without_wifi_wait_on_the_tablet(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 3).await?;
        platform.performs(TeamId(1)).await?;
        let mut judge = platform.judges[1].clone();
        judge.fills(&FORTY[..2]).await?;
        judge.loses_wifi();
        // Offline he changes his first mark and fills in the rest.
        judge.writes(1, Points(13_000));
        for (criterion, points) in (3..).zip(&FORTY[2..]) {
            judge.writes(criterion, Points(*points));
        }
        judge.flushes().await?;
        assert_eq!(judge.unsent(), 4);
        let held = judge.view().await?.sheet.context("a sheet")?;
        assert_eq!((held.total, held.state), (Points(22_000), SheetState::Draft));
        // The page is loaded again: his newer marks stand above what the house has.
        judge.loads().await?;
        assert_eq!(judge.unsent(), 4);
        judge.returns().await?;
        assert_eq!(judge.unsent(), 0);
        let held = judge.loads().await?;
        assert_eq!(held.total, Points(41_000));
        judge.hands_in().await?.ok()?;
        assert_eq!(judge.view().await?.sheet.context("a sheet")?.state, SheetState::HandedIn);

        // The next judge's tablet dies in the middle: another one has every acknowledged mark.
        platform.judges[2].fills(&FORTY[..3]).await?;
        let mut other = platform.changes_tablet(2).await?;
        assert_eq!(other.view().await?.sheet.context("a sheet")?.total, Points(30_000));
        assert_eq!(platform.judges[2].visitor.get("/api/cham").await?.status, 401, "the dead one is out");
        other.writes(1, Points(12_250));
        other.fills(&[12_250, 10_000, 8_000, 6_000, 4_000]).await?;
        other.hands_in().await?.ok()?;
        platform.holds().await
    }

    /// A page that has grown old overwrites nothing: it is told what stands, and asked again.
    async fn a_stale_page_is_told_what_changed(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 3).await?;
        platform.performs(TeamId(1)).await?;
        let tablet = platform.judges[1].visitor.clone();
        let old = tablet.page(&format!("/giam-khao?phan={SKITS}&doi=1")).await?;
        ensure!(old.contains("revisions[1]"), "the form carries what it was made from");
        // Another tab of the tablet saves 12 for the first criterion.
        platform.judges[1].writes(1, Points(12_000));
        platform.judges[1].flushes().await?;
        // The old page sends 10 for it and 9 for the second one.
        let sent = [
            ("round", SKITS),
            ("team", "1"),
            ("marks[1]", "10"),
            ("revisions[1]", "0"),
            ("marks[2]", "9"),
            ("revisions[2]", "0"),
        ];
        let answer = tablet.call("save_sheet", &sent).await?;
        let told: serde_json::Value = answer.json()?;
        assert_eq!(told["refusal"]["refusal"], "stale_mark", "{told}");
        assert_eq!(told["refusal"]["of"]["points"], 12_000, "it is told what stands");
        let sheet = platform.judges[1].view().await?.sheet.context("a sheet")?;
        assert_eq!(sheet.marks[0].1.and_then(|held| held.points), Some(Points(12_000)));
        // As a plain form it comes back to the sheet, with the reason in words.
        let from = format!("/giam-khao?phan={SKITS}&doi=1");
        let back = tablet.form(&from, "save_sheet", &sent).await?;
        let back = back.location.context("sent back")?;
        let page = tablet.page(back.trim_start_matches(platform.hall.base())).await?;
        ensure!(page.contains("12"), "the page shows what stands");
        // Asked again, by what is there now, he may write it.
        let revision = sheet.marks[0].1.map_or(0, |held| held.revision).to_string();
        let again = [
            ("round", SKITS),
            ("team", "1"),
            ("marks[1]", "10"),
            ("revisions[1]", &*revision),
        ];
        tablet.act("save_sheet", &again).await?;
        let sheet = platform.judges[1].view().await?.sheet.context("a sheet")?;
        assert_eq!(sheet.marks[0].1.and_then(|held| held.points), Some(Points(10_000)));
        // What was handed in is locked, also for a page that still shows a form.
        platform.judges[1].loads().await?;
        platform.judges[1].fills(&FORTY).await?;
        platform.judges[1].hands_in().await?.ok()?;
        let late = [("round", SKITS), ("team", "1"), ("marks[3]", "1"), ("revisions[3]", "9")];
        let told: serde_json::Value = tablet.call("save_sheet", &late).await?.json()?;
        assert_eq!(told["refusal"]["refusal"], "sheet_locked", "{told}");
        platform.holds().await
    }
}
