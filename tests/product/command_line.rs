//! The program's command line, run as people and scripts run it.

use std::path::Path;

use anyhow::{Context, Result};
use harness::process::{Process, run};
use harness::{Database, Engine, Hall, Visitor, on_both_engines};
use serde_json::{Value, json};

fn program() -> &'static Path {
    Path::new(env!("CARGO_BIN_EXE_hoithi-under-test"))
}

fn data(file: &str) -> String {
    format!("{}/../data/{file}", env!("CARGO_MANIFEST_DIR"))
}

/// A command that must succeed: its standard output.
async fn does(args: &[&str]) -> Result<String> {
    let (done, out, err) = run(program(), args).await?;
    anyhow::ensure!(done, "{args:?} failed: {out}{err}");
    Ok(out)
}

/// A command that must be refused: what it says.
async fn is_refused(args: &[&str]) -> Result<String> {
    let (done, out, err) = run(program(), args).await?;
    anyhow::ensure!(!done, "{args:?} was done: {out}{err}");
    Ok(format!("{out}{err}"))
}

async fn says(args: &[&str]) -> Result<Value> {
    let out = does(args).await?;
    serde_json::from_str(&out).with_context(|| format!("{args:?} prints no JSON: {out}"))
}

#[tokio::test]
async fn a_dry_import_reports_every_question_and_problem() -> Result<()> {
    let report = says(&[
        "import",
        "questions",
        &data("questions.xlsx"),
        "--dry-run",
        "--json",
    ])
    .await?;
    assert_eq!(report["accepted"], 176);
    assert_eq!(report["problems"], json!([]));
    let questions = report["questions"].as_array().context("questions")?;
    assert_eq!(questions.len(), 176);
    for question in questions {
        let mut keys: Vec<&str> = question
            .as_object()
            .context("an object")?
            .keys()
            .map(String::as_str)
            .collect();
        keys.sort_unstable();
        assert_eq!(keys, ["correct", "level", "options", "source", "text", "topic"]);
        let options = question["options"].as_array().context("options")?.len();
        for right in question["correct"].as_array().context("correct")? {
            assert!(
                usize::try_from(right.as_u64().context("a number")?)? < options,
                "{question}"
            );
        }
    }

    let report = says(&[
        "import",
        "teams",
        &data("teams-bac-tan-uyen-2023.xlsx"),
        "--dry-run",
        "--json",
    ])
    .await?;
    assert_eq!(report["accepted"], 14);
    let teams = report["teams"].as_array().context("teams")?;
    let members: usize = teams
        .iter()
        .filter_map(|team| Some(team["members"].as_array()?.len()))
        .sum();
    assert_eq!((teams.len(), members), (14, 70));

    let folder = tempfile::tempdir()?;
    let file = folder.path().join("sai.csv");
    std::fs::write(
        &file,
        "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n1 + 1?,2,3,A,Toán,NB\n,2,3,A,Toán,NB\n1 + 2?,2,3,C,Toán,NB\n",
    )?;
    let file = file.display().to_string();
    let (done, out, _) = run(program(), &["import", "questions", &file, "--dry-run", "--json"]).await?;
    assert!(!done, "problems are a failure");
    let report: Value = serde_json::from_str(&out)?;
    assert_eq!(report["accepted"], 1);
    let problems: Vec<(&str, &str)> = report["problems"]
        .as_array()
        .context("problems")?
        .iter()
        .map(|p| {
            (
                p["place"].as_str().unwrap_or_default(),
                p["code"].as_str().unwrap_or_default(),
            )
        })
        .collect();
    assert_eq!(problems.len(), 2, "all of them together: {report}");
    assert!(
        problems[0].0.contains('3') && problems[0].1 == "empty_text",
        "{problems:?}"
    );
    assert!(
        problems[1].0.contains('4') && problems[1].1 == "unknown_answer",
        "{problems:?}"
    );
    assert!(
        report["problems"][0]["message"]
            .as_str()
            .is_some_and(|words| words.len() > 5)
    );
    Ok(())
}

