//! Followers of one environment, and what is dispatched while they look, or do not.

use serde_json::json;

use super::*;
use crate::{
    base::event::{Event, EventKind},
    testing::World,
};

/// Events that are dispatched in one transaction: their ids.
async fn dispatch(world: &World, scope: &Scope, count: usize) -> Vec<String> {
    let scope = scope.clone();
    let dispatched = world.store.write(move |tx| {
        let mut ids = Vec::new();
        let first = tx.take_seqs(count)?;
        for seq in (first..).take(count) {
            let user = json!({ "id": "usr_1", "email": "ada@example.com", "metadata": {}, "publicMetadata": {} });
            let event = Event::of_user(EventKind::Signup, "anonymous".to_owned(), &user, None, 1);
            tx.insert_event(&scope, &event)?;
            tx.event_dispatched(&event.id, seq, 1)?;
            ids.push(event.id);
        }
        Ok(ids)
    });
    dispatched.await.unwrap()
}

/// So many events, as they come.
async fn next(follower: &mut Follower, count: usize) -> Vec<String> {
    let mut ids = Vec::new();
    while ids.len() < count {
        let rows = tokio::time::timeout(Duration::from_secs(10), follower.next()).await;
        ids.extend(rows.expect("nothing came").unwrap().into_iter().map(|row| row.id));
    }
    ids
}

#[tokio::test]
async fn all_who_follow_share_one_look_that_ends_with_the_last_of_them() {
    let world = World::new().await;
    let feeds = Feeds::new(world.store.clone());
    let mut followers = Vec::new();
    for _ in 0..20 {
        followers.push(feeds.follow(world.scope.clone(), None).await.unwrap());
    }
    let stranger = feeds.follow(world.other.clone(), None).await.unwrap();
    let looks = |follower: &Follower| Arc::as_ptr(&follower.feed);
    assert!(followers.iter().all(|follower| looks(follower) == looks(&followers[0])));
    assert_ne!(looks(&stranger), looks(&followers[0]));
    let dispatched = dispatch(&world, &world.scope, 3).await;
    feeds.dispatched([&world.scope]);
    for follower in &mut followers {
        assert_eq!(next(follower, 3).await, dispatched);
    }
    let task = followers[0].feed.task.clone();
    drop(followers);
    while !task.is_finished() {
        tokio::task::yield_now().await;
    }
    assert!(lock(&feeds.open)[&world.scope].upgrade().is_none());
    // And one that begins anew.
    let mut late = feeds
        .follow(world.scope.clone(), Some(dispatched[0].clone()))
        .await
        .unwrap();
    assert_eq!(next(&mut late, 2).await, dispatched[1..]);
}

#[tokio::test]
async fn one_who_is_slow_or_joins_late_misses_nothing_and_gets_nothing_twice() {
    let world = World::new().await;
    let feeds = Feeds::new(world.store.clone());
    let before = dispatch(&world, &world.scope, 2).await;
    let mut slow = feeds
        .follow(world.scope.clone(), Some(before[0].clone()))
        .await
        .unwrap();
    let mut quick = feeds.follow(world.scope.clone(), None).await.unwrap();
    let mut all = vec![before[1].clone()];
    // More looks than are kept for the slow one.
    for _ in 0..KEPT_LOOKS * 2 {
        let dispatched = dispatch(&world, &world.scope, 1).await;
        feeds.dispatched([&world.scope]);
        assert_eq!(next(&mut quick, 1).await, dispatched);
        all.extend(dispatched);
    }
    assert_eq!(next(&mut slow, all.len()).await, all);
    let mut joins = feeds
        .follow(world.scope.clone(), Some(before[0].clone()))
        .await
        .unwrap();
    assert_eq!(next(&mut joins, all.len()).await, all);
    let last = dispatch(&world, &world.scope, 1).await;
    for follower in [&mut slow, &mut quick, &mut joins] {
        assert_eq!(next(follower, 1).await, last, "without being notified of it, too");
    }
}

#[tokio::test]
async fn an_event_that_is_kept_no_more_leads_to_all_that_are_younger() {
    let world = World::new().await;
    let feeds = Feeds::new(world.store.clone());
    let dispatched = dispatch(&world, &world.scope, 3).await;
    let gone = dispatched[0].clone();
    let forgotten = world.store.write(|tx| tx.delete_old_events(2, 100)).await.unwrap();
    assert_eq!(forgotten, 3);
    let younger = dispatch(&world, &world.scope, 2).await;
    let mut follower = feeds.follow(world.scope.clone(), Some(gone)).await.unwrap();
    assert_eq!(next(&mut follower, 2).await, younger);
}
