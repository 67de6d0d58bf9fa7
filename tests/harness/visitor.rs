//! A browser without a face: one device with its cookies.

use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result, bail};
use reqwest::cookie::{CookieStore, Jar};
use reqwest::header::{ACCEPT, COOKIE, LOCATION, ORIGIN, REFERER};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode, Url, redirect};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::stream::Stream;

/// One device. Clones are tabs of it.
#[derive(Clone, Debug)]
pub struct Visitor {
    client: Client,
    jar: Arc<Jar>,
    base: String,
}

/// What the house answered.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: StatusCode,
    /// Where it sends the visitor.
    pub location: Option<String>,
    pub headers: reqwest::header::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    async fn of(response: Response) -> Result<Self> {
        let location = response.headers().get(LOCATION);
        Ok(Self {
            status: response.status(),
            location: location
                .map(|value| value.to_str().map(str::to_owned))
                .transpose()?,
            headers: response.headers().clone(),
            body: response.bytes().await?.to_vec(),
        })
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// # Errors
    /// When the body is not that.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).with_context(|| format!("{} {}", self.status, self.text()))
    }

    /// The word of the error, from a JSON body or from the query that a form's visitor is sent back with.
    pub fn error(&self) -> Option<String> {
        if let Ok(body) = serde_json::from_slice::<Value>(&self.body)
            && let Some(word) = body["error"].as_str()
        {
            return Some(word.to_owned());
        }
        None
    }

    /// This answer, if it is a success or a redirect without an error.
    ///
    /// # Errors
    /// Tells what it is instead.
    pub fn ok(self) -> Result<Self> {
        let sent_back = self.location.as_ref().is_some_and(|to| to.contains("__err="));
        if (self.status.is_success() || self.status.is_redirection()) && !sent_back {
            Ok(self)
        } else {
            bail!("{} {:?}: {}", self.status, self.location, self.text())
        }
    }
}

impl Visitor {
    /// A new device.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn new(base: &str) -> Result<Self> {
        let jar = Arc::new(Jar::default());
        let client = Client::builder()
            .cookie_provider(jar.clone())
            .redirect(redirect::Policy::none())
            .timeout(Duration::from_secs(60))
            .user_agent("Mozilla/5.0 (Linux; Android 13) Chrome/120.0 harness")
            .build()?;
        Ok(Self {
            client,
            jar,
            base: base.to_owned(),
        })
    }

    /// The same device at another node of the house (a load balancer has moved it).
    pub fn at(&self, base: &str) -> Self {
        Self {
            base: base.to_owned(),
            ..self.clone()
        }
    }

    pub fn base(&self) -> &str {
        &self.base
    }

    /// The full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The cookies as they would be sent.
    ///
    /// # Errors
    /// When the base is no address.
    pub fn cookies(&self) -> Result<String> {
        let url: Url = self.base.parse()?;
        let header = self.jar.cookies(&url);
        Ok(header
            .map(|value| value.to_str().map(str::to_owned))
            .transpose()?
            .unwrap_or_default())
    }

    /// A new device with exactly these cookies.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn with_cookies(base: &str, cookies: &str) -> Result<Self> {
        let visitor = Self::new(base)?;
        let url: Url = base.parse()?;
        for cookie in cookies.split("; ").filter(|cookie| !cookie.is_empty()) {
            visitor.jar.add_cookie_str(cookie, &url);
        }
        Ok(visitor)
    }

    /// A request as a page of this house would make it.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        if method.is_safe() {
            self.client.request(method, self.url(path))
        } else {
            self.request_from(&self.base, method, path)
        }
    }

    /// A request as a page of another house sends it.
    pub fn request_from(&self, origin: &str, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, self.url(path)).header(ORIGIN, origin)
    }

    /// # Errors
    /// When the house does not answer.
    pub async fn get(&self, path: &str) -> Result<Answer> {
        let request = self.request(Method::GET, path).header(ACCEPT, "*/*");
        Answer::of(request.send().await?).await
    }

    /// A page, as a browser asks for it; must be one.
    ///
    /// # Errors
    /// When it is not.
    pub async fn page(&self, path: &str) -> Result<String> {
        let request = self.request(Method::GET, path).header(ACCEPT, "text/html");
        Ok(Answer::of(request.send().await?)
            .await?
            .ok()
            .with_context(|| path.to_owned())?
            .text())
    }

    /// Opens a stream.
    ///
    /// # Errors
    /// When the answer is none.
    pub async fn stream(&self, path: &str) -> Result<Stream> {
        let request = self
            .request(Method::GET, path)
            .header(ACCEPT, "text/event-stream")
            .timeout(Duration::from_secs(600));
        Stream::of(request.send().await?).with_context(|| path.to_owned())
    }

    /// Calls a server function; the answer is taken as it comes.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn call(&self, function: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let request = self
            .request(Method::POST, &format!("/api/fn/{function}"))
            .header(ACCEPT, "application/json")
            .form(fields);
        Answer::of(request.send().await?)
            .await
            .with_context(|| function.to_owned())
    }

    /// Calls a server function that must succeed.
    ///
    /// # Errors
    /// When it does not.
    pub async fn act(&self, function: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        self.call(function, fields)
            .await?
            .ok()
            .with_context(|| function.to_owned())
    }

    /// The same as a plain form on the page `from`, without any script.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn form(&self, from: &str, function: &str, fields: &[(&str, &str)]) -> Result<Answer> {
        let request = self
            .request(Method::POST, &format!("/api/fn/{function}"))
            .header(ACCEPT, "text/html,application/xhtml+xml")
            .header(REFERER, self.url(from))
            .form(fields);
        Answer::of(request.send().await?).await
    }

    /// Posts JSON to a machine route.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn post(&self, path: &str, body: &impl Serialize) -> Result<Answer> {
        let request = self.request(Method::POST, path).json(body);
        Answer::of(request.send().await?).await
    }

    /// Uploads a file by a server function.
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn upload(
        &self,
        function: &str,
        fields: &[(&str, &str)],
        name: &str,
        bytes: Vec<u8>,
    ) -> Result<Answer> {
        let mut form = reqwest::multipart::Form::new();
        for (field, value) in fields {
            form = form.text((*field).to_owned(), (*value).to_owned());
        }
        let file = reqwest::multipart::Part::bytes(bytes).file_name(name.to_owned());
        let request = self
            .request(Method::POST, &format!("/api/fn/{function}"))
            .header(ACCEPT, "application/json")
            .multipart(form.part("file", file));
        Answer::of(request.send().await?).await
    }

    /// Sends a request made by [`Self::request`].
    ///
    /// # Errors
    /// When the house does not answer.
    pub async fn send(&self, request: RequestBuilder) -> Result<Answer> {
        Answer::of(request.send().await?).await
    }

    /// A raw request with these cookies and nothing that the client would add of its own.
    pub fn bare(&self, method: Method, path: &str) -> RequestBuilder {
        let request = Client::new().request(method, self.url(path));
        match self.cookies() {
            Ok(cookies) if !cookies.is_empty() => request.header(COOKIE, cookies),
            _ => request,
        }
    }
}
