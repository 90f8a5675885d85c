//! How much of one kind of work may be under way at the same time, and who still has room. Jobs, webhook deliveries and mails
//! count with it; it knows none of them.
//!
//! Work comes in lanes: what one receiver, one mail server or one project gets. A lane has a place of its own, as long as there
//! are any, and shares the rest with others: first with its project's, then with everybody's. So nobody who has nothing under
//! way waits for what somebody else's slow receiver holds.

use std::collections::HashMap;

/// The numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct PlaceLimits {
    /// Places that all lanes share.
    pub(crate) shared: usize,
    /// Of those, for one project.
    pub(crate) shared_per_project: usize,
    /// For one lane, its own place included.
    pub(crate) per_lane: usize,
    /// Lanes that have a place of their own at the same time.
    pub(crate) own: usize,
    /// Of those, of one project.
    pub(crate) own_per_project: usize,
}

/// What is taken.
#[derive(Clone, Debug)]
pub(crate) struct Places {
    limits: PlaceLimits,
    all: Taken,
    projects: HashMap<String, Taken>,
    lanes: HashMap<String, Lane>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Taken {
    shared: usize,
    own: usize,
}

/// A lane with something under way.
#[derive(Clone, Debug)]
struct Lane {
    project: String,
    under_way: usize,
    /// As many as it may have for now.
    most: usize,
    has_own: bool,
}

impl Places {
    pub(crate) fn new(limits: PlaceLimits) -> Self {
        Self {
            limits,
            all: Taken::default(),
            projects: HashMap::new(),
            lanes: HashMap::new(),
        }
    }

    /// Nothing more may begin.
    pub(crate) fn none() -> Self {
        Self::new(PlaceLimits {
            shared: 0,
            shared_per_project: 0,
            per_lane: 0,
            own: 0,
            own_per_project: 0,
        })
    }

    /// Whether anybody may have room.
    pub(crate) fn has_room(&self) -> bool {
        self.all.shared < self.limits.shared || self.all.own < self.limits.own
    }

    /// How many more the lane may begin, if it may have `most` at the same time.
    pub(crate) fn free(&self, project: &str, lane: &str, most: usize) -> usize {
        let known = self.lanes.get(lane);
        let under_way = known.map_or(0, |lane| lane.under_way);
        let left = most.min(self.limits.per_lane).saturating_sub(under_way);
        let own = usize::from(known.is_none() && self.has_own_for(project));
        left.min(own + self.shared_for(project))
    }

    /// Lanes with something under way that may begin nothing more.
    pub(crate) fn full_lanes(&self) -> impl Iterator<Item = &str> {
        let is_full = |(name, lane): &(&String, &Lane)| self.free(&lane.project, name, lane.most) == 0;
        self.lanes.iter().filter(is_full).map(|(name, _)| name.as_str())
    }

    /// A place of the lane, which may have `most`, is taken.
    pub(crate) fn take(&mut self, project: &str, lane: &str, most: usize) {
        let has_own = !self.lanes.contains_key(lane) && self.has_own_for(project);
        let known = self.lanes.entry(lane.to_owned()).or_insert_with(|| Lane {
            project: project.to_owned(),
            under_way: 0,
            most,
            has_own,
        });
        known.under_way += 1;
        known.most = most;
        let of_project = self.projects.entry(project.to_owned()).or_default();
        for taken in [&mut self.all, of_project] {
            match has_own {
                true => taken.own += 1,
                false => taken.shared += 1,
            }
        }
    }

    /// A place of the lane is free again. Its own one comes last.
    pub(crate) fn give_back(&mut self, lane: &str) {
        let Some(known) = self.lanes.get_mut(lane) else { return };
        known.under_way -= 1;
        let (is_over, project) = (known.under_way == 0, known.project.clone());
        let was_own = is_over && known.has_own;
        if is_over {
            self.lanes.remove(lane);
        }
        let Some(of_project) = self.projects.get_mut(&project) else {
            return;
        };
        for taken in [&mut self.all, &mut *of_project] {
            match was_own {
                true => taken.own -= 1,
                false => taken.shared -= 1,
            }
        }
        if of_project.own + of_project.shared == 0 {
            self.projects.remove(&project);
        }
    }

