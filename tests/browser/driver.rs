//! The browsers of the tests.

use anyhow::Result;
use harness::Hall;
use harness::chrome::Chrome;
use tokio::sync::{Mutex, MutexGuard};

use crate::window::Window;

/// A test has up to four browsers: two tests at once are more than a small machine bears.
static ONE_TEST_AT_A_TIME: Mutex<()> = Mutex::const_new(());

/// A running chromedriver in whose turn no other test has one.
pub(crate) struct Driver {
    chrome: Chrome,
    _turn: MutexGuard<'static, ()>,
}

impl Driver {
    /// Waits for its turn and starts chromedriver.
    pub(crate) async fn start() -> Result<Self> {
        let turn = ONE_TEST_AT_A_TIME.lock().await;
        Ok(Self {
            chrome: Chrome::start().await?,
            _turn: turn,
        })
    }

    /// A new browser on a device of its own, looking at the hall's house.
    pub(crate) async fn window(&self, hall: &Hall) -> Result<Window> {
        self.window_with(hall, &[]).await
    }

    /// The same with further arguments for Chromium.
    pub(crate) async fn window_with(&self, hall: &Hall, more: &[&str]) -> Result<Window> {
        Ok(Window::new(self.chrome.browser(more).await?, hall.base()))
    }

    /// The same, looking at a house somewhere else.
    pub(crate) async fn window_at(&self, base: &str) -> Result<Window> {
        Ok(Window::new(self.chrome.browser(&[]).await?, base))
    }
}
