//! The product spoken to over HTTP.

mod arrows;
mod site;