on_both_engines! {
    async fn imports_by_file_are_all_or_nothing_and_repeatable(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        let contest = hall.creates("Hội thi Bắc Tân Uyên").await?;
        let url = hall.database.url().to_owned();
        let (teams, questions) = (data("teams-bac-tan-uyen-2023.xlsx"), data("questions.xlsx"));
        for (file, list, new) in [(&teams, "teams", 84), (&questions, "questions", 176)] {
            let args = ["import", list, file, "--contest", &contest, "--json", "--database", &url];
            let first = says(&args).await?;
            assert_eq!(first["added"], new, "{list}");
            let second = says(&args).await?;
            assert_eq!((&second["added"], &second["unchanged"]), (&json!(0), &json!(new)), "{list}");
        }
        // The running house notices.
        assert_eq!(hall.board_becomes("14 teams", |board| board["rows"].as_array().is_some_and(|rows| rows.len() == 14)).await?["name"],
            "Hội thi Bắc Tân Uyên");
        let listed = says(&["contest", "list", "--json", "--database", &url]).await?;
        let listed = listed.as_array().context("an array")?;
        assert_eq!(listed.len(), 1);
        assert_eq!(listed[0]["id"], *contest);
        assert_eq!(listed[0]["name"], "Hội thi Bắc Tân Uyên");
        assert_eq!(listed[0]["phase"], "preparing");
        hall.prepares().await?;
        hall.opens().await?;
        let listed = says(&["contest", "list", "--json", "--database", &url]).await?;
        assert_eq!(listed[0]["phase"], "running");
        Ok(())
    }

    async fn verify_names_the_first_bad_entry(engine: Engine) -> Result<()> {
        let mut hall = Hall::with_open_exam(engine).await?;
        let url = hall.database.url().to_owned();
        let verify = ["verify", "--json", "--database", &url];
        let sound = says(&verify).await?;
        assert_eq!(sound[0]["ok"], true);
        let entries = sound[0]["entries"].as_u64().context("a number")?;
        assert!(entries >= 5);

        hall.has_a_broken_ledger();
        let mut connection = hall.database.connect().await?;
        // The key of the frozen bank, altered behind the ledger's back.
        let (prepared, bank): (i64, String) = sqlx::query_as("SELECT e.seq, c.body FROM entry e JOIN content c ON e.body LIKE '%' || c.hash || '%' WHERE e.body LIKE '%exam_prepared%'")
            .fetch_one(&mut connection)
            .await?;
        let alters = |from: String, to: String| sqlx::query("UPDATE content SET body = $1 WHERE body = $2").bind(to).bind(from);
        let forged = bank.replacen("\"correct\":[0]", "\"correct\":[1]", 1);
        assert_ne!(forged, bank);
        alters(bank.clone(), forged.clone()).execute(&mut connection).await?;
        let (done, out, _) = run(program(), &verify).await?;
        assert!(!done, "the key is not the one that was frozen");
        let altered: Value = serde_json::from_str(&out)?;
        assert_eq!((&altered[0]["seq"], &altered[0]["why"]), (&json!(prepared), &json!("content")));
        alters(forged, bank).execute(&mut connection).await?;
        assert_eq!(says(&verify).await?, sound);
        let (seq, body): (i64, String) = sqlx::query_as("SELECT seq, body FROM entry WHERE body LIKE '%team_added%' ORDER BY seq LIMIT 1")
            .fetch_one(&mut connection)
            .await?;
        sqlx::query("UPDATE entry SET body = $1 WHERE seq = $2")
            .bind(body.replace("Đội xã", "Đội khác"))
            .bind(seq)
            .execute(&mut connection)
            .await?;
        let (done, out, _) = run(program(), &verify).await?;
        assert!(!done, "a broken chain is a failure");
        let broken: Value = serde_json::from_str(&out)?;
        assert_eq!((&broken[0]["ok"], &broken[0]["seq"], &broken[0]["why"]), (&json!(false), &json!(seq), &json!("hash")));

        sqlx::query("DELETE FROM entry WHERE seq = $1").bind(seq).execute(&mut connection).await?;
        let told = is_refused(&["verify", "--database", &url]).await?;
        assert!(told.contains(&seq.to_string()), "{told}");
        let (_, out, _) = run(program(), &verify).await?;
        let gap: Value = serde_json::from_str(&out)?;
        assert_eq!((&gap[0]["seq"], &gap[0]["why"]), (&json!(seq), &json!("gap")));
        Ok(())
    }

    async fn a_backup_while_serving_can_be_restored(engine: Engine) -> Result<()> {
        a_backup_comes_back(engine).await
    }

    async fn accounts_are_made_listed_and_given_new_passwords(engine: Engine) -> Result<()> {
        let database = Database::new(engine).await?;
        let url = database.url();
        let user = async |args: &[&str]| {
            let args = [&["user"], args, &["--database", url, "--lang", "en"]].concat();
            run(program(), &args).await
        };
        // A drawn password is printed, once.
        let drawn = |told: &str| {
            told.lines().find_map(|line| Some(line.strip_prefix("Password: ")?.to_owned())).context("a password")
        };
        let (done, told, _) = user(&["add", "ban-to-chuc"]).await?;
        assert!(done, "{told}");
        let first = drawn(&told)?;
        let (again, _, why) = user(&["add", "BAN-TO-CHUC"]).await?;
        assert!(!again && !why.is_empty(), "a name is given once");
        let (_, list, _) = user(&["list", "--json"]).await?;
        let list: Value = serde_json::from_str(&list)?;
        assert_eq!((list.as_array().map(Vec::len), &list[0]["name"]), (Some(1), &json!("ban-to-chuc")));
        assert!(list[0]["id"].is_i64() && list[0]["created_at"].is_i64(), "{list}");
        let (done, told, _) = user(&["password", "ban-to-chuc"]).await?;
        assert!(done, "{told}");
        let second = drawn(&told)?;
        let (done, ..) = user(&["password", "khong-co-ai"]).await?;
        assert!(!done);

        let process = Process::serves(program(), url, database.folder().join("user.log")).await?;
        let visitor = Visitor::new(&process.base())?;
        let sign_in = async |password: &str| {
            visitor.call("sign_in", &[("name", "ban-to-chuc"), ("password", password)]).await
        };
        assert_eq!(sign_in(&first).await?.status, 401);
        sign_in(&second).await?.ok()?;
        process.dies().await
    }

    async fn contests_are_created_shown_and_their_ledger_written_out(engine: Engine) -> Result<()> {
        let database = Database::new(engine).await?;
        let url = database.url();
        does(&["user", "add", "ban-to-chuc", "--database", url]).await?;
        let made = says(&[
            "contest", "create", "--name", "Hội thi Dân vận khéo", "--template", "g2", "--place", "Nhà Văn hóa huyện",
            "--host", "Ban Dân vận Huyện ủy", "--host", "Hội Nông dân huyện", "--json", "--database", url,
        ])
        .await?;
        let id = made["id"].as_str().context("its name")?;
        assert_eq!(made["phase"], says(&["contest", "list", "--json", "--database", url]).await?[0]["phase"]);
        let shown = says(&["contest", "show", id, "--json", "--database", url]).await?;
        assert_eq!(shown["name"], "Hội thi Dân vận khéo");
        assert_eq!(shown["template"], "G2");
        assert_eq!(shown["place"], "Nhà Văn hóa huyện");
        assert_eq!(shown["hosts"], json!(["Ban Dân vận Huyện ủy", "Hội Nông dân huyện"]));
        assert_eq!(shown["rounds"][0]["phase"], "draft");
        let told = is_refused(&["contest", "create", "--name", "Khác", "--template", "G99", "--database", url]).await?;
        assert!(told.contains("G99"), "{told}");
        is_refused(&["contest", "show", "khong-co", "--database", url]).await?;

        // Each line is an entry as it was sealed: whoever has the file can walk the chain himself.
        let ledger = does(&["export", "ledger", "--contest", id, "--database", url]).await?;
        let mut sealed = Vec::new();
        for (seq, line) in (1..).zip(ledger.lines()) {
            let hash: Value = serde_json::from_str(line)?;
            let body = line.split_once("\"entry\":").and_then(|(_, rest)| rest.strip_suffix('}')).context("a body")?;
            sealed.push(contest::ledger::Sealed {
                seq,
                body: body.to_owned(),
                hash: contest::Digest(hash["hash"].as_str().context("a hash")?.to_owned()),
            });
        }
        assert_eq!(json!(sealed.len()), shown["entries"]);
        let replayed = contest::ledger::replay(&id.parse()?, sealed)?;
        assert_eq!(replayed.details.name, "Hội thi Dân vận khéo");
        Ok(())
    }

    async fn a_newer_database_is_left_alone(engine: Engine) -> Result<()> {
        let mut hall = Hall::with_contest(engine).await?;
        hall.stops().await?;
        let mut connection = hall.database.connect().await?;
        let (description, checksum): (String, Vec<u8>) = sqlx::query_as("SELECT description, checksum FROM _sqlx_migrations ORDER BY version DESC LIMIT 1")
            .fetch_one(&mut connection)
            .await?;
        sqlx::query("INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (999999, $1, true, $2, 0)")
            .bind(description)
            .bind(checksum)
            .execute(&mut connection)
            .await?;
        for args in [
            &["serve", "--listen", "127.0.0.1:0"][..],
            &["contest", "list"],
            &["verify"],
        ] {
            let mut args = args.to_vec();
            args.extend(["--database", hall.database.url(), "--lang", "en"]);
            let told = is_refused(&args).await?;
            assert!(told.to_lowercase().contains("newer"), "{args:?}: {told}");
        }
        // Nor is a backup of it put in the place of one that this program understands.
        let backup = hall.database.folder().join("moi-hon.db").display().to_string();
        does(&["backup", &backup, "--database", hall.database.url()]).await?;
        sqlx::query("DELETE FROM _sqlx_migrations WHERE version = 999999").execute(&mut connection).await?;
        drop(connection);
        let told = is_refused(&["restore", &backup, "--database", hall.database.url(), "--lang", "en"]).await?;
        assert!(told.to_lowercase().contains("newer"), "{told}");
        does(&["verify", "--database", hall.database.url()]).await?;
        Ok(())
    }
}

