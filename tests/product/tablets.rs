//! Tablets that lose the Wi-Fi, are reloaded, swapped, tapped twice, opened twice, and whose clocks are wrong.

use std::collections::BTreeSet;

use anyhow::{Context, Result};
use contest::actor::Role;
use contest::attempt::{Outcome, Timing};
use contest::audience::Stage;
use contest::question::Choice;
use harness::{Engine, Hall, Tablet, on_both_engines, until};

/// The rows of an attempt: `(question, revision, choice, timing)`.
async fn rows(hall: &Hall, attempt: i64) -> Result<Vec<(i64, i64, i64, i64)>> {
    Ok(sqlx::query_as(
        "SELECT question, revision, choice, timing FROM answer WHERE attempt = $1 ORDER BY question, revision",
    )
    .bind(attempt)
    .fetch_all(&mut hall.database.connect().await?)
    .await?)
}

/// Staff's mark of the team in the exam.
async fn mark(hall: &Hall, team: &str) -> Result<i64> {
    let board = hall.board_of(&hall.organizer).await?;
    let rows = board["rows"].as_array().context("rows")?;
    let row = rows.iter().find(|row| row["name"] == team).context("the team")?;
    row["marks"][0].as_i64().context("a mark")
}

async fn is_done(tablet: &mut Tablet) -> Result<()> {
    until("the house to hand in", async || {
        Ok(matches!(tablet.sitting().await?.stage, Stage::Done { .. }).then_some(()))
    })
    .await
}

