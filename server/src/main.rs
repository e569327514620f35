//! Runs one worker.

fn main() -> anyhow::Result<()> {
    let config = server::config::Config::from_env()?;
    server::telemetry::init();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(server::run(config))
}
