//! What is printed and signed.

use anyhow::{Context, Result};
use contest::TeamId;
use harness::{Engine, Hall, on_both_engines};

use crate::platform::{FORTY, Platform};

const NATION: &str = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM";
const PARTY: &str = "ĐẢNG CỘNG SẢN VIỆT NAM";

on_both_engines! {
    async fn papers_follow_one_layout_and_never_both(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.creates("Hội thi Dân vận khéo").await?;
        hall.imports_teams().await?;
        let of = format!("/hoi-thi/{}", hall.contest);
        let papers = [
            "bien-ban?nhap=1",
            "bang-tong-hop?nhap=1",
            "san-khau/2/bang-diem?nhap=1",
        ];
        let details = |layout: &'static str| {
            [
                ("contest", hall.contest.clone()),
                ("name", "Hội thi Dân vận khéo".to_owned()),
                ("hosts", "Huyện ủy Bắc Tân Uyên".to_owned()),
                ("place", "Hội trường huyện".to_owned()),
                ("starts_at", String::new()),
                ("layout", layout.to_owned()),
            ]
        };
        for (layout, head, other) in [("state", NATION, PARTY), ("party", PARTY, NATION)] {
            let fields = details(layout);
            let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
            hall.organizer.form(&of, "change_details", &fields).await?.ok()?;
            for paper in papers {
                let page = hall.organizer.page(&format!("{of}/{paper}")).await?;
                assert!(page.contains(head), "{paper} has the {layout}'s head");
                assert!(!page.contains(other), "{paper} has no other head");
            }
        }
        let fields = details("vuong-trieu");
        let fields = fields.each_ref().map(|(name, value)| (*name, &**value));
        assert_eq!(hall.organizer.call("change_details", &fields).await?.status, 422, "there is no third");
        Ok(())
    }

    async fn what_is_open_is_neither_exported_nor_printed_as_final(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = harness::files::teams(3, 1);
        hall.creates("Hội thi đồng giải").await?;
        let rules = [
            ("ties[0]", "decision"),
            ("awards[0][name]", "Giải Nhất"),
            ("awards[0][by]", "total"),
            ("appeal_hours", "24"),
        ];
        hall.has_only_the_exam_with(&rules).await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        hall.opens().await?;
        hall.all_hand_in([20, 20, 10]).await?;
        hall.finishes_the_exam().await?;
        is_open(&hall, &["tied_for_prize"]).await?;
        hall.hall_act("freeze", &[]).await?;
        let begin = hall.organizer.call("begin_reveal", &[("contest", &*hall.contest), ("by", "total")]).await?;
        assert_eq!(begin.status, 409, "nor revealed");
        hall.hall_act("unfreeze", &[("reason", "Còn bằng điểm")]).await?;

        let shared = [("teams[0]", "1"), ("teams[1]", "2"), ("reason", "Ban tổ chức thống nhất đồng giải")];
        hall.hall_act("share_place", &shared).await?;
        let minutes = is_final(&hall).await?;
        assert!(minutes.contains("Ban tổ chức thống nhất đồng giải"), "the minutes say why two hold it");

        hall.hall_act("file_appeal", &[("team", "3"), ("text", "Câu 5 có hai đáp án")]).await?;
        is_open(&hall, &["open_appeals"]).await?;
        let answer = [("appeal", "1"), ("upheld", "false"), ("reason", "Đáp án đúng")];
        hall.hall_act("answer_appeal", &answer).await?;
        is_final(&hall).await?;
        Ok(())
    }

    async fn a_summary_is_signed_once_its_marks_are_confirmed(engine: Engine) -> Result<()> {
        let mut platform = Platform::new(engine, 2).await?;
        let chief = platform.judges[0].visitor.clone();
        let (organizer, of) = (platform.hall.organizer.clone(), format!("/hoi-thi/{}", platform.hall.contest));
        let path = format!("{of}/san-khau/2/bang-diem");
        let open = async || -> Result<bool> {
            let page = organizer.page(&path).await?;
            let draft = organizer.page(&format!("{path}?nhap=1")).await?;
            let open = !page.contains("paper-table");
            assert_eq!(open, page.contains("class=\"reasons\""), "refused with its reasons");
            assert!(draft.contains("paper-table"));
            assert_eq!(open, draft.contains("paper-draft"), "a draft says so across the paper");
            Ok(open)
        };
        for team in (1..=platform.hall.teams.len() as u32).map(TeamId) {
            assert!(open().await?, "before {team}");
            platform.performs(team).await?;
            for judge in &mut platform.judges {
                judge.turns_to(team);
                judge.fills(&FORTY).await?;
                judge.hands_in().await?.ok()?;
            }
            assert!(open().await?, "what nobody has confirmed");
            platform.tries(&chief, "confirm", team, &[]).await?.ok()?;
        }
        assert!(!open().await?, "before it is published: the panel signs first");
        platform.tries(&organizer, "publish", TeamId(1), &[]).await?.ok()?;
        let why = [("reason", "Cộng sai phiếu")];
        platform.tries(&chief, "withdraw", TeamId(2), &why).await?.ok()?;
        assert!(open().await?);
        let reasons = reasons(&platform.hall).await?.context("not final")?;
        assert!(reasons.contains(&"incomplete".to_owned()), "{reasons:?}");
        Ok(())
    }
}

/// Why the workbook of the standings is refused; `None` if it is not.
async fn reasons(hall: &Hall) -> Result<Option<Vec<String>>> {
    let path = format!("/api/contests/{}/standings.xlsx", hall.contest);
    let answer = hall.organizer.get(&path).await?;
    if answer.status == 200 {
        return Ok(None);
    }
    let told: serde_json::Value = answer.json()?;
    let list = told["not_final"].as_array().context("reasons")?;
    let name = |why: &serde_json::Value| why["not_final"].as_str().map(str::to_owned);
    Ok(Some(list.iter().filter_map(name).collect()))
}

/// Workbook, standings and minutes are refused for `why`, or drafts.
async fn is_open(hall: &Hall, why: &[&str]) -> Result<()> {
    assert_eq!(reasons(hall).await?.context("refused")?, why);
    for paper in ["bang-tong-hop", "bien-ban"] {
        let path = format!("/hoi-thi/{}/{paper}", hall.contest);
        let page = hall.organizer.page(&path).await?;
        assert!(
            page.contains("class=\"reasons\"") && !page.contains("paper-table"),
            "{paper}"
        );
        let draft = hall.organizer.page(&format!("{path}?nhap=1")).await?;
        assert!(
            draft.contains("paper-table") && draft.contains("paper-draft"),
            "{paper}"
        );
    }
    Ok(())
}

/// All three may be signed; answers with the minutes.
async fn is_final(hall: &Hall) -> Result<String> {
    assert_eq!(reasons(hall).await?, None);
    let mut pages = Vec::new();
    for paper in ["bang-tong-hop", "bien-ban"] {
        let page = hall
            .organizer
            .page(&format!("/hoi-thi/{}/{paper}", hall.contest))
            .await?;
        assert!(
            page.contains("paper-table") && !page.contains("paper-draft"),
            "{paper}"
        );
        pages.push(page);
    }
    pages.pop().context("the minutes")
}
