//! What API keys and admin tokens have in common: they are listed, created, rotated and revoked at one path of the admin API.

use aerocall_api_types::{Deleted, Timestamp};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Value, json};

use crate::{
    Failed,
    manage::{Common, Request},
    target::Reach,
    terminal::{self, plain},
};

/// The keys of an environment, or the tokens of a server or a project.
pub(crate) struct Credentials {
    common: Common,
    reach: Reach,
    path: Vec<String>,
}

impl Credentials {
    /// `place`: the parts of their path.
    pub(crate) fn at(
        common: Common,
        place: impl for<'r> FnOnce(&'r Reach) -> Result<Vec<&'r str>, Failed>,
    ) -> Result<Self, Failed> {
        let reach = common.reach()?;
        let path = place(&reach)?.into_iter().map(str::to_owned).collect();
        Ok(Self { common, reach, path })
    }

    pub(crate) async fn list<T>(self, show: fn(&T)) -> Result<(), Failed>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
    {
        let request = self.request("GET", &[]);
        self.common.send(self.reach, request, show).await
    }

    pub(crate) async fn create<T>(self, new: Value, expiry: Expiry, show: fn(&T)) -> Result<(), Failed>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
    {
        let request = self.request("POST", &[]).with(expiry.put(new));
        self.common.send(self.reach, request, show).await
    }

    pub(crate) async fn rotate<T>(self, id: &str, overlap: Overlap, show: fn(&T)) -> Result<(), Failed>
    where
        T: DeserializeOwned + Serialize + Send + 'static,
    {
        let request = self.request("POST", &[id, "rotate"]).with(overlap.body());
        self.common.send(self.reach, request, show).await
    }

    pub(crate) async fn revoke(self, id: &str) -> Result<(), Failed> {
        let request = self.request("DELETE", &[id]);
        let show = |gone: &Deleted| terminal::answer(format!("revoked {}", plain(&gone.deleted)));
        self.common.send(self.reach, request, show).await
    }

    fn request(&self, method: &'static str, rest: &[&str]) -> Request {
        let path: Vec<&str> = self
            .path
            .iter()
            .map(String::as_str)
            .chain(rest.iter().copied())
            .collect();
        Request::new(method, &path)
    }
}

/// When a key or token was used last and when it expires, for a list.
pub(crate) fn times(last_used: Option<&Timestamp>, expires: Option<&Timestamp>) -> String {
    let used = last_used.map_or("never used".to_owned(), |at| format!("used {}", plain(at.as_str())));
    let until = expires.map_or(String::new(), |at| format!("  until {}", plain(at.as_str())));
    used + &until
}

/// When a new key or token expires.
#[derive(clap::Args)]
pub(crate) struct Expiry {
    /// When it stops working, such as 2027-01-31T12:00:00Z [default: when it is revoked]
    #[arg(long, value_name = "TIME")]
    expires_at: Option<String>,
}

impl Expiry {
    fn put(self, mut body: Value) -> Value {
        if let Some(time) = self.expires_at {
            body["expiresAt"] = time.into();
        }
        body
    }
}

/// What happens to the old key or token.
#[derive(clap::Args)]
pub(crate) struct Overlap {
    /// How long the old one stays valid
    #[arg(long, value_name = "SECONDS", default_value_t = 0)]
    overlap_seconds: u32,
}

impl Overlap {
    fn body(self) -> Value {
        json!({ "overlapSeconds": self.overlap_seconds })
    }
}
