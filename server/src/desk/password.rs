//! Passwords: argon2id, off the threads that serve, and not too many at once.

use std::sync::LazyLock;

use app::backend::AppError;
use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use tokio::sync::Semaphore;

/// Each computation takes 19 MiB and some ten milliseconds: more at once would only be slower.
static PLACES: Semaphore = Semaphore::const_new(2);

/// What an unknown name is compared with, so that it takes as long as a known one.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this one").unwrap_or_default());

/// The hash of a new password of 10 to 200 characters.
///
/// # Errors
/// [`AppError::BadField`].
pub(super) async fn hash(password: &str) -> Result<String, AppError> {
    if !(10..=200).contains(&password.chars().count()) {
        return Err(AppError::BadField {
            field: "password".into(),
        });
    }
    let password = password.to_owned();
    apart(move || hash_now(&password))
        .await?
        .ok_or(AppError::Internal)
}

/// Whether `password` is the one of this hash; never for nobody's.
pub(super) async fn verify(password: &str, hash: Option<String>) -> Result<bool, AppError> {
    // What nobody can have set is not worth the work.
    let password: String = password.chars().take(201).collect();
    apart(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let right = PasswordHash::new(&hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        known && right
    })
    .await
}

fn hash_now(password: &str) -> Option<String> {
    // The defaults: argon2id, 19 MiB, 2 passes, a random salt.
    let hash: PasswordHash = Argon2::default().hash_password(password.as_bytes()).ok()?;
    Some(hash.to_string())
}

async fn apart<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, AppError> {
    let _place = PLACES.acquire().await.map_err(|_| AppError::Internal)?;
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|_| AppError::Internal)
}
