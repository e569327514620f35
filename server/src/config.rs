//! Settings, from the environment and a `.env` file.

use std::{env, net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, Result, bail};
use app::{ports::MasterKey, service::accounts::Bootstrap};

use crate::master_key;

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
    /// `None`: answers are evaluated by rules on this server.
    pub llm: Option<LlmConfig>,
    /// What recordings' keys are encrypted with. `None`: a key that is made and kept in `data_dir`.
    pub evidence_key: Option<MasterKey>,
    /// Whether to give up the recordings made so far if that key does not fit them.
    pub evidence_key_lost: bool,
    /// Whether webhooks may be sent to addresses of the operator's own network, and by a proxy.
    pub webhook_allow_internal: bool,
    pub bootstrap: Bootstrap,
    /// Prints a one-time login link at every start, not only at the first.
    pub print_login_link: bool,
    /// Where the built browser side is.
    pub site_root: PathBuf,
    /// Between two spot checks of a candidate, on average.
    pub spot_check: Duration,
    /// Where the models that see faces are.
    pub models_dir: PathBuf,
}

/// Between two spot checks of a candidate, on average, unless it is set.
pub const SPOT_CHECK: Duration = Duration::from_secs(60);

/// Where MongoDB is.
#[derive(Clone)]
pub struct MongoConfig {
    /// It may hold a password.
    pub uri: String,
    pub database: String,
}

impl std::fmt::Debug for MongoConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("MongoConfig").field("database", &self.database).finish_non_exhaustive()
    }
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

/// A language model behind an OpenAI-compatible endpoint.
#[derive(Clone)]
pub struct LlmConfig {
    /// `http://` or `https://`, up to what `/chat/completions` is added to. Without a slash at the end.
    pub base_url: String,
    /// `None`: the endpoint asks for none.
    pub api_key: Option<String>,
    pub model: String,
}

impl std::fmt::Debug for LlmConfig {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("LlmConfig").field("model", &self.model).finish_non_exhaustive()
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
        let site_root = var("LEPTOS_SITE_ROOT").map_or_else(default_site_root, PathBuf::from);
        let mongodb = var("MONGODB_URI")
            .map(|uri| MongoConfig { uri, database: var("MONGODB_DB").unwrap_or_else(|| "interview_db".into()) });
        Ok(Self {
            listen_addr,
            public_url,
            data_dir: var("DATA_DIR").unwrap_or_else(|| "./data".into()).into(),
            mongodb,
            livekit: livekit(&var)?,
            llm: llm(&var)?,
            evidence_key: var("EVIDENCE_KEY")
                .map(|text| master_key::parse(&text).context("EVIDENCE_KEY cannot be used"))
                .transpose()?,
            evidence_key_lost: var("EVIDENCE_KEY_LOST").is_some_and(|value| value == "1"),
            webhook_allow_internal: var("WEBHOOK_ALLOW_INTERNAL").is_some_and(|value| value == "1"),
            bootstrap: Bootstrap {
                admin_email: var("ADMIN_EMAIL"),
                admin_password: var("ADMIN_PASSWORD"),
                api_key: var("API_KEY"),
            },
            print_login_link: var("PRINT_LOGIN_LINK").is_some_and(|value| value == "1"),
            spot_check: spot_check(&var)?,
            models_dir: var("MODELS_DIR").map_or_else(|| site_root.join("../models"), PathBuf::from),
            site_root,
        })
    }
}

