//! What is said of a contest and its teams: typed once, read back wherever it stands.

use anyhow::{Context, ensure};
use harness::{Engine, Hall, on_both_engines};

on_both_engines! {
    async fn hosts_place_and_time_are_read_back(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let details = [
            ("contest", &*hall.contest),
            ("name", "Hội thi Dân vận khéo năm 2026"),
            ("hosts", "Ban Dân vận Huyện ủy\r\nỦy ban Mặt trận Tổ quốc huyện\r\n"),
            ("place", "Nhà Văn hóa huyện"),
            ("starts_at", "2026-10-15T07:30"),
        ];
        hall.organizer.act("change_details", &details).await?;
        let board = hall.board().await?;
        assert_eq!(board["name"], "Hội thi Dân vận khéo năm 2026");
        assert_eq!(board["hosts"], serde_json::json!(["Ban Dân vận Huyện ủy", "Ủy ban Mặt trận Tổ quốc huyện"]));
        assert_eq!(board["place"], "Nhà Văn hóa huyện");
        let page = hall.organizer.page(&format!("/hoi-thi/{}", hall.contest)).await?;
        for words in [
            "Ban Dân vận Huyện ủy",
            "Ủy ban Mặt trận Tổ quốc huyện",
            "Nhà Văn hóa huyện",
            // In the form, as it was typed, by the clock of Việt Nam.
            "2026-10-15T07:30",
        ] {
            ensure!(page.contains(words), "{words} is not on the overview");
        }
        Ok(())
    }

    async fn a_team_is_moved_to_another_cluster_by_hand(engine: Engine) -> Result<()> {
        let hall = Hall::with_contest(engine).await?;
        let teams = format!("/hoi-thi/{}/doi", hall.contest);
        let form = hall.organizer.page(&format!("{teams}?sua=1")).await?;
        ensure!(form.contains("name=\"cluster\""), "{form}");
        let change = |cluster| [
            ("contest", &*hall.contest),
            ("team", "1"),
            ("name", "Đội xã 1"),
            ("unit", "Xã 1"),
            ("cluster", cluster),
        ];
        hall.organizer.act("change_team", &change("Khối các xã")).await?;
        ensure!(hall.organizer.page(&teams).await?.contains("Khối các xã"));
        // A form without the field leaves the team where it is.
        hall.organizer.act("change_team", &change("")[..4]).await?;
        ensure!(hall.organizer.page(&teams).await?.contains("Khối các xã"));
        // Once the contest has opened, names may still be mended, clusters not.
        hall.prepares().await?;
        hall.opens().await?;
        let form = hall.organizer.page(&format!("{teams}?sua=1")).await?;
        ensure!(!form.contains("name=\"cluster\"") && form.contains("Khối các xã"));
        let refused = hall.organizer.call("change_team", &change("Khối khác")).await?;
        ensure!(refused.status.is_client_error(), "{}", refused.text());
        hall.organizer.act("change_team", &change("")[..4]).await.context("a name is mended")?;
        Ok(())
    }
}
