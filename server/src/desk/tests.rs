//! The desks' promises, kept on both engines.

use std::sync::Arc;
use std::time::Duration;

use app::backend::{
    Accounts, AppError, BankFilter, Contests, Imports, NewPerson, NewSession, People, Questions, Upload,
    UploadBody, UploadKind, Visit, Wanted,
};
use app::words::Locale;
use contest::actor::Role;
use contest::command::Facts;
use contest::intake::{Level, Note, QuestionDraft};
use contest::ledger::Why;
use contest::people::Details;
use contest::template::Template;
use contest::{Actor, Command, ContestId, PersonId, Refusal};
use futures::future::maybe_done;

use super::{House, token};
use crate::config::{Config, Kind};
use crate::store::testing::{Detour, on_both_engines, on_postgres};

on_both_engines!(
    the_first_link_makes_one_account,
    a_demo_database_is_never_a_real_one,
    passwords_let_in_and_limits_keep_out,
    a_new_password_ends_other_sessions,
    one_device_at_a_time,
    two_houses_write_one_chain,
    nobody_is_told_what_is_in_doubt,
    a_change_is_seen_through,
    an_altered_entry_is_found,
    numbers_are_given_in_order,
    people_are_the_staffs_business,
    teams_imported_twice_change_nothing,
    individuals_get_teams_of_their_own,
    questions_are_kept_once,
);

const PASSWORD: &str = "một mật khẩu dài";

async fn open(url: &str) -> Arc<House> {
    let house = House::open(&Config::local(url)).await.expect("the house opens");
    house.draw_first_link().await.expect("a link, if one is needed");
    house
}

/// A visitor without a session.
fn stranger(device: &str) -> Visit {
    Visit {
        actor: Actor::Public,
        contest: None,
        name: String::new(),
        device: device.to_owned(),
        device_label: "Android, Chrome".to_owned(),
        session: None,
        locale: Locale::vi,
        origin: "http://192.168.1.5:3000".to_owned(),
    }
}

/// The same browser with the session it was given; `None` if that has ended.
async fn again(house: &House, device: &str, session: &NewSession) -> Option<Visit> {
    let hash = token::hashed(&session.token);
    let found = house.session(&hash).await?;
    assert_eq!(found.device, device);
    Some(Visit {
        actor: found.actor,
        contest: found.contest.clone(),
        name: found.name.clone(),
        session: Some(hash),
        ..stranger(device)
    })
}

/// The first organizer of a new house.
async fn organizer(house: &House) -> Visit {
    let link = house.first_link().expect("a new house has a link");
    let token = link.rsplit('/').next().expect("a token");
    let session = house
        .claim_first(&stranger("office"), token, "Hoa", PASSWORD)
        .await
        .expect("the first account");
    again(house, "office", &session).await.expect("a session")
}

async fn contest_of(house: &House, visit: &Visit, template: Template) -> ContestId {
    let details = Details {
        name: "Hội thi Dân vận khéo".to_owned(),
        ..Details::default()
    };
    house
        .create_contest(visit, details, template)
        .await
        .expect("a contest")
}

async fn with_team(house: &House, visit: &Visit, id: &ContestId, name: &str) {
    let teams = vec![(name.to_owned(), String::new())];
    house
        .execute(visit, id, Command::AddTeams { teams })
        .await
        .expect("a team");
}

fn somebody(role: Role, name: &str) -> NewPerson {
    NewPerson {
        role,
        name: name.to_owned(),
        sbd: String::new(),
        team: (role == Role::Contestant).then_some(contest::TeamId(1)),
        post: String::new(),
    }
}

async fn code_of(house: &House, visit: &Visit, id: &ContestId, person: PersonId) -> String {
    let people = house.people(visit, id, None).await.expect("people");
    let found = people.into_iter().find(|found| found.id == person);
    found.expect("the person").code
}

