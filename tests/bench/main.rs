//! The budgets of DESIGN, measured as ratios in one run on the same machine.

use std::time::Instant;

use anyhow::Result;
use harness::House;
use hdrhistogram::Histogram;

#[tokio::main]
#[allow(clippy::print_stdout, reason = "the figures are the output")]
async fn main() -> Result<()> {
    let house = House::open().await?;
    let browser = reqwest::Client::new();
    let mut micros = Histogram::<u64>::new(3)?;
    for _ in 0..1000 {
        let start = Instant::now();
        browser.get(house.url("/")).send().await?.bytes().await?;
        micros.record(u64::try_from(start.elapsed().as_micros())?)?;
    }
    println!(
        "front page: median {} µs, p99 {} µs",
        micros.value_at_quantile(0.5),
        micros.value_at_quantile(0.99)
    );
    house.close().await
}
