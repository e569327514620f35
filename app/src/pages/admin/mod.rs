//! The pages of hiring people.

mod actions;
mod dashboard;
mod filter;
mod guard;
mod help;
mod live;
mod login;
mod new;
mod row;
mod session;
mod timeline;
mod transcript;

pub use dashboard::DashboardPage;
pub use login::LoginPage;
pub use new::NewPage;
pub use session::SessionPage;