async fn the_first_link_makes_one_account(url: String) {
    let house = open(&url).await;
    let link = house.first_link().expect("a link");
    let token = link.strip_prefix("/khoi-tao/").expect("the address").to_owned();
    assert!(house.is_first_link(&token).await);
    assert!(!house.is_first_link("something else").await);
    let visit = stranger("office");
    for (name, password, field) in [("Ho", PASSWORD, "name"), ("Hoa", "too short", "password")] {
        let refused = house.claim_first(&visit, &token, name, password).await;
        assert_eq!(
            refused.expect_err("refused"),
            AppError::BadField { field: field.into() }
        );
    }
    let session = house
        .claim_first(&visit, &token, "Hoa", PASSWORD)
        .await
        .expect("the first account");
    let hoa = again(&house, "office", &session).await.expect("a session");
    assert!(!house.is_first_link(&token).await);
    let twice = house.claim_first(&visit, &token, "Lan", PASSWORD).await;
    assert_eq!(twice.expect_err("used"), AppError::NotFound);

    let same = house.add_account(&hoa, " HOA ", PASSWORD).await;
    assert_eq!(
        same.expect_err("taken"),
        AppError::Taken {
            constraint: "account_name_taken".into()
        }
    );
    house.add_account(&hoa, "Lan", PASSWORD).await.expect("another");
    let names: Vec<String> = house
        .accounts(&hoa)
        .await
        .expect("accounts")
        .into_iter()
        .map(|account| account.name)
        .collect();
    assert_eq!(names, ["Hoa", "Lan"]);
    assert_eq!(house.accounts(&visit).await, Err(AppError::SignIn));
    house.close().await;
    let house = open(&url).await;
    assert_eq!(house.first_link(), None);
    house.close().await;
}

async fn a_demo_database_is_never_a_real_one(url: String) {
    let demo = Config {
        kind: Kind::Demo,
        ..Config::local(url.as_str())
    };
    House::open(&demo).await.expect("a demo").close().await;
    assert!(House::open(&Config::local(url.as_str())).await.is_err());
    House::open(&demo).await.expect("still a demo").close().await;
}

async fn passwords_let_in_and_limits_keep_out(url: String) {
    let house = open(&url).await;
    organizer(&house).await;
    let session = house
        .sign_in(&stranger("home"), "hoa", PASSWORD)
        .await
        .expect("in");
    let visit = again(&house, "home", &session).await.expect("a session");
    house.sign_out(&visit).await.expect("out");
    assert!(again(&house, "home", &session).await.is_none());
    for i in 0..5 {
        let visit = stranger(&format!("elsewhere {i}"));
        let wrong = house.sign_in(&visit, "Hoa", "not the password").await;
        assert_eq!(wrong.expect_err("wrong"), AppError::WrongPassword);
    }
    // Even the right password waits now, from wherever it comes; another name does not.
    let waits = house.sign_in(&stranger("fresh"), "Hoa", PASSWORD).await;
    assert!(matches!(waits, Err(AppError::Limited { seconds: 1..=2 })));
    let other = house.sign_in(&stranger("fresh"), "nobody", PASSWORD).await;
    assert_eq!(other.expect_err("unknown"), AppError::WrongPassword);
    house.close().await;
}

async fn a_new_password_ends_other_sessions(url: String) {
    let house = open(&url).await;
    let mine = organizer(&house).await;
    let other = house
        .sign_in(&stranger("home"), "Hoa", PASSWORD)
        .await
        .expect("in");
    assert!(again(&house, "home", &other).await.is_some());
    let wrong = house
        .change_password(&mine, "not the old one", "another one")
        .await;
    assert_eq!(wrong, Err(AppError::WrongPassword));
    house
        .change_password(&mine, PASSWORD, "một mật khẩu khác")
        .await
        .expect("changed");
    assert!(again(&house, "home", &other).await.is_none());
    let token = mine.session.as_deref().expect("a session");
    assert!(house.session(token).await.is_some());
    house
        .sign_in(&stranger("home"), "Hoa", "một mật khẩu khác")
        .await
        .expect("the new one");
    house.close().await;
}