/// A backup is taken while the house is serving; restoring it brings back exactly that state, and keeps the
/// state before.
async fn a_backup_comes_back(engine: Engine) -> Result<()> {
    let mut hall = Hall::with_open_exam(engine).await?;
    let url = hall.database.url().to_owned();
    let mut tablet = hall.contestant(0).await?;
    hall.answers_paper(&mut tablet, 10, 0).await?;
    let backup = hall.database.folder().join("sao-luu.db");
    let backup = backup.display().to_string();
    does(&["backup", &backup, "--database", &url]).await?;
    is_refused(&["backup", &backup, "--database", &url]).await?;

    // What comes after the backup is on the tablets as well, and heals from them.
    let sheet = tablet.sheet().await?;
    for place in 10..20 {
        tablet.answers(place, hall.bank.right(&sheet, place)).await?;
    }
    let now_lost = hall.book.all().len();
    assert_eq!(now_lost, 20);
    let served = is_refused(&["restore", &backup, "--database", &url, "--lang", "en"]).await?;
    assert!(
        served.contains("stop hoithi") || served.contains("Stop hoithi"),
        "{served}"
    );
    hall.stops().await?;
    let other = hall.database.folder().join("khac.txt");
    std::fs::write(&other, "something else")?;
    is_refused(&["restore", &other.display().to_string(), "--database", &url]).await?;
    assert_eq!(answers(&hall).await?, 20, "what was refused has changed nothing");
    does(&["restore", &backup, "--database", &url]).await?;
    let files: Vec<String> = std::fs::read_dir(hall.database.folder())?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.contains("before-restore"))
        .collect();
    assert_eq!(files.len(), 1, "the present state was copied first: {files:?}");
    assert_eq!(answers(&hall).await?, 10, "exactly the state of the backup");

    let log = hall.database.folder().join("sau.log");
    let process = Process::serves(program(), &url, log).await?;
    tablet.visitor = tablet.visitor.at(&process.base());
    let mut again = tablet.clone();
    let held = again.sitting().await?;
    let contest::audience::Stage::Writing { held, .. } = held.stage else {
        panic!("he goes on writing")
    };
    assert_eq!(held.len(), 10);
    again.sends_again(&held);
    again.flushes().await?;
    assert_eq!(again.unsent(), []);
    process.dies().await
}

