//! A page that reports to a server, over connections that break, through reloads and in two tabs.

mod connections;
mod journal;
mod page;
mod pictures;
mod server;
mod telling;

use proctor::observation::{Head, Look};
use proctor::signal::{Signal, Stage};

use page::Page;
use server::Server;

const SESSION: &str = "6f9619ff-8b86-d011-b42d-00cf4fc964ff";
/// The server's clock when the page's stands at 0.
const EPOCH: i64 = 1_700_000_000_000;

const THERE: Look = Look::Clear { faces: 1, head: Some(Head { yaw: 0, pitch: 0 }) };
const NOBODY: Look = Look::Clear { faces: 0, head: None };

fn begun() -> (Server, Page, i64) {
    let mut server = Server::new();
    let mut page = Page::load(EPOCH, None);
    page.say(&mut server, EPOCH + 10, Signal::Stage(Stage::DeviceCheck));
    page.connect(&mut server, EPOCH + 400);
    page.say(&mut server, EPOCH + 900, Signal::Stage(Stage::Interview));
    let now = page.look(&mut server, EPOCH + 1_000, EPOCH + 10_000, THERE);
    (server, page, now)
}