async fn one_device_at_a_time(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    with_team(&house, &staff, &id, "Xã Tân Định").await;
    let an = house
        .add_person(&staff, &id, somebody(Role::Contestant, "Nguyễn Văn An"))
        .await
        .expect("a contestant");
    let code = code_of(&house, &staff, &id, an).await;

    let wrong = house.enter(&stranger("tablet 1"), "2345-6789-CFGH").await;
    assert_eq!(wrong.expect_err("unknown"), AppError::WrongCode);
    let first = house
        .enter(&stranger("tablet 1"), &code.to_lowercase())
        .await
        .expect("in");
    assert_eq!(first.home, "/thi");
    let visit = again(&house, "tablet 1", &first).await.expect("a session");
    assert_eq!(
        visit.actor,
        Actor::Contestant {
            person: an,
            team: contest::TeamId(1)
        }
    );
    assert_eq!(visit.name, "Nguyễn Văn An");
    let other = house.enter(&stranger("tablet 2"), &code).await;
    assert_eq!(other.expect_err("in use"), AppError::DeviceTaken);
    // The browser was closed: the same device comes in again, and the session before has ended.
    let second = house.enter(&stranger("tablet 1"), &code).await.expect("again");
    assert!(again(&house, "tablet 1", &second).await.is_some());
    assert!(again(&house, "tablet 1", &first).await.is_none());

    let elsewhere = open(&url).await;
    assert!(again(&elsewhere, "tablet 1", &second).await.is_some());
    house.release_device(&staff, &id, an).await.expect("released");
    assert!(again(&house, "tablet 1", &second).await.is_none());
    if elsewhere.store.engine() == crate::store::Engine::Postgres {
        // Another node hears of it.
        tokio::time::timeout(Duration::from_secs(20), async {
            while again(&elsewhere, "tablet 1", &second).await.is_some() {
                tokio::task::yield_now().await;
            }
        })
        .await
        .expect("the other node drops the session");
    }
    elsewhere.close().await;
    let taken = house
        .enter(&stranger("tablet 2"), &code)
        .await
        .expect("takes over");
    assert!(again(&house, "tablet 2", &taken).await.is_some());
    let back = house.enter(&stranger("tablet 1"), &code).await;
    assert_eq!(back.expect_err("moved"), AppError::DeviceTaken);
    house.close().await;
}

async fn two_houses_write_one_chain(url: String) {
    let one = open(&url).await;
    let staff = organizer(&one).await;
    let two = open(&url).await;
    let id = contest_of(&one, &staff, Template::G1).await;
    let add = |house: Arc<House>, n: u32| {
        let (staff, id) = (staff.clone(), id.clone());
        tokio::spawn(async move {
            let teams = vec![(format!("Đội {n}"), String::new())];
            house
                .record(
                    &staff.actor,
                    "",
                    &id,
                    &Facts::default(),
                    Command::AddTeams { teams },
                    None,
                )
                .await
        })
    };
    let tasks: Vec<_> = (0..30)
        .map(|n| add(if n % 2 == 0 { one.clone() } else { two.clone() }, n))
        .collect();
    for task in tasks {
        task.await.expect("no panic").expect("recorded");
    }
    assert_eq!(one.verify(&staff, &id).await.expect("verified"), Ok(31));
    let three = open(&url).await;
    let contest = three.load(&id).await.expect("the contest");
    assert_eq!(contest.teams.len(), 30);
    for house in [one, two, three] {
        house.close().await;
    }
}

/// Another node has moved the contest. While one reader of this node looks at the ledger, the others wait for him:
/// what they would find in memory is what everybody knows to be old.
async fn nobody_is_told_what_is_in_doubt(url: String) {
    let one = open(&url).await;
    let staff = organizer(&one).await;
    let id = contest_of(&one, &staff, Template::G1).await;
    let two = open(&url).await;
    two.load(&id).await.expect("the contest");
    with_team(&one, &staff, &id, "Xã Tân Định").await;
    let now = one.load(&id).await.expect("the contest").seq;

    two.shelf.doubt(&id);
    {
        let mut readers = [
            std::pin::pin!(maybe_done(two.load(&id))),
            std::pin::pin!(maybe_done(two.load(&id))),
        ];
        // One after the other, both before the database has answered the first.
        for reader in &mut readers {
            let _ = futures::poll!(reader.as_mut());
        }
        for mut reader in readers {
            reader.as_mut().await;
            let told = reader.as_mut().take_output().expect("done");
            assert_eq!(told.expect("the contest").seq, now, "told what is old");
        }
    }
    // Nor is a doubt lost that comes while a node reads the contest for the first time.
    let three = open(&url).await;
    {
        let mut first = std::pin::pin!(maybe_done(three.load(&id)));
        let _ = futures::poll!(first.as_mut());
        with_team(&one, &staff, &id, "Xã Tân Bình").await;
        three.shelf.doubt(&id);
        first.as_mut().await;
        first.take_output().expect("done").expect("the contest");
    }
    let now = one.load(&id).await.expect("the contest").seq;
    assert_eq!(
        three.load(&id).await.expect("the contest").seq,
        now,
        "not looked into"
    );
    for house in [one, two, three] {
        house.close().await;
    }
}

