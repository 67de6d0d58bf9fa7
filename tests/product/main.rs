//! The product spoken to over HTTP and by its command line.

mod arrows;
mod crash;
mod entry;
mod hostile;
mod leaks;
mod nodes;
mod rights;
mod round;
mod site;
mod tablets;
mod world;
