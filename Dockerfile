# The server with its site. Build it in the repository: `docker build -t parallel-interview .`

FROM node:22-bookworm-slim AS node

FROM rust:1.95-bookworm AS build
COPY --from=node /usr/local/bin/node /usr/local/bin/node
COPY --from=node /usr/local/lib/node_modules /usr/local/lib/node_modules
RUN ln -s ../lib/node_modules/npm/bin/npm-cli.js /usr/local/bin/npm \
 && rustup target add wasm32-unknown-unknown
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/usr/local/cargo/registry \
    --mount=type=cache,target=/src/target \
    cargo xtask build --release \
 && mkdir -p /app/bin \
 && cp target/release/server /app/bin/ \
 && cp -r target/site target/models /app/

FROM debian:bookworm-slim
RUN useradd --system --uid 10001 app && install -d -o app -m 0700 /data
COPY --from=build /app /app
USER app
ENV LISTEN_ADDR=0.0.0.0:3000 DATA_DIR=/data
VOLUME /data
EXPOSE 3000
CMD ["/app/bin/server"]
