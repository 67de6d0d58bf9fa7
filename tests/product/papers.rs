//! What is printed and signed.

use harness::{Engine, Hall, on_both_engines};

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
}
