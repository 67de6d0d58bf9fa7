//! One browser window, in a reader's verbs. Every look waits for what it looks for.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use harness::until;
use serde_json::{Value, json};
use thirtyfour::prelude::*;

/// How long something may take to appear on a slow machine.
const PATIENCE: Duration = Duration::from_secs(40);
const GLANCE: Duration = Duration::from_millis(50);

/// Does it anew as long as the page is drawn anew, or left for another, under the hand. None of these is said of what
/// was done already.
async fn on_a_still_page<T>(what: &str, act: impl AsyncFn() -> Result<T>) -> Result<T> {
    const MOVED: [&str; 5] = [
        "stale element",
        "does not belong to the document",
        "No node with given id",
        "click intercepted",
        "not interactable",
    ];
    until(what, async || match act().await {
        Err(error) if MOVED.iter().any(|moved| error.to_string().contains(moved)) => Ok(None),
        done => done.map(Some),
    })
    .await
}

/// A key that is struck.
#[derive(Clone, Copy)]
pub(crate) struct Stroke {
    key: &'static str,
    /// What is held down meanwhile, as the protocol counts it.
    held: u8,
    /// It has been down for a while.
    again: bool,
}

impl Stroke {
    pub(crate) const ALT: u8 = 1;
    pub(crate) const CTRL: u8 = 2;
    pub(crate) const SYSTEM: u8 = 4;

    pub(crate) const fn of(key: &'static str) -> Self {
        Self {
            key,
            held: 0,
            again: false,
        }
    }

    pub(crate) const fn with(self, held: u8) -> Self {
        Self { held, ..self }
    }

    pub(crate) fn is(self, other: Self) -> bool {
        self.key == other.key
    }

    pub(crate) const fn again(self) -> Self {
        Self { again: true, ..self }
    }
}

/// A browser on a device of its own.
pub(crate) struct Window {
    browser: WebDriver,
    base: String,
}

impl Window {
    pub(crate) fn new(browser: WebDriver, base: &str) -> Self {
        Self {
            browser,
            base: base.to_owned(),
        }
    }

    /// Goes to a path of the house.
    pub(crate) async fn goes_to(&self, path: &str) -> Result<()> {
        Ok(self.browser.goto(format!("{}{path}", self.base)).await?)
    }

    /// The path it is at.
    pub(crate) async fn path(&self) -> Result<String> {
        let url = self.browser.current_url().await?;
        Ok(url.path().to_owned())
    }

    /// Waits until it is at a path that `is` holds for.
    pub(crate) async fn arrives(&self, what: &str, is: impl Fn(&str) -> bool) -> Result<String> {
        until(
            what,
            async || Ok(Some(self.path().await?).filter(|path| is(path))),
        )
        .await
    }

    /// The first of these, as soon as it is there and shown.
    pub(crate) async fn sees(&self, css: &str) -> Result<WebElement> {
        match on_a_still_page(css, async || Ok(self.displayed(css).await?)).await {
            Ok(element) => Ok(element),
            Err(error) => {
                let text = self.body().await.unwrap_or_default();
                bail!(
                    "{css} is not to be seen at {}: {error}\n{text}",
                    self.path().await?
                )
            }
        }
    }

    async fn displayed(&self, css: &str) -> WebDriverResult<WebElement> {
        let found = self.browser.query(By::Css(css)).wait(PATIENCE, GLANCE);
        found.and_displayed().first().await
    }

    /// How many of these there are now.
    pub(crate) async fn count(&self, css: &str) -> Result<usize> {
        Ok(self.browser.find_all(By::Css(css)).await?.len())
    }

    /// All words of the page.
    pub(crate) async fn body(&self) -> Result<String> {
        let words = async || Ok(self.browser.find(By::Css("body")).await?.text().await?);
        on_a_still_page("body", words).await
    }

    /// Waits until the words of the first of these are so.
    pub(crate) async fn reads(&self, css: &str, is: impl Fn(&str) -> bool) -> Result<String> {
        let mut last = String::new();
        let found = until(css, async || {
            // Between two pages there is nothing to read.
            if let Ok(element) = self.browser.find(By::Css(css)).await
                && let Ok(text) = element.text().await
            {
                last.clone_from(&text);
                return Ok(Some(text).filter(|text| is(text)));
            }
            Ok(None)
        })
        .await;
        match found {
            Ok(text) => Ok(text),
            Err(error) => bail!("{error}; it reads {last:?} at {}", self.path().await?),
        }
    }

