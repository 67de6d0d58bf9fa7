//! The product spoken to over HTTP and by its command line.

mod appeals;
mod arrows;
mod command_line;
mod crash;
mod details;
mod entry;
mod hall;
mod hall_files;
mod hall_leaks;
mod hands;
mod hostile;
mod leaks;
mod leaks_on_stage;
mod marking;
mod nodes;
mod overtaken;
mod phones;
mod platform;
mod rights;
mod rights_on_stage;
mod round;
mod rules_form;
mod site;
mod tablets;
mod world;
