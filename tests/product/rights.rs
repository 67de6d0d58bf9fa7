//! Who may do what: every address of the house against every kind of visitor, as an explicit table. The
//! addresses come from the router itself, so a new one without a row fails here.

use std::collections::BTreeSet;

use anyhow::{Context, Result, bail};
use harness::{Answer, Engine, on_both_engines};
use reqwest::Method;
use reqwest::header::ACCEPT;
use serde_json::{Value, json};

use crate::world::{Who, World};

/// One row an address. The letters stand for [`Who::ALL`]: nobody, contestant, contestant of another contest,
/// judge, screen, secretary, organizer, organizer of another contest.
///
/// `y`: let in, whatever the contest says to it then. `n`: refused (401, 403, or sent to a door). `g`: there is
/// no such thing (404), because the row asks for something that does not exist. `-`: the answer is checked
/// elsewhere and depends on more than the role.
///
/// Rows are asked from top to bottom: what ends a session or a paper stands at the end.
const TABLE: &[(&str, &str)] = &[
    // Pages for everybody.
    ("GET /", "yyyyyyyy"),
    ("GET /vao", "yyyyyyyy"),
    ("GET /vao/{code}", "yyyyyyyy"),
    ("GET /dang-nhap", "yyyyyyyy"),
    ("GET /khoi-tao/{token}", "yyyyyyyy"),
    ("GET /bang/{id}", "yyyyyyyy"),
    ("GET /phu-de/{id}", "yyyyyyyy"),
    // A screen of the hall, or a browser that waits to be one.
    ("GET /man-hinh", "yyyyyyyy"),
    ("GET /demo", "gggggggg"),
    // Pages for organizers.
    ("GET /tai-khoan", "nnnnnnyy"),
    ("GET /hoi-thi", "nnnnnnyy"),
    ("GET /hoi-thi/moi", "nnnnnnyy"),
    // Pages for the staff of the contest.
    ("GET /hoi-thi/{contest}", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/doi", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/nguoi", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/phan-thi/{round}", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/the-le", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/tong-hop", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/nhat-ky", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/san-khau/{round}", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/san-khau/{round}/boc-tham", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/san-khau/{round}/phieu", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/san-khau/{round}/bang-diem", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/bien-ban", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/giai-thuong", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/man-hinh", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/bang-tong-hop", "nnnnnyyn"),
    ("GET /hoi-thi/{id}/dan-chuong-trinh", "nnnnnyyn"),
    ("GET /hoi-thi/{id}/giai-trinh/{team}", "nnnnnyyn"),
    // Pages that show codes or the key.
    ("GET /hoi-thi/{contest}/the/{role}", "nnnnnyyn"),
    ("GET /hoi-thi/{contest}/cau-hoi", "nnnnnnyn"),
    ("GET /hoi-thi/{contest}/nhap/{upload}", "nnnnnngn"),
    ("GET /hoi-thi/{contest}/phan-thi/{round}/dap-an", "nnnnnnyn"),
    ("GET /hoi-thi/{id}/phan-thi/{round}/bai/{person}", "nnnnnyyn"),
    // Where a screen's QR leads the staff, of whatever contest.
    ("GET /man-hinh/nhan/{letters}", "nnnnnyyy"),
    // Pages of one role.
    ("GET /dan-chuong-trinh", "nnnnnnnn"),
    ("GET /thi", "nyynnnnn"),
    ("GET /thi/bai", "nyynnnnn"),
    ("GET /giam-khao", "nnnynnnn"),
    // What machines read.
    ("GET /healthz", "yyyyyyyy"),
    ("GET /assets/{name}", "gggggggg"),
    ("GET /api/contests/{id}/board.json", "yyyyyyyy"),
    ("GET /api/contests/{id}/board/events", "yyyyyyyy"),
    ("GET /api/contests/{id}/phones/events", "yyyyyyyy"),
    ("GET /api/contests/{id}/staff/events", "nnnnnyyn"),
    ("GET /api/thi", "nyynnnnn"),
    ("GET /api/thi/events", "nyynnnnn"),
    ("POST /api/thi/answers", "nynnnnnn"),
    // The stage. This judge is on no panel yet: he may look, and mark nothing.
    ("GET /api/cham", "nnnynnnn"),
    ("GET /api/cham/events", "nnnynyyg"),
    ("GET /api/contests/{id}/stage/{round}", "nnnnnyyn"),
    ("POST /api/cham/marks", "nnnynnnn"),
    ("POST /api/cham/remark", "nnnnnnnn"),
    ("POST /api/cham/hand-in", "nnnnnnnn"),
    // The hall. Any browser may become a screen, whoever is signed in on it.
    ("GET /api/man-hinh", "yyyyyyyy"),
    ("GET /api/man-hinh/events", "nnnnynnn"),
    ("POST /api/man-hinh/health", "nnnnynnn"),
    ("GET /api/contests/{id}/hall/events", "nnnnnyyn"),
    // Also the contest's host, who has no column here.
    ("GET /api/contests/{id}/host/events", "nnnnnyyn"),
    ("GET /api/contests/{id}/overlay.json", "yyyyyyyy"),
    ("GET /api/contests/{id}/overlay/events", "yyyyyyyy"),
    ("GET /api/contests/{id}/logos/{hash}", "gggggggg"),
    ("GET /api/contests/{id}/qr.svg", "yyyyyyyy"),
    ("GET /api/contests/{id}/standings.xlsx", "nnnnnyyn"),
    // The stage by plain forms.
    ("POST /api/fn/save_sheet", "nnnnnnnn"),
    ("POST /api/fn/hand_in_sheet", "nnnnnnnn"),
    ("POST /api/fn/ask_reopening", "nnnnnnnn"),
    ("POST /api/fn/set_panel", "nnnnnngn"),
    ("POST /api/fn/run_stage", "nnnnnyyn"),
    ("POST /api/fn/draw_lots", "nnnnnyyn"),
    ("POST /api/fn/enter_order", "nnnnnyyn"),
    ("POST /api/fn/enter_packs", "nnnnnyyn"),
    ("POST /api/fn/give_award", "nnnnnnyn"),
    // Also the team's own member.
    ("POST /api/fn/file_appeal", "nynnnyyn"),
    ("POST /api/fn/answer_appeal", "nnnnnnyn"),
    // Doors.
    ("POST /api/fn/enter", "yyyyyyyy"),
    ("POST /api/fn/sign_in", "yyyyyyyy"),
    ("POST /api/fn/claim_first", "gggggggg"),
    ("POST /api/fn/set_language", "yyyyyyyy"),
    // Accounts.
    ("POST /api/fn/add_account", "nnnnnnyy"),
    ("POST /api/fn/change_password", "nnnnnnyy"),
    // Set-up: organizers.
    ("POST /api/fn/create_contest", "nnnnnnyy"),
    ("POST /api/fn/change_details", "nnnnnnyn"),
    ("POST /api/fn/add_organizer", "nnnnnngn"),
    ("POST /api/fn/remove_organizer", "nnnnnnyn"),
    ("POST /api/fn/choose_template", "nnnnnnyn"),
    ("POST /api/fn/set_rules", "nnnnnnyn"),
    ("POST /api/fn/add_teams", "nnnnnnyn"),
    ("POST /api/fn/change_team", "nnnnnnyn"),
    ("POST /api/fn/remove_team", "nnnnnnyn"),
    ("POST /api/fn/add_person", "nnnnnnyn"),
    ("POST /api/fn/change_person", "nnnnnngn"),
    ("POST /api/fn/remove_person", "nnnnnngn"),
    ("POST /api/fn/add_question", "nnnnnnyn"),
    ("POST /api/fn/change_question", "nnnnnngn"),
    ("POST /api/fn/remove_question", "nnnnnngn"),
    ("POST /api/fn/upload_file", "nnnnnnyn"),
    ("POST /api/fn/apply_import", "nnnnnngn"),
    // The hall: also the secretary.
    ("POST /api/fn/release_device", "nnnnnggn"),
    ("POST /api/fn/pause_exam", "nnnnnyyn"),
    ("POST /api/fn/resume_exam", "nnnnnyyn"),
    ("POST /api/fn/grant_time", "nnnnnyyn"),
    // The exam: organizers.
    ("POST /api/fn/prepare_exam", "nnnnnnyn"),
    ("POST /api/fn/open_exam", "nnnnnnyn"),
    ("POST /api/fn/admit_late", "nnnnnnyn"),
    ("POST /api/fn/close_exam", "nnnnnnyn"),
    ("POST /api/fn/reopen_exam", "nnnnnnyn"),
    ("POST /api/fn/correct_key", "nnnnnnyn"),
    ("POST /api/fn/mark_exam", "nnnnnnyn"),
    ("POST /api/fn/publish_exam", "nnnnnnyn"),
    ("POST /api/fn/decide_tie", "nnnnnnyn"),
    ("POST /api/fn/share_place", "nnnnnnyn"),
    // The screens of the hall: also the secretary.
    ("POST /api/fn/claim_screen", "nnnnnyyn"),
    ("POST /api/fn/rename_screen", "nnnnnyyn"),
    ("POST /api/fn/remove_screen", "nnnnnyyn"),
    ("POST /api/fn/dress_screens", "nnnnnyyn"),
    ("POST /api/fn/prepare_scene", "nnnnnyyn"),
    ("POST /api/fn/take_scene", "nnnnnyyn"),
    ("POST /api/fn/show_scene", "nnnnnyyn"),
    ("POST /api/fn/blank_screens", "nnnnnyyn"),
    ("POST /api/fn/reload_screens", "nnnnnyyn"),
    ("POST /api/fn/add_logo", "nnnnnyyn"),
    ("POST /api/fn/remove_logo", "nnnnnyyn"),
    // What the public sees of the standings: organizers; the button of a reveal also the secretary.
    ("POST /api/fn/freeze", "nnnnnnyn"),
    ("POST /api/fn/begin_reveal", "nnnnnnyn"),
    ("POST /api/fn/go_reveal", "nnnnnyyn"),
    ("POST /api/fn/end_reveal", "nnnnnnyn"),
    ("POST /api/fn/unfreeze", "nnnnnnyn"),
    // Demo only.
    ("POST /api/fn/demo_play", "gggggggg"),
    // The contestant's paper by plain forms. Of another contest: he has no paper there to write on.
    ("POST /api/fn/answer_plain", "nyynnnnn"),
    ("POST /api/fn/hand_in_plain", "nynnnnnn"),
    ("POST /api/thi/hand-in", "nynnnnnn"),
    ("POST /api/fn/sign_out", "yyyyyyyy"),
];

