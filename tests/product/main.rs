//! The product spoken to over HTTP and by its command line.

mod arrows;
mod command_line;
mod crash;
mod entry;
mod hall;
mod hall_files;
mod hall_leaks;
mod hostile;
mod leaks;
mod nodes;
mod rights;
mod round;
mod site;
mod tablets;
mod world;
