//! Names to addresses. One look-up per connection: the addresses that were checked are the ones that are connected to, so
//! a name that answers differently the second time gains nothing. One bad address refuses the whole name.

use std::{
    io,
    net::{IpAddr, SocketAddr, ToSocketAddrs as _},
    sync::Arc,
};

use async_trait::async_trait;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;

use super::address;
use crate::base::config::Network;

/// Look-ups at the same time: each holds a thread until the name server answers or the system gives up.
const LOOK_UPS: usize = 64;

/// Where names come from.
#[async_trait]
pub(crate) trait Resolver: Send + Sync {
    /// Every address of the name; none is an error.
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>>;
}

/// The resolver of the operating system.
#[derive(Debug)]
pub(crate) struct SystemResolver {
    turns: Arc<Semaphore>,
}

impl Default for SystemResolver {
    fn default() -> Self {
        Self {
            turns: Arc::new(Semaphore::new(LOOK_UPS)),
        }
    }
}

#[async_trait]
impl Resolver for SystemResolver {
    async fn resolve(&self, host: &str) -> io::Result<Vec<IpAddr>> {
        let turn = Arc::clone(&self.turns)
            .acquire_owned()
            .await
            .map_err(io::Error::other)?;
        let host = host.to_owned();
        let look_up = tokio::task::spawn_blocking(move || {
            let _turn = turn;
            (host.as_str(), 0)
                .to_socket_addrs()
                .map(|found| found.map(|address| address.ip()).collect())
        });
        look_up.await.map_err(io::Error::other)?
    }
}

/// The name leads to an address that may not be connected to.
#[derive(Debug, thiserror::Error)]
#[error("the name resolves to an address that is not allowed")]
pub(super) struct RefusedName;

/// There is no such name.
#[derive(Debug, thiserror::Error)]
#[error("the name has no address")]
pub(super) struct UnknownName;

/// A resolver whose answers are checked.
#[derive(Clone)]
pub(super) struct Checked {
    pub(super) resolver: Arc<dyn Resolver>,
    pub(super) excepted: Arc<[Network]>,
    #[cfg(test)]
    pub(super) weakened: super::testing::Weakened,
}

impl Checked {
    /// Every address of the name.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, Box<dyn std::error::Error + Send + Sync>> {
        let found = self.resolver.resolve(host).await.map_err(|_| UnknownName)?;
        if found.is_empty() {
            return Err(UnknownName.into());
        }
        #[cfg(test)]
        if self.weakened == super::testing::Weakened::Resolver {
            return Ok(found);
        }
        match found.iter().all(|address| address::admitted(*address, &self.excepted)) {
            true => Ok(found),
            false => Err(RefusedName.into()),
        }
    }
}

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let checked = self.clone();
        Box::pin(async move {
            let found = checked.addresses(name.as_str()).await?;
            let addresses: Addrs = Box::new(found.into_iter().map(|address| SocketAddr::new(address, 0)));
            Ok(addresses)
        })
    }
}