async fn answers(hall: &Hall) -> Result<i64> {
    let mut connection = hall.database.connect().await?;
    let kept = sqlx::query_scalar("SELECT COUNT(*) FROM answer")
        .fetch_one(&mut connection)
        .await?;
    sqlx::Connection::close(connection).await?;
    Ok(kept)
}

/// The demo speaks for itself: entry links for every role, and a board that moves when it plays, from the
/// exam through 14 skits and 14 presentations to the prizes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demo_plays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = harness::sqlite_url(&folder.path().join("demo.db"));
    let process = Process::runs(
        program(),
        &["demo", "--play", "--speed", "400"],
        &url,
        folder.path().join("demo.log"),
    )
    .await?;
    let told = std::fs::read_to_string(folder.path().join("demo.log"))?;
    assert!(told.contains("/vao/") && told.contains("/demo"), "{told}");
    assert!(
        !told.contains("/khoi-tao/"),
        "it has an organizer already: {told}"
    );
    let visitor = Visitor::new(&process.base())?;
    let page = visitor.page("/demo").await?;
    let links: std::collections::BTreeSet<&str> = regex::Regex::new(r#"href="?([^"\s>]*/vao/[^"\s>]+)"#)?
        .captures_iter(&page)
        .filter_map(|found| Some(found.get(1)?.as_str()))
        .collect();
    assert!(links.len() >= 3, "links for every role: {links:?}");
    let list = visitor.page("/").await?;
    let contest = regex::Regex::new(r#"/bang/([a-z0-9-]+)"#)?
        .captures(&list)
        .context("a public contest")?[1]
        .to_owned();
    let mut board = visitor
        .stream(&format!("/api/contests/{contest}/board/events"))
        .await?;
    board
        .view_where(|board| {
            board["rounds"][0]["running"]["answered"]
                .as_u64()
                .is_some_and(|n| n > 20)
        })
        .await?;
    let marked = |board: &Value| {
        let rows = board["rows"].as_array().cloned().unwrap_or_default();
        let marks = rows
            .iter()
            .flat_map(|row| row["marks"].as_array().cloned().unwrap_or_default());
        (rows.len(), marks.filter(|mark| !mark.is_null()).count())
    };
    // One more mark each time, for as long as it plays.
    let end = board.view_where(|board| board["phase"] == "finished").await?;
    assert_eq!(marked(&end), (14, 14 * 3), "every team has its three marks");
    // The organizer finds every prize with its holders.
    let organizer = Visitor::new(&process.base())?;
    let account = [("name", "bantochuc"), ("password", "danvankheo")];
    organizer.act("sign_in", &account).await?;
    let prizes = organizer.page(&format!("/hoi-thi/{contest}/giai-thuong")).await?;
    let held = regex::Regex::new("class=\"holders\"[^>]*>(.*?)</ul>")?;
    let prizes: Vec<String> = held
        .captures_iter(&prizes)
        .map(|found| found[1].to_owned())
        .collect();
    assert!(
        prizes.len() >= 6 && prizes.iter().all(|names| names.contains("<li")),
        "{prizes:?}"
    );
    process.dies().await?;
    // A real house never opens on it.
    is_refused(&["serve", "--listen", "127.0.0.1:0", "--database", &url]).await?;
    Ok(())
}

/// The button of the demo's page does what `--play` does; and every role has its link.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_demos_button_plays() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let url = harness::sqlite_url(&folder.path().join("demo.db"));
    let process = Process::runs(program(), &["demo"], &url, folder.path().join("demo.log")).await?;
    let visitor = Visitor::new(&process.base())?;
    let page = visitor.page("/demo").await?;
    for role in [
        "Thư ký",
        "Trưởng ban giám khảo",
        "Người dẫn chương trình",
        "Màn hình",
    ] {
        assert!(page.contains(role), "no link for {role}");
    }
    assert!(!page.contains("cong-khai=1?"), "an address with two questions");
    let board = regex::Regex::new(r#"/bang/([a-z0-9-]+)\?cong-khai=1""#)?;
    let contest = board.captures(&page).context("the wall's board")?[1].to_owned();
    let answer = visitor
        .form("/demo", "demo_play", &[("speed", "200")])
        .await?
        .ok()?;
    let back = answer.location.context("back to the page")?;
    let page = visitor.page(back.trim_start_matches(&process.base())).await?;
    assert!(page.contains("role=\"status\""), "it says that it plays: {page}");
    let twice = visitor.call("demo_play", &[("speed", "200")]).await?;
    assert_eq!(twice.status, 409, "one rehearsal at a time");
    let mut board = visitor
        .stream(&format!("/api/contests/{contest}/board/events"))
        .await?;
    board
        .view_where(|board| {
            board["rounds"][0]["running"]["answered"]
                .as_u64()
                .is_some_and(|n| n > 5)
        })
        .await?;
    process.dies().await
}
