//! The frame of what admins ask of an environment: bearer → environment → what was sent → the work → answer. A handler says
//! what is its own.

use std::sync::Arc;

use actix_web::{
    FromRequest, HttpRequest, HttpResponse, dev,
    http::StatusCode,
    web::{Data, Path, Payload},
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use super::{
    answer::{self, Flows},
    body, client,
};
use crate::{
    app::App,
    base::{error::Result, ids::Scope},
    flows::steps::endpoint::{Admins, Put},
};

/// `/projects/{}/environments/{}`.
pub(crate) type Environment = (String, String);
/// Something in it.
pub(crate) type Member = (String, String, String);
/// Something of that.
pub(crate) type Inner = (String, String, String, String);

/// The names in a path, of which the first two are the environment.
pub(crate) trait Names: DeserializeOwned + 'static {
    fn environment(&self) -> (&str, &str);
}

/// A request about something in an environment.
pub(crate) struct Asked<P> {
    request: HttpRequest,
    flows: Data<Flows>,
    names: P,
}

/// What became of it, still without a status.
pub(crate) struct Done<T> {
    request: HttpRequest,
    result: Result<T>,
}

impl<P: Names> Asked<P> {
    /// Shows something to whoever may see the environment.
    pub(crate) async fn show<T: Serialize>(self, read: impl AsyncFnOnce(&App, Scope, &P) -> Result<T>) -> HttpResponse {
        let shown = async {
            let (project, environment) = self.names.environment();
            let scope = client::admin_scope(&self.request, &self.flows.app, project, environment).await?;
            read(&self.flows.app, scope, &self.names).await
        };
        let result = shown.await;
        answer::of(&self.request, StatusCode::OK, result)
    }

    /// Does something to its end, whether or not the client waits for it.
    pub(crate) async fn act<T, F>(self, work: impl FnOnce(Arc<App>, Admins, P) -> F) -> Done<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let nothing = async |_: &Self| Ok(());
        self.change(nothing, |app, who, names, ()| work(app, who, names)).await
    }

    /// The same with what was sent, which is read once it is known who asks.
    pub(crate) async fn change<I, T, F>(
        self,
        read: impl AsyncFnOnce(&Self) -> Result<I>,
        work: impl FnOnce(Arc<App>, Admins, P, I) -> F,
    ) -> Done<T>
    where
        T: Send + 'static,
        F: Future<Output = Result<T>> + Send + 'static,
    {
        let read = async {
            let (project, environment) = self.names.environment();
            let (scope, by) = client::admin_by(&self.request, &self.flows.app, project, environment).await?;
            let who = Admins {
                scope,
                by,
                request: client::meta(&self.request, &self.flows.app),
            };
            Ok((who, read(&self).await?))
        };
        let read = read.await;
        let Self { request, flows, names } = self;
        let result = match read {
            Ok((who, input)) => flows.run(|app| work(app, who, names, input)).await,
            Err(error) => Err(error),
        };
        Done { request, result }
    }

    /// The object in the body.
    pub(crate) async fn json(&self, payload: Payload, most_bytes: usize) -> Result<Map<String, Value>> {
        body::json(&self.request, payload, most_bytes).await
    }

    /// The same, as large as a setting lets it be.
    pub(crate) async fn usual_json(&self, payload: Payload) -> Result<Map<String, Value>> {
        self.json(payload, self.app().config.http.json_body_bytes).await
    }

    pub(crate) fn app(&self) -> &App {
        &self.flows.app
    }

    pub(crate) fn request(&self) -> &HttpRequest {
        &self.request
    }
}

impl Asked<Member> {
    /// Of the thing in the environment.
    pub(crate) fn name(&self) -> &str {
        &self.names.2
    }
}

impl<T: Serialize> Done<T> {
    pub(crate) fn ok(self) -> HttpResponse {
        answer::of(&self.request, StatusCode::OK, self.result)
    }

    pub(crate) fn created(self) -> HttpResponse {
        answer::of(&self.request, StatusCode::CREATED, self.result)
    }

    pub(crate) fn accepted(self) -> HttpResponse {
        answer::of(&self.request, StatusCode::ACCEPTED, self.result)
    }
}

impl<T: Serialize> Done<Put<T>> {
    /// New or replaced.
    pub(crate) fn put(self) -> HttpResponse {
        answer::of_put(&self.request, self.result)
    }
}

impl<P: Names> FromRequest for Asked<P> {
    type Error = actix_web::Error;
    type Future = std::future::Ready<std::result::Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut dev::Payload) -> Self::Future {
        let mut asked = || {
            Ok(Self {
                request: request.clone(),
                flows: Data::from_request(request, payload).into_inner()?,
                names: Path::<P>::from_request(request, payload).into_inner()?.into_inner(),
            })
        };
        std::future::ready(asked())
    }
}

impl Names for Environment {
    fn environment(&self) -> (&str, &str) {
        (&self.0, &self.1)
    }
}

impl Names for Member {
    fn environment(&self) -> (&str, &str) {
        (&self.0, &self.1)
    }
}

impl Names for Inner {
    fn environment(&self) -> (&str, &str) {
        (&self.0, &self.1)
    }
}
