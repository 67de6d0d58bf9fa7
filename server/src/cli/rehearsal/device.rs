//! A device that speaks HTTP like everybody's, and the pace of the person before it.

use std::time::Duration;

use rand::RngExt;
use reqwest::header::{ACCEPT, ORIGIN};
use reqwest::{Client, Response, StatusCode};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// How its browser names itself, and what lists of devices then show.
const AGENT: &str = "hoithi/rehearsal";
pub(super) const DEVICE: &str = "hoithi";
/// A request is tried again so often, as a tablet does.
pub(super) const TRIES: u32 = 20;

/// Between two looks at what others do.
const SHORTEST_LOOK: Duration = Duration::from_millis(20);

/// Why one gave up.
#[derive(Debug, thiserror::Error)]
pub(super) enum GaveUp {
    #[error(transparent)]
    Http(#[from] reqwest::Error),
    #[error("the house says {0}")]
    Refused(StatusCode),
    #[error("the house does not open the paper")]
    NoPaper,
}

/// One device with its cookies. Clones are tabs of it.
#[derive(Clone)]
pub(super) struct Device {
    client: Client,
    base: String,
}

impl Device {
    pub(super) fn new(base: &str) -> Result<Self, GaveUp> {
        let client = Client::builder()
            .cookie_store(true)
            .user_agent(AGENT)
            .redirect(reqwest::redirect::Policy::none())
            .build()?;
        Ok(Self {
            client,
            base: base.to_owned(),
        })
    }

    /// Enters by a personal code; `false` when a visitor has taken this one's place.
    pub(super) async fn enters(&self, code: &str) -> Result<bool, GaveUp> {
        match self.form("enter", &[("code", code)]).await?.status() {
            StatusCode::CONFLICT => Ok(false),
            status if is_refusal(status) => Err(GaveUp::Refused(status)),
            _ => Ok(true),
        }
    }

    /// Sends a form that must be taken.
    pub(super) async fn acts(&self, function: &str, fields: &[(&str, &str)]) -> Result<(), GaveUp> {
        match self.form(function, fields).await?.status() {
            status if is_refusal(status) => Err(GaveUp::Refused(status)),
            _ => Ok(()),
        }
    }

    async fn form(&self, function: &str, fields: &[(&str, &str)]) -> Result<Response, GaveUp> {
        let request = self
            .client
            .post(format!("{}/api/fn/{function}", self.base))
            .header(ORIGIN, &self.base)
            .header(ACCEPT, "application/json")
            .form(fields);
        Ok(request.send().await?)
    }

    pub(super) async fn reads<T: DeserializeOwned>(&self, path: &str) -> Result<T, GaveUp> {
        let answer = self.client.get(format!("{}{path}", self.base)).send().await?;
        if !answer.status().is_success() {
            return Err(GaveUp::Refused(answer.status()));
        }
        Ok(answer.json().await?)
    }

    /// Sends until the house has it, as a tablet does.
    pub(super) async fn posts(&self, path: &str, body: &impl Serialize) -> Result<Response, GaveUp> {
        let mut tries = 0;
        loop {
            let sent = self
                .client
                .post(format!("{}{path}", self.base))
                .header(ORIGIN, &self.base)
                .json(body)
                .send()
                .await;
            tries += 1;
            match sent {
                Ok(response) if !response.status().is_server_error() => return Ok(response),
                Ok(response) if tries >= TRIES => return Err(GaveUp::Refused(response.status())),
                Err(error) if tries >= TRIES => return Err(error.into()),
                _ => tokio::time::sleep(Duration::from_millis(500)).await,
            }
        }
    }
}

fn is_refusal(status: StatusCode) -> bool {
    status.is_client_error() || status.is_server_error()
}

/// How many times faster than people.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace(u32);

impl Pace {
    pub(super) fn new(speed: u32) -> Self {
        Self(speed.max(1))
    }

    /// A stretch of human time at this pace.
    pub(super) fn real(self, seconds: f64) -> Duration {
        Duration::from_secs_f64(seconds / f64::from(self.0))
    }

    /// Waits so many human seconds before looking again, but never so little that looking is all it does.
    pub(super) async fn looks_again(self, seconds: f64) {
        tokio::time::sleep(self.real(seconds).max(SHORTEST_LOOK)).await;
    }

    /// Waits between so many human seconds.
    pub(super) async fn pauses(self, least: f64, most: f64) {
        let seconds = rand::rng().random_range(least..most);
        tokio::time::sleep(self.real(seconds)).await;
    }
}
