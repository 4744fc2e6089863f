//! The accounts: one client each, whose API key can be rotated.

use std::{
    collections::BTreeMap,
    error::Error,
    fs,
    path::Path,
    sync::{Arc, PoisonError, RwLock},
};

use vambe_api::{Client, ClientBuilder};

/// The clients by account. Cheap to clone; the clones are the same accounts.
#[derive(Clone, Debug, Default)]
pub(crate) struct Accounts(Arc<RwLock<BTreeMap<String, Client>>>);

impl Accounts {
    /// Reads the API key of each account from the file of its name, and replaces all clients at once.
    ///
    /// Calls in flight keep their client. `builder` has the settings that all accounts share.
    pub(crate) fn load(&self, folder: &Path, builder: ClientBuilder) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut clients = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            // Kubernetes keeps the files of a secret in hidden folders, and links to them.
            if let Some(account) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_file()) {
                let key = fs::read_to_string(&path)?;
                clients.insert(account.to_owned(), builder.clone().api_key(key.trim_end()).build()?);
            }
        }
        *self.0.write().unwrap_or_else(PoisonError::into_inner) = clients;
        Ok(())
    }

    pub(crate) fn client(&self, account: &str) -> Option<Client> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }
}
