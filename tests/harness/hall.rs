//! A hall: a house, its database and clock, an organizer, and everybody who comes to the contest.

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use contest::actor::Role;
use contest::ledger::{Sealed, replay};
use contest::{ContestId, Digest};
use serde_json::Value;
use server::clock::{Clock, ShiftedClock};
use server::{Config, Site};
use sqlx::AnyConnection;
use sqlx::Row;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::engine::{Database, Engine, apart, connect};
use crate::files::{Bank, Team, teams, teams_csv};
use crate::stream::Stream;
use crate::tablet::{Book, Tablet};
use crate::visitor::{Answer, Visitor};
use crate::wait::until;

/// The password of every organizer of a test.
pub const PASSWORD: &str = "mat-khau-rat-dai";
/// The exam round of the template G1.
pub const ROUND: &str = "1";

/// One server in this process.
#[derive(Debug)]
struct Node {
    base: String,
    stop: CancellationToken,
    serving: Option<JoinHandle<()>>,
}

impl Node {
    async fn start(database: &Database, clock: &Arc<ShiftedClock>) -> Result<(Self, Option<String>)> {
        let site = Site::build(Config {
            clock: clock.clone(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            ..Config::local(database.url())
        })
        .await?;
        let first = site.house().first_link();
        let (base, stop) = (format!("http://{}", site.addr()), site.stop_token());
        let serving = tokio::spawn(site.run_until_stopped());
        let node = Self {
            base,
            stop,
            serving: Some(serving),
        };
        Ok((node, first))
    }
}

/// Somebody with a personal code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pass {
    pub person: i64,
    pub name: String,
    pub sbd: String,
    pub team: Option<i64>,
    pub code: String,
}

/// A hall. When it is dropped, every ledger must verify and every acknowledged answer must be there.
#[derive(Debug)]
pub struct Hall {
    nodes: Vec<Node>,
    pub database: Database,
    pub clock: Arc<ShiftedClock>,
    pub organizer: Visitor,
    /// The contest that the verbs speak of.
    pub contest: String,
    pub bank: Bank,
    pub teams: Vec<Team>,
    pub book: Book,
    /// Whether the test has broken the ledger on purpose.
    broken: bool,
}

