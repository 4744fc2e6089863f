//! Sends the requests of the generated client and reads the responses, in the same way for every operation.

mod exchange;
mod handover;
mod http;
mod request;
mod settings;

use std::{borrow::Cow, collections::BTreeMap, fmt, sync::Arc, time::Duration};

use reqwest::{Url, header::HeaderMap};
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use crate::{
    CallOptions, ConfigError, Drift, Error, InvalidRequest, Operation, Response, TransportError,
    call::{self, AttemptFailure, Attempts, Budget, CallConfig, CallFailure, Limits, TimeLimits},
    config::{ApiKey, BaseUrl},
    drift,
    raw::operations,
    redact::Redactor,
    reported_drifts::ReportedDrifts,
    trace,
};

use exchange::exchange;
pub(crate) use exchange::{Answer, AttemptError};
use handover::Handover;
pub(crate) use http::HttpSettings;
pub use request::Request;
pub(crate) use settings::Settings;

/// The connections, base URL, API key, limits and retries that requests are sent with.
///
/// Cheap to clone; the clones share connections, limits and the retry budget. It is public so that code generated elsewhere can
/// use the transport of a [`Client`](crate::Client).
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: CallOptions,
}

struct Shared {
    http: reqwest::Client,
    connect_timeout: Duration,
    base_url: BaseUrl,
    /// The URLs of operations without path parameters, by path: parsing a URL takes a tenth of a call.
    urls: BTreeMap<&'static str, Url>,
    api_key: ApiKey,
    common_headers: HeaderMap,
    budget: Budget,
    limits: Arc<Limits>,
    settings: Settings,
    reported_drifts: ReportedDrifts,
}

impl Transport {
    pub(crate) fn new(
        api_key: ApiKey,
        base_url: BaseUrl,
        http: &HttpSettings,
        settings: Settings,
    ) -> Result<Self, ConfigError> {
        let paths = operations::ALL.iter().map(|operation| operation.path).filter(|path| !path.contains('{'));
        let options = settings.options;
        let shared = Shared {
            http: http.build(&base_url)?,
            connect_timeout: http.connect_timeout,
            urls: paths.filter_map(|path| Some((path, format!("{}{path}", base_url.text).parse().ok()?))).collect(),
            common_headers: request::common_headers(&base_url, &api_key, http.user_agent()?),
            base_url,
            api_key,
            budget: Budget::new(settings.retry_budget),
            limits: Arc::new(settings.limits()),
            settings,
            reported_drifts: ReportedDrifts::default(),
        };
        Ok(Self { shared: Arc::new(shared), options })
    }