/// Its line to the other nodes has died without a word: it finds out by itself, and catches up.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_node_notices_that_it_is_deaf() {
    on_postgres(async |url: String| {
        let one = open(&url).await;
        let staff = organizer(&one).await;
        let id = contest_of(&one, &staff, Template::G1).await;
        let detour = Detour::to(&url).await;
        let two = open(&detour.url).await;
        two.load(&id).await.expect("the contest");
        // It hears at first.
        for deaf in [false, true] {
            if deaf {
                detour.dies();
            }
            with_team(
                &one,
                &staff,
                &id,
                if deaf {
                    "Xã Tân Định"
                } else {
                    "Xã Tân Bình"
                },
            )
            .await;
            let now = one.load(&id).await.expect("the contest").seq;
            tokio::time::timeout(Duration::from_secs(30), async {
                while two.load(&id).await.expect("the contest").seq < now {
                    tokio::task::yield_now().await;
                }
            })
            .await
            .expect("it catches up");
        }
        for house in [one, two] {
            house.close().await;
        }
    })
    .await;
}

async fn a_change_is_seen_through(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    let before = house.load(&id).await.expect("loaded").seq;
    {
        let teams = vec![("Xã Tân Định".to_owned(), String::new())];
        let mut asked = std::pin::pin!(house.execute(&staff, &id, Command::AddTeams { teams }));
        // Until the decision is under way; then the visitor closes the page.
        while house.store.waiting() == 0 && futures::poll!(asked.as_mut()).is_pending() {
            tokio::task::yield_now().await;
        }
    }
    tokio::time::timeout(Duration::from_secs(20), async {
        while house.load(&id).await.expect("loaded").seq == before {
            tokio::task::yield_now().await;
        }
    })
    .await
    .expect("what was asked for is done and known");
    house.close().await;
}

async fn an_altered_entry_is_found(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    for name in ["Một", "Hai", "Ba"] {
        with_team(&house, &staff, &id, name).await;
    }
    let page = house.ledger(&staff, &id, None, 2).await.expect("a page");
    assert_eq!(page.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [4, 3]);
    assert_eq!(page[0].actor, staff.actor);
    let rest = house.ledger(&staff, &id, Some(3), 10).await.expect("a page");
    assert_eq!(rest.iter().map(|entry| entry.seq).collect::<Vec<_>>(), [2, 1]);
    assert_eq!(house.verify(&staff, &id).await.expect("verified"), Ok(4));
    house
        .store
        .write(|tx| {
            Box::pin(async move {
                sqlx::query("UPDATE entry SET body = REPLACE(body, 'Hai', 'Hải') WHERE seq = 3")
                    .execute(tx)
                    .await?;
                Ok(())
            })
        })
        .await
        .expect("altered");
    let broken = house.verify(&staff, &id).await.expect("verified");
    let broken = broken.expect_err("broken");
    assert_eq!((broken.seq, broken.why), (3, Why::Hash));
    house.close().await;
}

