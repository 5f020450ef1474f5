# The service in an image. It holds no keys, no data and no tools to build with.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.txt .
RUN python -m venv --without-pip /opt/venv \
    && python -m pip --python /opt/venv/bin/python install \
        --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.txt

FROM python:3.11-slim-bookworm
RUN useradd --system --uid 10001 --no-create-home --shell /usr/sbin/nologin quietline \
    && install -d -o quietline -g quietline -m 0700 /var/lib/quietline
COPY --from=packages /opt/venv /opt/venv
COPY . /srv/quietline
RUN /opt/venv/bin/python -m compileall -q /srv/quietline
# PYTHONPATH and -P: our rooms are found wherever the command is called, and nothing else is.
ENV PYTHONPATH=/srv/quietline PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
WORKDIR /var/lib/quietline
# Not a VOLUME: the database and the key ring are mounted apart, so that a backup of one lacks the other.
USER quietline
ENTRYPOINT ["/opt/venv/bin/python", "-P", "-m", "bot"]
CMD ["--help"]
