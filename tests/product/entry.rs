//! Doors: accounts, codes, limits, origins, languages.

use anyhow::{Context, Result};
use contest::actor::Role;
use harness::{Engine, Hall, PASSWORD, Tablet, Visitor, on_both_engines, until};
use reqwest::Method;
use reqwest::header::{ORIGIN, SET_COOKIE};

/// How often one device tries before it is told to wait.
async fn tries_until_limited(visitor: &Visitor, function: &str, fields: &[(&str, &str)]) -> Result<usize> {
    for tries in 0..200 {
        let answer = visitor.call(function, fields).await?;
        if answer.status == 429 {
            assert_eq!(answer.error().as_deref(), Some("limited"));
            return Ok(tries);
        }
        assert_eq!(answer.status, 401, "{}", answer.text());
    }
    anyhow::bail!("nobody is ever told to wait")
}

on_both_engines! {
    async fn limits_count_a_device_and_never_the_address(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let wrong = [("name", "ban-to-chuc"), ("password", "khong-phai-mat-khau")];
        let guesser = hall.passer_by()?;
        let tries = tries_until_limited(&guesser, "sign_in", &wrong).await?;
        assert!((3..=50).contains(&tries), "{tries}");
        let right = [("name", "ban-to-chuc"), ("password", PASSWORD)];
        let limited = guesser.call("sign_in", &right).await?;
        assert_eq!(limited.status, 429, "even with the right password: {}", limited.text());
        // From the same address, another organizer signs in; and after a minute the one whose name was tried.
        hall.another_organizer("phó ban").await?;
        hall.passes(1);
        hall.passer_by()?.act("sign_in", &right).await?;
        // And the guesser after a while.
        hall.passes(60);
        guesser.act("sign_in", &right).await?;

        let guesser = hall.passer_by()?;
        let tries = tries_until_limited(&guesser, "enter", &[("code", "AAAA-BBBB-CCCC")]).await?;
        assert!((3..=50).contains(&tries), "{tries}");
        // The whole hall stands behind the same Wi-Fi.
        assert_eq!(hall.contestants().await?.len(), 6);
        Ok(())
    }

    async fn codes_are_read_as_people_type_them(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let code = hall.passes_of(Role::Contestant).await?[0].code.clone();
        let bare: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        let spaced: Vec<String> = bare.to_lowercase().chars().map(|c| format!(" {c}")).collect();
        let (visitor, answer) = Tablet::tries(hall.base(), &spaced.concat()).await?;
        answer.ok()?;
        visitor.get("/api/thi").await?.ok()?;
        // The address on the card does the same, with a press of a button or without.
        let page = visitor.page(&format!("/vao/{code}")).await;
        assert!(page.is_ok(), "{page:?}");
        Ok(())
    }

    async fn the_first_link_works_once(engine: Engine) -> Result<()> {
        let hall = Hall::empty(engine).await?;
        let visitor = hall.passer_by()?;
        for token in ["", "x", "00000000000000000000000000"] {
            let fields = [("token", token), ("name", "ke-la"), ("password", PASSWORD)];
            let refused = visitor.call("claim_first", &fields).await?;
            assert!(refused.status.is_client_error(), "{}", refused.text());
        }
        let accounts = [("name", "ke-la"), ("password", PASSWORD)];
        assert_eq!(visitor.call("sign_in", &accounts).await?.status, 401);
        Ok(())
    }

    async fn a_new_password_ends_all_other_sessions(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let other = hall.passer_by()?;
        other.act("sign_in", &[("name", "BAN-TO-CHUC"), ("password", PASSWORD)]).await?;
        let page = format!("/hoi-thi/{}", hall.contest);
        other.page(&page).await?;
        let new = "mot-mat-khau-khac";
        let short = hall.organizer.call("change_password", &[("old", PASSWORD), ("new", "ngan")]).await?;
        assert_eq!(short.status, 422, "{}", short.text());
        let fields = [("old", PASSWORD), ("new", new)];
        hall.organizer.act("change_password", &fields).await?;
        hall.organizer.page(&page).await?;
        let elsewhere = other.get(&page).await?;
        assert_eq!(elsewhere.location.as_deref(), Some("/dang-nhap"), "signed out everywhere else: {}", elsewhere.status);
        let old = hall.passer_by()?.call("sign_in", &[("name", "ban-to-chuc"), ("password", PASSWORD)]).await?;
        assert_eq!(old.status, 401);
        Ok(())
    }

    async fn another_site_cannot_act(engine: Engine) -> Result<()> {
        let hall = Hall::with_open_exam(engine).await?;
        let mut tablet = hall.contestant(0).await?;
        tablet.sheet().await?;
        let packet = serde_json::json!({ "attempt": tablet.attempt()?, "answers": [{"q": 0, "r": 1, "c": 1, "t": 0}], "unsent": 1 });
        let fields = [("contest", &*hall.contest), ("round", "1"), ("reason", "Kẻ lạ")];
        for (header, value) in [
            ("origin", "http://example.com".to_owned()),
            ("origin", "null".to_owned()),
            ("origin", hall.base().replace("127.0.0.1", "127.0.0.2")),
        ] {
            let request = tablet.visitor.bare(Method::POST, "/api/thi/answers").header(header, &value).json(&packet);
            assert_eq!(request.send().await?.status(), 403, "{value}");
            let request = hall.organizer.bare(Method::POST, "/api/fn/pause_exam").header(header, &value).form(&fields);
            assert_eq!(request.send().await?.status(), 403, "{value}");
        }
        let cross = hall.organizer.bare(Method::POST, "/api/fn/pause_exam").header("sec-fetch-site", "cross-site").form(&fields);
        assert_eq!(cross.send().await?.status(), 403);
        assert_eq!(hall.board().await?["rounds"][0]["running"]["paused"], false);
        assert_eq!(hall.board().await?["rounds"][0]["running"]["answered"], 0);
        // The same from here.
        let request = hall.organizer.bare(Method::POST, "/api/fn/pause_exam").header(ORIGIN, hall.base()).form(&fields);
        assert!(request.send().await?.status().is_success());
        until("a pause", async || {
            Ok((hall.board().await?["rounds"][0]["running"]["paused"] == true).then_some(()))
        })
        .await
    }

    async fn cookies_tell_scripts_nothing(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let code = hall.passes_of(Role::Contestant).await?[0].code.clone();
        let (_, answer) = Tablet::tries(hall.base(), &code).await?;
        let cookies: Vec<&str> = answer.headers.get_all(SET_COOKIE).iter().filter_map(|c| c.to_str().ok()).collect();
        assert!(cookies.iter().any(|c| c.starts_with("hoithi=")), "{cookies:?}");
        for cookie in cookies {
            assert!(cookie.contains("HttpOnly"), "{cookie}");
            assert!(cookie.contains("SameSite=Lax"), "{cookie}");
        }
        Ok(())
    }

    async fn the_language_is_chosen_once_and_kept(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let visitor = hall.passer_by()?;
        assert!(visitor.page("/").await?.contains(r#"<html lang="vi""#));
        let answer = visitor.form("/dang-nhap", "set_language", &[("language", "en")]).await?.ok()?;
        assert_eq!(answer.location.as_deref(), Some("/dang-nhap"), "back to where he was");
        for page in ["/", "/dang-nhap", "/vao"] {
            let text = visitor.page(page).await?;
            assert!(text.contains(r#"<html lang="en""#), "{page}");
        }
        // Errors speak it too.
        let wrong = [("code", "AAAA-BBBB-CCCC")];
        let back = visitor.form("/vao", "enter", &wrong).await?;
        let location = back.location.context("sent back with the error")?;
        let english = visitor.get(location.trim_start_matches(hall.base())).await?.text();
        visitor.form("/vao", "set_language", &[("language", "vi")]).await?.ok()?;
        let vietnamese = visitor.get(location.trim_start_matches(hall.base())).await?.text();
        assert!(english.contains("code"), "{english}");
        assert!(vietnamese.contains("mã"), "{vietnamese}");
        Ok(())
    }
}