    /// Returns the HTTP client. It does not have the API key, which [`send`](Self::send) adds.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Returns the base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url.text
    }

    /// Returns the options of calls.
    pub fn options(&self) -> CallOptions {
        self.options
    }

    /// Returns the country in which numbers without `+` are read.
    #[cfg(feature = "national-numbers")]
    pub(crate) fn default_country(&self) -> Option<crate::Country> {
        self.shared.settings.default_country
    }

    /// Returns the limits of the client, for a run that waits for a slot itself.
    #[cfg(feature = "bulk")]
    pub(crate) fn limits(&self) -> &Arc<Limits> {
        &self.shared.limits
    }

    /// Returns the back-off, for a run that retries itself.
    #[cfg(feature = "bulk")]
    pub(crate) fn backoff(&self) -> call::Backoff {
        self.shared.settings.backoff
    }

    /// Returns a transport with other options, which shares connections, limits and the retry budget.
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self { shared: Arc::clone(&self.shared), options }
    }

    /// Creates the request of an operation without parameters in its URL.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Http`] if the path is not valid in a URL.
    pub fn request<'a>(&'a self, operation: &'a Operation) -> Result<Request<'a>, Error> {
        match self.shared.urls.get(operation.path) {
            Some(url) => Ok(Request::new(operation, Cow::Borrowed(url))),
            // An operation of a client that was generated elsewhere.
            None => self.request_at(operation, operation.path),
        }
    }

    /// Creates the request of an operation at an encoded path below the base URL, with an optional encoded query.
    ///
    /// # Errors
    ///
    /// [`InvalidRequest::Http`] if the path is not valid in a URL.
    pub fn request_at<'a>(&'a self, operation: &'a Operation, path: &str) -> Result<Request<'a>, Error> {
        // Always insert the slash: without it, the path could extend the host name.
        let url = format!("{}/{}", self.base_url(), path.strip_prefix('/').unwrap_or(path));
        // Let reqwest parse the URL, so that the error is reqwest's.
        let request = self.http().get(url).build().map_err(|error| InvalidRequest::Http(TransportError::new(error)))?;
        Ok(Request::new(operation, Cow::Owned(request.url().clone())))
    }

    /// Sends a request with the API key, with retries as the options allow, and reads the response.
    ///
    /// Any status from 200 to 299 is a success, whatever the body. Dropping the future ends the call; a request that was
    /// already sent may be applied.
    ///
    /// # Errors
    ///
    /// [`Error`], with any variant except [`Config`](Error::Config).
    pub async fn send<T: DeserializeOwned + 'static>(&self, request: Request<'_>) -> Result<Response<T>, Error> {
        let Shared { base_url, settings, budget, limits, .. } = &*self.shared;
        let operation = request.operation;
        let config = CallConfig {
            operation,
            options: self.options,
            backoff: settings.backoff,
            budget,
            limits,
            random: fastrand::f64,
        };
        let span = trace::call(operation, base_url);
        let result = call::run(&config, |deadline| self.exchange(&request, deadline)).instrument(span.clone()).await;
        self.read(&request, &span, TimeLimits::for_call(self.options), result)
    }

    /// Makes a single attempt for a run, with the permit that the run has acquired. There is no retry and no call time-out.
    #[cfg(feature = "bulk")]
    pub(crate) async fn send_once<T: DeserializeOwned + 'static>(
        &self,
        request: Request<'_>,
        mut permit: call::Permit,
    ) -> Result<Response<T>, Error> {
        let Shared { base_url, limits, .. } = &*self.shared;
        let operation = request.operation;
        let span = trace::call(operation, base_url);
        let attempt = async {
            let deadline = loop {
                let deadline = call::after(Instant::now(), self.options.attempt_timeout);
                if permit.begin(deadline) {
                    break deadline;
                }
                // The permit lapsed because the runtime was blocked.
                let acquired = limits.acquire(call::after(Instant::now(), Duration::MAX)).await;
                permit =
                    acquired.map_err(|blocked| (CallFailure::NoSlot(blocked), Attempts::new(operation.idempotent)))?;
            };
            let attempt = self.exchange(&request, deadline);
            let result = call::once(limits, permit, fastrand::f64, attempt).await;
            result.map(|answer| (answer, 1)).map_err(|failure| {
                let mut attempts = Attempts::new(operation.idempotent);
                attempts.push(failure.attempt);
                trace::attempt_failed(1, failure.attempt, &failure.error, None);
                (CallFailure::Attempt(failure.error), attempts)
            })
        };
        let result = attempt.instrument(span.clone()).await;
        self.read(&request, &span, TimeLimits::for_attempt(self.options), result)
    }

    fn exchange(
        &self,
        request: &Request<'_>,
        deadline: Instant,
    ) -> impl Future<Output = Result<Answer, AttemptFailure<AttemptError>>> {
        let Shared { http, connect_timeout, common_headers, settings, .. } = &*self.shared;
        let handover = Handover::watch(deadline, *connect_timeout);
        let response = http.execute(request.to_http(common_headers, handover.as_ref()));
        exchange(response, settings.max_body_bytes, deadline, handover)
    }

    /// Converts the result of a call, and reports drifts.
    fn read<T: DeserializeOwned + 'static>(
        &self,
        request: &Request<'_>,
        span: &Span,
        limits: TimeLimits,
        result: Result<(Answer, u32), (CallFailure<AttemptError>, Attempts)>,
    ) -> Result<Response<T>, Error> {
        let (operation, api_key) = (request.operation, &self.shared.api_key);
        let _entered = span.enter();
        let redactor = request.redactor(api_key);
        let report = |drift: Drift| self.report_drift(drift, &redactor);
        match result {
            Ok((Answer { status, headers, body }, attempts)) => {
                trace::finished(span, operation, Some(status), attempts, None);
                let body = drift::read_success(operation, status, &body.bytes, &report);
                Ok(Response::new(status, headers, body, attempts))
            }
            Err((failure, attempts)) => {
                if let CallFailure::Attempt(AttemptError::Answer(Answer { status, body, .. })) = &failure {
                    drift::check_error(operation, *status, &body.bytes, &report);
                }
                let error = Error::from_call(failure, attempts, limits, &redactor);
                trace::finished(span, operation, error.status(), error.attempts(), Some(error.kind()));
                Err(error)
            }
        }
    }

    fn report_drift(&self, drift: Drift, redactor: &Redactor<'_>) {
        let Some(drift) = self.shared.reported_drifts.first(drift, redactor) else { return };
        trace::drift(&drift);
        if let Some(report) = &self.shared.settings.on_drift {
            report(&drift);
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
