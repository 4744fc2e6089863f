//! The clients that `generated` adds its methods to. Inherent methods need types of this crate: the call is the text of the
//! client's own, and the clients are as small as can be.

#[path = "../vambe-api/src/operation_call.rs"]
pub(crate) mod operation_call;

use operation_call::Call;
use vambe_api::{InvalidRequest, Transport};

pub(crate) struct Client {
    transport: Transport,
}

impl Client {
    /// A client with the connections and settings of a real one.
    pub(crate) fn new(client: &vambe_api::Client) -> Self {
        Self { transport: client.raw().transport().clone() }
    }

    pub(crate) fn call<I>(&self, input: impl FnOnce() -> Result<I, InvalidRequest>) -> Call<I> {
        Call::new(&self.transport, input())
    }
}

pub(crate) mod blocking {
    use vambe_api::{Error, Response};

    use super::operation_call::{Async, Call, CallInput};

    pub(crate) struct Client(super::Client);

    impl Client {
        pub(crate) fn new(client: &vambe_api::Client) -> Self {
            Self(super::Client::new(client))
        }

        pub(crate) fn client(&self) -> &super::Client {
            &self.0
        }

        pub(crate) fn call<I>(&self, call: Call<I>) -> Call<I, Blocking> {
            call.in_mode(Blocking)
        }
    }

    pub(crate) struct Blocking;

    impl<I: CallInput> Call<I, Blocking> {
        pub(crate) fn send(self) -> Result<Response<I::Output>, Error> {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(self.in_mode(Async).into_future())
        }
    }
}
