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
#[derive(Clone, Debug)]
pub(crate) struct Accounts {
    builder: ClientBuilder,
    clients: Arc<RwLock<BTreeMap<String, Client>>>,
}

impl Accounts {
    /// Creates no accounts yet; `builder` has the settings that they share.
    pub(crate) fn new(builder: ClientBuilder) -> Self {
        Self { builder, clients: Arc::default() }
    }

    /// Reads the API key of each account from the file of its name.
    ///
    /// An account keeps its client, with its limits and connections, and gets the new key for its next call.
    pub(crate) fn load(&self, folder: &Path) -> Result<(), Box<dyn Error + Send + Sync>> {
        let mut clients: BTreeMap<String, Client> = BTreeMap::new();
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            // Kubernetes keeps the files of a secret in hidden folders, and links to them.
            let Some(account) = path.file_name().and_then(|name| name.to_str()).filter(|_| path.is_file()) else {
                continue;
            };
            let key = fs::read_to_string(&path)?;
            let client = match self.client(account) {
                Some(client) => {
                    client.set_api_key(key.trim_end())?;
                    client
                }
                None => {
                    // All accounts share the connections of one.
                    let builder = clients.values().next().map_or_else(|| self.builder.clone(), Client::to_builder);
                    builder.api_key(key.trim_end()).account(account).build()?
                }
            };
            clients.insert(account.to_owned(), client);
        }
        *self.clients.write().unwrap_or_else(PoisonError::into_inner) = clients;
        Ok(())
    }

    pub(crate) fn client(&self, account: &str) -> Option<Client> {
        self.clients.read().unwrap_or_else(PoisonError::into_inner).get(account).cloned()
    }
}
