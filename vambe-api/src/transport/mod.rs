//! How a request of the generated client is sent, and what becomes of the answer; the same for every operation.

mod exchange;
mod http;

use std::{fmt, sync::Arc};

use reqwest::RequestBuilder;
use serde::de::DeserializeOwned;
use tracing::Instrument as _;

use crate::{
    CallOptions, ConfigError, Drift, Error, InvalidRequest, Operation, RateLimit, Response, TransportError,
    call::{self, Backoff, Budget, GiveUp, Limits, Rules},
    config::{ApiKey, BaseUrl},
    drift,
    private::Private,
    trace,
};

use exchange::{API_KEY, exchange};
pub(crate) use exchange::{Answer, Failed};
pub(crate) use http::HttpSettings;

/// What requests are sent through: connections, base URL and API key, time limits and retries.
///
/// Cheap to clone; the clones share their connections, limits and retries. It is public so that code which is generated
/// elsewhere from the same kind of spec can be given the one of a [`Client`](crate::Client).
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: CallOptions,
}

struct Shared {
    http: reqwest::Client,
    base_url: BaseUrl,
    api_key: ApiKey,
    backoff: Backoff,
    budget: Budget,
    limits: Limits,
    max_body_bytes: usize,
    on_drift: Option<Arc<OnDrift>>,
}

type OnDrift = dyn Fn(&Drift) + Send + Sync;

/// What can be set on calls.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) options: CallOptions,
    pub(crate) backoff: Backoff,
    pub(crate) retry_budget: u32,
    pub(crate) rate_limit: Option<RateLimit>,
    pub(crate) max_in_flight: Option<usize>,
    pub(crate) max_body_bytes: usize,
    pub(crate) on_drift: Option<Arc<OnDrift>>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            options: CallOptions::default(),
            backoff: Backoff::DEFAULT,
            retry_budget: Budget::DEFAULT_RETRIES,
            rate_limit: None,
            max_in_flight: None,
            // The documented answers are under 100 bytes.
            max_body_bytes: 64 * 1024,
            on_drift: None,
        }
    }
}

impl Transport {
    pub(crate) fn new(
        api_key: ApiKey,
        base_url: BaseUrl,
        http: &HttpSettings,
        settings: Settings,
    ) -> Result<Self, ConfigError> {
        let http = http.build(&base_url)?;
        let Settings { options, backoff, retry_budget, rate_limit, max_in_flight, max_body_bytes, on_drift } = settings;
        let (budget, limits) = (Budget::new(retry_budget), Limits::new(rate_limit, max_in_flight));
        let shared = Shared { http, base_url, api_key, backoff, budget, limits, max_body_bytes, on_drift };
        Ok(Self { shared: Arc::new(shared), options })
    }

    /// The HTTP client; the API key is not in it, [`send`](Self::send) adds it.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// The base URL, without a slash at the end.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url.text
    }

    /// The time limits and attempts of the calls.
    pub fn options(&self) -> CallOptions {
        self.options
    }

    /// The client's own limits, for who waits for them before a call.
    #[cfg(feature = "bulk")]
    pub(crate) fn limits(&self) -> &Limits {
        &self.shared.limits
    }

    /// The waits between attempts, for who makes the attempts itself.
    #[cfg(feature = "bulk")]
    pub(crate) fn backoff(&self) -> Backoff {
        self.shared.backoff
    }

    /// The same connections, limits and retries, with other options for the calls.
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { shared: Arc::clone(&self.shared), options }
    }

    /// Makes a call: sends a request of an operation with the API key, up to the number of attempts that the options allow,
    /// and reads the answer.
    ///
    /// Any status from 200 to 299 is a success, whatever the body. Dropping the future ends the call; what was sent by then
    /// may have been applied.
    ///
    /// # Errors
    ///
    /// [`Error`], of any kind from [`InvalidRequest`](Error::InvalidRequest) on.
    pub async fn send<T: DeserializeOwned + 'static>(
        &self,
        operation: &Operation,
        request: RequestBuilder,
    ) -> Result<Response<T>, Error> {
        let Shared { http, base_url, api_key, backoff, budget, limits, max_body_bytes, .. } = &*self.shared;
        let request = request
            .header(API_KEY, api_key.header())
            .build()
            .map_err(|error| InvalidRequest::Http(TransportError::new(error)))?;
        let rules =
            Rules { operation, options: self.options, backoff: *backoff, budget, limits, random: fastrand::f64 };
        let span = trace::call(operation, base_url);

        let mut request = Some(request);
        let attempt = |deadline| {
            // A body that is not in memory, which no operation has yet, can be sent once.
            let next = request.as_ref()?.try_clone().or_else(|| request.take())?;
            Some(exchange(http, next, *max_body_bytes, deadline))
        };
        let result = call::run(&rules, attempt).instrument(span.clone()).await;

        let _entered = span.enter();
        // Everything private that was sent, so that none of it is shown where the server repeats it.
        let private = || {
            // The key is among its headers; a body that could be sent only once has gone with the request.
            match &request {
                Some(request) => Private::of_request(request, operation.path),
                None => Private::new([], [api_key.text()]),
            }
        };
        let tell = |drift: Drift| self.tell(&drift.hide(&private()));
        match result {
            Ok((Answer { status, headers, body }, attempts)) => {
                trace::finished(&span, operation, Some(status), attempts, None);
                let body = drift::read_success(operation, status, &body.bytes, &tell);
                Ok(Response::new(status, headers, body, attempts))
            }
            Err((give_up, attempts)) => {
                if let GiveUp::Failed(Failed::Answer(Answer { status, body, .. })) = &give_up {
                    drift::check_error(operation, *status, &body.bytes, &tell);
                }
                let error = Error::from_call(give_up, attempts, self.options, &private());
                trace::finished(&span, operation, error.status(), error.attempts(), Some(error.kind()));
                Err(error)
            }
        }
    }

    fn tell(&self, drift: &Drift) {
        trace::drift(drift);
        if let Some(tell) = &self.shared.on_drift {
            tell(drift);
        }
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport")
            .field("base_url", &self.shared.base_url.text)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
