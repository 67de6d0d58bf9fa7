//! A lean HTTP/1.1 client: the generator shares two cores with the house, so it must cost little.

use anyhow::{Context, Result, bail};
use std::net::SocketAddr;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// One kept-alive connection.
pub struct Wire {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer: its status and where its body stands in the connection's buffer.
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body, chunks joined.
    pub body: Vec<u8>,
    /// What it asks the browser to keep, ready to be sent back.
    pub cookies: Vec<String>,
    /// The named fields that some measurements ask for.
    pub location: Option<String>,
}

impl Wire {
    /// Connects.
    pub async fn to(addr: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(addr).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(8192),
        })
    }

    /// Sends a ready-made request and reads the whole answer.
    pub async fn ask(&mut self, request: &[u8]) -> Result<Reply> {
        self.stream.write_all(request).await?;
        self.buffer.clear();
        let head = self.read_head().await?;
        let text = std::str::from_utf8(&self.buffer[..head])?;
        let status = text
            .get(9..12)
            .and_then(|s| s.parse().ok())
            .context("no status line")?;
        let field = |name: &str| {
            text.lines().find_map(|line| {
                let (key, value) = line.split_once(':')?;
                key.eq_ignore_ascii_case(name).then(|| value.trim().to_owned())
            })
        };
        let length = field("content-length").and_then(|value| value.parse::<usize>().ok());
        let chunked = field("transfer-encoding").is_some_and(|value| value.contains("chunked"));
        let kept = text.lines().filter_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case("set-cookie")
                .then(|| value.split(';').next().unwrap_or("").trim().to_owned())
        });
        let (cookies, location) = (kept.collect(), field("location"));
        let body = match length {
            Some(length) => {
                self.fill(head + length).await?;
                self.buffer[head..head + length].to_vec()
            }
            None if chunked => self.read_chunks(head).await?,
            None => vec![],
        };
        Ok(Reply {
            status,
            body,
            cookies,
            location,
        })
    }

    /// Sends a request for an event stream and hands over the connection after the answer's head,
    /// with what has been read behind it.
    pub async fn listen(mut self, request: &[u8]) -> Result<(TcpStream, Vec<u8>)> {
        self.stream.write_all(request).await?;
        let head = self.read_head().await?;
        if !self.buffer.starts_with(b"HTTP/1.1 200") {
            bail!("no stream: {}", String::from_utf8_lossy(&self.buffer[..head]));
        }
        let rest = self.buffer.split_off(head);
        Ok((self.stream, rest))
    }

    async fn more(&mut self) -> Result<()> {
        if self.stream.read_buf(&mut self.buffer).await? == 0 {
            bail!("the house hung up");
        }
        Ok(())
    }

    async fn fill(&mut self, length: usize) -> Result<()> {
        while self.buffer.len() < length {
            self.more().await?;
        }
        Ok(())
    }

    async fn read_head(&mut self) -> Result<usize> {
        loop {
            if let Some(at) = find(&self.buffer, b"\r\n\r\n") {
                return Ok(at + 4);
            }
            self.more().await?;
        }
    }

    async fn read_chunks(&mut self, mut at: usize) -> Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            let line = loop {
                match find(&self.buffer[at..], b"\r\n") {
                    Some(end) => break at + end,
                    None => self.more().await?,
                }
            };
            let size = usize::from_str_radix(std::str::from_utf8(&self.buffer[at..line])?.trim(), 16)?;
            at = line + 2;
            self.fill(at + size + 2).await?;
            body.extend_from_slice(&self.buffer[at..at + size]);
            at += size + 2;
            if size == 0 {
                return Ok(body);
            }
        }
    }
}

/// Where `needle` begins in `hay`.
pub fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    hay.windows(needle.len()).position(|window| window == needle)
}

/// A GET as a signed-in visitor sends it.
pub fn get(path: &str, cookie: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: hoithi\r\ncookie: {cookie}\r\n\r\n").into_bytes()
}

/// A form as a page of the house posts it.
pub fn form(addr: SocketAddr, path: &str, fields: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\naccept: text/html\r\n\
         content-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{fields}",
        fields.len()
    )
    .into_bytes()
}

/// A POST of JSON from the house's own page.
pub fn post(addr: SocketAddr, path: &str, cookie: &str, json: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: {addr}\r\norigin: http://{addr}\r\ncookie: {cookie}\r\n\
         content-type: application/json\r\ncontent-length: {}\r\n\r\n{json}",
        json.len()
    )
    .into_bytes()
}