impl Hall {
    /// A house with an organizer and nothing else.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn empty(engine: Engine) -> Result<Self> {
        let database = Database::new(engine).await?;
        let clock = Arc::new(ShiftedClock::default());
        let (node, first) = Node::start(&database, &clock).await?;
        let organizer = Visitor::new(&node.base)?;
        let link = first.context("an empty house has a first link")?;
        let token = link.rsplit('/').next().unwrap_or_default();
        let fields = [("token", token), ("name", "ban-to-chuc"), ("password", PASSWORD)];
        organizer.act("claim_first", &fields).await?;
        Ok(Self {
            nodes: vec![node],
            database,
            clock,
            organizer,
            contest: String::new(),
            bank: Bank::of(40),
            teams: teams(3, 2),
            book: Book::default(),
            broken: false,
        })
    }

    /// A contest by the rules G1 (30 questions, 30 minutes, 30 points, the mean of the members) with three
    /// teams of two and a bank of forty questions.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn with_contest(engine: Engine) -> Result<Self> {
        let mut hall = Self::empty(engine).await?;
        hall.creates("Hội thi Dân vận khéo").await?;
        hall.imports_teams().await?;
        hall.imports_questions().await?;
        Ok(hall)
    }

    /// The same with the exam open.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn with_open_exam(engine: Engine) -> Result<Self> {
        let hall = Self::with_contest(engine).await?;
        hall.prepares().await?;
        hall.opens().await?;
        Ok(hall)
    }

    // --- nodes ------------------------------------------------------------------------------------

    /// Where the house is reached.
    pub fn base(&self) -> &str {
        &self.nodes[0].base
    }

    /// Opens one more server on the same database and says where it is reached.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn another_node(&mut self) -> Result<String> {
        let (node, _) = Node::start(&self.database, &self.clock).await?;
        let base = node.base.clone();
        self.nodes.push(node);
        Ok(base)
    }

    /// Stops all servers and starts one again.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub async fn restarts(&mut self) -> Result<()> {
        self.stops().await?;
        let (node, _) = Node::start(&self.database, &self.clock).await?;
        self.organizer = self.organizer.at(&node.base);
        self.nodes.push(node);
        Ok(())
    }

    /// Stops all servers; the database stays.
    ///
    /// # Errors
    /// When serving had failed.
    pub async fn stops(&mut self) -> Result<()> {
        for mut node in self.nodes.drain(..) {
            node.stop.cancel();
            if let Some(serving) = node.serving.take() {
                serving.await?;
            }
        }
        Ok(())
    }

    /// The full address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base())
    }

    /// Somebody with the address and nothing else.
    ///
    /// # Errors
    /// When no client can be made.
    pub fn passer_by(&self) -> Result<Visitor> {
        Visitor::new(self.base())
    }

    // --- the clock ----------------------------------------------------------------------------------

    /// The house's time.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// So many minutes go by at once.
    pub fn passes(&self, minutes: i64) {
        self.clock.advance(minutes * 60_000);
    }

    /// So many seconds go by at once.
    pub fn passes_seconds(&self, seconds: i64) {
        self.clock.advance(seconds * 1000);
    }

    // --- the organizer ------------------------------------------------------------------------------

    /// Creates a contest by the rules G1; the verbs speak of it from now on.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn creates(&mut self, name: &str) -> Result<String> {
        let fields = [
            ("name", name),
            ("hosts", "Ban Dân vận Huyện ủy"),
            ("place", "Hội trường huyện"),
            ("starts_at", ""),
            ("template", "G1"),
        ];
        let answer = self.organizer.act("create_contest", &fields).await?;
        let page = answer.location.context("sent to the new contest")?;
        let id = page.trim_start_matches("/hoi-thi/");
        self.contest = id.split(['/', '?']).next().unwrap_or_default().to_owned();
        Ok(self.contest.clone())
    }

    /// Another organizer with an account of his own, signed in.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn another_organizer(&self, name: &str) -> Result<Visitor> {
        let account = [("name", name), ("password", PASSWORD)];
        self.organizer.act("add_account", &account).await?;
        let visitor = Visitor::new(self.base())?;
        visitor.act("sign_in", &account).await?;
        Ok(visitor)
    }

    /// Leaves only the exam in the rules: the contest is over when it is published.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn has_only_the_exam(&self) -> Result<()> {
        self.has_only_the_exam_with(&[]).await
    }

    /// The same with more in the rules: prizes, say.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn has_only_the_exam_with(&self, more: &[(&str, &str)]) -> Result<()> {
        self.sets_exams(&["Trắc nghiệm"], more).await
    }

    /// Leaves only the exam in the rules and adds a second one. Answers with its number.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn has_two_exams(&self) -> Result<String> {
        self.sets_exams(&["Trắc nghiệm", "Trắc nghiệm vòng 2"], &[])
            .await?;
        Ok(self.board().await?["rounds"][1]["id"].to_string())
    }

    async fn sets_exams(&self, names: &[&str], more: &[(&str, &str)]) -> Result<()> {
        let seq: i64 = sqlx::query_scalar("SELECT MAX(seq) FROM entry WHERE contest = $1")
            .bind(&self.contest)
            .fetch_one(&mut self.database.connect().await?)
            .await?;
        let seq = seq.to_string();
        let rules = [
            ("contest", &*self.contest),
            ("seq", &*seq),
            ("competitor", "team"),
            ("rounding", "0,01"),
        ];
        let rules = rules.iter().chain(more);
        let mut fields: Vec<(String, String)> = rules.map(|(k, v)| ((*k).into(), (*v).into())).collect();
        for (n, name) in names.iter().enumerate() {
            let (id, order) = (if n == 0 { ROUND } else { "0" }, (n + 1).to_string());
            for (field, value) in [
                ("id", id),
                ("kind", "exam"),
                ("order", &order),
                ("name", name),
                ("weight", "1"),
                ("maximum", "30"),
            ] {
                fields.push((format!("rounds[{n}][{field}]"), value.to_owned()));
            }
        }
        let fields: Vec<(&str, &str)> = fields.iter().map(|(k, v)| (&**k, &**v)).collect();
        self.organizer.act("set_rules", &fields).await.map(drop)
    }

    /// Opens the page of a screen in a new browser and has the organizer claim it. Answers with the
    /// browser and the number of the screen.
    ///
    /// # Errors
    /// When a step is refused.
    pub async fn has_screen(&self, name: &str) -> Result<(Visitor, String)> {
        let browser = self.passer_by()?;
        browser.page("/man-hinh").await?;
        let told: Value = browser.get("/api/man-hinh").await?.ok()?.json()?;
        let letters = told["letters"].as_str().context("letters")?;
        let claim = [("contest", &*self.contest), ("letters", letters), ("name", name)];
        self.organizer.act("claim_screen", &claim).await?;
        let told: Value = browser.get("/api/man-hinh").await?.ok()?.json()?;
        if told["claimed"] != true {
            bail!("not claimed: {told}");
        }
        let all = self.passes_of(Role::Screen).await?;
        let pass = all
            .into_iter()
            .find(|pass| pass.name == name)
            .context("a person")?;
        Ok((browser, pass.person.to_string()))
    }

    /// An act on the hall: its screens, freeze, reveal.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn hall_act(&self, function: &str, more: &[(&str, &str)]) -> Result<Answer> {
        let mut fields = vec![("contest", &*self.contest)];
        fields.extend(more);
        self.organizer.act(function, &fields).await
    }

    /// Imports the teams of this hall.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn imports_teams(&self) -> Result<()> {
        self.imports("teams", "doi.csv", teams_csv(&self.teams)).await?;
        Ok(())
    }

    /// Imports the bank of this hall.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn imports_questions(&self) -> Result<()> {
        self.imports("questions", "cau-hoi.csv", self.bank.csv()).await?;
        Ok(())
    }

    /// Uploads a file and answers with the address of its preview.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn uploads(&self, kind: &str, name: &str, bytes: Vec<u8>) -> Result<Answer> {
        let fields = [("contest", &*self.contest), ("kind", kind)];
        self.organizer.upload("upload_file", &fields, name, bytes).await
    }

    /// Uploads a file and says yes.
    ///
    /// # Errors
    /// When either is refused.
    pub async fn imports(&self, kind: &str, name: &str, bytes: Vec<u8>) -> Result<Answer> {
        let preview = self.uploads(kind, name, bytes).await?.ok()?;
        let preview = preview.location.context("sent to the preview")?;
        let upload = preview.rsplit('/').next().unwrap_or_default();
        let fields = [("contest", &*self.contest), ("upload", upload), ("kind", kind)];
        self.organizer.act("apply_import", &fields).await
    }

    /// An act on the exam round.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn exam(&self, act: &str, more: &[(&str, &str)]) -> Result<Answer> {
        let mut fields = vec![("contest", &*self.contest), ("round", ROUND)];
        fields.extend(more);
        self.organizer.act(act, &fields).await
    }

    /// # Errors
    /// When it is refused.
    pub async fn prepares(&self) -> Result<()> {
        self.exam("prepare_exam", &[]).await.map(drop)
    }

    /// # Errors
    /// When it is refused.
    pub async fn opens(&self) -> Result<()> {
        self.exam("open_exam", &[]).await.map(drop)
    }

    /// Closes the round once everybody's time is up; early only with a reason.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn closes(&self, reason: &str) -> Result<()> {
        self.exam("close_exam", &[("reason", reason)]).await.map(drop)
    }

    /// # Errors
    /// When it is refused.
    pub async fn marks(&self) -> Result<()> {
        self.exam("mark_exam", &[]).await.map(drop)
    }

    /// # Errors
    /// When it is refused.
    pub async fn publishes(&self) -> Result<()> {
        self.exam("publish_exam", &[]).await.map(drop)
    }

    // --- who comes by a code ------------------------------------------------------------------------

    /// The personal codes of a role, as the cards have them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn passes_of(&self, role: Role) -> Result<Vec<Pass>> {
        let rows = sqlx::query(
            "SELECT id, name, sbd, team, code FROM person WHERE contest = $1 AND role = $2 ORDER BY team, sbd, id",
        )
        .bind(&self.contest)
        .bind(role.as_str())
        .fetch_all(&mut self.database.connect().await?)
        .await?;
        rows.iter()
            .map(|row| {
                Ok(Pass {
                    person: row.try_get("id")?,
                    name: row.try_get("name")?,
                    sbd: row.try_get("sbd")?,
                    team: row.try_get("team")?,
                    code: row.try_get("code")?,
                })
            })
            .collect()
    }

    /// Adds somebody of that role and gives him his card.
    ///
    /// # Errors
    /// When it is refused.
    pub async fn invites(&self, role: Role, name: &str) -> Result<Pass> {
        let fields = [
            ("contest", &*self.contest),
            ("role", role.as_str()),
            ("name", name),
            ("team", ""),
        ];
        self.organizer.act("add_person", &fields).await?;
        let all = self.passes_of(role).await?;
        all.into_iter().find(|pass| pass.name == name).context("invited")
    }

    /// A visitor who has entered by a code, on a device of his own.
    ///
    /// # Errors
    /// When he is refused.
    pub async fn enters(&self, pass: &Pass) -> Result<Visitor> {
        let (visitor, answer) = Tablet::tries(self.base(), &pass.code).await?;
        answer.ok()?;
        Ok(visitor)
    }

    /// A secretary at her laptop.
    ///
    /// # Errors
    /// When she is refused.
    pub async fn secretary(&self) -> Result<Visitor> {
        let pass = self.invites(Role::Secretary, "Thư ký Lan").await?;
        self.enters(&pass).await
    }

    /// The `n`-th contestant (from 0, by team and number) at his tablet.
    ///
    /// # Errors
    /// When he is refused.
    pub async fn contestant(&self, n: usize) -> Result<Tablet> {
        let passes = self.passes_of(Role::Contestant).await?;
        let pass = passes.get(n).context("so many contestants")?;
        Tablet::enters(self.base(), &pass.code, &self.book).await
    }

    /// All contestants at their tablets.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn contestants(&self) -> Result<Vec<Tablet>> {
        let mut all = Vec::new();
        for pass in self.passes_of(Role::Contestant).await? {
            all.push(Tablet::enters(self.base(), &pass.code, &self.book).await?);
        }
        Ok(all)
    }

    /// The same when the first of them has entered already.
    ///
    /// # Errors
    /// When one is refused.
    pub async fn contestants_after(&self, first: &Tablet) -> Result<Vec<Tablet>> {
        let mut all = vec![first.clone()];
        for pass in self.passes_of(Role::Contestant).await?.into_iter().skip(1) {
            all.push(Tablet::enters(self.base(), &pass.code, &self.book).await?);
        }
        Ok(all)
    }

    /// Answers the whole paper: the first `right` questions rightly, the next `wrong` ones wrongly.
    ///
    /// # Errors
    /// When an answer is refused.
    pub async fn answers_paper(&self, tablet: &mut Tablet, right: u16, wrong: u16) -> Result<()> {
        let sheet = tablet.sheet().await?;
        for place in 0..right + wrong {
            let choice = if place < right {
                self.bank.right(&sheet, place)
            } else {
                self.bank.wrong(&sheet, place)
            };
            tablet.taps(place, choice);
        }
        tablet.flushes().await
    }

    /// All contestants, in their order, answer their papers with so many right and the rest wrong, and hand in.
    ///
    /// # Errors
    /// When any of it is refused.
    pub async fn all_hand_in(&self, right: impl IntoIterator<Item = u16>) -> Result<()> {
        for (mut tablet, right) in self.contestants().await?.into_iter().zip(right) {
            self.answers_paper(&mut tablet, right, 30 - right).await?;
            tablet.hands_in().await?;
        }
        Ok(())
    }

    /// Closes, marks and publishes the exam.
    ///
    /// # Errors
    /// When any of it is refused.
    pub async fn finishes_the_exam(&self) -> Result<()> {
        self.closes("").await?;
        self.marks().await?;
        self.publishes().await
    }

    // --- what can be seen ---------------------------------------------------------------------------

    fn board_path(&self) -> String {
        format!("/api/contests/{}/board", self.contest)
    }

    /// The public board.
    ///
    /// # Errors
    /// When there is none.
    pub async fn board(&self) -> Result<Value> {
        self.board_of(&self.passer_by()?).await
    }

    /// The board as `visitor` sees it.
    ///
    /// # Errors
    /// When there is none.
    pub async fn board_of(&self, visitor: &Visitor) -> Result<Value> {
        let path = format!("{}.json", self.board_path());
        visitor.get(&path).await?.ok()?.json()
    }

    /// A screen of the public board.
    ///
    /// # Errors
    /// When there is none.
    pub async fn board_stream(&self) -> Result<Stream> {
        self.passer_by()?
            .stream(&format!("{}/events", self.board_path()))
            .await
    }

    /// Waits for the public board to be so.
    ///
    /// # Errors
    /// When it does not become so.
    pub async fn board_becomes(&self, what: &str, is: impl Fn(&Value) -> bool) -> Result<Value> {
        until(what, async || {
            Ok(Some(self.board().await?).filter(|board| is(board)))
        })
        .await
    }

    // --- what must always hold ------------------------------------------------------------------------

    /// The ledger is broken on purpose: it need not verify at the end.
    pub fn has_a_broken_ledger(&mut self) {
        self.broken = true;
    }

    /// Every ledger verifies, and every acknowledged answer is there as it was acknowledged.
    ///
    /// # Errors
    /// Names what does not hold.
    pub async fn holds(url: &str, book: &Book, ledgers: bool) -> Result<()> {
        let mut connection = connect(url).await?;
        if ledgers {
            ledgers_verify(&mut connection).await?;
        }
        answers_are_there(&mut connection, book).await
    }
}

