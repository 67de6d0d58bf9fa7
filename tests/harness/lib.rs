//! What every test of the product needs: a hall with everything in it, on an engine of one's choice, and
//! the program as a process of its own.

pub mod chrome;
mod engine;
pub mod files;
mod hall;
pub mod judge;
pub mod picture;
pub mod process;
pub mod stream;
pub mod tablet;
pub mod visitor;
pub mod wait;

pub use engine::{Database, Engine, apart, connect, is_left_out, sqlite_url};
pub use hall::{Hall, PASSWORD, Pass, ROUND};
pub use judge::{JudgeTablet, MarkBook};
pub use tablet::{Book, Tablet};
pub use visitor::{Answer, Visitor};
pub use wait::until;
