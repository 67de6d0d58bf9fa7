//! Files in and out of the hall: logos that strangers made, standings that are not final.

use std::io::Read;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use harness::picture::black;
use harness::process::run;
use harness::{Engine, Hall, on_both_engines};
use serde_json::Value;

/// A picture of one pixel.
const PIXEL: &[u8] = b"\x89\x50\x4e\x47\x0d\x0a\x1a\x0a\x00\x00\x00\x0d\x49\x48\x44\x52\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00\x1f\x15\xc4\x89\x00\x00\x00\x0d\x49\x44\x41\x54\x78\x9c\x63\xf8\xdf\xc0\xf0\x1f\x00\x06\x80\x02\x7f\x10\x4c\x1b\xe1\x00\x00\x00\x00\x49\x45\x4e\x44\xae\x42\x60\x82";

on_both_engines! {
    async fn a_hostile_logo_is_refused_clearly(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let upload = async |file: &[u8], name: &str| {
            let fields = [("contest", &*hall.contest), ("name", "Ban Dân vận")];
            hall.organizer.upload("add_logo", &fields, name, file.to_vec()).await
        };
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>"#;
        // A head that says something else than its checksum.
        let mut forged = PIXEL.to_vec();
        forged[16..24].copy_from_slice(&[0, 0, 0xea, 0x60, 0, 0, 0xea, 0x60]);
        let page = [PIXEL, b"<script>alert(1)</script>"].concat();
        for (file, name) in [
            (&svg[..], "logo.svg"),
            (svg, "logo.png"),
            (b"GIF89a\x01\x00\x01\x00\x00\x00\x00;", "logo.gif"),
            (b"%PDF-1.7", "logo.pdf"),
            (b"MZ\x90\x00", "logo.png"),
            (b"", "logo.png"),
            (&forged, "logo.png"),
            (&page, "logo.png"),
        ] {
            let answer = upload(file, name).await?;
            assert_eq!((answer.status.as_u16(), answer.error().as_deref()), (422, Some("bad_image")), "{name}");
        }
        for size in [5 << 20, 9 << 20, 11 << 20] {
            let answer = upload(&vec![0; size], "logo.png").await?;
            assert_eq!((answer.status.as_u16(), answer.error().as_deref()), (413, Some("too_large")), "{size}");
        }
        // A picture without a fault, small as a file: 400 million pixels of one colour. It is refused for its
        // size alone, before it is unpacked.
        for (width, height) in [(20_000, 20_000), (6_001, 1), (1, 6_001)] {
            let bomb = black(width, height)?;
            let began = Instant::now();
            let answer = upload(&bomb, "logo.png").await?;
            assert_eq!((answer.status.as_u16(), answer.error().as_deref()), (413, Some("too_large")), "{width}x{height}");
            assert!(began.elapsed() < Duration::from_secs(5), "{width}x{height}: {:?}", began.elapsed());
        }
        let stranger = hall.passer_by()?;
        let fields = [("contest", &*hall.contest), ("name", "x")];
        assert_eq!(stranger.upload("add_logo", &fields, "a.png", PIXEL.to_vec()).await?.status, 401);

        upload(PIXEL, "logo.png").await?.ok()?;
        let (screen, _) = hall.has_screen("Màn hình").await?;
        hall.hall_act("show_scene", &[("all", "true"), ("scene", "hosts")]).await?;
        let view = screen.stream("/api/man-hinh/events").await?.view().await?;
        let logos = view["scene"]["logos"].as_array().context("logos")?;
        assert_eq!(logos.len(), 1, "of all these only the picture: {view}");
        let hash = logos[0]["hash"].as_str().context("a hash")?;
        let address = format!("/api/contests/{}/logos/{hash}", hall.contest);
        let image = stranger.get(&address).await?.ok()?;
        assert!(image.body.starts_with(b"\x89PNG"));
        let header = |name: &str| image.headers[name].to_str().unwrap_or_default().to_owned();
        assert_eq!(header("content-type"), "image/png");
        assert_eq!(header("x-content-type-options"), "nosniff");
        assert!(header("cache-control").contains("immutable"));
        assert!(header("content-security-policy").contains("sandbox"));
        let qr = stranger.get(&format!("/api/contests/{}/qr.svg", hall.contest)).await?.ok()?;
        assert_eq!(qr.headers["content-type"], "image/svg+xml");
        Ok(())
    }

    async fn standings_that_are_not_final_are_refused_or_marked(engine: Engine) -> Result<()> {
        let mut hall = Hall::empty(engine).await?;
        hall.teams = harness::files::teams(2, 1);
        hall.creates("Hội thi xuất tệp").await?;
        hall.has_only_the_exam().await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        hall.prepares().await?;
        hall.opens().await?;
        hall.all_hand_in([13, 27]).await?;
        hall.closes("").await?;
        hall.marks().await?;
        hall.hall_act("freeze", &[]).await?;
        let path = format!("/api/contests/{}/standings.xlsx", hall.contest);
        let reasons = async || -> Result<Vec<String>> {
            let answer = hall.organizer.get(&path).await?;
            assert_eq!(answer.status, 409);
            let told: Value = answer.json()?;
            let list = told["not_final"].as_array().context("reasons")?.clone();
            Ok(list.iter().filter_map(|why| Some(why["not_final"].as_str()?.to_owned())).collect())
        };
        assert_eq!(reasons().await?, ["unpublished", "frozen"], "every one of them");

        let draft = hall.organizer.get(&format!("{path}?draft=1")).await?.ok()?;
        assert!(draft.headers["content-disposition"].to_str()?.contains("NH%C3%81P"));
        let strings = part(&draft.body, "xl/sharedStrings.xml")?;
        assert!(strings.contains("BẢN NHÁP") && strings.contains("đóng băng"), "{strings}");
        assert!(part(&draft.body, "xl/worksheets/sheet1.xml")?.contains("<oddHeader>"));

        // The command line does the same.
        let url = hall.database.url().to_owned();
        let folder = tempfile::tempdir()?;
        let file = folder.path().join("bang.xlsx").display().to_string();
        let export = |more: &[&str]| {
            let mut args: Vec<String> = ["export", "standings", "--database", &url].map(str::to_owned).into();
            args.extend(more.iter().map(|word| (*word).to_owned()));
            args
        };
        let (done, out, err) = program(&export(&[&file])).await?;
        assert!(!done && err.contains("đóng băng") && err.contains("Trắc nghiệm"), "{out}{err}");
        assert!(!std::path::Path::new(&file).exists(), "nothing is written");
        let (done, _, err) = program(&export(&[&file, "--draft"])).await?;
        assert!(done, "{err}");
        assert!(part(&std::fs::read(&file)?, "xl/sharedStrings.xml")?.contains("BẢN NHÁP"));
        let (done, out, _) = program(&export(&["--draft"])).await?;
        assert!(done && out.contains("BẢN NHÁP") && out.contains("27"), "{out}");
        let board = |more: &[&str]| {
            let mut args: Vec<String> = ["export", "board", "--database", &url, "--format"].map(str::to_owned).into();
            args.extend(more.iter().map(|word| (*word).to_owned()));
            args
        };
        assert!(!program(&board(&["csv"])).await?.0);
        let (done, out, _) = program(&board(&["csv", "--draft"])).await?;
        assert!(done && out.contains("BẢN NHÁP") && !out.contains("27"), "the public's: {out}");
        let (done, out, _) = program(&board(&["json"])).await?;
        let json: Value = serde_json::from_str(&out)?;
        assert!(done && json["not_final"].as_array().is_some_and(|why| why.len() == 2), "{out}");

        hall.publishes().await?;
        assert_eq!(reasons().await?, ["frozen"]);
        hall.hall_act("unfreeze", &[("reason", "Kết thúc hội thi")]).await?;
        let final_one = hall.organizer.get(&path).await?.ok()?;
        assert!(!final_one.headers["content-disposition"].to_str()?.contains("NH%C3%81P"));
        let strings = part(&final_one.body, "xl/sharedStrings.xml")?;
        assert!(!strings.contains("NHÁP"), "{strings}");
        let (done, out, err) = program(&export(&["--draft"])).await?;
        assert!(done && !out.contains("NHÁP") && out.contains("27"), "nothing to warn of: {out}{err}");
        Ok(())
    }
}

async fn program(args: &[String]) -> Result<(bool, String, String)> {
    let args: Vec<&str> = args.iter().map(String::as_str).collect();
    run(
        std::path::Path::new(env!("CARGO_BIN_EXE_hoithi-under-test")),
        &args,
    )
    .await
}

fn part(book: &[u8], name: &str) -> Result<String> {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(book))?;
    let mut text = String::new();
    archive.by_name(name)?.read_to_string(&mut text)?;
    Ok(text)
}
