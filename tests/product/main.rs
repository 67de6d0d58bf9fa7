//! The product spoken to over HTTP and by its command line.

mod arrows;
mod command_line;
mod crash;
mod entry;
mod hostile;
mod leaks;
mod nodes;
mod phones;
mod rights;
mod round;
mod site;
mod tablets;
mod world;
