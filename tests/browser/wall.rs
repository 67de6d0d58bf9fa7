//! A wall of the hall and whoever sees to it: claimed, dressed, told what to show, and looked at.

use anyhow::{Context, Result, ensure};
use harness::{Hall, until};

use crate::window::Window;

pub(crate) const MEASURE: &str = include_str!("measure.js");
pub(crate) const SIZES: [(u32, u32); 3] = [(1920, 1080), (1024, 768), (3840, 1080)];
/// Theme, language and scale.
pub(crate) type Look = (&'static str, &'static str, &'static str);
/// Every theme and language, each with each at some size.
pub(crate) const LOOKS: [Look; 6] = [
    ("dark", "vi", "100"),
    ("bright", "en", "100"),
    ("led", "vi", "100"),
    ("dark", "en", "150"),
    ("bright", "vi", "125"),
    ("led", "en", "70"),
];

/// Names as they stand on the lists of real contests.
pub(crate) const LONG_NAMES: [&str; 12] = [
    "Phòng Lao động, Thương binh và Xã hội huyện Bắc Tân Uyên",
    "Khối Đảng – Đoàn thể Nguyễn Huệ",
    "Đảng ủy các cơ quan Đảng, Mặt trận Tổ quốc và đoàn thể tỉnh Bà Rịa – Vũng Tàu",
    "Trung tâm Giáo dục nghề nghiệp – Giáo dục thường xuyên huyện Phú Giáo",
    "Ủy ban Mặt trận Tổ quốc Việt Nam phường Tân Vĩnh Hiệp, thành phố Tân Uyên",
    "Công đoàn Công ty trách nhiệm hữu hạn một thành viên Cấp thoát nước Thủ Dầu Một",
    "Ban Chỉ huy Quân sự huyện Bắc Tân Uyên",
    "Chi nhánh Văn phòng Đăng ký đất đai khu vực Nghĩa Hưng",
    "Đoàn Thanh niên Cộng sản Hồ Chí Minh Khối các cơ quan và doanh nghiệp tỉnh Đồng Nai",
    "Hội Liên hiệp Phụ nữ xã Thường Tân",
    "Ban Quản lý dự án đầu tư xây dựng khu vực huyện Nguyễn Văn Nguyễn",
    "Trường Trung học phổ thông chuyên Nguyễn Bỉnh Khiêm",
];

/// The letters that a browser waits under at the screens' address.
pub(crate) async fn waits(window: &Window) -> Result<String> {
    window.goes_to("/man-hinh").await?;
    let letters = window.sees(".door").await?.attr("data-letters").await?;
    let letters = letters.context("four letters")?;
    ensure!(letters.chars().count() == 4, "{letters} are no four letters");
    Ok(letters)
}

/// Opens a browser at the screens' address and has the organizer claim it.
pub(crate) async fn claimed(hall: &Hall, window: &Window, name: &str) -> Result<()> {
    let letters = waits(window).await?;
    hall.hall_act("claim_screen", &[("letters", &letters), ("name", name)])
        .await?;
    // By itself, within a second or two.
    window.sees(".screen-page[data-live]").await?;
    Ok(())
}

/// All screens show that scene.
pub(crate) async fn shows(hall: &Hall, scene: &str, more: &[(&str, &str)]) -> Result<()> {
    let mut fields = vec![("contest", &*hall.contest), ("all", "true"), ("scene", scene)];
    fields.extend(more);
    hall.organizer.act("show_scene", &fields).await.map(drop)
}

/// All screens look so.
pub(crate) async fn dresses(hall: &Hall, (theme, language, scale): Look) -> Result<()> {
    let look = [
        ("contest", &*hall.contest),
        ("all", "true"),
        ("theme", theme),
        ("language", language),
        ("scale", scale),
    ];
    hall.organizer.act("dress_screens", &look).await.map(drop)
}

/// Begins a rehearsal and has all screens show it.
pub(crate) async fn rehearses(hall: &Hall) -> Result<()> {
    hall.hall_act("begin_reveal", &[("by", "total"), ("rehearsal", "true")])
        .await?;
    shows(hall, "reveal", &[]).await
}

/// The number of the last step of the reveal under way.
pub(crate) async fn last_step(hall: &Hall) -> Result<u64> {
    let host = format!("/api/contests/{}/host/events", hall.contest);
    let told = hall.organizer.stream(&host).await?.view().await?;
    Ok(told["reveal"]["steps"].as_u64().context("steps")? - 1)
}

/// From now on it is counted how often anything of the page begins to glide: [`glided`].
pub(crate) async fn minds_gliding(window: &Window) -> Result<()> {
    let script = "window.glided = 0;
        const animate = Element.prototype.animate;
        Element.prototype.animate = function (...how) { window.glided += 1; return animate.apply(this, how); };";
    window.runs(script).await.map(drop)
}

pub(crate) async fn glided(window: &Window) -> Result<u64> {
    window
        .runs("return window.glided")
        .await?
        .as_u64()
        .context("a count")
}

/// From one step of the reveal to another.
pub(crate) async fn goes(hall: &Hall, from: u64, to: u64) -> Result<()> {
    let (from, to) = (from.to_string(), to.to_string());
    let fields = [("contest", &*hall.contest), ("from", &*from), ("to", &*to)];
    hall.organizer.act("go_reveal", &fields).await.map(drop)
}

/// Waits until that scene is drawn and nothing moves any more.
pub(crate) async fn settled(window: &Window, css: &str) -> Result<()> {
    window.sees(css).await?;
    until("the picture to rest", async || {
        // With the next frame everything has its size; texts have been fitted by the one after it.
        let moving = window
            .runs(
                "const frame = () => new Promise(requestAnimationFrame);
                 return frame().then(frame).then(() =>
                     document.getAnimations().filter((a) => a.playState === 'running').length);",
            )
            .await?;
        Ok((moving == 0).then_some(()))
    })
    .await
}

/// What a script finds wrong: its list, each line with where it was.
pub(crate) async fn wrong_by(
    window: &Window,
    script: &str,
    place: &str,
    wrong: &mut Vec<String>,
) -> Result<()> {
    let found = window.runs(script).await?;
    for what in found.as_array().context("a list")? {
        wrong.push(format!("{place}: {what}"));
    }
    Ok(())
}

/// Looks at the scene that is shown, in every size and look.
pub(crate) async fn looked(
    hall: &Hall,
    window: &Window,
    name: &str,
    css: &str,
    wrong: &mut Vec<String>,
) -> Result<()> {
    for look in LOOKS {
        dresses(hall, look).await?;
        looked_in(window, name, look, css, MEASURE, wrong).await?;
    }
    Ok(())
}

/// The same in one look, once it has it, measured by that script.
pub(crate) async fn looked_in(
    window: &Window,
    name: &str,
    (theme, language, scale): Look,
    css: &str,
    script: &str,
    wrong: &mut Vec<String>,
) -> Result<()> {
    let dressed = format!(".screen.theme-{theme}.scale-{scale}[lang={language}] {css}");
    for (width, height) in SIZES {
        window.is_sized(width, height).await?;
        settled(window, &dressed).await?;
        let place = format!("{name} {width}x{height} {theme} {language} {scale} %");
        wrong_by(window, script, &place, wrong).await?;
        if let Some(slow) = window.is_slow_to_lay_out().await? {
            wrong.push(format!("{place}: {slow}"));
        }
        let of_scale = if scale == "100" {
            String::new()
        } else {
            format!("-{scale}")
        };
        window
            .is_drawn(&format!("screen-{name}-{width}x{height}-{theme}{of_scale}"))
            .await?;
    }
    for violation in window.violations_on_a_wall().await? {
        wrong.push(format!("{name} {theme}: {violation}"));
    }
    Ok(())
}
