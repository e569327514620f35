//! A LiveKit server for this machine alone: its configuration, and starting it.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::Result;
use serde_json::json;

use crate::processes::{Output, Process, wait_until};
use crate::{http, ports, secrets};

const START_LIMIT: Duration = Duration::from_secs(15);

/// A running LiveKit and what its clients need to know.
pub struct LiveKit {
    pub process: Process,
    pub url: String,
    pub api_key: String,
    pub api_secret: String,
}

/// Which ports to take when they are free.
pub enum Ports {
    /// The ones that everybody's examples use.
    Usual,
    Any,
}

/// Writes a configuration to `config`, starts `program` with it and waits until it serves. Webhooks go to `webhook`.
pub fn start(program: &Path, config: &Path, ports: Ports, webhook: Option<&str>) -> Result<LiveKit> {
    let usual = |port| matches!(ports, Ports::Usual).then_some(port);
    let settings = Settings {
        http: ports::tcp(usual(7880))?,
        rtc_tcp: ports::tcp(usual(7881))?,
        rtc_udp: ports::udp(usual(7882))?,
        api_key: format!("dev{}", &secrets::random()?[..12]),
        api_secret: secrets::random()?,
        webhook: webhook.map(str::to_owned),
    };
    // LiveKit reads YAML, of which JSON is a part.
    secrets::write_private(config, &format!("{:#}\n", settings.to_json()))?;
    let mut command = Command::new(program);
    command.arg("--config").arg(config);
    let mut process = Process::spawn("LiveKit", command, Output::Tail)?;
    let address = format!("127.0.0.1:{}", settings.http);
    wait_until(&mut process, START_LIMIT, || http::answers(&address, "/"))?;
    Ok(LiveKit { process, url: format!("ws://{address}"), api_key: settings.api_key, api_secret: settings.api_secret })
}

/// Where the configuration for the server at `listen` lies.
pub fn config_path(tools: &Path, listen: &str) -> PathBuf {
    match listen.rsplit_once(':') {
        None | Some((_, "3000")) => tools.join("livekit-dev.yaml"),
        Some((_, port)) => tools.join(format!("livekit-dev-{port}.yaml")),
    }
}

struct Settings {
    http: u16,
    rtc_tcp: u16,
    rtc_udp: u16,
    api_key: String,
    api_secret: String,
    webhook: Option<String>,
}

impl Settings {
    fn to_json(&self) -> serde_json::Value {
        let mut settings = json!({
            "port": self.http,
            "bind_addresses": ["127.0.0.1"],
            "rtc": {
                "node_ip": "127.0.0.1",
                "use_external_ip": false,
                "enable_loopback_candidate": true,
                "tcp_port": self.rtc_tcp,
                "udp_port": self.rtc_udp,
            },
            // Rooms are made by the server. One that a deleted session's token could make would belong to nobody.
            "room": { "auto_create": false },
            "keys": { &self.api_key: &self.api_secret },
        });
        if let Some(url) = &self.webhook {
            settings["webhook"] = json!({ "api_key": &self.api_key, "urls": [url] });
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_has_a_configuration_of_its_own() {
        let tools = Path::new("tools");
        assert_eq!(config_path(tools, "127.0.0.1:3000"), Path::new("tools/livekit-dev.yaml"));
        assert_eq!(config_path(tools, "127.0.0.1:4000"), Path::new("tools/livekit-dev-4000.yaml"));
    }

    #[test]
    fn webhooks_are_signed_with_the_key_that_the_server_knows() {
        let webhook = Some("http://127.0.0.1:3000/webhooks/livekit".to_owned());
        let (api_key, api_secret) = ("devkey".to_owned(), "s".repeat(40));
        let settings = Settings { http: 1, rtc_tcp: 2, rtc_udp: 3, api_key, api_secret, webhook }.to_json();
        assert_eq!(settings["webhook"]["api_key"], "devkey");
        assert_eq!(settings["keys"]["devkey"], "s".repeat(40));
    }
}
