//! Sends the requests of the generated client and reads the responses, in the same way for every operation.

mod credentials;
mod exchange;
mod extra;
mod handover;
mod http;
mod media;
mod observe;
mod request;
mod respond;
mod settings;
mod state;

use std::{borrow::Cow, collections::BTreeMap, fmt, pin::pin, sync::Arc};

use reqwest::Url;
use serde::de::DeserializeOwned;
use tokio::time::Instant;
use tracing::{Instrument as _, Span};

use crate::{
    CallOptions, ConfigError, Drift, Error, InvalidRequest, Operation, Response, TransportError,
    call::{self, AttemptFailure, Attempts, Budget, CallConfig, CallFailure, Gate, Limits, TimeLimits},
    config::{ApiKey, BaseUrl},
    drift,
    raw::operations,
    redact::Redactor,
    reported_drifts::ReportedDrifts,
    trace,
};

use credentials::{Credentials, CurrentCredentials};
use exchange::exchange;
pub(crate) use exchange::{Answer, AttemptError};
use extra::Extra;
use handover::Handover;
pub(crate) use http::HttpSettings;
use media::ReadBody;
use observe::CallWatch;
pub(crate) use request::FORM;
pub use request::Request;
use respond::respond;
pub(crate) use settings::Settings;

/// The connections, base URL, API key, limits and retries that requests are sent with.
///
/// Cheap to clone; the clones share connections, limits and the retry budget. It is public so that code generated elsewhere can
/// use the transport of a [`Client`](crate::Client).
#[derive(Clone)]
pub struct Transport {
    shared: Arc<Shared>,
    options: CallOptions,
    /// `None` for a call without headers and account of its own, the usual case.
    extra: Option<Arc<Extra>>,
}

struct Shared {
    http: reqwest::Client,
    http_settings: HttpSettings,
    base_url: BaseUrl,
    /// The URLs of operations without path parameters, by path: parsing a URL takes a tenth of a call.
    urls: BTreeMap<&'static str, Url>,
    credentials: CurrentCredentials,
    gate: Gate,
    budget: Budget,
    limits: Arc<Limits>,
    settings: Settings,
    reported_drifts: ReportedDrifts,
}

impl Transport {
    /// Creates a transport with the connections of `pool`, or with its own.
    pub(crate) fn new(
        api_key: ApiKey,
        base_url: BaseUrl,
        http: HttpSettings,
        pool: Option<reqwest::Client>,
        settings: Settings,
    ) -> Result<Self, ConfigError> {
        let paths = operations::ALL.iter().map(|operation| operation.path).filter(|path| !path.contains('{'));
        let options = settings.options;
        let shared = Shared {
            http: pool.map_or_else(|| http.build(&base_url), Ok)?,
            urls: paths.filter_map(|path| Some((path, format!("{}{path}", base_url.text).parse().ok()?))).collect(),
            credentials: CurrentCredentials::new(Credentials::new(&base_url, api_key, http.user_agent()?)),
            base_url,
            http_settings: http,
            gate: Gate::default(),
            budget: Budget::new(settings.retry_budget),
            limits: Arc::new(settings.limits()),
            settings,
            reported_drifts: ReportedDrifts::default(),
        };
        Ok(Self { shared: Arc::new(shared), options, extra: None })
    }

    /// Returns the HTTP client. It does not have the API key, which [`send`](Self::send) adds.
    pub fn http(&self) -> &reqwest::Client {
        &self.shared.http
    }

    /// Returns the base URL, without a trailing slash.
    pub fn base_url(&self) -> &str {
        &self.shared.base_url.text
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
    pub fn send<T: DeserializeOwned + 'static>(
        &self,
        request: Request<'_>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        self.send_and_read(request, drift::read_success)
    }

