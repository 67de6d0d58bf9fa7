//! The icons: 24 by 24, drawn with one stroke of the text's colour. Never alone: a word stands beside.

use leptos::prelude::*;

/// A drawing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Icon {
    Alert,
    ArrowLeft,
    ArrowRight,
    Book,
    Check,
    Clock,
    Close,
    Device,
    Download,
    Edit,
    Eye,
    Flag,
    Home,
    Info,
    Language,
    List,
    Lock,
    Logout,
    Megaphone,
    Pause,
    Play,
    Plus,
    Printer,
    Rules,
    Screen,
    Search,
    Shield,
    Stop,
    Trash,
    Trophy,
    Undo,
    Upload,
    User,
    Users,
    WifiOff,
}

impl Icon {
    fn path(self) -> &'static str {
        match self {
            Icon::Alert => "M12 4 2.8 19.5h18.4zM12 10v4.5M12 17.2v.1",
            Icon::ArrowLeft => "M19 12H5M11 6l-6 6 6 6",
            Icon::ArrowRight => "M5 12h14M13 6l6 6-6 6",
            Icon::Book => "M5 4.5h13.5v12H7a2 2 0 0 0-2 2zM5 18.5a2 2 0 0 0 2 2h11.5v-4M9 8.5h6",
            Icon::Check => "m4.5 12.5 5 5 10-11",
            Icon::Clock => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 7.5V12l3 2",
            Icon::Close => "M6 6l12 12M18 6 6 18",
            Icon::Device => {
                "M7 2.5h10a1.5 1.5 0 0 1 1.5 1.5v16a1.5 1.5 0 0 1-1.5 1.5H7A1.5 1.5 0 0 1 5.5 20V4A1.5 1.5 0 0 1 7 2.5M11 18.5h2"
            }
            Icon::Download => "M12 4v11M7 10.5l5 5 5-5M4.5 19.5h15",
            Icon::Edit => "M4.5 19.5l1-4.5L16 4.5l3.5 3.5L9 18.5zM13.5 7l3.5 3.5",
            Icon::Eye => {
                "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12M12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6"
            }
            Icon::Flag => "M5.5 21V3.5M5.5 4.5h12l-2.5 4 2.5 4h-12",
            Icon::Home => "M3.5 11.5 12 4l8.5 7.5M6 10v10h12V10M10 20v-5.5h4V20",
            Icon::Info => "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M12 11v5M12 7.700v.1",
            Icon::Language => {
                "M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17M3.5 12h17M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17"
            }
            Icon::List => "M8.5 6.5h11M8.5 12h11M8.5 17.5h11M4.5 6.5h.1M4.5 12h.1M4.5 17.5h.1",
            Icon::Lock => "M6 10.5h12v9.5H6zM8.5 10.5V7.5a3.5 3.5 0 0 1 7 0v3",
            Icon::Logout => "M14 4.5H5.5v15H14M10 12h10M16.5 8l4 4-4 4",
            Icon::Megaphone => "M4 10v4.5h3.5L17 19V5.5L7.5 10zM8 14.5l1.5 5h2.5M20 10v4.5",
            Icon::Pause => "M8 5v14M16 5v14",
            Icon::Play => "M7 4.5 19 12 7 19.5z",
            Icon::Plus => "M12 5v14M5 12h14",
            Icon::Printer => "M7 8.5V3.5h10v5M7 17.5H4v-9h16v9h-3M7 14h10v6.5H7z",
            Icon::Rules => "M6 3.5h9l3.5 3.5v13.5H6zM14.5 3.5V7.5h4M9 12h6M9 16h6",
            Icon::Screen => "M3 4.5h18v12H3zM9 20.5h6M12 16.5v4",
            Icon::Search => "M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13M15.5 15.5l5 5",
            Icon::Shield => {
                "M12 3 4.5 6v5.5c0 4.5 3 7.800 7.5 9.5 4.5-1.700 7.5-5 7.5-9.5V6zM8.700 12l2.400 2.400 4.300-4.600"
            }
            Icon::Stop => "M6 6h12v12H6z",
            Icon::Trash => "M4 6.5h16M9 6.5v-3h6v3M6 6.5l1 14h10l1-14M10 10.5v6M14 10.5v6",
            Icon::Trophy => {
                "M7.5 4h9v5.5a4.5 4.5 0 0 1-9 0zM7.5 5.5H4c0 3 1 5 3.700 5.300M16.5 5.5H20c0 3-1 5-3.700 5.300M12 14v4M8 20.5h8"
            }
            Icon::Undo => "M8.5 4.5 4 9l4.5 4.5M4 9h10a5.5 5.5 0 0 1 0 11h-3",
            Icon::Upload => "M12 15.5V4.5M7 9l5-5 5 5M4.5 19.5h15",
            Icon::User => "M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8M4.5 20.5c.5-4.5 3.5-6 7.5-6s7 1.5 7.5 6",
            Icon::Users => {
                "M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7M2.5 19.5c.4-3.800 3-5 6.5-5s6.100 1.200 6.5 5M16 5.300a3.5 3.5 0 0 1 0 6.400M18 14.800c2 .6 3.200 2 3.5 4.700"
            }
            Icon::WifiOff => {
                "M3.5 3.5l17 17M2.5 9.5c1.300-1.200 2.700-2.100 4.200-2.800M10.5 5.300c4-.5 8 1 11 4.200M6 13.200c1.200-1.100 2.600-1.800 4-2.100M15 11.5c1.100.4 2.100 1 3 1.700M9.5 16.700a3.800 3.800 0 0 1 5 0M12 19.700v.1"
            }
        }
    }
}

/// Draws `icon`, hidden from screen readers.
pub fn icon(icon: Icon) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 24 24" width="24" height="24" aria-hidden="true" focusable="false">
            <path d=icon.path() />
        </svg>
    }
}