    /// Presses the first of these.
    pub(crate) async fn presses(&self, css: &str) -> Result<()> {
        let press = async || {
            let element = self.sees(css).await?;
            element.scroll_into_view().await?;
            Ok(element.click().await?)
        };
        on_a_still_page(css, press)
            .await
            .with_context(|| format!("pressing {css}"))
    }

    /// Waits until its page is another than the one in which `window.old` was set.
    pub(crate) async fn is_anew(&self) -> Result<()> {
        until("the page to be a new one", async || {
            // Between two pages there is none to ask.
            let anew = self.runs("return window.old === undefined").await;
            Ok(anew.is_ok_and(|anew| anew == true).then_some(()))
        })
        .await
    }

    /// Makes everything that moves so many times as quick.
    pub(crate) async fn moves_at(&self, rate: f64) -> Result<()> {
        let cdp = self.browser.cdp();
        cdp.send_raw("Animation.enable", json!({})).await?;
        cdp.send_raw("Animation.setPlaybackRate", json!({ "playbackRate": rate }))
            .await?;
        Ok(())
    }

    /// Waits until the same act again is meant: so soon after it, it would be the echo of a double click.
    pub(crate) async fn hears_again(&self) -> Result<()> {
        self.sees(":is(.hall-desk, .host-live):not([data-echo])")
            .await
            .map(drop)
    }

    /// Types into a field.
    pub(crate) async fn types(&self, css: &str, text: &str) -> Result<()> {
        let field = on_a_still_page(css, async || {
            let field = self.sees(css).await?;
            field.clear().await?;
            Ok(field)
        });
        Ok(field.await?.send_keys(text).await?)
    }

    /// Chooses a file.
    pub(crate) async fn chooses_file(&self, css: &str, file: &str) -> Result<()> {
        let field = self
            .browser
            .query(By::Css(css))
            .wait(PATIENCE, GLANCE)
            .first()
            .await?;
        Ok(field.send_keys(file).await?)
    }