fn spot_check(var: &impl Fn(&str) -> Option<String>) -> Result<Duration> {
    let Some(text) = var("SPOT_CHECK_SECONDS") else { return Ok(SPOT_CHECK) };
    match text.trim().parse() {
        Ok(seconds @ 1..=3_600) => Ok(Duration::from_secs(seconds)),
        _ => bail!("SPOT_CHECK_SECONDS is {text:?}; it must be a whole number from 1 to 3600"),
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

fn llm(var: &impl Fn(&str) -> Option<String>) -> Result<Option<LlmConfig>> {
    let Some(base_url) = var("LLM_BASE_URL") else {
        // A key alone may be there for other programs; a model is meant for us.
        if var("LLM_MODEL").is_some() {
            bail!("LLM_MODEL is set, so LLM_BASE_URL is needed too, such as http://127.0.0.1:11434/v1");
        }
        return Ok(None);
    };
    let Some(model) = var("LLM_MODEL") else {
        bail!("LLM_BASE_URL is set, so LLM_MODEL is needed too: the model's name as the endpoint knows it");
    };
    // It may hold a secret, so it is not shown.
    let base_url = base_url.trim().trim_end_matches('/').to_owned();
    let url = reqwest::Url::parse(&base_url).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    if url.is_none_or(|url| url.query().is_some() || url.fragment().is_some()) {
        bail!("LLM_BASE_URL cannot be used; it must look like https://api.example.com/v1");
    }
    let api_key = var("LLM_API_KEY").map(|key| key.trim().to_owned());
    if api_key.as_ref().is_some_and(|key| !key.chars().all(|c| c.is_ascii_graphic())) {
        bail!("LLM_API_KEY cannot be used; it must be one word of letters, digits and signs");
    }
    Ok(Some(LlmConfig { base_url, api_key, model: model.trim().to_owned() }))
}

/// `site` beside the folder of the executable: `target/site` for `target/release/server`.
fn default_site_root() -> PathBuf {
    let beside = env::current_exe().ok().and_then(|exe| Some(exe.parent()?.parent()?.join("site")));
    beside.unwrap_or_else(|| "target/site".into())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn config(vars: &[(&str, &str)]) -> Result<Config> {
        Config::from_vars(|name| vars.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn defaults_need_nothing() {
        let config = config(&[]).unwrap();
        assert_eq!(config.listen_addr.to_string(), "127.0.0.1:3000");
        assert!(!config.webhook_allow_internal);
        assert!(config.mongodb.is_none() && config.livekit.is_none() && config.public_url.is_none());
    }

    #[test]
    fn readme_names_every_variable_and_no_other() {
        let (_, table) = include_str!("../../README.md").split_once("| variable | default | meaning |\n").unwrap();
        let cells = table.lines().take_while(|line| line.starts_with('|')).filter_map(|row| row.split('|').nth(1));
        let documented: BTreeSet<&str> = cells.flat_map(|names| names.split('`').skip(1).step_by(2)).collect();
        let asked = std::cell::RefCell::new(vec!["LOG_FORMAT".to_owned(), "RUST_LOG".to_owned()]);
        let answer = |name: &str| {
            asked.borrow_mut().push(name.to_owned());
            match name {
                "LIVEKIT_URL" => Some("ws://127.0.0.1:7880".to_owned()),
                "LLM_BASE_URL" => Some("http://127.0.0.1:9/v1".to_owned()),
                "MONGODB_URI" => Some("mongodb://127.0.0.1".to_owned()),
                "LIVEKIT_API_KEY" | "LIVEKIT_API_SECRET" | "LLM_MODEL" => Some(name.to_owned()),
                _ => None,
            }
        };
        Config::from_vars(answer).unwrap();
        let asked = asked.into_inner();
        assert_eq!(documented, asked.iter().map(String::as_str).collect());
    }

    #[test]
    fn secrets_are_not_shown() {
        let vars = [
            ("MONGODB_URI", "mongodb://user:hush-hush@localhost/"),
            ("ADMIN_PASSWORD", "hush-hush"),
            ("API_KEY", "pi_hush-hush"),
        ];
        let shown = format!("{:?}", config(&vars).unwrap());
        assert!(!shown.contains("hush-hush") && shown.contains("interview_db"), "{shown}");
    }

    #[test]
    fn a_bad_value_is_named() {
        for (name, value) in [("LISTEN_ADDR", "3000"), ("PUBLIC_URL", "example.com")] {
            let error = config(&[(name, value)]).unwrap_err();
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn a_language_model_needs_an_address_and_a_name() {
        for (vars, wanted) in [
            (&[("LLM_BASE_URL", "http://127.0.0.1:9/v1")][..], "LLM_MODEL"),
            (&[("LLM_MODEL", "small")], "LLM_BASE_URL"),
            (&[("LLM_BASE_URL", "127.0.0.1:9"), ("LLM_MODEL", "small")], "LLM_BASE_URL"),
            (&[("LLM_BASE_URL", "ftp://example.com"), ("LLM_MODEL", "small")], "LLM_BASE_URL"),
            (&[("LLM_BASE_URL", "http://a/v1"), ("LLM_MODEL", "m"), ("LLM_API_KEY", "hush\nhush")], "LLM_API_KEY"),
        ] {
            let error = config(vars).unwrap_err().to_string();
            assert!(error.contains(wanted) && !error.contains("hush"), "{error}");
        }
        assert!(config(&[("LLM_API_KEY", "key")]).unwrap().llm.is_none());
        let all = [("LLM_BASE_URL", "http://a/v1/"), ("LLM_MODEL", "small"), ("LLM_API_KEY", "hush-hush")];
        let config = config(&all).unwrap();
        assert!(!format!("{config:?}").contains("hush-hush"));
        assert_eq!(config.llm.unwrap().base_url, "http://a/v1");
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
