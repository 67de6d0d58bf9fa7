//! Organizers' accounts, and entering by code.

use super::{Answer, Visit};
use async_trait::async_trait;
use contest::{Moment, UserId};

/// An organizer's account, as lists show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    pub id: UserId,
    pub name: String,
    pub created_at: Moment,
}

/// A session just begun.
#[derive(Clone, Debug)]
pub struct NewSession {
    /// For the session cookie; the house keeps only its hash.
    pub token: String,
    /// The page to go to.
    pub home: String,
}

/// Accounts, sign-in, entry.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Whether `token` is the one-time link of the first start, still unused.
    async fn is_first_link(&self, token: &str) -> bool;
    /// Makes the first organizer by that link, and signs in.
    async fn claim_first(&self, visit: &Visit, token: &str, name: &str, password: &str)
    -> Answer<NewSession>;
    /// Limited per name and device.
    async fn sign_in(&self, visit: &Visit, name: &str, password: &str) -> Answer<NewSession>;
    /// Ends the visit's session.
    async fn sign_out(&self, visit: &Visit) -> Answer<()>;
    /// By a personal code (any case, spaces and hyphens ignored). Limited per code and device.
    async fn enter(&self, visit: &Visit, code: &str) -> Answer<NewSession>;
    /// All organizers' accounts. Organizers only.
    async fn accounts(&self, visit: &Visit) -> Answer<Vec<Account>>;
    /// Organizers only. A password has 10 to 200 characters.
    async fn add_account(&self, visit: &Visit, name: &str, password: &str) -> Answer<UserId>;
    /// Ends all other sessions of the account.
    async fn change_password(&self, visit: &Visit, old: &str, new: &str) -> Answer<()>;
}
