//! The product in a real browser.

mod driver;

use std::time::Duration;

use anyhow::Result;
use harness::House;
use thirtyfour::prelude::*;

use driver::Driver;

#[tokio::test]
async fn an_island_comes_alive() -> Result<()> {
    let house = House::open().await?;
    let driver = Driver::start().await?;
    let browser = driver.browser().await?;
    browser.goto(house.url("/")).await?;
    browser
        .query(By::Css(".counter[data-live]"))
        .wait(Duration::from_secs(20), Duration::from_millis(50))
        .first()
        .await?;
    browser.find(By::Css(".counter button")).await?.click().await?;
    let shown = browser.find(By::Css(".counter output")).await?.text().await?;
    assert_eq!(shown, "Đã bấm 4 lần");
    browser.quit().await?;
    house.close().await
}
