//! Encrypted connections to a PostgreSQL server with a certificate of the test's own authority.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown},
    path::Path,
};

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use vambe_api::SharedLimit as _;
use vambe_queue::{Admin, Error, Quota};
use vambe_test_postgres::{Cluster, Shutdown};

use crate::support::{database, hourly, sql};

/// Makes the server offer encryption, with a certificate for 127.0.0.1, and returns the certificate of its authority.
fn encrypt(cluster: &Cluster) -> String {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let certificate = CertificateParams::new(["127.0.0.1".to_owned()]).unwrap().signed_by(&key, &authority).unwrap();
    let folder = cluster.folder().join("data");
    let owner = fs::metadata(&folder).unwrap();
    for (name, text) in [("server.crt", certificate.pem()), ("server.key", key.serialize_pem())] {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        chown(&path, Some(owner.uid()), Some(owner.gid())).unwrap();
    }
    let settings = folder.join("postgresql.conf");
    fs::write(&settings, fs::read_to_string(&settings).unwrap() + "ssl = on\n").unwrap();
    cluster.stop(Shutdown::Fast).unwrap();
    cluster.resume().unwrap();
    authority.pem()
}

fn with_roots(url: &str, file: &Path) -> String {
    format!("{url}?sslrootcert={}", file.display())
}

#[tokio::test]
async fn a_server_is_trusted_by_its_authority_only() {
    let cluster = Cluster::start(&[]).unwrap();
    let (url, _admin) = database(&cluster, "tls", hourly(10)).await;
    let folder = tempfile::tempdir().unwrap();
    let (authority, other) = (folder.path().join("ca.pem"), folder.path().join("other.pem"));
    fs::write(&authority, encrypt(&cluster)).unwrap();
    fs::write(&other, rcgen::generate_simple_self_signed(["127.0.0.1".to_owned()]).unwrap().cert.pem()).unwrap();

    let trusting = with_roots(&url, &authority);
    let quota = Quota::connect(&trusting, "q").await.unwrap();
    quota.take().await.unwrap();
    let encrypted = "select ssl from pg_stat_ssl join pg_stat_activity using (pid) where query like '%quota_take%'
                     and pid <> pg_backend_pid()";
    let sql = sql(&url).await;
    assert!(sql.query_one(encrypted, &[]).await.unwrap().get::<_, bool>(0));

    // The certificate is for 127.0.0.1 only.
    let renamed = trusting.replace("127.0.0.1", "localhost");
    for url in
        [&with_roots(&url, &other), &format!("{url}?sslmode=require"), &format!("{url}?sslmode=prefer"), &renamed]
    {
        let error = Admin::connect(url).await.unwrap_err();
        assert!(matches!(error, Error::Tls(_)), "{url}: {error:?}");
        assert!(error.to_string().contains("`sslrootcert=FILE`"), "{error}");
    }
    Admin::connect(&format!("{url}?sslmode=disable")).await.unwrap();
}

#[tokio::test]
async fn a_server_without_encryption_is_refused_where_it_is_required() {
    let cluster = Cluster::shared().unwrap();
    let (url, _admin) = database(&cluster, "clear", hourly(1)).await;
    for (mode, is_accepted) in [("disable", true), ("prefer", true), ("require", false), ("verify-full", false)] {
        let url = format!("{url}?sslmode={mode}");
        match Quota::connect(&url, "q").await {
            Ok(_) => assert!(is_accepted, "{mode}"),
            Err(Error::Tls(_)) => assert!(!is_accepted, "{mode}"),
            Err(error) => panic!("{mode}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn a_file_without_certificates_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty.pem");
    fs::write(&empty, "no certificate").unwrap();
    for file in [empty, folder.path().join("missing.pem")] {
        let error = Admin::connect(&with_roots("postgres://u@db.example.com/d", &file)).await.unwrap_err();
        assert!(matches!(error, Error::Tls(_)), "{error:?}");
    }
}