async fn numbers_are_given_in_order(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    with_team(&house, &staff, &id, "Xã Tân Định").await;
    for name in ["Nguyễn Văn An", "Trần Thị Bình"] {
        let new = somebody(Role::Contestant, name);
        house.add_person(&staff, &id, new).await.expect("added");
    }
    let mut cuong = somebody(Role::Contestant, " Lê   Văn Cường ");
    cuong.sbd = "010".to_owned();
    let cuong_id = house.add_person(&staff, &id, cuong.clone()).await.expect("added");
    let dung = somebody(Role::Contestant, "Phạm Dũng");
    house.add_person(&staff, &id, dung).await.expect("added");
    let taken = house.add_person(&staff, &id, cuong.clone()).await;
    assert_eq!(
        taken.expect_err("taken"),
        AppError::Taken {
            constraint: "person_sbd_taken".into()
        }
    );
    let mut lost = somebody(Role::Contestant, "Không Đội");
    lost.team = None;
    assert!(matches!(
        house.add_person(&staff, &id, lost).await,
        Err(AppError::BadField { field }) if field == "team"
    ));

    let people = house
        .people(&staff, &id, Some(Role::Contestant))
        .await
        .expect("people");
    let listed: Vec<(&str, &str)> = people.iter().map(|p| (p.sbd.as_str(), p.name.as_str())).collect();
    assert_eq!(
        listed,
        [
            ("001", "Nguyễn Văn An"),
            ("002", "Trần Thị Bình"),
            ("010", "Lê Văn Cường"),
            ("011", "Phạm Dũng")
        ]
    );
    cuong.sbd = String::new();
    cuong.post = "Trưởng Khối vận".to_owned();
    house
        .change_person(&staff, &id, cuong_id, cuong)
        .await
        .expect("changed");
    let wanted = Wanted {
        role: Role::Contestant,
        team: None,
        search: String::new(),
        page: 1,
    };
    let sheet = house.cards(&staff, &id, wanted).await.expect("cards");
    assert_eq!((sheet.page, sheet.pages), (1, 1));
    let card = &sheet.cards[2];
    assert_eq!(
        (card.person.sbd.as_str(), card.person.post.as_str()),
        ("010", "Trưởng Khối vận")
    );
    assert_eq!(card.team_name, "Xã Tân Định");
    assert_eq!(
        card.url,
        format!("http://192.168.1.5:3000/vao/{}", card.person.code)
    );
    assert!(card.qr.starts_with("<svg "));

    let removed = house
        .execute(
            &staff,
            &id,
            Command::RemoveTeam {
                team: contest::TeamId(1),
            },
        )
        .await;
    assert!(matches!(removed, Err(AppError::Taken { constraint }) if constraint == "team_has_members"));
    for person in people {
        house
            .remove_person(&staff, &id, person.id)
            .await
            .expect("removed");
    }
    house
        .execute(
            &staff,
            &id,
            Command::RemoveTeam {
                team: contest::TeamId(1),
            },
        )
        .await
        .expect("nobody is left in it");
    house.close().await;
}

async fn people_are_the_staffs_business(url: String) {
    let house = open(&url).await;
    let hoa = organizer(&house).await;
    let id = contest_of(&house, &hoa, Template::G1).await;
    let lan = house.add_account(&hoa, "Lan", PASSWORD).await.expect("Lan");
    let session = house
        .sign_in(&stranger("home"), "Lan", PASSWORD)
        .await
        .expect("in");
    let lan_visit = again(&house, "home", &session).await.expect("a session");
    assert_eq!(
        house.people(&lan_visit, &id, None).await,
        Err(AppError::Forbidden)
    );
    assert_eq!(
        house.people(&stranger("x"), &id, None).await,
        Err(AppError::SignIn)
    );
    assert_eq!(house.contests(&lan_visit).await, Ok(vec![]));
    assert_eq!(house.contests(&stranger("x")).await, Ok(vec![]));
    let unknown = Command::AddOrganizer {
        user: contest::UserId(1),
    };
    assert_eq!(house.execute(&hoa, &id, unknown).await, Err(AppError::NotFound));
    house
        .execute(&hoa, &id, Command::AddOrganizer { user: lan })
        .await
        .expect("an organizer too");
    assert_eq!(house.contests(&lan_visit).await.expect("contests").len(), 1);

    let thu = house
        .add_person(&hoa, &id, somebody(Role::Secretary, "Lê Thị Thu"))
        .await
        .expect("a secretary");
    let code = code_of(&house, &hoa, &id, thu).await;
    let session = house.enter(&stranger("desk"), &code).await.expect("in");
    assert_eq!(session.home, format!("/hoi-thi/{id}"));
    let secretary = again(&house, "desk", &session).await.expect("a session");
    house.people(&secretary, &id, None).await.expect("may look");
    let adds = house
        .add_person(&secretary, &id, somebody(Role::Judge, "Ai"))
        .await;
    assert_eq!(adds, Err(AppError::Forbidden));
    let other = contest_of(&house, &hoa, Template::G9).await;
    assert_eq!(
        house.people(&secretary, &other, None).await,
        Err(AppError::Forbidden)
    );
    let locked = house.execute(
        &secretary,
        &id,
        Command::ChangeDetails {
            details: Details::default(),
        },
    );
    assert_eq!(
        locked.await,
        Err(AppError::Refused {
            refusal: Refusal::NotAllowed
        })
    );
    house.close().await;
}