    fn of_project(&self, project: &str) -> Taken {
        self.projects.get(project).copied().unwrap_or_default()
    }

    fn has_own_for(&self, project: &str) -> bool {
        self.all.own < self.limits.own && self.of_project(project).own < self.limits.own_per_project
    }

    fn shared_for(&self, project: &str) -> usize {
        let of_all = self.limits.shared.saturating_sub(self.all.shared);
        let of_project = self
            .limits
            .shared_per_project
            .saturating_sub(self.of_project(project).shared);
        of_all.min(of_project)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: PlaceLimits = PlaceLimits {
        shared: 6,
        shared_per_project: 4,
        per_lane: 3,
        own: 5,
        own_per_project: 3,
    };

    /// As many as the lane may have.
    fn fill(places: &mut Places, project: &str, lane: &str) -> usize {
        let count = places.free(project, lane, usize::MAX);
        (0..count).for_each(|_| places.take(project, lane, usize::MAX));
        count
    }

    #[test]
    fn a_lane_that_has_nothing_does_not_wait_for_those_that_have_much() {
        let mut places = Places::new(LIMITS);
        let filled = ["a1", "a2", "a3", "a4"].map(|lane| fill(&mut places, "a", lane));
        assert_eq!(
            filled,
            [3, 3, 1, 0],
            "own places, then the project's; three lanes have their own"
        );
        assert_eq!(fill(&mut places, "b", "b1"), 3, "another project");
        assert_eq!(fill(&mut places, "b", "b2"), 1, "nothing is left to share");
        assert_eq!(fill(&mut places, "c", "c1"), 0, "five have their own");
        assert!(!places.has_room());
        places.give_back("b2");
        assert_eq!(fill(&mut places, "c", "c1"), 1);
    }

    #[test]
    fn a_lane_that_may_have_one_has_one() {
        let mut places = Places::new(LIMITS);
        assert_eq!(places.free("a", "a1", 1), 1);
        places.take("a", "a1", 1);
        assert_eq!(places.free("a", "a1", 1), 0);
        assert_eq!(places.full_lanes().collect::<Vec<_>>(), ["a1"]);
        assert_eq!(places.free("a", "a2", 0), 0);
        assert_eq!(Places::none().free("a", "a1", 9), 0);
    }

    /// In any order of beginnings and ends no limit is passed, and in the end everything is free again.
    #[test]
    fn what_is_given_back_is_what_was_taken() {
        let mut seed = 7_u64;
        let mut below = |bound: usize| {
            seed = seed
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap() % bound
        };
        let (mut places, mut held) = (Places::new(LIMITS), Vec::<String>::new());
        for _ in 0..20_000 {
            let (project, lane) = (below(4), below(4));
            let (project, lane) = (format!("p{project}"), format!("p{project}/{lane}"));
            if below(2) == 0 && !held.is_empty() {
                places.give_back(&held.swap_remove(below(held.len())));
            } else if places.free(&project, &lane, 1 + below(4)) > 0 {
                places.take(&project, &lane, 3);
                held.push(lane);
            }
            assert!(places.all.shared <= LIMITS.shared && places.all.own <= LIMITS.own);
            assert_eq!(places.all.shared + places.all.own, held.len());
            let fits = |taken: &Taken| taken.shared <= LIMITS.shared_per_project && taken.own <= LIMITS.own_per_project;
            assert!(places.projects.values().all(fits), "{places:?}");
        }
        held.iter().for_each(|lane| places.give_back(lane));
        assert!(places.lanes.is_empty() && places.projects.is_empty());
        assert_eq!(places.all.shared + places.all.own, 0);
    }
}
