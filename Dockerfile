# syntax=docker/dockerfile:1
# Build:  docker build -t syllabot .
# Run:    docker run -e DISCORD_TOKEN --read-only --tmpfs /tmp -v syllabot:/data syllabot

FROM python:3.11-slim-bookworm AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# LOCK=semantic finds FAQ answers by their meaning too, for 220 MB more.
ARG LOCK=bot
COPY requirements/${LOCK}.txt /build/bot.txt
RUN python -m venv --without-pip /venv \
    && python -m pip --python /venv/bin/python install --require-hashes --only-binary :all: -r /build/bot.txt
COPY bot /app/bot
COPY cogs /app/cogs
COPY content /app/content
# The root is read-only at run time: compile now, and leave out what only the simulated server needs.
# The bot itself runs without docstrings and assertions (-OO), which spares it five megabytes; its helpers as they come.
RUN rm -rf /app/bot/demo && /venv/bin/python -m compileall -q -j 0 -o 0 -o 2 /venv /app

FROM python:3.11-slim-bookworm
# Names in pictures: Chinese, Japanese, Korean, Arabic, Devanagari and many more, and emoji. Latin letters are shipped.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends fonts-noto-cjk fonts-noto-color-emoji fonts-noto-core \
    && rm -rf /var/lib/apt/lists/*
# pip and its friends are build tools; the application has its own environment without them.
RUN python -m pip uninstall --yes --quiet pip setuptools wheel \
    && python -m compileall -q -j 0 -o 0 -o 2 -x '/(ensurepip|idlelib|lib2to3|test|tkinter|turtledemo)/' /usr/local/lib/python3.11 \
    && useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin syllabot \
    && install -d -o syllabot -g syllabot -m 0700 /data
COPY --from=build /venv /venv
COPY --from=build /app /app
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 BOT_DATA_DIR=/data
WORKDIR /app
USER syllabot
VOLUME ["/data"]
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=2 CMD ["python", "-m", "bot.health", "/data/heartbeat"]
CMD ["python", "-OO", "-m", "bot", "run"]
