//! Broken and hostile input over HTTP: a clear refusal or safe text, nothing half written, and a server that
//! goes on serving, soon.

use std::io::Write;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::files::Bank;
use harness::{Answer, Engine, Hall, on_both_engines};
use reqwest::Method;
use serde_json::{Value, json};

/// No single request may keep the house busy for so long (on a slow machine, unoptimised).
const BOUND: Duration = Duration::from_secs(30);

/// What the contest's bank and its list of teams and people hold.
async fn stock(hall: &Hall) -> Result<(i64, i64, i64)> {
    Ok(sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM question), (SELECT COUNT(*) FROM person), \
         (SELECT COUNT(*) FROM entry)",
    )
    .fetch_one(&mut hall.database.connect().await?)
    .await?)
}

/// What becomes of a file that is no good: refused at once, or shown with its problems and then refused.
async fn is_refused(hall: &Hall, kind: &str, name: &str, bytes: Vec<u8>) -> Result<()> {
    let begun = Instant::now();
    let answer = hall
        .uploads(kind, name, bytes)
        .await
        .with_context(|| name.to_owned())?;
    if let Some(preview) = answer
        .location
        .clone()
        .filter(|_| !answer.status.is_client_error())
    {
        let page = hall.organizer.page(&preview).await?;
        assert!(!page.contains("<script>alert"), "{name}: shown as it came");
        let upload = preview.rsplit('/').next().unwrap_or_default();
        let fields = [("contest", &*hall.contest), ("upload", upload), ("kind", kind)];
        let applied = hall.organizer.call("apply_import", &fields).await?;
        assert!(
            applied.status.is_client_error(),
            "{name}: {} {}",
            applied.status,
            applied.text()
        );
    } else {
        assert!(
            answer.status.is_client_error(),
            "{name}: {} {}",
            answer.status,
            answer.text()
        );
    }
    assert!(begun.elapsed() < BOUND, "{name} took {:?}", begun.elapsed());
    Ok(())
}

/// A package whose first sheet unpacks to `size` bytes of nothing.
fn bomb(size: usize) -> Result<Vec<u8>> {
    let mut workbook = rust_xlsxwriter::Workbook::new();
    workbook.add_worksheet().write(0, 0, "Câu hỏi")?;
    let sound = workbook.save_to_buffer()?;
    let mut package = zip::ZipArchive::new(std::io::Cursor::new(sound))?;
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let options = zip::write::SimpleFileOptions::default();
    for place in 0..package.len() {
        let mut part = package.by_index(place)?;
        let name = part.name()?.into_owned();
        out.start_file(name.clone(), options)?;
        if name.contains("sheet1.xml") {
            let blank = vec![b' '; 1 << 20];
            for _ in 0..size >> 20 {
                out.write_all(&blank)?;
            }
        } else {
            std::io::copy(&mut part, &mut out)?;
        }
    }
    Ok(out.finish()?.into_inner())
}