async fn upload(house: &House, visit: &Visit, id: &ContestId, kind: UploadKind, text: &str) -> String {
    let upload = Upload {
        kind,
        name: "danh sách.csv".to_owned(),
        bytes: text.as_bytes().to_vec(),
    };
    house.upload(visit, id, upload).await.expect("uploaded")
}

const TEAMS: &str = "Đội,Họ và tên,SBD,Vai trò\n\
    Xã Tân Định,Nguyễn Văn An,,Đội trưởng\n\
    Xã Tân Định,Trần Thị Bình,,\n\
    Xã Tân Định,Phạm Dự Bị,,Dự bị\n\
    Xã Đất Cuốc,Nguyễn Văn An,007,\n";

async fn teams_imported_twice_change_nothing(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    let file = upload(&house, &staff, &id, UploadKind::Teams, TEAMS).await;
    let preview = Imports::preview(&*house, &staff, &id, &file)
        .await
        .expect("a preview");
    assert_eq!((preview.new, preview.unchanged), (6, 0), "{:?}", preview.body);
    let applied = house.apply(&staff, &id, &file).await.expect("applied");
    assert_eq!((applied.added, applied.unchanged), (6, 0));
    let before = house.people(&staff, &id, None).await.expect("people");
    let numbers: Vec<&str> = before.iter().map(|person| person.sbd.as_str()).collect();
    assert_eq!(numbers, ["001", "002", "007", "003"]);

    let preview = Imports::preview(&*house, &staff, &id, &file)
        .await
        .expect("a preview");
    assert_eq!((preview.new, preview.unchanged), (0, 6));
    let seq = house.load(&id).await.expect("loaded").seq;
    let applied = house.apply(&staff, &id, &file).await.expect("applied");
    assert_eq!((applied.added, applied.unchanged), (0, 6));
    assert_eq!(house.load(&id).await.expect("loaded").seq, seq);
    assert_eq!(house.people(&staff, &id, None).await.expect("people"), before);

    // A number that somebody else has: nothing of the file is written, not even its new team.
    let clash = "Đội,Họ và tên,SBD\nXã Mới,Lê Người Mới,\nXã Mới,Lê Người Khác,007\n";
    let file = upload(&house, &staff, &id, UploadKind::Teams, clash).await;
    let refused = house.apply(&staff, &id, &file).await;
    assert_eq!(
        refused.expect_err("taken"),
        AppError::Taken {
            constraint: "person_sbd_taken".into()
        }
    );
    let contest = house.load(&id).await.expect("loaded");
    assert_eq!((contest.seq, contest.teams.len()), (seq, 2));
    assert_eq!(house.people(&staff, &id, None).await.expect("people"), before);
    house.close().await;
}

async fn individuals_get_teams_of_their_own(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G2).await;
    let file = upload(&house, &staff, &id, UploadKind::Teams, TEAMS).await;
    for expected in [(3, 0), (0, 3)] {
        let preview = Imports::preview(&*house, &staff, &id, &file)
            .await
            .expect("a preview");
        assert_eq!((preview.new, preview.unchanged), expected);
        let applied = house.apply(&staff, &id, &file).await.expect("applied");
        assert_eq!((applied.added, applied.unchanged), expected);
    }
    let mut hai = somebody(Role::Contestant, "Trần Thị Bình");
    hai.team = None;
    let hai = house.add_person(&staff, &id, hai).await.expect("added");
    let contest = house.load(&id).await.expect("loaded");
    let names: Vec<&str> = contest.teams.values().map(|team| team.name.as_str()).collect();
    assert_eq!(
        names,
        [
            "Nguyễn Văn An",
            "Trần Thị Bình",
            "Nguyễn Văn An – Xã Đất Cuốc",
            "Trần Thị Bình (2)"
        ]
    );
    let people = house.people(&staff, &id, None).await.expect("people");
    let mut teams: Vec<_> = people.iter().filter_map(|person| person.team).collect();
    teams.dedup();
    assert_eq!(teams.len(), 4);
    house.remove_person(&staff, &id, hai).await.expect("removed");
    assert_eq!(house.load(&id).await.expect("loaded").teams.len(), 3);
    house.close().await;
}

