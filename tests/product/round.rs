//! A whole exam round, from two files to published standings, with marks computed by hand.

use anyhow::{Context, Result};
use contest::audience::Stage;
use harness::files::teams;
use harness::{Engine, Hall, on_both_engines, until};
use serde_json::{Value, json};

/// `(name, rank, total, tied)` of every row, in its order.
fn rows(board: &Value) -> Vec<(String, Value, Value, bool)> {
    let rows = board["rows"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter()
        .map(|row| {
            (
                row["name"].as_str().unwrap_or_default().to_owned(),
                row["rank"].clone(),
                row["total"].clone(),
                row["tied"] == true,
            )
        })
        .collect()
}

fn running(board: &Value) -> &Value {
    &board["rounds"][0]["running"]
}

on_both_engines! {
    async fn a_whole_round_gives_the_marks_computed_by_hand(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(4, 2);
        hall.creates("Hội thi Dân vận khéo năm 2023").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        let mut screen = hall.board_stream().await?;
        assert_eq!(screen.view().await?["rounds"][0]["phase"], "prepared");

        // Tablets wait; the paper comes with the opening.
        let mut tablets = hall.contestants().await?;
        assert_eq!(tablets[0].sitting().await?.stage, Stage::Waiting);
        hall.opens().await?;
        let open = screen.view_where(|board| board["rounds"][0]["phase"] == "open").await?;
        assert_eq!(running(&open)["contestants"], 8);
        assert_eq!(running(&open)["questions"], 30);

        // Team 1: 30 and 27 right of 30: the mean is 28.5.
        hall.answers_paper(&mut tablets[0], 30, 0).await?;
        hall.answers_paper(&mut tablets[1], 27, 3).await?;
        // Team 2: 20 right, and one who never opens his paper and counts as nothing: 10.
        hall.answers_paper(&mut tablets[2], 20, 0).await?;
        // Team 3: 15 and 14 right: 14.5. Team 4: 29 and none: 14.5 too.
        hall.answers_paper(&mut tablets[4], 15, 15).await?;
        hall.answers_paper(&mut tablets[5], 14, 0).await?;
        hall.answers_paper(&mut tablets[6], 29, 1).await?;
        hall.answers_paper(&mut tablets[7], 0, 30).await?;
        let answered = 30 + 30 + 20 + 30 + 14 + 30 + 30;
        let progress = screen.view_where(|board| running(board)["answered"] == answered).await?;
        assert!(rows(&progress).iter().all(|row| row.1.is_null() && row.2.is_null()), "{progress}");

        hall.passes(10);
        let slip = tablets[0].hands_in().await?;
        assert_eq!((slip.answered, slip.questions, slip.by_server), (30, 30, false));
        hall.passes(10);
        tablets[1].hands_in().await?;
        screen.view_where(|board| running(board)["handed_in"] == 2).await?;

        // Closing now needs a reason; after the time and the grace it does not.
        let early = hall.organizer.call("close_exam", &[("contest", &hall.contest), ("round", "1")]).await?;
        assert_eq!(early.status, 409, "{}", early.text());
        hall.passes(11);
        until("the house to hand in what is left", async || {
            match tablets[4].sitting().await?.stage {
                Stage::Done { receipt, .. } => Ok(receipt.by_server.then_some(())),
                _ => Ok(None),
            }
        })
        .await?;
        until("the round to close", async || {
            let board = hall.board().await?;
            if board["rounds"][0]["phase"] == "closed" {
                return Ok(Some(()));
            }
            let fields = [("contest", &*hall.contest), ("round", "1")];
            Ok(hall.organizer.call("close_exam", &fields).await?.ok().is_ok().then_some(()))
        })
        .await?;
        hall.marks().await?;

        // Marked but not published: the committee sees them, the hall does not.
        let hidden = hall.board().await?;
        assert!(rows(&hidden).iter().all(|row| row.1.is_null() && row.2.is_null()), "{hidden}");
        let staff = hall.board_of(&hall.organizer).await?;
        let expected = [
            ("Đội xã 1".to_owned(), json!(1), json!(28_500), false),
            ("Đội xã 3".to_owned(), json!(2), json!(14_500), true),
            ("Đội xã 4".to_owned(), json!(2), json!(14_500), true),
            ("Đội xã 2".to_owned(), json!(4), json!(10_000), false),
        ];
        assert_eq!(rows(&staff), expected);

        hall.publishes().await?;
        let shown = screen.view_where(|board| board["rounds"][0]["phase"] == "published").await?;
        assert_eq!(rows(&shown), expected);
        assert_eq!(shown, hall.board().await?, "stream and JSON are one view");
        assert_eq!(shown["rows"][0]["marks"], json!([28_500, null, null]));

        // After publication a contestant may look at his marked paper.
        let page = tablets[1].visitor.page("/thi/bai").await?;
        assert!(page.contains("Căn cứ"), "his paper with the legal sources");
        Ok(())
    }

    async fn a_reason_moves_the_marks_after_the_fact(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(2, 1);
        // Thirty questions: each is on every paper.
        hall.bank = harness::files::Bank::of(30);
        hall.creates("Hội thi sửa đáp án").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        hall.opens().await?;
        let mut tablets = hall.contestants().await?;
        hall.answers_paper(&mut tablets[0], 20, 10).await?;
        hall.answers_paper(&mut tablets[1], 20, 10).await?;
        tablets[0].hands_in().await?;
        tablets[1].hands_in().await?;
        hall.closes("Tất cả đã nộp bài").await?;
        hall.marks().await?;
        hall.publishes().await?;
        let total = async |hall: &Hall| -> Result<Vec<i64>> {
            let board = hall.board().await?;
            let rows = board["rows"].as_array().context("rows")?;
            let mut totals: Vec<i64> = rows.iter().filter_map(|row| row["total"].as_i64()).collect();
            totals.sort_unstable();
            Ok(totals)
        };
        assert_eq!(total(&hall).await?, [20_000, 20_000]);

        // Void: everybody has it right. Whoever had it right keeps 20; whoever had it wrong gets 21.
        let sheet = tablets[0].visitor.page("/thi/bai").await?;
        assert!(!sheet.is_empty());
        let fields = |choice: &'static str, reason: &'static str| {
            [("contest", hall.contest.clone()), ("round", "1".into()), ("question", "0".into()),
             ("choice", choice.into()), ("reason", reason.into())]
        };
        let post = async |fields: [(&str, String); 5]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (*k, v.as_str())).collect();
            hall.organizer.call("correct_key", &fields).await
        };
        let refused = post(fields("void", "")).await?;
        assert_eq!(refused.status, 422, "a correction needs a reason: {}", refused.text());
        assert_eq!(total(&hall).await?, [20_000, 20_000]);
        // A look first: who would move. Nothing is recorded by it.
        let look = format!("/hoi-thi/{}/phan-thi/1/dap-an?cau=0&pa=void", hall.contest);
        let preview = hall.organizer.page(&look).await?;
        assert!(preview.contains("/api/fn/correct_key"), "and the form that records it");
        assert_eq!(total(&hall).await?, [20_000, 20_000]);
        post(fields("void", "Câu hỏi có hai đáp án")).await?.ok()?;
        let after = total(&hall).await?;
        let cells = regex::Regex::new("<[^>]*>")?.replace_all(&preview, " ").into_owned();
        let promised = cells.split_whitespace().any(|word| word == "21");
        assert_eq!(promised, after.contains(&21_000), "{cells}");
        assert!(after.iter().all(|mark| *mark == 20_000 || *mark == 21_000), "{after:?}");
        let right: i64 = tablet_rights(&hall).await?;
        assert_eq!(after.iter().sum::<i64>(), 40_000 + 1000 * (2 - right));
        Ok(())
    }
}

