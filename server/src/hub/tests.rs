//! Coalescing, skipping, beats and tidiness, on tokio's paused clock.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use contest::PersonId;
use tokio::time::{Instant, sleep, timeout};

use super::*;

/// A state that tests change, and a count of how often it was looked at.
#[derive(Default)]
struct State {
    seq: AtomicU64,
    built: AtomicU64,
    fails: Mutex<u32>,
    /// How long a view takes to build.
    takes: Mutex<Duration>,
}

#[async_trait]
impl Producer for State {
    async fn produce(&self, _: &ContestId, _: Subject) -> Answer<(u64, Vec<u8>)> {
        {
            let mut fails = self.fails.lock().unwrap();
            if *fails > 0 {
                *fails -= 1;
                return Err(app::backend::AppError::Internal);
            }
        }
        self.built.fetch_add(1, Ordering::SeqCst);
        let takes = *self.takes.lock().unwrap();
        if !takes.is_zero() {
            sleep(takes).await;
        }
        let seq = self.seq.load(Ordering::SeqCst);
        Ok((seq, seq.to_string().into_bytes()))
    }

    fn now(&self) -> Moment {
        7
    }
}

struct Scene {
    hub: Hub,
    state: Arc<State>,
    producer: Arc<dyn Producer>,
    contest: ContestId,
}

impl Scene {
    fn new() -> Self {
        let state = Arc::new(State::default());
        Self {
            hub: Hub::default(),
            producer: state.clone(),
            state,
            contest: "home".parse().unwrap(),
        }
    }

    fn watch(&self) -> Subscription {
        self.hub.subscribe(&self.contest, Subject::Pulse, &self.producer)
    }

    fn change(&self) {
        self.state.seq.fetch_add(1, Ordering::SeqCst);
        self.hub.moved(&self.contest);
    }
}