impl Drop for Hall {
    fn drop(&mut self) {
        for node in &self.nodes {
            node.stop.cancel();
        }
        if std::thread::panicking() {
            return;
        }
        let (url, book, ledgers) = (self.database.url().to_owned(), self.book.clone(), !self.broken);
        apart(async move { Hall::holds(&url, &book, ledgers).await })
            .expect("what must hold after every test");
    }
}

async fn ledgers_verify(connection: &mut AnyConnection) -> Result<()> {
    let rows = sqlx::query("SELECT contest, seq, body, hash FROM entry ORDER BY contest, seq")
        .fetch_all(connection)
        .await?;
    let mut ledgers: Vec<(String, Vec<Sealed>)> = Vec::new();
    for row in &rows {
        let contest: String = row.try_get("contest")?;
        let sealed = Sealed {
            seq: u64::try_from(row.try_get::<i64, _>("seq")?)?,
            body: row.try_get("body")?,
            hash: Digest(row.try_get("hash")?),
        };
        match ledgers.last_mut() {
            Some((last, entries)) if *last == contest => entries.push(sealed),
            _ => ledgers.push((contest, vec![sealed])),
        }
    }
    for (contest, entries) in ledgers {
        let id: ContestId = contest.parse()?;
        replay(&id, entries).with_context(|| format!("the ledger of {contest}"))?;
    }
    Ok(())
}

async fn answers_are_there(connection: &mut AnyConnection, book: &Book) -> Result<()> {
    for ((attempt, question, revision), choice) in book.all() {
        let held: Option<i64> = sqlx::query_scalar(
            "SELECT choice FROM answer WHERE attempt = $1 AND question = $2 AND revision = $3",
        )
        .bind(attempt)
        .bind(i64::from(question))
        .bind(i64::from(revision))
        .fetch_optional(&mut *connection)
        .await?;
        if held != Some(i64::from(choice.0)) {
            bail!(
                "attempt {attempt}, question {question}, revision {revision}: acknowledged {choice:?}, held {held:?}"
            );
        }
    }
    Ok(())
}