    fn send_and_read<T>(
        &self,
        mut request: Request<'_>,
        read: ReadBody<T>,
    ) -> impl Future<Output = Result<Response<T>, Error>> {
        if let Some(extra) = &self.extra {
            request.add_headers(&extra.headers);
        }
        // A block, since the future of an `async fn` has room for each argument twice.
        async move {
            let Shared { base_url, settings, gate, budget, limits, .. } = &*self.shared;
            let operation = request.operation;
            let _in_flight = gate.enter().ok_or(Error::Drained)?;
            let credentials = self.shared.credentials.get();
            let config = CallConfig {
                operation,
                options: self.options,
                backoff: settings.backoff,
                budget,
                limits,
                random: call::random,
            };
            let span = trace::call(operation, base_url, self.account());
            let mut watch = self.watch(operation);
            let watched = watch.as_mut().map(|watch| watch as _);
            let attempts = call::run(&config, |deadline| self.exchange(&request, &credentials, deadline), watched);
            // Pinned here: a future is copied wherever it is moved, and this one is large.
            let result = pin!(attempts).instrument(span.clone()).await;
            let limits = TimeLimits::for_call(self.options);
            self.read(&request, &credentials, &span, limits, result, watch, read)
        }
    }

    /// Makes a single attempt for a run, with the permit that the run has acquired. There is no retry and no call time-out.
    #[cfg(feature = "bulk")]
    pub(crate) async fn send_once<T: DeserializeOwned + 'static>(
        &self,
        request: &Request<'_>,
        mut permit: call::Permit,
    ) -> Result<Response<T>, Error> {
        let Shared { base_url, gate, limits, .. } = &*self.shared;
        let operation = request.operation;
        let _in_flight = gate.enter().ok_or(Error::Drained)?;
        let credentials = self.shared.credentials.get();
        let mut watch = self.watch(operation);
        let span = trace::call(operation, base_url, self.account());
        let attempt = async {
            let deadline = loop {
                let deadline = call::after(Instant::now(), self.options.attempt_timeout);
                if permit.begin(deadline) {
                    break deadline;
                }
                // The permit lapsed because the runtime was blocked.
                let acquired = limits.acquire(call::after(Instant::now(), std::time::Duration::MAX)).await;
                permit =
                    acquired.map_err(|blocked| (CallFailure::NoSlot(blocked), Attempts::new(operation.idempotent)))?;
            };
            let begun = Instant::now();
            let result = self.exchange(request, &credentials, deadline).await;
            call::finish(limits, permit, call::random, &result);
            if let Some(watch) = &mut watch {
                call::Watch::attempt_ended(watch, 1, std::time::Duration::ZERO, begun.elapsed(), &result);
            }
            result.map(|answer| (answer, 1)).map_err(|failure| {
                let mut attempts = Attempts::new(operation.idempotent);
                attempts.push(failure.attempt);
                trace::attempt_failed(1, failure.attempt, &failure.error, None);
                (CallFailure::Attempt(failure.error), attempts)
            })
        };
        let result = pin!(attempt).instrument(span.clone()).await;
        let (limits, read) = (TimeLimits::for_attempt(self.options), drift::read_success);
        self.read(request, &credentials, &span, limits, result, watch, read)
    }

    fn exchange(
        &self,
        request: &Request<'_>,
        credentials: &Credentials,
        deadline: Instant,
    ) -> impl Future<Output = Result<Answer, AttemptFailure<AttemptError>>> {
        let shared = &*self.shared;
        let handover = Handover::watch(deadline, shared.http_settings.connect_timeout);
        let response = respond(shared, request, credentials, handover.clone());
        exchange(response, shared.settings.max_body_bytes, deadline, handover)
    }

    /// Returns the observation of a call that begins, if there is an observer.
    fn watch<'a>(&'a self, operation: &'a Operation) -> Option<CallWatch<'a>> {
        let Shared { settings, base_url, .. } = &*self.shared;
        Some(CallWatch::start(settings.observer.as_deref()?, operation, base_url, self.account()))
    }

    /// Converts the result of a call, and reports it and its drifts.
    #[allow(clippy::too_many_arguments)]
    fn read<T>(
        &self,
        request: &Request<'_>,
        credentials: &Credentials,
        span: &Span,
        limits: TimeLimits,
        result: Result<(Answer, u32), (CallFailure<AttemptError>, Attempts)>,
        watch: Option<CallWatch<'_>>,
        read: ReadBody<T>,
    ) -> Result<Response<T>, Error> {
        let operation = request.operation;
        let _entered = span.enter();
        let redactor = request.redactor(&credentials.api_key);
        let report = |drift: Drift| self.report_drift(drift, &redactor);
        let result = match result {
            Ok((Answer { status, headers, body }, attempts)) => {
                trace::finished(span, operation, Some(status), attempts, None);
                let body = read(operation, status, &body, &report);
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
        };
        if let Some(watch) = watch {
            watch.end(&result);
        }
        result
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
