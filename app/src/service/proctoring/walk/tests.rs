//! What is read again is what happened, whoever kept it and however often.

use proctor::{
    observation::Look,
    signal::{Signal, Stage},
    wire::{Open, Up},
};

use super::*;
use crate::{
    interview::Command,
    model::{Actor, Proctoring},
    service::{
        AppState,
        fakes::World,
        tests::proctoring::{NOBODY, ONE, Reporting, begin, consented, read_again, reconnect, reporting},
    },
};

const TWO: Look = Look::Clear { faces: 2, head: None };

/// Numbers that look like chance, and are the same ones each time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn of<T: Copy>(&mut self, these: &[T]) -> T {
        these[self.below(these.len() as u64) as usize]
    }
}

/// An interview over two workers, of which now and then one dies, loses the store, or is left.
async fn lived(world: &World, workers: &[AppState; 2], chance: &mut Chance) -> SessionId {
    world.clock.creep(1);
    let id = consented(&workers[0]).await;
    begin(&workers[0], id).await;
    let mut page = Reporting::of(&workers[0], id).await;
    for _ in 0..40 {
        match chance.below(10) {
            0..4 => {
                let (seconds, look) = (chance.below(9) as u32, chance.of(&[ONE, NOBODY, TWO]));
                Box::pin(page.looks(world, seconds, look)).await;
            }
            4 => {
                page.signal(chance.of(&[Signal::PageHidden, Signal::PageShown, Signal::Printed, Signal::Copied]));
                page.send().await;
            }
            5 => {
                for _ in 0..chance.below(12) {
                    world.clock.advance_s(2);
                    page.at_ms += 2_000;
                    Box::pin(page.watcher.tick()).await;
                }
            }
            6 => Box::pin(reconnect(&mut page, &workers[chance.below(2) as usize])).await,
            7 => {
                Box::pin(page.watcher.leave()).await;
                world.clock.advance_s(chance.below(9) as i64);
                Box::pin(reconnect(&mut page, &workers[chance.below(2) as usize])).await;
            }
            8 => {
                world.blobs.fail(true);
                Box::pin(page.looks(world, 3, NOBODY)).await;
                world.blobs.fail(false);
            }
            _ => drop(Box::pin(page.watcher.hear(&[proctor::wire::VERSION, 255])).await),
        }
    }
    let dies = chance.below(2) == 0;
    world.clock.advance_s(if dies { chance.below(50) as i64 } else { 0 });
    workers[0].sessions.step(id, &Command::End { by: Actor::Admin }).await.unwrap();
    if dies {
        world.clock.advance_s(chance.below(9) as i64);
        Box::pin(reconnect(&mut page, &workers[1])).await;
    }
    let session = page.session(&workers[0]).await;
    page.watcher.follow(&session);
    page.signal(Signal::Stage(Stage::Ended));
    page.send().await;
    world.clock.advance_s(61);
    page.watcher.tick().await;
    page.watcher.leave().await;
    id
}

async fn kept(worker: &AppState, id: SessionId) -> Proctoring {
    worker.sessions.get(id).await.unwrap().proctoring.clone().expect("a proctored interview")
}

async fn chunks(worker: &AppState, id: SessionId) -> Vec<Chunk> {
    let mut chunks = Vec::new();
    for name in worker.vault.names(id, chunk::PREFIX).await.unwrap() {
        chunks.push(Chunk::decode(&worker.vault.read(id, &name).await.unwrap().unwrap()).unwrap());
    }
    chunks
}

#[tokio::test]
async fn what_is_read_again_is_what_the_workers_came_to() {
    for seed in 0..24 {
        let world = World::shared();
        let workers = [world.worker().await, world.worker().await];
        let id = Box::pin(lived(&world, &workers, &mut Chance(seed))).await;
        let kept = kept(&workers[1], id).await;
        let again = read_again(&workers[1], id).await;
        let found: Vec<_> =
            again.violations.iter().map(|it| (it.id.from_ms, it.id.kind, it.severity, it.to_ms)).collect();
        let zero = kept.began_at.unwrap();
        let mut known: Vec<_> = kept
            .violations
            .iter()
            .map(|it| (it.key.from_ms, it.key.kind, it.severity, it.to.map(|to| ms_between(zero, to))))
            .collect();
        known.sort_unstable();
        assert_eq!(found, known, "seed {seed}");
        assert!(again.leads_to(&kept) && again.whole && !known.is_empty(), "seed {seed}: {again:?}");
    }
}