on_both_engines! {
    async fn files_that_are_no_good_change_nothing(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let before = stock(&hall).await?;
        let mut broken_row = Bank::of(20).csv();
        broken_row.extend_from_slice("\"Câu hỏi mới\",\"a\",\"b\",\"c\",\"d\",\"Z\",\"T\",\"nhan_biet\",\"\"\n".as_bytes());
        let many: Vec<u8> = {
            let mut text = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n".to_owned();
            for row in 0..100_001 {
                text.push_str(&format!("Câu {row}?,x,y,A,Chung,nhan_biet\n"));
            }
            text.into_bytes()
        };
        let script = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n<script>alert(1)</script>,x,y,?,Chung,nhan_biet\n";
        for (kind, name, bytes) in [
            ("questions", "trống.xlsx", vec![]),
            ("questions", "ảnh.png", b"\x89PNG\r\n\x1a\n0000".to_vec()),
            ("questions", "zip.xlsx", b"PK\x03\x04 broken off".to_vec()),
            ("questions", "bom.xlsx", bomb(400 << 20)?),
            ("questions", "dài.csv", many),
            ("questions", "một dòng sai.csv", broken_row),
            ("questions", "mã lệnh.csv", script.as_bytes().to_vec()),
            ("teams", "nhầm.csv", Bank::of(3).csv()),
            ("teams", "rác.csv", vec![0xff; 4096]),
        ] {
            is_refused(&hall, kind, name, bytes).await?;
        }
        assert_eq!(stock(&hall).await?, before, "nothing half written");

        // The same file a second time is no harm and no change.
        hall.imports_questions().await?;
        hall.imports_teams().await?;
        assert_eq!(stock(&hall).await?, before, "the same file twice changes nothing");
        Ok(())
    }

    async fn a_body_beyond_the_bound_is_refused(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let huge = hall.uploads("questions", "to.xlsx", vec![b'x'; 40 << 20]).await;
        // The server may close the door while the rest is still on its way.
        if let Ok(answer) = huge {
            assert_eq!(answer.status, 413, "{}", answer.text());
        }
        let mut tablet = hall.contestant(0).await?;
        tablet.sheet().await?;
        let body = format!("{{\"attempt\": 1, \"answers\": [{}]}}", "0,".repeat(4 << 20));
        let request = tablet.visitor.request(Method::POST, "/api/thi/answers");
        let request = request.header("content-type", "application/json").body(body);
        if let Ok(answer) = tablet.visitor.send(request).await {
            assert_eq!(answer.status, 413, "{}", answer.text());
        }
        let name = "x".repeat(4 << 20);
        let fields = [("name", &*name), ("password", "y")];
        if let Ok(answer) = hall.passer_by()?.call("sign_in", &fields).await {
            assert!(answer.status.is_client_error(), "{}", answer.status);
        }
        hall.board().await?;
        Ok(())
    }

    async fn answers_that_are_none_are_refused_whole(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        let mut other = hall.contestant(1).await?;
        tablet.sheet().await?;
        other.sheet().await?;
        let attempt = tablet.attempt()?;
        let sound = json!({"q": 0, "r": 1, "c": 1, "t": 0});
        let packets: Vec<(&str, Value)> = vec![
            ("no such question", json!({"attempt": attempt, "answers": [sound, {"q": 30, "r": 1, "c": 1, "t": 0}], "unsent": 0})),
            ("an option that is not there", json!({"attempt": attempt, "answers": [sound, {"q": 1, "r": 1, "c": 16, "t": 0}], "unsent": 0})),
            ("a choice that is none", json!({"attempt": attempt, "answers": [{"q": 1, "r": 1, "c": 256, "t": 0}], "unsent": 0})),
            ("a negative place", json!({"attempt": attempt, "answers": [{"q": -1, "r": 1, "c": 1, "t": 0}], "unsent": 0})),
            ("text for a number", json!({"attempt": attempt, "answers": [{"q": "0", "r": 1, "c": 1, "t": 0}], "unsent": 0})),
            ("another's attempt", json!({"attempt": other.attempt()?, "answers": [sound], "unsent": 0})),
            ("no such attempt", json!({"attempt": 1, "answers": [sound], "unsent": 0})),
            ("nothing that is asked for", json!({"câu": 1})),
            ("a list", json!([])),
        ];
        for (what, packet) in packets {
            let answer = tablet.visitor.post("/api/thi/answers", &packet).await?;
            assert!(answer.status.is_client_error(), "{what}: {} {}", answer.status, answer.text());
            assert!(answer.error().is_some(), "{what}: {}", answer.text());
        }
        for body in ["", "{", "\u{0}", "[[[[[[[[", "null"] {
            for path in ["/api/thi/answers", "/api/thi/hand-in"] {
                let request = tablet.visitor.request(Method::POST, path);
                let request = request.header("content-type", "application/json").body(body);
                let answer = tablet.visitor.send(request).await?;
                assert!(answer.status.is_client_error(), "{path} {body:?}: {}", answer.status);
            }
        }
        let kept: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM answer")
            .fetch_one(&mut hall.database.connect().await?)
            .await?;
        assert_eq!(kept, 0, "not even the sound part of a packet");
        // A revision far ahead is no more than a revision.
        let far = json!({"attempt": attempt, "answers": [{"q": 0, "r": u32::MAX, "c": 1, "t": i64::MAX}], "unsent": u32::MAX});
        tablet.visitor.post("/api/thi/answers", &far).await?.ok()?;
        tablet.visitor.get("/api/thi").await?.ok()?;
        Ok(())
    }

    async fn forms_with_anything_in_them_are_answered(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let before = stock(&hall).await?;
        let long = "ế".repeat(5_000);
        let contest = &*hall.contest;
        let attempts: Vec<(&str, Vec<(&str, &str)>)> = vec![
            ("create_contest", vec![]),
            ("create_contest", vec![("name", &long), ("hosts", ""), ("place", ""), ("starts_at", ""), ("template", "G1")]),
            ("create_contest", vec![("name", "x"), ("hosts", ""), ("place", ""), ("starts_at", "hôm qua"), ("template", "G1")]),
            ("create_contest", vec![("name", "x"), ("hosts", ""), ("place", ""), ("starts_at", ""), ("template", "G1000")]),
            ("prepare_exam", vec![("contest", contest), ("round", "không")]),
            ("prepare_exam", vec![("contest", contest), ("round", "99")]),
            ("prepare_exam", vec![("contest", contest), ("round", "2")]),
            ("open_exam", vec![("contest", "../../etc/passwd"), ("round", "1")]),
            ("open_exam", vec![("contest", contest), ("round", "-1")]),
            ("open_exam", vec![("contest", contest), ("round", "1")]),
            ("add_person", vec![("contest", contest), ("role", "king"), ("name", "x")]),
            ("add_person", vec![("contest", contest), ("role", "judge"), ("name", "")]),
            ("add_person", vec![("contest", contest), ("role", "contestant"), ("name", "x"), ("team", "99")]),
            ("add_person", vec![("contest", contest), ("role", "judge"), ("name", "a\u{0}b")]),
            ("change_person", vec![("contest", contest), ("person_id", "9"), ("role", "judge"), ("name", "x")]),
            ("remove_person", vec![("contest", contest), ("person_id", "99999999999999999999")]),
            ("apply_import", vec![("contest", contest), ("upload", "' OR 1=1 --"), ("kind", "teams")]),
            ("apply_import", vec![("contest", contest), ("upload", "x"), ("kind", "teams")]),
            ("add_account", vec![("name", "x"), ("password", "short")]),
        ];
        for (function, fields) in attempts {
            let answer = hall.organizer.call(function, &fields).await?;
            assert!(
                answer.status.is_client_error(),
                "{function} {:?}: {} {}", fields.first(), answer.status, answer.text()
            );
        }
        assert_eq!(stock(&hall).await?, before);
        Ok(())
    }

    async fn texts_of_people_stay_texts(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        let script = "<script>alert('dân vận')</script>";
        let image = "\"><img src=x onerror=alert(1)>";
        let formula = "=HYPERLINK(\"http://example.com\",\"bấm\")";
        hall.teams[0].name = format!("Đội {script}");
        hall.teams[0].members[0] = format!("Tên {image}");
        hall.teams[1].name = formula.to_owned();
        hall.bank.0[0].text = format!("Câu {script} {{{{7*7}}}} ${{x}}?");
        hall.bank.0[0].options[1] = image.to_owned();
        hall.creates(&format!("Hội thi {script}")).await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        let secretary = hall.invites(Role::Secretary, &format!("Thư ký {image}")).await?;
        hall.prepares().await?;
        hall.opens().await?;
        let mut tablet = hall.contestant(0).await?;
        let sheet = tablet.sheet().await?;
        tablet.answers(0, hall.bank.right(&sheet, 0)).await?;

        let contest = format!("/hoi-thi/{}", hall.contest);
        let pages: Vec<(Answer, String)> = {
            let mut pages = Vec::new();
            for page in ["", "/doi", "/nguoi", "/the/contestant", "/cau-hoi", "/phan-thi/1", "/nhat-ky"] {
                let path = format!("{contest}{page}");
                pages.push((hall.organizer.get(&path).await?, path));
            }
            for path in ["/".to_owned(), format!("/bang/{}", hall.contest), "/hoi-thi".to_owned()] {
                pages.push((hall.organizer.get(&path).await?, path));
            }
            pages.push((tablet.visitor.get("/thi").await?, "/thi".to_owned()));
            pages.push((hall.enters(&secretary).await?.get(&contest).await?, contest.clone()));
            pages
        };
        for (page, path) in pages {
            assert!(page.status.is_success(), "{path}: {}", page.status);
            let text = page.text();
            assert!(!text.contains("<script>alert"), "{path} runs a team's name");
            assert!(!text.contains("<img src=x"), "{path} draws a person's name");
        }
        // Texts are kept as they are: nothing was cut out of them.
        let board = hall.board().await?;
        assert!(board["name"].as_str().is_some_and(|name| name.contains(script)), "{board}");
        Ok(())
    }
}