on_both_engines! {
    /// The rules leave equals to the committee: the order is recorded with its reason, and put right when
    /// it was mistyped.
    async fn equals_are_ordered_by_the_committee(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = teams(3, 1);
        hall.bank = harness::files::Bank::of(30);
        hall.creates("Hội thi bằng điểm").await?;
        hall.has_only_the_exam_with(&[("ties[0]", "decision")]).await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        hall.opens().await?;
        let mut tablets = hall.contestants().await?;
        for (tablet, right) in tablets.iter_mut().zip([20, 20, 15]) {
            hall.answers_paper(tablet, right, 30 - right).await?;
            tablet.hands_in().await?;
        }
        hall.closes("Tất cả đã nộp bài").await?;
        hall.marks().await?;
        let page = format!("/hoi-thi/{}/tong-hop", hall.contest);
        assert!(hall.organizer.page(&page).await?.contains("/api/fn/decide_tie"));
        let decides = async |order: [(&'static str, &'static str); 2], reason: &'static str| {
            let [(one, first), (two, second)] = order;
            let fields = [
                ("contest", &*hall.contest), ("team[0]", one), ("place[0]", first),
                ("team[1]", two), ("place[1]", second), ("reason", reason),
            ];
            hall.organizer.call("decide_tie", &fields).await
        };
        assert_eq!(decides([("1", "2"), ("2", "1")], "").await?.status, 422, "a reason is needed");
        assert_eq!(decides([("1", "1"), ("3", "2")], "Câu hỏi phụ").await?.status, 409, "they are not equal");
        decides([("1", "2"), ("2", "1")], "Câu hỏi phụ").await?.ok()?;
        let ranks = async || -> Result<Vec<Value>> {
            let board = hall.board_of(&hall.organizer).await?;
            Ok(rows(&board).into_iter().map(|row| row.1).collect())
        };
        let names = async || -> Result<Vec<String>> {
            let board = hall.board_of(&hall.organizer).await?;
            Ok(rows(&board).into_iter().map(|row| row.0).collect())
        };
        assert_eq!(ranks().await?, [json!(1), json!(2), json!(3)]);
        let first = names().await?;
        // It was mistyped: the form stands there still.
        assert!(hall.organizer.page(&page).await?.contains("/api/fn/decide_tie"));
        decides([("1", "1"), ("2", "2")], "Ghi nhầm thứ tự").await?.ok()?;
        let second = names().await?;
        assert_eq!((&first[0], &first[1]), (&second[1], &second[0]));
        Ok(())
    }
}

