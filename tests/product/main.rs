//! The product spoken to over HTTP and by its command line.

mod arrows;
mod command_line;
mod crash;
mod entry;
mod hostile;
mod leaks;
mod nodes;
mod overtaken;
mod rights;
mod round;
mod rules_form;
mod site;
mod tablets;
mod world;