async fn questions_are_kept_once(url: String) {
    let house = open(&url).await;
    let staff = organizer(&house).await;
    let id = contest_of(&house, &staff, Template::G1).await;
    let file = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n\
        Ai làm dân vận?,Mọi người,Không ai,A,Dân vận,NB\n\
        Khi nào?,Luôn luôn,Đôi khi,A,Đảng,TH\n";
    let file = upload(&house, &staff, &id, UploadKind::Questions, file).await;
    for expected in [(2, 0), (0, 2)] {
        let preview = Imports::preview(&*house, &staff, &id, &file)
            .await
            .expect("a preview");
        assert_eq!((preview.new, preview.unchanged), expected, "{:?}", preview.body);
        let applied = house.apply(&staff, &id, &file).await.expect("applied");
        assert_eq!((applied.added, applied.unchanged), expected);
    }
    // The same question with another key, and one with the options the other way round.
    let other = "Câu hỏi,A,B,Đáp án,Chủ đề,Mức độ\n\
        Khi nào?,Đôi khi,Luôn luôn,B,Đảng,TH\n\
        Ai làm dân vận?,Mọi người,Không ai,B,Dân vận,NB\n";
    let other = upload(&house, &staff, &id, UploadKind::Questions, other).await;
    let preview = Imports::preview(&*house, &staff, &id, &other)
        .await
        .expect("a preview");
    let UploadBody::Questions { intake } = &preview.body else {
        panic!("questions")
    };
    assert!(
        matches!(&intake.notes[..], [Note::OtherAnswers { place, text }]
            if place.ends_with("3") && text == "Ai làm dân vận?"),
        "{:?}",
        intake.notes
    );
    let applied = house.apply(&staff, &id, &other).await.expect("applied");
    assert_eq!(
        (applied.added, applied.unchanged),
        (0, 2),
        "the organizer decides"
    );
    let draft = QuestionDraft {
        text: "  AI làm dân vận? ".to_owned(),
        options: vec!["Có".to_owned(), "Không".to_owned()],
        correct: vec![1],
        topic: "Ăn nói".to_owned(),
        level: Level::VanDung,
        source: String::new(),
    };
    let same = house.add_question(&staff, &id, draft.clone()).await;
    let taken = AppError::Taken {
        constraint: "question_text_taken".into(),
    };
    assert_eq!(same, Err(taken.clone()));
    let mut another = draft.clone();
    another.text = "Nói thế nào?".to_owned();
    let added = house
        .add_question(&staff, &id, another.clone())
        .await
        .expect("added");
    assert_eq!(
        house.change_question(&staff, &id, added, draft.clone()).await,
        Err(taken)
    );
    let mut wrong = another.clone();
    wrong.correct = vec![2];
    assert!(matches!(
        house.change_question(&staff, &id, added, wrong).await,
        Err(AppError::BadField { field }) if field == "correct"
    ));

    let search = BankFilter {
        search: "DAN VAN".to_owned(),
        ..BankFilter::default()
    };
    let (found, count) = house.questions(&staff, &id, search).await.expect("found");
    assert_eq!((count, found[0].question.text.as_str()), (1, "Ai làm dân vận?"));
    let summary = house.bank_summary(&staff, &id).await.expect("a summary");
    let topics: Vec<&str> = summary.cells.iter().map(|cell| cell.0.as_str()).collect();
    assert_eq!((summary.total, topics), (3, vec!["Ăn nói", "Dân vận", "Đảng"]));
    house.remove_question(&staff, &id, added).await.expect("removed");
    assert_eq!(
        house.remove_question(&staff, &id, added).await,
        Err(AppError::NotFound)
    );
    let (all, count) = house
        .questions(&staff, &id, BankFilter::default())
        .await
        .expect("found");
    assert_eq!((all.len(), count), (2, 2));
    house.close().await;
}
