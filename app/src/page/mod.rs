//! Pages, one module for each address; rendered on the server only.

pub mod board;
pub mod demo;
pub mod explain;
pub mod home;