/// The text of the next view, and its moment.
async fn view(subscription: &mut Subscription) -> (String, Instant) {
    match subscription.next().await {
        Some(Update::View(view)) => (text(&view.event), Instant::now()),
        other => panic!("a view was due, not {other:?}"),
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

#[tokio::test(start_paused = true)]
async fn a_newcomer_gets_the_current_view_at_once() {
    let scene = Scene::new();
    scene.change();
    let began = Instant::now();
    let (first, at) = view(&mut scene.watch()).await;
    assert_eq!(at, began);
    let hash = hash(b"1");
    assert_eq!(
        first,
        format!("event: view\nid: 1-{hash}\ndata: {{\"hash\":\"{hash}\",\"view\":1}}\n\n")
    );
}

#[tokio::test(start_paused = true)]
async fn a_burst_is_ten_frames_a_second_and_the_last_state_is_shown() {
    let scene = Scene::new();
    let mut reader = scene.watch();
    let (_, mut before) = view(&mut reader).await;
    let began = before;
    let changes = async {
        for _ in 0..500 {
            sleep(Duration::from_millis(2)).await;
            scene.change();
        }
    };
    let reading = async {
        let mut frames = 0;
        loop {
            let (text, at) = view(&mut reader).await;
            // The paused clock moves in whole milliseconds.
            assert!(
                at - before >= PACE - Duration::from_millis(2),
                "{:?}",
                at - before
            );
            before = at;
            frames += 1;
            if text.contains("\"view\":500") {
                return (frames, at - began);
            }
        }
    };
    let ((), (frames, took)) = tokio::join!(changes, reading);
    assert!((8..=11).contains(&frames), "{frames}");
    assert!(took <= Duration::from_millis(1_101), "{took:?}");
}

#[tokio::test(start_paused = true)]
async fn a_slow_reader_finds_only_the_newest() {
    let scene = Scene::new();
    let (mut quick, mut slow) = (scene.watch(), scene.watch());
    view(&mut quick).await;
    for _ in 0..3 {
        scene.change();
        view(&mut quick).await;
    }
    assert!(view(&mut slow).await.0.contains("\"view\":3"));
    assert!(
        matches!(slow.next().await, Some(Update::Beat(_))),
        "nothing older waits"
    );
}

#[tokio::test(start_paused = true)]
async fn a_frame_is_built_once_for_all() {
    let scene = Scene::new();
    let mut readers: Vec<_> = (0..100).map(|_| scene.watch()).collect();
    let mut events = Vec::new();
    for reader in &mut readers {
        match reader.next().await {
            Some(Update::View(view)) => events.push(view.event.as_ptr()),
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(scene.state.built.load(Ordering::SeqCst), 1);
    assert!(events.windows(2).all(|pair| pair[0] == pair[1]));
}

#[tokio::test(start_paused = true)]
async fn a_change_that_is_not_to_be_seen_is_no_frame() {
    let scene = Scene::new();
    let mut reader = scene.watch();
    view(&mut reader).await;
    scene.hub.moved(&scene.contest);
    assert!(timeout(BEAT - PACE, reader.next()).await.is_err());
    let Some(Update::Beat(beat)) = reader.next().await else {
        panic!("a beat was due");
    };
    let hash = hash(b"0");
    assert_eq!(
        text(&beat),
        format!("event: beat\ndata: {{\"now\":7,\"hash\":\"{hash}\"}}\n\n")
    );
}

#[tokio::test(start_paused = true)]
async fn a_screen_hears_a_beat_every_second() {
    let scene = Scene::new();
    let mut screen = scene
        .hub
        .subscribe(&scene.contest, Subject::Screen(PersonId(1)), &scene.producer);
    view(&mut screen).await;
    for _ in 0..3 {
        let began = Instant::now();
        assert!(matches!(screen.next().await, Some(Update::Beat(_))));
        assert!(began.elapsed() <= Duration::from_secs(1), "{:?}", began.elapsed());
    }
}

/// Neither a database that takes its time nor moves without end keep a screen from hearing that the house lives.
#[tokio::test(start_paused = true)]
async fn a_screen_hears_beats_while_its_view_is_built() {
    let scene = Scene::new();
    let mut screen = scene
        .hub
        .subscribe(&scene.contest, Subject::Screen(PersonId(1)), &scene.producer);
    view(&mut screen).await;
    // A view that takes long; and views as quick as the pace allows, with no time between.
    for (takes, between) in [(Duration::from_millis(2_500), 50), (PACE, 10)] {
        *scene.state.takes.lock().unwrap() = takes;
        let moves = async {
            loop {
                sleep(Duration::from_millis(between)).await;
                // Nothing that this screen shows.
                scene.hub.moved(&scene.contest);
            }
        };
        let beats = async {
            for _ in 0..6 {
                let began = Instant::now();
                assert!(matches!(screen.next().await, Some(Update::Beat(_))));
                let after = began.elapsed();
                assert!(after <= Duration::from_millis(1_101), "{takes:?}: {after:?}");
            }
        };
        tokio::select! { () = moves => {}, () = beats => {} }
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_has_the_view_is_known_by_his_last_id() {
    let scene = Scene::new();
    let Some(Update::View(view)) = scene.watch().next().await else {
        panic!("a view was due");
    };
    let id = text(&view.event).lines().nth(1).unwrap().replace("id: ", "");
    assert!(view.is_known_by(&id));
    assert!(!view.is_known_by("0-0123456789abcdef"));
    assert!(!view.is_known_by("nonsense"));
}

#[tokio::test(start_paused = true)]
async fn a_revoked_session_makes_everybody_look_up() {
    let scene = Scene::new();
    let mut reader = scene.watch();
    let (_, began) = view(&mut reader).await;
    scene.hub.revoked();
    assert!(matches!(reader.next().await, Some(Update::Beat(_))));
    assert!(Instant::now() - began <= PACE + Duration::from_millis(1));
}

#[tokio::test(start_paused = true)]
async fn a_view_that_cannot_be_built_is_tried_again() {
    let scene = Scene::new();
    *scene.state.fails.lock().unwrap() = 2;
    let began = Instant::now();
    let (_, at) = view(&mut scene.watch()).await;
    assert!(at - began >= Duration::from_secs(2));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_watches_is_dropped() {
    let scene = Scene::new();
    let mut reader = scene.watch();
    view(&mut reader).await;
    assert_eq!(scene.hub.topics(), 1);
    drop(reader);
    sleep(Duration::from_millis(1)).await;
    assert_eq!(scene.hub.topics(), 0);
    view(&mut scene.watch()).await;
}

#[tokio::test(start_paused = true)]
async fn streams_end_when_the_house_stops() {
    let scene = Scene::new();
    let mut reader = scene.watch();
    view(&mut reader).await;
    scene.hub.stop();
    assert!(reader.next().await.is_none());
    assert!(scene.watch().next().await.is_none());
}

/// Others may still be shown what was there a moment ago; whoever comes now is not.
#[tokio::test(start_paused = true)]
async fn a_newcomer_is_not_shown_what_is_about_to_be_replaced() {
    let scene = Scene::new();
    let mut old = scene.watch();
    view(&mut old).await;
    scene.change();
    let mut newcomer = scene.watch();
    let (first, _) = view(&mut newcomer).await;
    assert!(first.contains("\"view\":1"), "{first}");
}

/// A view that cannot be built keeps nobody waiting for what there is.
#[tokio::test(start_paused = true)]
async fn a_newcomer_gets_the_last_view_there_is() {
    let scene = Scene::new();
    let mut old = scene.watch();
    view(&mut old).await;
    *scene.state.fails.lock().unwrap() = 1;
    scene.change();
    let (first, _) = view(&mut scene.watch()).await;
    assert!(first.contains("\"view\":0"), "{first}");
}
