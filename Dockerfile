# The service in an image. It holds no keys, no data and no tools to build with.
#
# The base is named by its digest, so that a build next year begins with the same bytes;
# docs/deploy.md says how to take a newer one.

FROM python:3.11.15-slim-bookworm@sha256:d29f48a31a8b408ed19272ca1e7b10ebae13b240a27e862d3d4217c528e2e0c3 AS base

FROM base AS packages
COPY requirements.txt .
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install \
        --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

# Tor, for `docker compose --profile onion`. Its own image: the service has no use for it.
FROM base AS onion
RUN apt-get update \
    && apt-get install -y --no-install-recommends tor \
    && rm -rf /var/lib/apt/lists/* \
    && install -d -o debian-tor -g debian-tor -m 0700 /var/lib/tor/quietline
COPY deploy/tor/torrc /etc/tor/torrc
USER debian-tor
ENTRYPOINT ["/usr/bin/tor", "-f", "/etc/tor/torrc"]

FROM base AS service
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin quietline \
    && install -d -o quietline -g quietline -m 0700 /var/lib/quietline /var/lib/quietline/data \
        /var/lib/quietline/signing /var/backups/quietline \
    && install -d -o quietline -g quietline -m 0755 /var/lib/quietline-emergency
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/quietline
# By content, not by time: the same sources give the same files.
RUN /opt/venv/bin/python -m compileall -q --invalidation-mode unchecked-hash /srv/quietline
# PYTHONPATH and -P: our rooms are found wherever the command is called, and nothing else is.
ENV PYTHONPATH=/srv/quietline PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
# What is freed is written over at once: nobody's words stay in memory until something else needs it.
ENV PYTHONMALLOC=malloc MALLOC_PERTURB_=165 GLIBC_TUNABLES=glibc.malloc.tcache_count=0
WORKDIR /var/lib/quietline
# Not a VOLUME: data, keys and signing keys are mounted apart, so that a backup of one lacks the others.
USER quietline
ENTRYPOINT ["/opt/venv/bin/python", "-P", "-m", "bot"]
CMD ["--help"]