on_both_engines! {
    async fn nothing_is_lost_without_wifi_for_the_second_half(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = harness::files::teams(4, 1);
        hall.creates("Hội thi mất Wi-Fi").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        hall.opens().await?;
        let mut tablets = hall.contestants().await?;
        for tablet in &mut tablets {
            hall.answers_paper(tablet, 15, 0).await?;
            tablet.loses_wifi();
        }
        hall.passes(15);
        for tablet in &mut tablets {
            // Offline, he changes an early answer as well, and answers the rest of the paper.
            let sheet = tablet.clone().sheet().await?;
            tablet.answers(0, hall.bank.wrong(&sheet, 0)).await?;
            for place in 15..30 {
                tablet.answers(place, hall.bank.right(&sheet, place)).await?;
            }
            assert_eq!(tablet.unsent().len(), 16);
        }

        // One is back in time, one within the grace of 30 seconds, two after it.
        hall.passes(14);
        tablets[0].returns().await?;
        hall.passes_seconds(70);
        tablets[1].returns().await?;
        hall.passes_seconds(60);
        tablets[2].returns().await?;
        tablets[3].returns().await?;
        for (tablet, timing) in tablets.iter().zip([Timing::InTime, Timing::Grace, Timing::TooLate, Timing::TooLate]) {
            assert_eq!(tablet.unsent(), [], "receipts for all");
            assert_eq!(tablet.receipts().len(), 31);
            assert_eq!(tablet.saved_as(timing), if timing == Timing::InTime { 31 } else { 16 }, "{timing:?}");
            let held = rows(&hall, tablet.attempt()?).await?;
            assert_eq!(held.len(), 31);
            assert_eq!(held.iter().filter(|row| row.3 == timing.code()).count(), tablet.saved_as(timing));
        }

        for tablet in &mut tablets {
            is_done(tablet).await?;
            let Stage::Done { receipt, .. } = tablet.sitting().await?.stage else { unreachable!() };
            assert!(receipt.by_server);
            assert_eq!(receipt.questions, 30);
        }
        // What came too late counts for him alone whom the committee admits.
        let passes = hall.passes_of(Role::Contestant).await?;
        hall.exam("admit_late", &[("person", &passes[3].person.to_string()), ("reason", "Router hỏng")]).await?;
        until("the round to be closed", async || {
            if hall.board().await?["rounds"][0]["phase"] == "closed" {
                return Ok(Some(()));
            }
            Ok(hall.exam("close_exam", &[]).await.is_ok().then_some(()))
        })
        .await?;
        hall.marks().await?;
        assert_eq!(mark(&hall, "Đội xã 1").await?, 29_000, "in time");
        assert_eq!(mark(&hall, "Đội xã 2").await?, 29_000, "within the grace");
        assert_eq!(mark(&hall, "Đội xã 3").await?, 15_000, "too late: what he had sent before");
        assert_eq!(mark(&hall, "Đội xã 4").await?, 29_000, "too late, but admitted");
        Ok(())
    }

    async fn a_reload_shows_what_the_house_has(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        hall.answers_paper(&mut tablet, 7, 0).await?;
        let before = tablet.sheet().await?;
        let mut again = tablet.reloads();
        let Stage::Writing { sheet, held, attempt, .. } = again.sitting().await?.stage else {
            panic!("he is writing");
        };
        assert_eq!(sheet, before, "the same paper");
        assert_eq!(attempt, tablet.attempt()?);
        assert_eq!(held.len(), 7);
        for (place, held) in &held {
            assert_eq!(held.choice, hall.bank.right(&sheet, *place));
        }
        // He goes on counting revisions where he was.
        again.answers(0, hall.bank.wrong(&sheet, 0)).await?;
        assert_eq!(rows(&hall, attempt).await?[..2], [(0, 1, i64::from(held[&0].choice.0), 0),
            (0, 2, i64::from(hall.bank.wrong(&sheet, 0).0), 0)]);
        Ok(())
    }

    async fn a_second_device_waits_for_the_secretary(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let secretary = hall.secretary().await?;
        let mut old = hall.contestant(0).await?;
        hall.answers_paper(&mut old, 5, 0).await?;
        let mut pulse = old.visitor.stream("/api/thi/events").await?;
        pulse.view().await?;

        let (_, taken) = Tablet::tries(hall.base(), &old.code).await?;
        assert_eq!(taken.status, 409, "{}", taken.text());
        assert_eq!(taken.error().as_deref(), Some("device_taken"));

        let person = hall.passes_of(Role::Contestant).await?[0].person.to_string();
        let fields = [("contest", &*hall.contest), ("person_id", &*person)];
        secretary.act("release_device", &fields).await?;
        for refused in [
            old.visitor.get("/api/thi").await?,
            old.sends(&[], 0).await?,
            old.visitor.post("/api/thi/hand-in", &serde_json::json!({"attempt": old.attempt()?})).await?,
        ] {
            assert_eq!(refused.status, 401, "the old one is out at once: {}", refused.text());
            assert_eq!(refused.error().as_deref(), Some("moved"), "and is told why");
        }
        pulse.end().await?;
        let page = old.visitor.get("/thi").await?;
        assert_eq!(page.location.as_deref(), Some("/vao?da-chuyen=1"));

        let mut new = Tablet::enters(hall.base(), &old.code, &hall.book).await?;
        let Stage::Writing { held, attempt, .. } = new.sitting().await?.stage else {
            panic!("he goes on writing");
        };
        assert_eq!((held.len(), attempt), (5, old.attempt()?));
        // And the first cannot come back by its code; it still hears why.
        assert_eq!(old.visitor.call("enter", &[("code", &old.code)]).await?.status, 409);
        assert_eq!(old.visitor.get("/api/thi").await?.error().as_deref(), Some("moved"));
        // Moved back to it, it is his tablet again.
        secretary.act("release_device", &fields).await?;
        old.visitor.act("enter", &[("code", &old.code)]).await?;
        assert_eq!(old.sitting().await?.sbd, hall.passes_of(Role::Contestant).await?[0].sbd);
        Ok(())
    }

    async fn a_tablet_that_a_restored_house_does_not_know_is_told_so(engine: Engine) -> Result<()> {
        let mut hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        hall.answers_paper(&mut tablet, 3, 0).await?;
        // As after a backup from before he entered: the house knows neither session nor device.
        hall.stops().await?;
        let mut past = hall.database.connect().await?;
        for text in ["DELETE FROM session", "UPDATE person SET device = NULL"] {
            sqlx::query(text).execute(&mut past).await?;
        }
        drop(past);
        hall.restarts().await?;
        tablet.visitor = tablet.visitor.at(hall.base());
        for refused in [tablet.visitor.get("/api/thi").await?, tablet.sends(&[], 0).await?] {
            assert_eq!(refused.status, 401);
            assert_eq!(refused.error().as_deref(), Some("sign_in"), "nobody has taken him off it");
        }
        assert_eq!(tablet.visitor.get("/thi").await?.location.as_deref(), Some("/vao"));
        // He enters again on the same tablet, and it goes on where it was.
        tablet.visitor.act("enter", &[("code", &tablet.code)]).await?;
        tablet.answers(3, Choice::only(0)).await?;
        assert_eq!(tablet.saved_as(Timing::InTime), 4);
        Ok(())
    }

    async fn a_plain_forms_answer_is_kept_however_late(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        let sheet = tablet.sheet().await?;
        let attempt = tablet.attempt()?;
        let form = async |question: u16, choice: Choice| -> Result<()> {
            let option = (0..8u8).find(|option| choice.has(*option)).context("an option")?.to_string();
            let (attempt, question) = (attempt.to_string(), question.to_string());
            let fields = [("attempt", &*attempt), ("question", &*question), ("choice[]", &*option), ("to", "1")];
            let answer = tablet.visitor.form("/thi", "answer_plain", &fields).await?.ok()?;
            anyhow::ensure!(answer.location.is_some_and(|to| to.starts_with("/thi")));
            Ok(())
        };
        form(0, hall.bank.right(&sheet, 0)).await?;
        hall.passes(30);
        hall.passes_seconds(10);
        anyhow::ensure!(tablet.clone().hands_in().await?.by_server, "the deadline has ended his paper");
        // The page was on its way when the time ran out; then it lay about, and is sent after the grace too.
        form(1, hall.bank.right(&sheet, 1)).await?;
        hall.passes(2);
        form(2, hall.bank.right(&sheet, 2)).await?;
        // An old page of what stands already is no news.
        form(0, hall.bank.right(&sheet, 0)).await?;
        let right = |place: u16| i64::from(hall.bank.right(&sheet, place).0);
        assert_eq!(
            rows(&hall, attempt).await?,
            [
                (0, 1, right(0), Timing::InTime.code()),
                (1, 1, right(1), Timing::Grace.code()),
                (2, 1, right(2), Timing::TooLate.code()),
            ]
        );
        let page = tablet.visitor.page("/thi").await?;
        assert!(page.contains("1 câu đến quá muộn: được giữ lại"), "the receipt says so: {page}");
        Ok(())
    }

    async fn a_double_tap_is_one_answer(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        tablet.sheet().await?;
        tablet.taps(3, Choice::only(1));
        let packet = tablet.unsent();
        // The same packet ten times at once, as a hurried network sends it.
        let all = futures::future::join_all((0..10).map(|_| tablet.sends(&packet, 1))).await;
        let receipts: BTreeSet<String> = all
            .into_iter()
            .map(|answer| {
                let saved: harness::tablet::Saved = answer?.ok()?.json()?;
                Ok(format!("{:?}", saved.receipts))
            })
            .collect::<Result<_>>()?;
        assert_eq!(receipts.len(), 1, "each gets the same receipt: {receipts:?}");
        assert_eq!(rows(&hall, tablet.attempt()?).await?, [(3, 1, 2, 0)]);
        tablet.flushes().await?;
        let board = hall.board_becomes("one answer", |board| board["rounds"][0]["running"]["answered"] == 1).await?;
        assert_eq!(board["rows"][0]["progress"]["answered"], 1);

        let first = tablet.hands_in().await?;
        assert_eq!(tablet.hands_in().await?, first, "handing in twice gives the same slip");
        Ok(())
    }

    async fn of_two_tabs_the_last_tap_stands(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut one = hall.contestant(0).await?;
        one.sheet().await?;
        let mut two = one.clone();
        one.answers(4, Choice::only(0)).await?;
        // The other tab knows nothing of that and counts for itself.
        two.answers(4, Choice::only(2)).await?;
        let told = two.receipts().iter().any(|receipt| {
            receipt.outcome == Outcome::Superseded { revision: 1, choice: Choice::only(0) }
        });
        assert!(told, "{:?}", two.receipts());
        assert_eq!(rows(&hall, one.attempt()?).await?, [(4, 1, 1, 0), (4, 2, 4, 0)]);
        Ok(())
    }

    async fn a_tablet_a_day_off_has_the_time_of_the_house(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let day = 24 * 3600 * 1000;
        for (n, off) in [(0, day), (1, -day)] {
            let mut tablet = hall.contestant(n).await?;
            tablet.has_a_clock_wrong_by(off);
            let sitting = tablet.sitting().await?;
            let Stage::Writing { deadline, .. } = sitting.stage else { panic!("he is writing") };
            assert!((sitting.now - hall.now()).abs() < 60_000, "the page learns the house's time");
            assert!(deadline > hall.now() && deadline <= hall.now() + 30 * 60_000);
            hall.answers_paper(&mut tablet, 2, 0).await?;
            assert_eq!(tablet.saved_as(Timing::InTime), 2);
        }
        hall.passes(32);
        let mut late = hall.contestant(2).await?;
        is_done(&mut late).await
    }

    async fn a_pause_stops_everybodys_time(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let secretary = hall.secretary().await?;
        let mut tablet = hall.contestant(0).await?;
        tablet.sheet().await?;
        hall.passes(20);
        let round = [("contest", &*hall.contest), ("round", "1")];
        let without_reason = secretary.call("pause_exam", &[round[0], round[1], ("reason", "")]).await?;
        assert_eq!(without_reason.status, 422, "{}", without_reason.text());
        secretary.act("pause_exam", &[round[0], round[1], ("reason", "Mất điện")]).await?;
        let Stage::Writing { paused: true, .. } = tablet.sitting().await?.stage else { panic!("paused") };
        hall.passes(60);
        secretary.act("resume_exam", &round).await?;
        let Stage::Writing { paused: false, deadline, .. } = tablet.sitting().await?.stage else {
            panic!("he goes on writing");
        };
        let left = deadline - hall.now();
        assert!((9 * 60_000..=10 * 60_000).contains(&left), "ten minutes are left: {left}");
        tablet.answers(0, Choice::only(0)).await?;
        assert_eq!(tablet.saved_as(Timing::InTime), 1);

        // Extra time for one of them.
        let person = hall.passes_of(Role::Contestant).await?[0].person.to_string();
        let grant = [round[0], round[1], ("person", &*person), ("minutes", "5"), ("reason", "Đổi máy")];
        secretary.act("grant_time", &grant).await?;
        let Stage::Writing { deadline: longer, .. } = tablet.sitting().await?.stage else { panic!("writing") };
        assert_eq!(longer, deadline + 5 * 60_000);
        Ok(())
    }
}
