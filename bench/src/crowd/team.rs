//! The hiring team: an admin who is logged in and tells candidates something now and then.

use std::{net::SocketAddr, time::Duration};

use anyhow::{Context, Result};
use tokio::time::{Instant, sleep_until};

use crate::{
    client::{By, Connection},
    drivers,
    process::{EMAIL, PASSWORD},
};

const TEXT: &str = "We+can+see+and+hear+you.+Take+your+time.";

/// Logs the admin in and gives the cookie, as `name=value`.
pub async fn log_in(address: SocketAddr) -> Result<String> {
    let mut http = Connection::open(address).await?;
    let form = format!("email={}&password={PASSWORD}", EMAIL.replace('@', "%40"));
    http.call(&drivers::function("login", By::Nobody, &form)).await.context("logging in")?;
    let cookie = http.header("set-cookie").and_then(|cookie| cookie.split(';').next());
    Ok(cookie.context("the login gave no cookie")?.to_owned())
}

/// Tells the sessions with these ids what is due for them, at the time from `begun` on.
pub async fn tell(
    address: SocketAddr,
    cookie: &str,
    begun: Instant,
    notices: &[(Duration, usize)],
    ids: &[String],
) -> Result<()> {
    let mut http = Connection::open(address).await?;
    for (at, whom) in notices {
        sleep_until(begun + *at).await;
        let form = format!("id={}&text={TEXT}", ids[*whom]);
        http.call(&drivers::function("send_notice", By::Cookie(cookie), &form)).await.context("sending a notice")?;
    }
    Ok(())
}