/// How many of the two contestants had chosen the bank's right option of its first question.
async fn tablet_rights(hall: &Hall) -> Result<i64> {
    let known = &hall.bank.0[0];
    let mut right = 0;
    for pass in hall.passes_of(contest::actor::Role::Contestant).await? {
        let mut connection = hall.database.connect().await?;
        // The answer as the contestant gave it, against the paper as it was dealt.
        let row: (String, i64) = sqlx::query_as(
            "SELECT p.body, a.id FROM attempt a JOIN paper p ON p.contest = a.contest AND p.round = a.round \
             AND p.code = a.paper WHERE a.contest = $1 AND a.person = $2",
        )
        .bind(&hall.contest)
        .bind(pass.person)
        .fetch_one(&mut connection)
        .await?;
        let paper: contest::paper::Paper = serde_json::from_str(&row.0)?;
        let place = paper
            .items
            .iter()
            .position(|item| item.question == 0)
            .context("on the paper")?;
        let choice: i64 = sqlx::query_scalar(
            "SELECT choice FROM answer WHERE attempt = $1 AND question = $2 ORDER BY revision DESC LIMIT 1",
        )
        .bind(row.1)
        .bind(i64::try_from(place)?)
        .fetch_one(&mut connection)
        .await?;
        let chosen = paper.items[place].unshuffle(contest::question::Choice(u8::try_from(choice)?));
        right += i64::from(chosen == contest::question::Choice::only(u8::try_from(known.right)?));
    }
    Ok(right)
}
