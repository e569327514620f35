//! Settings, from the environment and a `.env` file.

use std::{env, net::SocketAddr, path::PathBuf};

use anyhow::{Context, Result, bail};
use app::service::accounts::Bootstrap;

/// How this worker runs. README.md has the table.
#[derive(Clone, Debug)]
pub struct Config {
    pub listen_addr: SocketAddr,
    /// Without a slash at the end. `None`: `http://` and the address that was bound.
    pub public_url: Option<String>,
    pub data_dir: PathBuf,
    /// `None`: the embedded store.
    pub mongodb: Option<MongoConfig>,
    /// `None`: no live video.
    pub livekit: Option<LiveKitConfig>,
    pub bootstrap: Bootstrap,
    /// Prints a one-time login link at every start, not only at the first.
    pub print_login_link: bool,
    /// Where the built browser side is.
    pub site_root: PathBuf,
}

/// Where MongoDB is.
#[derive(Clone, Debug)]
pub struct MongoConfig {
    pub uri: String,
    pub database: String,
}

/// Where LiveKit is, and how to be trusted by it.
#[derive(Clone)]
pub struct LiveKitConfig {
    /// `ws://` or `wss://`.
    pub url: String,
    pub api_key: String,
    pub api_secret: String,
}

impl std::fmt::Debug for LiveKitConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LiveKitConfig").field("url", &self.url).finish_non_exhaustive()
    }
}

impl Config {
    /// Reads the environment, after adding what a `.env` file in the working directory sets.
    ///
    /// # Errors
    /// Which variable cannot be used, and what it should look like.
    pub fn from_env() -> Result<Self> {
        if let Err(error) = dotenvy::dotenv()
            && !error.not_found()
        {
            bail!("the file .env cannot be used: {error}");
        }
        Self::from_vars(|name| env::var(name).ok().filter(|value| !value.trim().is_empty()))
    }

    fn from_vars(var: impl Fn(&str) -> Option<String>) -> Result<Self> {
        let listen = var("LISTEN_ADDR").unwrap_or_else(|| "127.0.0.1:3000".into());
        let listen_addr =
            listen.parse().with_context(|| format!("LISTEN_ADDR is {listen:?}; it must look like 127.0.0.1:3000"))?;
        let public_url = var("PUBLIC_URL").map(|url| url.trim_end_matches('/').to_owned());
        if let Some(url) =
            public_url.as_deref().filter(|url| !url.starts_with("http://") && !url.starts_with("https://"))
        {
            bail!("PUBLIC_URL is {url:?}; it must begin with http:// or https://");
        }
        let mongodb = var("MONGODB_URI")
            .map(|uri| MongoConfig { uri, database: var("MONGODB_DB").unwrap_or_else(|| "interview_db".into()) });
        Ok(Self {
            listen_addr,
            public_url,
            data_dir: var("DATA_DIR").unwrap_or_else(|| "./data".into()).into(),
            mongodb,
            livekit: livekit(&var)?,
            bootstrap: Bootstrap {
                admin_email: var("ADMIN_EMAIL"),
                admin_password: var("ADMIN_PASSWORD"),
                api_key: var("API_KEY"),
            },
            print_login_link: var("PRINT_LOGIN_LINK").is_some_and(|value| value == "1"),
            site_root: var("LEPTOS_SITE_ROOT").map_or_else(default_site_root, PathBuf::from),
        })
    }
}

fn livekit(var: &impl Fn(&str) -> Option<String>) -> Result<Option<LiveKitConfig>> {
    let Some(url) = var("LIVEKIT_URL") else { return Ok(None) };
    let (Some(api_key), Some(api_secret)) = (var("LIVEKIT_API_KEY"), var("LIVEKIT_API_SECRET")) else {
        bail!("LIVEKIT_URL is set, so LIVEKIT_API_KEY and LIVEKIT_API_SECRET are needed too");
    };
    if !url.starts_with("ws://") && !url.starts_with("wss://") {
        bail!("LIVEKIT_URL is {url:?}; it must begin with ws:// or wss://");
    }
    Ok(Some(LiveKitConfig { url, api_key, api_secret }))
}

/// `site` beside the folder of the executable: `target/site` for `target/release/server`.
fn default_site_root() -> PathBuf {
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.join("site")));
    beside.unwrap_or_else(|| "target/site".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn config(vars: &[(&str, &str)]) -> Result<Config> {
        Config::from_vars(|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_need_nothing() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen_addr.to_string(), "127.0.0.1:3000");
        assert!(config.mongodb.is_none() && config.livekit.is_none() && config.public_url.is_none());
    }

    #[test]
    fn a_bad_value_is_named() {
        for (name, value) in [("LISTEN_ADDR", "3000"), ("PUBLIC_URL", "example.com")] {
            let error = config(&[(name, value)]).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn livekit_needs_its_key_and_secret() {
        let error = config(&[("LIVEKIT_URL", "ws://127.0.0.1:7880")]).unwrap_err();
        assert!(error.to_string().contains("LIVEKIT_API_KEY"));
        let all =
            [("LIVEKIT_URL", "ws://127.0.0.1:7880"), ("LIVEKIT_API_KEY", "key"), ("LIVEKIT_API_SECRET", "hush-hush")];
        let shown = format!("{:?}", config(&all).unwrap());
        assert!(!shown.contains("hush-hush"));
    }
}
