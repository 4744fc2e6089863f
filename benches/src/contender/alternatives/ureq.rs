//! ureq, a blocking client that does not stand on hyper.

use std::sync::Arc;

use ureq::Agent;

use crate::{
    Failure,
    contender::Contender,
    load::Load,
    update::{API_KEY, Answer, PATH, Update},
};

#[derive(Clone)]
pub(crate) struct Ureq {
    agent: Agent,
    url: Arc<str>,
}

impl Ureq {
    pub(crate) fn new(base_url: &str, in_flight: u64) -> Result<Self, Failure> {
        // By default it keeps three connections to a host.
        let config = Agent::config_builder().max_idle_connections_per_host(in_flight.try_into()?).build();
        Ok(Self { agent: config.into(), url: format!("{base_url}{PATH}").into() })
    }

    fn send(&self, update: &Update<'_>) -> Result<Answer, ureq::Error> {
        let request = self.agent.post(&*self.url).header("x-api-key", API_KEY);
        request.send_json(update)?.into_body().read_json()
    }
}

impl Contender for Ureq {
    /// Makes concurrent calls in threads, as a user of a blocking client does.
    async fn run(&self, load: Load) -> Result<(), Failure> {
        let each = load.calls / load.in_flight;
        let make_calls = |this: Self| (0..each).try_for_each(|_| this.send(&Update::new())?.check());
        if load.in_flight == 1 {
            return make_calls(self.clone());
        }
        std::thread::scope(|scope| {
            let calls = || scope.spawn(|| make_calls(self.clone()));
            let threads: Vec<_> = (0..load.in_flight).map(|_| calls()).collect();
            threads.into_iter().try_for_each(|thread| thread.join().map_err(|_| "a thread has panicked")?)
        })
    }
}