#[tokio::test]
async fn from_every_checkpoint_the_rest_leads_to_the_same() {
    for seed in 0..8 {
        let world = World::shared();
        let workers = [world.worker().await, world.worker().await];
        let id = Box::pin(lived(&world, &workers, &mut Chance(seed))).await;
        let kept = kept(&workers[0], id).await;
        let (policy, zero) = (kept.rules.policy().unwrap(), kept.began_at.unwrap());
        let chunks = chunks(&workers[0], id).await;
        assert!(chunks.len() > 8, "seed {seed}");
        for begin in 0..chunks.len() {
            let mut straight = Walk::new(id, &policy, zero);
            chunks[..=begin].iter().flat_map(|chunk| &chunk.items).for_each(|item| straight.read(item));
            straight.violations.clear();
            let at = chunks[begin].checkpoint().unwrap();
            let monitor = Monitor::resume(&policy, at.memory.clone());
            let mut resumed = Walk { at, monitor, ..Walk::new(id, &policy, zero) };
            for item in chunks[begin + 1..].iter().flat_map(|chunk| &chunk.items) {
                straight.read(item);
                resumed.read(item);
            }
            // Whoever goes on from a checkpoint takes the channel for lost, until it is there again.
            let heard = |walk: Walk| {
                let mut all = walk.violations;
                all.retain(|id, _| id.kind != proctor::policy::Kind::Unwatched);
                (all, walk.at.ledger, walk.whole)
            };
            assert_eq!(heard(resumed), heard(straight), "seed {seed}, from chunk {begin}");
        }
    }
}

#[tokio::test]
async fn a_log_is_closed_once_however_often_that_is_tried() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 3, ONE).await;
    worker.sessions.step(id, &Command::End { by: Actor::Admin }).await.unwrap();
    let session = page.session(&worker).await;
    page.watcher.follow(&session);
    world.blobs.fail(true);
    for _ in 0..60 {
        world.clock.advance_s(2);
        page.watcher.tick().await;
    }
    page.watcher.leave().await;
    for _ in 0..60 {
        world.clock.advance_s(1);
        worker.proctor.keep_late().await;
    }
    world.blobs.fail(false);
    worker.proctor.keep_late().await;
    let items: Vec<_> = chunks(&worker, id).await.into_iter().flat_map(|chunk| chunk.items).collect();
    let closed = |item: &&Item| matches!(item, Item::Watch { watch: proctor::policy::Watch::Closed, .. });
    assert_eq!(items.iter().filter(closed).count(), 1);
    assert!(items.len() < 60, "{}", items.len());
    assert!(read_again(&worker, id).await.leads_to(&kept(&worker, id).await));
}

#[tokio::test]
async fn log_of_another_build_goes_on_where_it_was() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 12, NOBODY).await;
    page.looks(&world, 12, ONE).await;
    let last = worker.vault.names(id, chunk::PREFIX).await.unwrap().pop().unwrap();
    let there = Chunk::decode(&worker.vault.read(id, &last).await.unwrap().unwrap()).unwrap();
    let before = there.checkpoint().unwrap();
    world.blobs.remove(id, &last);
    worker.vault.keep(id, &last, &there.of_another_build().encode().unwrap()).await.unwrap();

    let log = page.welcome.log;
    reconnect(&mut page, &worker).await;
    assert_eq!((page.welcome.log, page.welcome.next_seq), (log, before.ledger.next_seq()));
    page.looks(&world, 12, NOBODY).await;
    page.watcher.leave().await;
    let kept = kept(&worker, id).await;
    let again = read_again(&worker, id).await;
    assert_eq!((kept.violations.len(), kept.faults.len()), (2, 0));
    assert!(again.leads_to(&kept) && again.whole && again.logs == 1, "{again:?}");
}

#[tokio::test]
async fn what_was_removed_from_the_end_of_a_log_is_missed_for_good() {
    let (world, worker, mut page) = reporting().await;
    let id = page.id;
    page.looks(&world, 25, ONE).await;
    page.watcher.leave().await;
    assert!(read_again(&worker, id).await.whole);
    let names = worker.vault.names(id, chunk::PREFIX).await.unwrap();
    for name in names.iter().rev().take(2) {
        world.blobs.remove(id, name);
    }
    assert!(!read_again(&worker, id).await.whole);
    page.watcher = worker.proctor.watcher(id);
    page.say(Up::Open(Open::Resume(page.welcome.log))).await;
    page.watcher.leave().await;
    assert!(!read_again(&worker, id).await.whole, "what comes later does not cover it");
    for name in worker.vault.names(id, chunk::PREFIX).await.unwrap() {
        world.blobs.remove(id, &name);
    }
    assert!(!read_again(&worker, id).await.whole);
}
