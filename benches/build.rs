//! Generates progenitor's client like `generate_api!`, for the contender of that name.

fn main() -> Result<(), Box<dyn std::error::Error>> {
    println!("cargo::rerun-if-changed=../openapi/vambe.yaml");
    #[cfg(feature = "contenders")]
    progenitor::write()?;
    Ok(())
}

#[cfg(feature = "contenders")]
mod progenitor {
    use std::{env, error::Error, fs, path::Path};

    pub(super) fn write() -> Result<(), Box<dyn Error>> {
        let spec = serde_saphyr::from_str(&fs::read_to_string("../openapi/vambe.yaml")?)?;
        let code = progenitor::Generator::default().generate_tokens(&spec)?.to_string();
        Ok(fs::write(Path::new(&env::var("OUT_DIR")?).join("progenitor.rs"), code)?)
    }
}
