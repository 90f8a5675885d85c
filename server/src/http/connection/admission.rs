//! Who may connect. There are so many connections in all, and so many of one address; a proxy of ours speaks for many
//! clients and is not counted as one. Connections beyond come from a reserve that is never more than a few: they are
//! answered that the server is busy, or that it is alive, and the oldest of them makes room for the next.

use std::{
    collections::{HashMap, VecDeque},
    convert::Infallible,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::oneshot;

use crate::{
    base::config::{HttpConfig, Network},
    observability::metrics::ConnectionFigures,
    security::limits,
};

/// Connections beyond those that are admitted.
pub(crate) const RESERVE: usize = 16;
/// How often the log says that connections are refused.
const WARNING: Duration = Duration::from_secs(60);

/// The connections of a server.
#[derive(Debug)]
pub(crate) struct Admissions {
    most: usize,
    most_of_address: usize,
    proxies: Vec<Network>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    all: usize,
    /// By client, as limits count them. None of a proxy.
    addresses: HashMap<String, usize>,
    /// One for each connection from the reserve: dropped, it ends that connection.
    reserve: VecDeque<oneshot::Sender<Infallible>>,
    warned: Option<Instant>,
    /// Since the start: because there were too many in all, and of one address.
    refused: [u64; 2],
}

/// What a connection may do.
#[derive(Debug)]
pub(super) enum Admission {
    /// Everything, as long as it has its place.
    Admitted { _place: Place },
    /// To hear that the server is busy. It ends when what is here does.
    Reserve(oneshot::Receiver<Infallible>),
}

/// One of the connections that there may be.
#[derive(Debug)]
pub(super) struct Place {
    all: Arc<Admissions>,
    client: Option<String>,
}

impl Admissions {
    /// `most`: what the settings say, or what the process can have.
    pub(crate) fn new(config: &HttpConfig, most: usize) -> Self {
        Self {
            most,
            most_of_address: config.connections_per_address.min(most / 2).max(1),
            proxies: config.trusted_proxies.clone(),
            state: Mutex::default(),
        }
    }

    /// Lets a new connection in. `None`: its address is not known.
    pub(super) fn admit(self: &Arc<Self>, address: Option<IpAddr>) -> Admission {
        let is_proxy = |address: IpAddr| self.proxies.iter().any(|proxy| proxy.contains(address));
        let client = address.filter(|address| !is_proxy(*address));
        let client = client.map(|address| limits::client(&address.to_string()));
        let mut state = self.state();
        let of_client = client.as_ref().and_then(|client| state.addresses.get(client).copied());
        if state.all >= self.most || of_client.unwrap_or(0) >= self.most_of_address {
            let of_all = state.all >= self.most;
            state.refused[usize::from(!of_all)] += 1;
            state.warn(if of_all { "all" } else { "one address" });
            return Admission::Reserve(state.reserved());
        }
        state.all += 1;
        if let Some(client) = &client {
            *state.addresses.entry(client.clone()).or_default() += 1;
        }
        let all = Arc::clone(self);
        Admission::Admitted {
            _place: Place { all, client },
        }
    }

    /// For metrics.
    pub(crate) fn figures(&self) -> ConnectionFigures {
        let state = self.state();
        let [all, of_address] = state.refused;
        ConnectionFigures {
            open: state.all,
            refused: [("connections", all), ("connections_per_address", of_address)],
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn reserved(&mut self) -> oneshot::Receiver<Infallible> {
        self.reserve.retain(|connection| !connection.is_closed());
        while self.reserve.len() >= RESERVE {
            self.reserve.pop_front();
        }
        let (ends, ended) = oneshot::channel();
        self.reserve.push_back(ends);
        ended
    }

    fn warn(&mut self, of: &str) {
        if self.warned.is_none_or(|at| at.elapsed() > WARNING) {
            self.warned = Some(Instant::now());
            tracing::warn!(
                of,
                connections = self.all,
                "connections are refused: see http.connections and http.connections_per_address, and name your proxy in http.trusted_proxies"
            );
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut state = self.all.state();
        state.all -= 1;
        let Some(client) = &self.client else { return };
        if let Some(count) = state.addresses.get_mut(client) {
            *count -= 1;
            if *count == 0 {
                state.addresses.remove(client);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::config::{Config, ConfigSources};

    fn admissions(most: usize, of_address: usize) -> Arc<Admissions> {
        let env = [
            ("AEROCALL_HTTP_CONNECTIONS_PER_ADDRESS", of_address.to_string()),
            ("AEROCALL_HTTP_TRUSTED_PROXIES", "10.0.0.0/8".to_owned()),
        ];
        let config = Config::load(&ConfigSources {
            env: env.map(|(name, value)| (name.to_owned(), value)).to_vec(),
            ..ConfigSources::default()
        });
        Arc::new(Admissions::new(&config.unwrap().http, most))
    }

    /// How many of so many connections of these addresses, in turn, are admitted.
    fn admitted(admissions: &Arc<Admissions>, addresses: &[&str], count: usize) -> Vec<Admission> {
        let all = addresses.iter().cycle().take(count);
        let all = all.map(|address| admissions.admit(Some(address.parse().unwrap())));
        all.filter(|admission| matches!(admission, Admission::Admitted { .. }))
            .collect()
    }

    #[test]
    fn an_address_a_network_and_all_together_have_so_many_and_a_proxy_has_all() {
        for (addresses, count) in [
            (&["192.0.2.1"][..], 4),
            (&["192.0.2.1", "192.0.2.2"], 8),
            (&["2001:db8::1", "2001:db8::2"], 4),
            (&["2001:db8::1", "2001:db8:0:1::1"], 8),
            (&["::ffff:192.0.2.1", "192.0.2.1"], 4),
            (&["192.0.2.1", "192.0.2.2", "192.0.2.3", "192.0.2.4"], 10),
            (&["10.0.0.1"], 10),
        ] {
            let admissions = admissions(10, 4);
            let held = admitted(&admissions, addresses, 30);
            assert_eq!(held.len(), count, "{addresses:?}");
            drop(held);
            assert_eq!(
                admitted(&admissions, addresses, 30).len(),
                count,
                "again, {addresses:?}"
            );
            assert!(admissions.state().addresses.is_empty());
            let [(_, of_all), (_, of_address)] = admissions.figures().refused;
            assert_eq!(of_all + of_address, 2 * (30 - count as u64), "{addresses:?}");
            assert_eq!(of_all > 0, count == 10, "{addresses:?}");
        }
        assert_eq!(
            admitted(&admissions(10, 100), &["192.0.2.1"], 30).len(),
            5,
            "half of all"
        );
    }

    #[test]
    fn the_reserve_is_never_more_than_a_few_and_the_oldest_makes_room() {
        let admissions = admissions(1, 1);
        let _held = admissions.admit(None);
        let reserve = |count: usize| -> Vec<_> {
            let all = (0..count).map(|_| match admissions.admit(None) {
                Admission::Reserve(ended) => ended,
                Admission::Admitted { .. } => panic!("there is no place"),
            });
            all.collect()
        };
        let mut all = reserve(RESERVE + 3);
        let ended = all
            .iter_mut()
            .map(|ended| ended.try_recv() == Err(oneshot::error::TryRecvError::Closed));
        let ended: Vec<bool> = ended.collect();
        assert_eq!(ended.iter().position(|ended| !ended), Some(3));
        assert!(ended[3..].iter().all(|ended| !ended));
    }
}
