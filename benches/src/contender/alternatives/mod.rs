//! Other crates and generators. They add crates to the build, so they are a feature.

mod middleware;
mod openapi_generator;
mod progenitor;
mod ureq;

use crate::{
    Failure,
    load::{Load, measure},
};

pub(crate) async fn run(name: &str, url: &str, load: Load) -> Result<String, Failure> {
    match name {
        "ureq" => measure(ureq::Ureq::new(url, load.in_flight)?, load).await,
        "reqwest-middleware with reqwest-retry" => measure(middleware::Middleware::new(url)?, load).await,
        "openapi-generator" => measure(openapi_generator::OpenApiGenerator::new(url), load).await,
        "progenitor as it is" => measure(progenitor::Progenitor::new(url)?, load).await,
        _ => Err(format!("there is no contender `{name}`: {:?}", super::NAMES).into()),
    }
}