/// `:name` and `{name}` are the same.
fn address(method: &str, path: &str) -> String {
    let parts: Vec<String> = path
        .split('/')
        .map(|part| {
            part.strip_prefix(':')
                .map_or_else(|| part.to_owned(), |name| format!("{{{name}}}"))
        })
        .collect();
    format!("{method} {}", parts.join("/"))
}

#[test]
fn every_address_has_a_row() {
    let routes: BTreeSet<String> = server::routes()
        .iter()
        .map(|route| address(&route.method, &route.path))
        .collect();
    let rows: BTreeSet<String> = TABLE.iter().map(|(row, _)| (*row).to_owned()).collect();
    let missing: Vec<_> = routes.difference(&rows).collect();
    let stale: Vec<_> = rows.difference(&routes).collect();
    assert!(missing.is_empty(), "addresses without a row: {missing:#?}");
    assert!(stale.is_empty(), "rows without an address: {stale:#?}");
    assert_eq!(rows.len(), TABLE.len(), "a row stands twice");
}

on_both_engines! {
    async fn every_address_is_open_to_those_of_the_table_alone(engine: Engine) -> Result<()> {
        let world = World::with_open_exam(engine).await?;
        let mut wrong = Vec::new();
        for (row, letters) in TABLE {
            for (who, letter) in Who::ALL.into_iter().zip(letters.chars()) {
                let answer = ask(&world, who, row).await.with_context(|| format!("{row} as {who:?}"))?;
                if answer.status.is_server_error() {
                    wrong.push(format!("{row} as {who:?}: {} {}", answer.status, answer.text()));
                }
                let class = class(&answer);
                if class != letter {
                    let text: String = answer.text().chars().take(200).collect();
                    wrong.push(format!(
                        "{row} as {who:?}: {class}, not {letter} ({} {:?} {text})", answer.status, answer.location
                    ));
                }
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        Ok(())
    }
}

pub(crate) fn class(answer: &Answer) -> char {
    if let Ok(body) = serde_json::from_slice::<Value>(&answer.body)
        && let Some(error) = body["error"].as_str()
    {
        return match error {
            "sign_in" | "forbidden" => 'n',
            "refused" if body["refusal"]["refusal"] == "not_allowed" => 'n',
            "not_found" => 'g',
            _ => 'y',
        };
    }
    let doors = ["/dang-nhap", "/vao"];
    let sent_to_a_door = |to: &String| doors.iter().any(|door| to.starts_with(door));
    match answer.status.as_u16() {
        401 | 403 => 'n',
        404 => 'g',
        302 | 303 if answer.location.as_ref().is_some_and(sent_to_a_door) => 'n',
        _ => 'y',
    }
}

/// Asks for the row's address as `who`, with what a page would send.
async fn ask(world: &World, who: Who, row: &str) -> Result<Answer> {
    let visitor = world.visitor(who);
    let (method, path) = row.split_once(' ').context("a method and a path")?;
    // The second round of the rules is held on stage.
    let path = world.fill(
        &path
            .replace("/stage/{round}", "/stage/2")
            .replace("/san-khau/{round}", "/san-khau/2"),
    )?;
    if method == "GET" {
        if path.ends_with("/events") {
            // Only the head: the body never ends.
            // Organizers of several contests say which one they mean.
            let path = format!("{path}?contest={}", world.hall.contest);
            let request = visitor
                .request(Method::GET, &path)
                .header(ACCEPT, "text/event-stream");
            let response = request.send().await?;
            let status = response.status();
            if status.is_success() {
                return Ok(Answer {
                    status,
                    location: None,
                    headers: response.headers().clone(),
                    body: Vec::new(),
                });
            }
        }
        let request = visitor
            .request(Method::GET, &path)
            .header(ACCEPT, "text/html,*/*");
        return visitor.send(request).await;
    }
    if let Some(function) = path.strip_prefix("/api/fn/") {
        if function == "upload_file" {
            let fields = [("contest", &*world.hall.contest), ("kind", "questions")];
            return visitor
                .upload(function, &fields, "a.csv", world.hall.bank.csv())
                .await;
        }
        if function == "add_logo" {
            let fields = [("contest", &*world.hall.contest), ("name", "Ban Dân vận")];
            return visitor
                .upload(function, &fields, "a.png", b"no image".to_vec())
                .await;
        }
        let fields = fields(world, function).await?;
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        return visitor.call(function, &fields).await;
    }
    let attempt = world.tablet.attempt()?;
    let body = match path.as_str() {
        "/api/thi/answers" => {
            json!({"attempt": attempt, "answers": [{"q": 0, "r": 1, "c": 1, "t": 0}], "unsent": 0})
        }
        "/api/thi/hand-in" => json!({"attempt": attempt}),
        "/api/cham/marks" => json!({"round": 2, "team": 1, "marks": []}),
        "/api/cham/remark" => json!({"round": 2, "team": 1, "r": 1, "text": "Tốt"}),
        "/api/cham/hand-in" => json!({"round": 2, "team": 1}),
        "/api/man-hinh/health" => {
            json!({"hash": "", "width": 1920, "height": 1080, "slowest_frame": 16, "drawn_in": 9})
        }
        other => bail!("what does {other} take?"),
    };
    visitor.post(&path, &body).await
}

/// What a form for that function sends: sound, and where it would do harm to later rows, about nothing that
/// exists.
async fn fields(world: &World, function: &str) -> Result<Vec<(&'static str, String)>> {
    let contest = ("contest", world.hall.contest.clone());
    let round = ("round", "1".to_owned());
    let text = |name: &'static str, value: &str| (name, value.to_owned());
    let person = ("person", world.contestant.person.to_string());
    let nobody = text("person_id", "9");
    let reason = text("reason", "Theo quyết định của ban tổ chức");
    Ok(match function {
        "enter" => vec![text("code", "AAAA-BBBB-CCCC")],
        "sign_in" => vec![
            text("name", "không có ai"),
            text("password", "khong-phai-mat-khau"),
        ],
        "claim_first" => vec![
            text("token", "x"),
            text("name", "kẻ lạ"),
            text("password", "mat-khau-rat-dai"),
        ],
        "set_language" => vec![text("language", "vi")],
        "sign_out" => vec![],
        "add_account" => vec![text("name", "người mới"), text("password", "mat-khau-rat-dai")],
        "change_password" => vec![
            text("old", "khong-phai-mat-khau"),
            text("new", "mat-khau-rat-dai"),
        ],
        "create_contest" | "change_details" => {
            let mut fields = vec![
                text("name", "Hội thi mới"),
                text("hosts", ""),
                text("place", ""),
                text("starts_at", ""),
            ];
            fields.push(if function == "create_contest" {
                text("template", "G1")
            } else {
                contest
            });
            fields
        }
        "add_organizer" | "remove_organizer" => vec![contest, text("user", "9")],
        "choose_template" => vec![contest, text("template", "G2"), reason],
        // By the newest number: a stale form is refused before anybody is asked who he is.
        "set_rules" => {
            let seq: i64 = sqlx::query_scalar("SELECT MAX(seq) FROM entry WHERE contest = $1")
                .bind(&world.hall.contest)
                .fetch_one(&mut world.hall.database.connect().await?)
                .await?;
            let seq = ("seq", seq.to_string());
            vec![
                contest,
                seq,
                text("competitor", "team"),
                text("rounding", "0,01"),
                reason,
            ]
        }
        "add_teams" => vec![contest, text("lines", "Đội mới")],
        "change_team" => vec![
            contest,
            text("team", "1"),
            text("name", "Đội đổi tên"),
            text("unit", ""),
        ],
        "remove_team" => vec![contest, text("team", "1")],
        "add_person" => vec![contest, text("role", "judge"), text("name", "Giám khảo mới")],
        "change_person" => vec![contest, nobody, text("role", "judge"), text("name", "Ai đó")],
        "remove_person" | "release_device" => vec![contest, nobody],
        "add_question" | "change_question" => vec![
            contest,
            text("question", "999999"),
            text("q[text]", "Câu hỏi mới là gì?"),
            text("q[options][0]", "một"),
            text("q[options][1]", "hai"),
            text("q[correct][0]", "0"),
            text("q[topic]", "Chung"),
            text("q[level]", "nhan_biet"),
            text("q[source]", ""),
        ],
        "remove_question" => vec![contest, text("question", "999999")],
        "apply_import" => vec![contest, text("upload", "khong-co"), text("kind", "teams")],
        "pause_exam" => vec![contest, round, reason],
        "grant_time" => vec![contest, round, person, text("minutes", "1"), reason],
        "admit_late" => vec![contest, round, person, reason],
        "resume_exam" | "prepare_exam" | "open_exam" | "close_exam" | "mark_exam" | "publish_exam" => {
            vec![contest, round]
        }
        "reopen_exam" => vec![contest, round, text("minutes", "5"), reason],
        "correct_key" => vec![contest, round, text("question", "0"), text("choice", "A"), reason],
        "decide_tie" => vec![
            contest,
            text("team[0]", "1"),
            text("team[1]", "2"),
            text("place[0]", "1"),
            text("place[1]", "2"),
            reason,
        ],
        "share_place" => vec![contest, text("teams[0]", "1"), text("teams[1]", "2"), reason],
        "save_sheet" | "hand_in_sheet" => vec![text("round", "2"), text("team", "1")],
        "ask_reopening" => vec![text("round", "2"), text("team", "1"), reason],
        "set_panel" => vec![
            contest,
            text("round", "2"),
            text("judges[0]", "1"),
            text("chief", "1"),
        ],
        "run_stage" => vec![
            contest,
            text("round", "2"),
            text("act", "call"),
            text("team", "1"),
        ],
        "draw_lots" => vec![
            contest,
            text("round", "2"),
            text("of", "order"),
            text("step", "seal"),
        ],
        "enter_order" => vec![contest, text("round", "2"), text("places[1]", "1"), reason],
        "enter_packs" => vec![contest, text("round", "2"), text("packs[1]", "1"), reason],
        "give_award" => vec![contest, text("award", "1"), text("teams[0]", "1"), reason],
        "file_appeal" => vec![contest, text("team", "1"), text("text", "đề nghị xem lại")],
        "answer_appeal" => vec![contest, text("appeal", "1"), text("upheld", "false"), reason],
        "claim_screen" => vec![contest, text("letters", "ZZZZ"), text("name", "Màn hình chính")],
        "rename_screen" => vec![contest, text("screen", "999999"), text("name", "Màn hình chính")],
        "remove_screen" => vec![contest, text("screen", "999999")],
        "dress_screens" => vec![contest, text("all", "true"), text("theme", "dark")],
        "prepare_scene" | "show_scene" => vec![contest, text("all", "true"), text("scene", "waiting")],
        "take_scene" | "reload_screens" => vec![contest, text("all", "true")],
        "blank_screens" => vec![contest, text("all", "true"), text("lit", "true")],
        "remove_logo" => vec![contest, text("hash", "00")],
        "freeze" | "end_reveal" => vec![contest],
        "unfreeze" => vec![contest, reason],
        "begin_reveal" => vec![contest, text("by", "total"), text("rehearsal", "true")],
        "go_reveal" => vec![contest, text("from", "0"), text("to", "1")],
        "demo_play" => vec![text("speed", "1")],
        "answer_plain" => vec![
            ("attempt", world.tablet.attempt()?.to_string()),
            text("question", "0"),
            text("choice[0]", "1"),
        ],
        "hand_in_plain" => vec![("attempt", world.tablet.attempt()?.to_string())],
        other => bail!("what does {other} take?"),
    })
}
