//! `run`: the whole system on this machine, until Ctrl-C.

use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::args::Profile;
use crate::env_file::Settings;
use crate::livekit::{self, LiveKit};
use crate::processes::{self, Output, Process};
use crate::workspace::Workspace;
use crate::{build, http, ports, secrets, step, tools};

const DEFAULT_ADDRESS: &str = "127.0.0.1:3000";
const START_LIMIT: Duration = Duration::from_secs(60);
const POLL: Duration = Duration::from_millis(100);

pub fn run(workspace: &Workspace, profile: Profile) -> Result<()> {
    let start = Instant::now();
    let settings = Settings::load(&workspace.root)?;
    let listen = settings.get("LISTEN_ADDR").unwrap_or_else(|| DEFAULT_ADDRESS.to_owned());
    ports::ensure_free(&listen)?;
    let address = http::reachable(&listen);

    let server = build::build(workspace, profile)?;
    let mut livekit = start_livekit(workspace, &settings, &listen, &address)?;
    let data = workspace.root.join(settings.get("DATA_DIR").unwrap_or_else(|| "data".to_owned()));
    let api_key = match settings.get("API_KEY") {
        Some(key) => key,
        None => secrets::kept(&data.join("dev-api-key"), "pi_")?,
    };

    let mut command = Command::new(server);
    command.current_dir(&workspace.root);
    command.env("LISTEN_ADDR", &listen).env("DATA_DIR", data).env("API_KEY", &api_key);
    command.env("LEPTOS_SITE_ROOT", workspace.site()).env("PRINT_LOGIN_LINK", "1");
    if let Some(livekit) = &livekit {
        command.env("LIVEKIT_URL", &livekit.url);
        command.env("LIVEKIT_API_KEY", &livekit.api_key).env("LIVEKIT_API_SECRET", &livekit.api_secret);
    }
    let mut server = Process::spawn("the server", command, Output::Inherit)?;
    processes::wait_until(&mut server, START_LIMIT, || http::answers(&address, "/health/live"))?;
    println!("{}", greeting(&address, &api_key));
    println!("· Serving after {}. Ctrl-C stops everything.", step::elapsed(start));
    let outcome = watch(&mut server, &mut livekit);
    // The server goes first, so that it can take leave of LiveKit.
    server.stop();
    outcome
}

/// A LiveKit of our own, unless one is configured or none can be had.
fn start_livekit(workspace: &Workspace, settings: &Settings, listen: &str, address: &str) -> Result<Option<LiveKit>> {
    if let Some(url) = settings.get("LIVEKIT_URL") {
        println!("· LiveKit … the one at {url}");
        return Ok(None);
    }
    let Some(program) = tools::livekit(workspace)? else { return Ok(None) };
    let config = livekit::config_path(&workspace.tools, listen);
    let webhook = format!("http://{address}/webhooks/livekit");
    let started = step::quiet(
        "LiveKit",
        |livekit: &LiveKit| livekit.url.clone(),
        || livekit::start(&program, &config, livekit::Ports::Usual, Some(&webhook)),
    );
    match started {
        Ok(livekit) => Ok(Some(livekit)),
        Err(error) if processes::interrupted() => Err(error),
        Err(error) => {
            eprintln!("{error:#}\nGoing on without live video.");
            Ok(None)
        }
    }
}

/// Returns on a signal to us; the end of the server is an error, that of LiveKit only news.
fn watch(server: &mut Process, livekit: &mut Option<LiveKit>) -> Result<()> {
    while !processes::interrupted() {
        if let Some(status) = server.exited()? {
            bail!("{} ended ({status}); its last lines are above", server.name());
        }
        if let Some(ended) = livekit
            && let Some(status) = ended.process.exited()?
        {
            eprintln!("LiveKit ended ({status}); interviews go on without live video. Its last lines:");
            eprint!("{}", ended.process.last_lines());
            *livekit = None;
        }
        thread::sleep(POLL);
    }
    println!("\n· Stopping");
    Ok(())
}

fn greeting(address: &str, api_key: &str) -> String {
    format!(
        "
API key: {api_key}
Create an interview:
  curl -s http://{address}/api/parallel_interview/create \\
    -H 'Authorization: Bearer {api_key}' -H 'Content-Type: application/json' \\
    -d '{{\"name\": \"Ada Lovelace\", \"email\": \"ada@example.com\", \"questions\": [\"What is a loop invariant?\"]}}'
"
    )
}
