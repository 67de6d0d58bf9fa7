//! Whoever is taken off the committee hears nothing more of it, on streams that he had open too.

use anyhow::{Context, Result};
use harness::stream::Stream;
use harness::{Engine, Hall};

/// One heartbeat came with the first view; another comes only from a stream that lives.
async fn goes_on(stream: &mut Stream) -> Result<()> {
    for _ in 0..2 {
        stream.next().await?.context("the stream has ended")?;
    }
    Ok(())
}

#[tokio::test]
async fn a_removed_organizers_streams_end() -> Result<()> {
    let hall = Hall::with_open_exam(Engine::Sqlite).await?;
    let name = "Nguyễn Thị Mai";
    let second = hall.another_organizer(name).await?;
    let user: i64 = sqlx::query_scalar("SELECT id FROM account WHERE name = $1")
        .bind(name)
        .fetch_one(&mut hall.database.connect().await?)
        .await?;
    let user = user.to_string();
    let fields = [("contest", &*hall.contest), ("user", &*user)];
    hall.organizer.act("add_organizer", &fields).await?;
    let contest = &hall.contest;
    let mut streams = Vec::new();
    for path in [
        format!("/api/contests/{contest}/staff/events"),
        format!("/api/contests/{contest}/hall/events"),
        format!("/api/contests/{contest}/host/events"),
        format!("/api/contests/{contest}/board/events"),
        format!("/api/cham/events?contest={contest}"),
    ] {
        let mut theirs = second.stream(&path).await?;
        theirs.view().await.with_context(|| path.clone())?;
        let mut own = hall.organizer.stream(&path).await?;
        own.view().await?;
        streams.push((path, theirs, own));
    }
    // What everybody may see he may go on seeing.
    let public = format!("/api/contests/{contest}/board/events?public=1");
    let mut public = second.stream(&public).await?;
    public.view().await?;

    hall.organizer.act("remove_organizer", &fields).await?;
    for (path, mut theirs, mut own) in streams {
        let heard = theirs.bytes.len();
        theirs.end().await.with_context(|| path.clone())?;
        let rest = String::from_utf8_lossy(&theirs.bytes[heard..]).into_owned();
        assert!(!rest.contains("event: view"), "{path}: {rest}");
        goes_on(&mut own)
            .await
            .with_context(|| format!("{path} of who stays"))?;
    }
    goes_on(&mut public).await.context("the public's board")?;
    Ok(())
}
