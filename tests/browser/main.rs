//! The product in a real browser.

mod driver;

use std::time::Duration;

use anyhow::Result;
use harness::{Engine, Hall};
use thirtyfour::prelude::*;

use driver::Driver;

#[tokio::test]
async fn the_front_door_takes_a_code() -> Result<()> {
    let hall = Hall::empty(Engine::Sqlite).await?;
    let driver = Driver::start().await?;
    let browser = driver.browser().await?;
    browser.goto(hall.url("/")).await?;
    browser
        .query(By::Css("form input[name=code]"))
        .wait(Duration::from_secs(20), Duration::from_millis(50))
        .first()
        .await?;
    browser.quit().await?;
    Ok(())
}