    /// Strikes a key of the keyboard or of a clicker, with whatever has the focus, as fingers do.
    pub(crate) async fn strikes(&self, stroke: Stroke) -> Result<()> {
        let (text, code, number) = match stroke.key {
            "PageUp" => ("", "PageUp", 33),
            "PageDown" => ("", "PageDown", 34),
            "ArrowLeft" => ("", "ArrowLeft", 37),
            "ArrowRight" => ("", "ArrowRight", 39),
            " " => (" ", "Space", 32),
            "." => (".", "Period", 190),
            "b" => ("b", "KeyB", 66),
            other => bail!("no finger knows {other:?}"),
        };
        // With Ctrl, Alt or the system's key no letter is written.
        let text = if stroke.held == 0 { text } else { "" };
        let cdp = self.browser.cdp();
        for kind in ["keyDown", "keyUp"] {
            let event = json!({
                "type": if kind == "keyDown" && text.is_empty() { "rawKeyDown" } else { kind },
                "key": stroke.key,
                "code": code,
                "windowsVirtualKeyCode": number,
                "text": if kind == "keyDown" { text } else { "" },
                "modifiers": stroke.held,
                "autoRepeat": stroke.again,
            });
            cdp.send_raw("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Lets an input method write `text` into the field that has the focus, not yet for good.
    pub(crate) async fn composes(&self, text: &str) -> Result<()> {
        let end = text.chars().count();
        let composition = json!({ "text": text, "selectionStart": end, "selectionEnd": end });
        self.browser
            .cdp()
            .send_raw("Input.imeSetComposition", composition)
            .await?;
        Ok(())
    }

    /// From now on it keeps in mind what its page posts to the house.
    pub(crate) async fn minds_acts(&self) -> Result<()> {
        let script = "const real = window.fetch;
             window.acts = [];
             window.fetch = (request, ...of) => {
                 if ((request.method ?? of[0]?.method) === 'POST')
                     window.acts.push(new URL(request.url ?? request, location).pathname.split('/').pop());
                 return real.call(window, request, ...of);
             };";
        self.runs(script).await.map(drop)
    }

    /// What its page has posted since.
    pub(crate) async fn acts(&self) -> Result<Vec<String>> {
        Ok(serde_json::from_value(self.runs("return window.acts").await?)?)
    }

    /// What a script says.
    pub(crate) async fn runs(&self, script: &str) -> Result<Value> {
        Ok(self.browser.execute(script, vec![]).await?.json().clone())
    }

    /// Pulls the network out, or puts it back.
    pub(crate) async fn is_offline(&self, offline: bool) -> Result<()> {
        let cdp = self.browser.cdp();
        cdp.send_raw("Network.enable", json!({})).await?;
        let conditions =
            json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        cdp.send_raw("Network.emulateNetworkConditions", conditions)
            .await?;
        Ok(())
    }

    /// From now on nothing that its pages send to that path arrives, also after a reload; everything else does.
    /// (What the browser itself blocks, it lets through in the moment of a reload.)
    pub(crate) async fn loses(&self, path: &str) -> Result<()> {
        let script = format!(
            "if (!window.loses) {{
                 const real = window.fetch;
                 window.loses = true;
                 window.fetch = (request, ...of) =>
                     sessionStorage.getItem('loses') && new URL(request.url ?? request, location).pathname === '{path}'
                         ? Promise.reject(new TypeError('lost')) : real.call(window, request, ...of);
             }}"
        );
        self.begins_pages_with(&script).await?;
        self.runs(&format!("{script}; sessionStorage.setItem('loses', 1)"))
            .await
            .map(drop)
    }

    /// All arrives again.
    pub(crate) async fn loses_nothing(&self) -> Result<()> {
        self.runs("sessionStorage.removeItem('loses')").await.map(drop)
    }

    /// Runs a script at the beginning of every page that it goes to from now on.
    pub(crate) async fn begins_pages_with(&self, script: &str) -> Result<()> {
        self.browser
            .cdp()
            .send_raw(
                "Page.addScriptToEvaluateOnNewDocument",
                json!({ "source": script }),
            )
            .await?;
        Ok(())
    }

    /// Sets the clock that its pages see.
    pub(crate) async fn has_a_clock_wrong_by(&self, millis: i64) -> Result<()> {
        let script = format!(
            "(() => {{
                 const Real = Date;
                 window.Date = class extends Real {{
                     constructor(...of) {{ if (of.length) super(...of); else super(Real.now() + {millis}); }}
                     static now() {{ return Real.now() + {millis}; }}
                 }};
             }})();"
        );
        self.begins_pages_with(&script).await
    }

    /// Opens one more tab of the same browser and turns to it.
    pub(crate) async fn opens_tab(&self) -> Result<()> {
        let tab = self.browser.new_tab().await?;
        Ok(self.browser.switch_to_window(tab).await?)
    }

    /// Turns to a tab by the order in which they were opened.
    pub(crate) async fn turns_to_tab(&self, n: usize) -> Result<()> {
        let tabs = self.browser.windows().await?;
        let tab = tabs.get(n).context("such a tab")?.clone();
        Ok(self.browser.switch_to_window(tab).await?)
    }

    /// Whether the first of these is shown now. Asked of the page in one breath: nothing is drawn anew meanwhile.
    pub(crate) async fn shows(&self, css: &str) -> Result<bool> {
        let shown = self
            .runs(&format!(
                "return document.querySelector({})?.checkVisibility({{ visibilityProperty: true }}) ?? false",
                json!(css)
            ))
            .await?;
        Ok(shown == true)
    }

    /// Switches the scripts of pages off, for good. What this window runs itself still runs.
    pub(crate) async fn has_no_scripts(&self) -> Result<()> {
        self.browser
            .cdp()
            .send_raw("Emulation.setScriptExecutionDisabled", json!({ "value": true }))
            .await?;
        // Told by a page that would say otherwise.
        self.browser
            .goto("data:text/html,<title>off</title><script>document.title='on'</script>")
            .await?;
        let title = self.browser.title().await?;
        anyhow::ensure!(title == "off", "scripts run: {title}");
        Ok(())
    }

    /// Prints the page to `target/screenshots`, for people to look at.
    pub(crate) async fn is_printed(&self, name: &str) -> Result<()> {
        let options = json!({ "preferCSSPageSize": true, "printBackground": false });
        let printed = self.browser.cdp().send_raw("Page.printToPDF", options).await?;
        let data = printed["data"].as_str().context("a printed page")?;
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder)?;
        let bytes = data_encoding::BASE64.decode(data.as_bytes())?;
        Ok(std::fs::write(folder.join(format!("{name}.pdf")), bytes)?)
    }

    /// Makes the window so large.
    pub(crate) async fn is_sized(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.browser
            .cdp()
            .send_raw("Emulation.setDeviceMetricsOverride", metrics)
            .await?;
        Ok(())
    }

    /// Keeps a picture of the window in `target/screenshots`, for people to look at.
    pub(crate) async fn is_drawn(&self, name: &str) -> Result<()> {
        let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder)?;
        Ok(self
            .browser
            .screenshot(&folder.join(format!("{name}.png")))
            .await?)
    }

    /// Makes its processor so many times slower.
    pub(crate) async fn slows_down(&self, times: u32) -> Result<()> {
        let rate = json!({ "rate": times });
        self.browser
            .cdp()
            .send_raw("Emulation.setCPUThrottlingRate", rate)
            .await?;
        Ok(())
    }

    /// Whoever looks at it minds motion.
    pub(crate) async fn minds_motion(&self) -> Result<()> {
        let wish = json!({ "features": [{ "name": "prefers-reduced-motion", "value": "reduce" }] });
        self.browser
            .cdp()
            .send_raw("Emulation.setEmulatedMedia", wish)
            .await?;
        Ok(())
    }

    /// Whether it takes long to lay the page out anew, as with every change of what stands in it: boxes within boxes
    /// may be measured thousands of times. The quickest of several tries counts, since others use the machine too.
    pub(crate) async fn is_slow_to_lay_out(&self) -> Result<Option<String>> {
        const BAR: f64 = 150.0;
        let script = "const page = document.querySelector('.screen-page') ?? document.body;
             const took = [1, 2, 3].map((n) => {
                 const begun = performance.now();
                 page.style.setProperty('width', `calc(100% - ${n}px)`);
                 page.getBoundingClientRect();
                 return performance.now() - begun;
             });
             page.style.removeProperty('width');
             return Math.min(...took);";
        let mut took = f64::INFINITY;
        for _ in 0..5 {
            took = took.min(self.runs(script).await?.as_f64().context("milliseconds")?);
            if took <= BAR {
                return Ok(None);
            }
        }
        Ok(Some(format!("it takes {took:.0} ms to lay it out")))
    }

    /// What axe-core finds that is serious or critical on this page.
    pub(crate) async fn violations(&self) -> Result<Vec<String>> {
        self.found("{}").await
    }

    /// The same for a wall, whose contrast must reach 7:1 (AAA).
    pub(crate) async fn violations_on_a_wall(&self) -> Result<Vec<String>> {
        self.found("{ 'color-contrast-enhanced': { enabled: true } }")
            .await
    }

    async fn found(&self, rules: &str) -> Result<Vec<String>> {
        let script = std::env::var("HOITHI_TEST_AXE")
            .context("HOITHI_TEST_AXE names no axe.min.js: run `cargo xtask test`, which fetches it")?;
        let script = std::fs::read_to_string(&script).with_context(|| script.clone())?;
        self.browser.execute(script, vec![]).await?;
        let found = self
            .browser
            .execute_async(
                format!(
                    "const done = arguments[arguments.length - 1];
                     axe.run(document, {{ resultTypes: ['violations'], rules: {rules} }}).then(
                         (result) => done(result.violations),
                         (error) => done([{{ id: String(error), impact: 'critical', nodes: [] }}]));"
                ),
                vec![],
            )
            .await?;
        let violations = found.json().as_array().context("axe gives a list")?.clone();
        Ok(violations
            .iter()
            .filter(|violation| matches!(violation["impact"].as_str(), Some("serious" | "critical")))
            .map(|violation| {
                let nodes = violation["nodes"]
                    .as_array()
                    .map(Vec::as_slice)
                    .unwrap_or_default();
                let places: Vec<String> = nodes
                    .iter()
                    .take(4)
                    .map(|node| format!("{} {}", node["target"], node["failureSummary"]))
                    .collect();
                format!(
                    "{} ({}): {}",
                    violation["id"],
                    violation["impact"],
                    places.join(" | ")
                )
            })
            .collect())
    }

    pub(crate) async fn closes(self) -> Result<()> {
        Ok(self.browser.quit().await?)
    }
}
